"""Questions answered from data: planned, computed by an engine, and put into facts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from insights import underway
from insights.answers import MetricAnswer
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.lake.source import Source
from insights.lake.waiting import waiting
from insights.permit import Grant
from insights.query.algebra import Plan
from insights.query.asked import AskedLog
from insights.query.beside import Beside
from insights.query.counterparts import counterparts, measures_of
from insights.query.courses import Course, Within, drawn_up, emit_course
from insights.query.cutting import Cuts, Cutter
from insights.query.dialects import dialect_of
from insights.query.emit import emit
from insights.query.filling import limits_groups
from insights.query.groups import Steps
from insights.query.guarding import MOST_GROUPS, as_read, counts_people
from insights.query.leading import names_one
from insights.query.listing import MOST_RECORDS
from insights.query.measures import Measured
from insights.query.plan import MOST_ROWS, plan
from insights.query.plans import Plans
from insights.query.provenance import source
from insights.query.readings import readings
from insights.query.results import Key, Result, Results
from insights.query.rollups import RollupTable
from insights.query.screening import Screen, screens
from insights.query.stating import Stating, Worked
from insights.query.steps import steps_of
from insights.query.telling import looks_back
from insights.query.writing import Relation
from insights.requests import MetricQuestion, Scalar
from insights.warehouse.choosing import Choice, Engines
from insights.warehouse.port import Query, Span, Table, Warehouse
from insights.warehouse.quoting import identifier

if TYPE_CHECKING:
    from insights.query.building import Rollups


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a course found, row by row, and an answer without figures that says where it comes from."""

    rows: Sequence[Sequence[Scalar]]
    answer: MetricAnswer


@dataclass(slots=True, kw_only=True)
class _Asked:
    """One question on its way to an answer, with the seconds that looking at rows took while it was planned."""

    question: MetricQuestion
    grant: Grant
    deadline: float | None
    measures: tuple[Measured, ...] | None
    looked: float = 0.0

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Count what the block takes as looking, not as planning."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.looked += time.perf_counter() - began


class Questions:
    """Answers questions about one catalog with one engine. Safe to call from many threads.

    `results` keeps what was worked out already, `rollups` what was worked out beforehand, `log` the shapes of what was asked; None keeps nothing.
    """

    def __init__(
        self,
        catalog: Catalog,
        warehouse: Warehouse,
        contents: Contents,
        *,
        results: Results | None = None,
        rollups: Rollups | None = None,
        log: AskedLog | None = None,
    ) -> None:
        self._catalog = catalog
        self._warehouse = warehouse
        self._contents = contents
        self._results = results
        self._rollups = rollups
        self._log = log
        self._plan = partial(plan, catalog=catalog, contents=contents)
        self._plans = Plans(lambda question, grant, measures: self._plan(question, grant, measures=measures))
        self._stating = Stating(catalog, contents, warehouse)

    def answer(
        self, question: MetricQuestion, grant: Grant, *, deadline: float | None = None, timings: dict[str, float] | None = None, alone: bool = False
    ) -> MetricAnswer:
        """The facts that answer `question` within `grant`; `deadline` is an instant of `time.monotonic()`; seconds go into `timings` (plan; query,
        which includes looking at the files). What is told `alone`, beside nothing else that is read, may be of older data where that is allowed.

        Raises UnknownThing, NotPermitted, NotAnswerable for what cannot be asked like this, DeadlinePassed and OutsideFailed when the engine fails.
        """
        with waiting(deadline):
            return self._answered(question, grant, deadline, timings, alone=alone)

    def _answered(
        self,
        question: MetricQuestion,
        grant: Grant,
        deadline: float | None,
        timings: dict[str, float] | None = None,
        measures: tuple[Measured, ...] | None = None,
        *,
        alone: bool = False,
    ) -> MetricAnswer:
        began, asked = time.perf_counter(), _Asked(question=question, grant=grant, deadline=deadline, measures=measures)
        steps, planned = self._planned(asked)
        limit, read = _most(planned), as_read(planned)
        most = (limit if read is planned else MOST_GROUPS) + (2 if names_one(planned) else 1)
        choice = self._choice(planned, deadline)
        cited = self._shown(read, choice.engine, most)
        underway.tell("reading", lambda: source(self._catalog, read.datasets))
        between, counts = time.perf_counter(), counts_people(planned)
        result = self._result(
            read, cited, grant, lambda until: self._rows(read, choice, most, grant, until), deadline, choice.engine.name, alone=alone and not counts
        )  # fmt: skip
        screened = self._screened(asked, planned, steps, choice) if counts and planned.listing is None else ()
        spent = time.perf_counter() - between
        if timings is not None:
            timings["plan"] = between - began - asked.looked
            timings["query"] = spent + asked.looked
        if self._log is not None and measures is None:
            self._log.note(question, spent)
        return self._stating.answer(planned, Worked(result=result, limit=limit, cited=cited, choice=choice, screened=screened))

    def _planned(self, asked: _Asked) -> tuple[Mapping[str, Steps], Plan]:
        """The plan of what is asked, with the steps of numbers that it cuts; anew where it depends on the rows as they are now."""
        steps = steps_of(asked.question, asked.grant, self._catalog, self._contents, partial(self._ends, asked))
        if steps or self._rollups is not None:
            return steps, self._plan(asked.question, asked.grant, steps=steps, measures=asked.measures, rollups=partial(self._ready, asked))
        return steps, self._plans.of(asked.question, asked.grant, asked.measures)

    def _ready(self, asked: _Asked, fact: str) -> Sequence[RollupTable]:
        """The rollups of a fact that lie ready now."""
        with asked.looking():
            return self._rollups.ready(fact) if self._rollups is not None else ()

    def _ends(self, asked: _Asked, planned: Plan) -> tuple[Scalar, Scalar]:
        """The two figures of a plan that finds the ends of what is cut."""
        with asked.looking():
            (row,) = self._rows(planned, self._choice(planned, asked.deadline), 1, asked.grant, asked.deadline).rows
        return row[0], row[1]

    def _rows(self, planned: Plan, choice: Choice, most: int, grant: Grant, until: float | None) -> Table:
        """What a plan finds: so many rows at most."""
        engine = choice.engine
        made = emit(planned, lambda source, span: engine.relation(source, span=span), limit=most, dialect=dialect_of(engine))
        return self._computed(choice, made, grant, until)

    def _screened(self, asked: _Asked, planned: Plan, steps: Mapping[str, Steps], choice: Choice) -> tuple[Screen, ...]:
        """What the tables around the question say of the people behind its rows, by its measures and by those that stand in for them."""
        question, grant = asked.question, asked.grant

        def beside(stand_ins: tuple[Measured, ...] | None) -> Beside:
            """What reads the tables around the question, with its measures or those that stand in for them."""

            def planned_with(other: MetricQuestion) -> Plan:
                return self._plan(other, grant, steps=steps, measures=stand_ins) if steps else self._plans.of(other, grant, stand_ins)

            return Beside(
                planned=planned_with, choice=choice, grant=grant, deadline=asked.deadline, run=self._computed, shown=self._shown, found=self._result
            )  # fmt: skip

        apart = counterparts(measures_of(question, grant, self._catalog) if asked.measures is None else asked.measures)
        sides = (asked.measures, *((one,) for one in apart))
        reckoned = self._catalog.reckoned(planned.calendar)
        return tuple(screen for side in sides for screen in screens(question, planned, reckoned, self._contents.within, beside(side).read))

    def cuts(
        self,
        question: MetricQuestion,
        grant: Grant,
        sets: Sequence[tuple[str, ...]],
        *,
        measures: tuple[Measured, ...] | None = None,
        deadline: float | None = None,
    ) -> Cuts:
        """Breakdowns of one question by each of the `sets` of keys, in one pass over the rows where that can be, and from rollups where those lie ready.

        `measures` stand in for the question's metrics. Rights hold as in `answer`, and it raises as that does.
        """
        cutter = Cutter(
            self._catalog,
            self._contents,
            self._rollups,
            plans=self._plans,
            choose=self._choice,
            run=self._computed,
            shown=self._shown,
            found=self._result,
            guarded=self._answered,
        )
        with waiting(deadline):
            return cutter.cut(question, grant, sets, measures, deadline)

    def course(self, course: Course, asked: Within, grant: Grant, *, deadline: float | None = None) -> Drawn:
        """What members did over time, and where that comes from. Row policies hold; whoever asks withholds what too few people are behind.

        Raises as `answer` does.
        """
        with waiting(deadline):
            planned = drawn_up(course, asked, grant, self._catalog, self._contents)
            choice = self._choice(planned, deadline)

            def written(relation: Relation) -> Query:
                return emit_course(course, planned, asked, self._catalog, relation, dialect_of(choice.engine))

            cited = written(lambda source, _: choice.engine.citation(source))

            def run(until: float | None) -> Table:
                return self._computed(choice, written(lambda source, span: choice.engine.relation(source, span=span)), grant, until)

            result = self._result(planned, cited, grant, run, deadline, choice.engine.name)
            without = replace(result, table=replace(result.table, columns=(), rows=()))
            answer = self._stating.answer(planned, Worked(result=without, limit=MOST_ROWS, cited=cited, choice=choice))
            return Drawn(rows=result.table.rows, answer=answer)

    def sql(self, question: MetricQuestion, grant: Grant) -> str:
        """The SQL of a question within `grant`, with its parameters, nothing of which is run. Raises as `answer` does."""
        planned = self._plan(question, grant)
        cited = self._shown(planned, self._warehouse, planned.limit or MOST_ROWS)
        return f"{cited.sql} -- with {', '.join(map(str, cited.parameters))}" if cited.parameters else cited.sql

    def _choice(self, planned: Plan, deadline: float | None) -> Choice:
        """The engine for a plan; what is kept of rollups only the embedded one can read."""
        if not isinstance(self._warehouse, Engines):
            return Choice(engine=self._warehouse)
        if any(part.rollup is not None for part in planned.parts):
            return Choice(engine=self._warehouse.engines[0])
        return self._warehouse.choose(readings(planned), deadline=deadline)

    def _computed(self, choice: Choice, query: Query, grant: Grant, until: float | None) -> Table:
        """What the chosen engine finds, within the budgets of the asker."""
        if not isinstance(self._warehouse, Engines):
            return choice.engine.run(query, deadline=until)
        person = grant.asker.person
        return self._warehouse.compute(choice, query, deadline=until, person=person.id if person is not None else None)

    def _shown(self, planned: Plan, engine: Warehouse, limit: int) -> Query:
        """The query as people are shown it."""

        def cited(source: Source, _: Span | None) -> str:
            """What a rollup keeps is called by its own name."""
            if self._rollups is not None and self._rollups.is_kept(source):
                return identifier(self._rollups.named(source))
            return engine.citation(source)

        return emit(planned, cited, limit=limit, dialect=dialect_of(engine))

    def _result(
        self, planned: Plan, cited: Query, grant: Grant, run: Callable[[float | None], Table], deadline: float | None, engine: str, *, alone: bool = False
    ) -> Result:
        """What the query finds, or found for the same asker in the same data."""
        if self._results is None:
            return Result(table=run(deadline))
        version = tuple(self._warehouse.fingerprint(self._catalog.datasets[name].source) for name in _read_by(planned, self._catalog))
        key = Key(query=(engine, cited.sql, repr(cited.parameters)), identity=grant.key, version=(self._catalog.version, version))
        return self._results.of(key, run, deadline=deadline, alone=alone)


def _read_by(planned: Plan, catalog: Catalog) -> tuple[str, ...]:
    """Every dataset that the plan can read: its facts, and what can be reached from them."""
    return tuple(sorted(frozenset().union(*(catalog.reachable(name) for name in planned.datasets))))


def _most(planned: Plan) -> int:
    """How many rows are read at most."""
    if planned.listing is not None:
        return min(planned.limit or MOST_RECORDS, MOST_ROWS)
    if limits_groups(planned) or looks_back(planned) or planned.within:
        return MOST_ROWS
    return min(planned.limit or MOST_ROWS, MOST_ROWS)
