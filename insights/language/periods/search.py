"""Looks through an utterance for time expressions, from left to right, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from insights.language.periods import bounds, grammar, recurrence
from insights.language.periods.combining import Hit, combined
from insights.language.periods.conventions import PROFILES
from insights.language.periods.durations import Length, length
from insights.language.periods.endings import Repetition
from insights.language.periods.model import Calendar, Found, Lean, Other
from insights.language.periods.parts import Part, choose, opened
from insights.language.periods.reading import Reading, reading_of
from insights.language.words import Token, tokenise

_DEFAULT = Calendar()
# Nobody says more times at once; what comes after them in a text that long is left unread.
_MOST = 64
# Some ten thousandths of a second; a thousand characters of anything stay below it, ten thousand of number words do not.
_MOST_TRIED = 6000
_READINGS = 3


def find(text: str | Sequence[Token], *, now: datetime, calendar: Calendar | None = None, lean: Lean = "past") -> tuple[Found, ...]:
    """Return the time expressions of an utterance in order, none overlapping another.

    A period without a year is its latest occurrence that the calendar's coverage reaches, else the latest that has begun by `now` (lean
    past), or the next that has not ended (lean future). A bare hour leans to office hours: "at three" is 15:00. `now` is local and naive.
    Any text is accepted, in time linear in its length; no more than 64 expressions are looked for, and what
    follows thousands of words that could begin one is left unread.

    >>> [(f.span, f.start, f.end) for f in find("revenue last month", now=datetime(2026, 11, 22))]
    [('last month', datetime.datetime(2026, 10, 1, 0, 0), datetime.datetime(2026, 11, 1, 0, 0))]
    """
    tokens = tokenise(text) if isinstance(text, str) else text
    r = reading_of(tokens, now=now.replace(tzinfo=None), calendar=calendar or _DEFAULT, lean=lean, parse=grammar.parse)
    hits: list[Hit] = []
    at = 0
    while at < len(r.tokens) and len(hits) < _MOST and r.tried < _MOST_TRIED:
        step = at + 1
        if bounds.starts(r, at) or r.words[at] in recurrence.TRIGGERS:
            r.tried += _READINGS
            hit = _longest(r, at)
            if hit:
                step = hit.last
                hits.append(hit)
                r.previous = hit.found.start if hit.found and hit.found.start else r.previous
        at = step
    hits = hits if r.calendar.conventions.apart else combined(r, hits)
    return tuple(hit.found for hit in hits if hit.found)


def when_json(text: str, now: datetime, calendar: Calendar | None = None, *, lean: Lean = "past") -> dict[str, object]:
    """Return what `insights when` writes for one utterance: `{"text": ..., "found": [{"span", "kind", "start", "end", "grain"}, ...]}`.

    Times are local ISO 8601 to the minute (to the second where one was said), an open end is null. A duration has `minutes` and a
    recurrence its `rrule`; `alternatives` holds other readings of the same span, those by other customs too. `certain` is false where the
    words may be no time at all.
    """
    company = calendar or _DEFAULT
    tokens = tokenise(text)
    readings = [find(tokens, now=now, calendar=company, lean=lean)]
    readings += [
        find(tokens, now=now, calendar=replace(company, conventions=other), lean=lean) for other in PROFILES.values() if other is not company.conventions
    ]
    return {"text": text, "found": [_as_json(_with_customs(found, readings[1:])) for found in readings[0]]}


def _with_customs(found: Found, readings: Sequence[Sequence[Found]]) -> Found:
    """A finding with what other customs take the same words to be as further alternatives."""
    same = [other for reading in readings for other in reading if (other.first, other.last, other.kind) == (found.first, found.last, "interval")]
    known = {(found.start, found.end), *((other.start, other.end) for other in found.alternatives)}
    more = tuple(Other(start=other.start, end=other.end, grain=other.grain) for other in same if (other.start, other.end) not in known)
    return replace(found, alternatives=(*found.alternatives, *more)) if more else found


def _as_json(found: Found) -> dict[str, object]:
    entry: dict[str, object] = {"span": found.span, "kind": found.kind}
    if not found.certain:
        entry["certain"] = False
    if found.kind == "duration":
        return entry | {"minutes": found.minutes, "grain": found.grain}
    if found.kind == "recurrence":
        return entry | {"rrule": found.rrule, "grain": found.grain}
    entry |= {"start": _iso(found.start), "end": _iso(found.end), "grain": found.grain}
    others = [{"kind": "interval", "start": _iso(o.start), "end": _iso(o.end), "grain": o.grain} for o in found.alternatives]
    if found.also:
        entry["also"] = [text for text, _, _ in found.also]
    return entry | {"alternatives": others} if others else entry


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds" if moment.second else "minutes") if moment else None


def _longest(r: Reading, at: int) -> Hit | None:
    """The longest of all that can be read at token `at`; a period before a length of the same words."""
    part, closing = bounds.bounded(r, at) or (None, None)
    alone = grammar.ranged(r, at)
    if part is None or (alone and alone.last > (closing or part).last):
        part, closing = alone, None
    repeated = recurrence.repetition(r, at)
    span = length(r, at)
    ends = (part and (closing or part).last) or 0, repeated.last if repeated else 0, span.last if span else 0
    if repeated and ends[1] >= max(ends):
        return Hit(first=repeated.first, last=repeated.last, found=_repetition(r, repeated))
    if part and ends[0] >= max(ends):
        found = _interval(r, part, closing)
        if found or not span:  # 30 February 2019 is no day, and neither is the rest of it a year
            return Hit(first=part.first, last=ends[0], found=found, part=None if closing else part)
    return Hit(first=span.first, last=span.last, found=_duration(r, span)) if span else None


def _text(r: Reading, first: int, last: int) -> tuple[str, int, int, str]:
    """`(span, first character, last character, words)` of tokens `[first, last)`."""
    tokens = r.tokens[first:last]
    pieces = [tokens[0].raw]
    for before, token in pairwise(tokens):
        pieces.append((" " if token.start > before.end else "") + token.raw)
    return "".join(pieces), tokens[0].start, tokens[-1].end, " ".join(token.text for token in tokens)


def _repetition(r: Reading, found: Repetition) -> Found:
    span, first, last, words = _text(r, found.first, found.last)
    return Found(span=span, first=first, last=last, kind="recurrence", grain=found.grain, rrule=found.rrule, certain=found.certain, words=words)


def _duration(r: Reading, found: Length) -> Found:
    span, first, last, words = _text(r, found.first, found.last)
    return Found(span=span, first=first, last=last, kind="duration", grain=found.grain, minutes=found.minutes, certain=found.certain, words=words)


def _interval(r: Reading, part: Part, closing: Part | None) -> Found | None:
    chosen = choose(part, r.now, r.calendar, r.lean)
    if chosen is None:
        return None
    start, end = opened(part.bound, part, chosen[0])
    others = [opened(part.bound, part, span) for span in chosen[1]]
    if part.bound == "until" and not part.clock:
        others.insert(0, (None, chosen[0][0] if end == chosen[0][1] else chosen[0][1]))
    if closing is not None:
        last = _closing(r, closing, start)
        if last is None or start is None or last <= start:
            return None
        end, others = last, []
    span, first, stop, words = _text(r, part.first, (closing or part).last)
    return Found(
        span=span,
        first=first,
        last=stop,
        kind="interval",
        start=start,
        end=end,
        grain=part.grain,
        alternatives=tuple(Other(start=s, end=e, grain=part.grain) for s, e in others if (s, e) != (start, end)),
        relative=part.relative,
        certain=part.certain,
        words=words,
    )


def _closing(r: Reading, closing: Part, start: datetime | None) -> datetime | None:
    """Where the period ends that another part opened: its first occurrence after the start."""
    chosen = choose(closing, start or r.now, r.calendar, "future")
    return opened(closing.bound, closing, chosen[0])[1] if chosen else None
