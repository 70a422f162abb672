"""Replies to a question back: the slot that was missing."""

from __future__ import annotations

from datetime import datetime

import pytest

from insights.requests import BookRoom, Clarify, FindRoom, MetricQuestion, RaiseTicket, Understood, Unsupported
from tests.language.company import NOW

TOMORROW = datetime(2026, 11, 23)


@pytest.mark.parametrize(("reply", "hour"), [("three", 15), ("3", 15), ("eleven.", 11), ("15", 15)])
def test_an_hour_and_nothing_else_is_the_start(understander, reply, hour):
    """To the question when it shall start; of three there are two, and the next one is meant."""
    partial = BookRoom(people=4, start=TOMORROW)
    reading = understander.complete(partial, "start", reply, now=NOW)
    assert isinstance(reading, Clarify)
    assert reading.missing == "minutes"
    assert reading.partial == BookRoom(people=4, start=TOMORROW.replace(hour=hour))


@pytest.mark.parametrize(
    ("partial", "missing", "text", "whole"),
    [
        (BookRoom(minutes=60, people=4), "start", "tomorrow at three", BookRoom(start=datetime(2026, 11, 23, 15), minutes=60, people=4)),
        (BookRoom(start=TOMORROW, minutes=60), "start", "at three", BookRoom(start=datetime(2026, 11, 23, 15), minutes=60)),
        (BookRoom(room="fern", start=datetime(2026, 11, 22, 14)), "minutes", "an hour", BookRoom(room="fern", start=datetime(2026, 11, 22, 14), minutes=60)),
        (BookRoom(start=datetime(2026, 11, 22, 14)), "minutes", "half an hour", BookRoom(start=datetime(2026, 11, 22, 14), minutes=30)),
        (BookRoom(start=datetime(2026, 11, 22, 14)), "minutes", "45", BookRoom(start=datetime(2026, 11, 22, 14), minutes=45)),
        (BookRoom(start=datetime(2026, 11, 22, 14)), "minutes", "until four", BookRoom(start=datetime(2026, 11, 22, 14), minutes=120)),
        (
            BookRoom(start=datetime(2026, 11, 22, 14), minutes=30),
            "room",
            "the Dock please",
            BookRoom(room="dock", start=datetime(2026, 11, 22, 14), minutes=30),
        ),
        (RaiseTicket(room="fern"), "what", "The lamp flickers.", RaiseTicket(what="The lamp flickers", room="fern")),
        (FindRoom(start=TOMORROW, people=4), "start", "at nine", FindRoom(start=datetime(2026, 11, 23, 9), people=4)),
    ],
)
def test_a_reply_fills_the_slot_that_was_asked_for(understander, partial, missing, text, whole):
    """The rest of what was said before stays."""
    assert understander.complete(partial, missing, text, now=NOW) == Understood(request=whole)


def test_the_next_thing_that_is_missing_is_asked_for(understander):
    """After the start comes the length."""
    reading = understander.complete(BookRoom(people=4), "start", "tomorrow at three", now=NOW)
    assert isinstance(reading, Clarify)
    assert (reading.missing, reading.partial) == ("minutes", BookRoom(start=datetime(2026, 11, 23, 15), people=4))


def test_a_reply_that_says_nothing_of_the_kind_is_no_reply(understander):
    """Then the conversation reads it as something new."""
    assert isinstance(understander.complete(BookRoom(people=4), "start", "revenue by region", now=NOW), Unsupported)


def test_a_question_can_be_completed_by_a_fragment(understander):
    """A question that waits for its metric takes one."""
    reading = understander.complete(MetricQuestion(analysis="breakdown", metrics=("orders",), group_by=("region",)), "metric", "revenue", now=NOW)
    assert isinstance(reading, Understood)
