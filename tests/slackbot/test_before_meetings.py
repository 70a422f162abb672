"""The message before a meeting, end to end: brought by the worker, with buttons that the core carries out for whoever presses them."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.settings import Settings
from insights.turns import Turn
from insights.wiring.working import work_once
from slackbot.door import door
from tests.slackbot.test_at_work import buttons
from tests.slackbot.workplace import SECRET, Workplace

ADA, BEN = "U01", "U11"


@pytest.fixture
def place(slack, office, tmp_path):
    """The app over HTTP."""
    section = {"signing_secret": SECRET, "bot_token": "xoxb-1", "base_url": slack.base_url}
    return Workplace(slack, office, Settings(home=tmp_path, sections={"slack": section}))


@pytest.fixture
def told(slack, office, place):
    """Rounds of the worker; gives what they brought to one person."""
    messenger = door.messenger(office, place.settings)

    def rounds(person, *, ahead=5, times=2):
        before = len(slack.to("/api/chat.postMessage"))
        zone = ZoneInfo(office.catalog.timezone)
        moment = office.now().replace(tzinfo=zone) + timedelta(minutes=ahead)
        for _ in range(times):
            work_once(office, {"slack": messenger}, clock=lambda: moment)
        return [one for one in slack.to("/api/chat.postMessage")[before:] if one["channel"] == person]

    return rounds


@pytest.fixture
def meeting(office):
    """Ada meets Ben in a room in ten minutes, about something private."""
    start = office.now() + timedelta(minutes=10)
    said = f"schedule a private meeting with ben today at {start:%H:%M} for 30 minutes in fern called layoffs"
    for number, text in enumerate((said, "yes")):
        reply = office.reply(Turn(text, person="ada", conversation="c", id=f"m{number}"))
    assert reply.outcome == "understood", reply.text
    return reply.answer.meeting


def press(place, button, user):
    """Press it in the direct messages of somebody."""

    async def scene():
        await place.press(button, user=user, channel=f"D{user}", ephemeral=False)
        await place.app._inner._office.idle()

    asyncio.run(scene())


def test_everybody_is_told_once_with_what_there_is_to_do(slack, office, place, told, meeting):
    """The organizer may release the room, who is invited may still answer; running late reaches the other one, once."""
    (for_ada,) = told(ADA, times=3)
    assert '"layoffs" begins in' in for_ada["text"]
    assert list(buttons(for_ada)) == ["Check in", "Release", "Running late", "5 minutes late", "15 minutes late", "No such messages"]
    assert told(ADA) == []
    for _ in range(2):
        press(place, buttons(for_ada)["5 minutes late"], ADA)
    assert any("I've told Ben Sharma" in str(one.get("text")) for one in slack.answers())
    late = [one["text"] for one in told(BEN) if "late" in one["text"]]
    assert len(late) == 1
    assert late[0].startswith('Ada Okafor is running about 5 minutes late for "layoffs"')


def test_who_is_invited_answers_under_it_and_wants_no_more_of_them(slack, office, place, told, meeting):
    """And checks in; nothing comes before the next meeting."""
    messages = [one for one in slack.to("/api/chat.postMessage") if one["channel"] == BEN] or told(BEN)
    soon = next(one for one in messages if "begins in" in one["text"])
    assert "with Ada Okafor." in soon["text"]  # not with himself
    assert list(buttons(soon)) == ["Check in", "Running late", "5 minutes late", "15 minutes late", "Accept", "Maybe", "Decline", "No such messages"]
    press(place, buttons(soon)["Accept"], BEN)
    press(place, buttons(soon)["Check in"], BEN)
    press(place, buttons(soon)["No such messages"], BEN)
    said = " ".join(str(one.get("text")) for one in slack.answers())
    assert 'You\'ve accepted "layoffs"' in said
    accepted = next(one for one in slack.answers() if "You've accepted" in str(one.get("text")))
    assert list(buttons(accepted)) == ["Maybe", "Decline"]
    assert "I won't tell you before meetings any more." in said
    assert office.ledger.checked_in(next(iter(office._parts.office().meetings.ground.rooms.held_by("ada", start=None, end=None))).id) is not None


def test_nobody_outside_the_meeting_gets_anything_through_its_buttons(slack, office, place, told, meeting):
    """A forwarded button tells nobody, releases nothing and names nothing."""
    (for_ada,) = told(ADA)
    before = len(slack.answers())
    for label in ("Running late", "Release"):
        press(place, buttons(for_ada)[label], "U08")
    said = " ".join(str(one) for one in slack.answers()[before:])
    assert said
    assert "layoffs" not in said
    assert [one for one in told(BEN) if "late" in one["text"]] == []
    assert office._parts.office().meetings.ground.rooms.held_by("ada", start=None, end=None)
