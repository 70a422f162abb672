"""What an answer states: the rows that were found as they are told, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from insights.answers import Average, Column, MetricAnswer, Row
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.lake.source import Source
from insights.query.algebra import Plan
from insights.query.guarding import Guarded, guarded
from insights.query.leading import leading, without_nobody
from insights.query.progress import average, incomplete
from insights.query.provenance import after_today, data_from, data_through, notes, source, warnings
from insights.query.remarks import nobody
from insights.query.results import Result
from insights.query.screening import Screen
from insights.query.telling import columns_beside, comparison, left_out, number, order, told, total
from insights.requests import Scalar
from insights.warehouse.choosing import Choice, read_by
from insights.warehouse.port import Query, Vouching, Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What was worked out for a plan: its rows, of which `limit` are told, the query as it is cited, the engine, and what counts the people behind the rows."""

    result: Result
    limit: int
    cited: Query
    choice: Choice
    screened: Sequence[Screen] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The rows that may be told: `kept` of those that were found, `ranked` without nobody, and as they are told; with what they say together."""

    kept: Guarded
    ranked: Sequence[Sequence[Scalar]]
    rows: Sequence[Row]
    columns: tuple[Column, ...]
    metrics: Sequence[Column]
    single: Row | None
    cut: tuple[date | datetime, ...]
    mean: Average | None

    @property
    def value(self) -> float | None:
        """The figure of an answer that is one figure, or the average that was asked for."""
        if self.single is not None and len(self.metrics) == 1:
            return number(self.single[self.metrics[0].name])
        return self.mean.value if self.mean is not None else None


class Stating:
    """States answers about one catalog over what is known of its data. Immutable."""

    def __init__(self, catalog: Catalog, contents: Contents, warehouse: Warehouse) -> None:
        self._catalog = catalog
        self._contents = contents
        self._vouching = warehouse if isinstance(warehouse, Vouching) else None

    def answer(self, planned: Plan, worked: Worked) -> MetricAnswer:
        """The facts of what was worked out for a plan."""
        seen, cited = self._seen(planned, worked), worked.cited
        choice = read_by(worked.choice, worked.result.table, kept=worked.result.kept)
        table, metrics = seen.kept.table, seen.metrics
        return MetricAnswer(
            analysis=planned.analysis,
            value=seen.value,
            unit=metrics[0].unit if metrics else None,
            columns=(*seen.columns, *columns_beside(planned, metrics)),
            rows=tuple(seen.rows),
            definition=planned.definitions,
            source=source(self._catalog, planned.datasets),
            rollups=tuple(dict.fromkeys(part.rollup for part in planned.parts if part.rollup is not None)),
            age=round(worked.result.age, 1),
            engine=choice.engine.name,
            bytes_read=choice.size.bytes if choice.size is not None else None,
            cost=choice.cost,
            trust=self._trust(planned, choice.engine),
            snapshot=self._snapshot(planned),
            period=planned.period,
            time_field=planned.time_name,
            filters=planned.filters,
            labels=dict(planned.labels),
            comparison=comparison(planned, seen.single, metrics[0].name) if metrics else None,
            data_from=data_from(planned, self._contents),
            data_through=data_through(planned, self._catalog, self._contents),
            total_rows=total(planned, table, seen.rows, without=len(table.rows) - len(seen.ranked)),
            limit=planned.limit,
            order=order(planned),
            part=planned.share or (),
            within=tuple(planned.keys[n].name for n in planned.within),
            again=planned.again,
            running=planned.running,
            average=seen.mean,
            growth=planned.change,
            records=planned.records,
            sorted_by=planned.sorted_by,
            incomplete=seen.cut,
            hidden=seen.kept.hidden,
            notes=self._notes(planned, seen, worked.limit),
            version=self._catalog.version[:12],
            sql=cited.sql,
            parameters=cited.parameters,
        )

    def _seen(self, planned: Plan, worked: Worked) -> _Seen:
        """The rows that may be told, and what they say together."""
        kept = guarded(planned, worked.result.table, worked.screened)
        ranked = without_nobody(planned, kept.table.rows)
        shown = leading(planned, ranked) if planned.within else ranked[: worked.limit]
        rows = told(planned, shown, self._catalog.reckoned(planned.calendar), self._contents)
        columns = (*planned.keys, *(output.column for output in planned.outputs if output.column and not output.side))
        cut = incomplete(planned, rows, data_through(planned, self._catalog, self._contents), data_from(planned, self._contents))
        return _Seen(
            kept=kept,
            ranked=ranked,
            rows=rows,
            columns=columns,
            metrics=[column for column in columns if column.role == "metric"],
            single=rows[0] if len(rows) == 1 and not planned.keys else None,
            cut=cut,
            mean=average(planned, rows, cut, hidden=kept.hidden),
        )

    def _notes(self, planned: Plan, seen: _Seen, limit: int) -> tuple[str, ...]:
        """What has to be said about the rows and about what they were read from."""
        return (
            *left_out(seen.kept),
            *nobody(planned, seen.kept.table.rows, seen.ranked),
            *notes(planned, seen.ranked, limit, seen.rows, self._contents),
            *after_today(planned, self._catalog, self._contents),
            *warnings(self._catalog, planned.datasets),
        )

    def _snapshot(self, planned: Plan) -> datetime | None:
        """When the tables that were read became what they are; the oldest of them."""
        vouching = self._vouching
        return None if vouching is None else min((at for one in self._sources(planned) if (at := vouching.snapshot(one)) is not None), default=None)

    def _trust(self, planned: Plan, engine: Warehouse) -> Literal["manifest", "first use"] | None:
        """Why the files that were read are believed: as much as the least trusted of them; an engine of others compares nothing with a manifest."""
        if self._vouching is None:
            return None
        sources = self._sources(planned)
        if not isinstance(engine, Vouching):
            return "first use" if sources else None
        reasons = {self._vouching.trust(one) for one in sources}
        return None if not reasons else "manifest" if reasons == {"manifest"} else "first use"

    def _sources(self, planned: Plan) -> list[Source]:
        return [one for name in planned.datasets if (one := self._catalog.datasets[name].source).paths]
