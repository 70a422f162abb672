"""What an Ossie `source` says: files relative to the model file, or a table of the engine; a query is refused."""

from __future__ import annotations

import glob
import itertools
import os
import re
from pathlib import Path
from typing import Literal

from insights.catalog.scopes import ExpressionError
from insights.lake.snapshots import SCHEMES
from insights.lake.source import Source

Format = Literal["parquet", "csv"]
_ENDINGS: dict[str, Format] = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".csv.gz": "csv", ".tsv": "csv"}
_QUERY = re.compile(r"\s*(\(|select\b|with\b|values\b)", re.IGNORECASE)
_LOOKED_AT = 10_000


def source_of(text: str, folder: Path) -> Source:
    """The source that `text` names; relative paths start at `folder`, which is absolute.

    Raises ExpressionError with the reason when it is a query or holds no data files.
    """
    text = text.strip()
    if "\0" in text:
        raise ExpressionError("the source is neither a path nor a table.", "Remove the control characters.")
    if _QUERY.match(text) or (re.search(r"\s", text) and not _is_path(text)):
        raise ExpressionError(
            "the source is a query; a catalog reads tables and files only.", "Name a file, a folder or a table, and put the logic into fields."
        )
    if not _is_path(text):
        return Source(table=text)
    ending = _ending(text)
    if text.startswith(SCHEMES):
        scheme, _, place = text.partition("://")
        inside = place if "://" in place or scheme == "glue" else os.path.normpath(folder / place)
        return Source(paths=(f"{scheme}://{inside.rstrip('/')}",), format="parquet", hive=scheme != "iceberg")
    if "://" in text:
        if not text.startswith("s3://"):
            raise ExpressionError(
                f"the source '{text[:80]}' is an address that cannot be read.",
                "Write a path, or an address that starts with s3://, delta://, iceberg:// or glue://.",
            )
        address = text if ending else f"{text.rstrip('/')}/**/*.parquet"
        return Source(paths=(address,), format=ending or "parquet", hive=not ending or "=" in text)
    place = os.path.normpath(folder / text)
    if ending and not os.path.isdir(place):
        return Source(paths=(place,), format=ending, hive="=" in text or "**" in text)
    return _inside(place, text)


def _is_path(text: str) -> bool:
    return "/" in text or "*" in text or _ending(text) is not None


def _ending(text: str) -> Format | None:
    lower = text.casefold()
    return next((format_ for ending, format_ in _ENDINGS.items() if lower.endswith(ending)), None)


def _inside(place: str, text: str) -> Source:
    """A folder, or a glob over folders: what lies under it tells the format and whether its folders are columns."""
    if "*" in text or "?" in text:
        matched = (_ending(path) for path in itertools.islice(glob.iglob(place, recursive=True), _LOOKED_AT))
        return Source(paths=(place,), format=next(filter(None, matched), "parquet"), hive="=" in text or "**" in text)
    if not os.path.isdir(place):
        raise ExpressionError(f"'{text[:200]}' does not exist ({place}).", "Check the path; it is relative to the model file.")
    first, hive = _first_file(place)
    if first is None:
        raise ExpressionError(f"there is no Parquet or CSV file in {place}.", "Check the path; it is relative to the model file.")
    pattern = next(ending for ending in (".csv.gz", ".parquet", ".csv", ".pq", ".tsv") if first.casefold().endswith(ending))
    return Source(paths=(os.path.join(glob.escape(place), "**", f"*{pattern}"),), format=_ENDINGS[pattern], hive=hive)


def _first_file(place: str) -> tuple[str | None, bool]:
    """The first data file below `place`, and whether it lies in a folder named key=value."""
    looked = 0
    for folder, folders, files in os.walk(place):
        folders.sort()
        for name in sorted(files):
            looked += 1
            if _ending(name) and not name.startswith((".", "_")):
                return name, "=" in os.path.relpath(folder, place)
        if looked > _LOOKED_AT:
            break
    return None, False
