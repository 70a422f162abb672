"""How DuckDB reads through the lake: a read-only file system whose every path is one version of one file, and whose failures keep their words."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from insights.errors import InsightsError, WrongSettings
from insights.lake.blocks import Version
from insights.lake.lake import ENGINE_SCHEME, Lake

if TYPE_CHECKING:
    import _duckdb as duckdb

_ADDRESS = re.compile(rf"'({ENGINE_SCHEME}(?:[^']|'')*)'")
_FAILED = re.compile(r"lake-failure-(\d+)")
_KEPT = 256


class Failures:
    """What went wrong in the threads of an engine, which passes on nothing but a text."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, InsightsError] = OrderedDict()
        self._count = 0

    def keep(self, failure: InsightsError) -> str:
        """A text that leads back to the failure."""
        with self._lock:
            self._count += 1
            self._kept[self._count] = failure
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return f"lake-failure-{self._count}"

    def behind(self, text: str) -> InsightsError | None:
        """The failure that the engine's text leads back to, if any does."""
        found = _FAILED.search(text)
        with self._lock:
            return self._kept.get(int(found[1])) if found else None


def register(database: duckdb.DuckDBPyConnection, lake: Lake, failures: Failures) -> None:
    """Let the database open the lake's addresses. Raises WrongSettings when the package that this needs is missing."""
    try:
        from fsspec import AbstractFileSystem
    except ImportError:
        raise WrongSettings("Reading S3, or files that a manifest vouches for, needs fsspec.", remedy="pip install fsspec") from None

    class LakeFiles(AbstractFileSystem):  # type: ignore[misc]  # fsspec publishes no types
        """The versions of files that the lake has told about, and nothing else."""

        protocol = ENGINE_SCHEME.removesuffix("://")
        cachable = False

        def _open(self, path: str, mode: str = "rb", **_: Any) -> _Opened:
            if mode != "rb":
                raise PermissionError("the lake is only read")
            return _Opened(lake, lake.version(path), failures)

        def info(self, path: str, **_: Any) -> dict[str, Any]:
            version = lake.version(path)
            return {"name": path, "size": version.size, "type": "file"}

        def glob(self, path: str, **_: Any) -> list[str]:
            return [path]  # the lake lists; what it hands out is no pattern, whatever characters it has

        def exists(self, path: str, **_: Any) -> bool:  # noqa: ARG002 - fsspec's signature
            return True

        def modified(self, path: str) -> datetime:  # noqa: ARG002 - fsspec's signature
            return datetime(2000, 1, 1, tzinfo=UTC)  # a version never changes

        created = modified

    database.register_filesystem(LakeFiles())


def addresses(sql: str) -> tuple[str, ...]:
    """The addresses of the lake that a query reads."""
    return tuple(dict.fromkeys(found.replace("''", "'") for found in _ADDRESS.findall(sql))) if ENGINE_SCHEME in sql else ()


class _Opened:
    """A version of a file, opened."""

    def __init__(self, lake: Lake, version: Version, failures: Failures) -> None:
        self._lake = lake
        self._version = version
        self._failures = failures
        self._at = 0
        self.closed = False

    def read(self, length: int = -1) -> bytes:
        stop = self._version.size if length < 0 else self._at + length
        try:
            data = self._lake.read(self._version, self._at, stop)
        except InsightsError as failure:
            raise OSError(self._failures.keep(failure)) from None
        self._at += len(data)
        return data

    def seek(self, to: int, whence: int = 0) -> int:
        self._at = (0, self._at, self._version.size)[whence] + to
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self.closed = True

    def flush(self) -> None:
        """Nothing is ever written."""
