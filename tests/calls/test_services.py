"""Conferences are made once per key, and rooms join what is signed."""

from datetime import datetime

import pytest

from insights.calls.jitsi import JitsiRooms, kept_secret
from insights.calls.webhook import WebhookRoom
from insights.calls.zoom import ZoomMeetings
from insights.errors import OutcomeUnknown, OutsideFailed, WrongSettings
from insights.systems import System
from tests.calls.fakes import FakeController, FakeZoom

NOW = datetime(2026, 12, 1, 10)


@pytest.fixture
def zoom():
    """Zoom on loopback."""
    fake = FakeZoom(delay=0.8)
    yield fake
    fake.close()


@pytest.fixture
def meetings(zoom):
    """Our adapter of it, in a hurry."""
    made = ZoomMeetings(account="acc", client="client", secret=lambda: "hush", host="me", api=zoom.url, oauth=zoom.url)
    made._api._web.patience = 0.5
    yield made
    made.close()


def test_a_zoom_meeting_is_made_once_per_key_with_its_number(meetings, zoom):
    """Behind other meetings that the list shows page by page."""
    first, other = meetings.make("Stand-up", key="k", now=NOW), meetings.make("Review", key="l", now=NOW)
    assert first.link.startswith("https://zoom.us/j/8")
    assert first.dial_in == "+1 6465588656, code 80000000000"
    assert meetings.make("Stand-up", key="k", now=NOW) == first != other
    assert meetings.made("m") is None
    assert len(zoom.meetings) == 2
    assert zoom.tokens == 1


def test_a_token_that_another_program_ended_is_renewed(meetings, zoom):
    """Without anybody noticing."""
    meetings.make("a", key="a", now=NOW)
    zoom.tokens += 1
    assert meetings.make("b", key="b", now=NOW)
    assert len(zoom.meetings) == 2


@pytest.mark.parametrize("fault", ["503", "429", "dropped after", "slow", "502 after", "dropped before"])
def test_whatever_fails_there_is_one_meeting(meetings, zoom, fault):
    """Made in spite of it, or in doubt; asked again it is the same one."""
    zoom.faults.append(fault)
    try:
        meetings.make("a", key="k", now=NOW)
    except OutcomeUnknown:
        import time

        time.sleep(0.7)
    meetings.make("a", key="k", now=NOW)
    assert len(zoom.meetings) == 1


def test_wrong_credentials_are_for_whoever_runs_the_service(zoom):
    """Not something to try again."""
    wrong = ZoomMeetings(account="acc", client="client", secret=lambda: "wrong", host="me", api=zoom.url, oauth=zoom.url)
    with pytest.raises(WrongSettings, match="credentials"):
        wrong.make("a", key="k", now=NOW)
    wrong.close()


def test_a_jitsi_room_cannot_be_guessed_and_is_the_same_for_its_key(tmp_path):
    """192 bits of a secret that stays, is ours alone, and differs elsewhere."""
    rooms = JitsiRooms(lambda: kept_secret(tmp_path / "calls" / "secret"))
    links = {rooms.make("x", key=f"k{number}", now=NOW).link for number in range(200)}
    assert len(links) == 200
    assert all(len(link.rpartition("/")[2]) == 32 for link in links)
    assert rooms.make("x", key="k1", now=NOW) == JitsiRooms(lambda: kept_secret(tmp_path / "calls" / "secret")).made("k1")
    assert rooms.make("x", key="k1", now=NOW) != JitsiRooms(lambda: kept_secret(tmp_path / "other")).made("k1")
    assert (tmp_path / "calls" / "secret").stat().st_mode & 0o077 == 0


@pytest.fixture
def controller():
    """The controller of Fern."""
    fake = FakeController("shared", delay=0.8)
    yield fake
    fake.close()


def room(controller, secret="shared"):
    """Our side of it, in a hurry."""
    return WebhookRoom(room="fern", url=controller.url, secret=lambda: secret, web=System(controller.url, name="The room system", patience=0.4))


@pytest.mark.parametrize("fault", ["", "503", "429", "dropped after", "dropped before", "502 after", "slow"])
def test_a_room_joins_once_whatever_fails(controller, fault):
    """It is safe to send again, so it is."""
    controller.faults.extend([fault] if fault else [])
    fern = room(controller)
    fern.join(link="https://zoom.us/j/1", dial_in=None, title="Stand-up é", key="k", now=NOW)
    fern.close()
    assert [body["link"] for body in controller.joined.values()] == ["https://zoom.us/j/1"]


def test_a_room_refuses_another_secret_and_an_old_request(controller):
    """Nobody else can switch it on, and nobody can do so with what they recorded."""
    for fern in (room(controller, secret="other"), room(controller)):
        if fern._secret() == "shared":
            fern._clock = lambda: 1_000_000.0
        with pytest.raises(WrongSettings):
            fern.join(link="https://zoom.us/j/1", dial_in=None, title=None, key="k", now=NOW)
        fern.close()
    assert controller.joined == {}


def test_a_room_that_does_not_answer_is_said_to_have_failed(controller):
    """After a few tries."""
    controller.faults.extend(["dropped before"] * 9)
    fern = room(controller)
    with pytest.raises(OutsideFailed, match="did not answer"):
        fern.join(link=None, dial_in="+1", title=None, key="k", now=NOW)
    fern.close()
