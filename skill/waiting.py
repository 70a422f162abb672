"""How long the door waits for the core: a word after two seconds, an answer in time whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextvars import copy_context
from typing import TypeVar

from skill import words
from skill.progress import Send, begin

Made = TypeVar("Made")

# Alexa waits 8 seconds. The core is asked to be ready after 6.2; if it overruns, the door answers a little later, and may ask the core one thing more.
PATIENCE = 6.2
GRACE = 0.2
_CALLS_AT_ONCE = 32


class Waiting:
    """Runs work beside the request, and gives up on it at a deadline. Safe to use from many threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, sender: Send) -> None:
        self._clock = clock
        self._sender = sender
        self._pool = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="alexa")
        # What is asked when the other threads may all be stalled.
        self._quick = ThreadPoolExecutor(_CALLS_AT_ONCE // 4, thread_name_prefix="alexa-quick")

    def until(self, deadline: float, work: Callable[[], Made], *, event: object) -> Made:
        """What `work` gives. Raises TookTooLong when it does not keep the deadline, and whatever it raises."""
        running = self._pool.submit(copy_context().run, work)  # for whom it works goes with it
        word = begin(event, words.ONE_MOMENT, sender=self._sender)
        try:
            return running.result(timeout=max(0.0, deadline + GRACE - self._clock()))
        except TookTooLong:
            running.cancel()
            raise
        finally:
            if word is not None:
                word.cancel()

    def quickly(self, work: Callable[[], Made]) -> Made | None:
        """What `work` gives, None when it takes long or fails."""
        running = self._quick.submit(work)
        try:
            return running.result(timeout=GRACE)
        except Exception:  # it is a question beside the answer, which is given in any case
            running.cancel()
            return None
