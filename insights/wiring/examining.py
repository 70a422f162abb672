"""What those who keep definitions ask of them without an assistant: checks, remarks, exports, a first draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from insights.errors import AskerCanFix, InsightsError, Problem, WrongCatalog
from insights.wiring.engines import engine_of, scaffolded
from insights.wiring.opening import open_catalog
from insights.wiring.places import ORGANIZATION

if TYPE_CHECKING:
    from insights.catalog.model import Catalog


def scaffold(paths: Iterable[str], folder: Path) -> tuple[Path, ...]:
    """Write model.yaml and assistant.yaml for the files into `folder`; returns what was written."""
    from insights.catalog.scaffold import write

    found, engine = scaffolded(paths)
    engine.close()
    return tuple(write(found, folder))


def export(
    path: Path, folder: Path, *, warehouse: Mapping[str, object] | None = None, lake: Mapping[str, object] | None = None
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write the definitions at `path` into `folder` as Ossie with an overlay; what was written, and what was left out.

    Raises WrongCatalog with every mistake.
    """
    from insights.catalog.exporting import export as exported

    path = path.absolute()
    engine = engine_of(path, warehouse or {}, lake or {})
    try:
        return exported(path, folder.absolute(), engine.columns)
    finally:
        engine.close()


def check(path: Path, *, warehouse: Mapping[str, object] | None = None, lake: Mapping[str, object] | None = None) -> tuple[Problem, ...]:
    """Every mistake of a catalog and of the organization beside it, with file, line and suggestion; never raises for them."""
    from insights.catalog import read
    from insights.catalog.checking import check as check_catalog
    from insights.catalog.company import read_organization

    path, warehouse, lake = path.absolute(), warehouse or {}, lake or {}
    engine = engine_of(path, warehouse, lake)
    problems = list(check_catalog(path, engine.columns))
    beside = (path if path.is_dir() else path.parent) / ORGANIZATION
    if beside.exists():
        try:
            read_organization(beside)
        except WrongCatalog as error:
            problems += error.problems
    catalog = read(path, columns=engine.columns) if not problems else None
    engine.close()
    if catalog is not None:
        problems += _not_kept(catalog, path)
    tested = catalog is not None and bool(catalog.verified)
    return (*problems, *_unverified(path, warehouse, lake)) if tested else tuple(problems)


def _not_kept(catalog: Catalog, path: Path) -> Iterator[Problem]:
    """The rollups that cannot be built, each with the reason."""
    from insights.catalog.reading import OVERLAY
    from insights.query.designs import designs

    file = str((path if path.is_dir() else path.parent) / OVERLAY)
    for rollup in catalog.rollups:
        try:
            designs(rollup, catalog)
        except AskerCanFix as reason:
            yield Problem(file=file, line=rollup.line, message=f"rollup '{rollup.name}': {reason.problem} {reason.remedy}".strip())


def remarked(path: Path, *, warehouse: Mapping[str, object] | None = None, lake: Mapping[str, object] | None = None) -> tuple[str, ...]:
    """What a check says besides mistakes: what is not used of the definitions, and which configured engine can answer which metrics."""
    from insights.catalog.reading import examine
    from insights.query.answerable import answerable, told
    from insights.warehouse.choosing import Engines

    engine = engine_of(path.absolute(), warehouse or {}, lake or {})
    engines = engine.engines if isinstance(engine, Engines) else (engine,)
    try:
        examined = examine(path.absolute(), engine.columns)
        return (*examined.remarks, *(told(answerable(examined.catalog, engines)) if examined.catalog is not None else ()))
    finally:
        engine.close()


def _unverified(path: Path, warehouse: Mapping[str, object], lake: Mapping[str, object]) -> Iterator[Problem]:
    """The verified questions of a catalog that cannot be computed, or whose value is not what they expect."""
    from tempfile import TemporaryDirectory

    from insights.catalog.reading import OVERLAY

    file = str((path if path.is_dir() else path.parent) / OVERLAY)
    try:
        with TemporaryDirectory() as home, closing(open_catalog(path, home=Path(home), warehouse=warehouse, lake=lake)) as assistant:
            for item, wrong in assistant.curator.unverified():
                yield Problem(file=file, line=item.line, message=f"verified question '{item.ask[:60]}' {wrong}")
    except InsightsError as error:
        yield Problem(file=file, line=0, message=f"the verified questions cannot be tried: {error}")
