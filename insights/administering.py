"""What administrators see and decide: where it is answered, who may ask what, how much is used, what nobody could be told, and the audit log."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from insights.curating import Curator
from insights.errors import NotPermitted, UnknownThing
from insights.ledger.administering import ChannelRule, Used
from insights.ledger.lessons import KeptLesson
from insights.organization import Person
from insights.parts import Parts
from insights.permit import Asker, Grant, Places, RowFilter, administer, administers
from insights.requests import Understood
from insights.teaching.refusals import KEEP

if TYPE_CHECKING:
    from insights.ledger.port import Ledger

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A question that nobody got an answer to: the words of the last who asked, how many people asked it, and when last. `number` names it."""

    number: int
    text: str
    people: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What somebody may ask in private, by label; `withheld` maps what they may not to whom it is for, and `unnamed` counts what is not for the reader's eyes.

    `rows` says which rows they see, by dataset; a dataset that is not in it is seen whole.
    """

    person: Person
    metrics: tuple[str, ...]
    withheld: Mapping[str, str]
    unnamed: int
    rows: Mapping[str, str]
    administrator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How much is used: in a week, in thirty days, thumbs up and down, and which metrics are asked for most, with how often; seconds are the median."""

    week: Used
    month: Used
    up: int
    down: int
    metrics: tuple[tuple[str, int], ...]
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """How a question is read from now on: the lesson, whether it `holds` for everybody, and what speaks against that."""

    lesson: KeptLesson
    means: str
    holds: bool
    objections: tuple[str, ...] = ()


class Administration:
    """Serves administrators. Every method that takes a person raises NotPermitted for who is none; nobody is told a name here that they may not have."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def _ledger(self) -> Ledger:
        return self._parts.office().ledger

    def _asker(self, person: Person | None) -> Asker:
        return Asker(person=person, audience="private").alone

    def _grant(self, person: Person | None) -> Grant:
        administer(self._asker(person))
        return self._parts.permit.grant(self._asker(person))

    def is_for(self, person: Person | None) -> bool:
        """Whether somebody is an administrator."""
        return administers(self._asker(person))

    def places(self) -> Places:
        """Where may be answered, as administrators decided; what a door's settings say holds besides."""
        rules = self._ledger().channel_rules()
        named = {rule: frozenset(channel for channel, found in rules.items() if found == rule) for rule in ("allowed", "denied")}
        return Places(allowed=named["allowed"], denied=named["denied"])

    def rule(self, channels: Collection[str], rule: ChannelRule, person: Person | None, *, now: datetime) -> Places:
        """From now on it is answered in these channels alone (`allowed`), or in every other (`denied`)."""
        self._grant(person)
        self._ledger().rule_channels(channels, rule, person=person.id if person else None, now=now)
        return self.places()

    def usage(self, person: Person | None, *, now: datetime) -> Usage:
        """How much is used."""
        from statistics import median

        from insights.delivery.ratings import tally

        grant, ledger = self._grant(person), self._ledger()
        shapes = tuple(self._parts.asked.shapes()) if self._parts.asked is not None else ()
        asked = Counter(metric for shape in shapes for metric in shape.metrics if metric in grant.metrics)
        thumbs = tally(ledger)
        return Usage(
            week=ledger.used(since=now - WEEK),
            month=ledger.used(since=now - KEEP),
            up=thumbs.get(True, 0),
            down=thumbs.get(False, 0),
            metrics=tuple((self._label(name), number) for name, number in asked.most_common(5)),
            seconds=median(shape.seconds for shape in shapes) if shapes else None,
        )

    def rights(self, of: str, person: Person | None) -> Rights:
        """Who (an id) may ask what. Raises UnknownThing for nobody known."""
        grant, permit, catalog = self._grant(person), self._parts.permit, self._parts.catalog
        known = self._parts.organization.people.get(of)
        if known is None:
            raise UnknownThing("I don't know that person at this company.", remedy="People are listed in organization.yaml.")
        theirs = permit.grant(self._asker(known))
        held = theirs.metrics if known.active else frozenset[str]()
        withheld = [name for name in catalog.metrics if name in grant.metrics and name not in held]
        return Rights(
            person=known,
            metrics=tuple(self._label(name) for name in catalog.metrics if name in grant.metrics & held),
            withheld={self._label(name): permit.meant_for(name) if known.active else "people who are active here" for name in withheld},
            unnamed=len(set(catalog.metrics) - grant.metrics),
            rows={name: _told(filters) for name, filters in theirs.rows.items()},
            administrator=self.is_for(known) and known.active,
        )

    def rights_as_csv(self, person: Person | None) -> str:
        """Everybody and every metric that the reader may hear of, a row each."""
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(["person", "name", "active", "roles", "metric", "may ask", "rows"])
        for id_ in sorted(self._parts.organization.people):
            found = self.rights(id_, person)
            one, rows = found.person, "; ".join(f"{dataset}: {said}" for dataset, said in found.rows.items())
            about = [_plain(one.id), _plain(one.name), "yes" if one.active else "no", _plain(" ".join(sorted(one.roles)))]
            for label, may in [*((label, "yes") for label in found.metrics), *((label, "no") for label in found.withheld)]:
                table.writerow([*about, _plain(label), may, _plain(rows) if may == "yes" else ""])
        return written.getvalue()

    def unanswered(self, person: Person | None, *, now: datetime) -> tuple[Unanswered, ...]:
        """What people asked in the last thirty days, nobody understood, and they were not told since; what most asked first.

        What was understood and refused is not for teaching: its words may name what the administrator may not have.
        """
        self._grant(person)
        kept: dict[str, list[tuple[int, str, str, datetime]]] = {}
        for one in self._ledger().refusals(self._parts.catalog.name, since=now - KEEP):
            kept.setdefault(" ".join(one.text.casefold().split()).rstrip("?!. "), []).append((one.number, one.text, one.person, one.refused))
        found = [
            Unanswered(number=ones[-1][0], text=ones[-1][1], people=len({who for _, _, who, _ in ones}), last=max(at for *_, at in ones))
            for ones in kept.values()
        ]
        return tuple(one for one in sorted(found, key=lambda one: (-one.people, -one.last.timestamp())) if not self._is_understood(one.text, now))

    def _is_understood(self, text: str, now: datetime) -> bool:
        """Whether somebody who may have everything would be understood."""
        reading = self._parts.hearing.understand(text, self._parts.permit.unrestricted(), now=now, taught=self._parts.teaching.lessons.of(None))
        return isinstance(reading, Understood) and not reading.ignored

    def waiting(self, person: Person | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Questions to the data team that nobody replied to, by id, with the names of those who were asked."""
        self._grant(person)
        people, kept = self._parts.organization.people, self._ledger().enquiries(self._parts.catalog.name)
        return tuple((one.id, tuple(people[id_].name if id_ in people else id_ for id_ in one.to)) for one in kept if one.answer is None)

    def teach(self, number: int, reading: str, person: Person | None, *, key: str, now: datetime) -> Taught:
        """Say how an unanswered question is read from now on: for everybody where the administrator answers for what it means, else once its owner accepts.

        Raises UnknownThing, NotAnswerable, and NotPermitted for a meaning that the administrator may not have.
        """
        found = next((one for one in self.unanswered(person, now=now) if one.number == number), None)
        if found is None:
            raise UnknownThing("That question has been answered, or is too old.", remedy="Open the page again.")
        lessons = self._parts.teaching.lessons
        meant = Curator(self._parts).question(reading, person)
        lesson = lessons.teach_question(found.text, meant, person=person.id if person else None, key=key, now=now)
        try:
            judged, holds = lessons.accept(lesson.id, person, now=now)
        except NotPermitted:
            return Taught(lesson=lesson, means=lessons.told(lesson, person), holds=False)
        return Taught(lesson=lesson, means=judged.means, holds=holds, objections=tuple(one.text for one in judged.objections))

    def question(self, number: int, person: Person | None, *, now: datetime) -> Unanswered | None:
        """The unanswered question of this number; None when it is none any more."""
        return next((one for one in self.unanswered(person, now=now) if one.number == number), None)

    def audit(self, person: Person | None) -> tuple[str, int | None]:
        """The audit log as lines of JSON, and the number of the first entry that was changed (None: none was). That it was read is not in it."""
        self._grant(person)
        trail, broken = self._ledger().audit_trail(), self._ledger().first_broken()
        return "".join(f"{json.dumps(asdict(entry), ensure_ascii=False)}\n" for entry in trail), broken

    def _label(self, name: str) -> str:
        return self._parts.catalog.metrics[name].label


def _told(filters: tuple[RowFilter, ...]) -> str:
    """Row filters in words.

    >>> from insights.catalog.model import FieldId
    >>> _told(({FieldId("orders", "region"): ("EMEA", "APAC")},)), _told(())
    ('orders.region is EMEA or APAC', 'none')
    """
    return " or ".join(" and ".join(_each(one)) or "all" for one in filters) or "none"


def _each(one: RowFilter) -> Iterator[str]:
    for field, values in one.items():
        yield f"{field} is {' or '.join(map(str, values)) or 'nothing'}"


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
