"""Delta Lake tables: their log is fetched, and read by the deltalake package where it lies then."""

from __future__ import annotations

import json
import posixpath
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from insights.lake.files import FileState
from insights.lake.snapshots import Reader, Snapshot, missing, refused

LOG = "_delta_log"
_PURGE = "Apply the deletes first (REORG TABLE ... APPLY (PURGE)), and switch deletion vectors off."


def snapshot(table: str, reader: Reader) -> Snapshot:
    """The files of the table's latest version. Raises WrongCatalog for what its files alone do not tell, WrongSettings without deltalake."""
    try:
        from deltalake import DeltaTable
        from deltalake.exceptions import DeltaError
    except ImportError:
        raise missing("deltalake") from None
    log = [state for state in reader.below(f"{table}/{LOG}/") if not posixpath.basename(state[0]).startswith(".")]
    if not log:
        raise refused(table, "there is no Delta log in it", "Name the folder that has _delta_log in it.")
    with tempfile.TemporaryDirectory(prefix="insights-delta-") as folder:
        commits = _copied(log, table, Path(folder), reader)
        try:
            read = DeltaTable(folder)
            actions = read.get_add_actions(flatten=True)
            paths = [unquote(str(path)) for path in actions.column("path").to_pylist()]
            features, configuration = read.protocol().reader_features or (), read.metadata().configuration
            when = _instant(read.history(1))
        except (DeltaError, OSError) as error:
            raise refused(table, str(error).splitlines()[0][:200], "Check that its log is whole.") from error
    if configuration.get("delta.columnMapping.mode", "none") != "none":
        raise refused(table, "its columns have other names in its files", "Rewrite the table without column mapping.")
    if "deletionVectors" in features and _has_vectors(log, commits, set(paths)):
        raise refused(table, "it has deleted rows that are still in its files", _PURGE)
    if any("://" in path or path.startswith("/") for path in paths):
        raise refused(table, "some of its files lie outside of it", "Copy the table with its files.")
    return Snapshot(files=tuple(f"{table}/{path}" for path in paths), at=when)


def _copied(log: list[FileState], table: str, folder: Path, reader: Reader) -> list[bytes]:
    """Copy the log; returns its commits."""
    commits = []
    for state in log:
        place = folder / state[0].removeprefix(table).lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        data = reader.content(state)
        place.write_bytes(data)
        if place.suffix == ".json":
            commits.append(data)
    return commits


def _has_vectors(log: list[FileState], commits: list[bytes], active: set[str]) -> bool:
    """Whether a file of the table has a deletion vector; one that only a checkpoint tells of may have one."""
    if any(".checkpoint" in state[0] for state in log):
        return True
    adds: list[Any] = [json.loads(line).get("add") for commit in commits for line in commit.splitlines() if line.strip()]
    return any(add and add.get("deletionVector") and unquote(add["path"]) in active for add in adds)


def _instant(history: list[dict[str, Any]]) -> datetime | None:
    stamp = history[0].get("timestamp") if history else None
    return datetime.fromtimestamp(stamp / 1000, UTC).replace(tzinfo=None) if isinstance(stamp, int) else None
