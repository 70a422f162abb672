"""Results that were worked out already, by query, identity and version of the data; several who ask the same at once share one query."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass

from insights.errors import DeadlinePassed, NobodyWaits
from insights.warehouse.port import Table

MOST_CELLS = 2_000_000
"""About 200 MB at the very most: a number takes 32 bytes, a short text 60 to 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What makes two results the same: `query` (its SQL and values), `identity` (the grant's key), and the `version` of the data they were read from."""

    query: Hashable
    identity: Hashable
    version: Hashable

    @property
    def apart_from_data(self) -> tuple[Hashable, Hashable]:
        """The same question of the same asker, whatever the data."""
        return self.query, self.identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A table, and how many seconds ago its data were current: 0 when they are now, more only where stale results are allowed."""

    table: Table
    age: float = 0.0
    kept: bool = False


class Results:
    """Keeps the results used last. Safe to use from many threads.

    `stale_within` seconds, a result of older data is given at once while the new one is worked out behind it; 0 never gives a stale one. That needs a
    process that goes on living after the answer, which a Lambda does not.
    """

    def __init__(self, *, most_cells: int = MOST_CELLS, stale_within: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: OrderedDict[Key, Table] = OrderedDict()
        self._latest: dict[tuple[Hashable, Hashable], tuple[Key, float]] = {}
        self._under_way: dict[Key, Future[Table]] = {}
        self._lock = threading.Lock()
        self._cells = 0
        self._most_cells = most_cells
        self._stale_within = stale_within
        self._clock = clock

    def of(self, key: Key, run: Callable[[float | None], Table], *, deadline: float | None = None, alone: bool = False) -> Result:
        """The result of `key`: kept, or worked out by `run(deadline)` once for all who ask for it meanwhile. Only what is an answer `alone` may be stale:
        what is put together from several results must be of one state of the data.

        Raises what `run` raises, and DeadlinePassed where another's query takes longer than there is time for.
        """
        while True:
            with self._lock:
                known = self._kept.get(key)
                if known is not None:
                    self._kept.move_to_end(key)
                    self._latest[key.apart_from_data] = (key, self._clock())
                    return Result(table=known, kept=True)
                stale = self._stale(key) if alone else None
                other = self._under_way.get(key)
                if other is None:
                    mine = self._under_way[key] = Future()
            if stale is not None:
                if other is None:
                    threading.Thread(target=self._work, args=(key, mine, run, None), name="insights-refresh", daemon=True).start()
                return stale
            if other is None:
                return Result(table=self._lead(key, mine, run, deadline))
            found = _awaited(other, deadline)
            if found is not None:
                return Result(table=found, kept=True)

    def forget(self) -> None:
        """Let go of everything kept."""
        with self._lock:
            self._kept.clear()
            self._latest.clear()
            self._cells = 0

    def _stale(self, key: Key) -> Result | None:
        """The result of older data, where that is allowed and it is not too old."""
        latest = self._latest.get(key.apart_from_data)
        if not self._stale_within or latest is None or latest[0] not in self._kept:
            return None
        age = self._clock() - latest[1]
        return Result(table=self._kept[latest[0]], age=age, kept=True) if age <= self._stale_within else None

    def _lead(self, key: Key, mine: Future[Table], run: Callable[[float | None], Table], deadline: float | None) -> Table:
        self._work(key, mine, run, deadline)
        return mine.result()

    def _work(self, key: Key, mine: Future[Table], run: Callable[[float | None], Table], deadline: float | None) -> None:
        """Work the result out for everybody who waits for it."""
        try:
            table = run(deadline)
        except BaseException as failure:
            with self._lock:
                del self._under_way[key]
            mine.set_exception(failure)
            return
        with self._lock:
            del self._under_way[key]
            self._keep(key, table)
        mine.set_result(table)

    def _keep(self, key: Key, table: Table) -> None:
        cells = _cells(table)
        if cells > self._most_cells // 4 or key in self._kept:
            return
        self._kept[key] = table
        self._latest[key.apart_from_data] = (key, self._clock())
        self._cells += cells
        while self._cells > self._most_cells:
            gone, old = self._kept.popitem(last=False)
            self._cells -= _cells(old)
            if self._latest.get(gone.apart_from_data, (None,))[0] == gone:
                del self._latest[gone.apart_from_data]


def _awaited(other: Future[Table], deadline: float | None) -> Table | None:
    """What another's query found; None where that one ran out of its own time or was stopped, so that this one has to be asked again.

    Raises DeadlinePassed when the time of this one is up first.
    """
    try:
        return other.result(timeout=None if deadline is None else max(deadline - time.monotonic(), 0))
    except NotInTime as late:
        raise DeadlinePassed("Looking that up took longer than there was time for.", remedy="Ask for a shorter period, or for less detail.") from late
    except (DeadlinePassed, NobodyWaits):
        return None


def _cells(table: Table) -> int:
    return (len(table.rows) + 1) * (len(table.columns) + 1)
