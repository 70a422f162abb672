"""Keeps the index of values in a file, so that a process that starts need not make it again."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from pathlib import Path

from insights.language import index, words
from insights.language.index import Index, Values, build, read


def load_or_build(values: Values, place: Path) -> Index:
    """The index of `values` as it is kept at `place`, else made now and kept there.

    What is damaged, or of other values, another format or another version of the program, is made again; a folder that cannot be written to only costs that.
    """
    version = _version()
    try:
        return read(place.read_bytes(), values, version)
    except (OSError, ValueError):
        made = build(values, version)
        _keep(made, place)
        return read(made, values, version)


def _version() -> str:
    """Changes whenever the program could find other words in a value: a digest of the code that does."""
    code = b"".join(Path(str(module.__file__)).read_bytes() for module in (index, words))
    return f"{unicodedata.unidata_version} {hashlib.sha256(code).hexdigest()}"


def _keep(data: bytes, place: Path) -> None:
    """Write the file whole or not at all: of several processes that do, one is the last."""
    name = ""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=place.name)
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        os.replace(name, place)
    except OSError:
        if name and os.path.exists(name):
            os.unlink(name)
