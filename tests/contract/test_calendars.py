"""What every calendar of people promises: meetings are made, changed and called off once, and series are expanded by the clock on the wall."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from insights.errors import UnknownThing
from insights.events import Draft, EventChange

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 10, 19, 9)
MONDAY = datetime(2026, 10, 26, 9, tzinfo=ZONE)
KEYS = count()
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def key():
    """A key that nothing has had."""
    return f"k{next(KEYS)}"


def make(calendars, start=MONDAY, end=None, **more):
    """A meeting of Ada with Ben."""
    whole = {"key": key(), "organizer": "ada", "title": "Budget", "people": ("ben",), "start": start, "end": end or start + HOUR} | more
    return calendars.create(Draft(**whole), now=NOW)


def seen(calendars, person, start=MONDAY - WEEK, end=MONDAY + 4 * WEEK):
    """What stands in somebody's calendar."""
    return calendars.events(person, start, end)


def starts(calendars, person="ada", **window):
    """When it starts, by the clock."""
    return [event.start.replace(tzinfo=None) for event in seen(calendars, person, **window)]


def test_a_meeting_comes_back_as_it_was_made(calendars):
    """To everybody in it, and to nobody else."""
    made = make(calendars, private=True, room="fern", link="https://meet.example/x", key="mine")
    (mine,), (bens,) = seen(calendars, "ada"), seen(calendars, "ben")
    assert (mine.title, mine.start, mine.end, mine.private, mine.room, mine.link) == ("Budget", MONDAY, MONDAY + HOUR, True, "fern", "https://meet.example/x")
    assert (mine.organizer.person, [one.person for one in mine.attendees]) == ("ada", ["ben"])
    assert (bens.title, bens.start, bens.calendar, bens.people) == ("Budget", MONDAY, "ben", frozenset({"ada", "ben"}))
    assert seen(calendars, "cy") == ()
    assert calendars.find("ada", made.id) == mine == calendars.made("ada", "mine")
    assert calendars.made("ada", "another") is None
    assert calendars.find("ada", "nonsense") is None


def test_the_same_key_makes_one_meeting(calendars):
    """Asked again, the same is told."""
    assert make(calendars, key="once").id == make(calendars, key="once").id
    assert len(seen(calendars, "ada")) == 1


def test_only_what_shares_an_instant_with_the_window_is_in_it(calendars):
    """Ends are not included; earliest first."""
    make(calendars, MONDAY + 2 * HOUR)
    make(calendars)
    assert starts(calendars, start=MONDAY + HOUR, end=MONDAY + 2 * HOUR) == []
    assert len(starts(calendars, start=MONDAY + HOUR - timedelta(minutes=1), end=MONDAY + 2 * HOUR)) == 1
    assert starts(calendars) == [datetime(2026, 10, 26, 9), datetime(2026, 10, 26, 11)]


def test_somebody_without_a_calendar_is_an_error(calendars):
    """Nobody is taken to be free because they are not known."""
    with pytest.raises(UnknownThing):
        seen(calendars, "zoe")


def test_answers_to_an_invitation_are_seen_by_all(calendars):
    """The organizer has accepted; the others are waited for until they answer."""
    make(calendars, people=("ben", "cy"))
    (invited,) = seen(calendars, "ben")
    assert (invited.response_of("ada"), invited.response_of("ben")) == ("accepted", "waiting")
    calendars.respond(invited, "declined", key=key(), now=NOW)
    assert [event.response_of("ben") for person in ("ada", "ben", "cy") for event in seen(calendars, person)] == ["declined"] * 3
    calendars.respond(seen(calendars, "ben")[0], "accepted", key=key(), now=NOW)
    assert seen(calendars, "ada")[0].response_of("ben") == "accepted"
    assert seen(calendars, "ada")[0].response_of("cy") == "waiting"


def test_a_meeting_that_is_moved_asks_again(calendars):
    """It keeps its id; the others answer anew."""
    made = make(calendars)
    calendars.respond(seen(calendars, "ben")[0], "accepted", key=key(), now=NOW)
    moved = calendars.change(made, EventChange(start=MONDAY + DAY, end=MONDAY + DAY + HOUR), key=key(), now=NOW)
    assert (moved.id, moved.start, moved.end) == (made.id, MONDAY + DAY, MONDAY + DAY + HOUR)
    (bens,) = seen(calendars, "ben")
    assert (bens.start, bens.response_of("ben")) == (MONDAY + DAY, "waiting")


def test_title_room_and_people_are_changed_alone(calendars):
    """The rest stays, answers too."""
    made = make(calendars, room="fern")
    calendars.respond(seen(calendars, "ben")[0], "accepted", key=key(), now=NOW)
    changed = calendars.change(made, EventChange(title="Plan", room="", people=("ben", "cy")), key=key(), now=NOW)
    assert (changed.title, changed.room, changed.start, changed.response_of("ben")) == ("Plan", None, MONDAY, "accepted")
    assert len(seen(calendars, "cy")) == 1
    calendars.change(changed, EventChange(people=("cy",)), key=key(), now=NOW)
    assert (seen(calendars, "ben"), len(seen(calendars, "cy"))) == ((), 1)


def test_the_same_key_changes_once(calendars):
    """What was changed since is not changed back."""
    made = make(calendars)
    calendars.change(made, EventChange(title="One"), key="c1", now=NOW)
    calendars.change(made, EventChange(title="Two"), key="c2", now=NOW)
    calendars.change(made, EventChange(title="One"), key="c1", now=NOW)
    assert seen(calendars, "ada")[0].title == "Two"


def test_what_is_called_off_is_gone_for_everybody(calendars):
    """Calling it off again does nothing; changing it is an error."""
    made = make(calendars, key="gone")
    for again in (key(), key()):
        calendars.cancel(made, key=again, now=NOW)
    assert seen(calendars, "ada") == seen(calendars, "ben") == ()
    assert calendars.find("ada", made.id) is None
    assert calendars.made("ada", "gone") is None
    with pytest.raises(UnknownThing):
        calendars.change(made, EventChange(title="Plan"), key=key(), now=NOW)


def test_a_series_is_at_the_same_time_of_day_on_both_sides_of_a_change_of_clocks(calendars):
    """On 1 November 2026 the clocks in New York go back: nine stays nine, an hour later by the sun."""
    make(calendars, rule="FREQ=WEEKLY;BYDAY=MO")
    found = seen(calendars, "ben", end=MONDAY + 2 * WEEK)
    assert [event.start.replace(tzinfo=None) for event in found] == [datetime(2026, 10, 26, 9), datetime(2026, 11, 2, 9)]
    assert [event.start.astimezone(UTC).hour for event in found] == [13, 14]
    assert [event.occurrence for event in found] == [event.start for event in found]
    assert len({event.id for event in found}) == 1


def test_a_series_ends_when_its_rule_says_so(calendars):
    """By count or by day."""
    make(calendars, rule="FREQ=DAILY;COUNT=3")
    assert starts(calendars) == [datetime(2026, 10, day, 9) for day in (26, 27, 28)]
    make(calendars, MONDAY + HOUR, rule="FREQ=DAILY;UNTIL=20261027", organizer="ben", people=())
    assert starts(calendars, "ben")[-1] == datetime(2026, 10, 28, 9)
    assert len(starts(calendars, "ben")) == 5


def test_one_of_a_series_is_moved_or_called_off_alone(calendars):
    """The rest stays; a moved one is found where it is now."""
    make(calendars, rule="FREQ=WEEKLY;BYDAY=MO")
    first, second, third = seen(calendars, "ada", end=MONDAY + 2 * WEEK + DAY)
    calendars.change(second, EventChange(start=second.start + DAY, end=second.end + DAY), key=key(), now=NOW)
    calendars.cancel(third, key=key(), now=NOW)
    assert starts(calendars, end=MONDAY + 3 * WEEK + DAY) == [datetime(2026, 10, 26, 9), datetime(2026, 11, 3, 9), datetime(2026, 11, 16, 9)]
    assert starts(calendars, start=MONDAY + WEEK, end=MONDAY + WEEK + DAY) == []
    moved = calendars.find("ben", first.id, second.occurrence)
    assert (moved.start, moved.occurrence) == (second.start + DAY, second.occurrence)
    assert calendars.find("ben", first.id, third.occurrence) is None


def test_one_that_is_moved_before_the_series_begins_is_found_there(calendars):
    """The first is brought forward by a week."""
    make(calendars, rule="FREQ=WEEKLY;BYDAY=MO")
    first = seen(calendars, "ada")[0]
    calendars.change(first, EventChange(start=MONDAY - WEEK + DAY, end=MONDAY - WEEK + DAY + HOUR), key=key(), now=NOW)
    assert starts(calendars, start=MONDAY - WEEK, end=MONDAY) == [datetime(2026, 10, 20, 9)]


def test_an_answer_to_one_of_a_series_holds_for_that_one(calendars):
    """And one to the series for all of them."""
    made = make(calendars, rule="FREQ=WEEKLY;BYDAY=MO")
    first, second, *_ = seen(calendars, "ben")
    calendars.respond(first, "declined", key=key(), now=NOW)
    assert [event.response_of("ben") for event in seen(calendars, "ada")[:2]] == ["declined", "waiting"]
    series = calendars.find("ben", made.id)
    assert (series.occurrence, series.rule) == (None, "FREQ=WEEKLY;BYDAY=MO")
    calendars.respond(series, "tentative", key=key(), now=NOW)
    assert {event.response_of("ben") for event in seen(calendars, "ada")} == {"tentative"}
    moved = calendars.change(second, EventChange(start=second.start + DAY, end=second.end + DAY), key=key(), now=NOW)
    assert moved.response_of("ben") == "waiting"


def test_a_whole_series_is_moved_or_called_off(calendars):
    """Given as such."""
    made = make(calendars, rule="FREQ=WEEKLY;BYDAY=MO")
    series = calendars.find("ada", made.id)
    change = EventChange(start=MONDAY + DAY + HOUR, end=MONDAY + DAY + 2 * HOUR, rule="FREQ=WEEKLY;BYDAY=TU")
    moved = calendars.change(series, change, key=key(), now=NOW)
    assert moved.occurrence is None
    assert starts(calendars, end=MONDAY + WEEK + 2 * DAY) == [datetime(2026, 10, 27, 10), datetime(2026, 11, 3, 10)]
    calendars.cancel(calendars.find("ada", made.id), key=key(), now=NOW)
    assert seen(calendars, "ada") == seen(calendars, "ben") == ()
