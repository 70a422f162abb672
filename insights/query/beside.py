"""The tables around a question about people: who is behind the figures of other questions. Those that count the same rows are read in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from insights.permit import Grant
from insights.query.algebra import AnyJoin, Expression, Part, Plan
from insights.query.cutting import Found, apart, is_one_pass
from insights.query.dialects import dialect_of
from insights.query.emit import emit, emit_cuts
from insights.query.screening import MOST_CELLS
from insights.requests import MetricQuestion, Scalar
from insights.warehouse.choosing import Choice
from insights.warehouse.port import Query, Table, Warehouse

Rows = Sequence[Sequence[Scalar]]
Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Reads for one answer, within its grant and on the engine that was chosen for it. `planned` plans a question with the same measures.

    What it has read is `seen` again without being read.
    """

    planned: Callable[[MetricQuestion], Plan]
    choice: Choice
    grant: Grant
    deadline: float | None
    run: Callable[[Choice, Query, Grant, float | None], Table]
    shown: Callable[[Plan, Warehouse, int], Query]
    found: Found
    seen: dict[tuple[str, str], Table] = field(default_factory=dict)

    def read(self, questions: Sequence[MetricQuestion]) -> Sequence[tuple[Plan, Rows]]:
        """The plan of each question, with its rows: keys, outputs, and how many people are behind them. Without rows where nobody is to be counted."""
        plans = [self.planned(question) for question in questions]
        rows: dict[int, Rows] = {at: () for at, one in enumerate(plans) if not one.guards}
        left = sorted((at for at in range(len(plans)) if at not in rows), key=lambda at: -len(plans[at].keys))
        while left:
            every = plans[left[0]]
            within = {at: numbers for at in left if (numbers := cut_of(every, plans[at])) is not None}
            if len(within) > 1:
                table = self._passed(every, tuple(dict.fromkeys(within.values())))
                rows |= {at: apart(every, table, numbers) for at, numbers in within.items()}
            else:
                rows[left[0]] = self._alone(every)
            left = [at for at in left if at not in rows]
        return [(one, rows[at]) for at, one in enumerate(plans)]

    def _alone(self, one: Plan) -> Rows:
        engine, most = self.choice.engine, MOST_CELLS + 1
        made = emit(one, lambda source, span: engine.relation(source, span=span), limit=most, dialect=dialect_of(engine))
        return self._result(one, self.shown(one, engine, most), made).rows

    def _passed(self, every: Plan, sets: Sequence[Numbers]) -> Table:
        """Where one of the sets has more cells than are looked through, there are more of its rows than that."""
        engine, most = self.choice.engine, (MOST_CELLS + 1) * len(sets)
        made = emit_cuts(every, sets, lambda source, span: engine.relation(source, span=span), limit=most, dialect=dialect_of(engine))
        shown = emit_cuts(every, sets, lambda source, _: engine.citation(source), limit=most, dialect=dialect_of(engine))
        return self._result(every, shown, made)

    def _result(self, one: Plan, shown: Query, made: Query) -> Table:
        def run(until: float | None) -> Table:
            return self.run(self.choice, made, self.grant, until)

        key = (shown.sql, repr(shown.parameters))
        if key not in self.seen:
            self.seen[key] = self.found(one, shown, self.grant, run, self.deadline, self.choice.engine.name).table
        return self.seen[key]


def cut_of(every: Plan, one: Plan) -> Numbers | None:
    """The numbers of the keys of `every` that `one` is grouped by, where it is the same rows and figures by fewer keys; None where it is anything else."""
    if not _is_plain(every) or not _is_plain(one) or one.outputs != every.outputs or one.guards != every.guards:
        return None
    (whole,), (part,) = every.parts, one.parts
    if (whole.source, whole.alias, whole.conditions, whole.aggregates) != (part.source, part.alias, part.conditions, part.aggregates):
        return None
    if (whole.regrouping is None) != (part.regrouping is None) or (whole.regrouping is not None and whole.keys != part.keys):
        return None
    joins, keys = _last_step(whole)
    fewer, wanted = _last_step(part)
    known, looked_for = list(zip(every.keys, keys, strict=True)), list(zip(one.keys, wanted, strict=True))
    if not set(part.joins) <= set(whole.joins) or not set(fewer) <= set(joins) or not all(key in known for key in looked_for):
        return None
    return tuple(known.index(key) for key in looked_for)


def _is_plain(one: Plan) -> bool:
    """Whether it is of one fact, aggregated straight from its rows, perhaps by finer keys first."""
    return is_one_pass(replace(one, parts=tuple(replace(part, regrouping=None) for part in one.parts)))


def _last_step(part: Part) -> tuple[tuple[AnyJoin, ...], tuple[Expression, ...]]:
    """The joins and the keys of the step that gives the groups."""
    return (part.joins, part.keys) if part.regrouping is None else (part.regrouping.joins, part.regrouping.keys)
