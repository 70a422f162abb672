"""What a word or two do to the question before, where they ask, refuse, or move within the conversation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.language.moves import Moved, Pick, move, pick, pointed
from insights.language.shown import Shown, narrowed, of_rows
from insights.requests import Clarify, Filter, Follow, MetricQuestion, Understood, Unsupported
from tests.language.company import CATALOG, NOW


def asked(understander, *said):
    """The reading of the last of several utterances."""
    previous, reading = None, None
    for text in said:
        reading = understander.understand(text, now=NOW, previous=previous)
        previous = reading.request if isinstance(reading, Understood) else previous
    return reading


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        (
            ("revenue by region last month", "only mobile", "drop that"),
            ["without the split by region", "without the condition on device (Phone)", "without the period October 2026"],
        ),
        (("revenue for EMEA in Germany", "drop the filter"), ["without the condition on region (EMEA)", "without the condition on country (Germany)"]),
        (("revenue by region", "break it down"), ["by status too", "by channel too", "by device too"]),
    ],
)
def test_where_several_things_can_be_meant_it_is_asked_which(understander, said, labels):
    """No part is left out and none added by chance; each choice is a whole question."""
    reading = asked(understander, *said)
    assert isinstance(reading, Clarify), reading
    assert [choice.label for choice in reading.choices] == labels


@pytest.mark.parametrize("words", ["revenue by month over 290,000", "orders by day over 700"])
def test_a_limit_behind_periods_is_asked_about_and_never_taken_for_single_records(understander, words):
    """ "Revenue by month over 290,000" may mean months or records; each choice is what its label says."""
    reading = asked(understander, words)
    assert isinstance(reading, Clarify), reading
    filters = [choice.request.filters[0] for choice in reading.choices]
    assert [condition.metric is not None for condition in filters] == [True, False]


@pytest.mark.parametrize("words", ["send it to me every Friday", "send that over to me every Friday", "send me this every Friday"])
def test_the_answer_before_is_sent_again_and_again(understander, words):
    """Whatever the pronoun and wherever "to me" stands."""
    reading = asked(understander, "revenue by region last month", words)
    assert isinstance(reading, Understood), reading
    assert isinstance(reading.request, Follow), reading
    assert (reading.request.what.metrics, reading.request.repeats) == (("revenue",), "FREQ=WEEKLY;BYDAY=FR")


def test_a_briefing_is_about_everything_whatever_was_asked_before(understander):
    """It takes no figure and no split over, which would leave nothing that a briefing can answer."""
    reading = asked(understander, "revenue by region", "what happened in May")
    assert isinstance(reading, Understood), reading
    assert isinstance(reading.request, MetricQuestion), reading
    assert (reading.request.analysis, reading.request.metrics, reading.request.group_by) == ("briefing", (), ())


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (("revenue last month", "sort it the other way"), "There is no list to put in another order"),
        (("revenue", "drop that"), "There is nothing to leave out"),
        (("revenue by region", "drop the period"), "There is no period to leave out"),
        (("revenue", "is that good"), "say for which period"),
        (("revenue on mobile in EMEA", "and globally"), "I don't know which condition that leaves out; say 'without"),
        (("revenue and orders by month", "which one is growing faster"), "not which of two figures"),
        (("revenue", "as a share"), "needs parts"),
        (("share of revenue by region last month", "compare it to the month before"), "can't compare shares"),
        (("what percent of revenue comes from EMEA", "by plan"), "share of one part, or of each"),
        (("revenue last year", "versus last year"), "would be compared with itself"),
    ],
)
def test_what_makes_no_question_is_refused_with_the_reason(understander, said, reason):
    """Nothing is dropped without being said: what does not fit the question before is told so."""
    reading = asked(understander, *said)
    assert isinstance(reading, Unsupported), reading
    assert reason in reading.reason


@pytest.mark.parametrize(
    ("said", "assumed"),
    [
        (("revenue by region last month", "remove the region split"), "without the split by region"),
        (("revenue last month", "the month before"), "that is September 2026"),
        (("revenue for EMEA last month", "and by region"), "without the condition on EMEA, as it is split by that"),
        (("revenue last month", "is that good?"), "I compare it to September 2026"),
    ],
)
def test_every_change_that_was_not_named_is_said(understander, said, assumed):
    """What a follow-up takes for granted is part of its reading."""
    reading = asked(understander, *said)
    assert isinstance(reading, Understood), reading
    assert assumed in reading.assumed


def test_a_new_question_takes_nothing_over(understander):
    """What has its own figure and opens like a question stands alone."""
    reading = asked(understander, "revenue by region for EMEA last month", "how many orders did we have yesterday")
    assert isinstance(reading, Understood)
    assert reading.request == understander.understand("how many orders did we have yesterday", now=NOW).request


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("go back", Moved("back")),
        ("OK, go back two questions please", Moved("back", 2)),
        ("go back twice", Moved("back", 2)),
        ("start over", Moved("restart")),
        ("let's start from scratch", Moved("restart")),
        ("drop that", Moved("drop")),
        ("continue", Moved("continue")),
        ("go on with what I asked on the Echo", Moved("continue")),
        ("pick up where we left off", Moved("continue")),
        ("continue with revenue by region", None),
        ("go back to revenue", None),
        ("start a call with Ada", None),
        ("drop the region filter", None),
        ("back orders last month", None),
    ],
)
def test_a_move_is_the_whole_of_what_is_said(said, expected):
    """What names anything is a question, not a move."""
    assert move(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("the second one", Pick(places=(2,))),
        ("and the last one over time", Pick(places=(-1,), rest="and over time")),
        ("the first and the third one", Pick(places=(1, 3))),
        ("the first two", Pick(places=(1, 2))),
        ("number 12", Pick(places=(12,))),
        ("2", Pick(places=(2,))),
        ("the biggest one by plan", Pick(sizes=("highest",), rest="by plan")),
        ("revenue of the second one", Pick(places=(2,), rest="revenue")),
        ("the last two weeks of May", None),
        ("the first quarter", None),
        ("top 3", None),
        ("the second highest region", None),
        ("one", None),
    ],
)
def test_what_points_at_a_row_is_told_from_what_does_not(said, expected):
    """Ordinals of periods and rankings are none of rows."""
    assert pick(said) == expected


def test_that_region_is_found_with_the_words_around_it():
    """The longer name is tried first, and what is left is what is asked about it."""
    assert pointed("why that region") == [("region", "why")]
    assert pointed("that product category by plan") == [("product category", "by plan"), ("product", "category by plan")]


SHOWN = of_rows(
    [("region", "Region")],
    [{"region": "EMEA", "revenue": 5}, {"region": "APAC", "revenue": 9}, {"region": None, "revenue": 1}],
    figure="revenue",
    time=None,
    grain=None,
)


def test_rows_are_found_by_place_and_by_size():
    """Places count from both ends; sizes go by the first figure; what is not there is not guessed."""
    assert SHOWN is not None
    assert [SHOWN.places(Pick(places=(place,))) for place in (1, -1, 4, -4)] == [(0,), (2,), None, None]
    assert [SHOWN.places(Pick(sizes=(size,))) for size in ("highest", "lowest")] == [(1,), (2,)]
    assert SHOWN.places(Pick(every=2)) is None


def test_a_row_becomes_conditions_of_the_question_that_showed_it():
    """The condition takes the place of the group, a missing value is asked for as missing, several stay a breakdown."""
    assert SHOWN is not None
    base = MetricQuestion(analysis="ranking", metrics=("revenue",), group_by=("region",), limit=3, order="desc")
    one, missing, two = (narrowed(base, SHOWN, places, CATALOG) for places in ((1,), (2,), (0, 1)))
    assert one == MetricQuestion(metrics=("revenue",), filters=(Filter(dimension="region", values=("APAC",)),))
    assert missing == MetricQuestion(metrics=("revenue",), filters=(Filter(dimension="region", op="is_null"),))
    assert two == MetricQuestion(
        analysis="breakdown", metrics=("revenue",), group_by=("region",), filters=(Filter(dimension="region", values=("EMEA", "APAC")),)
    )


def test_a_bucket_of_a_series_becomes_its_days():
    """A month is its days, cut to the days that the question was about."""
    from datetime import date

    from insights.requests import Period

    shown = Shown(names=("orders.ordered_on",), labels=("Order date",), rows=(("2026-01-01",), ("2026-02-01",)), time="orders.ordered_on", grain="month")
    base = MetricQuestion(
        analysis="series", metrics=("revenue",), grain="month", time_field="orders.ordered_on", period=Period(first=date(2026, 1, 5), last=date(2026, 2, 20))
    )
    first, last = (narrowed(base, shown, (place,), CATALOG) for place in (0, 1))
    assert first is not None
    assert last is not None
    assert first.period is not None
    assert last.period is not None
    assert (first.analysis, first.grain, first.period.first, first.period.last) == ("value", None, date(2026, 1, 5), date(2026, 1, 31))
    assert (last.period.first, last.period.last) == (date(2026, 2, 1), date(2026, 2, 20))


@given(st.text(max_size=400))
def test_any_text_can_be_asked_what_it_moves_or_points_at(text):
    """No text raises."""
    move(text)
    pick(text)
    pointed(text)
