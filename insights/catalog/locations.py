"""Where a model's rows lie, told before anything of them is read: an engine is allowed to open these places and no others."""

from __future__ import annotations

from pathlib import Path

from insights.catalog.documents import load
from insights.catalog.reading import MODEL
from insights.catalog.scopes import ExpressionError
from insights.catalog.sources import source_of
from insights.errors import Problem
from insights.lake.source import Source


def locations(path: Path) -> tuple[Source, ...]:
    """The sources that a model names, as far as they can be told; what is wrong with the rest is said when the catalog is read."""
    model = path / MODEL if path.is_dir() else path
    problems: list[Problem] = []
    root = load(model, problems) if model.exists() else None
    models = (root.entries or {}).get("semantic_model") if root is not None else None
    sources: list[Source] = []
    for one in (models.items or []) if models is not None else []:
        datasets = (one.entries or {}).get("datasets")
        for dataset in (datasets.items or []) if datasets is not None else []:
            node = (dataset.entries or {}).get("source")
            if node is not None and node.is_scalar:
                try:
                    sources.append(source_of(node.text, model.parent.absolute()))
                except ExpressionError:
                    continue
    return tuple(sources)
