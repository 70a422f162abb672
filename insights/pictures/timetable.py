"""A day of bookings as blocks along the hours: what a screen by a room's door shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from insights.pictures.colours import BLUE, FAINT, GREEN, GREY, INK, VERMILION, WHITE
from insights.pictures.frame import MARGIN, SMALL, TITLE, WIDTH
from insights.pictures.lettering import clean, fitted
from insights.pictures.shapes import Box, Line, Picture, Shape, Words

_FIRST, _LAST = 8, 18
_TOP, _BAND, _ROW = 72.0, 56.0, 26.0
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A block of time, local, `end` not included, and what it is called."""

    start: datetime
    end: datetime
    words: str


def timetable(
    title: str,
    entries: Sequence[Entry],
    *,
    alt: str,
    clock: str,
    now: datetime | None = None,
    free: tuple[datetime, datetime] | None = None,
) -> Picture:
    """The day of the first entry (or of `now`): blocks along the hours, a line where it is now, and the entries by name below.

    Only the time that is known to be `free` is shown as such. `clock` is a strftime format.
    """
    day = (now or entries[0].start).replace(hour=0, minute=0, second=0, microsecond=0)
    shown = sorted((one for one in entries if one.start < day + timedelta(days=1) and one.end > day), key=lambda one: (one.start, one.end))
    first, last = _span(day, shown)
    shapes: list[Shape] = [Words(x=MARGIN, y=MARGIN + 12, text=fitted(clean(title), WIDTH - 2 * MARGIN, TITLE, bold=True), size=TITLE, fill=INK, bold=True)]
    shapes.append(Box(x=MARGIN, y=_TOP, width=WIDTH - 2 * MARGIN, height=_BAND, fill=FAINT, opacity=0.5))
    if free is not None and max(free[0], first) < min(free[1], last):
        left, right = _along(max(free[0], first), first, last), _along(min(free[1], last), first, last)
        shapes.append(Box(x=left, y=_TOP, width=right - left, height=_BAND, fill=GREEN, opacity=0.3, words="free"))
    hours = int((last - first) / timedelta(hours=1))
    for hour in range(hours + 1):
        at = first + timedelta(hours=hour)
        x = _along(at, first, last)
        shapes.append(Line(points=((x, _TOP), (x, _TOP + _BAND)), stroke=FAINT))
        if hours <= 14 or hour % 2 == 0:
            shapes.append(Words(x=x, y=_TOP - 8, text=str(at.hour), size=SMALL, fill=GREY, anchor="middle"))
    for one in shown:
        left, right = _along(max(one.start, first), first, last), _along(min(one.end, last), first, last)
        shapes.append(Box(x=left, y=_TOP, width=max(right - left - 2, 2), height=_BAND, fill=BLUE, words=clean(one.words)))
        inside = fitted(clean(one.words), right - left - 10, SMALL) if right - left > 40 else ""
        if inside:
            shapes.append(Words(x=left + 4, y=_TOP + _BAND / 2 + 4, text=inside, size=SMALL, fill=WHITE))
    if now is not None and first <= now <= last:
        x = _along(now, first, last)
        shapes.append(Line(points=((x, _TOP - 4), (x, _TOP + _BAND + 4)), stroke=VERMILION, width=2.5))
    shapes += _listed(shown, clock, none="Nothing is booked here today." if free is not None else "Nothing.")
    height = _TOP + _BAND + MARGIN + _ROW * max(1, min(len(shown), _MOST) + (len(shown) > _MOST)) + 8
    return Picture(width=WIDTH, height=height, title=clean(title), alt=clean(alt) or clean(title), shapes=tuple(shapes))


def _listed(shown: Sequence[Entry], clock: str, *, none: str) -> list[Shape]:
    lines = [f"{one.start.strftime(clock)} to {one.end.strftime(clock)}: {clean(one.words)}" for one in shown[:_MOST]] or [none]
    if len(shown) > _MOST:
        lines.append(f"and {len(shown) - _MOST} more")
    top = _TOP + _BAND + MARGIN + 14
    return [Words(x=MARGIN, y=top + _ROW * n, text=fitted(line, WIDTH - 2 * MARGIN, 14), size=14, fill=INK) for n, line in enumerate(lines)]


def _span(day: datetime, shown: Sequence[Entry]) -> tuple[datetime, datetime]:
    """Whole hours from the working day's first, or the first entry's, to the last."""
    ends = [min(one.end, day + timedelta(days=1)) for one in shown]
    first = min([day + timedelta(hours=_FIRST), *(max(one.start, day).replace(minute=0, second=0, microsecond=0) for one in shown)])
    last = max([day + timedelta(hours=_LAST), *(end + (timedelta(minutes=59) if end.minute or end.second else timedelta()) for end in ends)])
    return first, min(last.replace(minute=0, second=0, microsecond=0), day + timedelta(days=1))


def _along(at: datetime, first: datetime, last: datetime) -> float:
    return MARGIN + (WIDTH - 2 * MARGIN) * ((at - first) / (last - first))
