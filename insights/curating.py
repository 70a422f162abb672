"""What those who keep the definitions need of an assistant: questions as they write them, values to test by, and verified questions put to the test."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from insights.catalog.model import Verified
from insights.contract import decode_request
from insights.dialogue import Dialogue
from insights.errors import InsightsError, NotAnswerable, NotPermitted
from insights.ledger.lessons import KeptEnquiry, KeptLesson
from insights.organization import Person
from insights.parts import Parts
from insights.permit import Asker
from insights.requests import MetricQuestion, Request, Scalar, Understood
from insights.teaching.lessons import Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """A question of somebody's that was replied to (`kept`), and the `lesson` how it is read from now on, where that was said.

    `judged` is the lesson as who answers for it sees it, None where that is somebody else; `holds` says whether it holds for everybody.
    """

    kept: KeptEnquiry
    lesson: KeptLesson | None = None
    judged: Listed | None = None
    holds: bool = False


class Curator:
    """Serves data owners with what they may know themselves."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def question(self, text: str, person: Person | None) -> MetricQuestion:
        """The question that somebody writes as JSON or in words. Raises NotAnswerable for what is none, NotPermitted for what they may not have."""
        asker = Asker(person=person, audience="private")
        request: Request | None = None
        try:
            document = json.loads(text)
            request = decode_request({"kind": "metric_question", **document}) if isinstance(document, dict) else None
        except json.JSONDecodeError:
            request = self._read(text, asker)
        except ValueError as error:
            raise NotAnswerable(f"That is no request: {error}.", remedy="Write it as `insights understand` does.") from None
        if not isinstance(request, MetricQuestion):
            raise NotAnswerable(f"I don't understand '{text[:60]}' as one question.", remedy="Try it with `insights understand`.")
        self._parts.permit.decide(request, asker)
        return request

    def _read(self, text: str, asker: Asker) -> Request | None:
        taught = Dialogue(self._parts).taught(asker)
        reading = self._parts.hearing.understand(text, self._parts.permit.grant(asker), now=self._parts.clock(), taught=taught)
        return reading.request if isinstance(reading, Understood) and not reading.ignored else None

    def answer(self, enquiry: str, text: str, person: Person | None, *, reading: str | None, now: datetime) -> Replied:
        """Reply to a question; with a `reading`, in words or as JSON, that is how it is read from now on, for everybody where nothing speaks against it.

        Raises UnknownThing, NotAnswerable and NotPermitted before anything is sent.
        """
        meant = self.question(reading, person) if reading is not None else None
        teaching = self._parts.teaching
        kept = teaching.enquiries.answer(enquiry, text, person, now=now)
        if meant is None:
            return Replied(kept=kept)
        lesson = teaching.lessons.teach_question(kept.text, meant, person=person.id if person else None, key=f"{kept.key}:lesson", now=now)
        try:
            judged, holds = teaching.lessons.accept(lesson.id, person, now=now)
        except NotPermitted:
            return Replied(kept=kept, lesson=lesson)
        return Replied(kept=kept, lesson=lesson, judged=judged, holds=holds)

    def value_for(self, person: Person | None) -> Callable[[MetricQuestion], Scalar]:
        """Gives the value of a question for all to test by; none where the rows that this person sees are not all there are."""
        asker = Asker(person=person, audience="private")

        def value(question: MetricQuestion) -> Scalar:
            try:
                grant = self._parts.permit.decide(question, asker)
                return None if grant.rows else self._parts.questions.answer(question, grant).value
            except InsightsError:
                return None

        return value

    def verified(self) -> Iterator[tuple[Verified, object]]:
        """Each verified question with what it comes to: a number, the rows, or why it cannot be answered (a text)."""
        grant = self._parts.permit.unrestricted()
        verified = self._parts.hearing.whole(grant).verified
        for item in self._parts.catalog.verified:
            request = verified.reading(item, self._parts.clock()).request
            assert isinstance(request, MetricQuestion)
            try:
                answer = self._parts.questions.answer(request, grant)
            except InsightsError as error:
                yield item, f"cannot be answered: {error}"
                continue
            yield item, answer.value if answer.value is not None else [dict(row) for row in answer.rows]

    def unverified(self) -> Iterator[tuple[Verified, str]]:
        """The verified questions that cannot be computed or do not give what they expect, with what is wrong; rows and names are not restricted."""
        grant = self._parts.permit.unrestricted()
        verified = self._parts.hearing.whole(grant).verified
        for item in self._parts.catalog.verified:
            request = verified.reading(item, self._parts.clock()).request
            assert isinstance(request, MetricQuestion)
            try:
                if item.expect is None:
                    self._parts.questions.sql(request, grant)
                    continue
                found = self._parts.questions.answer(request, grant).value
            except InsightsError as error:
                yield item, f"cannot be answered: {error}"
                continue
            if not _is_same(found, item.expect):
                yield item, f"gives {found}, and {item.expect} is expected."


def _is_same(found: float | None, expected: Scalar) -> bool:
    """Whether a value is the one that is expected, but for what binary fractions leave."""
    return isinstance(expected, int | float) and found is not None and math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
