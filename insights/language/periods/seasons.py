"""Seasons: "this summer", "winter 2025", "the spring of last year"; whole months of the northern half of the world."""

from __future__ import annotations

from insights.language.periods.arithmetic import Span, month_start
from insights.language.periods.parts import Part
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import AFTER, LAST, NEXT, PAST, THIS, VERBS

# The month each begins with, as meteorologists count; a winter is named by the December it begins in.
SEASONS = {"spring": 3, "summer": 6, "summertime": 6, "autumn": 9, "fall": 9, "winter": 12, "wintertime": 12}
_OF_YEARS = LAST | THIS | NEXT
_BEFORE = frozenset("in during since until till before after of through throughout by over for from between early late mid next last this".split())


def season(r: Reading, at: int) -> Part | None:
    """ "summer", "fall": not the verbs and goods ("did revenue fall", "summer dresses"), which are doubted or none."""
    month = SEASONS.get(r.words[at])
    if month is None:
        return None
    before, after = r.words[at - 1] if at else "", r.words[at + 1]
    if before == "the" and at > 1:
        before = r.words[at - 2]
    dated = r.kind(at + 1) == "number" or (after == "of" and (r.kind(at + 2) == "number" or r.words[at + 2] in _OF_YEARS))
    dated = dated or (after in _OF_YEARS and r.words[at] not in ("fall", "spring"))
    ends = not after or r.kind(at + 1) == "punctuation" or (after in AFTER and after not in VERBS) or dated or after in SEASONS
    certain = ends and (before in _BEFORE or dated or (not before and not after))
    of_something = after in ("in", "of") and not dated  # "why the fall in revenue"
    if r.words[at] in ("fall", "spring") and (not certain or of_something):
        return None

    def occurs(year: int) -> Span:
        return month_start(year, month), month_start(year, month + 3)

    return Part(first=at, last=at + 1, grain="month", cycle="year", at=occurs, certain=certain, until=True)


def season_of(r: Reading, at: int) -> Part | None:
    """A season after "this", "last" or "next"."""
    part = season(r, at)
    if part is None:
        before = r.words[at - 1] if at else ""
        if r.words[at] not in SEASONS or before not in THIS | LAST | NEXT | PAST:
            return None
    return part and part._replace(certain=True)
