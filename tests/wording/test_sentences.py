"""Sentences read aloud: what each kind of answer says, and how it says little, nothing, or a lot."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from insights.answers import (
    AboutAnswer,
    Booking,
    BookingAnswer,
    CalendarAnswer,
    Column,
    Definition,
    HelpAnswer,
    RoomsAnswer,
    Ticket,
    TicketAnswer,
    TicketsAnswer,
)
from insights.errors import NothingFree, OutsideFailed, UnknownThing
from insights.requests import Choice, Clarify, Filter, Help, Period, Unsupported
from insights.wording import Wording
from tests.wording.facts import CHURN, MAY, MONTH, NINE, ORDERS, REGION, REVENUE, against_april, metric_answer

SAY = Wording("en-US")
FERN = Booking(id="B-1", room="fern", room_name="Fern", start=NINE, end=datetime(2026, 6, 1, 9, 30), capacity=6)
BROKEN = Ticket(id="T-1", status="open", what="the projector is broken", room="fern", room_name="Fern", raised=NINE)


@pytest.mark.parametrize(
    ("answer", "speech"),
    [
        (metric_answer(REVENUE, rows=[(300385.62,)]), "Revenue was 300,000 US dollars in May 2026."),
        (metric_answer(REVENUE, rows=[(1.0,)], period=None), "Revenue was 1 US dollar."),
        (metric_answer(REVENUE, rows=[(1.0,)], period=None, age=190.4), "Revenue was 1 US dollar. That is as of 3 minutes ago."),
        (metric_answer(REVENUE, rows=[(1.0,)], period=None, age=6.0), "Revenue was 1 US dollar."),
        (metric_answer(REVENUE, rows=[(None,)]), "There is no revenue in May 2026 in the data."),
        (metric_answer(REVENUE, rows=[]), "There is no revenue in May 2026 in the data."),
        (metric_answer(ORDERS, rows=[(None,)]), "There are no orders in May 2026 in the data."),
        (metric_answer(ORDERS, rows=[(0,)]), "Orders were 0 in May 2026."),
        (metric_answer(REVENUE, rows=[(-12.5,)]), "Revenue was -12.5 US dollars in May 2026."),
        (metric_answer(CHURN, rows=[(0.0816,)]), "Churn rate was 8.2 percent in May 2026."),
        (metric_answer(REVENUE, ORDERS, rows=[(1000.0, 5)]), "Revenue was 1,000 US dollars and orders were 5 in May 2026."),
        (
            metric_answer(REVENUE, ORDERS, CHURN, rows=[(1000.0, 5, 0.5)]),
            "Revenue was 1,000 US dollars and orders were 5 in May 2026; there is 1 more in writing.",
        ),
        (
            metric_answer(REVENUE, rows=[(7.0,)], filters=(Filter(dimension="region", values=("EMEA", "APAC")),), labels={"region": "Region"}),
            "Revenue for EMEA and APAC was 7 US dollars in May 2026.",
        ),
        (
            metric_answer(REVENUE, rows=[(7.0,)], period=Period(first=date(2026, 4, 1), last=date(2026, 6, 30))),
            "Revenue was 7 US dollars in the second quarter of 2026.",
        ),
        (metric_answer(REVENUE, rows=[(7.0,)], period=Period(first=date(2026, 5, 3), last=date(2026, 5, 3))), "Revenue was 7 US dollars on May 3, 2026."),
        (
            metric_answer(REVENUE, rows=[(7.0,)], period=Period(first=date(2026, 5, 3), last=date(2026, 5, 9))),
            "Revenue was 7 US dollars from May 3 to May 9, 2026.",
        ),
        (metric_answer(REVENUE, rows=[(7.0,)], period=Period(first=date(2026, 5, 3))), "Revenue was 7 US dollars since May 3, 2026."),
    ],
)
def test_a_value_is_one_sentence(answer, speech):
    """The headline, rounded, with its unit in words and its period."""
    assert SAY.answer(answer).speech == speech


@pytest.mark.parametrize(
    ("now", "before", "speech", "text"),
    [
        (110.0, 100.0, ", up 10 percent against April 2026.", "$110.00, up 10% against $100.00 in April 2026"),
        (100.0, 100.0, ", unchanged from April 2026.", "$100.00, unchanged against $100.00 in April 2026"),
        (5.0, 0.0, ", against 0 US dollars in April 2026.", "$5.00, against $0.00 in April 2026"),
        (5.0, None, "; there is nothing to compare with in April 2026.", "$5.00, nothing to compare with in April 2026"),
        (-50.0, 100.0, ", down 150 percent against April 2026.", "-$50.00, down 150% against $100.00 in April 2026"),
        (5000.0, 1.0, ", up 5,000-fold against April 2026.", "$5,000.00, up 5,000-fold against $1.00 in April 2026"),
    ],
)
def test_a_comparison_says_which_way_and_how_far(now, before, speech, text):
    """From nothing, from a loss and by a lot as well; a growth from nothing has no percentage."""
    said = SAY.answer(metric_answer(REVENUE, rows=[(now, before)], analysis="compare", comparison=against_april()))
    assert said.speech.endswith(speech)
    assert text in said.text
    assert "Compared with: April 1, 2026 to April 30, 2026" in said.text


def test_a_percentage_moves_by_percentage_points():
    """From 2.8 to 3.1 percent is 0.3 points, and not 10.7 percent."""
    said = SAY.answer(metric_answer(CHURN, rows=[(0.031, 0.028)], analysis="compare", comparison=against_april()))
    assert said.speech == "Churn rate was 3.1 percent in May 2026, up 0.3 percentage points against April 2026."
    assert "3.1%, up 0.3 percentage points against 2.8% in April 2026" in said.text


def test_what_has_gone_is_not_called_unknown():
    """Nothing now, something before."""
    said = SAY.answer(metric_answer(REVENUE, rows=[(None, 100.0)], analysis="compare", comparison=against_april()))
    assert said.speech == "There is no revenue in May 2026 in the data."


@pytest.mark.parametrize("analysis", ["breakdown", "ranking", "series", "compare"])
def test_a_comparison_by_groups_shows_every_move(analysis):
    """However the question was read, the earlier figures are not kept back."""
    rows = [("EMEA", 110.0, 100.0), ("APAC", 50.0, 100.0), (None, 3.0, None)]
    said = SAY.answer(metric_answer(REGION, REVENUE, rows=rows, analysis=analysis, comparison=against_april()))
    assert said.speech == "Revenue by region in May 2026 against April 2026: EMEA up 10 percent, APAC down 50 percent; 3 regions in all."
    for line in ("EMEA: $110.00 (up 10% against $100.00)", "APAC: $50.00 (down 50% against $100.00)", "unknown: $3.00 (nothing to compare with)"):
        assert f"• {line}" in said.text


@pytest.mark.parametrize(
    ("rows", "speech"),
    [
        ([("EMEA", 5.0)], "EMEA with 5 US dollars."),
        ([("EMEA", 5.0), ("APAC", 3.0)], "EMEA with 5 US dollars and APAC with 3 US dollars."),
        ([("EMEA", 5.0), ("APAC", 3.0), (None, 1.0)], "EMEA with 5 US dollars, then APAC with 3 US dollars; 3 regions in all."),
        ([(None, None), ("APAC", 3.0)], "APAC with 3 US dollars."),
        ([("2026", 5.0), (7, 3.0)], "2026 with 5 US dollars and 7 with 3 US dollars."),
    ],
)
def test_a_breakdown_names_the_first_two(rows, speech):
    """And says how many there are; a group without a figure is passed over."""
    said = SAY.answer(metric_answer(REGION, REVENUE, rows=rows, analysis="breakdown")).speech
    assert said == f"Revenue by region in May 2026: {speech}"


def test_groups_without_any_figure_are_nothing():
    """All unknown, or none at all."""
    for rows in ([], [("EMEA", None), ("APAC", float("nan"))]):
        assert SAY.answer(metric_answer(REGION, REVENUE, rows=rows, analysis="breakdown")).speech == "There is no revenue in May 2026 in the data."


@pytest.mark.parametrize(
    ("order", "good", "metric", "rows", "title"),
    [
        ("desc", "up", REVENUE, 3, "Top 3 regions by revenue in May 2026"),
        ("desc", "up", REVENUE, 1, "Top region by revenue in May 2026"),
        ("asc", "up", REVENUE, 3, "The 3 regions with the lowest revenue in May 2026"),
        ("asc", "up", ORDERS, 1, "The region with the fewest orders in May 2026"),
        ("desc", "down", CHURN, 3, "The 3 regions with the highest churn rate in May 2026"),
        ("desc", "down", ORDERS, 2, "The 2 regions with the most orders in May 2026"),
    ],
)
def test_a_ranking_says_which_end_it_shows(order, good, metric, rows, title):
    """ "Top" is for what is good when it is high; the other end is named for what it is."""
    cells = [("EMEA", 0.3), ("APAC", 0.2), ("Americas", 0.1)][:rows]
    said = SAY.answer(metric_answer(REGION, metric, rows=cells, analysis="ranking", order=order, good=good, total_rows=9))
    assert said.speech.startswith(f"{title}: EMEA with ")
    assert said.text.startswith(f"{title} (of 9):\n1. EMEA: ")


@pytest.mark.parametrize(
    ("rows", "speech"),
    [
        ([(date(2026, 4, 1), 9.0), (date(2026, 5, 1), 7.0)], "7 US dollars in May 2026, after a high of 9 US dollars in April 2026."),
        ([(date(2026, 4, 1), 7.0), (date(2026, 5, 1), 9.0)], "9 US dollars in May 2026, the highest of 2 months."),
        ([(date(2026, 5, 1), 9.0)], "9 US dollars in May 2026."),
        ([(date(2026, 4, 1), 7.0), (date(2026, 5, 1), None)], "7 US dollars in April 2026."),
    ],
)
def test_a_series_says_where_it_stands_and_where_it_was_highest(rows, speech):
    """The last bucket that has a figure, then the highest."""
    said = SAY.answer(metric_answer(MONTH, REVENUE, rows=rows, analysis="series")).speech
    assert said == f"Revenue by month in May 2026: {speech}"


@pytest.mark.parametrize(
    ("rows", "counted"),
    [
        ([(date(2026, 3, 1), 9.0), (date(2026, 5, 1), 7.0)], "2 months, the highest 9 US dollars in March 2026."),
        ([(date(2026, 5, 1), 7.0)], "one month, the highest 7 US dollars in May 2026."),
        ([], "no month."),
    ],
)
def test_periods_that_a_condition_holds_for_are_counted(rows, counted):
    """Aloud with the highest, in writing above the list; where there is none, that is the answer and not that there is no data."""
    condition = Filter(metric="revenue", op=">", values=(5,))
    said = SAY.answer(metric_answer(MONTH, REVENUE, rows=rows, analysis="series", period=None, filters=(condition,), labels={"revenue": "Revenue"}))
    assert said.speech == f"Revenue where Revenue over $5.00 by month: {counted}"
    assert said.text.splitlines()[0].rstrip(":.") == f"Revenue where Revenue over $5.00 by month: {counted.partition(',')[0].rstrip('.')}"


def test_a_series_by_groups_says_how_it_ends():
    """The last bucket, largest group first."""
    rows = [(date(2026, 4, 1), "EMEA", 9.0), (date(2026, 5, 1), "APAC", 3.0), (date(2026, 5, 1), "EMEA", 7.0), (date(2026, 5, 1), None, 1.0)]
    said = SAY.answer(metric_answer(MONTH, REGION, REVENUE, rows=rows, analysis="series", period=None)).speech
    assert said == "Revenue by month and region: in May 2026 EMEA with 7 US dollars, then APAC with 3 US dollars; 3 regions in all."


def test_buckets_are_called_what_people_call_them():
    """Quarters, weeks, days, hours and years, each with its preposition."""
    found = []
    for grain, at in (("year", date(2026, 1, 1)), ("quarter", date(2026, 1, 1)), ("week", date(2026, 5, 4)), ("day", date(2026, 5, 4)), ("hour", NINE)):
        column = Column(name="at", label="At", role="time", grain=grain)
        found.append(SAY.answer(metric_answer(column, ORDERS, rows=[(at, 2)], analysis="series", period=None)).speech.split(": ", 1)[1])
    assert found == [
        "2 in 2026.",
        "2 in the first quarter of 2026.",
        "2 in the week of May 4, 2026.",
        "2 on May 4, 2026.",
        "2 at 9:00 AM on June 1, 2026.",
    ]


def test_speech_holds_at_most_two_figures():
    """Many groups, many metrics; dates aside."""
    many = [(f"Region {chr(65 + n)}", 100.0 - n, 7 + n) for n in range(26)]
    for analysis in ("breakdown", "ranking", "compare"):
        said = SAY.answer(metric_answer(REGION, REVENUE, ORDERS, rows=many, analysis=analysis, order="desc")).speech
        figures = re.findall(r"[\d,.]+(?= US dollars| orders)", said)
        assert len(figures) == 2, said
    series = [(date(2024 + n // 12, n % 12 + 1, 1), 100.0 - n, 7 + n) for n in range(26)]
    said = SAY.answer(metric_answer(MONTH, REVENUE, ORDERS, rows=series, analysis="series")).speech
    assert len(re.findall(r"[\d,.]+ US dollars", said)) == 2, said


def test_long_tables_end_with_how_many_more_there_are():
    """Twenty lines, and the rest counted."""
    many = [(f"Region {n}", float(n)) for n in range(33)]
    for analysis in ("breakdown", "ranking", "compare"):
        text = SAY.answer(metric_answer(REGION, REVENUE, rows=many, analysis=analysis)).text
        assert "and 13 more\n" in text
        assert "Region 20" not in text


def test_everything_an_answer_stands_on_is_below_it():
    """Period, filters, definition with owner, source and freshness, what was assumed and what was not used."""
    answer = metric_answer(
        REVENUE,
        rows=[(5.0,)],
        filters=(Filter(dimension="amount", op=">=", values=(100,)), Filter(dimension="region", op="is_null")),
        labels={"amount": "Amount", "region": "Region"},
        data_through=date(2026, 5, 31),
        notes=("The data ends on May 31, 2026.",),
    )
    answer = replace(answer, definition=(Definition(name="r", label="Revenue", expression="SUM(x)", filter="y > 0", owner="finance"),))
    said = SAY.answer(answer, assumed=("I took 'sales' as revenue",), ignored=("please", "kindly", "now", "dear"))
    assert said.text.split("\n")[1:] == [
        "The data ends on May 31, 2026.",
        "Period: May 1, 2026 to May 31, 2026 · Filters: Amount at least 100; Region is missing",
        "Definition: Revenue = SUM(x) where y > 0 (not a certified metric, owner finance)",
        "Source: orders, data through May 31, 2026 · DuckDB",
        "Assumed: I took 'sales' as revenue.",
        'Not used: "please", "kindly", "now", "dear"',
    ]
    assert said.speech.endswith('The data ends on May 31, 2026. I took \'sales\' as revenue. I did not use "please", "kindly", "now" and 1 more.')


def test_conditions_read_as_people_write_them():
    """Codes and years without a comma, amounts with one; on a metric as on a dimension."""
    from insights.wording.scope import phrase

    said = [
        phrase(Filter(op=op, values=values, **on), {"flight": "Flight", "amount": "Amount", "revenue": "Revenue"}, "en-US")
        for op, values, on in (
            ("=", (1545,), {"dimension": "flight"}),
            ("!=", (1545, 1546), {"dimension": "flight"}),
            (">", (12000,), {"dimension": "amount"}),
            ("between", (1000, 2000.5), {"dimension": "amount"}),
            (">=", (50000,), {"metric": "revenue"}),
            ("starts_with", ("N1",), {"dimension": "flight"}),
            ("not_null", (), {"dimension": "amount"}),
        )
    ]
    assert said == [
        "Flight is 1545",
        "Flight is not 1545 or 1546",
        "Amount over 12,000",
        "Amount between 1,000 and 2,000.5",
        "Revenue at least 50,000",
        "Flight starts with N1",
        "Amount is known",
    ]


def test_bookings_are_offered_and_confirmed():
    """With the day, the times and the room; the number stays in writing."""
    proposed, booked = BookingAnswer(status="proposed", booking=FERN), BookingAnswer(status="booked", booking=FERN)
    assert SAY.answer(proposed).speech == "Shall I book Fern, which seats 6, on Monday, June 1 from 9:00 AM to 9:30 AM?"
    assert SAY.answer(proposed).text == "Shall I book Fern (seats 6) on Monday, June 1 from 9:00 AM to 9:30 AM? Say yes or no."
    assert SAY.answer(booked).speech == "I've booked Fern on Monday, June 1 from 9:00 AM to 9:30 AM."
    assert SAY.answer(booked).text == "Booked: Fern (seats 6) on Monday, June 1 from 9:00 AM to 9:30 AM (booking B-1)"
    assert Wording("en-GB").answer(booked).speech == "I've booked Fern on Monday 1 June from 09:00 to 09:30."


@pytest.mark.parametrize(
    ("count", "speech"),
    [
        (0, "You have nothing booked for May 2026."),
        (1, "You have 1 booking for May 2026: Fern on Monday, June 1 from 9:00 AM to 9:30 AM."),
        (2, "You have 2 bookings for May 2026: Fern on Monday, June 1 from 9:00 AM to 9:30 AM and Fern on Monday, June 1 from 9:00 AM to 9:30 AM."),
        (
            4,
            "You have 4 bookings for May 2026: Fern on Monday, June 1 from 9:00 AM to 9:30 AM, "
            "then Fern on Monday, June 1 from 9:00 AM to 9:30 AM, and 2 more.",
        ),
    ],
)
def test_a_calendar_of_any_length(count, speech):
    """None, one, two, many."""
    assert SAY.answer(CalendarAnswer(period=MAY, bookings=(FERN,) * count)).speech == speech


def test_rooms_of_any_number():
    """None, one, several."""
    room = {"name": "Fern", "capacity": 6, "equipment": "", "floor": ""}
    said = [SAY.answer(RoomsAnswer(start=NINE, end=FERN.end, rooms=(room,) * count)).speech for count in (0, 1, 2, 3)]
    times = "on Monday, June 1 from 9:00 AM to 9:30 AM."
    assert said == [f"No room is free {times}", f"Fern is free {times}", f"Fern and 1 other are free {times}", f"Fern and 2 others are free {times}"]


def test_tickets_are_read_back():
    """Proposed, filed, and asked about; the room once, urgency only where it is not the usual."""
    proposed = TicketAnswer(status="proposed", ticket=replace(BROKEN, status="proposed", urgency="high"))
    assert SAY.answer(proposed).speech == 'I\'ll report "the projector is broken" in Fern, urgency high. Shall I file it?'
    assert SAY.answer(TicketAnswer(status="raised", ticket=BROKEN)).speech == 'I\'ve filed ticket T-1: "the projector is broken" in Fern.'
    assert SAY.answer(TicketsAnswer(tickets=())).speech == "You have no open ticket."
    assert SAY.answer(TicketsAnswer(tickets=(replace(BROKEN, status="in_progress"),))).speech == (
        'Ticket T-1, "the projector is broken" in Fern, is in progress.'
    )
    assert SAY.answer(TicketsAnswer(tickets=(BROKEN,) * 3)).speech.endswith("is open. There are 2 more.")


def test_contents_are_told_in_a_breath():
    """Four metrics and three dimensions, then a count; one definition in words that can be said."""
    about = AboutAnswer(
        topic=None, metrics=("Revenue", "Orders", "IMDB rating", "Refunds", "Customers"), dimensions={"Region": (), "Plan": (), "Day": (), "X": ()}
    )
    assert SAY.answer(about).speech == "You can ask for revenue, orders, IMDB rating, refunds and 1 more, by region, plan or day."
    churn = Definition(name="churn", label="Churn rate", expression="churned_subscriptions / subscribers", owner="sales")
    assert (
        SAY.answer(AboutAnswer(topic="churn", definition=(churn,))).speech
        == "Churn rate is churned subscriptions divided by subscribers. It is owned by sales."
    )
    difficult = replace(churn, expression="SUM(CASE WHEN a THEN b END)", owner=None)
    assert SAY.answer(AboutAnswer(topic="churn", definition=(difficult,))).speech == "Churn rate is worked out by a formula that I show in writing."
    described = replace(churn, description="The share of subscribers who left.", owner=None)
    assert SAY.answer(AboutAnswer(topic="churn", definition=(described,))).speech == "Churn rate is the share of subscribers who left."
    assert SAY.answer(AboutAnswer(topic="region", dimensions={"Region": ("EMEA", "APAC")})).speech == "Region can be EMEA or APAC."
    assert SAY.answer(AboutAnswer(topic=None)).speech == "There is nothing here to ask about."


def test_help_gives_an_example_of_each_kind():
    """Three at most when spoken."""
    groups = {"Ask": ("revenue by region",), "Rooms": ("book a room",), "Tickets": ("the lamp is broken",), "More": ("x",)}
    assert SAY.answer(HelpAnswer(groups=groups)).speech == "You can say, for example: revenue by region; book a room; or the lamp is broken."


def test_questions_back():
    """One choice is a yes or no, several are numbered in writing, a missing slot is asked for."""
    choices = tuple(Choice(label=label, request=Help()) for label in ("Ad revenue", "Revenue", "Net revenue"))
    three = SAY.question(Clarify(about="sales", choices=choices))
    assert three.speech == 'What do you mean by "sales"? Ad revenue, Revenue or Net revenue.'
    assert three.text == 'What do you mean by "sales"?\n1. Ad revenue\n2. Revenue\n3. Net revenue'
    one = SAY.question(Clarify(about="foo", choices=choices[:1]))
    assert one.speech == 'I\'m not sure about "foo". Do you mean "Ad revenue"?'
    assert SAY.question(Clarify(about="start", missing="start")).speech == "When shall it start?"
    assert SAY.question(Clarify(about="colour", missing="colour")).speech == "What colour do you mean?"


def test_refusals_name_the_way_out():
    """The problem, the remedy, and what there is."""
    said = SAY.error(UnknownThing("I don't know a room 'Frn'.", remedy="Did you mean 'Fern'?", options=("Fern", "Moss")))
    assert said.speech == "I don't know a room 'Frn'. Did you mean 'Fern'? There is Fern and Moss."
    assert said.text == "I don't know a room 'Frn'.\nDid you mean 'Fern'?\nThere is: Fern, Moss"
    assert SAY.error(NothingFree("every room is taken")).speech == "Every room is taken."
    assert SAY.error(OutsideFailed("The ledger is busy.", remedy="Try again.")).text == "The ledger is busy.\nTry again."
    refused = SAY.unsupported(Unsupported(reason="I can't do that.", suggestions=("revenue by region", "orders by month?")))
    assert refused.speech == "I can't do that. You can ask: revenue by region."
    assert refused.text == 'I can\'t do that.\nYou can ask: "revenue by region", "orders by month?"'
