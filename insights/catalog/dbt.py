"""Reads dbt's semantic_manifest.json in place of a model file. What this version cannot answer is left out by name, never changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from insights.catalog.dbt_metrics import DbtMetrics
from insights.catalog.dbt_models import SemanticModels
from insights.catalog.dbt_pieces import Shelf, says_something, unknown_keys
from insights.catalog.dbt_place import TARGET
from insights.catalog.dbt_spines import linked, spines_of
from insights.catalog.declared import Declared
from insights.catalog.documents import Node
from insights.catalog.notes import MetricNotes
from insights.catalog.sections import Notebook, Section
from insights.errors import Problem

_KEYS = ("semantic_models", "metrics", "project_configuration", "saved_queries")
_ADAPTER = re.compile(rb'"adapter_type"\s*:\s*"(\w+)"')
_ADAPTERS = {
    "duckdb": "DUCKDB",
    "snowflake": "SNOWFLAKE",
    "databricks": "DATABRICKS",
    "bigquery": "BIGQUERY",
    "postgres": "POSTGRES",
    "redshift": "REDSHIFT",
    "spark": "SPARK",
    "trino": "TRINO",
    "athena": "ATHENA",
    "clickhouse": "CLICKHOUSE",
    "sqlserver": "SQLSERVER",
    "fabric": "SQLSERVER",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest as the model would declare it; `notes` say of its metrics what an overlay would, `refused` why others are not there."""

    declared: Declared
    notes: Mapping[str, MetricNotes]
    refused: Mapping[str, str]
    left_out: tuple[Problem, ...]
    relations: Mapping[str, str]
    labels: Mapping[str, str]
    remarks: tuple[str, ...] = ()


def read_manifest(root: Node, notebook: Notebook, *, dialect: str = "ANSI_SQL") -> Manifest | None:
    """The manifest of a document; `dialect` is the SQL of the project. What is no manifest goes into the notebook; None when there is nothing to read."""
    top = Section(root, notebook, "the manifest")
    if root.entries is None:
        return None
    if "semantic_models" not in top:
        hint = "manifest.json is another file of dbt's: name semantic_manifest.json." if "nodes" in top else "Make it with: dbt parse."
        top.report(None, "there are no semantic models.", hint)
        return None
    left_out: list[Problem] = []
    shelf = Shelf(wrong=notebook, left_out=left_out, dialect=dialect, grains=_own_grains(top))
    unknown_keys(top, _KEYS, shelf)
    models = SemanticModels(list(top.items("semantic_models")), shelf)
    spines = spines_of(top, models.all, shelf)
    days = linked(models, spines, shelf)
    made = DbtMetrics(list(top.items("metrics")), models, shelf).all()
    _saved_queries(top, shelf)
    declared = Declared(
        file=notebook.file,
        name=_name(notebook.file),
        datasets={model.name: model.dataset for model in models.all.values()} | {spine.dataset.name: spine.dataset for spine in spines},
        relationships=(*models.relationships(), *days),
        metrics=made.metrics,
    )
    relations = {name: model.dataset.source for name, model in models.all.items() if model.dataset.source is not None}
    return Manifest(
        declared=declared,
        notes=made.notes,
        refused=made.refused,
        left_out=tuple(left_out),
        relations=relations,
        labels=_labels(top),
        remarks=tuple(shelf.remarks),
    )


def dialect_beside(manifest: Path) -> str:
    """The SQL of the project, which dbt's manifest.json says in its first lines; without that file it is taken for standard SQL."""
    try:
        with (manifest.parent / "manifest.json").open("rb") as file:
            found = _ADAPTER.search(file.read(65_536))
    except OSError:
        return "ANSI_SQL"
    return _ADAPTERS.get(found[1].decode().casefold(), "ANSI_SQL") if found else "ANSI_SQL"


def _labels(top: Section) -> dict[str, str]:
    """What metrics are called, also those that are left out."""
    found = {}
    for node in top.items("metrics"):
        section = Section(node, Notebook("", []), "a metric")
        name, label = section.text("name"), section.text("label")
        if name and label:
            found[name] = label
    return found


def _name(file: str) -> str:
    """What the catalog is called: the folder of the project."""
    folder = Path(file).absolute().parent
    return (folder.parent if folder.name == TARGET else folder).name or "dbt"


def _own_grains(top: Section) -> tuple[str, ...]:
    """The granularities that the project made for itself."""
    configuration = top.section("project_configuration", "the project_configuration")
    found = []
    for spine in configuration.items("time_spines"):
        section = Section(spine, top.notebook, "a time spine")
        for node in section.items("custom_granularities"):
            name = Section(node, top.notebook, "a granularity").text("name")
            found += [name.casefold()] if name else []
    return tuple(found)


def _saved_queries(top: Section, shelf: Shelf) -> None:
    """Saved queries are said not to be used: people ask in their own words."""
    for node in top.items("saved_queries"):
        if says_something(node):
            name = Section(node, top.notebook, "a saved query").text("name") or "without a name"
            shelf.remarks.append(f"The saved query '{name}' is not used; ask for its metrics, or keep a question under 'verified'.")
