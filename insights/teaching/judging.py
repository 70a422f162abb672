"""What speaks against a correction: other meanings of the same words, and questions that would be read another way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from insights.catalog.model import Catalog, FieldId
from insights.contract import encode
from insights.language.lessons import Lessons
from insights.language.lexicon import DatasetLink, FieldLink, MetricLink, ValueLink
from insights.language.pieces import words_of
from insights.language.understand import Understander
from insights.language.words import tokenise
from insights.ledger.lessons import KeptLesson
from insights.organization import Person
from insights.requests import Clarify, MetricQuestion, Reading, Understood, Unsupported
from insights.teaching.meanings import Meaning, Meant, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A reason not to let a correction hold for everybody, in words its owner may read."""

    kind: Literal["declared", "contradicts", "changes", "unread"]
    text: str


def spoken(text: str) -> list[str]:
    """The words of a lesson, by which it is found."""
    return [word.text for word in words_of(tokenise(text))]


def same_words(one: KeptLesson, other: KeptLesson) -> bool:
    """Whether two lessons are about the same words."""
    return one.kind == other.kind and spoken(one.said) == spoken(other.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Judges lessons against the catalog, its verified questions and one another. `lessons` makes what an understander takes."""

    catalog: Catalog
    reader: Understander
    knows: Callable[[Person | None, Meaning], bool]
    everything: tuple[Meant, ...]
    lessons: Callable[[Iterable[Meant]], Lessons]

    def objections(self, one: Meant, person: Person | None, now: datetime) -> tuple[Objection, ...]:
        """Everything that speaks against it, named as far as `person` may hear of it; nothing: it may hold for everybody."""
        found = [*self._declared(one, person), *self._contradicting(one, person)]
        return tuple(found or self._changed(one, person, now))

    def _declared(self, one: Meant, person: Person | None) -> Iterator[Objection]:
        """Its words are the name of something else already, or a verified question."""
        if isinstance(one.meaning, MetricQuestion):
            if any(spoken(item.ask) == spoken(one.lesson.said) for item in self.catalog.verified):
                yield Objection(kind="declared", text="The catalog has this as a verified question already; change it there.")
        elif one.meaning is not None:
            links = self.reader.named(one.lesson.said)
            others = [self._told(link, person) for link in links if link != one.meaning]
            if others:
                yield Objection(
                    kind="declared", text=f"The catalog calls {' and '.join(dict.fromkeys(others))} '{one.lesson.said}'; change its name there first."
                )
            elif links:
                yield Objection(kind="declared", text="The catalog has this name already.")

    def _contradicting(self, one: Meant, person: Person | None) -> Iterator[Objection]:
        """Somebody taught the same words with another meaning."""
        for other in self.everything:
            stands = other.lesson.state in ("taught", "accepted") and other.meaning is not None
            if stands and other.lesson.id != one.lesson.id and same_words(other.lesson, one.lesson) and other.meaning != one.meaning:
                assert other.meaning is not None
                taught = "was accepted" if other.lesson.state == "accepted" else "was taught too"
                yield Objection(kind="contradicts", text=f"{other.lesson.id} {taught}, and means {self._told(other.meaning, person)}; reject one of them.")

    def _changed(self, one: Meant, person: Person | None, now: datetime) -> list[Objection]:
        """Replay the verified questions and the accepted corrections with it and without it, and try it on its own words."""
        accepted = [other for other in self.everything if other.lesson.state == "accepted" and other.meaning is not None and other.lesson.id != one.lesson.id]
        before, after = self.lessons(accepted), self.lessons([one, *accepted])
        asked = [(item.ask, None) for item in self.catalog.verified] + [(self.trial(other), other.meaning) for other in accepted]
        found = []
        for text, meaning in asked:
            if text and self._read(text, before, now) != self._read(text, after, now):
                told = f"'{text}'" if meaning is None or self.knows(person, meaning) else "a question that you may not see"
                found.append(Objection(kind="changes", text=f"It would change how {told} is read."))
        if not found and not self._is_read(one, after, now):
            found.append(Objection(kind="unread", text=f"'{self.trial(one) or one.lesson.said}' would still not be read that way."))
        return found

    def is_heeded(self, one: Meant, now: datetime) -> bool:
        """Whether a lesson changes how the shortest question that uses it is read."""
        return self._is_read(one, self.lessons([one]), now)

    def _is_read(self, one: Meant, lessons: Lessons, now: datetime) -> bool:
        own = self.trial(one)
        reading = self.reader.understand(own, now=now, taught=lessons) if own else None
        return isinstance(reading, Understood) and _holds(one, reading)

    def tried(self, one: Meant, now: datetime) -> MetricQuestion | None:
        """How the utterance that tries a lesson is read with it alone."""
        own = self.trial(one)
        reading = self.reader.understand(own, now=now, taught=self.lessons([one])) if own else None
        return reading.request if isinstance(reading, Understood) and isinstance(reading.request, MetricQuestion) else None

    def trial(self, one: Meant) -> str:
        """An utterance that shows whether a lesson is heeded: the question itself, or the phrase in the shortest question that uses it."""
        context = str(json.loads(one.lesson.context).get("text", ""))
        said, among = spoken(one.lesson.said), spoken(context)
        if one.lesson.kind == "question":
            return one.lesson.said
        if any(among[place : place + len(said)] == said for place in range(len(among))) and len(among) > len(said) and not _defines(context):
            return context
        match one.meaning:
            case MetricLink():
                return one.lesson.said
            case FieldLink(id_):
                return self._about(id_, f"by {one.lesson.said}") if self.catalog.fields[id_].role == "dimension" else f"average {one.lesson.said}"
            case ValueLink(id_, _):
                return self._about(id_, f"for {one.lesson.said}")
            case DatasetLink():
                return f"number of {one.lesson.said}"
        return ""

    def _about(self, id_: FieldId, rest: str) -> str:
        """The first metric that reaches a field, the one way if any does, with what is said of it."""
        metrics = [m for m in self.catalog.metrics.values() if m.datasets and all(id_.dataset in self.catalog.reachable(fact) for fact in m.datasets)]
        first = min(metrics, key=lambda m: max(len(self.catalog.paths(fact, id_.dataset)) for fact in m.datasets) > 1, default=None)
        return f"{first.label} {rest}" if first is not None else ""

    def _read(self, text: str, lessons: Lessons, now: datetime) -> Any:
        reading: Reading = self.reader.understand(text, now=now, taught=lessons)
        match reading:
            case Understood(request=request):
                return encode(request)
            case Clarify(choices=choices, missing=missing):
                return [missing, *(encode(choice.request) for choice in choices)]
            case Unsupported(reason=reason):
                return reason

    def _told(self, meaning: Meaning, person: Person | None) -> str:
        return label(meaning, self.catalog) if self.knows(person, meaning) else "something that you may not see"


def _holds(one: Meant, reading: Understood) -> bool:
    """Whether a reading uses what a lesson means."""
    request = reading.request
    if isinstance(one.meaning, MetricQuestion) or not isinstance(request, MetricQuestion):
        return isinstance(request, MetricQuestion)
    return any(f"'{one.lesson.said.casefold()}'" in sentence.casefold() for sentence in reading.assumed)


def _defines(text: str) -> bool:
    """Whether an utterance teaches rather than asks."""
    from insights.language.corrections import remark

    return remark(text) is not None
