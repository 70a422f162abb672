"""Words that begin as one chore does and mean another, or none."""

from datetime import datetime

import pytest

from insights.language.manner import manner
from insights.requests import AnnounceOutage, BookRoom, MoveMeeting, ScheduleMeeting, TicketStatus, Understood, Unsupported, UpdateTicket
from tests.language.company import NOW


def read(understander, text):
    """The request that is read, None for whatever is not understood."""
    reading = understander.understand(text, now=NOW)
    return reading.request if isinstance(reading, Understood) else None


@pytest.mark.parametrize(
    ("said", "thing"),
    [
        ("announce that the wifi works again", "wifi"),
        ("announce that the vpn is back", "vpn"),
        ("announce: the lift has been repaired", "lift"),
        ("announce that the network is up and running again for everybody", "network"),
        ("please announce that e-mail is working again", "e-mail"),
    ],
)
def test_that_something_works_again_is_no_outage(understander, said, thing):
    """It ends the one that was announced."""
    assert read(understander, said) == AnnounceOutage(what=thing, over=True)


@pytest.mark.parametrize(
    "what",
    ["the wifi is down", "the lift is not working", "the network is up and down", "the printer is working only in Mill", "the vpn will not be back until noon"],
)
def test_that_something_does_not_work_yet_is_one(understander, what):
    """Also where it says when or where it works."""
    assert read(understander, f"announce that {what}") == AnnounceOutage(what=what)


@pytest.mark.parametrize("said", ["what do I have to approve", "what do I need to approve", "what needs my approval", "are there any approvals"])
def test_what_waits_for_a_decision_can_be_asked_for(understander, said):
    """It stands among one's tickets."""
    assert read(understander, said) == TicketStatus()


@pytest.mark.parametrize("said", ["delay by carrier name", "delay by carrier", "shift per nurse"])
def test_a_figure_by_something_moves_no_meeting(understander, said):
    """It is not asked to when, either."""
    reading = understander.understand(said, now=NOW)
    assert not isinstance(getattr(reading, "request", None) or getattr(reading, "partial", None), MoveMeeting)


@pytest.mark.parametrize(
    ("said", "private"),
    [
        ("book fern tomorrow at three privately", True),
        ("book fern tomorrow at three as a private meeting", True),
        ("book fern tomorrow at three but not private", False),
        ("book fern tomorrow at three, non-private", False),
        ("book fern tomorrow at three, don't make it private", False),
        ("book fern tomorrow at three, it need not be confidential", False),
        ("not fern but moss, private", True),
    ],
)
def test_private_is_not_what_is_said_not_to_be(said, private):
    """Only what is to be private is hidden from others."""
    assert manner(said).private is private


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("add Mei to the meeting", "add Mei Tanaka to"),
        ("please invite Mei to my budget review", "add Mei Tanaka to"),
        ("put Mei on tomorrow's invite", "add Mei Tanaka to"),
        ("remove Mei from the meeting", "take Mei Tanaka out of"),
        ("take Mei off the stand-up tomorrow", "take Mei Tanaka out of"),
        ("uninvite Mei", "take Mei Tanaka out of"),
        ("remove Paul from the meeting", "take 'paul' out of"),
    ],
)
def test_who_is_in_a_meeting_that_stands_is_not_changed_here(understander, said, words):
    """And no meeting is called off or made for it: it is said who, and what to do instead."""
    reading = understander.understand(said, now=NOW)
    assert isinstance(reading, Unsupported)
    assert words in reading.reason
    assert "calendar" in reading.reason


@pytest.mark.parametrize(
    "said",
    [
        "add Mei to it",
        "add Mei too it",
        "invite Mei to a meeting tomorrow at four pm",
        "cancel the meeting with Mei",
        "add ten minutes to the meeting",
        "drop the 3 pm meeting from the series",
    ],
)
def test_other_chores_with_people_stay_what_they_are(understander, said):
    """Where nothing was arranged before, "it" is no meeting."""
    assert "arranged already" not in getattr(understander.understand(said, now=NOW), "reason", "")


def test_it_is_the_meeting_that_was_just_arranged(understander):
    """Whom to add is named in the refusal."""
    reading = understander.understand("add Mei to it", now=NOW, previous=ScheduleMeeting(people=("ada",), start=NOW, minutes=30))
    assert isinstance(reading, Unsupported)
    assert "add Mei Tanaka to" in reading.reason


@pytest.mark.parametrize(
    ("said", "priority"),
    [
        ("make it urgent", "urgent"),
        ("mark it as urgent please", "urgent"),
        ("make it high priority", "high"),
        ("make it low priority", "low"),
        ("make it not urgent", "normal"),
        ("make it less urgent", "normal"),
        ("make my ticket less urgent", "normal"),
        ("mark ticket T-1001 as no longer urgent", "normal"),
    ],
)
def test_only_a_ticket_is_urgent(understander, said, priority):
    """Also after a room was moved because of what was reported, and never the opposite of what is said."""
    moved = MoveMeeting(meeting="B-1001", to_room="moss", reason="Something in Fern is out of order.")
    reading = understander.understand(said, now=NOW, previous=moved)
    assert isinstance(reading, Understood)
    assert isinstance(reading.request, UpdateTicket)
    assert reading.request.priority == priority


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("book Fern tomorrow at three pm for an hour for the budget review", "budget review"),
        ("book Fern for the design sync tomorrow at three pm for an hour", "design sync"),
        ("book Fern tomorrow at three pm for an hour for our hiring session", "hiring session"),
        ("book Fern tomorrow at three pm for an hour for the team", None),
        ("book Fern tomorrow at three pm for an hour for the meeting", None),
        ("book Fern tomorrow at three pm for an hour", None),
    ],
)
def test_what_a_room_is_for_names_its_booking(understander, said, title):
    """Not whom it is for; and what does not name it is told as not used."""
    reading = understander.understand(said, now=NOW)
    assert isinstance(reading, Understood)
    assert isinstance(reading.request, BookRoom)
    assert (reading.request.title, reading.request.start, reading.request.minutes) == (title, datetime(2026, 11, 23, 15), 60)
    assert ("team" in reading.ignored) is ("team" in said)


@pytest.mark.parametrize(
    "said",
    [
        "book Fern for the Q3 kick-off tomorrow at 3 pm for an hour",
        "book Fern for the July review on monday at 3 pm for an hour",
        "book Fern for the Christmas lunch tomorrow at 3 pm for an hour",
    ],
)
def test_another_date_beside_a_day_does_not_move_it(understander, said):
    """The day that stands with the clock time counts."""
    reading = understander.understand(said, now=NOW)
    assert reading.request.start == datetime(2026, 11, 23, 15)


@pytest.mark.parametrize(
    "said",
    [
        "find three times for an hour with Ada and Mei",
        "find me three slots for an hour with Ada and Mei",
        "suggest some times to meet Ada and Mei for an hour",
        "when can I meet Ada and Mei for an hour",
        "when could we talk to Ada and Mei for an hour",
    ],
)
def test_times_that_suit_everybody_are_asked_for_in_many_ways(understander, said):
    """All who are named are in it, and three times are what is proposed anyway."""
    reading = understander.understand(said, now=NOW)
    assert isinstance(reading, Understood)
    assert reading.request == ScheduleMeeting(people=("ada", "mei"), minutes=60)
    assert reading.ignored == ()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("reject T-1001 because she said that she has it already", "she said that she has it already"),
        ("deny T-1001 since it is too dear.", "it is too dear"),
        ("reject T-1001: not this year", "not this year"),
        ("reject T-1001", ""),
    ],
)
def test_why_something_is_refused_is_told(understander, said, why):
    """To whoever asked for it: the reason is the note."""
    assert read(understander, said) == UpdateTicket(ticket="T-1001", decision="reject", note=why)
