"""Who is asking, and what they are granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from insights.catalog.model import FieldId, Sensitivity
from insights.errors import NotPermitted, UnknownThing, nearest
from insights.organization import Organization, Person
from insights.permit.table import Subject, Verdict, verdict
from insights.requests import Scalar
from insights.turns import Audience, Confidence, Place

LEVELS: tuple[Sensitivity, ...] = ("public", "internal", "confidential")

RowFilter = Mapping[FieldId, tuple[Scalar, ...]]
"""Every field must hold one of its values."""

_USUAL: Mapping[Audience, Place] = {"private": "shell", "room": "room", "channel": "chat"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who is asking, as far as it is known, and who else hears the reply. `person` None: the unnamed local user, without role or bypass.

    `place` and `confidence` None: what is usual for the audience, and as sure as whoever named the person. `listeners` are the members of the channel (None:
    not known who they are), `strangers` how many of them are guests or nobody we know.
    """

    person: Person | None
    audience: Audience
    room: str | None = None
    place: Place | None = None
    confidence: Confidence | None = None
    listeners: tuple[Person, ...] | None = None
    strangers: int = 0

    def gets(self, subject: Subject) -> Verdict:
        """What the table gives this asker here; strangers who listen hear what is public only."""
        sure: Confidence = "unknown" if self.person is None else self.confidence or "account"
        found = verdict(subject, place=self.place or _USUAL[self.audience], confidence=sure, audience=self.audience)
        if self.audience == "channel" and self.strangers and found == "here" and subject == "internal":
            return "no" if sure == "unknown" else "privately"
        return found

    @property
    def alone(self) -> Asker:
        """The same person where nobody else reads along: where what must not be told here is sent to."""
        return Asker(person=self.person, audience="private", place="chat", confidence="account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What this asker may have, here. It is a part of every cache key.

    `metrics` and `datasets` are the names that may be told. `rows[dataset]` lists the row filters of which one must hold (OR); a dataset without an entry
    is not restricted; an empty tuple lets no row through. It holds for the dataset and for every fact that has a many-to-one path to it. `minimum_group`
    is the fewest people of a personal dataset behind a shown number. `instead` says that the answer is to go to this asker, privately, and not to this
    audience; it is permitted again when it is sent.
    """

    asker: Asker
    metrics: frozenset[str]
    datasets: frozenset[str] = frozenset()
    rows: Mapping[str, tuple[RowFilter, ...]] = field(default_factory=dict)
    minimum_group: int | None = None
    instead: Asker | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What distinguishes this grant from others in a cache."""
        return (_ordered(self.metrics), _ordered(self.datasets), *self.rows_key, self.asker.audience)

    @property
    def rows_key(self) -> tuple[object, ...]:
        """What distinguishes the rows, and the groups of people, that it lets through."""
        rows = tuple((name, tuple(tuple(sorted((str(f), repr(v)) for f, v in one.items())) for one in filters)) for name, filters in sorted(self.rows.items()))
        return (rows, self.minimum_group)


@lru_cache(64)
def _ordered(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


def identify(person: str | None, organization: Organization) -> Person | None:
    """The person with this id, None for the unnamed local user.

    Raises UnknownThing for an id that does not exist and NotPermitted for someone who is no longer active.
    """
    if person is None:
        return None
    known = organization.people.get(person)
    if known is None:
        raise UnknownThing(
            f"I don't know a person '{person}' here.",
            remedy=nearest(person, organization.people) or "People are listed in organization.yaml.",
        )
    if not known.active:
        raise NotPermitted(f"{known.name} is no longer active here.", remedy="Ask an administrator.")
    return known
