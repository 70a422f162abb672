"""One utterance while it is being read for times: its words, the clock, and what has already been tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from insights.language.numbers import Number, number
from insights.language.periods.arithmetic import midnight
from insights.language.periods.model import Calendar, Lean
from insights.language.periods.parts import Part
from insights.language.periods.vocabulary import MOVES, PROLONGS
from insights.language.words import Token

# How far "the end of the first week of ..." may nest.
_DEEPEST = 6
_PADDING = ("",) * 12


@dataclass(slots=True)
class Reading:
    """The tokens of an utterance without hesitations; `words[i]` is "" past the end.

    `previous` is where the period found last starts; `moving` and `prolonging` mark requests to move or extend something. `tried` counts
    the rules that were tried.
    """

    tokens: Sequence[Token]
    words: tuple[str, ...]
    now: datetime
    today: datetime
    calendar: Calendar
    lean: Lean
    parse: Callable[[Reading, int], Part | None]
    fiscal: bool
    periods: dict[int, Part | None] = field(default_factory=dict)
    events: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    holidays: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    singles: dict[int, Part | None] = field(default_factory=dict)
    numbers: dict[int, Number | None] = field(default_factory=dict)
    previous: datetime | None = None
    moving: bool = False
    prolonging: bool = False
    depth: int = 0
    tried: int = 0

    def period(self, at: int) -> Part | None:
        """Return the longest period that starts at token `at`; every position is read once."""
        if at in self.periods:
            return self.periods[at]
        if self.depth >= _DEEPEST or not self.words[at]:
            return None
        self.depth += 1
        self.tried += 1
        try:
            found = self.parse(self, at)
        finally:
            self.depth -= 1
        self.periods[at] = found
        return found

    def number(self, at: int) -> Number | None:
        """Return the number at token `at`, if there is one."""
        if at in self.numbers:
            return self.numbers[at]
        found = self.numbers[at] = number(self.tokens, at)
        return found

    def glued(self, at: int) -> bool:
        """Whether token `at` is written to the one before it."""
        return 0 < at < len(self.tokens) and self.tokens[at - 1].end == self.tokens[at].start

    def kind(self, at: int) -> str:
        """Return the kind of token `at`, "" past the end."""
        return self.tokens[at].kind if at < len(self.tokens) else ""


class Event(NamedTuple):
    """A name the company has for a day, or (not `whole`) the end of one: "the outage" of "streaming outage"."""

    words: tuple[str, ...]
    day: date
    whole: bool


@lru_cache(maxsize=64)
def _events(named: tuple[tuple[str, date], ...]) -> Mapping[str, tuple[Event, ...]]:
    """The company's events by their first word; the end of a name too, where no other has the same."""
    names = [(tuple(name.replace("_", " ").replace("-", " ").casefold().split()), day) for name, day in named]
    ends = Counter(words[start:] for words, _ in names for start in range(len(words)))
    found: dict[str, tuple[Event, ...]] = {}
    for words, day in names:
        for start in range(len(words)):
            if not start or ends[words[start:]] == 1:
                event = Event(words=words[start:], day=day, whole=not start)
                found[words[start]] = (*found.get(words[start], ()), event)
    return found


@lru_cache(maxsize=64)
def _holidays(named: tuple[tuple[str, tuple[date, ...]], ...]) -> Mapping[str, tuple[date, ...]]:
    """The company's holidays by their plain names."""
    return {plain_name(name): days for name, days in named}


def plain_name(words: str) -> str:
    """Return a holiday's name without the ways of writing it: "St. Patrick's Day" and "saint patricks day" are one."""
    kept = (word for word in words.casefold().replace("'s", " ").replace("'", " ").replace(".", " ").split())
    return " ".join({"st": "saint", "xmas": "xmas", "christmas": "christmas"}.get(word) or word.rstrip("s") for word in kept)


def reading_of(tokens: Sequence[Token], *, now: datetime, calendar: Calendar, lean: Lean, parse: Callable[[Reading, int], Part | None]) -> Reading:
    """Return the reading of an utterance, at its beginning."""
    kept = [token for token in tokens if token.kind != "hesitation"]
    words = (*(token.text for token in kept), *_PADDING)
    return Reading(
        moving=lean == "future" and not MOVES.isdisjoint(words),
        prolonging=lean == "future" and not PROLONGS.isdisjoint(words),
        tokens=kept,
        words=words,
        now=now,
        today=midnight(now),
        calendar=calendar,
        lean=lean,
        parse=parse,
        fiscal=calendar.fiscal_by_default,
        events=_events(tuple(calendar.events.items())),
        holidays=_holidays(tuple(calendar.holidays.items())),
    )
