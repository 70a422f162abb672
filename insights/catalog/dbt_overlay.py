"""What assistant.yaml adds to a dbt manifest: where its tables lie, and words, units and owners for its metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from insights.catalog.datasets import Columns, Tables
from insights.catalog.declared import Declared, DeclaredDataset, Words
from insights.catalog.documents import Node
from insights.catalog.notes import MetricNotes
from insights.catalog.scopes import listing
from insights.catalog.sections import Notebook
from insights.errors import nearest

_PLACES = ("{database}", "{schema}", "{table}")


def moved(declared: Declared, overlay: Node | None, notebook: Notebook) -> Declared:
    """The datasets with the sources that `sources` of the overlay gives for their tables.

    It is one text for all tables, with {table}, {schema} and {database} in it, or a mapping from a semantic model, a table or `schema.table` to a path.
    """
    sources = (overlay.entries or {}).get("sources") if overlay is not None else None
    if sources is None or sources.is_null:
        return declared
    if sources.is_scalar:
        return _all_moved(declared, sources, notebook)
    if sources.entries is None:
        notebook.report(sources.line, "'sources' must be one path with {table} in it, or a mapping of tables to paths.")
        return declared
    datasets, used = {}, set()
    for name, dataset in declared.datasets.items():
        key = next((key for key in (name, *_called(dataset)) if key in sources.entries), None)
        node = sources.entries[key] if key is not None else None
        used.add(key)
        datasets[name] = dataset if node is None else replace(dataset, source=node.text.strip() or None)
    known = {called for name, dataset in declared.datasets.items() for called in (name, *_called(dataset))}
    for key, node in sources.entries.items():
        if not node.is_scalar or not node.text.strip():
            notebook.report(node.line, f"'sources': the place of '{key[:80]}' must be a path or a table.")
        elif key not in used:
            notebook.report(node.line, f"'sources': the manifest has no table '{key[:80]}'.", nearest(key, known) or listing(known))
    return replace(declared, datasets=datasets)


def _all_moved(declared: Declared, sources: Node, notebook: Notebook) -> Declared:
    if "{table}" not in sources.text:
        notebook.report(sources.line, "'sources' names one place for all tables.", 'Put {table} into it, as in "data/{table}.parquet", or map each table.')
        return declared
    return replace(declared, datasets={name: replace(dataset, source=_filled(sources.text.strip(), dataset)) for name, dataset in declared.datasets.items()})


def _filled(text: str, dataset: DeclaredDataset) -> str | None:
    if dataset.source is None:
        return None
    parts = dataset.source.split(".")
    for place, part in zip(_PLACES, ["", "", *parts][-3:], strict=True):
        text = text.replace(place, part)
    return text


def _called(dataset: DeclaredDataset) -> tuple[str, ...]:
    """The table with everything before it, and ever less of that."""
    parts = (dataset.source or "").split(".")
    return tuple(".".join(parts[n:]) for n in range(len(parts)))


def together(base: Mapping[str, MetricNotes], said: Mapping[str, MetricNotes], notebook: Notebook) -> Mapping[str, MetricNotes]:
    """The manifest's metrics with what the overlay adds; how they are computed stays as it is in the project."""
    found = dict(base)
    for name, notes in said.items():
        own = base.get(name)
        found[name] = notes if own is None else _added(own, notes, notebook)
    return found


def _added(own: MetricNotes, notes: MetricNotes, notebook: Notebook) -> MetricNotes:
    for key, given in (("type", notes.type), ("filter", notes.filter)):
        if given is not None:
            notebook.report(
                notes.line, f"metric '{own.name}': '{key}' is said by the dbt project already.", "Change it there, or give the metric another name here."
            )
    words = Words(
        label=notes.words.label or own.words.label,
        synonyms=(*notes.words.synonyms, *own.words.synonyms),
        description=notes.words.description or own.words.description,
    )
    return replace(
        own,
        words=words,
        unit=notes.unit,
        good=notes.good,
        time=notes.time or own.time,
        time_line=notes.time_line if notes.time else own.time_line,
        target=notes.target,
        owner=notes.owner or own.owner,
        certified=notes.certified,
        sensitivity=notes.sensitivity,
        fresh_within=notes.fresh_within,
    )


def without_unreadable(declared: Declared, folder: Path, columns: Columns, left_out: Notebook) -> Declared:
    """The datasets without the fields whose SQL cannot be used here, and without calendars whose rows are not there; each is written down."""
    unseen = Notebook(left_out.file, [])
    tables = Tables(declared, folder, columns, unseen, {})
    datasets = dict(declared.datasets)
    for name, dataset in declared.datasets.items():
        if tables.columns[name] is None and dataset.calendar:
            del datasets[name]
            grains = ", ".join(field.name for field in dataset.fields.values() if not field.hidden)
            left_out.report(dataset.line, f"the granularities {grains} are left out: the table '{dataset.source}' cannot be read.", "Name it under 'sources'.")
        if tables.columns[name] is None:
            continue
        bad = {field for field, made in tables.compiled[name].items() if not made.expression}
        if bad:
            datasets[name] = replace(dataset, fields={field: known for field, known in dataset.fields.items() if field not in bad})
    left_out.problems += [problem for problem in unseen.problems if problem.message.startswith("field '")]
    relationships = tuple(one for one in declared.relationships if one.one in datasets or one.one not in declared.datasets)
    return replace(declared, datasets=datasets, relationships=relationships)
