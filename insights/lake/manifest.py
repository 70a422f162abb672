"""The manifest of a lake: what every file of a catalog's sources was when somebody vouched for it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insights.errors import WrongSettings
from insights.lake.addresses import SCHEME
from insights.lake.source import Source

NAME = "lake.manifest.json"
_FORMAT = 1
_DIGEST = 16
"""Bytes kept of each block's SHA-256: enough that nobody finds another block with the same."""
_SMALL, _LARGE = 32_768, 1_048_576
_BLOCKS = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """One file: its size in bytes, its ETag (S3 only), the SHA-256 of the whole (hexadecimal), digests of its blocks, and what an engine noted of it."""

    size: int
    etag: str | None
    sha256: str
    blocks: bytes
    notes: str | None = None

    def holds(self, number: int, data: bytes) -> bool:
        """Whether `data` is block `number` of the file."""
        return hashlib.sha256(data).digest()[:_DIGEST] == self.blocks[number * _DIGEST : (number + 1) * _DIGEST]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The files by source and path; `written` is an instant in seconds since 1970."""

    written: float
    sources: Mapping[str, Mapping[str, Vouched]] = field(default_factory=dict)

    def of(self, source: Source) -> Mapping[str, Vouched] | None:
        """The files of the source by path, None when nobody vouched for any."""
        return self.sources.get(named(source))


def named(source: Source) -> str:
    """The source as the manifest names it."""
    return "\n".join(source.paths)


def block_size(size: int) -> int:
    """Bytes of the blocks in which a file of `size` bytes is read, kept and vouched for: a thousand a file, none too small or too large.

    >>> block_size(3_000_000), block_size(200_000_000), block_size(10**10)
    (32768, 262144, 1048576)
    """
    wanted = _SMALL
    while wanted * _BLOCKS < size and wanted < _LARGE:
        wanted *= 2
    return wanted


def vouch(size: int, etag: str | None, read: Callable[[int, int], bytes]) -> Vouched:
    """Read the file once, `read(start, stop)` by `read(start, stop)`, and vouch for what is there now."""
    whole, digests, length = hashlib.sha256(), [], block_size(size)
    for start in range(0, size, length * 32):
        part = read(start, min(start + length * 32, size))
        whole.update(part)
        digests += [hashlib.sha256(part[at : at + length]).digest()[:_DIGEST] for at in range(0, len(part), length)]
    return Vouched(size=size, etag=etag, sha256=whole.hexdigest(), blocks=b"".join(digests))


def write(manifest: Manifest, place: Path) -> None:
    """Write the manifest whole or not at all; local paths are written as they lie to its folder, so that both can be moved together."""
    folder = str(place.parent)
    sources = [
        [[_shortened(path, folder) for path in name.split("\n")], {_shortened(path, folder): _document(one) for path, one in files.items()}]
        for name, files in manifest.sources.items()
    ]
    body = json.dumps({"format": _FORMAT, "written": manifest.written, "sources": sources}, indent=1, sort_keys=True)
    text = json.dumps({"sha256": hashlib.sha256(body.encode()).hexdigest()}) + "\n" + body + "\n"
    unfinished = place.with_name(f".{place.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, place)


def read(place: Path) -> Manifest | None:
    """The manifest at `place`, None when there is none. Raises WrongSettings when it is not as it was written."""
    try:
        head, _, body = place.read_text(encoding="utf-8").partition("\n")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(place, str(error)) from error
    try:
        if hashlib.sha256(body.removesuffix("\n").encode()).hexdigest() != json.loads(head)["sha256"]:
            raise ValueError("it was changed after it was written")
        document = json.loads(body)
        if document["format"] != _FORMAT:
            raise ValueError(f"it has format {document['format']}, this program reads {_FORMAT}")
        return Manifest(written=float(document["written"]), sources=dict(_sources(document["sources"], str(place.parent))))
    except (ValueError, KeyError, TypeError) as error:
        raise _broken(place, str(error)) from error


def _broken(place: Path, reason: str) -> WrongSettings:
    return WrongSettings(f"{place} cannot be used: {reason}.", remedy="Write it again with `insights lake manifest`, or remove it to trust files on first use.")


def _sources(document: Any, folder: str) -> Iterator[tuple[str, Mapping[str, Vouched]]]:
    for paths, files in document:
        yield "\n".join(_whole(path, folder) for path in paths), {_whole(path, folder): _vouched(one) for path, one in files.items()}


def _document(one: Vouched) -> dict[str, Any]:
    told = {"size": one.size, "sha256": one.sha256, "blocks": base64.b64encode(one.blocks).decode()}
    return told | ({"etag": one.etag} if one.etag is not None else {}) | ({"notes": one.notes} if one.notes is not None else {})


def _vouched(document: Any) -> Vouched:
    return Vouched(
        size=int(document["size"]),
        etag=document.get("etag"),
        sha256=str(document["sha256"]),
        blocks=base64.b64decode(document["blocks"], validate=True),
        notes=document.get("notes"),
    )


def _shortened(path: str, folder: str) -> str:
    return path if path.startswith(SCHEME) else os.path.relpath(path, folder)


def _whole(path: str, folder: str) -> str:
    return path if path.startswith(SCHEME) else os.path.normpath(os.path.join(folder, path))
