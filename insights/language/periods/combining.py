"""Times of one utterance that belong together though they stand apart: "July revenue last year", "Q1 and Q2 of 2025"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insights.language.periods.arithmetic import Span
from insights.language.periods.model import Found, Other
from insights.language.periods.parts import Part, choose, inside, latest, opened
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import COMPARES

# With more years or days than this in one utterance it is not said which holds what.
_MOST_HOLDERS = 4
_LISTED = frozenset({"and", "or", ",", "&"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What was found at tokens `[first, last)`; `part` where it is a single period. No `found`: words that are no time there is."""

    first: int
    last: int
    found: Found | None
    part: Part | None = None


def combined(r: Reading, hits: list[Hit]) -> list[Hit]:
    """Return the hits with a year, week, month or day that was said elsewhere put into those that lack it."""
    if len(hits) < 2:
        return hits
    return _narrowed(r, _listed(r, hits))


def _listed(r: Reading, hits: list[Hit]) -> list[Hit]:
    """ "Q1 and Q2 of 2025", "November, December and January 2026": the last one's year is that of all."""
    result = hits[-1:]
    for hit in reversed(hits[:-1]):
        follower = result[-1]
        between = r.words[hit.last : follower.first]
        part, other = hit.part, follower.part
        together = bool(between) or (part is not None and part.grain == "month")
        if part and other and together and len(between) <= 2 and _LISTED.issuperset(between) and not (part.bound or other.bound):
            given = other.at(0) if other.cycle == "once" else None
            if part.cycle == "year" and given and part.grain == other.grain and (span := latest(part, part.at, given[0])) and span != given:
                hit = replace(hit, found=_placed(hit, span), part=_fixed(part, span))
        result.append(hit)
    return result[::-1]


def _fixed(part: Part, span: Span) -> Part:
    return part._replace(cycle="once", at=lambda _: span, variants=(), others=())


def _placed(hit: Hit, span: Span, others: tuple[Other, ...] = ()) -> Found | None:
    return hit.found and replace(hit.found, start=span[0], end=span[1], alternatives=others)


def _narrowed(r: Reading, hits: list[Hit]) -> list[Hit]:
    """ "Q4 revenue last year", "tomorrow's meeting at three": put the one inside the other, unless they are compared."""
    used: set[int] = set()
    result = list(hits)
    holders = {grain: [hit for hit in hits if hit.part and hit.part.grain == grain] for grain in ("day", "week", "month", "year")}
    for place, hit in enumerate(hits):
        if not hit.part or not hit.found or hit.part.cycle == "once" or (hit.part.bound and hit.part.cycle != "day"):
            continue
        near = holders[hit.part.cycle]
        outers = [other for other in near if other is not hit and _could_hold(r, other, hit)] if len(near) <= _MOST_HOLDERS else []
        whole = inside(hit.part._replace(bound=None), outers[0].part) if len(outers) == 1 and outers[0].part else None
        chosen = whole and choose(whole, r.now, r.calendar, r.lean)
        if whole and chosen:
            used.add(id(outers[0]))
            result[place] = replace(hit, found=_within(hit, outers[0], whole, chosen))
    return [result[place] for place, hit in enumerate(hits) if id(hit) not in used]


def _within(hit: Hit, outer: Hit, whole: Part, chosen: tuple[Span, tuple[Span, ...]]) -> Found | None:
    others = tuple(Other(start=start, end=end, grain=whole.grain) for start, end in chosen[1])
    found = _placed(hit, chosen[0], others)
    if found and hit.part and hit.part.bound:
        start, end = opened(hit.part.bound, hit.part, chosen[0])
        found = replace(found, start=start, end=end, alternatives=())
    if found is None or outer.found is None:
        return None
    also = ((outer.found.span, outer.found.first, outer.found.last),)
    return replace(found, also=also, words=f"{found.words} {outer.found.words}", relative=outer.found.relative, certain=True)


def _could_hold(r: Reading, outer: Hit, inner: Hit) -> bool:
    """Whether a later or earlier hit is the year, week, month or day of this one, and they are neither listed nor compared."""
    part = outer.part
    if part is None or inner.part is None or part.bound or part.range or part.grain != inner.part.cycle or not (outer.found and outer.found.certain):
        return False
    first, last = sorted((outer, inner), key=lambda hit: hit.first)
    between = r.words[first.last : last.first]
    if between and between[-1] == "to" and outer.first > inner.first:
        return False  # "dates back to 1865"
    if not between and inner.part.bound:
        return True  # "tomorrow after lunch"
    if not between or between[-1] in _LISTED or not COMPARES.isdisjoint(between):
        return part.grain == "day" and bool(between)
    return True
