"""Tables that a format keeps a log of: which files are the table right now, and since when. What a file list cannot express is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from insights.errors import Problem, WrongCatalog, WrongSettings
from insights.lake.files import FileState

DELTA, ICEBERG, GLUE = "delta://", "iceberg://", "glue://"
SCHEMES = (DELTA, ICEBERG, GLUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The data files of a table as addresses or paths, and when they became the table (UTC, naive)."""

    files: tuple[str, ...]
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What the formats need of the lake: the files under a folder, and the whole content of one of them."""

    below: Callable[[str], tuple[FileState, ...]]
    content: Callable[[FileState], bytes]


def refused(where: str, reason: str, remedy: str) -> WrongCatalog:
    """The error for a table that cannot be read as a list of files."""
    return WrongCatalog([Problem(file=where, line=0, message=f"it cannot be read: {reason}.", suggestion=remedy)])


def missing(package: str) -> WrongSettings:
    """The error for an optional package that is not installed."""
    return WrongSettings(f"Reading this table needs {package}.", remedy=f"Install insights-assistant[{'delta' if package == 'deltalake' else 'iceberg'}].")
