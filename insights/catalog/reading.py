"""Reads a folder of definitions into a Catalog, collecting every mistake of every file before it says anything."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from insights.catalog.datasets import Columns, Tables
from insights.catalog.dbt_place import manifest_in
from insights.catalog.declared import Declared
from insights.catalog.documents import Node, load
from insights.catalog.json_documents import load as load_json
from insights.catalog.metrics import Metrics
from insights.catalog.model import Catalog, Dataset, Field, FieldId
from insights.catalog.names import Names
from insights.catalog.notes import MetricNotes, Overlay
from insights.catalog.ossie import read_model
from insights.catalog.overlay import read_overlay
from insights.catalog.sections import Notebook
from insights.errors import Problem, WrongCatalog
from insights.lake.source import Source

MODEL, OVERLAY = "model.yaml", "assistant.yaml"
Notes = Mapping[str, MetricNotes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Everything that is known after reading: `catalog` is None when there are problems.

    `left_out` is what a dbt manifest defines and this version cannot answer; `remarks` need nobody to mend them; `base` is what it says of its metrics.
    """

    problems: tuple[Problem, ...]
    catalog: Catalog | None = None
    declared: Declared | None = None
    overlay: Overlay | None = None
    left_out: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()
    base: Notes = field(default_factory=dict)


def read(path: Path, *, columns: Columns, today: date | None = None) -> Catalog:
    """Read a folder that holds model.yaml and perhaps assistant.yaml, or a model file with assistant.yaml beside it.

    In place of model.yaml there may be dbt's semantic_manifest.json, also that of a dbt project's folder.

    `columns` gives the physical columns of a source and their kinds; `today` overrides what the overlay fixes. Raises WrongCatalog with every problem
    found, each with file, line and suggestion.
    """
    examined = examine(path, columns)
    if examined.catalog is None:
        raise WrongCatalog(examined.problems)
    return examined.catalog if today is None else replace(examined.catalog, today=today)


def examine(path: Path, columns: Columns) -> Examined:
    """Read as `read` does, without raising."""
    model, overlay = files(path)
    if not model.exists():
        return Examined(problems=(_missing(path, model),))
    problems: list[Problem] = []
    root = load_json(model, problems) if model.suffix == ".json" else load(model, problems)
    overlay_root = load(overlay, problems) if overlay.exists() and overlay != model else None
    if root is None:
        return Examined(problems=_ordered(problems, str(model)))
    digest = hashlib.sha256()
    for file in (model, overlay):
        if file.exists():
            digest.update(file.read_bytes())
    documents = (root, str(model)), (overlay_root, str(overlay))
    if model.suffix == ".json":
        return _of_manifest(*documents, overlay.parent.absolute(), columns, digest.hexdigest(), problems)
    return compiled(*documents, model.parent.absolute(), columns, digest.hexdigest(), problems)


def files(path: Path) -> tuple[Path, Path]:
    """The model file and the overlay that a path names, whether they exist or not."""
    if not path.is_dir():
        return path, path.parent / OVERLAY
    manifest = manifest_in(path)
    return (path / MODEL if manifest is None or (path / MODEL).exists() else manifest), path / OVERLAY


def _of_manifest(
    model: tuple[Node, str], overlay: tuple[Node | None, str], folder: Path, columns: Columns, version: str, problems: Sequence[Problem]
) -> Examined:
    """The catalog of a dbt manifest: what cannot be compiled is left out by name, and the rest is used."""
    from insights.catalog.dbt import dialect_beside, read_manifest
    from insights.catalog.dbt_artifacts import warnings_beside
    from insights.catalog.dbt_overlay import moved, without_unreadable

    found = list(problems)
    manifest = read_manifest(model[0], Notebook(model[1], found), dialect=dialect_beside(Path(model[1])))
    if manifest is None or found:
        return Examined(problems=_ordered(found, model[1]))
    declared = moved(manifest.declared, overlay[0], Notebook(overlay[1], found))
    left_out = list(manifest.left_out)
    declared = without_unreadable(declared, folder, columns, Notebook(model[1], left_out))
    own = len(left_out)
    made = _compiled(declared, Notebook(model[1], found), overlay, folder, columns, version, None, manifest.notes, Notebook(model[1], left_out))
    if made.catalog is not None:
        standing = {**made.catalog.metrics}
        refused = {name: _why(name, manifest.refused, left_out) for name in (*manifest.refused, *manifest.notes) if name not in standing and "__" not in name}
        labels = {name: label for name, label in manifest.labels.items() if name in refused}
        refused |= {label: refused[name] for name, label in labels.items()}
        warned, troubles = warnings_beside(Path(model[1]), manifest.relations)
        left_out += troubles
        datasets = {name: replace(dataset, warnings=warned.get(name, ())) for name, dataset in made.catalog.datasets.items()}
        made = replace(made, catalog=replace(made.catalog, refused=refused, datasets=datasets))
    else:
        del left_out[own:]  # what follows from other mistakes is none of its own
    return replace(made, left_out=_ordered(left_out, model[1]), remarks=manifest.remarks, base=manifest.notes)


def _why(name: str, refused: Mapping[str, str], left_out: Sequence[Problem]) -> str:
    said = (problem.message.partition(": ")[2] for problem in left_out if problem.message.startswith(f"metric '{name}'"))
    return refused.get(name) or next(said, "it is made of one that is left out.")


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
    model_book = Notebook(model[1], found)
    declared = read_model(model[0], model_book)
    if declared is None:
        return Examined(problems=_ordered(found, model[1]))
    return _compiled(declared, model_book, overlay, folder, columns, version, sources)


def _compiled(
    declared: Declared,
    model_book: Notebook,
    overlay: tuple[Node | None, str],
    folder: Path,
    columns: Columns,
    version: str,
    sources: Mapping[str, Source] | None,
    base: Notes | None = None,
    metric_book: Notebook | None = None,
) -> Examined:
    """Everything put together; `base` is what the model's file says of metrics as an overlay would, `metric_book` takes the mistakes of those."""
    found, overlay_book = model_book.problems, Notebook(overlay[1], model_book.problems)
    root = overlay[0]
    names = Names.of(declared, (*_metric_names(root), *(base or ())), overlay_book, folder)
    notes = read_overlay(root, overlay_book, names) if root is not None and not root.is_null else Overlay(file=overlay[1])
    if base is not None:
        from insights.catalog.dbt_overlay import together

        notes = replace(notes, metrics=together(base, notes.metrics, overlay_book))
    tables = Tables(declared, folder, columns, model_book, sources or {})
    shape = _shape(declared, tables, notes, version)
    metrics = Metrics(declared, notes, shape, tables.columns, (metric_book or model_book, overlay_book))
    made = {name: metric for name, metric in metrics.all().items() if name not in notes.metrics or not notes.metrics[name].hidden}
    made |= {
        name: replace(made[name], prediction=one.prediction, owner=made[name].owner or one.prediction.owner)
        for name, one in notes.models.items()
        if name in made
    }
    datasets = {name: _with(dataset, metrics.implied) for name, dataset in shape.datasets.items()}
    ordered = _ordered(found, model_book.file)
    catalog = None if ordered else replace(shape, datasets=datasets, metrics=made)
    return Examined(problems=ordered, catalog=catalog, declared=declared, overlay=notes, remarks=tuple(model_book.remarks))


def _shape(declared: Declared, tables: Tables, notes: Overlay, version: str) -> Catalog:
    """The catalog without its metrics, which are compiled by it."""
    relationships = tables.relationships([name for name, one in notes.datasets.items() if one.valid is not None])
    regional = notes.regional
    return Catalog(
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
        rollups=notes.rollups,
        owner=notes.owner,
    )


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
