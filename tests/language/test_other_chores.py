"""Words that begin as one chore does and mean another, or none."""

import pytest

from insights.language.manner import manner
from insights.requests import AnnounceOutage, MoveMeeting, TicketStatus, Understood
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
