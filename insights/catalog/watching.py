"""Notices that the files of definitions have changed, and keeps in mind which state of them could not be used."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from insights.catalog.dbt_artifacts import RUN_RESULTS, SOURCES
from insights.catalog.reading import files

NOTE = "catalog-kept.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A running program goes on with an older version of the definitions since `at`, because the files cannot be used."""

    version: str
    at: datetime
    problem: str


class Watch:
    """The files of one catalog. `changed` is True once for each new state of them; a state that cannot be used is written down in `note`."""

    def __init__(self, path: Path, beside: Sequence[str], note: Path) -> None:
        self._path = path
        self._beside = tuple(beside)
        self._note = note
        self._seen = self._state()

    def changed(self) -> bool:
        """Whether the files are not as they were when this was last asked. A file that is being written is a change of its own."""
        state = self._state()
        if state == self._seen:
            return False
        self._seen = state
        return True

    def refuse(self, version: str, problem: str, at: datetime) -> None:
        """Write down that these files cannot be used and `version` goes on."""
        kept = {"catalog": str(self._path), "version": version, "problem": problem, "at": at.isoformat(timespec="seconds")}
        self._note.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._note.parent, delete=False, encoding="utf-8") as file:
            json.dump(kept, file)
        os.replace(file.name, self._note)

    def accept(self) -> None:
        """The files are used: nothing old goes on."""
        self._note.unlink(missing_ok=True)

    def _state(self) -> str:
        model, overlay = files(self._path)
        known = [model, overlay, *(overlay.parent / name for name in self._beside), *(model.parent / name for name in (SOURCES, RUN_RESULTS))]
        return hashlib.sha256("\n".join(f"{file}:{_stamp(file)}" for file in dict.fromkeys(known)).encode()).hexdigest()


def _stamp(file: Path) -> str:
    try:
        stat = file.stat()
    except OSError:
        return "missing"
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"


def kept_in(note: Path, path: Path) -> Kept | None:
    """What a running program wrote down about the catalog at `path`, if it goes on with an older version."""
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        if said["catalog"] != str(path):
            return None
        return Kept(version=said["version"], at=datetime.fromisoformat(said["at"]), problem=said["problem"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
