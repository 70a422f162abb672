"""What the period grammar is told and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from insights.language.periods.conventions import OURS, Conventions

Lean = Literal["past", "future"]
Kind = Literal["interval", "duration", "recurrence"]
Grain = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "half", "year"]
GRAINS: tuple[Grain, ...] = ("second", "minute", "hour", "day", "week", "month", "quarter", "half", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """How the company divides time, and what its data covers.

    `week_starts` and `fiscal_year_starts` count from 1 (Monday, January). A fiscal year is named by the year it ends in.
    `coverage` is the first and last day with data. `events` are the company's own names ("launch") and their dates; `holidays` maps a
    spoken name in lower case to every date it falls on, and adds to those known here; `country` (ISO 3166, "US") says whose Labour Day or
    Mother's Day is meant where the name does not; by `timezone` "in three hours" counts the hours of the night when the clocks change.
    """

    week_starts: int = 1
    fiscal_year_starts: int = 1
    fiscal_by_default: bool = False
    coverage: tuple[date, date] | None = None
    events: Mapping[str, date] = field(default_factory=dict)
    holidays: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    country: str = "US"
    timezone: str | None = None
    conventions: Conventions = OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another reading of the same words: half-open and local, None where an end is open."""

    start: datetime | None
    end: datetime | None
    grain: Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A time expression at characters `[first, last)` of the utterance.

    `span` is the utterance there, `words` the same in lower case without hesitations. An interval is `[start, end)`, local and naive, with
    None for an open end; a day, an hour and a clock time are intervals of their `grain`. A duration has `minutes` (a month counts 30 days, a
    year 365), a recurrence an RFC 5545 `rrule`. `relative` readings follow the clock ("last month"), others the calendar ("July").
    `also` are other places of the utterance that narrowed it, as `(text, first, last)`: "last year" in "July revenue last year".
    `certain` is false where the words may well be no time expression at all (the verb "may", a bare number after "from").
    """

    span: str
    first: int
    last: int
    kind: Kind
    start: datetime | None = None
    end: datetime | None = None
    grain: Grain = "day"
    minutes: int | float | None = None
    rrule: str | None = None
    alternatives: tuple[Other, ...] = ()
    relative: bool = False
    certain: bool = True
    words: str = ""
    also: tuple[tuple[str, int, int], ...] = ()
