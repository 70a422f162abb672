"""Corrections: written down when they are given, used for who gave them, and for everybody once a data owner accepts them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from insights.catalog.model import Catalog
from insights.errors import NotPermitted, UnknownThing
from insights.language.forms import singular
from insights.language.lessons import NOTHING_TAUGHT, Lessons, TaughtPhrase, TaughtQuestion, question_key
from insights.language.lexicon import Link
from insights.language.understand import Understander
from insights.ledger.lessons import KeptLesson, Lesson, LessonFile
from insights.organization import Person
from insights.permit import Permit
from insights.requests import MetricQuestion, Scalar
from insights.teaching.export import Trial, fragment
from insights.teaching.judging import Objection, Replay, same_words, spoken
from insights.teaching.meanings import Meaning, Meant, item, label, meant, of_link, of_question, owners


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A lesson as somebody may see it. `means` is in the company's own words; `objections` say why it cannot be accepted as it is."""

    lesson: KeptLesson
    means: str
    is_owner: bool
    objections: tuple[Objection, ...] = ()


class LessonDesk:
    """The lessons of one catalog. Safe to use from many threads.

    `ledger` opens the store; `standing` tells whether there is one, so that asking a question makes none. `reader` understands with every name there is,
    `knows` tells whether a person may hear of a meaning.
    """

    def __init__(
        self,
        *,
        ledger: Callable[[], LessonFile],
        standing: Callable[[], bool],
        catalog: Catalog,
        permit: Permit,
        reader: Callable[[], Understander],
        knows: Callable[[Person | None, Meaning], bool],
    ) -> None:
        self._ledger = ledger
        self._standing = standing
        self._catalog = catalog
        self._permit = permit
        self._reader = reader
        self._knows = knows
        self._known: tuple[int, tuple[Meant, ...], dict[str | None, Lessons]] = (0, (), {})
        self._lock = Lock()

    def of(self, person: str | None) -> Lessons:
        """What holds for this person: their own lessons, then the accepted ones. None is the unnamed local user."""
        if not self._standing():
            return NOTHING_TAUGHT
        everything, made = self._all()
        if not everything:
            return NOTHING_TAUGHT
        found = made.get(person)
        if found is None:
            mine = [one for one in everything if one.lesson.person == person and one.lesson.state in ("taught", "accepted")]
            accepted = [one for one in everything if one.lesson.state == "accepted"]
            found = made[person] = as_lessons([*reversed(mine), *accepted], person, self._catalog)
        return found

    def mark(self) -> int:
        """A number that changes with the lessons."""
        return self._ledger().lessons_mark(self._catalog.name) if self._standing() else 0

    def _all(self) -> tuple[tuple[Meant, ...], dict[str | None, Lessons]]:
        mark = self._ledger().lessons_mark(self._catalog.name)
        with self._lock:
            if self._known[0] != mark:
                self._known = (mark, tuple(meant(lesson, self._catalog) for lesson in self._ledger().lessons(self._catalog.name)), {})
            return self._known[1], self._known[2]

    def teach_phrase(self, phrase: str, link: Link, *, person: str | None, context: str, key: str, now: datetime) -> KeptLesson:
        """Write down that `phrase` means `link` to this person; what they taught about it before is withdrawn."""
        return self._teach(
            Lesson(key=key, catalog=self._catalog.name, person=person, kind="synonym", said=phrase, meant=of_link(link), context=_context(context)), now
        )

    def teach_question(self, text: str, question: MetricQuestion, *, person: str | None, key: str, now: datetime) -> KeptLesson:
        """Write down that the whole utterance `text` means `question` to this person."""
        kept = of_question(question, self._reader().verified, now)
        return self._teach(Lesson(key=key, catalog=self._catalog.name, person=person, kind="question", said=text, meant=kept, context=_context(text)), now)

    def _teach(self, lesson: Lesson, now: datetime) -> KeptLesson:
        kept = self._ledger().add_lesson(lesson, now=now)
        for other in self._ledger().lessons(self._catalog.name):
            if other.id != kept.id and other.person == lesson.person and other.state == "taught" and same_words(other, kept):
                self._ledger().judge_lesson(other.id, "withdrawn", was="taught", by=lesson.person, now=now)
        return kept

    def forget(self, person: str | None, phrase: str = "", *, now: datetime) -> KeptLesson | None:
        """Withdraw this person's last lesson, or the one about a phrase; None when there is none. What was accepted stays, for its owner to reject."""
        if not self._standing():
            return None
        mine = [lesson for lesson in self._ledger().lessons(self._catalog.name) if lesson.person == person and lesson.state == "taught"]
        fitting = [lesson for lesson in mine if not phrase or spoken(lesson.said) == spoken(phrase)]
        if not fitting or not self._ledger().judge_lesson(fitting[-1].id, "withdrawn", was="taught", by=person, now=now):
            return None
        return fitting[-1]

    def before(self, person: str | None, phrase: str) -> KeptLesson | None:
        """What this person taught a phrase to mean so far; None when they taught nothing about it."""
        if not self._standing():
            return None
        mine = [one for one in self._ledger().lessons(self._catalog.name) if one.person == person and one.state == "taught" and one.kind == "synonym"]
        fitting = [one for one in mine if spoken(one.said) == spoken(phrase)]
        return fitting[-1] if fitting else None

    def is_heeded(self, phrase: str, link: Link, *, now: datetime) -> bool:
        """Whether a question that uses the phrase would be read with it: "top" and "May" have a meaning of their own."""
        if not self._reader().is_nameable(phrase, now=now):
            return False
        lesson = KeptLesson(
            key="", catalog="", person=None, kind="synonym", said=phrase, meant=of_link(link), id="", state="taught", taught=now
        )  # fmt: skip
        return self._replay(()).is_heeded(Meant(lesson=lesson, meaning=link), now)

    def told(self, lesson: KeptLesson, person: Person | None) -> str:
        """What a lesson means, as far as somebody may hear of it."""
        meaning = meant(lesson, self._catalog).meaning
        return label(meaning, self._catalog) if meaning is None or self._knows(person, meaning) else "something that you may not see any more"

    def listed(self, person: Person | None, *, now: datetime) -> tuple[Listed, ...]:
        """The lessons that this person taught or answers for, oldest first; withdrawn ones are left out."""
        if not self._standing():
            return ()
        everything, _ = self._all()
        return tuple(shown for one in everything if one.lesson.state != "withdrawn" and (shown := self._listed(one, everything, person, now)) is not None)

    def _listed(self, one: Meant, everything: Iterable[Meant], person: Person | None, now: datetime) -> Listed | None:
        id_ = person.id if person else None
        own = self._owns(person, one)
        if not own and one.lesson.person != id_:
            return None
        means = self.told(one.lesson, person)
        objections = self._replay(everything).objections(one, person, now) if own and one.lesson.state == "taught" else ()
        return Listed(lesson=one.lesson, means=means, is_owner=own, objections=objections)

    def _owns(self, person: Person | None, one: Meant) -> bool:
        """Whether somebody answers for what a lesson means, and may hear of it."""
        if person is None or one.meaning is None:
            return False
        return person.id in owners(one.meaning, self._permit) and self._knows(person, one.meaning)

    def shown(self, lesson: str, person: Person | None, *, now: datetime) -> Listed:
        """One lesson with everything that speaks against it. Raises UnknownThing, the same for one that is not theirs to see and for none."""
        found = next((one for one in self.listed(person, now=now) if one.lesson.id == lesson.strip().upper()), None)
        if found is None:
            raise UnknownThing(f"There is no correction {lesson.strip()[:20]} that you gave or answer for.", remedy="`insights teach list` names them.")
        return found

    def accept(self, lesson: str, person: Person | None, *, now: datetime) -> tuple[Listed, bool]:
        """Let it hold for everybody, unless something speaks against it: the lesson, and whether it holds now.

        Raises UnknownThing, and NotPermitted for who does not answer for it.
        """
        found = self._judged(lesson, person, now)
        if found.lesson.state == "accepted" or found.objections:
            return found, found.lesson.state == "accepted"
        return found, self._ledger().judge_lesson(found.lesson.id, "accepted", was=found.lesson.state, by=person.id if person else None, now=now)

    def reject(self, lesson: str, person: Person | None, reason: str = "", *, now: datetime) -> Listed:
        """Let it hold for nobody, also when it was accepted before. Raises UnknownThing, and NotPermitted for who does not answer for it."""
        found = self._judged(lesson, person, now)
        self._ledger().judge_lesson(found.lesson.id, "rejected", was=found.lesson.state, by=person.id if person else None, reason=reason[:300], now=now)
        return found

    def _judged(self, lesson: str, person: Person | None, now: datetime) -> Listed:
        found = self.shown(lesson, person, now=now)
        if not found.is_owner:
            raise NotPermitted("A correction is judged by who answers for what it means.", remedy="Its data owner finds it with `insights teach list`.")
        return found

    def accepted(self, person: Person | None) -> tuple[Meant, ...]:
        """The accepted lessons that this person answers for, oldest first."""
        everything = self._all()[0] if self._standing() else ()
        return tuple(one for one in everything if one.lesson.state == "accepted" and self._owns(person, one))

    def export(self, person: Person | None, value: Callable[[MetricQuestion], Scalar], *, now: datetime) -> dict[str, Any]:
        """What the overlay would hold for the accepted lessons that this person answers for (see `export.fragment`)."""
        replay = self._replay(())
        trials = [Trial(one=one, ask=replay.trial(one), request=replay.tried(one, now)) for one in self.accepted(person)]
        return fragment(trials, self._catalog, self._reader(), value, now)

    def _replay(self, everything: Iterable[Meant]) -> Replay:
        return Replay(
            catalog=self._catalog,
            reader=self._reader(),
            knows=self._knows,
            everything=tuple(everything),
            lessons=lambda ones: as_lessons(ones, None, self._catalog),
        )


def as_lessons(ones: Iterable[Meant], person: str | None, catalog: Catalog) -> Lessons:
    """As the understander takes them; the first of several about the same words holds."""
    phrases, questions = [], []
    for one in ones:
        mine = one.lesson.state == "taught" and one.lesson.person == person
        if one.meaning is None:
            continue
        if isinstance(one.meaning, MetricQuestion):
            questions.append(TaughtQuestion(key=question_key(spoken(one.lesson.said)), item=item(one.lesson), request=one.meaning, mine=mine))
        else:
            words = tuple(singular(word) for word in spoken(one.lesson.said))
            phrases.append(TaughtPhrase(words=words, link=one.meaning, label=label(one.meaning, catalog), mine=mine))
    return Lessons.of(phrases, questions)


def _context(text: str) -> str:
    return json.dumps({"text": text})
