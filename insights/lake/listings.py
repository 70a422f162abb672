"""What is under an S3 address right now: one look at the whole, or only at the folders of the days that are asked for."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date

from insights.lake.addresses import SCHEME, address
from insights.lake.files import FileState
from insights.lake.partitions import days_of, meets
from insights.lake.s3 import S3
from insights.lake.snapshots import DELTA, refused
from insights.lake.waiting import CURRENT, until

_LOG = "_delta_log"
Asked = tuple[date | None, date | None]
"""The first day and the one after the last; None is an open end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a look at the whole address found, when (monotonic seconds), and in how many pages."""

    states: tuple[FileState, ...]
    at: float
    pages: int


class Listings:
    """Listings of one store. Safe to call from many threads."""

    def __init__(self, s3: S3) -> None:
        self._s3 = s3
        self._lock = threading.Lock()
        self._whole: dict[str, _Look] = {}
        self._parts: dict[tuple[str, str], _Look] = {}

    def states(self, path: str, asked: Asked | None = None) -> tuple[FileState, ...]:
        """The objects under the address, sorted by key: (address, size, ETag, 0).

        With `asked` only the partitions that can hold these days are sure to be current, where that saves requests: whoever asks like this knows that
        the partitions keep what their names promise.
        """
        with self._lock:
            known = self._whole.get(path)
        if known is not None and time.monotonic() - known.at < CURRENT:
            return known.states
        if known is not None and asked is not None:
            folders = _holding(known.states, asked)
            # A page of the whole costs as much as a page of a partition.
            if folders is not None and len(folders) < known.pages:
                return self._renewed(path, known, asked)
        return self._look(path).states

    def everything(self, path: str) -> tuple[FileState, ...]:
        """Every object whose key starts as the address says, hidden ones and those that are no rows as well."""
        with self._lock:
            known = self._parts.get((path, ""))
        if known is None or time.monotonic() - known.at >= CURRENT:
            bucket, _, prefix = path.removeprefix(SCHEME).partition("/")
            at = time.monotonic()
            found, pages = self._s3.listed(bucket, prefix, deadline=until())
            known = _Look(states=tuple(sorted((f"{SCHEME}{bucket}/{o.key}", o.size, o.etag, 0) for o in found)), at=at, pages=pages)
            with self._lock:
                self._parts[path, ""] = known
        return known.states

    def forget(self) -> None:
        """Look again at the next call, however soon."""
        with self._lock:
            self._whole = {path: _Look(states=look.states, at=0.0, pages=look.pages) for path, look in self._whole.items()}
            self._parts.clear()

    def _look(self, path: str) -> _Look:
        where, at = address(path), time.monotonic()
        found, pages = self._s3.listed(where.bucket, where.prefix, deadline=until())
        log = next((o.key for o in found if f"/{_LOG}/" in o.key), None) if "**" in path else None
        if log is not None:
            place = f"{SCHEME}{where.bucket}/{log.partition(f'/{_LOG}/')[0]}"
            raise refused(place, "a log in it says which of its files are the table", f"Name it as {DELTA}{place}.")
        states = tuple(sorted((f"{SCHEME}{where.bucket}/{o.key}", o.size, o.etag, 0) for o in found if _is_data(o.key) and where.pattern.fullmatch(o.key)))
        look = _Look(states=states, at=at, pages=pages)
        with self._lock:
            self._whole[path] = look
        return look

    def _renewed(self, path: str, known: _Look, asked: Asked) -> tuple[FileState, ...]:
        """The last look with what the asked partitions hold now; partitions that are new are found by listing folders, level by level."""
        where = address(path)
        fresh: list[FileState] = []
        folders = self._descended(where.bucket, where.prefix, asked, _depth(known.states, where.prefix))
        for folder in folders:
            fresh += self._part(path, folder)
        starts = tuple(f"{SCHEME}{where.bucket}/{folder}" for folder in folders)
        kept = [state for state in known.states if not state[0].startswith(starts) and not _held(state[0], asked)]
        return tuple(sorted((*kept, *fresh)))

    def _part(self, path: str, folder: str) -> tuple[FileState, ...]:
        with self._lock:
            look = self._parts.get((path, folder))
        if look is None or time.monotonic() - look.at >= CURRENT:
            where, at = address(path), time.monotonic()
            found, pages = self._s3.listed(where.bucket, folder, deadline=until())
            states = tuple((f"{SCHEME}{where.bucket}/{o.key}", o.size, o.etag, 0) for o in found if _is_data(o.key) and where.pattern.fullmatch(o.key))
            look = _Look(states=states, at=at, pages=pages)
            with self._lock:
                self._parts[path, folder] = look
        return look.states

    def _descended(self, bucket: str, prefix: str, asked: Asked, depth: int) -> tuple[str, ...]:
        """The deepest partitions below `prefix` that can hold the days."""
        level: tuple[str, ...] = (prefix,)
        for _ in range(depth):
            below = [folder for parent in level for folder in self._s3.folders(bucket, parent, deadline=until())]
            level = tuple(folder for folder in below if _held(f"{folder}x", asked))
        return level


def _held(path: str, asked: Asked) -> bool:
    """Whether the partition of the path can hold the days; one that does not tell can."""
    days = days_of(path)
    return days is None or meets(days, *asked)


def _holding(states: tuple[FileState, ...], asked: Asked) -> frozenset[str] | None:
    """The known folders that can hold the days, None when some folder does not tell its days."""
    told = {folder: days_of(f"{folder}/x") for folder in {path.rpartition("/")[0] for path, *_ in states}}
    known = {folder: days for folder, days in told.items() if days is not None}
    return frozenset(folder for folder, days in known.items() if meets(days, *asked)) if len(known) == len(told) else None


def _depth(states: tuple[FileState, ...], prefix: str) -> int:
    """How many levels of partitions there are below the prefix."""
    keys = (path.removeprefix(SCHEME).partition("/")[2] for path, *_ in states)
    return min((sum("=" in part for part in key.removeprefix(prefix).split("/")[:-1]) for key in keys), default=0)


def _is_data(key: str) -> bool:
    """Whether the key names a file of rows: neither hidden, nor of an unfinished write, nor a folder's marker."""
    return not key.endswith("/") and not key.rpartition("/")[2].startswith((".", "_"))
