"""Who comes late: the others in that meeting are told once, and nobody else is."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.delivery.outbox import KIND, MEETING, Coming, coming
from insights.delivery.quiet import silence, speak
from insights.errors import NotAnswerable
from insights.meetings import notices
from insights.organization import Organization, Person, Room
from insights.requests import BookRoom, Clarify, MoveMeeting, RespondInvitation, RunLate, ScheduleMeeting

NOW = datetime(2026, 12, 1, 8)  # a Tuesday
TEN = datetime(2026, 12, 1, 10)
ZONE = ZoneInfo("America/New_York")
KEYS = iter(range(10**9))


@pytest.fixture
def organization():
    """Ada, Ben and Sam, and a room."""
    people = {id_: Person(id=id_, name=id_.title()) for id_ in ("ada", "ben", "sam")}
    return Organization(people=people, rooms={"oak": Room(id="oak", name="Oak", capacity=4)})


def arrange(desk, asker, start=TEN, people=("ben",), **wish):
    """A meeting of half an hour."""
    settled = desk.scheduling.settle(ScheduleMeeting(people=people, start=start, minutes=30, **wish), asker=asker, now=NOW)
    assert not isinstance(settled, Clarify)
    return desk.scheduling.scheduling.once(settled[0], asker=asker, key=f"k{next(KEYS)}", now=NOW).meeting


def late(desk, asker, now=NOW, **said):
    """Say it, and carry it out."""
    settled = desk.lateness.settle(RunLate(**said), asker=asker, now=now)
    assert not isinstance(settled, Clarify), settled
    return desk.lateness.telling.once(settled, asker=asker, key=f"k{next(KEYS)}", now=now)


def news(ledger):
    """Who is told that somebody comes late."""
    said = [(item.person, json.loads(item.payload)["text"]) for item in ledger.work_in(KIND, "waiting")]
    return [(person, text) for person, text in said if "late" in text]


def at(local):
    """That time in New York."""
    return local.replace(tzinfo=ZONE)


def test_the_others_are_told_once_however_often_it_is_said(desk, as_, ledger):
    """Each way to say how late is news; the same one is not."""
    arrange(desk, as_("ada"), people=("ben", "sam"), title="Budget")
    first, again = late(desk, as_("ada"), minutes=10), late(desk, as_("ada"), minutes=10)
    assert (first.status, first.told, first.minutes) == ("late", ("Ben", "Sam"), 10)
    assert again == first
    said = 'Ada is running about 10 minutes late for "Budget" on Tuesday, December 1 at 10:00 AM.'
    assert news(ledger) == [("ben", said), ("sam", said)]
    late(desk, as_("ada"), minutes=20)
    assert len(news(ledger)) == 4


def test_who_declined_hears_nothing_and_who_is_invited_may_be_late(desk, as_, ledger):
    """Ben tells Ada; Sam has declined."""
    arrange(desk, as_("ada"), people=("ben", "sam"), title="Budget")
    answered = desk.settling.settle(RespondInvitation(response="decline"), asker=as_("sam"), now=NOW)
    desk.changing.responding.once(answered[0], asker=as_("sam"), key="declined", now=NOW)
    assert late(desk, as_("ben")).told == ("Ada",)
    assert [person for person, _ in news(ledger)] == ["ada"]
    with pytest.raises(NotAnswerable):
        late(desk, as_("sam"))


def test_nobody_is_late_for_what_is_hours_away_unless_it_is_named(desk, as_, ledger):
    """Nor where nobody else comes, nor by a time that is none."""
    meeting = arrange(desk, as_("ada"), start=datetime(2026, 12, 1, 15), title="Budget")
    with pytest.raises(NotAnswerable, match="begins soon"):
        late(desk, as_("ada"))
    for wrong in (0, -5, 241):
        with pytest.raises(NotAnswerable):
            late(desk, as_("ada"), minutes=wrong, title="budget")
    with pytest.raises(NotAnswerable):
        late(desk, as_("sam"), meeting=meeting.id, start=meeting.start)
    assert news(ledger) == []
    assert late(desk, as_("ada"), title="budget").told == ("Ben",)


def test_of_two_that_begin_at_once_it_is_asked_which(desk, as_):
    """And what is asked names them."""
    arrange(desk, as_("ben"), people=("ada",), title="Budget")
    settled = desk.scheduling.settle(ScheduleMeeting(people=("ada",), start=TEN, minutes=30, title="Hiring"), asker=as_("sam"), now=NOW)
    chosen = settled.choices[-1].request if isinstance(settled, Clarify) else settled[0]
    desk.scheduling.scheduling.once(replace(chosen, start=TEN), asker=as_("sam"), key="second", now=NOW)
    asked = desk.lateness.settle(RunLate(minutes=5), asker=as_("ada"), now=NOW)
    assert isinstance(asked, Clarify)
    assert sorted(choice.label.split('"')[1] for choice in asked.choices) == ["Budget", "Hiring"]
    assert {choice.request.minutes for choice in asked.choices} == {5}


def test_what_is_private_is_not_said_where_others_hear(desk, as_, ledger):
    """The people in it are told in private; the reply in a room names neither it nor them."""
    arrange(desk, as_("ada"), title="Layoffs", private=True)
    done = late(desk, as_("ada", audience="room"))
    assert "Layoffs" not in str(done)
    assert "Ben" not in str(done)
    assert news(ledger) == [("ben", 'Ada is running late for "Layoffs" on Tuesday, December 1 at 10:00 AM.')]


def test_an_interrupted_message_reaches_the_rest(desk, as_, ledger, monkeypatch):
    """Where one was told before a crash, whoever looks for it tells the others, each once."""
    arrange(desk, as_("ada"), people=("ben", "sam"), title="Budget")
    settled = desk.lateness.settle(RunLate(), asker=as_("ada"), now=NOW)
    with monkeypatch.context() as crash:
        crash.setattr(notices, "enqueue", _once_then_die(notices.enqueue))
        with pytest.raises(SystemExit):
            desk.lateness.telling.once(settled, asker=as_("ada"), key="k", now=NOW)
    assert [person for person, _ in news(ledger)] == ["ben"]
    found = json.loads(desk.lateness.telling.witness().found("k"))
    assert found["told"] == ["Ben", "Sam"]
    assert [person for person, _ in news(ledger)] == ["ben", "sam"]


def _once_then_die(enqueue):
    """The outbox of a process that ends at its second message."""
    put = []

    def dying(*given, **more):
        if put:
            raise SystemExit
        put.append(1)
        return enqueue(*given, **more)

    return dying


def planned(ledger):
    """Who is to be told of what beforehand."""
    return [(item.person, coming(item)) for item in ledger.work_in(MEETING, "waiting")]


def item_of(ledger, person):
    """The message that waits for somebody."""
    return next(item for item in ledger.work_in(MEETING, "waiting") if item.person == person)


def test_everybody_in_a_meeting_is_told_once_before_it(desk, as_, ledger):
    """Planned when it is near, whatever the number of looks; with the room that is held for it."""
    made = arrange(desk, as_("ada"), title="Budget", room="oak")
    assert desk.before.plan(("ada", "ben", "sam"), at(TEN - timedelta(minutes=30))) == 0
    assert desk.before.plan(("ada", "ben", "sam"), at(TEN - timedelta(minutes=12))) == 2
    assert desk.before.plan(("ada", "ben", "sam"), at(TEN - timedelta(minutes=2))) == 0
    assert planned(ledger) == [(who, Coming(thing=made.id, start=at(TEN))) for who in ("ada", "ben")]
    assert ledger.claim_work(MEETING, now=at(TEN - timedelta(minutes=11)), lease=timedelta(minutes=1)) is None
    told = desk.before.told(item_of(ledger, "ben"), asker=as_("ben"), now=at(TEN - timedelta(minutes=9)))
    assert (told.status, told.minutes, told.meeting.title, told.booking.room, told.meeting.response) == ("soon", 9, "Budget", "oak", "waiting")


def test_a_room_of_ones_own_is_told_of_too(desk, as_, ledger):
    """A booking without a meeting."""
    booked = desk.book(BookRoom(room="oak", start=TEN, minutes=30), asker=as_("sam"), key="b", now=NOW).booking
    assert desk.before.plan(("ada", "sam"), at(TEN - timedelta(minutes=12))) == 1
    told = desk.before.told(item_of(ledger, "sam"), asker=as_("sam"), now=at(TEN - timedelta(minutes=10)))
    assert (told.booking.id, told.meeting.room_name, told.meeting.people) == (booked.id, "Oak", ())


@pytest.mark.parametrize("what", ["moved", "declined", "over", "silenced"])
def test_what_does_not_hold_any_more_is_not_told(desk, as_, ledger, what):
    """It is looked at again when it is sent."""
    arrange(desk, as_("ada"), title="Budget")
    desk.before.plan(("ben",), at(TEN - timedelta(minutes=12)))
    item, now = item_of(ledger, "ben"), TEN - timedelta(minutes=9)
    match what:
        case "moved":
            settled = desk.settling.settle(MoveMeeting(title="budget", to=datetime(2026, 12, 1, 11), start=TEN), asker=as_("ada"), now=NOW)
            desk.changing.moving.once(settled[0], asker=as_("ada"), key="m", now=NOW)
        case "declined":
            settled = desk.settling.settle(RespondInvitation(response="decline"), asker=as_("ben"), now=NOW)
            desk.changing.responding.once(settled[0], asker=as_("ben"), key="d", now=NOW)
        case "over":
            now = TEN + timedelta(minutes=6)
        case _:
            silence(ledger, "ben", key="s", now=at(NOW))
    assert desk.before.told(item, asker=as_("ben"), now=at(now)) is None


def test_who_does_not_want_it_is_not_told_until_they_do(desk, as_, ledger):
    """Silenced twice and back: everybody else is told as before."""
    arrange(desk, as_("ada"), title="Budget")
    silence(ledger, "ada", key="1", now=at(NOW))
    silence(ledger, "ada", key="2", now=at(NOW))
    assert desk.before.plan(("ada", "ben"), at(TEN - timedelta(minutes=14))) == 1
    speak(ledger, "ada", now=at(NOW))
    assert desk.before.plan(("ada", "ben"), at(TEN - timedelta(minutes=8))) == 1
    assert [person for person, _ in planned(ledger)] == ["ben", "ada"]
