"""Compiled templates in a folder, for as long as it can be written: an answer never fails for the sake of a cache."""

from __future__ import annotations

from contextlib import suppress

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class KeptTemplates(FileSystemBytecodeCache):
    """Compiles anew what cannot be read, and goes on without keeping what cannot be written: the folder may be gone or the disk full."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was kept."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        with suppress(OSError):
            super().dump_bytecode(bucket)
