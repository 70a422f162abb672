"""What a declared rollup comes to: for each fact and its time, which aggregates are kept by which fields, and the query that works them out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from insights.catalog.model import Aggregation, Catalog, FieldId
from insights.catalog.rollups import Rollup
from insights.errors import NotAnswerable
from insights.query.algebra import Aggregate, Condition, Rows, Stated
from insights.query.joins import Joining, dimension
from insights.query.measures import Measured, measured
from insights.query.parts import bucket
from insights.query.rollups import KEEPABLE, NESTED, TIME
from insights.query.squares import squares
from insights.query.times import time_of
from insights.query.writing import Relation, Writing
from insights.requests import Grain, MetricQuestion
from insights.warehouse.port import Keeper, Query
from insights.warehouse.quoting import identifier

_TYPE = re.compile(r"[A-Z][A-Z ]*(\(\d+(,\d+)?\))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One table of a rollup: the `aggregations` of `fact` by the fields `by` and the `grain` of `time`."""

    name: str
    fact: str
    time: FieldId
    grain: Grain
    by: tuple[FieldId, ...]
    aggregations: tuple[Aggregation, ...]

    def datasets(self, catalog: Catalog) -> tuple[str, ...]:
        """Everything it is made of: the fact, and what is on the way to its fields."""
        ends = {self.time.dataset, *(id_.dataset for id_ in self.by), *(id_.dataset for a in self.aggregations for id_ in a.fields)}
        found = {self.fact: None}
        for end in sorted(ends):
            for path in catalog.paths(self.fact, end):
                found |= dict.fromkeys(step.one for step in path)
        return tuple(found)


def designs(rollup: Rollup, catalog: Catalog) -> tuple[Design, ...]:
    """The tables of a rollup. Raises NotAnswerable for what cannot be kept: medians, metrics without a time, dimensions out of reach, instants."""
    measures = [measured(name, catalog, catalog.metrics.keys()) for name in rollup.metrics]
    found: dict[tuple[str, FieldId], list[Aggregation]] = {}
    for measure in measures:
        for aggregation in (*measure.aggregations, *_scatter(measure)):
            key = (aggregation.dataset, _time(catalog, measure, aggregation))
            known = found.setdefault(key, [])
            if replace(aggregation, time=None) not in known:
                known.append(replace(aggregation, time=None))
    return tuple(_design(rollup, catalog, fact, time, aggregations) for (fact, time), aggregations in found.items())


def _scatter(measure: Measured) -> tuple[Aggregation, ...]:
    """What says how much single rows of a sum scatter, by which it is told what moved it by more than chance."""
    found = squares(measure.formula) if measure.nature == "sum" else None
    return tuple(one for one in found or () if isinstance(one, Aggregation))


def _time(catalog: Catalog, measure: Measured, aggregation: Aggregation) -> FieldId:
    question = MetricQuestion(analysis="value", metrics=(measure.text,))
    time = time_of(catalog, question, measure, aggregation, measure, needed=True)
    if time is None:
        raise NotAnswerable(f"{measure.definition.label} has no dates, so it cannot be kept by time.")
    return time


def _design(rollup: Rollup, catalog: Catalog, fact: str, time: FieldId, aggregations: Sequence[Aggregation]) -> Design:
    by = tuple(dict.fromkeys(dimension(catalog, name, (fact,)) for name in rollup.by))
    for name, id_ in zip(rollup.by, (dimension(catalog, name, (fact,)) for name in rollup.by), strict=True):
        if catalog.role(name) is not None or len(catalog.paths(fact, id_.dataset)) > 1:
            raise NotAnswerable(
                f"{catalog.datasets[id_.dataset].label} is joined in several roles, which a rollup does not tell apart: '{name}' cannot be kept.",
                remedy=f"Keep the keys that lead there ({_keys(catalog, fact, id_.dataset)}), or copy the column into the records.",
            )
    for id_ in by:
        if catalog.fields[id_].kind == "timestamp":
            raise NotAnswerable(f"{catalog.fields[id_].label} is an instant: a rollup by it would be as long as the rows.", remedy="Leave it out.")
    if rollup.grain not in NESTED or (rollup.grain == "hour" and catalog.fields[time].kind != "timestamp"):
        raise NotAnswerable(f"{catalog.fields[time].label} has days, not hours.", remedy="Write grain: day.")
    for aggregation in aggregations:
        _check(aggregation, by)
    return Design(name=rollup.name, fact=fact, time=time, grain=rollup.grain, by=by, aggregations=tuple(aggregations))


def _keys(catalog: Catalog, fact: str, there: str) -> str:
    """The columns of a fact by which a table is reached in its roles."""
    return ", ".join(dict.fromkeys(column for path in catalog.paths(fact, there) for column in path[0].many_columns))


def _check(aggregation: Aggregation, by: Sequence[FieldId]) -> None:
    """Only what can be put together again exactly is kept: a distinct count only of what it is kept by."""
    if aggregation.function not in KEEPABLE or aggregation.over is not None or aggregation.money is not None:
        raise NotAnswerable(
            f"A {aggregation.function.replace('_', ' ')} cannot be put together from those of parts.", remedy="Leave the metric out of the rollup."
        )
    if aggregation.gathered:
        raise NotAnswerable("Rows that are chosen by figures of their key are not the same for everybody.", remedy="Leave the metric out of the rollup.")
    operand = aggregation.operand or ()
    if aggregation.function == "count_distinct" and not (len(operand) == 1 and operand[0] in by):
        raise NotAnswerable(
            "A distinct count can be kept only by what it counts.", remedy="Leave the metric out of the rollup, or add the field that it counts to `by`."
        )


def query(design: Design, catalog: Catalog, repeated: frozenset[str], relation: Relation, conditions: Sequence[Condition] = ()) -> Query:
    """The rows of the rollup: its time, its fields, and for each aggregate what is kept of it."""
    writing, joining = Writing(relation), Joining(catalog, design.fact, repeated)
    time = joining.field(design.time)
    keys = [writing.expression(bucket(catalog, time, design.grain, instant=catalog.fields[design.time].kind == "timestamp"))]
    keys += [writing.expression(joining.field(id_)) for id_ in design.by]
    cells = [f"{key} AS {identifier(name)}" for key, name in zip(keys, (TIME, *map(str, design.by)), strict=True)]
    for number, aggregation in enumerate(design.aggregations):
        total, rows = writing.kept(_aggregate(aggregation, joining))
        cells += [f"{total} AS a{number}"] if total else []
        cells.append(f"{rows} AS n{number}")
    found = Rows(source=catalog.datasets[design.fact].source, alias=design.fact, joins=joining.joins, conditions=tuple(conditions))
    grouped = ", ".join(str(n + 1) for n in range(len(keys)))
    return Query(sql=f"{writing.rows(', '.join(cells), found)}\nGROUP BY {grouped}", parameters=tuple(writing.parameters))


def types(design: Design, catalog: Catalog, repeated: frozenset[str], relation: Relation, warehouse: Keeper) -> tuple[str, ...]:
    """The engine's types of the aggregates over the rows themselves. Raises NotAnswerable for one that cannot be written down again."""
    writing, joining = Writing(relation), Joining(catalog, design.fact, repeated)
    cells = ", ".join(writing.aggregate(_aggregate(a, joining)) for a in design.aggregations)
    found = Rows(source=catalog.datasets[design.fact].source, alias=design.fact, joins=joining.joins, conditions=())
    named = warehouse.types(Query(sql=writing.rows(cells, found), parameters=tuple(writing.parameters)))
    for type_ in named:
        if not _TYPE.fullmatch(type_):
            raise NotAnswerable(f"A figure of the type {type_[:40]} cannot be kept.", remedy="Leave the metric out of the rollup.")
    return named


def _aggregate(aggregation: Aggregation, joining: Joining) -> Aggregate:
    operand = joining.row(aggregation.operand) if aggregation.operand is not None else None
    where = Stated(joining.row(aggregation.where)) if aggregation.where is not None else None
    return Aggregate(function=aggregation.function, operand=operand, where=where)


def digest(text: str) -> str:
    """A short digest."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:16]
