"""Where a model's rows lie, told before anything of them is read: an engine is allowed to open these places and no others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from insights.catalog.documents import load
from insights.catalog.json_documents import load as load_json
from insights.catalog.reading import files
from insights.catalog.scopes import ExpressionError
from insights.catalog.sources import source_of
from insights.errors import Problem
from insights.lake.source import Source


def locations(path: Path) -> tuple[Source, ...]:
    """The sources that a model names, as far as they can be told; what is wrong with the rest is said when the catalog is read."""
    return tuple(located(path).values())


def located(path: Path) -> Mapping[str, Source]:
    """The same by the names of their datasets."""
    model, overlay = files(path)
    problems: list[Problem] = []
    if model.suffix == ".json":
        return _of_manifest(model, overlay)
    root = load(model, problems) if model.exists() else None
    models = (root.entries or {}).get("semantic_model") if root is not None else None
    texts: dict[str, str] = {}
    for one in (models.items or []) if models is not None else []:
        datasets = (one.entries or {}).get("datasets")
        for dataset in (datasets.items or []) if datasets is not None else []:
            node, name = (dataset.entries or {}).get("source"), (dataset.entries or {}).get("name")
            if node is not None and node.is_scalar:
                texts[name.text if name is not None and name.is_scalar else f" {len(texts)}"] = node.text
    return _sources(texts, model.parent.absolute())


def _of_manifest(model: Path, overlay: Path) -> Mapping[str, Source]:
    from insights.catalog.dbt import read_manifest
    from insights.catalog.dbt_overlay import moved
    from insights.catalog.sections import Notebook

    problems: list[Problem] = []
    root = load_json(model, problems) if model.exists() else None
    manifest = read_manifest(root, Notebook(str(model), problems)) if root is not None else None
    if manifest is None:
        return {}
    declared = moved(manifest.declared, load(overlay, problems) if overlay.exists() else None, Notebook(str(overlay), problems))
    texts = {name: dataset.source for name, dataset in declared.datasets.items() if dataset.source is not None}
    return _sources(texts, overlay.parent.absolute())


def _sources(texts: Mapping[str, str], folder: Path) -> Mapping[str, Source]:
    found: dict[str, Source] = {}
    for name, text in texts.items():
        try:
            found[name] = source_of(text, folder)
        except ExpressionError:
            continue
    return found
