"""Questions answered from data: planned, computed by an engine, and put into facts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

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
from insights.query.building import Rollups
from insights.query.counterparts import counterparts, measures_of
from insights.query.courses import Course, Within, drawn_up, emit_course
from insights.query.cutting import Cuts, Cutter
from insights.query.dialects import dialect_of
from insights.query.emit import emit
from insights.query.filling import limits_groups
from insights.query.guarding import MOST_GROUPS, as_read, counts_people, guarded
from insights.query.leading import leading, names_one, without_nobody
from insights.query.listing import MOST_RECORDS
from insights.query.measures import Measured
from insights.query.plan import MOST_ROWS, plan
from insights.query.plans import Plans
from insights.query.progress import average, incomplete
from insights.query.provenance import after_today, data_from, data_through, notes, source, warnings
from insights.query.readings import readings
from insights.query.remarks import nobody
from insights.query.results import Key, Result, Results
from insights.query.rollups import RollupTable
from insights.query.screening import Screen, screens
from insights.query.steps import steps_of
from insights.query.telling import columns_beside, comparison, left_out, looks_back, number, order, told, total
from insights.query.writing import Relation
from insights.requests import MetricQuestion, Scalar
from insights.warehouse.choosing import Choice, Engines, read_by
from insights.warehouse.port import Query, Span, Table, Vouching, Warehouse
from insights.warehouse.quoting import identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a course found, row by row, and an answer without figures that says where it comes from."""

    rows: Sequence[Sequence[Scalar]]
    answer: MetricAnswer


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
        self._plans = Plans(lambda question, grant, measures: plan(question, grant, catalog, contents, measures=measures))

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
        looked = 0.0

        def computed(planned: Plan, choice: Choice, most: int, until: float | None) -> Table:
            made = emit(planned, lambda source, span: choice.engine.relation(source, span=span), limit=most, dialect=dialect_of(choice.engine))
            return self._computed(choice, made, grant, until)

        def ready(fact: str) -> Sequence[RollupTable]:
            nonlocal looked
            began = time.perf_counter()
            found = self._rollups.ready(fact) if self._rollups is not None else ()
            looked += time.perf_counter() - began
            return found

        def span(planned: Plan) -> tuple[Scalar, Scalar]:
            nonlocal looked
            began = time.perf_counter()
            (row,) = computed(planned, self._choice(planned, deadline), 1, deadline).rows
            looked += time.perf_counter() - began
            return row[0], row[1]

        started = time.perf_counter()
        steps = steps_of(question, grant, self._catalog, self._contents, span)
        if steps or self._rollups is not None:  # which depend on the rows as they are now
            planned = plan(question, grant, self._catalog, self._contents, steps=steps, measures=measures, rollups=ready)
        else:
            planned = self._plans.of(question, grant, measures)
        limit, read = _most(planned), as_read(planned)
        most = (limit if read is planned else MOST_GROUPS) + (2 if names_one(planned) else 1)
        choice = self._choice(planned, deadline)
        cited = self._shown(read, choice.engine, most)
        underway.tell("reading", lambda: source(self._catalog, read.datasets))
        between = time.perf_counter()
        lone = alone and not counts_people(planned)
        result = self._result(read, cited, grant, lambda until: computed(read, choice, most, until), deadline, choice.engine.name, alone=lone)
        screened: tuple[Screen, ...] = ()
        if counts_people(planned) and planned.listing is None:

            def beside(stand_ins: tuple[Measured, ...] | None) -> Beside:
                """What reads the tables around the question, with its measures or those that stand in for them."""

                def planned_with(other: MetricQuestion) -> Plan:
                    if steps:
                        return plan(other, grant, self._catalog, self._contents, steps=steps, measures=stand_ins)
                    return self._plans.of(other, grant, stand_ins)

                return Beside(
                    planned=planned_with, choice=choice, grant=grant, deadline=deadline, run=self._computed, shown=self._shown, found=self._result
                )  # fmt: skip

            left_out = counterparts(measures_of(question, grant, self._catalog) if measures is None else measures)
            sides = (measures, *((one,) for one in left_out))
            reckoned = self._catalog.reckoned(planned.calendar)
            screened = tuple(screen for side in sides for screen in screens(question, planned, reckoned, self._contents.within, beside(side).read))
        spent = time.perf_counter() - between
        if timings is not None:
            timings["plan"] = between - started - looked
            timings["query"] = spent + looked
        if self._log is not None and measures is None:
            self._log.note(question, spent)
        return self._facts(planned, result, limit, cited, choice, screened)

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
            answer = self._facts(planned, replace(result, table=replace(result.table, columns=(), rows=())), MOST_ROWS, cited, choice, ())
            return Drawn(rows=result.table.rows, answer=answer)

    def sql(self, question: MetricQuestion, grant: Grant) -> str:
        """The SQL of a question within `grant`, with its parameters, nothing of which is run. Raises as `answer` does."""
        planned = plan(question, grant, self._catalog, self._contents)
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

    def _snapshot(self, planned: Plan) -> datetime | None:
        """When the tables that were read became what they are; the oldest of them."""
        if not isinstance(self._warehouse, Vouching):
            return None
        sources = [source for name in planned.datasets if (source := self._catalog.datasets[name].source).paths]
        return min((at for source in sources if (at := self._warehouse.snapshot(source)) is not None), default=None)

    def _trust(self, planned: Plan, engine: Warehouse) -> Literal["manifest", "first use"] | None:
        """Why the files that were read are believed: as much as the least trusted of them; an engine of others compares nothing with a manifest."""
        if not isinstance(self._warehouse, Vouching):
            return None
        sources = [source for name in planned.datasets if (source := self._catalog.datasets[name].source).paths]
        if not isinstance(engine, Vouching):
            return "first use" if sources else None
        reasons = {self._warehouse.trust(source) for source in sources}
        return None if not reasons else "manifest" if reasons == {"manifest"} else "first use"

    def _facts(self, planned: Plan, result: Result, limit: int, cited: Query, choice: Choice, screened: Sequence[Screen]) -> MetricAnswer:
        kept, choice = guarded(planned, result.table, screened), read_by(choice, result.table, kept=result.kept)
        table = kept.table
        ranked = without_nobody(planned, table.rows)
        shown = leading(planned, ranked) if planned.within else ranked[:limit]
        rows = told(planned, shown, self._catalog.reckoned(planned.calendar), self._contents)
        columns = (*planned.keys, *(output.column for output in planned.outputs if output.column and not output.side))
        metrics = [column for column in columns if column.role == "metric"]
        single = rows[0] if len(rows) == 1 and not planned.keys else None
        through = data_through(planned, self._catalog, self._contents)
        cut = incomplete(planned, rows, through, data_from(planned, self._contents))
        mean = average(planned, rows, cut, hidden=kept.hidden)
        return MetricAnswer(
            analysis=planned.analysis,
            value=number(single[metrics[0].name]) if single is not None and len(metrics) == 1 else mean.value if mean is not None else None,
            unit=metrics[0].unit if metrics else None,
            columns=(*columns, *columns_beside(planned, metrics)),
            rows=tuple(rows),
            definition=planned.definitions,
            source=source(self._catalog, planned.datasets),
            rollups=tuple(dict.fromkeys(part.rollup for part in planned.parts if part.rollup is not None)),
            age=round(result.age, 1),
            engine=choice.engine.name,
            bytes_read=choice.size.bytes if choice.size is not None else None,
            cost=choice.cost,
            trust=self._trust(planned, choice.engine),
            snapshot=self._snapshot(planned),
            period=planned.period,
            time_field=planned.time_name,
            filters=planned.filters,
            labels=dict(planned.labels),
            comparison=comparison(planned, single, metrics[0].name) if metrics else None,
            data_from=data_from(planned, self._contents),
            data_through=through,
            total_rows=total(planned, table, rows, without=len(table.rows) - len(ranked)),
            limit=planned.limit,
            order=order(planned),
            part=planned.share or (),
            within=tuple(planned.keys[n].name for n in planned.within),
            again=planned.again,
            running=planned.running,
            average=mean,
            growth=planned.change,
            records=planned.records,
            sorted_by=planned.sorted_by,
            incomplete=cut,
            hidden=kept.hidden,
            notes=(
                *left_out(kept),
                *nobody(planned, table.rows, ranked),
                *notes(planned, ranked, limit, rows, self._contents),
                *after_today(planned, self._catalog, self._contents),
                *warnings(self._catalog, planned.datasets),
            ),
            version=self._catalog.version[:12],
            sql=cited.sql,
            parameters=cited.parameters,
        )


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
