"""A short correction changes what was booked, and only that; whatever says something else is read as if nothing had been booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from insights.requests import BookRoom, ExtendBooking, MetricQuestion, MoveMeeting, ReleaseRoom, ScheduleMeeting, Understood
from tests.language.company import NOW

AT = datetime.combine((NOW + timedelta(days=1)).date(), NOW.time()).replace(hour=15, minute=0)
BOOKED = BookRoom(room="fern", start=AT, minutes=60)


def read(understander, text, previous=BOOKED):
    """The request that is read after a booking, None for whatever is not understood."""
    reading = understander.understand(text, now=NOW, previous=previous)
    return reading.request if isinstance(reading, Understood) else None


@pytest.mark.parametrize("text", ["no, at four pm", "actually 4 pm", "I meant four pm", "4 pm instead", "not 3 pm, 4 pm", "change it to 4 pm"])
def test_another_time_moves_it(understander, text):
    """On the day that it is."""
    assert read(understander, text) == MoveMeeting(to=read(understander, "move it to 4 pm").to, same_day=True)


@pytest.mark.parametrize("text", ["make it ninety minutes", "no, 90 minutes", "extend it to 90 minutes", "make my booking 90 minutes"])
def test_another_length_is_how_long_it_is_in_all(understander, text):
    """And never by how much longer."""
    assert read(understander, text) == ExtendBooking(length=90)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("extend it by 90 minutes", 90), ("make it thirty minutes longer", 30), ("shorten it by 15 minutes", -15)],
)
def test_an_amount_lengthens_it(understander, text, minutes):
    """By that much."""
    assert read(understander, text) == ExtendBooking(minutes=minutes)


def test_it_is_made_shorter_to_what_is_said(understander):
    """ "Shorten it to half an hour" leaves half an hour and takes no half hour away."""
    assert read(understander, "shorten the meeting to 30 minutes") == ExtendBooking(length=30)


@pytest.mark.parametrize("text", ["not fern but the dock", "no, the dock", "the dock instead", "sorry, i meant the dock"])
def test_another_room_takes_it_there(understander, text):
    """It keeps its time."""
    assert read(understander, text) == MoveMeeting(to_room="dock")


def test_it_is_called_off_after_a_word_that_takes_back(understander):
    """As without that word."""
    assert read(understander, "no wait, release it") == ReleaseRoom()


@pytest.mark.parametrize("text", ["no, in march by region", "make it weekly", "no", "revenue instead", "4 pm", "actually revenue last month"])
def test_whatever_else_is_said_is_no_correction(understander, text):
    """It is read as it is without a booking before it."""
    assert understander.understand(text, now=NOW, previous=BOOKED) == understander.understand(text, now=NOW)


def test_a_question_is_corrected_as_before(understander):
    """What follows a question about data is about that."""
    asked = MetricQuestion(analysis="value", metrics=("revenue",))
    assert not isinstance(read(understander, "no, in march", asked), MoveMeeting)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("no, at four pm", {"start": AT.replace(hour=16)}),
        ("make it two hours", {"minutes": 120}),
        ("the dock instead", {"room": "dock"}),
        ("no, the day after tomorrow", {"start": AT + timedelta(days=1)}),
    ],
)
@pytest.mark.parametrize("errand", [BOOKED, ScheduleMeeting(people=("ben",), start=AT, minutes=60)])
def test_what_waits_for_a_yes_is_changed_and_waits_again(understander, errand, text, changed):
    """One thing of it; the rest stays."""
    assert understander.amended(errand, text, now=NOW) == Understood(request=replace(errand, **changed))


def test_what_repeats_keeps_its_days(understander):
    """They are in its rule; its time of day can be put right."""
    weekly = replace(BOOKED, repeats="FREQ=WEEKLY")
    assert understander.amended(weekly, "no, on friday", now=NOW) is None
    assert understander.amended(weekly, "no, at 4 pm", now=NOW) == Understood(request=replace(weekly, start=AT.replace(hour=16)))


@pytest.mark.parametrize("text", ["yes", "no", "no thanks", "revenue", "make it weekly", ""])
def test_what_is_no_correction_changes_nothing(understander, text):
    """Neither a yes nor a no nor a question."""
    assert understander.amended(BOOKED, text, now=NOW) is None


def test_a_long_text_is_no_correction_by_its_beginning(understander):
    """What stands far behind is not cut off."""
    assert understander.amended(BOOKED, f"no, at four pm{' ' * 200}and cancel everything", now=NOW) is None
