"""Periods with an open end: "since May", "until five", "after 2010 and before 2018"."""

from __future__ import annotations

from insights.language.periods import clock as clocks
from insights.language.periods.arithmetic import DAY, moved
from insights.language.periods.durations import length
from insights.language.periods.grammar import extended
from insights.language.periods.parts import Bound, Part, once
from insights.language.periods.reading import Reading
from insights.language.periods.rules import RULES
from insights.language.periods.vocabulary import MONTHS, SHORT

_BOUNDS: dict[str, Bound] = {
    "since": "since",
    "starting": "onward",
    "beginning": "onward",
    "after": "after",
    "past": "after",
    "before": "before",
    "until": "until",
    "till": "until",
    "til": "until",
    "through": "through",
    "thru": "through",
    "by": "through",
    "ending": "through",
}

_PHRASES: tuple[tuple[tuple[str, ...], Bound], ...] = (
    (("prior", "to"), "before"),
    (("earlier", "than"), "before"),
    (("later", "than"), "after"),
    (("no", "later", "than"), "through"),
    (("no", "earlier", "than"), "since"),
    (("not", "before"), "since"),
    (("on", "or", "after"), "since"),
    (("on", "or", "before"), "through"),
    (("as", "late", "as"), "through"),
    (("up", "to", "and", "including"), "through"),
    (("up", "to"), "through"),
    (("up", "until"), "until"),
    (("up", "till"), "until"),
    (("as", "of"), "through"),
    (("as", "at"), "through"),
)

# "where year is greater than 2015" is a period too.
_COMPARED: dict[str, Bound] = {"greater": "after", "more": "after", "bigger": "after", "less": "before", "smaller": "before"}

_PHRASE_HEADS = frozenset(phrase[0][0] for phrase in _PHRASES)


def bounded(r: Reading, at: int) -> tuple[Part, Part | None] | None:
    """ "since May", "until June 3", "after 2010 and before 2018": the period with its open end, and the one that closes it."""
    start, bound = _bound_at(r, at)
    if bound is None:
        return _ago(r, at) if r.words[at] in _AGO_HEADS else None
    start += r.words[start] in ("around", "from", "about")
    part = r.period(start)
    if part and r.words[at] == "as" and r.words[at + 1] in ("of", "at") and r.lean == "future":
        bound = "onward"
    if part is None and not (r.words[at] == "by" and r.prolonging):
        time = clocks.clock(r, start, licensed=True)
        part = time and extended(r, time)
    if part is None and r.words[at] == "since":
        return _ago(r, at)
    if part is None or part.bound or (r.words[at] == "by" and not _deadline(part)) or (r.words[at] == "past" and not part.clock):
        return None
    if r.words[at] in ("starting", "beginning") and r.words[start - 1] == "of":
        return None
    opened = part._replace(first=at, bound=_at_the_end(r, part, bound), certain=part.certain or bound != "through")
    if opened.bound not in ("since", "after", "onward"):
        return opened, None
    nxt = opened.last + (r.words[opened.last] in ("and", ",", "but"))
    if r.calendar.conventions.apart and nxt > opened.last:
        return opened, None
    closing = _bound_at(r, nxt)
    if closing[1] in ("before", "until", "through") and r.words[nxt] != "by" and (end := r.period(closing[0])) and not end.bound:
        return opened, end._replace(bound=_at_the_end(r, end, closing[1]))
    if r.words[nxt] == "to" and nxt == opened.last and (end := r.period(nxt + 1)) and not end.bound and end.clock == part.clock:
        return opened, end._replace(bound="through" if not end.clock else "until")
    return opened, None


_AGO: dict[tuple[str, str], Bound] = {
    ("more", "than"): "before",
    ("over", ""): "before",
    ("at", "least"): "before",
    ("longer", "than"): "before",
    ("older", "than"): "before",
    ("less", "than"): "since",
    ("newer", "than"): "since",
    ("younger", "than"): "since",
    ("within", ""): "since",
    ("since", ""): "since",
}


def _ago(r: Reading, at: int) -> tuple[Part, None] | None:
    """ "more than 3 months ago", "less than a week ago", "older than 90 days": everything before or since that day."""
    bound = _AGO.get((r.words[at], r.words[at + 1])) or _AGO.get((r.words[at], ""))
    if bound is None:
        return None
    start = at + 1 + ((r.words[at], r.words[at + 1]) in _AGO)
    span = length(r, start)
    aged = r.words[at] in ("older", "newer", "younger") or (r.words[at] == "since" and span and not r.words[span.last])
    if span is None or span.grain in SHORT or (r.words[span.last] not in ("ago", "back") and not aged):
        return None
    moment = r.today
    for count, grain in span.pieces:
        moment = moved(moment, grain, -count)
    last = span.last + (r.words[span.last] in ("ago", "back", "old"))
    return once(at, last, "day", (moment, moment + DAY))._replace(bound=bound), None


def _bound_at(r: Reading, at: int) -> tuple[int, Bound | None]:
    word = r.words[at]
    if word in ("any", "anytime"):
        after = at + 1 + (word == "any")
        if word == "anytime" or r.words[at + 1] == "time":
            return (after + 1, "onward") if r.words[after] == "from" else _bound_at(r, after)
        return at + 1, None
    if word == "year":
        after = at + 1 + (r.words[at + 1] in ("is", "was", "="))
        if r.words[after + 1] == "than" and r.words[after] in _COMPARED:
            return after + 2, _COMPARED[r.words[after]]
    if r.words[at + 1] == "than" and word in _COMPARED and "year" in r.words[max(at - 3, 0) : at]:
        return at + 2, _COMPARED[word]
    if word in _PHRASE_HEADS:
        for words, bound in _PHRASES:
            if r.words[at : at + len(words)] == words:
                return at + len(words), bound
    return at + 1, _BOUNDS.get(word)


def _deadline(part: Part) -> bool:
    return part.grain != "year" and part.certain


def _at_the_end(r: Reading, part: Part, bound: Bound) -> Bound:
    """ "before the end of May" keeps the last day: the end is meant, not its first instant."""
    if bound in ("before", "until") and part.until and r.words[part.first] in ("end", "close", "eom", "eoq", "eoy", "eow", "eod"):
        return "through"
    return bound


_AGO_HEADS = frozenset(head for head, _ in _AGO)
_STARTS = frozenset({*RULES, *_AGO_HEADS, *_BOUNDS, *_COMPARED, *_PHRASE_HEADS, "the", "our", "any", "anytime"})


def starts(r: Reading, at: int) -> bool:
    """Whether a time could begin at token `at`."""
    word = r.words[at]
    if word in _STARTS or r.kind(at) in ("number", "date", "clock") or word in r.events or r.holidays:
        return True
    return word[:2] in ("fy", "cy") or (word[:1] == "q" and word[2:4] == "fy") or (word[-1:].isdecimal() and (word[0] in "wc" or word[:3] in MONTHS))
