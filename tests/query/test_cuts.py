"""Many breakdowns in one pass are those that one question each would give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from insights.errors import NotAnswerable
from insights.requests import ComparePeriod, MetricQuestion, Period

MAY = MetricQuestion(analysis="breakdown", metrics=("revenue",), period=Period(first=date(2026, 5, 1), last=date(2026, 5, 31)))
SETS = {
    ("region",): "region",
    ("device",): "device",
    ("region", "device"): "region, device",
    ("weekday(orders.ordered_on)",): "lower(dayname(ordered_on))",
    (): "",
}
"""Keys, and what they are in SQL."""
JOINED = "FROM orders LEFT JOIN customers USING (customer_id) LEFT JOIN regions USING (region_id) LEFT JOIN devices USING (device_id)"


def test_each_cut_is_its_own_question(halcyon, by_hand) -> None:
    """As SQL by hand has it, and as the question by itself; unknown keys included."""
    parts, grant = halcyon._parts, halcyon.permit.unrestricted()
    cuts = parts.questions.cuts(MAY, grant, list(SETS))
    for keys, columns in SETS.items():
        sold = f"{JOINED} WHERE status <> 'test' AND ordered_on BETWEEN DATE '2026-05-01' AND DATE '2026-05-31'"
        rows = by_hand(f"SELECT {columns}, sum(amount_usd)::DOUBLE {sold} GROUP BY {columns}" if columns else f"SELECT sum(amount_usd)::DOUBLE {sold}")
        counted = {row[:-1]: row[-1] for row in rows}
        alone = parts.questions.answer(replace(MAY, group_by=keys, analysis="breakdown" if keys else "value"), grant)
        assert {row[:-1]: row[-1] for row in cuts.rows[keys]} == pytest.approx(counted)
        assert {tuple(row[name] for name in keys): row["revenue"] for row in alone.rows} == pytest.approx(counted)


def test_groups_of_few_people_are_withheld_from_cuts_too(halcyon, by_hand) -> None:
    """As the question by itself would: no group of fewer than forty is told, and every group there is told or counted as hidden."""
    parts, grant = halcyon._parts, replace(halcyon.permit.unrestricted(), minimum_group=40)
    question = replace(MAY, metrics=("count(orders)",), period=Period(first=date(2026, 5, 3), last=date(2026, 5, 3)))
    cuts = parts.questions.cuts(question, grant, [("region",), ("device",)])
    alone = parts.questions.answer(replace(question, group_by=("region",)), grant)
    counted = dict(by_hand(f"SELECT region, count(*) {JOINED} WHERE ordered_on = DATE '2026-05-03' GROUP BY region"))
    told = dict(cuts.rows["region",])
    assert told == {row["region"]: row["count(orders)"] for row in alone.rows}
    assert told.items() <= {region: count for region, count in counted.items() if count >= 40}.items()
    assert len(told) + alone.hidden == len(counted)
    assert alone.hidden > 0


def test_a_comparison_is_not_cut(halcyon) -> None:
    """One period at a time."""
    with pytest.raises(NotAnswerable):
        halcyon._parts.questions.cuts(replace(MAY, compare=ComparePeriod(period=Period())), halcyon.permit.unrestricted(), list(SETS))
