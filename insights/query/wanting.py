"""The parts of a plan as measures ask for them: one for each fact, time field, period and set of keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from insights.catalog.labels import inside
from insights.catalog.model import Aggregation, Balance, Earlier, FieldId, Followed, UpTo
from insights.errors import NotAnswerable
from insights.query.algebra import Figure, Part
from insights.query.followed import followed
from insights.query.measures import Measured
from insights.query.parts import Asked, Scope, Wanted, part
from insights.query.rollups import Ready, nothing_ready, rolled
from insights.query.standing import standing
from insights.requests import Period


class Wanting:
    """Collects what is wanted of each scope. `times` are the time fields of the measures' aggregates; `periods` the one asked for and the one it is
    compared with; `together` are periods that every figure is read over at once, whatever it asks for; `running` figures add up from bucket to bucket;
    `rollups` are what lies ready.
    """

    def __init__(
        self,
        asked: Asked,
        times: Mapping[tuple[str, Aggregation], FieldId | None],
        periods: tuple[Period, ...],
        together: tuple[Period, ...] = (),
        *,
        running: bool = False,
        rollups: Ready = nothing_ready,
    ) -> None:
        self._asked = asked
        self._times = times
        self._periods = periods
        self._together = together
        self._running = running
        self._rollups = rollups
        self._wanted: dict[Scope, list[Wanted]] = {}

    def formula(
        self, measure: Measured, period: Period | None, *, narrowed: bool = False, key_numbers: tuple[int, ...] | None = None
    ) -> tuple[str | Figure, ...]:
        """The measure's arithmetic over figures of the parts: over `period`, `narrowed` to the part of a share, by fewer keys."""
        return tuple(
            self._figure(measure, piece, Wanted(piece, period, narrowed), key_numbers) if isinstance(piece, Aggregation) else piece for piece in measure.formula
        )

    def _figure(self, measure: Measured, aggregation: Aggregation, one: Wanted, key_numbers: tuple[int, ...] | None) -> Figure:
        alone = () if one.period is None else (one.period,)
        if aggregation.over is not None:
            return self._standing(measure, aggregation, one, key_numbers)
        periods = self._periods if near(self._periods) else alone
        if self._together:
            periods, one = self._together, Wanted(aggregation, None, one.narrowed)
        scope = Scope(
            aggregation.dataset,
            self._times.get((measure.text, aggregation)),
            periods,
            key_numbers,
            first_seen=aggregation if self._running and aggregation.function == "count_distinct" else None,
            counted=aggregation.where if self._asked.again else None,
        )
        return self._place(scope, one)

    def _standing(self, measure: Measured, aggregation: Aggregation, one: Wanted, key_numbers: tuple[int, ...] | None) -> Figure:
        """A figure over other rows than those of its period: each is a part of its own."""
        if self._asked.again:
            raise NotAnswerable(f"I can't tell {inside(measure.definition.label)} of a set of members.", remedy="Ask for what it is made of.")
        periods = self._together or (() if one.period is None else (one.period,))
        scope = Scope(aggregation.dataset, self._times.get((measure.text, aggregation)), periods, key_numbers, standing=aggregation)
        return self._place(scope, Wanted(replace(aggregation, over=None), None, one.narrowed))

    def _place(self, scope: Scope, one: Wanted) -> Figure:
        wanted = self._wanted.setdefault(scope, [])
        if one not in wanted:
            wanted.append(one)
        return Figure(list(self._wanted).index(scope), wanted.index(one))

    @property
    def built(self) -> tuple[tuple[Part, ...], tuple[Figure, ...]]:
        """The parts, and the figures that count people."""
        parts, guards = [], []
        for number, (scope, wanted) in enumerate(self._wanted.items()):
            ready = rolled(self._asked, scope, wanted, self._rollups)
            made, counts = (ready, ()) if ready is not None else _MAKERS[type(scope.standing.over) if scope.standing else None](self._asked, scope, wanted)
            parts.append(made)
            guards += [Figure(number, at) for at in counts]
        return tuple(parts), tuple(guards)


_Made = tuple[Part, tuple[int, ...]]
_MAKERS: Mapping[type | None, Callable[[Asked, Scope, Sequence[Wanted]], _Made]] = {
    None: part,
    UpTo: standing,
    Balance: standing,
    Earlier: standing,
    Followed: followed,
}


def near(periods: Sequence[Period]) -> bool:
    """Whether two periods lie so close together that reading from the first to the last reads little else."""
    if len(periods) != 2 or periods[0] == periods[1] or any(p.first is None or p.last is None for p in periods):
        return False
    whole = Scope("", None, tuple(periods)).whole
    return (whole.days or 0) <= 2 * sum(p.days or 0 for p in periods)
