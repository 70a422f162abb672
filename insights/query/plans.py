"""Plans that were made already: the same question within the same grant over the same definitions and data is planned once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeAlias

from insights.permit import Grant
from insights.query.algebra import Plan
from insights.query.measures import Measured
from insights.requests import MetricQuestion

MOST = 512
Measures: TypeAlias = tuple[Measured, ...] | None


class Plans:
    """Keeps the plans used last. Safe to use from many threads. `make` plans from nothing but its arguments, and definitions that never change."""

    def __init__(self, make: Callable[[MetricQuestion, Grant, Measures], Plan], *, most: int = MOST) -> None:
        self._make = make
        self._most = most
        self._kept: OrderedDict[tuple[object, ...], Plan] = OrderedDict()
        self._lock = Lock()

    def of(self, question: MetricQuestion, grant: Grant, measures: Measures = None) -> Plan:
        """The plan of a question within a grant; `measures` stand in for its metrics. Raises what `make` raises, each time."""
        key = (repr(question), grant.key, repr(measures))  # as it is written, for 1 and true are equal and not the same
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        made = self._make(question, grant, measures)
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
