"""The files behind a catalog's sources, wherever they lie: which there are, whether they are what they should be, and their bytes."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from insights.errors import OutsideFailed
from insights.lake.addresses import SCHEME
from insights.lake.blocks import Blocks, Version, damaged
from insights.lake.cache import LIMIT, BlockCache
from insights.lake.clients import Access
from insights.lake.failures import ago
from insights.lake.files import FileState
from insights.lake.files import states as local_states
from insights.lake.folders import Folders
from insights.lake.listings import Asked, Listings
from insights.lake.manifest import Manifest, Vouched, named, vouch
from insights.lake.naming import told
from insights.lake.s3 import S3, Traffic
from insights.lake.snapshots import DELTA, SCHEMES
from insights.lake.source import Source
from insights.lake.tables import Tables, keeps_a_log
from insights.lake.waiting import Queries, look_again, once, until

ENGINE_SCHEME = "lake://"
Trust = Literal["manifest", "first use"]
_AT_ONCE = 8
_REMEMBERED = 300_000


class Lake:
    """Files on this machine and in S3. Safe to call from many threads.

    `folder` is where blocks and notes are kept between processes (None: in memory only), at most `cache_limit` bytes of them. `manifest` is what the files
    must be; sources that it does not name are trusted on first use. `clock` tells seconds since 1970, for the age of the last good answer.
    """

    def __init__(
        self,
        *,
        folder: Path | None = None,
        access: Access | None = None,
        manifest: Manifest | None = None,
        cache_limit: int = LIMIT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._s3 = S3(access or Access())
        self._folder = folder
        self._manifest = manifest
        self._clock = clock
        self._listings = Listings(self._s3)
        self._folders = Folders()
        self._cache = BlockCache(folder / "blocks" if folder is not None else None, limit=cache_limit)
        self._blocks = Blocks(self._s3, self._cache)
        self._snapshots = Tables(self._s3, self._listings, self._whole)
        self._lock = threading.Lock()
        self._digests: dict[Source, tuple[tuple[FileState, ...], str]] = {}
        self._versions: dict[str, tuple[Version, str]] = {}
        self._queries = Queries()
        self._good: dict[str, float] | None = None

    def client(self, service: str) -> Any:
        """boto3's client of another service of the same account, such as Athena."""
        return self._s3.client(service)

    @property
    def traffic(self) -> Traffic:
        """What has been asked of S3 so far."""
        return self._s3.traffic

    def states(self, source: Source, asked: Asked | None = None) -> tuple[FileState, ...]:
        """The files of the source right now, sorted: path, size, and ETag or time and inode. `asked` is explained in `Listings.states`.

        Raises Damaged naming a file that is not what the manifest says, Unreachable, DeadlinePassed; each tells when the last good answer was.
        """
        try:
            found = dict.fromkeys(state for path in source.paths for state in self._at(path, source, asked))
            states = tuple(sorted(found))
            self._compare(source, states)
        except OutsideFailed as failure:
            raise self.aged(failure, named(source)) from failure
        return states

    def trust(self, source: Source) -> Trust:
        """Why the files of the source are believed."""
        return "manifest" if self._vouched(source) is not None else "first use"

    def fingerprint(self, source: Source) -> str:
        """A digest of the names, sizes and ETags (or times and inodes) of the source's files."""
        states = self.states(source)
        known = self._digests.get(source)
        if known is None or known[0] != states:
            known = self._digests[source] = (states, hashlib.sha256(repr((source, states)).encode(errors="surrogateescape")).hexdigest())
        return known[1]

    def opened(self, source: Source, state: FileState) -> str:
        """What an engine opens to read this state of a file: its path where it may read it by itself, else an address that leads to `read`."""
        path = state[0]
        vouched = (self._vouched(source) or {}).get(path)
        if vouched is None and not path.startswith(SCHEME) and not any(one.startswith(SCHEMES) for one in source.paths):
            return path
        version = _version(state, source.paths, vouched)
        with self._lock:
            self._versions[version.id] = version, named(source)
            while len(self._versions) > _REMEMBERED:
                del self._versions[next(iter(self._versions))]
        return f"{ENGINE_SCHEME}{version.id}/{path.removeprefix(SCHEME).lstrip('/')}"

    def version(self, path: str) -> Version:
        """The version that an address of `opened` stands for. Raises KeyError for any other path."""
        with self._lock:
            return self._versions[_id(path)][0]

    def read(self, version: Version, start: int, stop: int) -> bytes:
        """Bytes of the version, checked. Raises Damaged, Replaced, Unreachable, DeadlinePassed, with the age of the last good answer."""
        try:
            return self._blocks.read(version, start, stop, deadline=self._queries.until())
        except OutsideFailed as failure:
            with self._lock:
                source = self._versions.get(version.id, (version, ""))[1]
            raise self.aged(failure, source) from failure

    def prefetch(self, paths: Iterable[str], tail: int) -> None:
        """Fetch the last `tail` bytes of several addresses of `opened` at once; what fails here fails again, and is told, when it is read."""
        versions = [self.version(path) for path in paths if path.startswith(ENGINE_SCHEME)]
        remote = [version for version in versions if not version.local]
        if len(remote) > 1:
            with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
                list(pool.map(lambda version: self._tail(version, tail), remote))

    def running(self, deadline: float | None) -> AbstractContextManager[None]:
        """Within it, reading for the engine goes on no longer than until `deadline`, or that of another query that is running."""
        return self._queries.running(deadline)

    def again(self) -> None:
        """Look at the store anew at the next call, however soon: something there was replaced."""
        self._listings.forget()
        look_again()

    def answered(self, paths: Iterable[str]) -> None:
        """A query over these addresses of `opened` has succeeded: that is the last good answer of their sources."""
        with self._lock:
            sources = {self._versions[id_][1] for path in paths if (id_ := _id(path)) in self._versions}
        if not sources:
            return
        now, good = self._clock(), self._answers()
        late = [source for source in sources if now - good.get(source, 0.0) > 1.0]
        good.update(dict.fromkeys(sources, now))
        if late and self._folder is not None:
            _keep(self._folder / "answered.json", json.dumps(good))

    def noted(self, path: str) -> str | None:
        """What an engine noted of an address of `opened`, in the manifest or here."""
        id_ = _id(path)
        with self._lock:
            known = self._versions.get(id_)
        if known is not None and known[0].vouched is not None and known[0].vouched.notes is not None:
            return known[0].vouched.notes
        return _kept(self._folder / "notes" / id_) if known is not None and self._folder is not None else None

    def note(self, path: str, text: str) -> None:
        """Keep what an engine found out about an address of `opened`, for the next process."""
        if self._folder is not None and path.startswith(ENGINE_SCHEME):
            _keep(self._folder / "notes" / _id(path), f"{_digest(text)}\n{text}")

    def found(self, source: Source, states: tuple[FileState, ...]) -> str | None:
        """What an engine found out of the files of a source in these states; None where it did not."""
        if self._folder is None or (text := _kept(self._folder / "found" / _digest(repr(source)))) is None:
            return None
        state, _, found = text.partition("\n")
        return found if state == _digest(repr(states)) else None

    def find(self, source: Source, states: tuple[FileState, ...], text: str) -> None:
        """Keep what an engine found out of the files of a source, for the next process that finds them in these states."""
        if self._folder is not None:
            note = f"{_digest(repr(states))}\n{text}"
            _keep(self._folder / "found" / _digest(repr(source)), f"{_digest(note)}\n{note}")

    def vouch(self, state: FileState) -> Vouched:
        """Read the whole file and vouch for it as it is. Raises as `read` does."""
        path, size, tag, _ = state
        version = _version(state)
        return vouch(size, str(tag) if path.startswith(SCHEME) else None, lambda start, stop: self._blocks.fetch(version, start, stop, deadline=None))

    def kept(self) -> int:
        """Bytes of files kept on disk."""
        return self._cache.size()

    def _whole(self, state: FileState) -> bytes:
        """The whole content of a file."""
        version = _version(state)
        return self._blocks.read(version, 0, version.size, deadline=until())

    def aged(self, failure: OutsideFailed, source: str) -> OutsideFailed:
        """The failure with the age of the last good answer from the source, where there was one and nothing was said of it yet."""
        when = self._answers().get(source)
        if when is None or "last good answer" in failure.problem:
            return failure
        problem = f"{failure.problem} The last good answer from these files was {ago(max(0.0, self._clock() - when))}."
        return type(failure)(problem, remedy=failure.remedy, options=failure.options, reference=failure.reference)

    def snapshot(self, source: Source) -> datetime | None:
        """When the files became the table, for sources that keep a log (UTC, naive); the oldest of several."""
        return min((at for path in source.paths if (at := self._snapshots.at(path)) is not None), default=None)

    def _at(self, path: str, source: Source, asked: Asked | None) -> tuple[FileState, ...]:
        if path.startswith(SCHEMES):
            return self._snapshots.states(path)
        if path.startswith(SCHEME):
            return self._listings.states(path, asked)
        return once((id(self), path), lambda: self._here(path, source))

    def _here(self, path: str, source: Source) -> tuple[FileState, ...]:
        """The files on this machine."""
        found = local_states(Source(paths=(path,), format=source.format, hive=source.hive), self._folders)
        if "**" in path and os.path.isdir(os.path.join(path.partition("/**")[0], "_delta_log")):
            raise keeps_a_log(path.partition("/**")[0], DELTA)
        return found

    def _vouched(self, source: Source) -> Mapping[str, Vouched] | None:
        return self._manifest.of(source) if self._manifest is not None else None

    def _compare(self, source: Source, states: tuple[FileState, ...]) -> None:
        """Raise Damaged for the first file that differs from the manifest in what a listing tells."""
        for path, reason in differences(self._vouched(source), states):
            raise damaged(told(path, source.paths), path, reason)

    def _tail(self, version: Version, tail: int) -> None:
        try:
            self.read(version, max(0, version.size - tail), version.size)
        except OutsideFailed:
            return

    def _answers(self) -> dict[str, float]:
        """The instant of the last good answer by source, as far as anybody remembers."""
        if self._good is None:
            try:
                kept = json.loads((self._folder / "answered.json").read_text(encoding="utf-8")) if self._folder is not None else {}
                self._good = {str(source): float(at) for source, at in kept.items()}
            except (OSError, ValueError, AttributeError, TypeError):
                self._good = {}
        return self._good


def differences(vouched: Mapping[str, Vouched] | None, states: tuple[FileState, ...]) -> list[tuple[str, str]]:
    """The files that differ from the manifest in what a listing tells, each with how."""
    if vouched is None:
        return []
    found = []
    for path, size, tag, _ in states:
        known = vouched.get(path)
        if known is None:
            found.append((path, "nobody vouched for it"))
        elif known.size != size:
            found.append((path, f"it has {size:,} bytes instead of {known.size:,}"))
        elif known.etag is not None and known.etag != tag:
            found.append((path, "its ETag is another"))
    there = {path for path, *_ in states}
    return found + [(path, "it is gone") for path in vouched if path not in there]


def _version(state: FileState, places: tuple[str, ...] = (), vouched: Vouched | None = None) -> Version:
    """The version of a file that a look at it tells of; `places` are the paths of its source."""
    path, size, tag, inode = state
    return Version(path=path, size=size, tag=str(tag) if path.startswith(SCHEME) else f"{tag}-{inode}", name=told(path, places), vouched=vouched)


def _id(path: str) -> str:
    return path.removeprefix(ENGINE_SCHEME).partition("/")[0]


def _kept(place: Path) -> str | None:
    """What `_keep` wrote behind the digest of it; None where that is not whole."""
    try:
        digest, _, text = place.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if _digest(text) == digest else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def _keep(place: Path, text: str) -> None:
    """Write the file whole or not at all; a folder that cannot be written to only costs finding out again."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f".{place.name}.{os.getpid()}.{threading.get_ident()}")
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, place)
    except OSError:
        return
