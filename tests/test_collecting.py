"""Nothing is searched for garbage while everything is loaded, and everything is afterwards."""

from __future__ import annotations

import gc
import weakref

import pytest

from insights.collecting import paused


class Ring:
    """Refers to itself, so that only the search for garbage finds it."""

    def __init__(self) -> None:
        self.itself = self


def loaded_and_failed() -> weakref.ref[Ring]:
    """Garbage that was left by something that failed in the middle of loading."""
    try:
        with paused():
            assert not gc.isenabled()
            left = weakref.ref(Ring())
            raise ImportError
    except ImportError:
        return left


@pytest.mark.parametrize("collects", [True, False])
def test_collecting_goes_on_as_it_was(collects: bool) -> None:
    """A process that collects collects again, also after a failure; one that does not is left alone; what was left behind meanwhile is found."""
    before = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        left = loaded_and_failed()
        assert gc.isenabled() is collects
        gc.collect()
        assert left() is None
    finally:
        (gc.enable if before else gc.disable)()


def test_what_somebody_froze_stays_frozen() -> None:
    """A server that forks freezes what its children share."""
    shared: list[object] = [object()]
    assert any(one is shared for one in gc.get_objects())
    gc.freeze()
    try:
        with paused():
            pass
        assert not any(one is shared for one in gc.get_objects())  # which leaves out what is frozen
    finally:
        gc.unfreeze()
