"""Settings -> Assistant: the only builder of adapters."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from insights.assistant import Assistant
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.errors import InsightsError, Problem, WrongCatalog, WrongSettings
from insights.hearing import Hearing
from insights.lake.source import Source
from insights.language.intents import load as load_intents
from insights.language.keeping import load_or_build
from insights.language.lexicon import Link
from insights.language.understand import Understander
from insights.ledger.place import SCHEMA, Place
from insights.organization import Organization, Person
from insights.parts import Office, Parts, Teaching
from insights.permit import Asker, Permit
from insights.query.answering import Questions
from insights.query.asked import AskedLog
from insights.query.building import Rollups
from insights.query.contents import fingerprint, load_or_collect
from insights.query.results import MOST_CELLS, Results
from insights.query.visible import Sight
from insights.requests import MetricQuestion
from insights.settings import Settings
from insights.swapping import swapping
from insights.teaching import EnquiryDesk, LessonDesk, RefusalDesk
from insights.teaching.refusals import KEEP
from insights.warehouse.opening import opened
from insights.warehouse.port import Keeper, Warehouse
from insights.wording import Wording

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

    from insights.catalog.scaffold import Scaffold
    from insights.delivery.port import Messenger
    from insights.lake.lake import Lake
    from insights.ledger.port import Ledger
    from insights.meetings.calendars.opening import Systems
    from insights.warehouse.duckdb import DuckDB

HOME = ".insights"
LEDGER = "ledger.sqlite"
ORGANIZATION = "organization.yaml"
MANIFEST = "lake.manifest.json"
ROLLUPS = Path("cache", "rollups")
ASKED = Path("cache", "asked.jsonl")
SNAPSHOTS = "snapshots"
LEARNED = Path("tickets", "triage.json")


def open_settings(settings: Settings, *, now: datetime | None = None) -> Assistant:
    """The assistant that the settings describe. Raises WrongSettings when they name neither a catalog nor data."""
    if settings.catalog is not None:
        return open_catalog(
            settings.catalog,
            now=now,
            home=settings.home,
            warehouse=settings.section("warehouse"),
            lake=settings.section("lake"),
            keep_refused=_kept(settings),
            ledger=ledger_place(settings),
            settings=settings,
        )
    if settings.data:
        return open_data(settings.data, now=now, home=settings.home, ledger=ledger_place(settings))
    raise WrongSettings("No catalog is configured.", remedy="Name one with --catalog or --data, or set `catalog` in insights.toml; `insights demo` makes one.")


def open_catalog(
    path: Path,
    *,
    now: datetime | None = None,
    home: Path | None = None,
    warehouse: Mapping[str, object] | None = None,
    lake: Mapping[str, object] | None = None,
    keep_refused: timedelta = KEEP,
    ledger: Place | None = None,
    settings: Settings | None = None,
) -> Assistant:
    """An assistant over a catalog folder or a model file; the organization is read from beside it. Raises WrongCatalog with every mistake."""
    from insights.catalog.watching import NOTE, Watch
    from insights.delivery.snapshots import BEGUN

    path = path.absolute()
    folder = path if path.is_dir() else path.parent
    home = home or folder / HOME
    place = ledger or Place(file=home / LEDGER)
    store = cache(place.open)
    systems = calendar_systems(settings)

    def load() -> Parts:
        catalog, organization, engine = _definitions(path, warehouse or {}, home, lake or {})
        results = Results(most_cells=_whole(warehouse or {}, "results_kept", MOST_CELLS), stale_within=_seconds(warehouse or {}, "stale_within"))
        return _assemble(
            catalog,
            organization,
            engine,
            now=now,
            home=home,
            keep_refused=keep_refused,
            place=place,
            ledger=store,
            results=results,
            settings=settings,
            meetings=systems,
        )

    figures = str((home / SNAPSHOTS).absolute() / BEGUN)  # the office's figures are a part of the definitions from the first of them on
    watch = Watch(path, (ORGANIZATION, MANIFEST, figures), home / "cache" / NOTE)
    return Assistant(swapping(load(), watch, load))


def _definitions(path: Path, warehouse: Mapping[str, object], home: Path, lake: Mapping[str, object]) -> tuple[Catalog, Organization, Warehouse]:
    """Everything that stands in the files, with the engine that may read where they point. Raises WrongCatalog with every mistake."""
    from insights.catalog import read
    from insights.catalog.company import read_organization
    from insights.catalog.locations import locations

    beside = (path if path.is_dir() else path.parent) / ORGANIZATION
    embedded = _duckdb(locations(path), warehouse, home, lake=lambda sources: _lake(sources, path, lake, home))
    engine = opened(warehouse, embedded, today=lambda: datetime.now(UTC).date())
    try:
        catalog = read(path, columns=engine.columns)
        if warehouse.get("engine") != "postgres":  # which reads no files
            catalog = _with_office_figures(catalog, engine, home)
        return catalog, read_organization(beside) if beside.exists() else Organization(), engine
    except InsightsError:
        engine.close()
        raise


def _with_office_figures(catalog: Catalog, engine: Warehouse, home: Path) -> Catalog:
    """The catalog with what the ledger's snapshots hold, if there are any."""
    from insights.catalog import read
    from insights.catalog.adding import beside
    from insights.delivery.snapshots import standing

    for folder in standing(home / SNAPSHOTS):
        catalog = beside(catalog, read(folder, columns=engine.columns))
    return catalog


def _whole(options: Mapping[str, object], key: str, default: int) -> int:
    """A whole number among the engine's settings. Raises WrongSettings."""
    said = options.get(key, default)
    if not str(said).isdigit():
        raise WrongSettings(f"warehouse.{key} is {said!r}, which is no whole number.", remedy="Write a number; 0 keeps nothing.")
    return int(str(said))


def _seconds(options: Mapping[str, object], key: str) -> float:
    """A number of seconds among the engine's settings, 0 where there is none. Raises WrongSettings."""
    said = options.get(key, 0)
    try:
        seconds = float(str(said))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise WrongSettings(f"warehouse.{key} is {said!r}, which is no number of seconds.", remedy="Write a number from 0 to 86400.")
    return seconds


def retention(settings: Settings) -> timedelta:
    """How long what was said is kept. Raises WrongSettings."""
    from insights.delivery.housekeeping import KEEP as USUAL

    days = settings.section("retention").get("utterance_days", USUAL.days)
    if not str(days).isdigit() or not 1 <= int(str(days)) <= 3650:
        raise WrongSettings(f"retention.utterance_days is {days!r}, which is no number of days.", remedy="Write a whole number from 1 to 3650.")
    return timedelta(days=int(str(days)))


def _kept(settings: Settings) -> timedelta:
    """How long refused questions are kept. Raises WrongSettings."""
    days = settings.section("teaching").get("keep_refused_days", KEEP.days)
    if not str(days).isdigit() or int(str(days)) > 3650:
        raise WrongSettings(f"teaching.keep_refused_days is {days!r}, which is no number of days.", remedy="Write a whole number; 0 keeps nothing.")
    return timedelta(days=int(str(days)))


def open_data(paths: Iterable[str], *, now: datetime | None = None, home: Path, ledger: Place | None = None) -> Assistant:
    """An assistant over files nobody prepared: the catalog is scaffolded from them. Raises WrongCatalog naming a path that holds no data."""
    from insights.catalog.scaffold import catalog_of

    scaffolded, engine = _scaffolded(paths)
    return Assistant(_assemble(catalog_of(scaffolded, Path.cwd(), engine.columns), Organization(), engine, now=now, home=home, place=ledger))


def scaffold(paths: Iterable[str], folder: Path) -> tuple[Path, ...]:
    """Write model.yaml and assistant.yaml for the files into `folder`; returns what was written."""
    from insights.catalog.scaffold import write

    scaffolded, engine = _scaffolded(paths)
    engine.close()
    return tuple(write(scaffolded, folder))


def export(path: Path, folder: Path) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write the definitions at `path` into `folder` as Ossie with an overlay; what was written, and what was left out.

    Raises WrongCatalog with every mistake.
    """
    from insights.catalog.exporting import export as exported
    from insights.catalog.locations import locations

    path = path.absolute()
    engine = _duckdb(locations(path), {}, lake=lambda sources: _lake(sources, path, {}, None))
    try:
        return exported(path, folder.absolute(), engine.columns)
    finally:
        engine.close()


def check(path: Path, *, lake: Mapping[str, object] | None = None) -> tuple[Problem, ...]:
    """Every mistake of a catalog and of the organization beside it, with file, line and suggestion; never raises for them."""
    from insights.catalog import read
    from insights.catalog.checking import check as check_catalog
    from insights.catalog.company import read_organization
    from insights.catalog.locations import locations

    path = path.absolute()
    engine = _duckdb(locations(path), {}, lake=lambda sources: _lake(sources, path, lake or {}, None))
    problems = list(check_catalog(path, engine.columns))
    beside = (path if path.is_dir() else path.parent) / ORGANIZATION
    if beside.exists():
        try:
            read_organization(beside)
        except WrongCatalog as error:
            problems += error.problems
    tested = not problems and bool(read(path, columns=engine.columns).verified)
    engine.close()
    return (*problems, *_unverified(path, lake or {})) if tested else tuple(problems)


def remarked(path: Path, *, lake: Mapping[str, object] | None = None) -> tuple[str, ...]:
    """What a check says besides mistakes: what is not used of the definitions, and which configured engine can answer which metrics."""
    from insights.catalog.answerable import answerable, told
    from insights.catalog.locations import locations
    from insights.catalog.reading import examine

    path = path.absolute()
    engine = _duckdb(locations(path), {}, lake=lambda sources: _lake(sources, path, lake or {}, None))
    try:
        examined = examine(path, engine.columns)
        catalog = examined.catalog
        return (*examined.remarks, *(told(answerable(catalog, {engine.name: engine.columns})) if catalog is not None else ()))
    finally:
        engine.close()


def _unverified(path: Path, lake: Mapping[str, object]) -> Iterator[Problem]:
    """The verified questions of a catalog that cannot be computed, or whose value is not what they expect."""
    from tempfile import TemporaryDirectory

    from insights.catalog.reading import OVERLAY

    file = str((path if path.is_dir() else path.parent) / OVERLAY)
    try:
        with TemporaryDirectory() as home, closing(open_catalog(path, home=Path(home), lake=lake)) as assistant:
            for item, wrong in assistant.curator.unverified():
                yield Problem(file=file, line=item.line, message=f"verified question '{item.ask[:60]}' {wrong}")
    except InsightsError as error:
        yield Problem(file=file, line=0, message=f"the verified questions cannot be tried: {error}")


def work_once(assistant: Assistant, messengers: Mapping[str, Messenger], *, clock: Callable[[], datetime], keep: timedelta | None = None) -> tuple[str, ...]:
    """Do what is due now; a line for each kind of outcome that occurred. `keep`: for how long what was said is kept."""
    from insights.delivery import housekeeping
    from insights.delivery.worker import work

    tidied = housekeeping.tidy(assistant.ledger, assistant.organization.people, keep=housekeeping.KEEP if keep is None else keep, now=clock())
    told = assistant.catch_up()
    kept = {f"rooms {name}": number for name, number in assistant.keep_rooms(clock()).items()}
    counts = work(
        assistant.ledger,
        messengers,
        assistant.organization.people,
        clock,
        witnesses=assistant.witnesses,
        wording=assistant.wording,
        compose=assistant.compose,
    )
    renewed = sum(built.renewed for built in assistant.rollups.build(standing=True)) if assistant.rollups is not None else 0
    found = (
        asdict(tidied)
        | {"answerable": told}
        | kept
        | asdict(counts)
        | {"rollup parts": renewed, "news of tickets": assistant.news(), "figures of the office": assistant.snapshots()}
    )
    return tuple(f"{name}: {number}" for name, number in found.items() if number)


def _scaffolded(paths: Iterable[str]) -> tuple[Scaffold, DuckDB]:
    from insights.catalog.scaffold import scaffold as make
    from insights.lake.files import find
    from insights.warehouse.profile import profile, references

    found = find(tuple(paths), folder=Path.cwd())
    engine = _duckdb((table.source for table in found), {})
    profiles = profile(engine, found)
    return make(profiles, references(engine, profiles), name=found[0].name), engine


def _duckdb(
    sources: Iterable[Source], options: Mapping[str, object], home: Path | None = None, *, lake: Callable[[Sequence[Source]], Lake | None] | None = None
) -> DuckDB:
    """The embedded engine, allowed to read where these sources and the rollups in `home` are, and nowhere else."""
    from insights.warehouse.duckdb import DuckDB

    sources = tuple(sources)
    kept = () if home is None else (f"{home / ROLLUPS}/", f"{home / SNAPSHOTS}/")
    allowed = sorted({*kept, *(place for source in sources for path in source.paths for place in _places(path))})
    limit, threads = options.get("memory_limit"), options.get("threads")
    return DuckDB(
        allowed=allowed,
        memory_limit=None if limit is None else str(limit),
        threads=None if threads is None else int(str(threads)),
        lake=lake(sources) if lake is not None else None,
    )


def open_lake(path: Path, options: Mapping[str, object], home: Path) -> tuple[tuple[Source, ...], Lake, DuckDB]:
    """The sources of a catalog, and a lake and an engine that take their files as they are, whatever a manifest says."""
    from insights.catalog.locations import locations
    from insights.lake.configured import lake_of

    sources, lake = locations(path), lake_of(options, home, None)
    return sources, lake, _duckdb(sources, {}, lake=lambda _: lake)


def _lake(sources: Iterable[Source], catalog: Path, options: Mapping[str, object], home: Path | None) -> Lake | None:
    """What reads the files for the engine, where they lie elsewhere or a manifest beside the catalog vouches for them; None where it may read by itself."""
    from insights.lake.configured import lake_of
    from insights.lake.manifest import NAME, read

    manifest = read((catalog if catalog.is_dir() else catalog.parent) / NAME)
    if manifest is None and not any("://" in path for source in sources for path in source.paths):
        return None
    return lake_of(options, home, manifest)


def _places(path: str) -> tuple[str, ...]:
    """What must be open to read a path: the folder in which a pattern starts, or the file itself."""
    if not glob.has_magic(path):
        return (path,)
    fixed = path[: min(path.index(char) for char in "*?[" if char in path)]
    return (os.path.dirname(fixed) + "/",)


def _assemble(
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
    meetings: Systems | None = None,
) -> Parts:
    """Everything an assistant stands on; `ledger` and `meetings` are such as outlive these definitions."""
    rooms = {room.id: room.name for room in organization.rooms.values()}
    people = {person.id: person.name for person in organization.people.values() if person.active}
    categories = {said.casefold(): one.id for one in organization.help_desk.categories.values() for said in (one.id.replace("_", " "), one.label)}
    equipment = frozenset(thing for room in organization.rooms.values() for thing in room.equipment)
    buildings = tuple(room.building for room in organization.rooms.values() if room.building)
    permit, wording = Permit(catalog, organization), Wording(catalog.locale)
    place = place or Place(file=home / LEDGER)
    store = ledger or cache(place.open)
    systems = meetings or calendar_systems(None)
    office = cache(lambda: _office(store, organization, catalog, home, wording, settings, permit, systems))
    found, asked = results or Results(), AskedLog(home / ASKED)

    def answering(contents: Contents) -> tuple[Questions, Rollups | None]:
        rollups = Rollups(catalog, warehouse, contents, home / ROLLUPS) if isinstance(warehouse, Keeper) and catalog.rollups else None
        return Questions(catalog, warehouse, contents, results=found, rollups=rollups, log=asked), rollups

    def hearing(contents: Contents) -> Hearing:
        index = load_or_build(contents.values, home / "cache" / f"words-{sha256(catalog.name.encode()).hexdigest()[:12]}.index")
        sight = Sight(catalog, contents, warehouse)
        return Hearing(
            sight,
            lambda names, values: Understander(
                names, values, rooms=rooms, equipment=equipment, buildings=buildings, people=people, index=index, categories=categories
            ),
        )

    def teaching(hears: Hearing, questions: Questions) -> Teaching:
        knows = partial(_knows, hears, permit)
        standing = place.stands
        lessons = LessonDesk(
            ledger=store, standing=standing, catalog=catalog, permit=permit, reader=lambda: hears.whole(permit.unrestricted()), knows=knows
        )  # fmt: skip
        enquiries = EnquiryDesk(
            ledger=store, catalog=catalog, permit=permit, organization=organization, wording=wording, knows=knows, sql=questions.sql
        )  # fmt: skip
        refusals = RefusalDesk(
            ledger=store, standing=standing, catalog=catalog, organization=organization, wording=wording, mark=lessons.mark, keep=keep_refused
        )  # fmt: skip
        return Teaching(lessons=lessons, enquiries=enquiries, refusals=refusals)

    def renewed(parts: Parts) -> Parts | None:
        if fingerprint(catalog, warehouse) == parts.contents.fingerprint:
            return None
        contents = load_or_collect(catalog, warehouse, home / "cache")
        hears, (questions, rollups) = hearing(contents), answering(contents)
        return replace(parts, contents=contents, hearing=hears, questions=questions, rollups=rollups, teaching=teaching(hears, questions))

    def close() -> None:
        warehouse.close()
        systems.close()
        if store.cache_info().currsize:
            store().close()

    contents = load_or_collect(catalog, warehouse, home / "cache")
    hears, (questions, rollups) = hearing(contents), answering(contents)
    return Parts(
        catalog=catalog,
        contents=contents,
        organization=organization,
        permit=permit,
        hearing=hears,
        questions=questions,
        rollups=rollups,
        asked=asked,
        wording=wording,
        teaching=teaching(hears, questions),
        office=office,
        intents={intent.kind: intent.examples for intent in load_intents()},
        clock=_clock(catalog, now),
        new_id=lambda: str(uuid4()),
        close=close,
        renewed=renewed,
    )


def calendar_systems(settings: Settings | None) -> Systems:
    """Where rooms and meetings are kept: in our ledger, or in the configured calendar system."""
    from insights.meetings.calendars.opening import Systems

    if settings is None:
        return Systems()
    return Systems(options=settings.section("meetings"), secret=partial(settings.secret, "meetings"))


def ledger_place(settings: Settings) -> Place:
    """Where the ledger is kept. Raises WrongSettings where it would be lost."""
    section = settings.section("ledger")
    address = partial(_address, settings) if section.get("url") else None
    return Place(file=settings.home / LEDGER, address=address, schema=str(section.get("schema", SCHEMA)), keeps_nothing=settings.on_lambda).checked()


def _address(settings: Settings) -> str:
    return settings.secret("ledger", "url") or ""


def _knows(hearing: Hearing, permit: Permit, person: Person | None, meaning: Link | MetricQuestion) -> bool:
    """Whether a person may hear of a meaning, in private."""
    return hearing.knows(meaning, permit.grant(Asker(person=person, audience="private")))


def _office(
    ledger: Callable[[], Ledger],
    organization: Organization,
    catalog: Catalog,
    home: Path,
    wording: Wording,
    settings: Settings | None,
    permit: Permit,
    systems: Systems,
) -> Office:
    from insights.calls.configured import conferences_of, hosts_of, room_systems_of
    from insights.calls.desk import CallDesk
    from insights.company import CompanyDesk
    from insights.delivery.snapshots import Snapshot, write
    from insights.meetings import EmbeddedCalendars, EmbeddedRooms, Ground, MeetingsOffice
    from insights.meetings.figures import snapshot as room_figures
    from insights.meetings.working import days_off
    from insights.tickets import TicketDesk
    from insights.tickets.configured import provider_of
    from insights.tickets.figures import snapshot
    from insights.tickets.triage import triage

    calendars = systems.calendars(EmbeddedCalendars(ledger, organization), organization, catalog.timezone, ledger)
    meetings = MeetingsOffice(
        Ground(
            rooms=systems.rooms(lambda: EmbeddedRooms(ledger), organization, catalog.timezone),
            calendars=calendars,
            ledger=ledger,
            organization=organization,
            zone=ZoneInfo(catalog.timezone),
            locale=catalog.locale,
            holidays=days_off(catalog.holidays, catalog.country),
            bring=systems.bring,
        )
    )
    tickets = TicketDesk(
        provider=provider_of(settings, ledger, organization, ZoneInfo(catalog.timezone)),
        ledger=ledger,
        organization=organization,
        wording=wording,
        judge=cache(lambda: triage(organization.help_desk, home / LEARNED)),
        holidays=catalog.holidays,
    )
    calls = CallDesk(
        events=calendars.events,
        conferences=conferences_of(settings, home),
        room_systems=room_systems_of(settings, organization),
        ledger=ledger,
        organization=organization,
        wording=wording,
        timezone=catalog.timezone,
        hosts=hosts_of(settings),
    )
    snapshots: tuple[Snapshot, ...] = (
        snapshot(ledger, organization),
        room_figures(ledger, organization, ZoneInfo(catalog.timezone)),
    )  # what the office's figures are read from: add that of a capability here
    return Office(
        ledger=ledger(),
        meetings=meetings,
        tickets=tickets,
        calls=calls,
        company=CompanyDesk(organization=organization, permit=permit, holidays=catalog.holidays),
        witnesses={
            **meetings.witnesses,
            "raise_ticket": tickets,
            "update_ticket": tickets.changing,
            "announce_outage": tickets.outages,
            "start_call": calls,
            "join_call": calls,
        },
        catch_up=lambda now: tickets.catch_up(now=now),
        snapshots=lambda: write(snapshots, home / SNAPSHOTS),
    )


def _clock(catalog: Catalog, now: datetime | None) -> Callable[[], datetime]:
    """The company's local time: fixed by the caller or by the overlay's `today` (nine in the morning), else the machine's clock."""
    fixed = now or (datetime.combine(catalog.today, time(9)) if catalog.today else None)
    if fixed is not None:
        return lambda: fixed
    zone = ZoneInfo(catalog.timezone)
    return lambda: datetime.now(zone).replace(tzinfo=None)
