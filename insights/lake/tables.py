"""The files of tables that a catalog or a log of their own knows: Glue, Delta, Iceberg."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime

from insights.errors import WrongCatalog
from insights.lake.addresses import SCHEME
from insights.lake.failures import Replaced
from insights.lake.files import FileState
from insights.lake.listings import Listings
from insights.lake.naming import told
from insights.lake.s3 import S3
from insights.lake.snapshots import DELTA, GLUE, Reader, Snapshot, refused
from insights.lake.waiting import CURRENT


class Tables:
    """Tables by the address in a catalog. Safe to call from many threads."""

    def __init__(self, s3: S3, listings: Listings, content: Callable[[FileState], bytes]) -> None:
        self._s3 = s3
        self._listings = listings
        self._reader = Reader(below=self._below, content=content)
        self._lock = threading.Lock()
        self._located: dict[str, tuple[str, float]] = {}
        self._folders: dict[str, tuple[str, ...] | None] = {}
        self._known: dict[str, tuple[object, Snapshot]] = {}

    def states(self, path: str) -> tuple[FileState, ...]:
        """The data files of the table right now. Raises WrongCatalog for a table that is not just its files, Replaced when one of them is gone."""
        where = self._place(path)
        if where.startswith(SCHEME):
            with self._lock:
                folders = self._folders.get(path)
            return tuple(state for state in self._listings.states(where) if folders is None or state[0].startswith(folders))
        table = where.partition("://")[2].rstrip("/")
        snapshot = self._snapshot(where, table)
        found = {state[0]: state for state in self._of(table, snapshot)}
        gone = [file for file in snapshot.files if file not in found]
        if gone:
            raise Replaced(f"{told(gone[0], [where])} belongs to a table but is gone.", remedy="Tell whoever runs the data lake.", reference=gone[0])
        return tuple(found[file] for file in sorted(snapshot.files))

    def at(self, path: str) -> datetime | None:
        """When the snapshot that was read last became the table, None for anything else."""
        with self._lock:
            located = self._located.get(path)
            known = self._known.get(located[0] if located is not None else path)
        return known[1].at if known is not None else None

    def _place(self, path: str) -> str:
        """The address itself, or where Glue says that the table lies."""
        if not path.startswith(GLUE):
            return path
        from insights.lake.glue import located

        with self._lock:
            known = self._located.get(path)
        if known is None or time.monotonic() - known[1] >= CURRENT:
            (where, folders), at = located(path, self._s3), time.monotonic()
            known = where, at
            with self._lock:
                self._located[path], self._folders[path] = known, folders
        return known[0]

    def _snapshot(self, where: str, table: str) -> Snapshot:
        """The table's latest snapshot, read again only when its log has grown."""
        state = self._below(table if table.endswith((".json", ".gz")) else f"{table}/{'_delta_log' if where.startswith(DELTA) else 'metadata'}/")
        with self._lock:
            known = self._known.get(where)
        if known is not None and known[0] == state:
            return known[1]
        if where.startswith(DELTA):
            from insights.lake.delta import snapshot
        else:
            from insights.lake.iceberg import snapshot
        read = snapshot(table, self._reader)
        with self._lock:
            self._known[where] = state, read
        return read

    def _of(self, table: str, snapshot: Snapshot) -> tuple[FileState, ...]:
        """The states of the snapshot's files: one look at what they have in common, rather than one at each."""
        if not snapshot.files:
            return ()
        if not snapshot.files[0].startswith(SCHEME):
            return tuple(state for file in snapshot.files for state in self._below(file))
        wanted = set(snapshot.files)
        folder = table if all(file.startswith(f"{table}/") for file in wanted) else os.path.commonprefix(sorted(wanted)).rpartition("/")[0]  # noqa: RUF071 - cut at its last slash
        return tuple(state for state in self._below(f"{folder}/") if state[0] in wanted)

    def _below(self, path: str) -> tuple[FileState, ...]:
        """Everything under a folder (it ends in a slash), or the one file."""
        if path.startswith(SCHEME):
            return self._listings.everything(path)
        places = [path] if not path.endswith("/") else [os.path.join(at, name) for at, _, names in os.walk(path) for name in names]
        found = []
        for place in places:
            try:
                stat = os.stat(place)
            except OSError:
                continue
            found.append((place, stat.st_size, stat.st_mtime_ns, stat.st_ino))
        return tuple(sorted(found))


def keeps_a_log(place: str, scheme: str) -> WrongCatalog:
    """The refusal of a table's folder that is named as if every file in it belonged to the table."""
    return refused(place, "a log in it says which of its files are the table", f"Name it as {scheme}{place}.")
