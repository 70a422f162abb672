"""Joining and starting calls as people meet them: a speaker says what was done, and the link goes only to those who are in it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.calls.desk import CallDesk
from insights.calls.jitsi import JitsiRooms
from insights.errors import NotAnswerable, OutsideFailed
from insights.events import Attendee, Event
from insights.organization import Organization, Person, Room
from insights.permit import Asker
from insights.requests import JoinCall, StartCall
from insights.wording import Wording

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 12, 1, 10)
PEOPLE = {"ada": Person(id="ada", name="Ada Okafor", slack="U1"), "sam": Person(id="sam", name="Sam Reyes", slack="U2"), "joe": Person(id="joe", name="Joe")}
AT_DESK, IN_FERN = Asker(person=PEOPLE["ada"], audience="private"), Asker(person=PEOPLE["ada"], audience="room", room="fern")


def event(id_, title, hours, minutes=60, **more):
    """A meeting of Ada's that begins so many hours from now."""
    start = NOW.replace(tzinfo=ZONE) + timedelta(hours=hours)
    me = Attendee(person="ada", name="Ada", email="ada@x.example")
    return Event(id=id_, calendar="ada", title=title, start=start, end=start + timedelta(minutes=minutes), organizer=me, **more)


class Screen:
    """A room's system that remembers, or fails."""

    def __init__(self):
        self.joined = {}
        self.broken = False

    def join(self, *, link, dial_in, title, key, now):
        """Remember it."""
        if self.broken:
            raise OutsideFailed("The room system did not answer.")
        self.joined.setdefault(key, link)


@pytest.fixture
def screen():
    """Fern's."""
    return Screen()


@pytest.fixture
def desk(ledger, screen):
    """A desk over some events; `desk.events` may be changed."""
    events = []
    made = CallDesk(
        events=lambda person, start, end: [one for one in events if person == "ada" and one.start < end and one.end > start],
        conferences=JitsiRooms(lambda: b"secret"), room_systems={"fern": screen}, ledger=lambda: ledger,
        organization=Organization(people=PEOPLE, rooms={"fern": Room(id="fern", name="Fern", capacity=6)}), wording=Wording(), timezone="America/New_York",
    )  # fmt: skip
    made.events = events
    return made


def messages(ledger):
    """Who is sent what."""
    return [(item.person, item.payload) for item in ledger.work_in("message", "waiting")]


def test_in_a_room_the_room_joins_and_the_link_goes_to_the_asker(desk, screen, ledger):
    """Nobody hears or sees the address in the room; the same request again does nothing twice."""
    desk.events.append(event("1", "Stand-up", -0.1, link="https://zoom.us/j/1", room="fern"))
    for _ in range(2):
        answer = desk.join(JoinCall(), asker=IN_FERN, now=NOW, key="k")
        assert (answer.status, answer.room_system, answer.sent_to) == ("joined", "Fern", ("your Slack",))
        assert (answer.call.link, answer.call.title, answer.here) == (None, None, False)
        said = Wording().answer(answer)
        assert "zoom.us" not in said.speech + said.text
        assert "The system in Fern is joining." in said.speech
    assert screen.joined == {"k": "https://zoom.us/j/1"}
    [(person, payload)] = messages(ledger)
    assert person == "ada"
    assert "https://zoom.us/j/1" in payload


def test_at_the_desk_the_link_is_in_the_answer(desk, ledger):
    """And nothing is sent, and nothing is said to have been dialled."""
    desk.events.append(event("1", "Stand-up", -0.1, description="Join https://meet.google.com/abc-defg-hij or +1 646 558 8656 PIN: 123 456#"))
    answer = desk.join(JoinCall(), asker=AT_DESK, now=NOW, key="k")
    assert (answer.call.link, answer.call.dial_in, answer.sent_to) == ("https://meet.google.com/abc-defg-hij", "+1 646 558 8656, code 123 456", ())
    said = Wording().answer(answer)
    assert "https://meet.google.com/abc-defg-hij" in said.text
    assert "joining" not in said.speech
    assert messages(ledger) == []


def test_a_room_system_that_fails_is_said_to_have_failed(desk, screen):
    """The link is sent all the same."""
    screen.broken = True
    desk.events.append(event("1", "Stand-up", 0, link="https://zoom.us/j/1"))
    answer = desk.join(JoinCall(), asker=IN_FERN, now=NOW, key="k")
    assert (answer.room_system, answer.failed, answer.sent_to) == (None, "The room system did not answer.", ("your Slack",))
    assert "did not start" in Wording().answer(answer).speech


def test_the_current_meeting_is_the_one_of_the_room_then_the_running_then_the_next(desk):
    """By name or by time it is another; what was declined or has ended is none."""
    link = "https://zoom.us/j/{}".format
    desk.events += [
        event("over", "Old", -3, link=link(1)),
        event("elsewhere", "Long planning", -0.5, 120, link=link(2)),
        event("here", "Stand-up", -0.2, link=link(3), room="fern"),
        event("next", "Review", 2, link=link(4)),
    ]

    def joined(asker, key, **named):
        return desk.join(JoinCall(**named), asker=asker, now=NOW, key=key).call.meeting

    assert joined(IN_FERN, "a") == "here"
    assert joined(AT_DESK, "b", title="review") == "next"
    assert joined(AT_DESK, "c", start=datetime(2026, 12, 1, 12)) == "next"
    del desk.events[1:3]
    assert joined(AT_DESK, "d") == "next"
    desk.events.clear()
    with pytest.raises(NotAnswerable, match="no meeting now"):
        joined(AT_DESK, "e")


def test_a_private_meeting_has_no_name_in_a_refusal_heard_by_others(desk):
    """Nor has any: that it has no call is all that is said."""
    desk.events.append(event("1", "Salary of Sam", 0, private=True))
    with pytest.raises(NotAnswerable) as caught:
        desk.join(JoinCall(), asker=IN_FERN, now=NOW, key="k")
    assert "Salary" not in str(caught.value)


def test_a_call_that_is_started_is_brought_to_those_who_can_be_reached(desk, screen, ledger):
    """Joe has no address here, and is not said to have been sent anything."""
    answer = desk.start(StartCall(people=("sam", "joe", "ada")), asker=IN_FERN, now=NOW, key="k")
    assert (answer.status, answer.sent_to, answer.room_system) == ("started", ("your Slack", "Sam Reyes"), "Fern")
    assert {person for person, _ in messages(ledger)} == {"ada", "sam"}
    assert len({payload[payload.index("https://") :] for _, payload in messages(ledger)}) == 1  # all in one room
    assert desk.start(StartCall(people=("sam", "joe", "ada")), asker=IN_FERN, now=NOW, key="k") == answer
    assert len(messages(ledger)) == 2
