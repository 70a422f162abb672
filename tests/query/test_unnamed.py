"""What belongs to nobody known keeps its place in a ranking, and is not taken for an answer to "which"."""

from __future__ import annotations

import pytest

from insights.requests import Filter

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


@pytest.mark.parametrize("limit", [1, 2, None])
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
