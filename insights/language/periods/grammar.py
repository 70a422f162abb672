"""How times are put together: single periods joined ("Friday at three"), ranged ("May to July") and opened ("since May")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from insights.language.numbers import STARTS
from insights.language.periods import clock as clocks
from insights.language.periods import dates, holidays, named, relative, subsets
from insights.language.periods.arithmetic import Span
from insights.language.periods.parts import Bound, Part, choose, inside, occurrence, span_between
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import COMPARES, FISCAL, LAST, MONTHS, MULTIPLES, NEXT, PARTS_OF_DAY, PAST, THIS, UNITS, WEEKDAYS

Rule = Callable[[Reading, int], "Part | None"]

_NUMBERED: tuple[Rule, ...] = (
    dates.month_day, dates.day_month, dates.numeric, named.year, clocks.clock_range, clocks.clock, relative.offset,
    named.decade, named.quarter, named.half_year, subsets.subset, dates.day_of_month,
)  # fmt: skip


def _rules() -> dict[str, tuple[Rule, ...]]:
    """Which rules a word can begin."""
    table: dict[str, tuple[Rule, ...]] = {}

    def begin(words: object, *rules: Rule) -> None:
        for word in words if not isinstance(words, str) else words.split():  # type: ignore[attr-defined]
            table[word] = (*table.get(word, ()), *(rule for rule in rules if rule not in table.get(word, ())))

    begin(MONTHS, dates.month_day, named.month)
    begin(WEEKDAYS, named.weekday)
    begin(STARTS, *_NUMBERED)
    begin(THIS | LAST | PAST | NEXT | {"same"}, relative.same_time, relative.modified)
    begin(LAST | {"final", "closing"}, subsets.subset)
    begin(FISCAL | {"calendar", "fy"}, named.fiscal_year, named.quarter, named.half_year, relative.to_date)
    begin("iso calendar week wk", named.numbered_week)
    begin("week weeks", subsets.week_of)
    begin(UNITS, relative.neighbour)
    begin("'", named.year)
    begin("to", clocks.clock)
    begin("year calendar", named.year)
    begin(UNITS, relative.to_date)
    begin("q quarter qtr fq q1 q2 q3 q4 fq1 fq2 fq3 fq4", named.quarter)
    begin("h1 h2", named.half_year)
    begin("today yesterday tomorrow tmrw tomorow day now right", relative.named_day)
    begin("ytd qtd mtd wtd fytd fqtd so", relative.to_date)
    begin("earlier later rest remainder", relative.rest)
    begin("in within", relative.offset)
    begin("beginning start end close middle early mid late eod eow eom eoq eoy", subsets.edge)
    begin("weekend", relative.weekend)
    begin("noon midday midnight noonish at @ from between quarter half", clocks.clock_range, clocks.clock)
    begin("quarter half", relative.offset)
    begin("the", dates.day_of_month)
    begin(PARTS_OF_DAY, clocks.part_of_day)
    begin([f"{word}s" for word in PARTS_OF_DAY], clocks.part_of_day)
    begin("in during early late", clocks.part_of_day)
    begin("in during within the", relative.current)
    begin(holidays.FIRST_WORDS, holidays.holiday)
    begin("for over", relative.current)
    return table


RULES = _rules()
_DATED: tuple[Rule, ...] = (dates.numeric, named.numbered_week)
_CLOCKED: tuple[Rule, ...] = (clocks.clock_range, clocks.clock)
_AFTER_NUMBERS = frozenset(
    "of day st to through thru until till and - / , am pm a p o o'clock oclock past in at s ending ended noon midnight half quarter 1/2 h d w y s".split()
) | frozenset([*MONTHS, *UNITS, *MULTIPLES])
_JOINERS = frozenset({"of", "in", "on", "at", ",", "'s", "the", "for", "@", "around", "from", "between", "-", "/"})
# "Friday the 13th of May 2025 at three in the afternoon" has six.
_MOST_JOINED = 6
_BETWEEN_DATES = frozenset({"to", "through", "thru", "until", "till", "-"})
_BOUNDS: dict[str, Bound] = {
    "since": "since",
    "starting": "since",
    "beginning": "since",
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
)
# "where year is greater than 2015" is a period too.
_COMPARED: dict[str, Bound] = {"greater": "after", "more": "after", "bigger": "after", "less": "before", "smaller": "before"}
_PHRASE_HEADS = frozenset(phrase[0][0] for phrase in _PHRASES)
_STARTS = frozenset({*RULES, *_BOUNDS, *_COMPARED, *_PHRASE_HEADS, "the", "our"})
_OPENERS = frozenset({"on", "onward", "onwards", "forward"})


def starts(r: Reading, at: int) -> bool:
    """Whether a time could begin at token `at`."""
    word = r.words[at]
    if word in _STARTS or r.kind(at) in ("number", "date", "clock") or word in r.events or r.holidays:
        return True
    return word[:2] == "fy" or (word[-1:].isdecimal() and (word[0] in "wc" or word[:3] in MONTHS))


def _of_time(r: Reading, at: int) -> bool:
    """Whether a number in digits could begin a period: a year, a day written together, or by the word after it."""
    text = r.words[at]
    if len(text) in (4, 8) and text.isdecimal():
        return True
    after = r.words[at + 1]
    if after in ("-", "/") and text.isdecimal():
        other, then = r.words[at + 2], r.words[at + 3]
        if r.kind(at + 2) == "clock" or other in MONTHS or len(other) == 4 or (at and r.words[at - 1] in ("from", "between", "at")):
            return True
        return then in _AFTER_NUMBERS and then not in ("-", "/", ",")
    return after in _AFTER_NUMBERS or (not text.isdecimal() and text[-1] in "thd") or after[:1] == "h"


def _rules_at(r: Reading, at: int) -> tuple[Rule, ...]:
    word, kind = r.words[at], r.kind(at)
    rules = RULES.get(word, ())
    if kind == "number":
        rules = _NUMBERED if _of_time(r, at) else ()
    elif kind == "date":
        rules = _DATED
    elif kind == "clock":
        rules = _CLOCKED
    elif word[:2] == "fy":
        rules = (named.fiscal_year,)
    elif word[-1:].isdecimal() and word[:3] in MONTHS:
        rules = (dates.glued_month_day,)
    elif word[:1] in ("w", "c") and word[-1:].isdecimal():
        rules = (named.numbered_week,)
    if r.events and (word in r.events or word in ("the", "our")):
        rules = (*rules, named.event)
    return (*rules, holidays.holiday) if r.holidays and holidays.holiday not in rules else rules


def _single(r: Reading, at: int) -> Part | None:
    """The longest single period at token `at`."""
    if at in r.singles:
        return r.singles[at]
    best: Part | None = None
    for rule in _rules_at(r, at):
        try:
            part = rule(r, at)
        except (ValueError, OverflowError):
            continue  # a date outside what the calendar can hold: not a period
        if part and (best is None or part.last > best.last or (part.last == best.last and part.certain and not best.certain)):
            best = part
    r.singles[at] = best
    return best


def parse(r: Reading, at: int) -> Part | None:
    """Return the longest period at token `at` with all that is joined to it; ranges and open ends come on top."""
    part = _single(r, at)
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
    if r.words[part.last : part.last + 2] in (("so", "far"), ("to", "date")) and part.cycle == "once":
        return relative.so_far(r, part, part.first, part.last + 2) or part
    return part


def _joined(r: Reading, part: Part) -> Part | None:
    """The period together with the one that follows it, where one narrows the other."""
    at, joiners = part.last, 0
    while joiners < 3:
        word = r.words[at]
        if not word:
            return None
        for other in (r.period(at), _single(r, at), _number_after(r, part, at, r.words[at - 1] if joiners else "")):
            if other and (whole := _join(part, other)):
                return whole
        if word not in _JOINERS:
            return None
        at, joiners = at + 1, joiners + 1
    return None


def _number_after(r: Reading, part: Part, at: int, joiner: str) -> Part | None:
    """A bare clock hour after "at" or "around", once a day has been said."""
    if part.cycle == "week" and part.grain == "day" and joiner in ("", "the"):
        day = dates.day_of_month(r, at, after_weekday=True)
        if day:
            return day
    if joiner in ("", "from", ",") and part.grain == "day" and r.lean == "future":
        hours = clocks.clock_range(r, at, licensed=True)
        time = None if hours else clocks.clock(r, at, licensed=True)
        return hours or (time if time and time.grain == "minute" else None)
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
    return whole and replace(whole, relative=left.relative or right.relative, certain=True)


def _weekday_and_day(weekday: Part, day: Part) -> Part | None:
    """ "Friday, May 3" is May 3; "Friday the 13th" is the next 13th that is a Friday."""
    if day.cycle != "month":
        return replace(day, first=weekday.first, certain=True)
    wanted = weekday.at(0)
    number = wanted[0].weekday() if wanted else 0

    def occurs(month: int) -> Span | None:
        span = occurrence(day.at, month)
        return span if span and span[0].weekday() == number else None

    return replace(day, first=weekday.first, at=occurs, certain=True)


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
            return replace(whole, first=at if intro else left.first, certain=True)
    if intro == "from" and r.words[left.last] in _OPENERS:
        return replace(left, first=at, last=left.last + 1, bound="since")
    if intro == "from" and r.words[left.last : left.last + 2] == ("and", "later"):
        return replace(left, first=at, last=left.last + 2, bound="since")
    alone = r.period(at) if intro else None
    return alone or left


def _range(left: Part, right: Part) -> Part | None:
    if left.until and left.clock:
        return None
    return span_between(left, right)


def bounded(r: Reading, at: int) -> tuple[Part, Part | None] | None:
    """ "since May", "until June 3", "after 2010 and before 2018": the period with its open end, and the one that closes it."""
    start, bound = _bound_at(r, at)
    if bound is None:
        return None
    start += r.words[start] in ("around", "from", "about")
    part = r.period(start)
    if part is None and not (r.words[at] == "by" and r.prolonging):
        time = clocks.clock(r, start, licensed=True)
        part = time and extended(r, time)
    if part is None or part.bound or (r.words[at] == "by" and not _deadline(part)) or (r.words[at] == "past" and not part.clock):
        return None
    if r.words[at] in ("starting", "beginning") and r.words[start - 1] == "of":
        return None
    opened = replace(part, first=at, bound=_at_the_end(r, part, bound), certain=part.certain or bound != "through")
    if opened.bound not in ("since", "after"):
        return opened, None
    nxt = opened.last + (r.words[opened.last] in ("and", ",", "but"))
    closing = _bound_at(r, nxt)
    if closing[1] in ("before", "until", "through") and r.words[nxt] != "by" and (end := r.period(closing[0])) and not end.bound:
        return opened, replace(end, bound=_at_the_end(r, end, closing[1]))
    if r.words[nxt] == "to" and nxt == opened.last and (end := r.period(nxt + 1)) and not end.bound and end.clock == part.clock:
        return opened, replace(end, bound="through" if not end.clock else "until")
    return opened, None


def _bound_at(r: Reading, at: int) -> tuple[int, Bound | None]:
    word = r.words[at]
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
