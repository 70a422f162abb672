"""Events of a calendar -> what happens in a span of time: repetitions, exceptions and moved ones, all-day and floating times, in one zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from insights.meetings.calendars.describing import facts
from insights.meetings.calendars.ics import Component, called, read, values
from insights.meetings.calendars.occurrences import Agenda, Occurrence, Unread, agenda
from insights.meetings.calendars.placing import within
from insights.meetings.calendars.repeating import too_often
from insights.meetings.calendars.series import Series, stamp

if TYPE_CHECKING:
    from icalendar import Calendar

_SLACK = timedelta(hours=26)  # clocks anywhere differ from UTC by at most fourteen hours; a day of light-saving on top


def expand(text: str, start: datetime, end: datetime, *, zone: ZoneInfo, name: str = "the calendar") -> Agenda:
    """What a calendar holds at some time between two aware instants (`end` not included).

    `zone` is where all-day and floating events take place. Events that cannot be read are told in `unread`, with `name` for the calendar; the others
    are kept. Raises OutsideFailed for text that is no calendar.
    """
    found = read(text, name=name)
    unread = list(found.unread)
    occurrences: list[Occurrence] = []
    for calendar in found.calendars:
        try:
            standard = _standard(calendar)
        except Exception as error:  # X-WR-TIMEZONE may name anything
            unread.append(Unread(calendar=name, event="the calendar itself", problem=f"X-WR-TIMEZONE: {error}"[:200]))
            continue
        for series in _series(standard):
            try:
                occurrences += _between(standard, series, start, end, zone)
            except Exception as error:  # the library raises whatever dateutil and datetime do for what stands there
                unread.append(Unread(calendar=name, event=called(series[0]), problem=str(error)[:200] or type(error).__name__))
    return agenda(occurrences, unread)


def standing(text: str, *, zone: ZoneInfo, name: str = "the calendar", recurrence: str | None = None) -> Occurrence | None:
    """The event that a text holds: a series as such, the one of its days with this `recurrence`, or the event where it takes place once.

    None where the day was called off, or there is none. Raises NotAnswerable for a series that cannot be told from its days.
    """
    begins, ends = datetime(1971, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    series = Series(text) if "RRULE" in text or "RECURRENCE-ID" in text else None
    if series is not None and series.repeats and recurrence is None:
        first, last = (instant(moment, zone) for moment in (series.whole["DTSTART"].dt, series.ends))
        return Occurrence(start=first, end=last, all_day=not isinstance(series.whole["DTSTART"].dt, datetime), series=True, **facts(series.whole))
    if series is not None and recurrence is not None:
        at = instant(series.starts(recurrence), zone)
        begins, ends = at - _SLACK, at + _SLACK
    found = expand(text, begins, ends, zone=zone, name=name).occurrences
    return next((one for one in found if recurrence is None or one.recurrence == recurrence), None)


def _standard(calendar: Calendar) -> Calendar:
    """The calendar with the times that X-WR-TIMEZONE means written out."""
    import x_wr_timezone

    standard: Calendar = x_wr_timezone.to_standard(calendar)
    return standard


def _series(calendar: Calendar) -> Iterator[list[Component]]:
    """The events that share a UID: a series with its exceptions. One without a UID stands alone."""
    by_uid: dict[str, list[Component]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        by_uid.setdefault(str(event.get("UID") or f"-{number}"), []).append(event)
    yield from by_uid.values()


def _between(calendar: Calendar, series: list[Component], start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
    """The occurrences of one series. Asked for with clocks of no zone and a margin, then sorted out by the instant."""
    import recurring_ical_events
    from icalendar import Calendar

    for event in series:
        problem = _zoneless(event) or too_often(event, end)
        if problem:
            raise ValueError(problem)
    alone = Calendar()
    alone["X-WR-CALNAME"] = calendar.get("X-WR-CALNAME", "")
    alone.subcomponents = list(series)
    first, last = (moment.astimezone(UTC).replace(tzinfo=None) for moment in (start, end))
    repeats = len(series) > 1 or any(key in series[0] for key in ("RRULE", "RDATE", "RECURRENCE-ID"))
    for event in recurring_ical_events.of(alone).between(first - _SLACK, last + _SLACK):
        one = _occurrence(event, zone, repeats=repeats)
        if within(one, start, end):
            yield one


def _zoneless(event: Component) -> str:
    """The name of a time zone that nobody knows: its events could be at any time."""
    for key in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        for value in values(event, key):
            named, moment = getattr(value, "params", {}).get("TZID"), getattr(value, "dt", None)
            if named and isinstance(moment, datetime) and moment.tzinfo is None:
                return f"the time zone '{str(named)[:60]}' is not known"
    return ""


def _occurrence(event: Component, zone: ZoneInfo, *, repeats: bool) -> Occurrence:
    begins, ends = event["DTSTART"].dt, event["DTEND"].dt
    return Occurrence(
        start=instant(begins, zone),
        end=instant(ends, zone),
        all_day=not isinstance(begins, datetime),
        recurrence=stamp(event["RECURRENCE-ID"].dt) if repeats and "RECURRENCE-ID" in event else None,
        **facts(event),
    )


def instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    """When a date or a time of a calendar is: a date is its midnight in `zone`, and so is a time without one.

    >>> instant(date(2026, 3, 8), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-08T00:00:00+01:00'
    """
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    return value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(UTC).astimezone(zone)


def merged(agendas: Iterable[Agenda]) -> Agenda:
    """Several calendars as one."""
    every = tuple(agendas)
    return agenda((one for each in every for one in each.occurrences), (one for each in every for one in each.unread))
