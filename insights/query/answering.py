"""Questions answered from data: planned, computed by an engine, and put into facts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from insights.answers import Column, Comparison, MetricAnswer, Row
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
from insights.query.filling import filled, limits_groups
from insights.query.guarding import MOST_GROUPS, Guarded, as_read, counts_people, guarded
from insights.query.leading import leading
from insights.query.listing import MOST_RECORDS
from insights.query.measures import Measured
from insights.query.plan import MOST_ROWS, plan
from insights.query.plans import Plans
from insights.query.progress import carried, difference, grown, incomplete
from insights.query.provenance import data_from, data_through, is_beyond, notes, source, warnings
from insights.query.readings import readings
from insights.query.results import Key, Result, Results
from insights.query.rollups import RollupTable
from insights.query.screening import Screen, screens
from insights.query.steps import steps_of
from insights.query.times import bucket_of
from insights.query.writing import Relation
from insights.requests import MetricQuestion, Period, Scalar
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

    def answer(self, question: MetricQuestion, grant: Grant, *, deadline: float | None = None, timings: dict[str, float] | None = None) -> MetricAnswer:
        """The facts that answer `question` within `grant`; `deadline` is an instant of `time.monotonic()`; seconds go into `timings` (plan; query,
        which includes looking at the files).

        Raises UnknownThing, NotPermitted, NotAnswerable for what cannot be asked like this, DeadlinePassed and OutsideFailed when the engine fails.
        """
        with waiting(deadline):
            return self._answered(question, grant, deadline, timings)

    def _answered(
        self,
        question: MetricQuestion,
        grant: Grant,
        deadline: float | None,
        timings: dict[str, float] | None = None,
        measures: tuple[Measured, ...] | None = None,
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
        most = (limit if read is planned else MOST_GROUPS) + 1
        choice = self._choice(planned, deadline)
        cited = self._shown(read, choice.engine, most)
        between = time.perf_counter()
        result = self._result(read, cited, grant, lambda until: computed(read, choice, most, until), deadline, choice.engine.name)
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
            screened = tuple(screen for side in sides for screen in screens(question, planned, self._catalog, beside(side).read))
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

    def _result(self, planned: Plan, cited: Query, grant: Grant, run: Callable[[float | None], Table], deadline: float | None, engine: str) -> Result:
        """What the query finds, or found for the same asker in the same data."""
        if self._results is None:
            return Result(table=run(deadline))
        version = tuple(self._warehouse.fingerprint(self._catalog.datasets[name].source) for name in _read_by(planned, self._catalog))
        key = Key(query=(engine, cited.sql, repr(cited.parameters)), identity=grant.key, version=(self._catalog.version, version))
        return self._results.of(key, run, deadline=deadline)

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
        shown = leading(planned, table.rows) if planned.within else table.rows[:limit]
        rows = self._told(planned, shown)
        columns = (*planned.keys, *(output.column for output in planned.outputs if output.column and not output.side))
        metrics = [column for column in columns if column.role == "metric"]
        single = rows[0] if len(rows) == 1 and not planned.keys else None
        through = data_through(planned, self._catalog, self._contents)
        return MetricAnswer(
            analysis=planned.analysis,
            value=_number(single[metrics[0].name]) if single is not None and len(metrics) == 1 else None,
            unit=metrics[0].unit if metrics else None,
            columns=(*columns, *_columns_beside(planned, metrics)),
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
            comparison=_comparison(planned, single, metrics[0].name) if metrics else None,
            data_from=data_from(planned, self._contents),
            data_through=through,
            total_rows=_total(planned, table, rows),
            limit=planned.limit,
            order=_order(planned),
            part=planned.share or (),
            within=tuple(planned.keys[n].name for n in planned.within),
            again=planned.again,
            running=planned.running,
            growth=planned.change,
            records=planned.records,
            sorted_by=planned.sorted_by,
            incomplete=incomplete(planned, rows, through, data_from(planned, self._contents)),
            hidden=kept.hidden,
            notes=(*_left_out(kept), *notes(planned, table.rows, limit, rows, self._contents), *warnings(self._catalog, planned.datasets)),
            version=self._catalog.version[:12],
            sql=cited.sql,
            parameters=cited.parameters,
        )

    def _told(self, planned: Plan, shown: Sequence[Sequence[Scalar]]) -> list[dict[str, Scalar]]:
        """The rows under the request's own names, with those that the question implies, looking back where it says so."""
        rows = [_row(planned, cells) for cells in shown]
        before: list[dict[str, Scalar]] = []
        first = planned.period.first if planned.period is not None else None
        if planned.change is not None and first is not None:
            start, name = bucket_of(first, planned.keys[0].grain or "day", self._catalog), planned.keys[0].name
            before = [row for row in rows if isinstance(at := row[name], date) and at < start]
            rows = [row for row in rows if row not in before]
        told = filled(planned, rows, self._catalog, self._contents)
        told = carried(planned, told) if planned.running else told
        told = grown(planned, told, before, self._contents) if planned.change is not None else told
        if looks_back(planned) and planned.limit is not None and not limits_groups(planned):
            told = told[: planned.limit]
        return self._known(planned, told)

    def _known(self, planned: Plan, rows: Sequence[dict[str, Scalar]]) -> list[dict[str, Scalar]]:
        """The rows without figures for a period that the data does not reach: a count of nothing there is no zero."""
        names = [output.title for output in planned.outputs if output.title is not None and output.side != "before"]
        beyond = [name for name in names if any(is_beyond(period, planned.times, self._contents) for period in (planned.period, *_others(planned)))]
        if is_beyond(planned.before, planned.times, self._contents):
            beyond += [f"{name}.before" for name in names]
        unknown = {*beyond, *(f"{name}.{side}" for name in names for side in ("change", "growth") if beyond)}
        return [{name: None if name in unknown else cell for name, cell in row.items()} for row in rows] if unknown else list(rows)


def _others(planned: Plan) -> tuple[Period, ...]:
    """The other periods that the members of a set were looked for in."""
    return tuple(one.period for one in planned.again)


def _read_by(planned: Plan, catalog: Catalog) -> tuple[str, ...]:
    """Every dataset that the plan can read: its facts, and what can be reached from them."""
    return tuple(sorted(frozenset().union(*(catalog.reachable(name) for name in planned.datasets))))


def looks_back(planned: Plan) -> bool:
    """Whether rows depend on those before them."""
    return planned.running or planned.change is not None


def _most(planned: Plan) -> int:
    """How many rows are read at most."""
    if planned.listing is not None:
        return min(planned.limit or MOST_RECORDS, MOST_ROWS)
    if limits_groups(planned) or looks_back(planned) or planned.within:
        return MOST_ROWS
    return min(planned.limit or MOST_ROWS, MOST_ROWS)


def _order(planned: Plan) -> Literal["asc", "desc"] | None:
    """Which end comes first, where rows are in the order of something."""
    if planned.listing is not None:
        return None if planned.sorted_by is None else "desc" if planned.listing.order[0][1] else "asc"
    return ("desc" if planned.sorting.descending else "asc") if planned.sorting and planned.sorting.output is not None else None


def _total(planned: Plan, table: Table, rows: Sequence[Row]) -> int | None:
    """How many rows there are before a limit; those read only to be grown from are none."""
    if not planned.keys:
        return None
    return len(rows) if planned.base is not None else int(str(table.rows[0][-1])) if table.rows else 0


def _row(planned: Plan, cells: Sequence[Scalar]) -> dict[str, Scalar]:
    """One row under the request's own names, with the change from the earlier period where there is one."""
    row: dict[str, Scalar] = {column.name: _key(cell, column, planned) for column, cell in zip(planned.keys, cells, strict=False)}
    for output, cell in zip(planned.outputs, cells[len(planned.keys) :], strict=False):
        if output.title is not None:
            row[output.title] = _figure(cell)
    for output in planned.outputs:
        if output.side == "before" and output.column is not None:
            now, before = row[output.column.name], row[f"{output.column.name}.before"]
            row[f"{output.column.name}.change"] = difference(now, before)
    return row


def _key(cell: Scalar, column: Column, planned: Plan) -> Scalar:
    """A key of a result; the lower end of a step without the crumbs of binary fractions."""
    if column.width is not None and isinstance(cell, float) and math.isfinite(cell):
        lower = float(f"{cell:.12g}")
        return int(lower) if lower.is_integer() and abs(lower) < 2**53 else lower
    return _figure(cell) if planned.listing is not None and isinstance(cell, float) else _plain(cell)


def _figure(cell: Scalar) -> Scalar:
    """A figure of a result; what is not a number, or has no end, is unknown."""
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def _plain(cell: Scalar) -> Scalar:
    """A key of a result; engines have kinds that answers do not."""
    return cell if cell is None or isinstance(cell, (str, int, float, bool, date, datetime)) else str(cell)


def _number(cell: Scalar) -> float | None:
    return cell if isinstance(cell, (int, float)) else None


def _columns_beside(planned: Plan, metrics: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of what figures are worked out from or compared with."""
    added = []
    for column in metrics:
        if planned.before is not None or planned.change is not None:
            added.append(Column(name=f"{column.name}.before", label=f"{column.label} before", role="metric", unit=column.unit))
            added.append(Column(name=f"{column.name}.change", label=f"Change of {column.label}", role="metric", unit=column.unit))
        if planned.change is not None:
            added.append(Column(name=f"{column.name}.growth", label=f"Growth of {column.label}", role="metric", unit="percent"))
        for output in planned.outputs:
            if output.side in ("part", "whole") and output.column is not None and output.column.name == column.name:
                label = {definition.name: definition.label for definition in planned.definitions}.get(column.name, column.label)
                added.append(replace(output.column, name=str(output.title), label=f"{label}, {output.side}"))
    return tuple(added)


def _comparison(planned: Plan, row: Row | None, name: str) -> Comparison | None:
    """The other side of a comparison of two periods; with values only where there is one number to compare, else they are in the rows."""
    if planned.before is None:
        return None
    if row is None:
        return Comparison(period=planned.before, value=None, change=None, ratio=None)
    before, change = _number(row[f"{name}.before"]), _number(row[f"{name}.change"])
    ratio = change / abs(before) if change is not None and before else None
    return Comparison(period=planned.before, value=before, change=change, ratio=ratio)


def _left_out(kept: Guarded) -> tuple[str, ...]:
    """A sentence about the groups that are not shown."""
    if not kept.hidden:
        return ()
    many = kept.hidden > 1
    return (f"{kept.hidden} group{'s are' if many else ' is'} not shown, so that nobody can be told from the others.",)
