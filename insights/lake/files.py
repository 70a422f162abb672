"""The tables that a person means by a path, a glob or a folder, and the state of the files behind a source."""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from insights.errors import Problem, WrongCatalog
from insights.lake.folders import Folders
from insights.lake.source import Source

Format = Literal["parquet", "csv"]
ENDINGS: dict[str, Format] = {".parquet": "parquet", ".pq": "parquet", ".csv.gz": "csv", ".csv": "csv", ".tsv": "csv"}
_LEAST_PARQUET = 12  # two magic words and the length of what describes the columns
_UNFINISHED = (".", "_")
MEANINGLESS = frozenset({"", "part", "data", "file", "chunk", "export", "output"})
"""Names of part files that say nothing about what is in them: the folder's name does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A table found in files, under a name made from theirs."""

    name: str
    source: Source


def find(paths: Sequence[str], *, folder: Path) -> tuple[Found, ...]:
    """The tables in `paths`: files, globs and folders; relative ones start at `folder`.

    A folder of part files or of Hive partitions is one table; other files are one each. Raises WrongCatalog naming each path that holds no readable data.
    """
    found: list[Found] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found += _at(path, folder)
        except _Unusable as reason:
            problems.append(Problem(file=path, line=0, message=reason.problem, suggestion=reason.remedy))
    if problems:
        raise WrongCatalog(problems)
    return _named_apart(found)


FileState = tuple[str, int, int | str, int]
"""Path, size, time of the last change in nanoseconds, inode; of an S3 object its address, size, ETag, and 0."""


def states(source: Source, folders: Folders | None = None) -> tuple[FileState, ...]:
    """The files that the source has right now, sorted by path; hidden ones and those of unfinished writes are left out.

    `folders` remembers what it found for the next look.
    """
    found: dict[str, FileState] = {}
    for path in source.paths:
        if os.path.isfile(path):
            found[path] = _state(path, os.stat(path))
            continue
        folder, inside, name = path.partition("/**/")
        above, _, last = path.rpartition("/")
        if inside and not glob.has_magic(folder) and "/" not in name:
            found.update((state[0], state) for state in _among((folders or Folders()).below(folder), name))
        elif above and not glob.has_magic(above) and "**" not in last:
            found.update((state[0], state) for state in _among((folders or Folders()).inside(above), last))
        else:
            found.update((p, _state(p, os.stat(p))) for p in glob.iglob(path, recursive=True) if os.path.isfile(p) and not _unfinished(p))
    return tuple(found[path] for path in sorted(found))


def files(source: Source) -> tuple[str, ...]:
    """The paths of the files that the source has right now, sorted."""
    return tuple(path for path, *_ in states(source))


def fingerprint(source: Source) -> str:
    """A digest of the names, sizes, times and inodes of the source's files."""
    return hashlib.sha256(repr((source, states(source))).encode(errors="surrogateescape")).hexdigest()


def _among(paths: Iterable[str], name: str) -> Iterator[FileState]:
    """The files of that name, as they are now; what is gone since its folder was read is none."""
    for path in _named(tuple(paths), name):
        try:
            now = os.stat(path)
        except FileNotFoundError:
            continue
        if stat.S_ISREG(now.st_mode):
            yield _state(path, now)


@lru_cache(64)
def _named(paths: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Those of the paths whose last part is a file of that name that somebody finished writing."""
    named = re.compile(fnmatch.translate(name)).match
    return tuple(path for path in paths if named(last := os.path.basename(path)) and not last.startswith(_UNFINISHED))


def _state(path: str, now: os.stat_result) -> FileState:
    return path, now.st_size, now.st_mtime_ns, now.st_ino


def unusable(path: str) -> str | None:
    """Why the file cannot be what its name says, None when nothing speaks against it."""
    try:
        _readable(path)
    except _Unusable as reason:
        return reason.problem.rstrip(".")
    except OSError as failure:
        return f"{os.path.basename(path)}: {failure.strerror or failure}"
    return None


class _Unusable(Exception):
    """Why a path cannot be used, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def _at(path: str, folder: Path) -> list[Found]:
    if "://" in path:
        raise _Unusable("an address cannot be read here.", "Give a file or folder on this machine.")
    if "\0" in path or not path.strip():
        raise _Unusable("this is not a path.", "Give a file or a folder.")
    place = os.path.normpath(folder / os.path.expanduser(path))
    try:
        if os.path.isdir(place):
            tables = _in_folder(place)
        elif os.path.exists(place):
            tables = [_table(_stem(place), [_readable(place)])]
        else:
            tables = _matching(path, place)
    except OSError as failure:
        raise _Unusable(f"it cannot be read: {failure.strerror or failure}.", "Check its name and its permissions.") from failure
    if not tables:
        raise _Unusable("there is no CSV or Parquet file in it.", f"Files must end in {', '.join(ENDINGS)}.")
    return tables


def _matching(path: str, place: str) -> list[Found]:
    """The files a glob matches, grouped as in a folder."""
    if not glob.has_magic(path):
        raise _Unusable("it does not exist.", "Check the path.")
    matched = sorted(p for p in glob.glob(place, recursive=True) if not _unfinished(p))
    if not matched:
        raise _Unusable("nothing matches it.", "Check the pattern; put it in quotes so that the shell leaves it alone.")
    tables = [table for p in matched if os.path.isdir(p) for table in _in_folder(p)]
    return tables + _grouped([p for p in matched if os.path.isfile(p) and _format(p)], os.path.basename(os.path.dirname(matched[0])))


def _in_folder(place: str) -> list[Found]:
    """Hive partitions below a folder make it one table; else its files are grouped, and each folder in it is looked at by itself."""
    names = sorted(name for name in os.listdir(place) if not _unfinished(name))
    folders = [name for name in names if os.path.isdir(os.path.join(place, name))]
    own = os.path.basename(place)
    if any("=" in name for name in folders):
        below = [p for p in glob.glob(os.path.join(glob.escape(place), "**", "*"), recursive=True) if os.path.isfile(p) and _format(p) and not _unfinished(p)]
        if not below:
            return []
        ending = _ending(_readable(below[0]))
        return [Found(name=own, source=Source(paths=(os.path.join(glob.escape(place), "**", f"*{ending}"),), format=ENDINGS[ending], hive=True))]
    here = _grouped([os.path.join(place, name) for name in names if os.path.isfile(os.path.join(place, name)) and _format(name)], own)
    return here + [table for name in folders for table in _in_folder(os.path.join(place, name))]


def _grouped(paths: Iterable[str], folder: str) -> list[Found]:
    """Files whose names differ only in numbers are parts of one table, as long as they have the same columns."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for path in paths:
        readable = _readable(path)
        groups.setdefault((_series(path), _ending(path), _header(readable)), []).append(readable)
    tables = []
    for (series, _, _), parts in groups.items():
        if len(parts) == 1 and _stem(parts[0]).lower().strip("_-") not in MEANINGLESS and series not in MEANINGLESS:
            tables.append(_table(_stem(parts[0]), parts))
        else:
            tables.append(_table(folder if series in MEANINGLESS else series, parts))
    return tables


def _table(name: str, parts: list[str]) -> Found:
    """A table of these files; a pattern that means exactly them is kept instead, so that tomorrow's file is found too."""
    ending = _ending(parts[0])
    names = [os.path.basename(part) for part in parts]
    start = next(n for n, letters in enumerate(zip(*names, strict=False)) if len(set(letters)) > 1) if len(parts) > 1 else 0
    pattern = os.path.join(glob.escape(os.path.dirname(parts[0])), f"{glob.escape(names[0][:start])}*{ending}")
    whole = len(parts) > 1 and sorted(p for p in glob.glob(pattern) if not _unfinished(p)) == sorted(parts)
    return Found(name=name, source=Source(paths=(pattern,) if whole else tuple(parts), format=ENDINGS[ending]))


def _readable(path: str) -> str:
    """The path, if what is there looks like what its name says."""
    ending = _ending(path)
    name = os.path.basename(path)
    if ending not in ENDINGS:
        raise _Unusable(f"{name} is neither CSV nor Parquet.", f"Files must end in {', '.join(ENDINGS)}.")
    if not os.path.isfile(path):
        raise _Unusable(f"{name} is no ordinary file.", "Give a file or a folder; a pipe can be read only once.")
    size = os.path.getsize(path)
    with open(path, "rb") as opened:
        start = opened.read(8192)
        opened.seek(max(0, size - 4))
        end = opened.read(4)
    if not start.strip():
        raise _Unusable(f"{name} is empty.", "Give a file with a header and rows.")
    if ENDINGS[ending] == "parquet" and (start[:4] != b"PAR1" or end != b"PAR1" or size < _LEAST_PARQUET):
        raise _Unusable(f"{name} is not a Parquet file, or not a whole one.", "Write it again.")
    if ending == ".csv.gz" and start[:2] != b"\x1f\x8b":
        raise _Unusable(f"{name} is not compressed with gzip.", "Name it .csv, or compress it.")
    if ending in (".csv", ".tsv") and b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Unusable(f"{name} is not text.", "Export it as CSV again, in UTF-8.")
    return path


def _format(path: str) -> Format | None:
    return ENDINGS.get(_ending(path))


def _ending(path: str) -> str:
    lower = path.casefold()
    return next((ending for ending in ENDINGS if lower.endswith(ending)), os.path.splitext(path)[1])


def _stem(path: str) -> str:
    name = os.path.basename(path)
    return name[: len(name) - len(_ending(path))]


def _series(path: str) -> str:
    """What is left of a file's name without counters, dates and the identifiers that writers add."""
    stem = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}.*|\.(snappy|zstd|gz)$", "", _stem(path).casefold())
    return re.sub(r"[\d_\-. ]*\d[\d_\-. t:]*$", "", stem).strip("_-. ")


def _header(path: str) -> str:
    """The first line of a CSV file: parts of one table have it in common."""
    if not path.casefold().endswith((".csv", ".tsv")):
        return ""
    with open(path, "rb") as opened:
        return opened.readline(65_536).strip().decode(errors="replace")


def _unfinished(path: str) -> bool:
    return os.path.basename(path).startswith(_UNFINISHED)


def _named_apart(found: list[Found]) -> tuple[Found, ...]:
    """Every table under a name that SQL and people can write, each once."""
    named: dict[str, Found] = {}
    for table in found:
        if any(table.source == other.source for other in named.values()):
            continue
        name = re.sub(r"\W+", "_", table.name.casefold()).strip("_") or "data"
        name = f"t_{name}" if name[0].isdigit() else name
        count = 1
        while (unique := name if count == 1 else f"{name}_{count}") in named:
            count += 1
        named[unique] = Found(name=unique, source=table.source)
    return tuple(named.values())
