"""Blocks of files kept on disk and in memory: bounded, shared by threads and processes, and checked whenever they are read back."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections import OrderedDict
from pathlib import Path

LIMIT = 2_000_000_000
MEMORY = 64_000_000
"""Bytes kept on disk and in memory unless something else is said."""
_TOUCHED = 60.0
_LOOKS = 32
"""The disk is looked over whenever this part of the limit has been written."""


class BlockCache:
    """Blocks by file version and number; without a folder in memory only. The least recently used ones go first."""

    def __init__(self, folder: Path | None, *, limit: int = LIMIT, memory: int = MEMORY) -> None:
        self._folder = folder if limit > 0 else None
        self._limit = limit
        self._memory_limit = memory
        self._memory: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._held = 0
        self._written = limit  # whoever was here before may have left more than is wanted now
        self._lock = threading.Lock()

    def get(self, version: str, block: int) -> bytes | None:
        """The block, None when it is not here or is not what was put here."""
        with self._lock:
            data = self._memory.get((version, block))
            if data is not None:
                self._memory.move_to_end((version, block))
                return data
        data = self._read(version, block) if self._folder is not None else None
        if data is not None:
            self._hold(version, block, data)
        return data

    def put(self, version: str, block: int, data: bytes) -> None:
        """Keep the block. A disk that cannot be written to only costs fetching again."""
        self._hold(version, block, data)
        if self._folder is None:
            return
        place = self._place(version, block)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=place.parent, prefix=".")
            with os.fdopen(handle, "wb") as opened:
                opened.write(_digest(version, block, data) + data)
            os.replace(name, place)
        except OSError:
            return
        with self._lock:
            self._written += len(data)
            full = self._written > self._limit // _LOOKS
            self._written = 0 if full else self._written
        if full:
            self._evict()

    def drop(self, version: str, block: int) -> None:
        """Forget a block that turned out to be wrong."""
        with self._lock:
            self._held -= len(self._memory.pop((version, block), b""))
        if self._folder is not None:
            self._place(version, block).unlink(missing_ok=True)

    def size(self) -> int:
        """Bytes on disk."""
        return sum(size for _, size, _ in self._files())

    def _hold(self, version: str, block: int, data: bytes) -> None:
        with self._lock:
            self._held += len(data) - len(self._memory.pop((version, block), b""))
            self._memory[version, block] = data
            while self._held > self._memory_limit and self._memory:
                self._held -= len(self._memory.popitem(last=False)[1])

    def _read(self, version: str, block: int) -> bytes | None:
        place = self._place(version, block)
        try:
            kept = place.read_bytes()
            if kept[:32] != _digest(version, block, kept[32:]):
                place.unlink(missing_ok=True)
                return None
            if time.time() - place.stat().st_mtime > _TOUCHED:
                os.utime(place)
        except OSError:
            return None
        return kept[32:]

    def _evict(self) -> None:
        """Remove the least recently used until a sixteenth of the limit is free; another process may be doing the same."""
        found = sorted(self._files())
        total = sum(size for _, size, _ in found)
        for _, size, path in found:
            if total <= self._limit - self._limit // 16:
                return
            try:
                os.unlink(path)
            except OSError:
                continue
            total -= size

    def _files(self) -> list[tuple[float, int, str]]:
        """Last use, size and path of everything on disk; what an unfinished write left counts as well."""
        found = []
        for folder, _, names in os.walk(self._folder) if self._folder is not None else ():
            for name in names:
                path = os.path.join(folder, name)
                try:
                    stat = os.stat(path)
                except OSError:
                    continue
                found.append((stat.st_mtime, stat.st_size, path))
        return found

    def _place(self, version: str, block: int) -> Path:
        assert self._folder is not None
        return self._folder / version[:2] / f"{version}-{block}"


def _digest(version: str, block: int, data: bytes) -> bytes:
    """Of the data and of where it belongs: a file that was renamed is no other block."""
    return hashlib.sha256(f"{version}-{block}\n".encode() + data).digest()
