"""Weekdays, hours, months and quarters as groups and as filters."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from insights.errors import NotAnswerable, UnknownThing
from insights.requests import Filter, Period

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range(0, 400, 3)]
BEGAN = [datetime(2024, 1, 1) + timedelta(hours=7 * n, minutes=59) for n in range(300)]
TABLES = {
    "orders": [{"placed_on": day, "amount": n} for n, day in enumerate(DAYS)] + [{"placed_on": None, "amount": 1000}],
    "visits": [{"began_at": at, "minutes": 1} for at in BEGAN],
}
PARTS = {
    "weekday": lambda at: NAMES[at.weekday()],
    "day_of_month": lambda at: at.day,
    "month_of_year": lambda at: at.month,
    "quarter_of_year": lambda at: (at.month + 2) // 3,
}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_counted_as_the_calendar_has_it(answered, part):
    """Of days and of instants; what has no time is unknown, at the end."""
    orders, visits = f"{part}(orders.placed_on)", f"{part}(visits.began_at)"
    found = answered(TABLES, analysis="breakdown", metrics=("orders",), group_by=(orders,))
    assert {row[orders]: row["orders"] for row in found.rows} == Counter(map(PARTS[part], DAYS)) | {None: 1}
    assert found.rows[-1][orders] is None
    found = answered(TABLES, analysis="breakdown", metrics=("visits",), group_by=(visits,))
    assert {row[visits]: row["visits"] for row in found.rows} == Counter(map(PARTS[part], BEGAN))
    assert [column.part for column in found.columns] == [part, None]


def test_hours_are_told_of_instants_and_refused_of_days(answered):
    """With the reason: it is recorded by day."""
    name = "hour(visits.began_at)"
    found = answered(TABLES, analysis="breakdown", metrics=("visits",), group_by=(name,))
    assert [(row[name], row["visits"]) for row in found.rows] == sorted(Counter(at.hour for at in BEGAN).items())
    with pytest.raises(NotAnswerable, match="recorded by day"):
        answered(TABLES, analysis="breakdown", metrics=("orders",), group_by=("hour(orders.placed_on)",))
    with pytest.raises(NotAnswerable, match="recorded by day"):
        answered(TABLES, metrics=("orders",), filters=(Filter(dimension="hour(orders.placed_on)", values=(9,)),))


@pytest.mark.parametrize(("starts", "order"), [("monday", NAMES), ("sunday", (NAMES[6], *NAMES[:6])), ("saturday", (*NAMES[5:], *NAMES[:5]))])
def test_weekdays_come_in_the_order_of_the_week(answered, star, starts, order):
    """As the company starts it; and still each is the day that it is."""
    name = "weekday(orders.placed_on)"
    catalog = star(week_starts=starts)
    found = answered(TABLES, analysis="breakdown", metrics=("orders",), group_by=(name,), catalog=catalog)
    assert [row[name] for row in found.rows] == [*order, None]
    weekend = answered(TABLES, metrics=("orders",), filters=(Filter(dimension=name, values=("saturday", "sunday")),), catalog=catalog)
    assert weekend.value == sum(day.weekday() >= 5 for day in DAYS)


def test_a_ranking_of_weekdays_is_by_the_figure(answered):
    """Ties in the order of the week."""
    name, tables = "weekday(orders.placed_on)", {"orders": [{"placed_on": date(2024, 1, day)} for day in (1, 2, 3, 10, 12)]}
    found = answered(tables, analysis="ranking", metrics=("orders",), group_by=(name,), limit=2, order="desc")
    assert [(row[name], row["orders"]) for row in found.rows] == [("wednesday", 2), ("monday", 1)]


@pytest.mark.parametrize(
    ("op", "values", "fits"),
    [
        ("=", (9, 17), lambda hour: hour in (9, 17)),
        ("!=", (9,), lambda hour: hour != 9),
        ("between", (9, 10), lambda hour: 9 <= hour < 11),
        ("between", (22, 5), lambda hour: hour >= 22 or hour <= 5),
        ("<", (9,), lambda hour: hour < 9),
        (">=", (17,), lambda hour: hour >= 17),
    ],
)
def test_hours_as_filters(answered, op, values, fits):
    """Half-open; a range may go past midnight."""
    found = answered(TABLES, metrics=("visits",), filters=(Filter(dimension="hour(visits.began_at)", op=op, values=values),))
    assert found.value == sum(fits(at.hour) for at in BEGAN)


@pytest.mark.parametrize(("first", "last", "days"), [("monday", "friday", range(5)), ("friday", "monday", (4, 5, 6, 0)), ("sunday", "sunday", (6,))])
def test_weekdays_in_a_range_may_go_past_the_end_of_the_week(answered, star, first, last, days):
    """However the week starts."""
    wanted = Filter(dimension="weekday(visits.began_at)", op="between", values=(first, last))
    for starts in ("monday", "sunday", "saturday"):
        found = answered(TABLES, metrics=("visits",), filters=(wanted,), catalog=star(week_starts=starts))
        assert found.value == sum(at.weekday() in days for at in BEGAN)


@pytest.mark.parametrize(
    ("name", "op", "values", "words"),
    [
        ("weekday(visits.began_at)", "=", ("someday",), "no weekday"),
        ("weekday(visits.began_at)", ">", ("monday",), "Name the days"),
        ("hour(visits.began_at)", "=", (25,), "from 0 to 23"),
        ("month_of_year(visits.began_at)", "=", ("13",), "from 1 to 12"),
        ("month_of_year(visits.began_at)", "=", ("may",), "from 1 to 12"),
        ("weekday(tier)", "=", ("monday",), "not a date"),
        ("weekday(visits.began_at)", "between", ("monday",), "two values"),
    ],
)
def test_what_is_no_part_of_time_is_refused(answered, name, op, values, words):
    """In words, whatever was asked."""
    with pytest.raises(NotAnswerable, match=words):
        answered(TABLES, metrics=("visits",), filters=(Filter(dimension=name, op=op, values=values),))


@pytest.mark.parametrize("name", ["fortnight(visits.began_at)", "weekday()", "weekday(a(b))", "weekday(visits.ended_at)"])
def test_what_does_not_exist_is_told(answered, name):
    """A part, or a field of that name."""
    with pytest.raises(UnknownThing):
        answered(TABLES, analysis="breakdown", metrics=("visits",), group_by=(name,))


def test_parts_are_those_of_the_company_s_clock(answered, star):
    """Three in the night in UTC is the evening before in New York, an hour later in summer."""
    tables = {"visits": [{"began_at": datetime(2024, 1, 1, 3, 30)}, {"began_at": datetime(2024, 7, 1, 3, 30)}]}
    catalog = star(timezone="America/New_York", datasets={"visits": {"timezone": "UTC"}})
    hours = answered(tables, analysis="breakdown", metrics=("visits",), group_by=("hour(visits.began_at)",), catalog=catalog)
    assert [row["hour(visits.began_at)"] for row in hours.rows] == [22, 23]
    sundays = answered(tables, metrics=("visits",), filters=(Filter(dimension="weekday(visits.began_at)", values=("sunday",)),), catalog=catalog)
    assert sundays.value == 2


def test_quarters_are_fiscal_where_the_company_has_fiscal_periods(answered, star):
    """A year from February: January is in the fourth."""
    name = "quarter_of_year(orders.placed_on)"
    found = answered(TABLES, analysis="breakdown", metrics=("orders",), group_by=(name,), catalog=star(fiscal_year_starts=2, fiscal_periods=True))
    assert {row[name]: row["orders"] for row in found.rows if row[name]} == Counter((day.month - 2) % 12 // 3 + 1 for day in DAYS)


def test_each_fact_has_the_parts_of_its_own_time(answered):
    """Orders and visits by weekday, though a visit has no order date; and the same as a filter."""
    name = "weekday(orders.placed_on)"
    found = answered(TABLES, analysis="breakdown", metrics=("orders", "visits"), group_by=(name,))
    assert {row[name]: (row["orders"], row["visits"]) for row in found.rows if row[name]} == {
        day: (sum(PARTS["weekday"](d) == day for d in DAYS), sum(PARTS["weekday"](at) == day for at in BEGAN)) for day in NAMES
    }
    monday = answered(TABLES, metrics=("orders", "visits"), filters=(Filter(dimension=name, values=("monday",)),))
    assert dict(monday.rows[0]) == {"orders": sum(d.weekday() == 0 for d in DAYS), "visits": sum(at.weekday() == 0 for at in BEGAN)}


def test_parts_stand_beside_other_groups_buckets_and_periods(answered):
    """By month and weekday, and only in the period."""
    name, period = "weekday(orders.placed_on)", Period(first=date(2024, 2, 1), last=date(2024, 3, 31))
    found = answered(TABLES, analysis="breakdown", metrics=("orders",), group_by=(name,), grain="month", period=period)
    wanted = Counter((day.replace(day=1), PARTS["weekday"](day)) for day in DAYS if period.first <= day <= period.last)
    assert {(row["orders.placed_on"], row[name]): row["orders"] for row in found.rows} == wanted
