"""How times are put together: single periods joined ("Friday at three") and ranged ("May to July")."""

from __future__ import annotations

from insights.language.periods import clock as clocks
from insights.language.periods import dates, hours, orders, progress
from insights.language.periods.arithmetic import Span
from insights.language.periods.parts import Part, choose, inside, occurrence, span_between
from insights.language.periods.reading import Reading
from insights.language.periods.rules import single
from insights.language.periods.vocabulary import AFTER, COMPARES

_JOINERS = frozenset({"of", "in", "on", "at", ",", "'s", "the", "for", "@", "around", "from", "between", "-", "/"})

# "Friday the 13th of May 2025 at three in the afternoon" has six.
_MOST_JOINED = 6

_BETWEEN_DATES = frozenset({"to", "through", "thru", "until", "till", "-"})

_OPENERS = frozenset({"on", "onward", "onwards", "forward"})


def parse(r: Reading, at: int) -> Part | None:
    """Return the longest period at token `at` with all that is joined to it; ranges and open ends come on top."""
    part = single(r, at)
    if r.words[at] == "the" and r.words[at + 1] != "the":
        inner = r.period(at + 1)
        if inner and (part is None or inner.last > part.last):
            return inner
    return part and extended(r, part)


def extended(r: Reading, part: Part) -> Part:
    """Return a period with all that narrows it: "Friday" "the 13th" "at three", "this year" "so far"."""
    for _ in range(_MOST_JOINED):
        longer = _joined(r, part)
        if longer is None:
            break
        part = longer
    if r.words[part.last : part.last + 2] == ("all", "day") and part.grain == "day" and not r.words[part.last + 2]:
        part = part._replace(last=part.last + 2)
    if r.words[part.last : part.last + 2] in (("so", "far"), ("to", "date")) and not part.clock:
        return progress.so_far(r, part, part.first, part.last + 2) or part
    return part


def _joined(r: Reading, part: Part) -> Part | None:
    """The period together with the one that follows it, where one narrows the other."""
    at, joiners = part.last, 0
    while joiners < 3:
        word = r.words[at]
        if not word:
            return None
        joiner = r.words[at - 1] if joiners else ""
        for read in (Reading.period, single):
            if (other := read(r, at)) and (whole := _join(part, other)):
                return whole
        if (other := _number_after(r, part, at, joiner)) and (whole := _join(part, other)):
            return whole
        if word not in _JOINERS:
            return None
        at, joiners = at + 1, joiners + 1
    return None


def _number_after(r: Reading, part: Part, at: int, joiner: str) -> Part | None:
    """A bare clock hour after "at" or "around", once a day has been said."""
    if part.cycle == "week" and part.grain == "day" and joiner in ("", "the"):
        day = dates.day_of_month(r, at, after_weekday=True) or (orders.after_weekday(r, part, at) if not joiner else None)
        if day:
            return day
    if joiner in ("", "from", "between") and part.grain == "hour" and part.until and not part.range:
        return hours.clock_range(r, at, licensed=True)
    if joiner in ("", "from", ",") and part.grain == "day" and r.lean == "future":
        between = hours.clock_range(r, at, licensed=True)
        time = None if between else clocks.clock(r, at, licensed=True)
        return between or (time if time and time.grain == "minute" else None)
    if joiner in ("at", "around", "@", "for") and part.grain in ("day", "hour"):
        return clocks.clock(r, at, licensed=joiner != "for")
    return None


def _join(left: Part, right: Part) -> Part | None:
    if left.until and not left.clock and right.clock:
        return None
    if left.cycle == "week" and left.grain == "day" and right.grain == "day" and not right.until and right.cycle != "week":
        return _weekday_and_day(left, right)
    whole = inside(left, right) or inside(right, left)
    if whole and whole.grain == "year":
        return None
    return whole and whole._replace(relative=left.relative or right.relative, certain=True)


def _weekday_and_day(weekday: Part, day: Part) -> Part | None:
    """ "Friday, May 3" is May 3; "Friday the 13th" is the next 13th that is a Friday."""
    if day.cycle != "month":
        return day._replace(first=weekday.first, certain=True)
    wanted = weekday.at(0)
    number = wanted[0].weekday() if wanted else 0

    def occurs(month: int) -> Span | None:
        span = occurrence(day.at, month)
        return span if span and span[0].weekday() == number else None

    return day._replace(first=weekday.first, at=occurs, certain=True)


def ranged(r: Reading, at: int) -> Part | None:
    """ "from May to July", "between 1 May and 15 May", "Monday to Friday", "May 2024 - July 2025", or the period alone."""
    intro = r.words[at] if r.words[at] in ("from", "between") else ""
    start = at + bool(intro)
    left = r.period(start)
    if left is None or left.bound or (intro and left.first > start + 1):
        return r.period(at) if intro else left
    link = r.words[left.last]
    if link == "to" and (r.moving or (not intro and not COMPARES.isdisjoint(r.words[max(0, at - 8) : at]))):
        return left  # "move it from three to four", "compare this year to last year"
    if link in _BETWEEN_DATES or (link == "and" and intro == "between"):
        right = r.period(left.last + 1)
        whole = right and _range(left, right)
        if whole and choose(whole, r.now, r.calendar, r.lean):
            return whole._replace(first=at if intro else left.first, certain=True)
    if intro == "from" and r.words[left.last] in _OPENERS:
        return left._replace(first=at, last=left.last + 1, bound="onward")
    if intro == "from" and r.words[left.last : left.last + 2] == ("and", "later"):
        return left._replace(first=at, last=left.last + 2, bound="onward")
    alone = r.period(at) if intro else None
    return _open_ended(r, alone or left)


def _open_ended(r: Reading, part: Part) -> Part:
    """ "2012 or later", "May and before": the period with all that follows it, or all that went before."""
    link, side = r.words[part.last], r.words[part.last + 1]
    after = r.words[part.last + 2]
    if link not in ("or", "and") or part.bound or (after and after not in AFTER and r.kind(part.last + 2) != "punctuation"):
        return part
    if side in ("later", "after", "since", "newer", "onwards", "onward"):
        return part._replace(last=part.last + 2, bound="since", certain=True)
    return part._replace(last=part.last + 2, bound="through", certain=True) if side in ("earlier", "before", "prior", "older") else part


def _range(left: Part, right: Part) -> Part | None:
    if left.until and left.clock and (left.range or not (right.until and right.clock) or right.range):
        return None
    return span_between(left, right)
