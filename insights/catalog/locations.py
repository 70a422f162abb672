"""Where a model's rows lie, told before anything of them is read: an engine is allowed to open these places and no others."""

from __future__ import annotations

from collections.abc import Iterable
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
    model, overlay = files(path)
    problems: list[Problem] = []
    if model.suffix == ".json":
        return _of_manifest(model, overlay)
    root = load(model, problems) if model.exists() else None
    models = (root.entries or {}).get("semantic_model") if root is not None else None
    texts: list[str] = []
    for one in (models.items or []) if models is not None else []:
        datasets = (one.entries or {}).get("datasets")
        for dataset in (datasets.items or []) if datasets is not None else []:
            node = (dataset.entries or {}).get("source")
            if node is not None and node.is_scalar:
                texts.append(node.text)
    return _sources(texts, model.parent.absolute())


def _of_manifest(model: Path, overlay: Path) -> tuple[Source, ...]:
    from insights.catalog.dbt import read_manifest
    from insights.catalog.dbt_overlay import moved
    from insights.catalog.sections import Notebook

    problems: list[Problem] = []
    root = load_json(model, problems) if model.exists() else None
    manifest = read_manifest(root, Notebook(str(model), problems)) if root is not None else None
    if manifest is None:
        return ()
    declared = moved(manifest.declared, load(overlay, problems) if overlay.exists() else None, Notebook(str(overlay), problems))
    return _sources([dataset.source for dataset in declared.datasets.values() if dataset.source is not None], overlay.parent.absolute())


def _sources(texts: Iterable[str], folder: Path) -> tuple[Source, ...]:
    found: list[Source] = []
    for text in texts:
        try:
            found.append(source_of(text, folder))
        except ExpressionError:
            continue
    return tuple(found)
