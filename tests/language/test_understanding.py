"""What people say against the request it should make, from tables that were written before the grammar."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from insights.requests import Clarify, MetricQuestion, Understood, Unsupported
from tests.language.company import NOW
from tests.language.expectation import actual, asked, expected, table

ASKED = (
    "value",
    "breakdown",
    "ranking",
    "series",
    "compare",
    "filters",
    "aggregates",
    "about",
    "actions",
    "chores",
    "shares",
    "parts_of_time",
    "analyses",
    "members",
)


@pytest.mark.parametrize(("ask", "request_"), [pytest.param(ask, request, id=ask) for ask, request in asked(*ASKED)])
def test_what_is_said_becomes_the_request_that_is_meant(understander, ask, request_):
    """Every utterance of the tables has exactly the expected request."""
    reading = understander.understand(ask, now=NOW, room="fern")
    assert isinstance(reading, Understood), reading
    assert actual(reading.request) == {"kind": "metric_question", **request_, **expected(request_)}


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["ask"]) for entry in table("asked_back")])
def test_words_with_several_meanings_are_asked_about(understander, entry):
    """The question back names the words and offers at most three whole requests, in the company's words."""
    reading = understander.understand(entry["ask"], now=NOW)
    assert isinstance(reading, Clarify), reading
    assert reading.about == entry["clarify"]
    assert 1 <= len(reading.choices) <= 3
    if "labels" in entry:
        assert [choice.label for choice in reading.choices] == entry["labels"]
    if "first" in entry:
        assert actual(reading.choices[0].request) == {"kind": "metric_question", **expected(entry["first"])}


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["ask"]) for entry in (*table("actions"), *table("chores")) if "missing" in entry])
def test_a_chore_that_lacks_something_is_asked_for_it(understander, entry):
    """What was understood so far waits in the question back."""
    reading = understander.understand(entry["ask"], now=NOW, room="fern")
    assert isinstance(reading, Clarify), reading
    assert reading.missing == entry["missing"]
    assert actual(reading.partial) == {**entry["partial"], **expected(entry["partial"])}


@pytest.mark.parametrize("ask", table("refused"))
def test_nothing_else_is_ever_answered(understander, ask):
    """What cannot be told is refused or asked back, never answered by leaving a part of it out."""
    reading = understander.understand(str(ask), now=NOW)
    assert not isinstance(reading, Understood), reading
    if isinstance(reading, Unsupported):
        assert reading.reason.endswith((".", "?"))


@pytest.mark.parametrize("conversation", [pytest.param(turns, id=" / ".join(turn["ask"] for turn in turns)) for turns in table("followups")])
def test_a_fragment_changes_the_question_before_it(understander, conversation):
    """Each turn of a conversation has the expected request, given the one before."""
    previous = None
    for turn in conversation:
        reading = understander.understand(turn["ask"], now=NOW, previous=previous)
        assert isinstance(reading, Understood), (turn["ask"], reading)
        assert actual(reading.request) == {"kind": "metric_question", **expected(turn["request"])}, turn["ask"]
        previous = reading.request


def test_most_is_right_and_nothing_is_wrong(understander, record_property, capsys):
    """Counts right, asked back, refused and wrong over all tables, and says them."""
    counts: Counter[str] = Counter()
    for ask, request in asked(*ASKED):
        reading = understander.understand(ask, now=NOW, room="fern")
        if isinstance(reading, Understood):
            counts["right" if actual(reading.request) == {"kind": "metric_question", **request, **expected(request)} else "wrong"] += 1
        else:
            counts["asked back" if isinstance(reading, Clarify) else "refused"] += 1
    for ask in table("refused"):
        counts["wrong" if isinstance(understander.understand(str(ask), now=NOW), Understood) else "rightly refused"] += 1
    with capsys.disabled():
        print("\nunderstanding:", ", ".join(f"{count} {name}" for name, count in counts.most_common()))
    assert counts["wrong"] == 0


def test_a_misspelt_name_is_mended_and_said(understander):
    """One wrong letter in a long word is mended where nothing else fits, and the answer says so."""
    reading = understander.understand("revnue by regoin", now=NOW)
    assert isinstance(reading, Understood)
    assert isinstance(reading.request, MetricQuestion)
    assert (reading.request.metrics, reading.request.group_by) == (("revenue",), ("region",))
    assert "I took 'revnue' as 'revenue'" in reading.assumed


def test_a_word_of_english_is_never_taken_for_a_misspelt_name(understander):
    """ "plane" is not "plan", "prize" is no price: neither is answered."""
    for ask in ("revenue by plane", "revenue by legion", "revenue for Basics Plant"):
        assert not isinstance(understander.understand(ask, now=NOW), Understood), ask


def test_periods_are_said_back_as_dates(understander):
    """What a relative period was taken for is part of the reading."""
    reading = understander.understand("revenue last quarter", now=NOW)
    assert isinstance(reading, Understood)
    assert reading.assumed == ("'last quarter' is July to September 2026",)


def test_a_month_without_a_year_is_the_latest_that_the_data_covers(understander):
    """December has not come yet this year: last year's is meant, even years after the data ended."""
    for now in (NOW, NOW + timedelta(days=900)):
        reading = understander.understand("revenue in December", now=now)
        assert isinstance(reading, Understood)
        assert isinstance(reading.request, MetricQuestion)
        assert reading.request.period is not None
        assert str(reading.request.period.first) == "2025-12-01"


def test_words_of_a_booking_that_were_not_used_are_named(understander):
    """What was said about the neighbours does not get lost silently."""
    reading = understander.understand("book Fern tomorrow at two for an hour near Ada", now=NOW)
    assert isinstance(reading, Understood)
    assert reading.ignored == ("near", "ada")


def test_near_somebody_is_not_near_here(understander):
    """Only what is said to be near the device asks for a near room; near anything else is named as not used, and is no name of a room."""
    near = understander.understand("book a room near the lift tomorrow at five for an hour", now=NOW)
    assert isinstance(near, Understood)
    assert (near.request.nearest, near.ignored) == (False, ("near", "lift"))
    found = understander.understand("find a room near Ada tomorrow at ten for an hour", now=NOW)
    assert isinstance(found, Understood)
    assert found.ignored == ("near ada",)
    here = understander.understand("book a room near here tomorrow at five for an hour", now=NOW)
    assert isinstance(here, Understood)
    assert (here.request.nearest, here.ignored) == (True, ())
