"""Settings, definitions or plain files -> Assistant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from insights.assistant import Assistant
from insights.catalog.model import Catalog
from insights.collecting import paused
from insights.errors import InsightsError, WrongSettings
from insights.ledger.place import Place
from insights.organization import Organization
from insights.parts import Parts
from insights.query.results import MOST_CELLS, Results
from insights.settings import Settings
from insights.swapping import swapping
from insights.teaching.refusals import KEEP
from insights.warehouse.budgets import Spent
from insights.warehouse.port import Warehouse
from insights.wiring.assembling import assembled
from insights.wiring.engines import engine_of, scaffolded
from insights.wiring.places import HOME, LEDGER, MANIFEST, ORGANIZATION, SNAPSHOTS, calendar_systems, kept_refused, ledger_place, seconds, whole


def open_settings(settings: Settings, *, now: datetime | None = None) -> Assistant:
    """The assistant that the settings describe. Raises WrongSettings when they name neither a catalog nor data."""
    if settings.catalog is not None:
        return open_catalog(
            settings.catalog,
            now=now,
            home=settings.home,
            warehouse=settings.section("warehouse"),
            lake=settings.section("lake"),
            keep_refused=kept_refused(settings),
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
    systems = cache(lambda: calendar_systems(settings))  # which few questions need

    def load() -> Parts:
        catalog, organization, engine = definitions(path, warehouse or {}, home, lake or {}, spent=store)
        results = Results(most_cells=whole(warehouse or {}, "results_kept", MOST_CELLS), stale_within=seconds(warehouse or {}, "stale_within"))
        return assembled(
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
    with paused():
        parts = load()
    return Assistant(swapping(parts, watch, load))


def open_data(paths: Iterable[str], *, now: datetime | None = None, home: Path, ledger: Place | None = None) -> Assistant:
    """An assistant over files nobody prepared: the catalog is scaffolded from them. Raises WrongCatalog naming a path that holds no data."""
    from insights.catalog.scaffold import catalog_of

    found, engine = scaffolded(paths)
    return Assistant(assembled(catalog_of(found, Path.cwd(), engine.columns), Organization(), engine, now=now, home=home, place=ledger))


def definitions(
    path: Path, warehouse: Mapping[str, object], home: Path, lake: Mapping[str, object], *, spent: Callable[[], Spent] | None = None
) -> tuple[Catalog, Organization, Warehouse]:
    """Everything that stands in the files, with the engine that may read where they point; `spent` counts for its budgets.

    Raises WrongCatalog with every mistake.
    """
    from insights.catalog import read
    from insights.catalog.company import read_organization

    beside = (path if path.is_dir() else path.parent) / ORGANIZATION
    engine = engine_of(path, warehouse, lake, home, spent=spent)
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
