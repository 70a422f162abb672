"""Writes definitions out as Apache Ossie with an overlay beside it: read again, they answer the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from insights.catalog.company import ORGANIZATION, read_organization
from insights.catalog.datasets import Columns
from insights.catalog.declared import Declared, DeclaredDataset, DeclaredField, DeclaredMetric, DeclaredRelationship, Expression, Words
from insights.catalog.documents import Node, load
from insights.catalog.expressions import DIALECTS, ENGINES, NOT_SQL
from insights.catalog.model import Catalog, Validity
from insights.catalog.notes import MetricNotes, Part
from insights.catalog.reading import MODEL, OVERLAY, examine, files
from insights.catalog.sections import plain_of
from insights.errors import Problem, WrongCatalog
from insights.lake.source import Kind, Source

_DATATYPES: Mapping[Kind, str] = {
    "text": "String",
    "number": "Decimal",
    "boolean": "Boolean",
    "date": "Date",
    "timestamp": "DateTime",
    "unknown": "Opaque",
}
_BESIDE = (ORGANIZATION,)
_LINE = 160
_FALSE = ("carried", "with_data", "at")
"""Keys that say something when they are false or 0."""


def export(path: Path, folder: Path, columns: Columns) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write model.yaml and assistant.yaml for the definitions at `path` into `folder`, with the organization beside them; what was written, what left out.

    Raises WrongCatalog with every mistake.
    """
    examined = examine(path, columns)
    catalog, declared = examined.catalog, examined.declared
    if catalog is None or declared is None:
        raise WrongCatalog(examined.problems)
    place = files(path)[1]
    problems: list[Problem] = []
    overlay = load(place, problems) if place.exists() else None
    declared = replace(declared, metrics={name: metric for name, metric in declared.metrics.items() if name not in catalog.refused})
    base = {name: notes for name, notes in examined.base.items() if name not in catalog.refused}
    folder.mkdir(parents=True, exist_ok=True)
    written = {MODEL: model_of(declared, catalog, folder), OVERLAY: overlay_of(declared, overlay, base, (place.parent.absolute(), folder))}
    for name in _BESIDE:
        if (place.parent / name).exists():
            written[name] = (place.parent / name).read_text(encoding="utf-8")
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    _documents(place.parent, folder)
    return tuple(folder / name for name in written), examined.left_out


def _documents(old: Path, new: Path) -> None:
    """Bring along the documents beside the organization that it names."""
    for place in read_organization(old).handbook if (old / ORGANIZATION).exists() else ():
        document = Path(place)
        if document.is_relative_to(old.absolute()):
            target = new / document.relative_to(old.absolute())
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(document, target, dirs_exist_ok=True) if document.is_dir() else shutil.copy(document, target)


def model_of(declared: Declared, catalog: Catalog, folder: Path) -> str:
    """The model file: pure Ossie 0.1.1, or 0.2 where fields say of what kind they are. Relative sources are written as seen from `folder`."""
    typed = any(field.kind is not None for dataset in declared.datasets.values() for field in dataset.fields.values())
    model = {
        "name": declared.name,
        "description": declared.description,
        "datasets": [_dataset(dataset, catalog.datasets[dataset.name].source, folder, typed=typed) for dataset in declared.datasets.values()],
        "relationships": [_relationship(relationship) for relationship in declared.relationships],
        "metrics": [_metric(metric) for metric in declared.metrics.values()],
    }
    return _yaml({"version": "0.2.0.dev0" if typed else "0.1.1", "semantic_model": [_said(model)]})


def overlay_of(declared: Declared, overlay: Node | None, base: Mapping[str, MetricNotes], folders: tuple[Path, Path]) -> str:
    """The overlay: what stood in it, and what a dbt manifest says of metrics that Ossie cannot.

    `folders` are where its paths started, and where they start now.
    """
    plain = plain_of(overlay) if overlay is not None else None
    found: dict[str, Any] = {"version": 1}
    found |= {key: value for key, value in plain.items() if key != "sources"} if isinstance(plain, dict) else {}
    metrics = {name: _notes(notes, declared) for name, notes in base.items()}
    for name, said in (found.get("metrics") or {}).items():
        metrics[name] = _replaced(metrics.get(name, {}) | (said or {}), "target", folders)
    datasets: dict[str, dict[str, Any]] = {
        name: {"time": dataset.time, "label": dataset.words.label, "calendar": dataset.calendar, "valid": _valid(dataset.valid)}
        for name, dataset in declared.datasets.items()
    }
    for name, said in (found.get("datasets") or {}).items():
        datasets[name] = datasets.get(name, {}) | (said or {})
        if isinstance(currency := datasets[name].get("currency"), dict):
            datasets[name]["currency"] = _replaced(currency, "rates", folders)
    hidden = {f"{d.name}.{f.name}": {"hidden": True} for d in declared.datasets.values() for f in d.fields.values() if f.hidden}
    fields = {name: hidden.get(name, {}) | (said or {}) for name, said in (hidden | (found.get("fields") or {})).items()}
    for key, said in (("metrics", metrics), ("datasets", datasets), ("fields", fields)):
        found[key] = {name: kept for name, one in said.items() if (kept := _said(one, keep=_FALSE))}
    return _yaml(_said(found))


def _valid(valid: Validity | None) -> dict[str, Any] | None:
    return None if valid is None else _said({"from": valid.first, "to": valid.after, "by_day": valid.by_day})


def _dataset(dataset: DeclaredDataset, source: Source, folder: Path, *, typed: bool) -> dict[str, Any]:
    return _said(
        {
            "name": dataset.name,
            "source": _source(dataset.source or "", source, folder),
            "primary_key": list(dataset.primary_key.columns) if dataset.primary_key else [],
            "unique_keys": [list(key.columns) for key in dataset.unique_keys],
            "description": dataset.words.description,
            "ai_context": _context(dataset.words),
            "fields": [_field(field, typed=typed) for field in dataset.fields.values()],
        }
    )


def _source(text: str, source: Source, folder: Path) -> str:
    """A path as seen from `folder`; tables and addresses stay."""
    if source.table is not None or "://" in text or not source.paths:
        return text
    place = source.paths[0]
    return os.path.relpath(place, folder) if "/" in os.path.relpath(place, folder) else f"./{os.path.relpath(place, folder)}"


def _field(field: DeclaredField, *, typed: bool) -> dict[str, Any]:
    made = _said({"name": field.name, "expression": _expression(field.expression), "label": field.words.label, "description": field.words.description})
    if field.grouped or field.is_time is not None:
        made["dimension"] = {} if field.is_time is None else {"is_time": field.is_time}
    if typed and field.kind is not None:
        made["datatype"] = _DATATYPES[field.kind]
    return made | _said({"ai_context": _context(field.words)})


def _relationship(one: DeclaredRelationship) -> dict[str, Any]:
    return {"name": one.name, "from": one.many, "to": one.one, "from_columns": list(one.many_columns), "to_columns": list(one.one_columns)}


def _metric(metric: DeclaredMetric) -> dict[str, Any]:
    return _said(
        {"name": metric.name, "expression": _expression(metric.expression), "description": metric.words.description, "ai_context": _context(metric.words)}
    )


def _expression(expression: Expression | None) -> dict[str, Any] | None:
    """SQL of a dialect that Ossie knows; that of an engine is written in standard SQL."""
    if expression is None:
        return None
    dialect, text = expression.dialect, expression.text
    if dialect not in DIALECTS and dialect not in NOT_SQL:
        dialect, text = "ANSI_SQL", standard(text, dialect)
    return {"dialects": [{"dialect": dialect, "expression": text}]}


def standard(text: str, dialect: str) -> str:
    """SQL of an engine as it is written where no dialect is named; unchanged where it cannot be parsed."""
    if not ENGINES.get(dialect):
        return text
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        return str(sqlglot.transpile(text, read=ENGINES[dialect], write="")[0])
    except (SqlglotError, IndexError):
        return text


def _notes(notes: MetricNotes, declared: Declared) -> dict[str, Any]:
    """What a manifest says of a metric, as an overlay says it."""
    made: dict[str, Any] = {
        "label": notes.words.label,
        "synonyms": list(notes.words.synonyms),
        "owner": notes.owner,
        "hidden": notes.hidden,
        "time": str(notes.time) if notes.time else None,
    }
    if notes.name in declared.metrics:
        made["label"] = made["label"] or declared.metrics[notes.name].words.label
    else:
        made |= {"type": notes.type, "description": notes.words.description}
    sides: tuple[tuple[str, Part | None], ...] = (("numerator", notes.numerator), ("denominator", notes.denominator), ("expression", notes.expression))
    sides += (("of", notes.of), ("from", notes.base), ("to", notes.goal), ("by", notes.by))
    made |= {key: part.text for key, part in sides if part is not None}
    made["filter"] = standard(notes.filter.text, notes.filter.dialect) if notes.filter else None
    if notes.type == "cumulative":
        made |= {"window": str(notes.window) if notes.window else None, "to_date": notes.to_date, "period_agg": notes.period_agg, "with_data": notes.with_data}
    elif notes.type == "balance":
        made |= {"take": notes.take, "per": [part.text for part in notes.per], "carried": notes.carried}
    elif notes.type == "conversion":
        made |= {"within": str(notes.within) if notes.within else None, "counts": notes.counts or None}
        made["same"] = {one.text: two.text for one, two in notes.same} or None
    elif notes.type == "earlier":
        made |= {"ago": str(notes.ago) if notes.ago else None, "start_of": notes.start_of}
    elif notes.type == "percentile":
        made |= {"at": notes.at, "discrete": notes.discrete or None}
    return _said(made, keep=_FALSE)


def _replaced(said: dict[str, Any], key: str, folders: tuple[Path, Path]) -> dict[str, Any]:
    """A path under `key` as seen from the new folder."""
    text = said.get(key)
    if not isinstance(text, str) or "://" in text or os.path.isabs(text) or not (folders[0] / text).exists():
        return said
    return said | {key: os.path.relpath(folders[0] / text, folders[1])}


def _context(words: Words) -> dict[str, Any] | None:
    return {"synonyms": list(words.synonyms)} if words.synonyms else None


def _said(values: Mapping[str, Any], keep: tuple[str, ...] = ()) -> dict[str, Any]:
    """Only what says something."""
    return {key: value for key, value in values.items() if key in keep or (value not in (None, "", [], {}) and value is not False)}


def _yaml(document: Mapping[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True, width=_LINE))
