"""Questions answered from data: planned, computed by an engine, and put into facts."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from insights.answers import Column, Comparison, MetricAnswer, Row
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.errors import NotPermitted
from insights.lake.source import Source
from insights.permit import Grant
from insights.query.algebra import Plan
from insights.query.emit import emit
from insights.query.filling import filled, limits_groups
from insights.query.plan import MOST_ROWS, plan
from insights.query.provenance import data_from, data_through, is_beyond, notes, source
from insights.requests import MetricQuestion, Scalar
from insights.warehouse.port import Span, Table, Warehouse


class Questions:
    """Answers questions about one catalog with one engine. Safe to call from many threads."""

    def __init__(self, catalog: Catalog, warehouse: Warehouse, contents: Contents) -> None:
        self._catalog = catalog
        self._warehouse = warehouse
        self._contents = contents

    def answer(self, question: MetricQuestion, grant: Grant, *, deadline: float | None = None, timings: dict[str, float] | None = None) -> MetricAnswer:
        """The facts that answer `question` within `grant`; `deadline` is an instant of `time.monotonic()`; seconds go into `timings` (plan; query,
        which includes looking at the files).

        Raises UnknownThing, NotPermitted, NotAnswerable for what cannot be asked like this, DeadlinePassed and OutsideFailed when the engine fails.
        """
        looked = 0.0

        def relation(source: Source, span: Span | None) -> str:
            nonlocal looked
            began = time.perf_counter()
            item = self._warehouse.relation(source, span=span)
            looked += time.perf_counter() - began
            return item

        started = time.perf_counter()
        planned = plan(question, grant, self._catalog, self._contents)
        limit = MOST_ROWS if limits_groups(planned) else min(planned.limit or MOST_ROWS, MOST_ROWS)
        query = emit(planned, relation, limit=limit + 1)
        between = time.perf_counter()
        table = self._warehouse.run(query, deadline=deadline)
        if timings is not None:
            timings["plan"] = between - started - looked
            timings["query"] = time.perf_counter() - between + looked
        return self._facts(planned, table, limit)

    def _facts(self, planned: Plan, table: Table, limit: int) -> MetricAnswer:
        cited = emit(planned, lambda source, _: self._warehouse.citation(source), limit=limit + 1)
        shown = table.rows[:limit]
        _protect(planned, shown)
        rows = self._known(planned, filled(planned, [_row(planned, cells) for cells in shown], self._catalog, self._contents))
        columns = (*planned.keys, *(output.column for output in planned.outputs if output.column and not output.before))
        metrics = [column for column in columns if column.role == "metric"]
        single = rows[0] if len(rows) == 1 and not planned.keys else None
        return MetricAnswer(
            analysis=planned.analysis,
            value=_number(single[metrics[0].name]) if single is not None and len(metrics) == 1 else None,
            unit=metrics[0].unit,
            columns=(*columns, *_compared_columns(planned, metrics)),
            rows=tuple(rows),
            definition=planned.definitions,
            source=source(self._catalog, planned.datasets),
            engine=self._warehouse.name,
            period=planned.period,
            time_field=planned.time_name,
            filters=planned.filters,
            labels=dict(planned.labels),
            comparison=_comparison(planned, single, metrics[0].name),
            data_from=data_from(planned, self._contents),
            data_through=data_through(planned, self._catalog, self._contents),
            total_rows=(int(str(table.rows[0][-1])) if table.rows else 0) if planned.keys else None,
            limit=planned.limit,
            order=("desc" if planned.sorting.descending else "asc") if planned.sorting and planned.sorting.output is not None else None,
            notes=notes(planned, table.rows, limit, self._contents),
            sql=cited.sql,
            parameters=cited.parameters,
        )

    def _known(self, planned: Plan, rows: Sequence[dict[str, Scalar]]) -> list[dict[str, Scalar]]:
        """The rows without figures for a period that the data does not reach: a count of nothing there is no zero."""
        names = [output.column.name for output in planned.outputs if output.column is not None and not output.before]
        beyond = [name for name in names if is_beyond(planned.period, planned.times, self._contents)]
        if is_beyond(planned.before, planned.times, self._contents):
            beyond += [f"{name}.before" for name in names]
        unknown = {*beyond, *(f"{name}.change" for name in names if beyond)}
        return [{name: None if name in unknown else cell for name, cell in row.items()} for row in rows] if unknown else list(rows)


def _row(planned: Plan, cells: Sequence[Scalar]) -> dict[str, Scalar]:
    """One row under the request's own names, with the change from the earlier period where there is one."""
    names = [column.name for column in planned.keys]
    row: dict[str, Scalar] = {name: _plain(cell) for name, cell in zip(names, cells, strict=False)}
    for output, cell in zip(planned.outputs, cells[len(names) :], strict=False):
        if output.title is not None:
            row[output.title] = _figure(cell)
    for output in planned.outputs:
        if output.before and output.column is not None:
            now, before = row[output.column.name], row[f"{output.column.name}.before"]
            row[f"{output.column.name}.change"] = _difference(now, before)
    return row


def _difference(now: Scalar, before: Scalar) -> Scalar:
    """What changed, without the crumbs that binary fractions leave (0.3 - 0.1 is 0.2)."""
    if not isinstance(now, (int, float)) or not isinstance(before, (int, float)):
        return None
    change = Decimal(repr(now)) - Decimal(repr(before))
    return int(change) if isinstance(now, int) and isinstance(before, int) else float(change)


def _figure(cell: Scalar) -> Scalar:
    """A figure of a result; what is not a number, or has no end, is unknown."""
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def _plain(cell: Scalar) -> Scalar:
    """A key of a result; engines have kinds that answers do not."""
    return cell if cell is None or isinstance(cell, (str, int, float, bool, date, datetime)) else str(cell)


def _number(cell: Scalar) -> float | None:
    return cell if isinstance(cell, (int, float)) else None


def _compared_columns(planned: Plan, metrics: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that a comparison of periods adds."""
    if planned.before is None:
        return ()
    added = []
    for column in metrics:
        added.append(Column(name=f"{column.name}.before", label=f"{column.label} before", role="metric", unit=column.unit))
        added.append(Column(name=f"{column.name}.change", label=f"Change of {column.label}", role="metric", unit=column.unit))
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


def _protect(planned: Plan, rows: Sequence[Sequence[Scalar]]) -> None:
    """Refuse an answer that would tell something about too few people. Raises NotPermitted."""
    if planned.minimum_group is None or not planned.guards:
        return
    first = len(planned.keys) + len(planned.outputs)
    for row in rows:
        for count in row[first : first + len(planned.guards)]:
            if isinstance(count, int) and 0 < count < planned.minimum_group:
                raise NotPermitted(
                    f"That would tell something about fewer than {planned.minimum_group} people.",
                    remedy="Ask with fewer details, or over a longer period.",
                )
