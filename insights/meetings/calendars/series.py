"""Series as iCalendar has them: the event that repeats, its exceptions, and one of its days altered, answered or called off."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from insights.errors import NotAnswerable
from insights.meetings.calendars.ics import Component, read, values
from insights.meetings.recurring import parts_of, written

_REPEATING = ("RRULE", "RDATE", "EXDATE", "EXRULE")


class Series:
    """One resource of a CalDAV server: an event with the days on which it is different. Raises NotAnswerable for what would be damaged by editing it."""

    def __init__(self, text: str) -> None:
        found = read(text, name="the event")
        pairs: list[tuple[Component, Component]] = [(calendar, event) for calendar in found.calendars for event in calendar.walk("VEVENT")]
        whole = [event for _, event in pairs if event.get("RECURRENCE-ID") is None]
        if len(whole) != 1 or found.unread or len({id(calendar) for calendar, _ in pairs}) != 1:
            raise _untouchable()
        self.calendar: Component = pairs[0][0]
        self.whole: Component = whole[0]
        self.others = [event for _, event in pairs if event is not self.whole]
        if any("RANGE" in one["RECURRENCE-ID"].params for one in self.others):
            raise _untouchable()

    @property
    def repeats(self) -> bool:
        """Whether it is one at all."""
        return bool(self.others) or any(self.whole.get(name) is not None for name in ("RRULE", "RDATE"))

    @property
    def zone(self) -> tzinfo | None:
        """The zone whose clock it goes by, None for whole days and for times of no zone."""
        begins: date | datetime = self.whole["DTSTART"].dt
        return begins.tzinfo if isinstance(begins, datetime) else None

    @property
    def ends(self) -> date | datetime:
        """When its first day ends."""
        begins: date | datetime = self.whole["DTSTART"].dt
        return begins + self._length()

    def day(self, recurrence: str) -> Component:
        """The event of one day, to be altered; made from the whole where it was not different yet."""
        known = self._known(recurrence)
        if known is not None:
            return known
        begins, made = self._given(recurrence), deepcopy(self.whole)
        length = self._length()
        for name in (*_REPEATING, "DTSTART", "DTEND", "DURATION"):
            made.pop(name, None)
        for name, value in (("RECURRENCE-ID", begins), ("DTSTART", begins), ("DTEND", begins + length)):
            made.add(name, value)
        self.calendar.add_component(made)
        self.others.append(made)
        return made

    def starts(self, recurrence: str) -> date | datetime:
        """When the day takes place, wherever it was moved."""
        known = self._known(recurrence)
        found: date | datetime = known["DTSTART"].dt if known is not None else self._given(recurrence)
        return found

    def drop(self, recurrence: str) -> None:
        """Call one day off."""
        known = self._known(recurrence)
        if known is not None:
            self.calendar.subcomponents.remove(known)
            self.others.remove(known)
        self.whole.add("EXDATE", self._given(recurrence))

    def as_the_rule_says(self) -> None:
        """Forget what is different about its days: they were those of another time."""
        for one in self.others:
            self.calendar.subcomponents.remove(one)
        self.others = []
        self.whole.pop("EXDATE", None)

    def _known(self, recurrence: str) -> Component | None:
        return next((one for one in self.others if stamp(one["RECURRENCE-ID"].dt) == recurrence), None)

    def _given(self, recurrence: str) -> date | datetime:
        """What a stamp means, in the form that the start of the series has."""
        begins = self.whole["DTSTART"].dt
        if not isinstance(begins, datetime):
            return date.fromisoformat(recurrence[:8])
        given = datetime.fromisoformat(recurrence)
        if begins.tzinfo is None:
            return given.replace(tzinfo=None)
        return (given if given.tzinfo is not None else given.replace(tzinfo=UTC)).astimezone(begins.tzinfo)

    def _length(self) -> timedelta:
        if "DURATION" in self.whole:
            found: timedelta = self.whole["DURATION"].dt
            return found
        if "DTEND" not in self.whole:
            return timedelta() if isinstance(self.whole["DTSTART"].dt, datetime) else timedelta(days=1)
        length: timedelta = self.whole["DTEND"].dt - self.whole["DTSTART"].dt
        return length


def stamp(value: date | datetime) -> str:
    """How the occurrences of a series are told apart.

    >>> stamp(datetime(2026, 12, 7, 10, tzinfo=ZoneInfo("America/New_York"))), stamp(date(2026, 12, 7))
    ('20261207T150000Z', '20261207')
    """
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return value.strftime("%Y%m%dT%H%M%S") if isinstance(value, datetime) else value.strftime("%Y%m%d")


def told(rule: str, start: datetime) -> str:
    """A rule of ours as calendars want it: an end by the clock of `start` told in UTC (RFC 5545, 3.3.10).

    >>> told("FREQ=DAILY;UNTIL=20261218", datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("America/New_York")))
    'FREQ=DAILY;UNTIL=20261219T045959Z'
    """
    parts = parts_of(rule)
    if "UNTIL" in parts and not parts["UNTIL"].endswith("Z"):
        digits = parts["UNTIL"] if "T" in parts["UNTIL"] else f"{parts['UNTIL']}T235959"
        parts["UNTIL"] = stamp(datetime.strptime(digits, "%Y%m%dT%H%M%S").replace(tzinfo=start.tzinfo))
    return written(parts)


def zone_of(moment: datetime, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone by whose clock something repeats."""
    return moment.tzinfo if isinstance(moment.tzinfo, ZoneInfo) else otherwise


def count_of(event: Component) -> int:
    """How often the event was changed, for SEQUENCE."""
    return int(next(iter(values(event, "SEQUENCE")), 0))


def _untouchable() -> NotAnswerable:
    return NotAnswerable("That meeting is one of a series that is written in a way I leave alone.", remedy="Change or answer it in its calendar.")
