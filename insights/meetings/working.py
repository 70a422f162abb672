"""When people work, by their own clocks, and the days off of a country."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from insights.language.periods.feasts import FEASTS
from insights.meetings.times import wall
from insights.organization import WorkingHours

Span = tuple[datetime, datetime]

_PUBLIC: Mapping[str, tuple[str, ...]] = {
    "US": (
        "new year's day", "martin luther king day", "presidents' day", "memorial day", "juneteenth", "independence day", "labor day", "columbus day",
        "veterans day", "thanksgiving", "christmas",
    ),
    "GB": ("new year's day", "good friday", "easter monday", "early may bank holiday", "spring bank holiday", "august bank holiday", "christmas", "boxing day"),
    "DE": ("new year's day", "good friday", "easter monday", "labour day", "ascension", "whit monday", "german unity day", "christmas", "boxing day"),
    "FR": (
        "new year's day", "easter monday", "labour day", "victory day", "ascension", "whit monday", "bastille day", "assumption", "all saints",
        "armistice day", "christmas",
    ),
    "CA": ("new year's day", "good friday", "victoria day", "canada day", "labour day", "thanksgiving", "christmas"),
}  # fmt: skip
"""The days on which all of a country is off; elsewhere New Year's Day and Christmas. A company adds its own under `holidays`."""


def days_off(own: Iterable[date], country: str | None) -> Callable[[date], bool]:
    """Whether a day is off: one of the company's own, or of its country."""
    declared = frozenset(own)
    names = _PUBLIC.get(country or "", ("new year's day", "christmas") if country else ())

    @cache
    def of_year(year: int) -> frozenset[date]:
        from insights.language.periods.reading import plain_name

        days = set()
        for name in names:
            by_country = FEASTS.get(plain_name(name), {})
            rule = by_country.get(country or "") or by_country.get("") or next(iter(by_country.values()), None)
            day = rule(year) if rule is not None else None
            if day is not None:
                days.add(day.date())
        return frozenset(days)

    return lambda day: day in declared or day in of_year(day.year)


def working(hours: WorkingHours, zone: ZoneInfo, start: datetime, end: datetime, off: Callable[[date], bool]) -> list[Span]:
    """The spans between two instants in which somebody works."""
    first, last = wall(start.astimezone(zone)).date(), wall(end.astimezone(zone)).date()
    spans = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() not in hours.days or off(day):
            continue
        begins, ends = (datetime.combine(day, at, zone) for at in (hours.start, hours.end))
        spans.append((max(begins, start, key=_instant), min(ends, end, key=_instant)))
    return [span for span in spans if _instant(span[0]) < _instant(span[1])]


def common(spans: Iterable[list[Span]]) -> list[Span]:
    """Where all of these overlap, in order."""
    found: list[Span] | None = None
    for mine in spans:
        if found is None:
            found = mine
            continue
        both = [(max(a, c, key=_instant), min(b, d, key=_instant)) for a, b in found for c, d in mine]
        found = [span for span in both if _instant(span[0]) < _instant(span[1])]
    return sorted(found or [], key=lambda span: _instant(span[0]))


def without(spans: list[Span], busy: Iterable[Span], buffer: timedelta = timedelta()) -> list[Span]:
    """What is left of spans when these are taken, and so much before and after each."""
    room = buffer.total_seconds()
    left = spans
    for start, end in busy:
        first, last = _instant(start) - room, _instant(end) + room
        rest: list[Span] = []
        for begins, ends in left:
            if _instant(ends) <= first or last <= _instant(begins):
                rest.append((begins, ends))
                continue
            if _instant(begins) < first:
                rest.append((begins, datetime.fromtimestamp(first, begins.tzinfo)))
            if last < _instant(ends):
                rest.append((datetime.fromtimestamp(last, begins.tzinfo), ends))
        left = rest
    return left


def starts(spans: Iterable[Span], length: timedelta, zone: ZoneInfo, step: int = 15) -> list[datetime]:
    """Where a meeting of that length can begin within the spans: on the quarter hours of the clocks in `zone`, in order."""
    found = []
    for begins, ends in spans:
        local = begins.astimezone(zone)
        past = (local.minute % step) * 60 + local.second + local.microsecond / 1e6
        at = _instant(begins) + (step * 60 - past if past else 0)
        while at + length.total_seconds() <= _instant(ends):
            found.append(datetime.fromtimestamp(at, zone))
            at += step * 60
    return found


def spread(found: list[datetime], most: int = 3, apart: timedelta = timedelta(hours=2)) -> list[datetime]:
    """A few of many starts: the earliest, then such as are not near one another, then, if need be, the next ones."""
    chosen: list[datetime] = []
    for one in found:
        if len(chosen) < most and all(abs(_instant(one) - _instant(other)) >= apart.total_seconds() for other in chosen):
            chosen.append(one)
    rest = [one for one in found if one not in chosen]
    return sorted([*chosen, *rest[: most - len(chosen)]], key=_instant)


def _instant(moment: datetime) -> float:
    return moment.timestamp()
