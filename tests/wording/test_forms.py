"""Shares, growth, running totals, leaders, sets, parts of time, steps and records in words: what was asked is said back, and no more than two numbers aloud."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from insights.answers import Again, Column
from insights.requests import Filter, Period
from insights.wording import Wording
from tests.wording.facts import CHURN, MAY, MONTH, ORDERS, REGION, REVENUE, metric_answer

SAY = Wording("en-US")
SHARE = Column(name="revenue", label="Share of revenue", role="metric", unit="percent")
PART, WHOLE = (Column(name=f"revenue.{side}", label=f"Revenue, {side}", role="metric", unit="USD") for side in ("part", "whole"))
WEEKDAY = Column(name="weekday(orders.ordered_on)", label="Weekday", role="dimension", part="weekday")
STEP = Column(name="bin(orders.amount)", label="Amount", role="dimension", unit="USD", width=50)
PLAN = Column(name="plan", label="Plan", role="dimension")
EMEA = Filter(dimension="region", values=("EMEA",))
BOOKS = Filter(dimension="category", values=("Books",))
LABELS = {"region": "Region", "category": "Category", "hour(orders.at)": "Hour"}


def defined(answer):
    """With the definition of revenue, as an answer about its shares has it."""
    return replace(answer, definition=tuple(replace(d, name="revenue", label="Revenue") for d in answer.definition[:1]))


def numbers(speech):
    """The figures in what is said; dates and counts of lines aside."""
    said = re.sub(r"(January|February|March|April|May|June) (\d+, )?\d{4}|since .*?\d{4}|; \d+ \w+ in all|in all: \d+|in \d{4}", "", speech)
    return re.findall(r"\d[\d,.]*", said)


def test_a_part_of_a_whole():
    """Which part of what, under which other filters, and the two amounts."""
    answer = metric_answer(SHARE, PART, WHOLE, rows=[(0.5, 10.0, 20.0)], analysis="share", filters=(EMEA, BOOKS), labels=LABELS, part=("region",))
    said = SAY.answer(defined(answer))
    assert said.speech == "Share of region EMEA in revenue for Books was 50 percent in May 2026, which is 10 US dollars."
    assert said.text.splitlines()[0] == "Share of region EMEA in revenue for Books in May 2026: 50% ($10.00 of $20.00)"
    assert "Filters: Region is EMEA; Category is Books" in said.text


def test_parts_of_a_whole():
    """The two largest aloud, all of them in writing; an unknown whole has no amounts."""
    answer = metric_answer(REGION, SHARE, PART, WHOLE, rows=[("EMEA", 0.75, 30.0, 40.0), (None, 0.25, 10.0, 40.0)], analysis="share")
    said = SAY.answer(defined(answer))
    assert said.speech == "Share of revenue by region in May 2026: EMEA with 75 percent and unknown with 25 percent."
    assert said.text.splitlines()[:3] == ["Share of revenue by region in May 2026:", "• EMEA: 75% ($30.00 of $40.00)", "• unknown: 25% ($10.00 of $40.00)"]


def test_conditions_on_figures_are_said_in_their_unit():
    """An amount in money, and a share in percent."""
    over = Filter(metric="revenue", op=">", values=(0.25,))
    share = metric_answer(REGION, SHARE, rows=[("EMEA", 0.75)], analysis="share", filters=(over,), labels={"revenue": "Share of revenue"})
    assert "Filters: Share of revenue over 25%" in SAY.answer(defined(share)).text
    amount = metric_answer(REGION, REVENUE, rows=[("EMEA", 30.0)], filters=(replace(over, values=(20,)),), labels={"revenue": "Revenue"})
    assert "Filters: Revenue over $20.00" in SAY.answer(amount).text


def test_growth_says_what_it_is_against_and_speaks_of_the_last_whole_month():
    """One that is not complete is marked, and one without a base says so."""
    growth = [
        Column(name=f"revenue.{side}", label=side, role="metric", unit="USD" if side != "growth" else "percent") for side in ("before", "change", "growth")
    ]
    rows = [(date(2026, 3, 1), 10.0, None, None, None), (date(2026, 4, 1), 15.0, 10.0, 5.0, 0.5), (date(2026, 5, 1), 6.0, 15.0, -9.0, -0.6)]
    answer = metric_answer(MONTH, REVENUE, *growth, rows=rows, analysis="series", growth="previous", incomplete=(date(2026, 5, 1),))
    said = SAY.answer(answer)
    assert said.speech.endswith("against the month before: up 50 percent in April 2026, at 15 US dollars. The last month is not complete yet.")
    assert said.text.splitlines()[1:4] == [
        "• March 2026: $10.00, nothing to compare with",
        "• April 2026: $15.00, up 50% from $10.00",
        "• May 2026: $6.00, down 60% from $15.00 (not complete)",
    ]
    assert "against the year before" in SAY.answer(replace(answer, growth="year")).speech


def test_a_running_total_is_told_by_the_end_of_the_last_bucket():
    """It is no figure of that bucket."""
    running = replace(REVENUE, label="Running total of revenue")
    answer = metric_answer(MONTH, running, rows=[(date(2026, 4, 1), 10.0), (date(2026, 5, 1), 25.0)], analysis="series", running=True)
    assert SAY.answer(answer).speech == "Running total of revenue by month in May 2026: 25 US dollars by the end of May 2026."


def test_leaders_of_months_stand_in_the_order_of_the_months():
    """April comes behind February, whatever the alphabet says."""
    rows = [(date(2026, month, 1), "EMEA", 9.0) for month in (1, 2, 4)]
    said = SAY.answer(metric_answer(MONTH, REGION, REVENUE, rows=rows, analysis="ranking", within=(MONTH.name,), limit=1, order="desc"))
    assert [line.partition(":")[0] for line in said.text.splitlines()[1:4]] == ["• January 2026", "• February 2026", "• April 2026"]
    assert said.speech.index("January") < said.speech.index("February")


def test_leaders_stand_under_their_group():
    """What is ranked, by what, in each of what."""
    rows = [("APAC", "Basic", 9.0), ("APAC", "Premium", 3.0), ("EMEA", "Family", 8.0), (None, "Basic", 1.0)]
    answer = metric_answer(REGION, PLAN, REVENUE, rows=rows, analysis="ranking", within=("region",), limit=2, order="desc")
    said = SAY.answer(answer)
    assert said.text.splitlines()[:4] == [
        "The 2 plans with the highest revenue in each region in May 2026:",
        "• APAC: Basic $9.00, Premium $3.00",
        "• EMEA: Family $8.00",
        "• unknown: Basic $1.00",
    ]
    assert said.speech.startswith("The 2 plans with the highest revenue in each region in May 2026: in APAC Basic with 9 US dollars, in EMEA Family with 8")


@pytest.mark.parametrize(
    ("again", "words"),
    [
        (Again(members="Customer", period=Period(first=date(2026, 6, 1)), negated=True), "Orders were 3 in May 2026 and not since June 1, 2026."),
        (
            Again(members="Customer", period=Period(first=date(2026, 6, 1), last=date(2026, 6, 30)), negated=False),
            "Orders were 3 in May 2026 and again in June 2026.",
        ),
    ],
)
def test_both_periods_of_a_set_are_said(again, words):
    """As dates in writing too."""
    said = SAY.answer(metric_answer(ORDERS, rows=[(3,)], again=(again,)))
    assert said.speech == words
    assert f"Period: May 1, 2026 to May 31, 2026{words.partition('2026')[2].rstrip('.')}" in said.text


def test_weekdays_and_steps_have_names():
    """What has an order of its own is told by its highest and its lowest."""
    said = SAY.answer(metric_answer(WEEKDAY, ORDERS, rows=[("monday", 5), ("tuesday", 9), ("sunday", 2), (None, 3)]))
    assert said.text.splitlines()[1:5] == ["• Monday: 5", "• Tuesday: 9", "• Sunday: 2", "• unknown: 3"]
    assert said.speech == "Orders by weekday in May 2026: highest Tuesday with 9, lowest Sunday with 2."
    said = SAY.answer(metric_answer(STEP, ORDERS, rows=[(-50, 5), (0, 7)]))
    assert said.text.splitlines()[:3] == ["Orders by amount in steps of $50.00 in May 2026:", "• -$50.00 to $0.00: 5", "• $0.00 to $50.00: 7"]


@pytest.mark.parametrize(
    ("op", "values", "words"),
    [
        ("between", (9, 10), "between 9:00 AM and 11:00 AM"),
        ("<", (9,), "before 9:00 AM"),
        (">=", (17,), "from 5:00 PM on"),
        ("=", (23,), "between 11:00 PM and 12:00 AM"),
    ],
)
def test_hours_are_said_as_clock_times(op, values, words):
    """Half-open, as they are meant; in the sentence and among the filters."""
    said = SAY.answer(metric_answer(ORDERS, rows=[(3,)], filters=(Filter(dimension="hour(orders.at)", op=op, values=values),), labels=LABELS))
    assert said.speech == f"Orders {words} were 3 in May 2026."
    assert f"Filters: Hour {words}" in said.text


def test_records_are_listed_with_how_many_there_are():
    """The columns and the order are named once, each record is a line; aloud only how many."""
    amount = Column(name="orders.amount", label="Amount", role="dimension", unit="USD")
    day = Column(name="ordered_on", label="Ordered on", role="time")
    answer = replace(
        metric_answer(day, amount, REVENUE, rows=[(date(2026, 5, 3), 1.5, None), (None, None, None)]),
        analysis="list",
        columns=(day, amount),
        definition=(),
        records="Orders",
        total_rows=1234,
        limit=2,
        sorted_by="Ordered on",
        order="desc",
    )
    said = SAY.answer(answer)
    assert said.text.splitlines()[:3] == [
        "Orders in May 2026, showing 2 of 1,234 (ordered on, amount), by ordered on descending:",
        "• May 3, 2026 · $1.50",
        "• unknown · unknown",
    ]
    assert said.speech == "There are 1,234 orders in May 2026; the first 2 are in writing."
    assert SAY.answer(replace(answer, rows=(), total_rows=0)).speech == "There are no orders in May 2026 in the data."


def test_no_more_than_two_numbers_are_spoken():
    """Whichever of the forms it is."""
    many = [(name, 0.1 * n, float(n), 45.0) for n, name in enumerate("abcdefghi")]
    growth = [Column(name=f"revenue.{side}", label=side, role="metric", unit="percent") for side in ("before", "change", "growth")]
    answers = [
        metric_answer(REGION, SHARE, PART, WHOLE, rows=many, analysis="share", period=MAY),
        metric_answer(MONTH, REGION, REVENUE, *growth, rows=[(date(2026, 5, 1), n, 2.0, 1.0, 1.0, 1.0) for n in "abc"], analysis="series", growth="previous"),
        metric_answer(REGION, PLAN, CHURN, rows=[(a, b, 0.5) for a in "abc" for b in "de"], analysis="ranking", within=("region",), limit=2, order="desc"),
        metric_answer(WEEKDAY, REVENUE, ORDERS, rows=[("monday", 5.0, 7), ("friday", 3.0, 8)]),
    ]
    for answer in answers:
        speech = SAY.answer(answer).speech.replace("The 2 ", "The ")
        assert len(numbers(speech)) <= 2, speech
