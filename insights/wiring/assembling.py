"""Definitions, an engine and a ledger -> everything an assistant stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.catalog.ways import spoken, told
from insights.hearing import Hearing
from insights.language.intents import load as load_intents
from insights.language.keeping import load_or_build
from insights.language.lexicon import Link
from insights.language.timing import calendar_of
from insights.language.understand import Understander
from insights.ledger.place import Place
from insights.organization import Organization, Person
from insights.parts import Office, Parts, Teaching
from insights.permit import Asker, Permit
from insights.query.answering import Questions
from insights.query.asked import AskedLog
from insights.query.contents import fingerprint, load_or_collect
from insights.query.results import Results
from insights.query.visible import Sight
from insights.requests import MetricQuestion
from insights.settings import Settings
from insights.teaching import EnquiryDesk, LessonDesk, RefusalDesk
from insights.teaching.refusals import KEEP
from insights.warehouse.port import Keeper, Warehouse
from insights.wiring.capabilities import Capabilities
from insights.wiring.places import ASKED, LEDGER, ROLLUPS, TEMPLATES, calendar_systems
from insights.wording import Wording

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

    from insights.analysis.predictions import Predictions
    from insights.ledger.port import Ledger
    from insights.meetings.calendars.opening import Systems
    from insights.query.building import Rollups


def assembled(
    catalog: Catalog,
    organization: Organization,
    warehouse: Warehouse,
    *,
    now: datetime | None,
    home: Path,
    keep_refused: timedelta = KEEP,
    place: Place | None = None,
    ledger: _lru_cache_wrapper[Ledger] | None = None,
    results: Results | None = None,
    settings: Settings | None = None,
    meetings: _lru_cache_wrapper[Systems] | None = None,
) -> Parts:
    """Everything an assistant stands on; `ledger` and `meetings` are such as outlive these definitions."""
    permit, wording = Permit(catalog, organization), Wording(catalog.locale, home / TEMPLATES)
    place = place or Place(file=home / LEDGER)
    opened, zone = ledger or cache(place.open), ZoneInfo(catalog.timezone)
    store = cache(lambda: _in_zone(opened(), zone))
    systems = meetings or cache(lambda: calendar_systems(None))
    capabilities = Capabilities(
        ledger=store, organization=organization, catalog=catalog, home=home, wording=wording, settings=settings, permit=permit, systems=systems,
        calendar=lambda: calendar_of(catalog, None),
    )  # fmt: skip
    return Assembly(
        catalog=catalog,
        organization=organization,
        warehouse=warehouse,
        home=home,
        keep_refused=keep_refused,
        place=place,
        ledger=store,
        systems=systems,
        permit=permit,
        wording=wording,
        office=cache(capabilities.office),
        results=results or Results(),
        asked=AskedLog(home / ASKED),
        predictions=_predictions(catalog, settings),
    ).parts(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What stays while the data changes, and how the rest is made for the data as it is."""

    catalog: Catalog
    organization: Organization
    warehouse: Warehouse
    home: Path
    keep_refused: timedelta
    place: Place
    ledger: _lru_cache_wrapper[Ledger]
    systems: _lru_cache_wrapper[Systems]
    permit: Permit
    wording: Wording
    office: Callable[[], Office]
    results: Results
    asked: AskedLog
    predictions: Predictions | None = None

    def parts(self, now: datetime | None) -> Parts:
        """The parts for the data as it is now."""
        contents = load_or_collect(self.catalog, self.warehouse, self.home / "cache")
        hears, (questions, rollups) = self._hearing(contents), self._answering(contents)
        return Parts(
            catalog=self.catalog,
            contents=contents,
            organization=self.organization,
            permit=self.permit,
            hearing=hears,
            questions=questions,
            rollups=rollups,
            asked=self.asked,
            predictions=self.predictions,
            wording=self.wording,
            teaching=self._teaching(hears, questions),
            office=self.office,
            intents=cache(lambda: {intent.kind: intent.examples for intent in load_intents()}),
            clock=_clock(self.catalog, now),
            new_id=lambda: str(uuid4()),
            close=self._close,
            renewed=self._renewed,
        )

    def _renewed(self, parts: Parts) -> Parts | None:
        if fingerprint(self.catalog, self.warehouse) == parts.contents.fingerprint:
            return None
        contents = load_or_collect(self.catalog, self.warehouse, self.home / "cache")
        hears, (questions, rollups) = self._hearing(contents), self._answering(contents)
        return replace(parts, contents=contents, hearing=hears, questions=questions, rollups=rollups, teaching=self._teaching(hears, questions))

    def _close(self) -> None:
        self.warehouse.close()
        if self.systems.cache_info().currsize:
            self.systems().close()
        if self.ledger.cache_info().currsize:
            self.ledger().close()

    def _answering(self, contents: Contents) -> tuple[Questions, Rollups | None]:
        warehouse, rollups = self.warehouse, None
        if isinstance(warehouse, Keeper) and self.catalog.rollups:
            from insights.query.building import Rollups

            rollups = Rollups(self.catalog, warehouse, contents, self.home / ROLLUPS)
        return Questions(self.catalog, warehouse, contents, results=self.results, rollups=rollups, log=self.asked), rollups

    def _hearing(self, contents: Contents) -> Hearing:
        index = load_or_build(
            told(spoken(self.catalog), contents).values, self.home / "cache" / f"words-{sha256(self.catalog.name.encode()).hexdigest()[:12]}.index"
        )
        organization = self.organization
        made = partial(
            Understander,
            rooms={room.id: room.name for room in organization.rooms.values()},
            equipment=frozenset(thing for room in organization.rooms.values() for thing in room.equipment),
            buildings=tuple(room.building for room in organization.rooms.values() if room.building),
            people={person.id: person.name for person in organization.people.values() if person.active},
            index=index,
            categories={said.casefold(): one.id for one in organization.help_desk.categories.values() for said in (one.id.replace("_", " "), one.label)},
        )
        return Hearing(Sight(self.catalog, contents, self.warehouse), made)

    def _teaching(self, hears: Hearing, questions: Questions) -> Teaching:
        knows = partial(_knows, hears, self.permit)
        ledger, catalog, permit, standing = self.ledger, self.catalog, self.permit, self.place.stands
        lessons = LessonDesk(
            ledger=ledger, standing=standing, catalog=catalog, permit=permit, reader=lambda: hears.whole(permit.unrestricted()), knows=knows
        )  # fmt: skip
        enquiries = EnquiryDesk(
            ledger=ledger, catalog=catalog, permit=permit, organization=self.organization, wording=self.wording, knows=knows, sql=questions.sql
        )  # fmt: skip
        refusals = RefusalDesk(
            ledger=ledger,
            standing=standing,
            catalog=catalog,
            organization=self.organization,
            wording=self.wording,
            mark=lessons.mark,
            keep=self.keep_refused,
        )
        return Teaching(lessons=lessons, enquiries=enquiries, refusals=refusals)


def _predictions(catalog: Catalog, settings: Settings | None) -> Predictions | None:
    """What asks the company's endpoints, reached as [models] says; None where no metric has one. Raises WrongSettings."""
    if all(metric.endpoint is None for metric in catalog.metrics.values()):
        return None
    from insights.analysis.predictions import Predictions
    from insights.lake.sagemaker import SageMaker, access_of

    access = access_of(settings.section("models") if settings is not None else {})
    return Predictions(cache(lambda: SageMaker(access)))


def _knows(hearing: Hearing, permit: Permit, person: Person | None, meaning: Link | MetricQuestion) -> bool:
    """Whether a person may hear of a meaning, in private."""
    return hearing.knows(meaning, permit.grant(Asker(person=person, audience="private")))


def _in_zone(ledger: Ledger, zone: ZoneInfo) -> Ledger:
    """The ledger, in which a moment without a zone is the company's time from now on."""
    ledger.zone = zone
    return ledger


def _clock(catalog: Catalog, now: datetime | None) -> Callable[[], datetime]:
    """The company's local time: fixed by the caller or by the overlay's `today` (nine in the morning), else the machine's clock."""
    fixed = now or (datetime.combine(catalog.today, time(9)) if catalog.today else None)
    if fixed is not None:
        return lambda: fixed
    zone = ZoneInfo(catalog.timezone)
    return lambda: datetime.now(zone).replace(tzinfo=None)
