"""What belongs to nobody known keeps its place in a ranking, and is not taken for an answer to "which"."""

from __future__ import annotations

from datetime import datetime

import pytest

from insights.analysis import concentration
from insights.analysis.data import Data
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.requests import Filter, MetricQuestion

TABLES = {
    "customers": [{"customer_id": 1, "tier": "gold"}, {"customer_id": 2, "tier": "silver"}],
    "orders": [
        {"customer_id": None, "status": "paid", "amount": 90},
        {"customer_id": 1, "status": None, "amount": 50},
        {"customer_id": 2, "status": "lost", "amount": 20},
    ],
}
SAID = "is ranked too; say 'exclude unknown' to leave it out."


def told(answer):
    """The notes that say so."""
    return [note for note in answer.notes if note.endswith(SAID)]


@pytest.mark.parametrize("limit", [2, None])
def test_an_unknown_group_that_leads_is_told(answered, limit):
    """The orders of nobody come first, and that is said; with them the ranking adds up to the total."""
    answer = answered(TABLES, analysis="ranking", metrics=("revenue",), group_by=("tier",), limit=limit, order="desc")
    assert [row["revenue"] for row in answer.rows] == [90, 50, 20][:limit]
    assert answer.rows[0]["tier"] is None
    assert len(told(answer)) == 1


def test_an_unknown_group_below_the_limit_is_not_told(answered):
    """Nobody is told of what is not listed, nor of an unknown end of a whole list."""
    assert not told(answered(TABLES, analysis="ranking", metrics=("revenue",), group_by=("tier",), limit=2, order="asc"))
    assert not told(answered(TABLES, analysis="ranking", metrics=("revenue",), group_by=("tier",), order="asc"))
    assert not told(answered(TABLES, analysis="breakdown", metrics=("revenue",), group_by=("tier",)))


def test_without_what_is_unknown_only_names_are_ranked(answered):
    """What "exclude unknown" leaves: the groups that have a name."""
    known = Filter(dimension="tier", op="not_null")
    answer = answered(TABLES, analysis="ranking", metrics=("revenue",), group_by=("tier",), filters=(known,), limit=1, order="desc")
    assert [(row["tier"], row["revenue"]) for row in answer.rows] == [("gold", 50)]
    assert not told(answer)


def test_one_winner_has_a_name(answered):
    """Asked which leads, the first that is known is told, out of those that are known; how much is nobody's is not hidden."""
    answer = answered(TABLES, analysis="ranking", metrics=("revenue",), group_by=("tier",), limit=1, order="desc")
    assert [(row["tier"], row["revenue"]) for row in answer.rows] == [("gold", 50)]
    assert answer.total_rows == 2
    assert answer.notes == ("More than that has no known tier, and is not taken for one; ask for the top 5 to see it too.",)


def test_the_largest_share_is_of_somebody_and_of_everything(answered):
    """50 of 160, by hand: the unknown 90 is no tier, and is part of the whole."""
    answer = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",), limit=1, order="desc")
    ((row),) = answer.rows
    assert (row["tier"], row["revenue"], row["revenue.whole"]) == ("gold", 50 / 160, 160)
    assert [note for note in answer.notes if note.startswith("More than that has no known tier")]
    two = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",), limit=2, order="desc")
    assert [row["tier"] for row in two.rows] == [None, "gold"]
    assert len(told(two)) == 1


def test_ties_with_one_winner_and_with_nobody(answered):
    """Others tie with the winner, or nobody does: each is said as it is."""
    tables = {**TABLES, "customers": [*TABLES["customers"], {"customer_id": 3, "tier": "iron"}]}
    orders = [{"customer_id": key, "status": "paid", "amount": 50} for key in (None, 1, 3)]
    answer = answered({**tables, "orders": orders}, analysis="ranking", metrics=("revenue",), group_by=("tier",), limit=1, order="desc")
    assert answer.rows[0]["tier"] is not None
    assert "Others tie with the last one listed." in answer.notes


def test_what_is_only_unknown_stays(answered):
    """There is nobody to name instead."""
    answer = answered({**TABLES, "orders": TABLES["orders"][:1]}, analysis="ranking", metrics=("revenue",), group_by=("tier",), limit=1, order="desc")
    assert [(row["tier"], row["revenue"]) for row in answer.rows] == [(None, 90)]
    assert len(told(answer)) == 1


def test_what_is_nobodys_holds_nothing(star, granted, fill):
    """Of 160, 90 are of no tier: gold holds 50 of the 70 that are known (5 sevenths), and how much is nobody's is told."""
    catalog, engine = star(), fill(TABLES)
    contents, grant = collect(catalog, engine), granted(catalog)
    data = Data(questions=Questions(catalog, engine, contents), decide=lambda question: grant, catalog=catalog, contents=contents, now=datetime(2026, 5, 31, 9))
    answer = concentration.answer(MetricQuestion(analysis="concentration", metrics=("revenue",), group_by=("tier",), limit=1), data)
    found = answer.finding
    assert found.top == (("gold", pytest.approx(5 / 7)), ("silver", pytest.approx(2 / 7)))
    assert (found.values, found.nobody) == (2, pytest.approx(90 / 160))
    assert [(tier.values, tier.share) for tier in found.tiers] == [(1, pytest.approx(5 / 7))]
    assert (answer.total_rows, [row["tier"] for row in answer.rows]) == (2, ["gold", "silver"])
