""" "It" is the booking or the meeting that was told of last, and nothing else that somebody has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from insights.answers import Booking, BookingAnswer
from insights.conversation import State, dump, restore
from insights.requests import BookRoom, CancelMeeting, ExtendBooking, MetricQuestion, MoveMeeting, ReleaseRoom
from insights.things import noted, pointed_at

AT = datetime(2026, 6, 1, 15)
TALK = State(request=BookRoom(room="fern", start=AT, minutes=60), thing="B-1002")


@pytest.mark.parametrize(
    ("request_", "text", "meant"),
    [
        (ExtendBooking(length=90), "no, 90 minutes", ExtendBooking(length=90, booking="B-1002")),
        (ExtendBooking(minutes=15), "make it 15 minutes longer", ExtendBooking(minutes=15, booking="B-1002")),
        (MoveMeeting(to=AT), "no, at three", MoveMeeting(to=AT, meeting="B-1002")),
        (CancelMeeting(), "cancel it", CancelMeeting(meeting="B-1002")),
        (ReleaseRoom(), "release my booking", ReleaseRoom(booking="B-1002")),
    ],
)
def test_it_is_what_was_told_of_last(request_, text, meant):
    """Where nothing else is named."""
    assert pointed_at(request_, TALK, text) == meant


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (ExtendBooking(minutes=30), "can we stay another half hour"),
        (ExtendBooking(minutes=30, room="moss"), "extend it in moss"),
        (MoveMeeting(title="review", to=AT), "move it, the review, to three"),
        (CancelMeeting(start=AT), "cancel that at three"),
    ],
)
def test_what_is_named_or_where_one_is_stays_as_it_is(request_, text):
    """A room, a title or a time says which; staying is said of where one is."""
    assert pointed_at(request_, TALK, text) == request_


def test_it_is_nothing_of_the_office_once_data_is_talked_of():
    """Then "it" is a figure."""
    talk = replace(TALK, request=MetricQuestion(metrics=("revenue",)))
    assert pointed_at(ReleaseRoom(), talk, "release it") == ReleaseRoom()


def test_it_is_kept_until_it_is_over():
    """A conversation remembers it; what was released is nothing any more."""
    booking = Booking(id="B-7", room="fern", room_name="Fern", start=AT, end=AT.replace(hour=16))
    booked = noted(State(), BookingAnswer(status="booked", booking=booking))
    assert restore(dump(booked)).thing == "B-7"
    assert noted(booked, BookingAnswer(status="proposed", booking=booking)).thing == "B-7"
    assert noted(booked, BookingAnswer(status="released", booking=booking)).thing is None
