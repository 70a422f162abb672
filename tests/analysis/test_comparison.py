"""A figure is set beside what it was: the period that was asked for, the same days a year before, and an average day."""

from __future__ import annotations

import pytest

from insights.findings import Compared
from insights.turns import Turn


def revenue(by_hand, first: str, last: str) -> float:
    """Revenue of a few days, by hand."""
    [(total,)] = by_hand("SELECT sum(amount_usd) FROM orders WHERE status <> 'test' AND ordered_on BETWEEN ? AND ?", first, last)
    return float(total)


def test_a_month_is_set_beside_the_one_before_and_the_year_before(halcyon, by_hand) -> None:
    """Both sides are what SQL by hand finds, and the average day makes up for March's 31 days."""
    april, march, year = (
        revenue(by_hand, "2026-04-01", "2026-04-30"),
        revenue(by_hand, "2026-03-01", "2026-03-31"),
        revenue(by_hand, "2025-04-01", "2025-04-30"),
    )
    reply = halcyon.reply(Turn("compare revenue last month with the month before"))
    found = reply.answer.finding
    assert isinstance(found, Compared)
    asked, before = found.sides
    assert (asked.basis, before.basis) == ("asked", "year")
    assert asked.value == pytest.approx(march)
    assert before.value == pytest.approx(year)
    assert asked.ratio == pytest.approx(april / march - 1)
    assert before.change == pytest.approx(april - year)
    assert asked.daily == pytest.approx((april / 30) / (march / 31) - 1)
    assert before.daily is None
    assert f"A year before (April 2025): ${year:,.2f}" in reply.text


def test_speech_has_two_numbers_and_the_direction_of_the_year(halcyon) -> None:
    """What is heard is rounded to two figures."""
    reply = halcyon.reply(Turn("compare revenue last month with the month before"))
    assert reply.speech == "Revenue was 300,000 US dollars in April 2026, up 1.5 percent against March 2026; higher than a year before."


def test_a_year_before_that_was_asked_for_is_not_told_twice(halcyon) -> None:
    """One side is enough."""
    reply = halcyon.reply(Turn("what was revenue last month compared to a year ago"))
    assert len(reply.answer.finding.sides) == 1


def test_a_rate_has_no_average_day(halcyon) -> None:
    """Only what adds up over days is told by the day."""
    reply = halcyon.reply(Turn("churn rate last month compared to the month before"))
    assert [side.daily for side in reply.answer.finding.sides] == [None, None]
    assert "average day" not in reply.text


def test_a_year_before_that_the_data_does_not_reach_is_left_out(halcyon) -> None:
    """The data begins in June 2023."""
    reply = halcyon.reply(Turn("compare revenue in December 2023 with November 2023"))
    assert [side.basis for side in reply.answer.finding.sides] == ["asked"]


def test_the_picture_has_the_periods_in_the_order_of_time(halcyon) -> None:
    """A bar for each period, the one that was asked about last."""
    chart = halcyon.reply(Turn("compare revenue last month with the month before")).chart
    assert chart.labels == ("April 2025", "March 2026", "April 2026")
    assert chart.series[0].values[-1] == pytest.approx(300_385.62)
