"""The parts of a plan as measures ask for them: one for each fact, time field, period and set of keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insights.catalog.model import Aggregation, FieldId
from insights.query.algebra import Figure, Part
from insights.query.measures import Measured
from insights.query.parts import Asked, Scope, Wanted, part
from insights.requests import Period


class Wanting:
    """Collects what is wanted of each scope. `times` are the time fields of the measures' aggregates; `periods` the one asked for and the one it is
    compared with; `together` are periods that every figure is read over at once, whatever it asks for; `running` figures add up from bucket to bucket.
    """

    def __init__(
        self,
        asked: Asked,
        times: Mapping[tuple[str, Aggregation], FieldId | None],
        periods: tuple[Period, ...],
        together: tuple[Period, ...] = (),
        *,
        running: bool = False,
    ) -> None:
        self._asked = asked
        self._times = times
        self._periods = periods
        self._together = together
        self._running = running
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
        wanted = self._wanted.setdefault(scope, [])
        if one not in wanted:
            wanted.append(one)
        return Figure(list(self._wanted).index(scope), wanted.index(one))

    @property
    def built(self) -> tuple[tuple[Part, ...], tuple[Figure, ...]]:
        """The parts, and the figures that count people."""
        parts, guards = [], []
        for number, (scope, wanted) in enumerate(self._wanted.items()):
            made, counts = part(self._asked, scope, wanted)
            parts.append(made)
            guards += [Figure(number, at) for at in counts]
        return tuple(parts), tuple(guards)


def near(periods: Sequence[Period]) -> bool:
    """Whether two periods lie so close together that reading from the first to the last reads little else."""
    if len(periods) != 2 or periods[0] == periods[1] or any(p.first is None or p.last is None for p in periods):
        return False
    whole = Scope("", None, tuple(periods)).whole
    return (whole.days or 0) <= 2 * sum(p.days or 0 for p in periods)
