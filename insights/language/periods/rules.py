"""Which single periods a word can begin, and the longest of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from insights.language.numbers import STARTS
from insights.language.periods import clock as clocks
from insights.language.periods import dates, distances, holidays, hours, named, orders, progress, relative, seasons, stretches, subsets, years
from insights.language.periods.conventions import MEALS
from insights.language.periods.parts import Part
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import FISCAL, LAST, MONTHS, MULTIPLES, NEXT, PARTS_OF_DAY, PAST, THIS, UNITS, WEEKDAYS

Rule = Callable[[Reading, int], "Part | None"]

_NUMBERED: tuple[Rule, ...] = (
    dates.month_day, dates.day_month, orders.days_of_month, orders.any_order, dates.numeric, years.year, hours.clock_range, clocks.clock, distances.offset,
    years.decade, named.quarter, named.half_year, subsets.subset, dates.day_of_month,
    stretches.seasonal_year, stretches.weekday_week, stretches.century, stretches.weekdays_ago,
    years.numbered_first, stretches.july_weekend,
)  # fmt: skip


# Which rules a word can begin; a word may stand in several rows.
_BEGINNINGS: tuple[tuple[Iterable[str], tuple[Rule, ...]], ...] = (
    (MONTHS, (dates.month_day, orders.any_order, named.month)),
    (("from", "between"), (orders.days_of_month,)),
    (WEEKDAYS, (named.weekday,)),
    (STARTS, _NUMBERED),
    (THIS | LAST | PAST | NEXT | {"same"}, (relative.same_time, relative.modified, stretches.business_day)),
    (LAST | {"final", "closing"}, (subsets.subset,)),
    (LAST, (progress.last_to_date,)),
    (FISCAL | {"calendar", "fy"}, (years.fiscal_year, named.quarter, named.half_year, progress.to_date)),
    ("iso calendar week wk kw".split(), (named.numbered_week,)),
    ("week weeks".split(), (subsets.week_of,)),
    (UNITS, (distances.neighbour,)),
    ("'".split(), (years.year,)),
    ("to".split(), (clocks.clock,)),
    ("year calendar".split(), (years.year,)),
    (UNITS, (progress.to_date,)),
    ("q quarter qtr fq q1 q2 q3 q4 fq1 fq2 fq3 fq4".split(), (named.quarter,)),
    ("h1 h2 h".split(), (named.half_year,)),
    (("f",), (years.fiscal_year,)),
    ("today otd yesterday tomorrow tmrw tomorow day now right".split(), (relative.named_day,)),
    ("ytd qtd mtd wtd fytd fqtd so fy y q m w".split(), (progress.to_date,)),
    ("earlier later rest remainder".split(), (progress.rest,)),
    ("in within".split(), (distances.offset,)),
    ("beginning start end close middle early mid late eod eow eom eoq eoy".split(), (subsets.edge,)),
    ("weekend".split(), (relative.weekend,)),
    ("noon midday midnight noonish at @ from between quarter half".split(), (hours.clock_range, clocks.clock)),
    ("quarter half".split(), (distances.offset,)),
    ("the".split(), (dates.day_of_month,)),
    (PARTS_OF_DAY, (hours.part_of_day,)),
    ([f"{word}s" for word in PARTS_OF_DAY], (hours.part_of_day,)),
    (MEALS | set("in during early earlier late later mid".split()), (hours.part_of_day,)),
    ("in during within the".split(), (relative.current,)),
    (holidays.FIRST_WORDS, (holidays.holiday,)),
    (seasons.SEASONS, (seasons.season,)),
    ("all ever entire whole full alltime".split(), (stretches.everything,)),
    ("week weeks wk kw".split(), (stretches.numbered_weeks,)),
    ("weekend".split(), (stretches.weekend_of,)),
    ("nineties eighties seventies sixties".split(), (stretches.spoken_decade,)),
    (("july",), (stretches.july_weekend,)),
    ("around about approximately circa".split(), (hours.roughly,)),
    ("latest most".split(), (stretches.latest_unit,)),
    ("ttm ltm".split(), (stretches.trailing_year,)),
    (UNITS, (stretches.at_its_end,)),
    (WEEKDAYS, (stretches.weekday_week,)),
    ("today tomorrow".split(), (stretches.weekday_week,)),
    ("for over".split(), (relative.current,)),
)


def _by_word() -> dict[str, tuple[Rule, ...]]:
    table: dict[str, dict[Rule, None]] = {}
    for words, rules in _BEGINNINGS:
        for word in words:
            table.setdefault(word, {}).update(dict.fromkeys(rules))
    return {word: tuple(rules) for word, rules in table.items()}


RULES = _by_word()

_DATED: tuple[Rule, ...] = (dates.numeric, named.numbered_week)

_CLOCKED: tuple[Rule, ...] = (hours.clock_range, clocks.clock)

_AFTER_NUMBERS = frozenset(
    "of day st to through thru until till and - / , am pm a p o o'clock oclock past in at s ending ended ish noon midnight half quarter 1/2 h d w y s".split()
) | frozenset(["'s", "tonight", "century", *MONTHS, *UNITS, *MULTIPLES])


def _of_time(r: Reading, at: int) -> bool:
    """Whether a number in digits could begin a period: a year, a day written together, or by the word after it."""
    text = r.words[at]
    if len(text) in (4, 8) and text.isdecimal():
        return True
    after = r.words[at + 1]
    if len(text) == 2 and at > 1 and r.words[at - 1] == "of" and r.words[at - 2] in MONTHS:
        return True  # "15 April of 87"
    if len(text) == 2 and at and r.words[at - 1][:1] in ("q", "h") and r.words[at - 1][1:] in ("1", "2", "3", "4"):
        return True  # "Q4 25"
    if after in ("-", "/") and text.isdecimal():
        other, then = r.words[at + 2], r.words[at + 3]
        if r.kind(at + 2) == "clock" or other in MONTHS or len(other) == 4 or (at and r.words[at - 1] in ("from", "between", "at")):
            return True
        return then in _AFTER_NUMBERS and then not in ("-", "/", ",")
    if after[:1] == "q" and text in ("1", "2", "3", "4") and r.glued(at + 1):
        return True  # "1Q25"
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
    elif word[:2] in ("fy", "cy"):
        rules = (*rules, years.fiscal_year)
    elif word[:1] == "q" and word[2:4] == "fy":
        rules = (named.quarter,)
    elif word[-1:].isdecimal() and word[:3] in MONTHS:
        rules = (dates.glued_month_day,)
    elif word[:1] in ("w", "c") and word[-1:].isdecimal():
        rules = (named.numbered_week,)
    if r.events and (word in r.events or word in ("the", "our")):
        rules = (*rules, named.event)
    return (*rules, holidays.holiday) if r.holidays and holidays.holiday not in rules else rules


def single(r: Reading, at: int) -> Part | None:
    """The longest single period at token `at`."""
    if at in r.singles:
        return r.singles[at]
    best: Part | None = None
    rules = _rules_at(r, at)
    r.tried += 1 + len(rules)
    for rule in rules:
        try:
            part = rule(r, at)
        except (ValueError, OverflowError):
            continue  # a date outside what the calendar can hold: not a period
        if part and (best is None or part.last > best.last or (part.last == best.last and part.certain and not best.certain)):
            best = part
    r.singles[at] = best
    return best
