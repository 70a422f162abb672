"""Periods that lie so far from now or from another: "3 weeks ago", "in half an hour", "the week before last"."""

from __future__ import annotations

from insights.language.periods.arithmetic import DAY, MONTHS, Span, elapsed, midnight, moved, unit
from insights.language.periods.clock import moment_span
from insights.language.periods.durations import Length, length
from insights.language.periods.model import Grain, Lean
from insights.language.periods.parts import Part, choose, once
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import AFTER, SHORT, UNITS


def offset(r: Reading, at: int) -> Part | None:
    """ "3 weeks ago", "in half an hour", "two days from now", "a week after May 5", "within three days"."""
    word = r.words[at]
    inward = word in ("in", "within")
    span = length(r, at + inward)
    if span is None:
        return None
    if word == "within":
        if r.words[span.last] == "of":
            return _near(r, at, span)
        # Of what has been it may be a length: "shipped within three days".
        return once(at, span.last, span.grain, _rolling_length(r, span))._replace(certain=r.lean == "future")
    if inward:
        tail = span.last + 2 if r.words[span.last : span.last + 2] in (("from", "now"), ("'s", "time")) else span.last
        return _displaced(r, at, tail, span, 1)
    word, after = r.words[span.last], r.words[span.last + 1]
    if word == "ago" and after in ("today", "yesterday", "tomorrow") and span.grain not in SHORT:
        moment = r.today + {"today": 0, "yesterday": -1, "tomorrow": 1}[after] * DAY
        for count, grain in span.pieces:
            moment = moved(moment, grain, -count)
        return once(at, span.last + 2, "day", (midnight(moment), midnight(moment) + DAY))
    if word in ("ago", "back", "earlier"):
        return _displaced(r, at, span.last + 1, span, -1)
    if word in ("hence", "later") and not (word == "later" and after in ("this", "in", "today", "tonight")):
        return _displaced(r, at, span.last + 1, span, 1)
    if word in ("from", "before") and after in ("now", "today") and not (word == "before" and after == "today"):
        return _displaced(r, at, span.last + 2, span, 1 if word == "from" else -1)
    if word in ("starting", "beginning") or (word == "from" and at and r.words[at - 1] == "for"):
        return _starting(r, at, span)
    if word in ("before", "after", "from", "following"):
        return _around(r, at, span, -1 if word == "before" else 1)
    if word in ("ending", "ended") or (word == "to" and span.grain in MONTHS and r.lean == "past"):
        return _ending(r, at, span)
    return None


def _rolling_length(r: Reading, span: Length) -> Span:
    begin = r.now.replace(second=0, microsecond=0) if span.grain in SHORT else r.today
    end = begin
    for count, grain in span.pieces:
        end = elapsed(end, grain, count, r.calendar) if grain in SHORT else moved(end, grain, count)
    return begin, end


def _displaced(r: Reading, first: int, last: int, span: Length, sign: int) -> Part:
    moment = r.now if span.grain in SHORT else r.today
    for count, grain in span.pieces:
        moment = elapsed(moment, grain, sign * count, r.calendar) if grain in SHORT else moved(moment, grain, sign * count)
    if span.grain in SHORT:
        fine: Grain = "second" if span.grain == "second" else "minute"
        moment = moment.replace(microsecond=0) if fine == "second" else moment.replace(second=0, microsecond=0)
        return once(first, last, fine, moment_span(moment, fine))
    day = (midnight(moment), midnight(moment) + DAY)
    if span.grain == "day":
        return once(first, last, "day", day)
    exact = all(isinstance(count, int) for count, _ in span.pieces)
    coarse: Grain = span.grain if exact else "month"
    whole = unit(coarse, moment, 0, r.calendar, fiscal=r.fiscal)
    if sign < 0 and r.lean == "past":
        return once(first, last, coarse, whole, others=(day,))
    return once(first, last, "day", day, others=(whole,))


def _around(r: Reading, first: int, span: Length, sign: int) -> Part | None:
    anchor = r.period(span.last + 1 + (r.words[span.last + 1] == "the"))
    lean: Lean = r.lean
    chosen = anchor and choose(anchor, r.now, r.calendar, lean)
    if not anchor or not chosen or anchor.bound:
        return None
    moment = chosen[0][0]
    for count, grain in span.pieces:
        moment = moved(moment, grain, sign * count)
    fine: Grain = "minute" if span.grain in SHORT or anchor.clock else "day"
    result = moment_span(moment, "minute") if fine == "minute" else (moment, moment + DAY)
    return once(first, anchor.last, fine, result)._replace(relative=anchor.relative)


def _near(r: Reading, first: int, span: Length) -> Part | None:
    """ "within a week of the launch": as much before it and after it."""
    anchor = r.period(span.last + 1) or r.period(span.last + 1 + (r.words[span.last + 1] == "the"))
    chosen = choose(anchor, r.now, r.calendar, r.lean) if anchor else None
    if anchor is None or chosen is None or anchor.bound or anchor.clock or span.grain in SHORT:
        return None
    begin, end = chosen[0]
    for count, grain in span.pieces:
        begin, end = moved(begin, grain, -count), moved(end, grain, count)
    return once(first, anchor.last, "day", (begin, end))._replace(relative=anchor.relative, until=True)


def _starting(r: Reading, first: int, span: Length) -> Part | None:
    """ "3 days starting tomorrow", "for two weeks from next Monday"."""
    anchor = r.period(span.last + 1 + (r.words[span.last + 1] in ("on", "the", "from")))
    chosen = anchor and choose(anchor, r.now, r.calendar, r.lean)
    if not anchor or not chosen or anchor.bound or anchor.clock or span.grain in SHORT:
        return None
    begin = end = chosen[0][0]
    for count, grain in span.pieces:
        end = moved(end, grain, count)
    return once(first, anchor.last, span.grain, (begin, end))._replace(relative=anchor.relative, until=True)


def _ending(r: Reading, first: int, span: Length) -> Part | None:
    """ "12 months ended June 2026", "the year ending in March"."""
    start = span.last + 1
    start += r.words[start] in ("in", "on")
    anchor = r.period(start)
    chosen = anchor and choose(anchor, r.now, r.calendar, r.lean)
    if not anchor or not chosen or anchor.bound or anchor.clock or span.grain in SHORT:
        return None
    end = chosen[0][1]
    begin = end
    for count, grain in span.pieces:
        begin = moved(begin, grain, -count)
    return once(first, anchor.last, span.grain, (begin, end))._replace(relative=anchor.relative, until=True)


def neighbour(r: Reading, at: int) -> Part | None:
    """ "the day before Thanksgiving", "the week before last", "the week after next", "the month before" what was just said."""
    grain, side = UNITS.get(r.words[at]), r.words[at + 1]
    if side in ("ending", "ended") and grain and grain != "week":
        return _ending(r, at, Length(first=at, last=at + 1, pieces=((1, grain),)))
    if grain is None or grain in SHORT or side not in ("before", "after", "prior"):
        return None
    if r.calendar.conventions.apart and grain == "year" and at and r.words[at - 1] == "the":
        return None
    step = 1 if side == "after" else -1
    nxt = r.words[at + 2]
    if nxt in ("last", "next") and (not r.words[at + 3] or r.words[at + 3] in AFTER or r.kind(at + 3) == "punctuation"):
        return once(at, at + 3, grain, unit(grain, r.now, step + (1 if nxt == "next" else -1), r.calendar, fiscal=r.fiscal))
    anchor = r.period(at + 2 + (nxt == "the")) if nxt else None
    if anchor and not anchor.bound and not anchor.clock and grain in ("day", "week"):
        chosen = choose(anchor, r.now, r.calendar, r.lean)
        edge = chosen and (chosen[0][0] - DAY if step < 0 else chosen[0][1])
        return once(at, anchor.last, grain, unit(grain, edge, 0, r.calendar), relative=anchor.relative) if edge else None
    said = r.previous or (r.now if r.calendar.conventions.every_the and at and r.words[at - 1] == "the" else None)
    if anchor is None and said and (not nxt or nxt in AFTER or r.kind(at + 2) == "punctuation"):
        return once(at, at + 2, grain, unit(grain, said, step, r.calendar, fiscal=r.fiscal))
    return None
