"""Looks a question up in everything the company knows about itself, and tells what this asker may have, here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Literal

from insights.answers import CompanyAnswer, CompanySource
from insights.company.choosing import HEADED, clear, extract, near, sources
from insights.company.documents import read, stamp
from insights.company.index import Hit, Index
from insights.company.passages import Passage
from insights.company.words import told
from insights.errors import OutsideFailed, WrongCatalog
from insights.organization import Organization, Person
from insights.permit import Asker, Permit
from insights.requests import LookUp

_IN_CHARGE = ("runs", "handles", "in charge", "responsible")
_QUESTION = re.compile(
    r"(?:^|[,;.!] *(?:and |so |but )?)(?:(?:until|since|from|by|at|for) )?"
    r"(?:(?:who|whom|whose|what|when|where|which|why|how)(?:'s|’s|s)?|is|are|am|do|does|did|can|could|may|must|should|will|would)\b|\?$",
    re.IGNORECASE,
)
"""How a question, or one behind what led to it, begins or ends: what is none needs more to be taken for one about the company."""
_OF_US = re.compile(r"(?:(?:can|could|will|would) you|(?:is|was|are) (?:it|that|this|they))\b", re.IGNORECASE)
"""What is asked of whoever hears it, or about something that was talked of before: no handbook knows that."""
_SHOWN = 600
"""Characters of a passage in writing."""


class CompanyDesk:
    """The handbook, the people and the facts of one organization. Safe to use from many threads; documents that change are read again."""

    def __init__(self, *, organization: Organization, permit: Permit, holidays: Mapping[date, str] | None = None, keeper: str = "the office") -> None:
        self._organization = organization
        self._permit = permit
        self._holidays = dict(holidays or {})
        self._keeper = keeper
        self._lock = Lock()
        self._kept: tuple[object, Sequence[Passage], Index] | None = None

    def look_up(self, request: LookUp, *, asker: Asker) -> CompanyAnswer:
        """See the port."""
        passages, index = self._index()
        hits = self._hits(passages, index, request.question, asker)
        best = clear(hits, request.question)
        if best is not None:
            shown = (self._source(best.passage), *(self._source(hit.passage) for hit in sources(hits) if hit is not best))
            return CompanyAnswer(status="answered", question=request.question, extract=extract(index, best, request.question), sources=shown)
        found = tuple(self._source(hit.passage) for hit in sources(hits))
        return CompanyAnswer(status="sources" if found else "unknown", question=request.question, sources=found, keeper=self._keeper)

    def knows(self, question: str, *, asker: Asker, beside_data: bool = False) -> Literal["answered", "sources", "unknown"]:
        """See the port."""
        hits = self._hits(*self._index(), question, asker)
        if _OF_US.match(question.strip()) or (len(told(question)) < 2 and not (hits and hits[0].named == 1)):
            return "unknown"
        if beside_data:
            return (
                "sources"
                if len(told(question)) > 1 and _QUESTION.search(question.strip()) and near([hit for hit in hits if hit.headed >= HEADED])
                else "unknown"
            )
        if clear(hits, question) is not None:
            return "answered"
        return "sources" if near(hits) or (_QUESTION.search(question.strip()) and sources(hits)) else "unknown"

    def _hits(self, passages: Sequence[Passage], index: Index, question: str, asker: Asker) -> tuple[Hit, ...]:
        return index.search(question, [self._visible(passage, question, asker) for passage in passages])

    def _visible(self, passage: Passage, question: str, asker: Asker) -> bool:
        """Whether the asker may have it, and it is about where they are or the room they name."""
        if not self._permit.may_read(asker, roles=passage.roles, private=passage.private):
            return False
        if not passage.rooms:
            return True
        named = {room.id for room in self._organization.rooms.values() if room.name.casefold() in question.casefold()}
        here = {asker.room} if asker.room is not None else set()
        return bool((named or here) & set(passage.rooms))

    def _index(self) -> tuple[Sequence[Passage], Index]:
        """Everything there is now. Raises OutsideFailed naming the document that cannot be read."""
        folders = [Path(folder) for folder in self._organization.handbook]
        with self._lock:
            try:
                version = stamp(folders)
                if self._kept is None or self._kept[0] != version:
                    passages = (*read(folders), *_facts(self._organization), *_people(self._organization), *_free_days(self._holidays))
                    self._kept = (version, passages, Index(passages))
            except (OSError, WrongCatalog) as error:
                raise OutsideFailed("The handbook can't be read at the moment.", remedy="Ask the office.", reference=str(error)) from error
            return self._kept[1], self._kept[2]

    def _source(self, passage: Passage) -> CompanySource:
        owner = self._organization.people.get(passage.owner or "")
        return CompanySource(
            source=passage.source,
            title=passage.title,
            heading=passage.heading,
            text=passage.text if len(passage.text) <= _SHOWN else passage.text[: _SHOWN - 1].rsplit(" ", 1)[0] + "…",
            owner=owner.name if owner is not None else passage.owner,
            updated=passage.updated,
        )


def _facts(organization: Organization) -> Iterator[Passage]:
    for fact in organization.facts:
        yield Passage(
            source="organization.yaml",
            title="The office",
            heading=fact.about[0],
            about=fact.about,
            text=fact.say,
            rooms=fact.rooms,
            roles=fact.roles,
            private=fact.private,
            owner=fact.owner,
            updated=fact.updated,
        )


def _people(organization: Organization) -> Iterator[Passage]:
    """Who does what: a passage for each responsibility and each role, and one for each person with anything to tell."""
    working = [person for person in organization.people.values() if person.active]
    usual = Passage(source="organization.yaml", title="People", text="")
    for duty in dict.fromkeys(duty for person in working for duty in person.responsible_for):
        text = _all(person for person in working if duty in person.responsible_for)
        yield replace(usual, heading=f"Who is responsible for {duty}", about=(duty, *_IN_CHARGE), text=text)
    for role in dict.fromkeys(role for person in working for role in sorted(person.roles)):
        name = role.replace("_", " ")
        yield replace(usual, heading=f"Who is in {name}", about=(name, *_IN_CHARGE), text=_all(person for person in working if role in person.roles))
    for person in working:
        yield replace(usual, heading=person.name, about=("contact", "reach"), text=_described(person))


def _all(people: Iterable[Person]) -> str:
    return "\n".join(map(_described, people))


def _described(person: Person) -> str:
    """What may be told of a colleague: name, position, what they see to, how they are reached."""
    position = person.title or ", ".join(sorted(role.replace("_", " ") for role in person.roles))
    duties = f" Sees to {', '.join(person.responsible_for)}." if person.responsible_for else ""
    reached = ", ".join(text for text in (person.email, f"extension {person.phone}" if person.phone else None) if text)
    return f"{person.name}{f', {position}' if position else ''}.{duties}{f' {reached}' if reached else ''}"


def _free_days(holidays: Mapping[date, str]) -> Iterator[Passage]:
    for year in sorted({day.year for day in holidays}):
        days = [f"{name or 'A free day'} is on {day:%A}, {day:%B} {day.day}, {day.year}." for day, name in sorted(holidays.items()) if day.year == year]
        text = "\n".join((f"The public holidays of {year}:", *days))
        yield Passage(source="assistant.yaml", title="When the office is closed", heading=f"Closed in {year}", text=text)
