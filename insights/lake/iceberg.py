"""Apache Iceberg tables: their metadata is read by the pyiceberg package, through the lake's own reader."""

from __future__ import annotations

import io
import posixpath
import re
from datetime import UTC, datetime
from typing import Any

from insights.lake.addresses import SCHEME
from insights.lake.files import FileState
from insights.lake.snapshots import Reader, Snapshot, missing, refused

_COPY = "Copy it into a new table (CREATE TABLE ... AS SELECT), and name that."
"""Rewriting the files is not enough: which of the names that the metadata remember a file has, they do not say."""
_NUMBERED = re.compile(r"v?(\d+)(?:-[0-9a-f-]{36})?\.(?:gz\.)?metadata\.json(?:\.gz)?")


def snapshot(table: str, reader: Reader) -> Snapshot:
    """The files of the table's current snapshot; `table` is its folder or one metadata file.

    Raises WrongCatalog for what its files alone do not tell (deletes, renamed columns), WrongSettings without pyiceberg.
    """
    try:
        from pyiceberg.exceptions import ValidationError
        from pyiceberg.manifest import DataFileContent, FileFormat
        from pyiceberg.serializers import FromInputFile
    except ImportError:
        raise missing("pyiceberg") from None
    place = table if table.endswith((".metadata.json", ".metadata.json.gz")) else _latest(table, reader)
    access = _access(reader, place)
    try:
        metadata = FromInputFile.table_metadata(access.new_input(place))
        current = metadata.current_snapshot()
        entries = [entry.data_file for manifest in current.manifests(access) for entry in manifest.fetch_manifest_entry(access)] if current is not None else []
    except (ValidationError, ValueError, KeyError, OSError) as error:
        raise refused(place, str(error).splitlines()[0][:200], "Check that its metadata are whole.") from error
    if any(one.content != DataFileContent.DATA for one in entries):
        raise refused(table, "it has deleted rows that are still in its files", "Compact it first (rewrite_data_files with delete-file-threshold 1).")
    if any(one.file_format != FileFormat.PARQUET for one in entries):
        raise refused(table, "some of its files are not Parquet", "Rewrite them as Parquet.")
    if _renamed(metadata):
        raise refused(table, "columns were renamed or used anew, and its files may have the names of before", _COPY)
    when = datetime.fromtimestamp(current.timestamp_ms / 1000, UTC).replace(tzinfo=None) if current is not None else None
    return Snapshot(files=tuple(sorted(_path(one.file_path) for one in entries)), at=when)


def _latest(table: str, reader: Reader) -> str:
    """The newest metadata of a folder. Raises WrongCatalog when it is not clear which that is."""
    found: dict[int, list[str]] = {}
    hint: FileState | None = None
    for state in reader.below(f"{table}/metadata/"):
        name = posixpath.basename(state[0])
        number = _NUMBERED.fullmatch(name)
        if number:
            found.setdefault(int(number[1]), []).append(state[0])
        hint = state if name == "version-hint.text" else hint
    if not found:
        raise refused(table, "there are no Iceberg metadata in it", "Name the folder that has metadata/ in it, or one metadata file.")
    last = max(found)
    if hint is not None and (said := reader.content(hint).decode(errors="replace").strip()).isdigit() and int(said) in found:
        last = int(said)
    if len(found[last]) > 1:
        raise refused(table, f"it has several metadata files numbered {last}", "Name the one that its catalog points to.")
    return found[last][0]


def _renamed(metadata: Any) -> bool:
    """Whether a column had another name, or a name meant another column: files are read by the names of columns."""
    names: dict[int, set[str]] = {}
    ids: dict[str, set[int]] = {}
    for schema in metadata.schemas:
        for field in schema.fields:
            names.setdefault(field.field_id, set()).add(field.name)
            ids.setdefault(field.name, set()).add(field.field_id)
    return any(len(several) > 1 for several in names.values()) or any(len(several) > 1 for several in ids.values())


def _path(location: str) -> str:
    """An address or a path as the lake names it."""
    if location.startswith(("s3a://", "s3n://")):
        return SCHEME + location.partition("://")[2]
    return location.removeprefix("file://").replace("//", "/") if location.startswith("file:") else location


def _access(reader: Reader, place: str) -> Any:
    """What pyiceberg reads through."""
    from pyiceberg.io import FileIO, InputFile, OutputFile

    class Read(InputFile):
        def _state(self) -> FileState:
            path = _path(self.location)
            for state in reader.below(path):
                if state[0] == path:
                    return state
            raise FileNotFoundError(path)

        def __len__(self) -> int:
            return self._state()[1]

        def exists(self) -> bool:
            try:
                self._state()
            except FileNotFoundError:
                return False
            return True

        def open(self, seekable: bool = True) -> io.BytesIO:  # noqa: ARG002 - pyiceberg's signature
            return io.BytesIO(reader.content(self._state()))

    class Access(FileIO):
        def new_input(self, location: str) -> Read:
            return Read(location)

        def new_output(self, location: str) -> OutputFile:
            raise PermissionError(location)

        def delete(self, location: str | InputFile | OutputFile) -> None:
            raise PermissionError(location)

    return Access({"place": place})
