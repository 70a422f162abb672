"""Where dbt leaves its manifest."""

from __future__ import annotations

from pathlib import Path

MANIFEST = "semantic_manifest.json"
PROJECT, TARGET = "dbt_project.yml", "target"


def manifest_in(folder: Path) -> Path | None:
    """The manifest of a catalog folder, or of a dbt project that has been parsed."""
    places = [folder / MANIFEST, *([folder / TARGET / MANIFEST] if (folder / PROJECT).exists() else [])]
    return next((place for place in places if place.exists()), None)
