"""Python's search for garbage, paused while everything is loaded: all of it stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Within it nothing is searched; what was made counts as old afterwards, or the first answer would wait until all of it is looked through."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            if gc.get_freeze_count() == 0:  # what somebody froze stays frozen
                gc.freeze()
                gc.unfreeze()
            gc.enable()
