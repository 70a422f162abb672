"""What the store promises about what people taught, what they asked of the data team, and what they were refused.

Texts named `meant`, `context` and `reading` are JSON and opaque here. `catalog` is the name of the catalog that a thing belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

LessonKind = Literal["synonym", "question"]
LessonState = Literal["taught", "accepted", "rejected", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A correction as somebody gave it: `said` (a phrase, or a whole question) is to be read as `meant`.

    The same `key` is written down once. `context` is what was talked about when it was taught.
    """

    key: str
    catalog: str
    person: str | None
    kind: LessonKind
    said: str
    meant: str
    context: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLesson(Lesson):
    """A lesson with its fate; `id` is what people call it, such as L-1001, and `by` who judged it (None: nobody yet)."""

    id: str
    state: LessonState
    taught: datetime
    by: str | None = None
    judged: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """A question for the data team: what was said, how it was read (`reading`, with the SQL where there is one), and to whom it goes."""

    key: str
    catalog: str
    person: str
    text: str
    reading: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEnquiry(Enquiry):
    """An enquiry with its reply; `id` is what people call it, such as Q-1001; `answer` None means that it waits."""

    id: str
    asked: datetime
    answer: str | None = None
    by: str | None = None
    answered: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What somebody asked and could not be told, as often as they asked; `seen` names the definitions it was last read with."""

    number: int
    catalog: str
    person: str
    text: str
    refused: datetime
    seen: str


class LessonFile(Protocol):
    """Corrections, each with what became of it. Every change is in the audit log."""

    def add_lesson(self, lesson: Lesson, *, now: datetime) -> KeptLesson:
        """Write it down; the same key gives the one that is there."""

    def lesson(self, catalog: str, lesson: str) -> KeptLesson | None:
        """The lesson with this id, letter case aside, or None."""

    def lessons(self, catalog: str) -> tuple[KeptLesson, ...]:
        """Every lesson of a catalog, oldest first."""

    def judge_lesson(self, lesson: str, state: LessonState, *, was: LessonState, by: str | None, reason: str = "", now: datetime) -> bool:
        """Change what became of it; False when it is not (any more) as it `was`."""

    def lessons_mark(self, catalog: str) -> int:
        """A number that is another one after every change of the lessons of a catalog."""


class Enquiries(Protocol):
    """Questions to the data team."""

    def add_enquiry(self, enquiry: Enquiry, *, now: datetime) -> KeptEnquiry:
        """Write it down; the same key gives the one that is there."""

    def enquiry(self, catalog: str, enquiry: str) -> KeptEnquiry | None:
        """The enquiry with this id, letter case aside, or None."""

    def enquiries(self, catalog: str) -> tuple[KeptEnquiry, ...]:
        """Every enquiry of a catalog, oldest first."""

    def answer_enquiry(self, enquiry: str, answer: str, *, by: str, now: datetime) -> bool:
        """Write the reply down; False when there is one already."""


class Refusals(Protocol):
    """What people could not be told, kept for as long as it may become answerable."""

    def add_refusal(self, catalog: str, person: str, key: str, text: str, *, seen: str, most: int, now: datetime) -> None:
        """Keep it, the newest `most` of a person; one with the same key that is kept already (or was told) stays as it is."""

    def refusals(self, catalog: str, *, since: datetime) -> tuple[Refusal, ...]:
        """Those that nobody was told of yet and that are no older, oldest first; older ones are forgotten."""

    def reread_refusal(self, number: int, *, seen: str) -> None:
        """It was read again with these definitions, and is still refused."""

    def tell_refusal(self, number: int, *, now: datetime) -> bool:
        """The person is being told, once and for all; False when they were."""
