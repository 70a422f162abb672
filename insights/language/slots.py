"""The slots of a chore: when, how long, where, with whom, and the words that were not used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from insights.language.bookings import Booked, moments
from insights.language.colleagues import Colleagues, Named
from insights.language.patterns import Pattern
from insights.language.periods import find
from insights.language.periods.model import Calendar, Found
from insights.language.pieces import Word
from insights.language.places import Place, Rooms
from insights.language.timing import period_of
from insights.language.vocabulary import FILLERS
from insights.language.words import Token
from insights.requests import Period, Reading, Request

_OF_THE_OFFICE = Pattern(r"\b(?:meetings?|bookings?|rooms?|reservations?|appointments?|invitations?|here|calls?|o'clock)\b")
_EMPTY = frozenset(word for phrase in FILLERS for word in phrase.split()) | frozenset(
    "a an the my our your this that it its me us i we you for on at in from until till to by with of and is are be there here room rooms meeting meetings "
    "booking bookings appointment appointments call calls calendar please now right just some any will would can could shall should 's have has had got get up "
    "out another again more longer later earlier one reservation today".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An utterance on its way to a chore; `room` is the room of the device, `names_data` tells whether a metric or a dataset is named, `names_value` whether
    a value is, `begins_with_name` whether its first words are any name of the catalog ("call volume"). `question` reads some of its words as a question
    about data, `previous` is what was talked of."""

    text: str
    words: Sequence[Word]
    tokens: Sequence[Token]
    now: datetime
    room: str | None
    names_data: Callable[[], bool]
    begins_with_name: Callable[[], bool]
    question: Callable[[str], Reading]
    names_value: Callable[[], bool] = lambda: False
    previous: Request | None = None

    @property
    def plain(self) -> str:
        """The normalised words."""
        return " ".join(word.text for word in self.words)

    @property
    def means_data(self) -> bool:
        """Whether data is named and nothing of the office beside it."""
        return _OF_THE_OFFICE.search(self.plain) is None and self.names_data()

    def before(self, end: int) -> Heard:
        """The same without what stands from character `end` on: a title says nothing about the time."""
        return replace(self, words=[word for word in self.words if word.start < end], tokens=[token for token in self.tokens if token.start < end])


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What was found in one utterance; `used` are the places of the words that said it."""

    heard: Heard
    found: tuple[Found, ...]
    booked: Booked
    place: Place | None
    people: tuple[Named, ...]
    used: frozenset[int]

    @property
    def room(self) -> str | None:
        """The room that was named or pointed at."""
        return self.place.room if self.place is not None else None

    @property
    def clocks(self) -> tuple[Found, ...]:
        """The clock times, in the order said."""
        return tuple(item for item in self.found if item.kind == "interval" and item.grain in ("hour", "minute", "second"))

    @property
    def start(self) -> datetime | None:
        """A start with a clock time."""
        return None if self.booked.day_only else self.booked.start

    @property
    def period(self) -> Period | None:
        """The days that were said where no clock time was."""
        if self.start is not None:
            return None
        days = [item for item in self.found if item.kind == "interval" and item.start is not None]
        return period_of(days[0]) if days else None

    @property
    def repeats(self) -> str | None:
        """The rule of what recurs; of several the one that says most: "a weekly meeting every Monday at nine"."""
        rules = [item.rrule for item in self.found if item.kind == "recurrence" and item.rrule is not None]
        return max(rules, key=lambda rule: rule.count(";"), default=None)

    def ignored(self, empty: frozenset[str], more: frozenset[int] = frozenset()) -> tuple[str, ...]:
        """The words that neither filled a slot nor belong to the chore (`empty`); `more` are places that were used otherwise."""
        left = [word.text for place, word in enumerate(self.heard.words) if place not in self.used | more and word.text not in _EMPTY | empty]
        return tuple(dict.fromkeys(left))


class SlotReader:
    """Finds slots in one company's words."""

    def __init__(self, rooms: Rooms, people: Colleagues, calendar: Calendar) -> None:
        self.rooms = rooms
        self.people = people
        self._calendar = calendar

    def read(self, heard: Heard, *, people: bool = False) -> Slots:
        """The slots of an utterance; people are looked for where the chore can have some."""
        found = tuple(find(heard.tokens, now=heard.now, calendar=self._calendar, lean="future"))
        spans = [span for item in found for span in ((item.first, item.last), *((first, last) for _, first, last in item.also))]
        timed = {place for place, word in enumerate(heard.words) if any(word.start >= first and word.end <= last for first, last in spans)}
        place = self.rooms.find(heard.words, heard.room)
        named = self.people.find(heard.words) if people else ()
        named = tuple(person for person in named if not timed & set(range(person.first, person.last)))
        used = timed | {at for one in (*named, *((place,) if place is not None else ())) for at in range(one.first, one.last)}
        return Slots(heard=heard, found=found, booked=moments(found), place=place, people=named, used=frozenset(used))
