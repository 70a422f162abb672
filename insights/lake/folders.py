"""The names in folders on this machine: looked at for every question, so a folder that did not change is not read again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

_SETTLED = 2_000_000_000
"""Nanoseconds after which nothing more can happen at the same time as the last change: file systems count in ticks, of up to two seconds."""
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was in a folder when it was in this `state`."""

    state: tuple[int, int, int, int]
    folders: tuple[str, ...]
    files: tuple[str, ...]


class Folders:
    """Remembers what is in folders for as long as their own times say the same. Safe to use from many threads."""

    def __init__(self) -> None:
        self._known: dict[str, _Read] = {}

    def below(self, folder: str) -> Iterator[str]:
        """The paths of all files anywhere below a folder; nothing for one that is gone."""
        waiting = [folder]
        while waiting:
            read = self._read(waiting.pop())
            if read is not None:
                yield from read.files
                waiting += read.folders

    def inside(self, folder: str) -> tuple[str, ...]:
        """The paths of the files in a folder itself; none for one that is gone."""
        read = self._read(folder)
        return read.files if read is not None else ()

    def _read(self, folder: str) -> _Read | None:
        began = time.time_ns()
        try:
            now = os.stat(folder)
            state = (now.st_mtime_ns, now.st_ctime_ns, now.st_ino, now.st_dev)
            known = self._known.get(folder)
            if known is not None and known.state == state:
                return known
            entries = list(os.scandir(folder))
        except OSError:
            return None  # gone since it was listed: the next look sees another list
        below = tuple(entry.path for entry in entries if entry.is_dir())
        read = _Read(state=state, folders=below, files=tuple(entry.path for entry in entries if not entry.is_dir()))
        if began - max(now.st_mtime_ns, now.st_ctime_ns) > _SETTLED:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[folder] = read
        return read
