"""Lengths of time: "an hour and a half", "thirty minutes", "90 min", "two weeks"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insights.language.periods.model import Grain
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import AFTER, GLUED_UNITS, MINUTES, MULTIPLES, UNITS

_INTRODUCE = frozenset("for in within about around than another by takes take lasts last lasting over after every".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A length said at tokens `[first, last)` as `(count, grain)` pieces, the coarsest first."""

    first: int
    last: int
    pieces: tuple[tuple[int | float, Grain], ...]
    certain: bool = True

    @property
    def grain(self) -> Grain:
        """The finest grain that was said."""
        return self.pieces[-1][1]

    @property
    def minutes(self) -> int | float:
        """Minutes, a month counted as 30 days and a year as 365."""
        total = sum(count * MINUTES[grain] for count, grain in self.pieces)
        return int(total) if total == int(total) else round(total, 6)


def length(r: Reading, at: int) -> Length | None:
    """Return the longest length at token `at`."""
    found = _fraction(r, at) or _counted(r, at)
    if found is None:
        return None
    return _more(r, found)


def unit_at(r: Reading, at: int) -> tuple[float, Grain, int] | None:
    """`(how many, grain, last)` of the unit at token `at`: a fortnight is two weeks."""
    word = r.words[at]
    if word in UNITS:
        return 1, UNITS[word], at + 1
    if word in MULTIPLES:
        return (*MULTIPLES[word], at + 1)
    return None


def _piece(first: int, last: int, count: float, grain: Grain, *, certain: bool = True) -> Length:
    if grain == "half":
        count, grain = count * 6, "month"
    return Length(first=first, last=last, pieces=((int(count) if count == int(count) else count, grain),), certain=certain)


def _counted(r: Reading, at: int) -> Length | None:
    """ "three weeks", "3-day", "an hour", "10d", "one and a half hours"."""
    if r.words[at] in ("a", "an") and (unit := unit_at(r, at + 1)):
        if r.words[at + 1] == "second" and r.kind(unit[2]) == "word" and r.words[unit[2]] not in AFTER | {"ago", "later", "back"}:
            return None  # "a second round"
        certain = (bool(at) and r.words[at - 1] in _INTRODUCE) or r.words[at + 1] == "hour" or r.words[unit[2]] in ("and", "ago", "from", "later")
        return _piece(at, unit[2], unit[0], unit[1], certain=certain)
    if r.words[at] == "hour" and r.words[at + 1] == "and" and r.words[at + 2] == "a" and r.words[at + 3] == "half":
        return _piece(at, at + 1, 1, "hour")
    found = r.number(at)
    if found is None or found.ordinal or found.symbol or found.value < 0:
        return None
    if r.words[found.last] == "and" and found.value in range(20, 100, 10) and r.kind(at) == "word":  # "twenty and four hours"
        ones = r.number(found.last + 1)
        unit = unit_at(r, ones.last) if ones and not ones.ordinal and ones.value in range(1, 10) and ones.last == found.last + 2 else None
        if ones and unit:
            return _piece(at, unit[2], (found.value + ones.value) * unit[0], unit[1])
    if r.words[found.last] == "and" and "/" in r.words[found.last + 1] and (part := r.number(found.last + 1)) and (unit := unit_at(r, part.last)):
        return _piece(at, unit[2], (found.value + part.value) * unit[0], unit[1])
    if r.words[found.last : found.last + 2] == ("and", "half") and (unit := unit_at(r, found.last + 2)):
        return _piece(at, unit[2], found.value + 0.5, unit[1])
    last = found.last + (r.words[found.last] == "-" and r.glued(found.last))
    unit = unit_at(r, last)
    word = r.words[last]
    minutes = word[1:].removesuffix("min").removesuffix("m") if word[:1] == "h" else ""
    if unit is None and len(minutes) == 2 and minutes.isdecimal() and r.glued(last):  # "3h30", "1h30m"
        return Length(first=at, last=last + 1, pieces=((found.value, "hour"), (int(minutes), "minute")))
    if unit is None and r.kind(at) == "number" and r.glued(last) and word in GLUED_UNITS and not (r.glued(at) or r.glued(last + 1)):
        unit = 1, GLUED_UNITS[word], last + 1
    if unit is None:
        return None
    return _piece(at, unit[2], found.value * unit[0], unit[1])


def _fraction(r: Reading, at: int) -> Length | None:
    """ "half an hour", "a half hour", "quarter of an hour", "three quarters of an hour"."""
    start = at + (r.words[at] == "a" and r.words[at + 1] in ("half", "quarter"))
    if r.words[start] == "half":
        unit_first = start + 1 + (r.words[start + 1] in ("a", "an", "-"))
        unit = unit_at(r, unit_first)
        return _piece(at, unit[2], unit[0] / 2, unit[1]) if unit and unit[1] != "half" else None
    count, start = (0.75, start + 1) if r.words[start] == "three" and r.words[start + 1] == "quarters" else (0.25, start)
    if r.words[start] == "quarter" and start > at and r.words[start + 1] in ("hour", "hr"):
        return _piece(at, start + 2, count, "hour")
    if r.words[start] not in ("quarter", "quarters") or r.words[start + 1] != "of" or r.words[start + 2] not in ("an", "a"):
        return None
    unit = unit_at(r, start + 3)
    return _piece(at, unit[2], count * unit[0], unit[1]) if unit else None


def _more(r: Reading, found: Length) -> Length:
    """Add "and a half", "and thirty minutes", "thirty" after hours, as long as the grains become finer."""
    words, last, (count, grain) = r.words, found.last, found.pieces[-1]
    if words[last] == "and" and words[last + 1] == "a" and words[last + 2] in ("half", "quarter"):
        extra = 0.5 if words[last + 2] == "half" else 0.25
        if unit_at(r, last + 3) is None:
            total = count + extra
            return replace(found, last=last + 3, pieces=((int(total) if total == int(total) else total, grain),), certain=True)
    start = last + (words[last] in ("and", ","))
    start += words[last] == "," and words[start] == "and"
    nxt = _counted(r, start) or _fraction(r, start)
    if nxt and MINUTES[nxt.pieces[0][1]] < MINUTES[grain] and (nxt.pieces[0][1], grain) != ("month", "quarter"):
        more = _more(r, nxt)
        return replace(found, last=more.last, pieces=found.pieces + more.pieces)
    if grain == "hour" and r.words[start][-1:] == "m" and r.words[start][:-1].isdecimal() and len(r.words[start]) < 4:  # "1h 30m"
        return replace(found, last=start + 1, pieces=(*found.pieces, (int(r.words[start][:-1]), "minute")))
    if grain == "hour" and start == last and (minutes := r.number(last)) and not minutes.ordinal and 10 <= minutes.value < 60 and not minutes.symbol:
        glued = r.glued(last)
        if isinstance(minutes.value, int) and minutes.last == last + 1 and (glued or (r.kind(last) == "word" and not words[minutes.last])):
            return replace(found, last=minutes.last, pieces=(*found.pieces, (minutes.value, "minute")))
    return found
