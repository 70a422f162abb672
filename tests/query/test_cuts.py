"""Many breakdowns in one pass are those that one question each would give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from insights.errors import NotAnswerable
from insights.requests import ComparePeriod, MetricQuestion, Period

MAY = MetricQuestion(analysis="breakdown", metrics=("revenue",), period=Period(first=date(2026, 5, 1), last=date(2026, 5, 31)))
SETS = [("region",), ("device",), ("region", "device"), ("weekday(orders.ordered_on)",), ()]


def test_each_cut_is_its_own_question(halcyon) -> None:
    """Unknown keys included."""
    parts, grant = halcyon._parts, halcyon.permit.unrestricted()
    cuts = parts.questions.cuts(MAY, grant, SETS)
    for keys in SETS:
        alone = parts.questions.answer(replace(MAY, group_by=keys, analysis="breakdown" if keys else "value"), grant)
        expected = {tuple(row[name] for name in keys): row["revenue"] for row in alone.rows}
        found = {row[:-1]: row[-1] for row in cuts.rows[keys]}
        assert found.keys() == expected.keys()
        assert found == pytest.approx(expected)


def test_groups_of_few_people_are_withheld_from_cuts_too(halcyon) -> None:
    """As the question by itself would."""
    parts, grant = halcyon._parts, replace(halcyon.permit.unrestricted(), minimum_group=40)
    question = replace(MAY, metrics=("count(orders)",), period=Period(first=date(2026, 5, 3), last=date(2026, 5, 3)))
    cuts = parts.questions.cuts(question, grant, [("region",), ("device",)])
    alone = parts.questions.answer(replace(question, group_by=("region",)), grant)
    assert cuts.hidden > 0
    assert len(cuts.rows["region",]) == len(alone.rows) < 13


def test_a_comparison_is_not_cut(halcyon) -> None:
    """One period at a time."""
    with pytest.raises(NotAnswerable):
        halcyon._parts.questions.cuts(replace(MAY, compare=ComparePeriod(period=Period())), halcyon.permit.unrestricted(), SETS)
