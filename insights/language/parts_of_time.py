"""Recurring parts of time: weekdays and hours as conditions and as groups."""

from __future__ import annotations

from datetime import datetime

from insights.catalog.model import Catalog, FieldId
from insights.language.chunks import Parted
from insights.language.draft import Draft, Key
from insights.language.patterns import Pattern
from insights.language.periods.model import Found
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.language.stuck import Stuck
from insights.language.timing import is_fine, weekdays
from insights.requests import Filter, Operator, Unsupported

_CLOCK = r"(?:\d{1,2}(?::\d\d)?(?: ?(?:am|pm))?|noon|midnight|midday|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: (?:am|pm|o'clock))?)"
_PLAIN = Pattern(
    rf"(?:at |around |after |before |until |since |from |between )?{_CLOCK}(?: (?:and|to|until|till|-) {_CLOCK})?(?: or (?:later|earlier))?"
    r"|(?:in the |during the |the )?(?:morning|afternoon|evening|night)|at night"
)
"""A time of day with no day beside it."""


def is_daily(found: Found) -> bool:
    """Whether it is a time of any day: "before 9 am", not "yesterday at 9"."""
    return found.kind == "interval" and is_fine(found) and not found.relative and _PLAIN.fullmatch(found.words or found.span.casefold()) is not None


def condition_of(piece: Piece) -> Parted | None:
    """The condition that a time which comes again and again makes; None for any other time. An hour counts whole: "until 9:30" is none."""
    found = piece.found
    if found is None:
        return None
    days = weekdays(found)
    if days:
        return Parted(part="weekday", words=piece.words, values=days)
    if not is_daily(found):
        return None
    hours = _hours(found.start, found.end)
    return None if hours is None else Parted(part="hour", words=piece.words, op=hours[0], values=hours[1])


def _hours(start: datetime | None, end: datetime | None) -> tuple[Operator, tuple[int, ...]] | None:
    """Whole hours, half-open: between 9 and 11 is hours 9 and 10."""
    if any(moment is not None and (moment.minute or moment.second) for moment in (start, end)):
        return None
    if start is None and end is not None:
        return ("<", (end.hour,))
    if start is not None and end is None:
        return (">=", (start.hour,))
    if start is None or end is None:
        return None
    last = (end.hour - 1) % 24
    if last < start.hour:
        return None
    return ("=", (start.hour,)) if last == start.hour else ("between", (start.hour, last))


def check(field: FieldId, part: str, catalog: Catalog) -> None:
    """Raises Stuck where the hour is asked of what is recorded by the day."""
    if part == "hour" and catalog.fields[field].kind != "timestamp":
        label = Phrasing(catalog).field(field)
        raise Stuck(Unsupported(reason=f"{label} is recorded by day, without a time of day; I can show it by weekday, day, week or month."), cost=0.5)


def apply(parted: Parted, field: FieldId, draft: Draft, catalog: Catalog) -> None:
    """Divide by the part, or keep the rows that fall into it. Raises Stuck."""
    check(field, parted.part, catalog)
    key = Key(field, parted.part)
    if not parted.values:
        if key not in draft.group_by:
            draft.group_by.append(key)
        return
    written = key.written(catalog)
    for place, known in enumerate(draft.filters):
        if known.dimension == written and known.op == parted.op == "=":
            draft.filters[place] = Filter(dimension=written, values=tuple(dict.fromkeys((*known.values, *parted.values))))
            return
    if any(known.dimension == written for known in draft.filters):
        raise Stuck(Unsupported(reason=f"I can take one range of hours at a time, and '{parted.words}' is a second one."))
    draft.filters.append(Filter(dimension=written, op=parted.op, values=parted.values))
    if parted.part == "hour" and not any(letter.isdigit() for letter in parted.words):
        hours = f"the hours {parted.values[0]} to {parted.values[-1]}" if parted.op == "between" else f"hour {parted.values[0]}"
        draft.assume(f"'{parted.words}' is {hours}")
