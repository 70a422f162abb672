"""What repeats: rules of RFC 5545 checked, put in order, and expanded by the clock on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from insights.errors import NotAnswerable

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_TOO_OFTEN = ("HOURLY", "MINUTELY", "SECONDLY")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
MOST = 1000
"""Occurrences of one series that are looked at within one window; more than a daily meeting has in two years."""


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule by their names, in order. Raises NotAnswerable for what is no rule."""
    pairs = [part.partition("=") for part in rule.removeprefix("RRULE:").split(";") if part]
    parts = {name.strip().upper(): value.strip().upper() for name, _, value in pairs}
    if "FREQ" not in parts or not all(parts.values()):
        raise NotAnswerable("I can't tell how that repeats.", remedy="Say for example 'every Monday at nine'.")
    return parts


def written(parts: dict[str, str]) -> str:
    """The rule made of these parts."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def settled(rule: str, start: datetime, *, clock: bool = False) -> tuple[str, datetime]:
    """The rule without a time of day, and its first occurrence at or after `start` (local, without offset).

    The time of day is that of `start`; where the rule gives one and `clock` is False (no other was said), that one. Raises NotAnswerable for what repeats
    more than once a day, never, or by a rule that makes no sense.

    >>> settled("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", datetime(2026, 5, 6, 0, 0))
    ('FREQ=WEEKLY;BYDAY=MO', datetime.datetime(2026, 5, 11, 9, 0))
    """
    parts = parts_of(rule)
    if parts["FREQ"] in _TOO_OFTEN or any("," in parts.get(name, "") for name in _CLOCK):
        raise NotAnswerable("A meeting can repeat once a day at most.", remedy="Say one time of day.")
    at = {name: int(parts.pop(name)) for name in _CLOCK if name in parts and parts[name].isdigit()}
    begins = start
    if "BYHOUR" in at and not clock:
        begins = start.replace(hour=at["BYHOUR"] % 24, minute=at.get("BYMINUTE", 0) % 60, second=0, microsecond=0)
        if begins < start:
            begins += timedelta(days=1)
    plain = written(parts)
    first = _rule(plain, begins).after(begins, inc=True)
    if first is None:
        raise NotAnswerable("That never happens again.", remedy="Say when it ends, or that it goes on.")
    return plain, first


def occurrences(rule: str, start: datetime, first: datetime, last: datetime) -> Iterator[datetime]:
    """The starts that a rule gives at or after `first` and before `last` (all aware); each by the clock in the zone of `start`.

    A time that the clocks skip is taken as before they went forward (RFC 5545, 3.3.5). The start itself is always one.
    """
    zone = start.tzinfo
    day = timedelta(days=1)
    begin = start.replace(tzinfo=None, fold=0)
    window = [one.astimezone(zone).replace(tzinfo=None, fold=0) for one in (first, last)]
    found = _rule(rule, begin).xafter(max(begin, window[0] - day), count=MOST, inc=True)
    for count, wall in enumerate(found):
        at = wall.replace(tzinfo=zone)
        if wall > window[1] + day or count >= MOST:
            return
        if first.timestamp() <= at.timestamp() < last.timestamp():
            yield at


def last_end(rule: str | None, start: datetime, end: datetime) -> datetime | None:
    """When the last occurrence ends; None where it goes on for ever."""
    if rule is None:
        return end
    parts = parts_of(rule)
    if "UNTIL" not in parts and "COUNT" not in parts:
        return None
    begin = start.replace(tzinfo=None, fold=0)
    final = begin
    for number, one in enumerate(_rule(rule, begin)):
        final = one
        if number >= 20 * MOST:
            return None
    return final.replace(tzinfo=start.tzinfo) + (end.replace(tzinfo=None) - start.replace(tzinfo=None))


def shifted(rule: str, old: datetime, new: datetime) -> str:
    """The rule of a series that begins at `new` instead of `old` (local): weekdays move with it. Raises NotAnswerable where that cannot be written.

    >>> shifted("FREQ=WEEKLY;BYDAY=MO,WE", datetime(2026, 5, 4, 9), datetime(2026, 5, 5, 10))
    'FREQ=WEEKLY;BYDAY=TU,TH'
    """
    days = (new.date() - old.date()).days
    parts = parts_of(rule)
    if days == 0:
        return written(parts)
    given = parts.get("BYDAY", "")
    if given:
        if not all(day in _DAYS for day in given.split(",")):
            raise NotAnswerable("I can move that series to another time of day, not to another day.", remedy="Move its meetings one by one.")
        moved = sorted((_DAYS.index(day) + days) % 7 for day in given.split(","))
        parts["BYDAY"] = ",".join(_DAYS[day] for day in moved)
    elif any(name in parts for name in ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH")):
        raise NotAnswerable("I can move that series to another time of day, not to another day.", remedy="Move its meetings one by one.")
    return written(parts)


@lru_cache(maxsize=256)
def _rule(rule: str, begin: datetime) -> rrule:
    """Raises NotAnswerable for what is no rule; `begin` is local."""
    from dateutil.rrule import rrulestr

    parts = parts_of(rule)
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"])
    try:
        found = rrulestr(written(parts), dtstart=begin, cache=False)
    except (ValueError, TypeError, KeyError) as error:
        raise NotAnswerable("I can't tell how that repeats.", remedy="Say for example 'every Monday at nine'.") from error
    return found


def _until(text: str) -> str:
    """The end of a rule by the clock: a day is the whole of it, and whether it is told in UTC makes no difference of days here."""
    digits = text.rstrip("Z")
    return digits if "T" in digits else f"{digits}T235959"
