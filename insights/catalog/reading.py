"""Reads a folder of definitions into a Catalog, collecting every mistake of every file before it says anything."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from insights.catalog.datasets import Columns, Tables
from insights.catalog.declared import Declared
from insights.catalog.documents import Node, load
from insights.catalog.metrics import Metrics
from insights.catalog.model import Catalog, Dataset, Field, FieldId
from insights.catalog.names import Names
from insights.catalog.notes import Overlay
from insights.catalog.ossie import read_model
from insights.catalog.overlay import read_overlay
from insights.catalog.sections import Notebook
from insights.errors import Problem, WrongCatalog
from insights.lake.source import Source

MODEL, OVERLAY = "model.yaml", "assistant.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Everything that is known after reading: `catalog` is None when there are problems."""

    problems: tuple[Problem, ...]
    catalog: Catalog | None = None
    declared: Declared | None = None
    overlay: Overlay | None = None


def read(path: Path, *, columns: Columns, today: date | None = None) -> Catalog:
    """Read a folder that holds model.yaml and perhaps assistant.yaml, or a model file with assistant.yaml beside it.

    `columns` gives the physical columns of a source and their kinds; `today` overrides what the overlay fixes. Raises WrongCatalog with every problem
    found, each with file, line and suggestion.
    """
    examined = examine(path, columns)
    if examined.catalog is None:
        raise WrongCatalog(examined.problems)
    return examined.catalog if today is None else replace(examined.catalog, today=today)


def examine(path: Path, columns: Columns) -> Examined:
    """Read as `read` does, without raising."""
    model = path / MODEL if path.is_dir() else path
    if not model.exists():
        return Examined(problems=(_missing(path, model),))
    problems: list[Problem] = []
    root = load(model, problems)
    overlay = model.parent / OVERLAY
    overlay_root = load(overlay, problems) if overlay.exists() and overlay != model else None
    if root is None:
        return Examined(problems=_ordered(problems, str(model)))
    digest = hashlib.sha256()
    for file in (model, overlay):
        if file.exists():
            digest.update(file.read_bytes())
    return compiled((root, str(model)), (overlay_root, str(overlay)), model.parent.absolute(), columns, digest.hexdigest(), problems)


def compiled(
    model: tuple[Node, str],
    overlay: tuple[Node | None, str],
    folder: Path,
    columns: Columns,
    version: str,
    problems: Sequence[Problem] = (),
    sources: Mapping[str, Source] | None = None,
) -> Examined:
    """The catalog of documents that have been read; `folder` is where relative sources start, `sources` replaces what datasets of these names say."""
    found = list(problems)
    model_book, overlay_book = Notebook(model[1], found), Notebook(overlay[1], found)
    declared = read_model(model[0], model_book)
    if declared is None:
        return Examined(problems=_ordered(found, model[1]))
    root = overlay[0]
    names = Names.of(declared, _metric_names(root), overlay_book, folder)
    notes = read_overlay(root, overlay_book, names) if root is not None and not root.is_null else Overlay(file=overlay[1])
    tables = Tables(declared, folder, columns, model_book, sources or {})
    relationships = tables.relationships()
    regional = notes.regional
    shape = Catalog(
        name=declared.name,
        version=version,
        datasets=tables.datasets(relationships, notes),
        metrics={},
        relationships=relationships,
        description=declared.description,
        locale=regional.locale,
        timezone=regional.timezone,
        week_starts=regional.week_starts,
        fiscal_year_starts=regional.fiscal_year_starts,
        fiscal_periods=regional.fiscal_periods,
        today=regional.today,
        holidays=regional.holidays,
        country=regional.country,
        events=regional.events,
        access=notes.access,
        policies=notes.policies,
        minimum_group=notes.minimum_group,
        verified=notes.verified,
        funnels=notes.funnels,
        experiments=notes.experiments,
        owner=notes.owner,
    )
    metrics = Metrics(declared, notes, shape, tables.columns, (model_book, overlay_book))
    made = metrics.all()
    datasets = {name: _with(dataset, metrics.implied) for name, dataset in shape.datasets.items()}
    ordered = _ordered(found, model[1])
    return Examined(problems=ordered, catalog=None if ordered else replace(shape, datasets=datasets, metrics=made), declared=declared, overlay=notes)


def _with(dataset: Dataset, implied: Mapping[FieldId, Field]) -> Dataset:
    """The dataset with the fields that only its metrics read."""
    added = {id_.name: field for id_, field in implied.items() if id_.dataset == dataset.name}
    return replace(dataset, fields={**dataset.fields, **added}) if added else dataset


def _metric_names(root: Node | None) -> tuple[str, ...]:
    """The metrics that the overlay defines, before it is read."""
    metrics = (root.entries or {}).get("metrics") if root is not None else None
    return tuple(metrics.entries or ()) if metrics is not None else ()


def _missing(path: Path, model: Path) -> Problem:
    if path.is_dir():
        return Problem(file=str(path), line=0, message=f"holds no {MODEL}.", suggestion="Name the model file, or make one with: insights catalog scaffold.")
    return Problem(file=str(model), line=0, message="does not exist.", suggestion="Check the path.")


def _ordered(problems: Sequence[Problem], first: str) -> tuple[Problem, ...]:
    """Once each, by file (the model first) and line."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file != first, p.file, p.line)))
