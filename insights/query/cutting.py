"""Many breakdowns of the same rows at once: in one pass where that can be, from rollups where those lie ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Protocol

from insights.answers import MetricAnswer
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.errors import NotAnswerable, NotPermitted
from insights.permit import Grant
from insights.query.algebra import Part, Plan
from insights.query.dialects import dialect_of
from insights.query.emit import emit, emit_cuts
from insights.query.guarding import MOST_GROUPS, counts_people
from insights.query.measures import Measured
from insights.query.plan import plan
from insights.query.plans import Plans
from insights.query.results import Result
from insights.query.rollups import Ready, nothing_ready
from insights.requests import MetricQuestion, Scalar
from insights.warehouse.choosing import Choice
from insights.warehouse.port import Query, Table, Warehouse

if TYPE_CHECKING:
    from insights.query.building import Rollups

Keys = tuple[str, ...]
MOST_CUT_ROWS = 200_000
"""Of all the breakdowns of one pass together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Breakdowns of one question: for each combination of keys its rows, the values of the keys first, then the `figures`.

    `hidden` says how many groups are not among them, because too few people are behind them; `guarded` that they were counted.
    """

    rows: Mapping[Keys, tuple[tuple[Scalar, ...], ...]]
    figures: tuple[str, ...]
    hidden: int = 0
    guarded: bool = False


class Found(Protocol):
    """What a query finds, or found before for the same asker in the same data."""

    def __call__(self, planned: Plan, cited: Query, grant: Grant, run: Callable[[float | None], Table], deadline: float | None, engine: str) -> Result:
        """As `answering.Questions` keeps it."""


class Cutter:
    """Cuts up the rows of one catalog. `plans` are those without rollups, `choose` gives the engine of a plan, `run` what it finds, `shown` the query as
    people are shown it.

    `guarded` answers a single breakdown with everything that is withheld for the sake of the people behind it.
    """

    def __init__(
        self,
        catalog: Catalog,
        contents: Contents,
        rollups: Rollups | None,
        *,
        plans: Plans,
        choose: Callable[[Plan, float | None], Choice],
        run: Callable[[Choice, Query, Grant, float | None], Table],
        shown: Callable[[Plan, Warehouse, int], Query],
        found: Found,
        guarded: Callable[[MetricQuestion, Grant, float | None, None, tuple[Measured, ...] | None], MetricAnswer],
    ) -> None:
        self._catalog = catalog
        self._contents = contents
        self._rollups = rollups
        self._plans = plans
        self._choose = choose
        self._run = run
        self._shown = shown
        self._found = found
        self._guarded = guarded

    def cut(self, question: MetricQuestion, grant: Grant, sets: Sequence[Keys], measures: tuple[Measured, ...] | None, deadline: float | None) -> Cuts:
        """See `answering.Questions.cuts`."""
        check(question)
        bare = replace(question, analysis="breakdown", limit=None, order=None)
        asked = tuple(dict.fromkeys(sets))
        ready = cache(self._rollups.ready) if self._rollups is not None else nothing_ready

        def planned(keys: Keys) -> Plan:
            at = replace(bare, group_by=keys)
            if self._rollups is None:
                return self._plans.of(at, grant, measures)
            return plan(at, grant, self._catalog, self._contents, measures=measures, rollups=ready)

        every = planned(tuple(dict.fromkeys(name for keys in asked for name in keys)))
        if counts_people(every):
            return self._each(bare, grant, asked, measures, deadline, every)
        kept: dict[Keys, Plan] = {}
        if self._rollups is not None and not (is_one_pass(every) and _is_first(every.parts[0], ready)):
            alone = {keys: planned(keys) for keys in asked}
            kept = {keys: one for keys, one in alone.items() if any(part.rollup for part in one.parts)}
        rest = [keys for keys in asked if keys and keys not in kept]
        passed = every
        if kept and rest:
            passed = self._plans.of(replace(bare, group_by=tuple(dict.fromkeys(name for keys in rest for name in keys))), grant, measures)
        found: dict[Keys, Sequence[Sequence[Scalar]]] = {}
        if len(rest) > 1 and is_one_pass(passed):
            found |= self._passed(passed, rest, grant, deadline)
        for keys in asked:
            if keys not in found:
                found[keys] = self._alone(kept.get(keys) or planned(keys), grant, deadline)
        width = len(every.outputs)
        rows = {keys: tuple(tuple(map(_plain, row[: len(keys) + width])) for row in found[keys]) for keys in asked}
        return Cuts(rows=rows, figures=_titles(every))

    def _each(
        self, question: MetricQuestion, grant: Grant, sets: Sequence[Keys], measures: tuple[Measured, ...] | None, deadline: float | None, every: Plan
    ) -> Cuts:
        """One breakdown after the other, where people are behind the figures: each withholds what it would by itself. What is all withheld has no rows."""
        rows: dict[Keys, tuple[tuple[Scalar, ...], ...]] = {}
        hidden = 0
        for keys in sets:
            try:
                answer = self._guarded(replace(question, group_by=keys, analysis="breakdown" if keys else "value"), grant, deadline, None, measures)
            except NotPermitted:
                rows[keys], hidden = (), hidden + 1
                continue
            hidden += answer.hidden
            names = (*keys, *_titles(every))
            rows[keys] = tuple(tuple(row[name] for name in names) for row in answer.rows)
        return Cuts(rows=rows, figures=_titles(every), hidden=hidden, guarded=True)

    def _alone(self, planned: Plan, grant: Grant, deadline: float | None) -> Sequence[Sequence[Scalar]]:
        """The rows of one breakdown by a query of its own."""
        choice = self._choose(planned, deadline)
        engine = choice.engine

        def run(until: float | None) -> Table:
            query = emit(planned, lambda source, span: engine.relation(source, span=span), limit=MOST_GROUPS, dialect=dialect_of(engine))
            return self._run(choice, query, grant, until)

        return self._found(planned, self._shown(planned, engine, MOST_GROUPS), grant, run, deadline, engine.name).table.rows

    def _passed(self, every: Plan, sets: Sequence[Keys], grant: Grant, deadline: float | None) -> dict[Keys, Sequence[Sequence[Scalar]]]:
        """All of the sets out of one pass."""
        choice, numbers = self._choose(every, deadline), places(every, sets)
        engine, dialect = choice.engine, dialect_of(choice.engine)
        cited = emit_cuts(every, numbers, lambda source, _: engine.citation(source), limit=MOST_CUT_ROWS, dialect=dialect)

        def run(until: float | None) -> Table:
            query = emit_cuts(every, numbers, lambda source, span: engine.relation(source, span=span), limit=MOST_CUT_ROWS, dialect=dialect)
            return self._run(choice, query, grant, until)

        result = self._found(every, cited, grant, run, deadline, engine.name)
        if len(result.table.rows) >= MOST_CUT_ROWS:
            raise NotAnswerable("That has too many values to look through.", remedy="Ask about fewer of them.")
        return {keys: apart(every, result.table, at) for keys, at in zip(sets, numbers, strict=True)}


def _plain(cell: Scalar) -> Scalar:
    """A cell as answers have them; engines have kinds that they do not."""
    return cell if cell is None or isinstance(cell, (str, int, float, bool, date)) else str(cell)


def check(question: MetricQuestion) -> None:
    """Refuse what cannot be cut up. Raises NotAnswerable."""
    if question.compare is not None or any(condition.metric for condition in question.filters):
        raise NotAnswerable("I can't set conditions on figures there.", remedy="Ask without them.")


def is_one_pass(planned: Plan) -> bool:
    """Whether all breakdowns of a plan by some of its keys come out of one pass: one fact, aggregated straight from its rows."""
    if len(planned.parts) != 1:
        return False
    (part,) = planned.parts
    return part.regrouping is None and part.standing is None and part.led is None and part.new is None


def _is_first(part: Part, ready: Ready) -> bool:
    """Whether it is read from the smallest rollup of its fact that is kept by anything at all."""
    first = next((table for table in ready(part.alias) if table.by), None)
    return part.rollup is not None and first is not None and first.source == part.source


def places(planned: Plan, sets: Iterable[Keys]) -> tuple[tuple[int, ...], ...]:
    """For each breakdown the numbers of its keys in the plan."""
    names = [column.name for column in planned.keys]
    return tuple(tuple(names.index(name) for name in keys) for keys in sets)


def mark_of(numbers: Sequence[int], keys: int) -> int:
    """What GROUPING says of rows that are grouped by the keys of these numbers: a bit for each key that they are not grouped by, the first key's the highest.

    >>> mark_of((0, 2), 3)
    2
    """
    return sum(1 << (keys - 1 - at) for at in range(keys) if at not in numbers)


def apart(planned: Plan, table: Table, numbers: Sequence[int]) -> list[tuple[Scalar, ...]]:
    """The rows of one breakdown out of a pass, of which the first column is the mark."""
    mark, keys = mark_of(numbers, len(planned.keys)), len(planned.keys)
    return [(*(row[1 + n] for n in numbers), *row[1 + keys :]) for row in table.rows if row[0] == mark]


def _titles(planned: Plan) -> tuple[str, ...]:
    return tuple(str(output.title) for output in planned.outputs)
