"""Bytes of one version of a file, fetched in few ranges, kept in blocks, and checked against the manifest before anybody sees them."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from insights.lake.addresses import SCHEME
from insights.lake.cache import BlockCache
from insights.lake.failures import Damaged, Replaced
from insights.lake.manifest import Vouched, block_size
from insights.lake.s3 import S3

GAP = 2
"""Blocks that are here already, but are fetched again where that saves a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One file as it was listed: `tag` is its ETag, or time and inode of a local file; `vouched` what the manifest says of it, `name` what people are told."""

    path: str
    size: int
    tag: str
    name: str
    vouched: Vouched | None = None

    @property
    def id(self) -> str:
        """A name for exactly these bytes."""
        return hashlib.sha256(f"{self.path}\0{self.size}\0{self.tag}".encode(errors="surrogateescape")).hexdigest()[:20]

    @property
    def local(self) -> bool:
        """Whether it lies on this machine."""
        return not self.path.startswith(SCHEME)


class Blocks:
    """Reads versions of files. Safe to call from many threads: what one is fetching the others wait for."""

    def __init__(self, s3: S3, cache: BlockCache) -> None:
        self._s3 = s3
        self._cache = cache
        self._lock = threading.Lock()
        self._under_way: dict[tuple[str, int], Future[bytes]] = {}

    def read(self, version: Version, start: int, stop: int, *, deadline: float | None) -> bytes:
        """The bytes from `start` to before `stop`, no more than the file has.

        Raises Damaged when they are not those of the manifest, Replaced when the file is another by now, Unreachable, DeadlinePassed.
        """
        stop = min(stop, version.size)
        if start >= stop:
            return b""
        length = block_size(version.size)
        first, last = start // length, (stop - 1) // length
        blocks = self._local(version, first, last) if version.local else self._remote(version, first, last, deadline)
        joined = blocks[0] if len(blocks) == 1 else b"".join(blocks)
        return joined[start - first * length : stop - first * length]

    def fetch(self, version: Version, start: int, stop: int, *, deadline: float | None) -> bytes:
        """The same bytes straight from the store, unchecked."""
        if not version.local:
            bucket, _, key = version.path.removeprefix(SCHEME).partition("/")
            return self._s3.read(bucket, key, version.tag, start, stop, name=version.name, deadline=deadline)
        try:
            with open(version.path, "rb", buffering=0) as opened:
                size = os.fstat(opened.fileno()).st_size
                data = os.pread(opened.fileno(), stop - start, start)
        except OSError as error:
            raise Replaced(f"{version.name} cannot be read.", remedy="Ask again.", reference=f"{version.path}: {error}") from error
        if size != version.size or len(data) != stop - start:
            raise _changed(version)
        return data

    def _local(self, version: Version, first: int, last: int) -> list[bytes]:
        """Blocks from this machine's disk: they are checked each time, for a disk can change under us."""
        return self._checked(version, first, last, lambda start, stop: self.fetch(version, start, stop, deadline=None))

    def _remote(self, version: Version, first: int, last: int, deadline: float | None) -> list[bytes]:
        """Blocks from memory and disk, and in as few ranges as possible from the store."""
        found: dict[int, bytes] = {}
        mine: list[int] = []
        others: dict[int, Future[bytes]] = {}
        for number in range(first, last + 1):
            data = self._kept(version, number)
            if data is not None:
                found[number] = data
                continue
            with self._lock:
                future = self._under_way.get((version.id, number))
                if future is None:
                    self._under_way[version.id, number] = Future()
                    mine.append(number)
                else:
                    others[number] = future
        found |= self._fetched(version, mine, deadline)
        found |= {number: future.result() for number, future in others.items()}
        return [found[number] for number in range(first, last + 1)]

    def _kept(self, version: Version, number: int) -> bytes | None:
        data = self._cache.get(version.id, number)
        if data is not None and version.vouched is not None and not version.vouched.holds(number, data):
            self._cache.drop(version.id, number)
            return None
        return data

    def _fetched(self, version: Version, numbers: Sequence[int], deadline: float | None) -> dict[int, bytes]:
        """The blocks that this call has announced to fetch; whatever happens, those who wait for them are told."""
        found: dict[int, bytes] = {}
        failure: BaseException | None = None
        try:
            for start, stop in _runs(numbers):
                got = self._checked(version, start, stop, lambda a, b: self.fetch(version, a, b, deadline=deadline))
                found |= dict(zip(range(start, stop + 1), got, strict=True))
        except BaseException as error:
            failure = error
            raise
        finally:
            for number in numbers:
                with self._lock:
                    future = self._under_way.pop((version.id, number))
                if number in found:
                    self._cache.put(version.id, number, found[number])
                    future.set_result(found[number])
                else:
                    future.set_exception(failure or RuntimeError("not fetched"))
        return found

    def _checked(self, version: Version, first: int, last: int, fetch: Callable[[int, int], bytes]) -> list[bytes]:
        """The blocks, as the manifest has them: what was damaged on its way is fetched once more, what is damaged where it lies is refused."""
        length = block_size(version.size)
        for _ in range(2):
            data = fetch(first * length, min((last + 1) * length, version.size))
            blocks = [data[at : at + length] for at in range(0, len(data), length)]
            if version.vouched is None or all(version.vouched.holds(first + n, block) for n, block in enumerate(blocks)):
                return blocks
        raise _changed(version)


def _changed(version: Version) -> Damaged | Replaced:
    if version.vouched is None:
        return Replaced(f"{version.name} was changed while it was read.", remedy="Ask again.", reference=version.path)
    return damaged(version.name, version.path, "its content is another")


def damaged(name: str, path: str, reason: str) -> Damaged:
    """The refusal of a file that is not what the manifest says."""
    return Damaged(
        f"{name} is not the file that was vouched for: {reason}.",
        remedy="Tell whoever runs the data lake; `insights lake check` names every such file.",
        reference=path,
    )


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each stretch of blocks that is worth one request.

    >>> _runs([1, 2, 3, 6, 20])
    [(1, 6), (20, 20)]
    """
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number - runs[-1][1] - 1 <= GAP:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
