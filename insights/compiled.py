"""Methods of dataclasses, kept compiled beside the bytecode of this package: compiling them anew would take most of the time of a start.

The standard library writes the methods of each dataclass as text and compiles it in every process; modules are compiled once and kept. Here the same is done
for those texts, found by their digests: what has changed is compiled anew.
"""

from __future__ import annotations

import atexit
import builtins
import dataclasses
import marshal
import os
import sys
from contextlib import suppress
from hashlib import blake2b
from importlib.util import MAGIC_NUMBER
from pathlib import Path

MOST = 20_000
"""Texts that are kept at most; past it those of one process begin anew."""
SHORT = 1000
"""Bytes of what several classes have in common: longer ones are let go of once they were needed."""
_DONE = b""


class Compiled:
    """Texts as they were compiled, in a file (None keeps nothing). A file that cannot be read or written is done without."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._kept = _read(file)
        self._new: dict[bytes, bytes] = {}

    def execute(self, text: str, *scopes: dict[str, object]) -> None:
        """What `exec` does with a text that stands by itself; `scopes` are its global and local names."""
        digest = blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()
        if kept := self._kept.get(digest):
            code = marshal.loads(kept)  # noqa: S302 - written below, where bytecode that is run lies as well
        else:
            code = compile(text, "<string>", "exec", dont_inherit=True)
            if kept is None:
                self._new[digest] = marshal.dumps(code, 2)  # the form that does not depend on what else is in memory
        if kept is None or len(kept) > SHORT:
            self._kept[digest] = _DONE  # they take megabytes
        builtins.exec(code, *scopes)  # noqa: S102 - what the standard library asked for

    def keep(self) -> None:
        """Write down what was compiled anew beside what other processes wrote, unless Python is to write no bytecode."""
        if not self._new or self._file is None or sys.dont_write_bytecode:
            return
        known = _read(self._file) | self._new
        part = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            part.write_bytes(marshal.dumps((MAGIC_NUMBER, known if len(known) <= MOST else self._new), 2))
            part.replace(self._file)
        except OSError:
            with suppress(OSError):  # nothing can be removed either where nothing can be written
                part.unlink()
        self._new = {}


def install() -> None:
    """Have dataclasses that are made from now on compiled once, not in every process; the file is written when a process ends that compiled some."""
    if hasattr(dataclasses, "exec"):
        return
    compiled = Compiled(Path(__spec__.cached).with_suffix(".methods") if __spec__.cached else None)
    dataclasses.exec = compiled.execute  # type: ignore[attr-defined]  # seen by that module alone, before the built-in one
    atexit.register(compiled.keep)


def _read(file: Path | None) -> dict[bytes, bytes]:
    """What the file holds, if it was written by a Python whose bytecode is the same."""
    if file is None:
        return {}
    try:
        made_by, kept = marshal.loads(file.read_bytes())  # noqa: S302 - see above
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return kept if made_by == MAGIC_NUMBER and isinstance(kept, dict) else {}
