"""A plan in DuckDB's SQL: identifiers quoted, values bound."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from insights.lake.source import Source
from insights.query.algebra import (
    STEP,
    Aggregate,
    Between,
    Bucket,
    Column,
    Compared,
    Condition,
    Either,
    Every,
    Expression,
    Figure,
    Join,
    Part,
    Plan,
    Spelled,
    Stated,
)
from insights.requests import Operator, Scalar
from insights.warehouse.port import Query
from insights.warehouse.quoting import identifier

COUNTS = ("count", "count_distinct", "people")


def emit(plan: Plan, relation: Callable[[Source], str], *, limit: int) -> Query:
    """The query of a plan; `relation` gives the FROM item of a source.

    Columns: the keys, the outputs, the guards, and the number of rows before `limit`.
    """
    return _Emitter(relation).query(plan, limit)


def written(expression: Expression) -> str:
    """One expression of the catalog, which has no values to bind."""
    return _Emitter(str).expression(expression)


class _Emitter:
    """Writes one query; parameters are collected in the order in which their placeholders are written."""

    def __init__(self, relation: Callable[[Source], str]) -> None:
        self._relation = relation
        self._parameters: list[Scalar] = []

    def query(self, plan: Plan, limit: int) -> Query:
        steps = [f"{_part_name(n)} AS (\n{self._part(part, n)}\n)" for n, part in enumerate(plan.parts)]
        keys = [f"k{n}" for n in range(len(plan.keys))]
        outputs = [f"{''.join(p if isinstance(p, str) else figure_name(p) for p in o.formula)} AS m{n}" for n, o in enumerate(plan.outputs)]
        guards = [figure_name(guard) for guard in plan.guards]
        steps.append(f"result AS (\nSELECT {_list(*keys, *outputs, *guards)}\nFROM {self._together(plan)}\n)")
        titles = [f"{key} AS {identifier(column.name)}" for key, column in zip(keys, plan.keys, strict=True)]
        named = [f"m{n}" + (f" AS {identifier(output.title)}" if output.title else "") for n, output in enumerate(plan.outputs)]
        rows = "count(*) OVER () AS rows_in_all" if keys else "1 AS rows_in_all"
        sql = f"WITH {', '.join(steps)}\nSELECT {_list(*titles, *named, *guards, rows)}\nFROM result"
        conditions = [self._compared(f"m{at}", op, values) for at, op, values in plan.conditions]
        sql += f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
        sql += self._ordered(plan, keys)
        sql += f"\nLIMIT {limit:d}" if keys else ""
        return Query(sql=sql, parameters=tuple(self._parameters))

    def _ordered(self, plan: Plan, keys: list[str]) -> str:
        if plan.sorting is None:
            return ""
        first = []
        if plan.sorting.output is not None:
            first = [f"m{plan.sorting.output} {'DESC' if plan.sorting.descending else 'ASC'} NULLS LAST"]
        return f"\nORDER BY {_list(*first, *(f'{key} ASC NULLS LAST' for key in keys))}"

    def _together(self, plan: Plan) -> str:
        """The parts side by side: single rows are crossed, others meet where all their keys are the same, unknown ones included."""
        names = [_part_name(n) for n in range(len(plan.parts))]
        if len(names) == 1 or not plan.keys:
            return " CROSS JOIN ".join(names)
        keys = [f"k{n}" for n in range(len(plan.keys))]
        every = [(figure_name(Figure(n, at)), n, a) for n, part in enumerate(plan.parts) for at, a in enumerate(part.aggregates)]
        stacked = []
        for n, name in enumerate(names):
            here = [figure if n == part else f"NULL AS {figure}" for figure, part, _ in every]
            marks = [f"{'1' if n == other else 'NULL'} AS in_{name_}" for other, name_ in enumerate(names)]
            stacked.append(f"SELECT {_list(*keys, *here, *marks)} FROM {name}")
        met = [f"{_met(figure, f'in_{names[part]}', aggregate)} AS {figure}" for figure, part, aggregate in every]
        union = "\nUNION ALL ".join(stacked)
        return f"(SELECT {_list(*keys, *met)} FROM (\n{union}\n) GROUP BY {_list(*keys)})"

    def _part(self, part: Part, number: int) -> str:
        if part.regrouping is None:
            keys = [f"{self.expression(key)} AS k{n}" for n, key in enumerate(part.keys)]
            figures = [f"{self._aggregate(a)} AS {figure_name(Figure(number, n))}" for n, a in enumerate(part.aggregates)]
            return self._select(part, keys, figures)
        again = part.regrouping
        keys = [f"{self.expression(key)} AS k{n}" for n, key in enumerate(again.keys)]
        figures = [f"{_again(a, n)} AS {figure_name(Figure(number, n))}" for n, a in enumerate(part.aggregates)]
        first = [f"{self.expression(key)} AS k{n}" for n, key in enumerate(part.keys)]
        inner = self._select(part, first, [piece for n, a in enumerate(part.aggregates) for piece in self._pieces(a, n)])
        joins = "".join(self._join(join) for join in again.joins)
        return f"SELECT {_list(*keys, *figures)}\nFROM (\n{inner}\n) AS {identifier(STEP)}{joins}{_grouped(len(keys))}"

    def _select(self, part: Part, keys: list[str], figures: list[str]) -> str:
        joins = "".join(self._join(join) for join in part.joins)
        where = " AND ".join(self._condition(condition) for condition in part.conditions)
        source = f"{self._relation(part.source)} AS {identifier(part.alias)}"
        return f"SELECT {_list(*keys, *figures)}\nFROM {source}{joins}" + (f"\nWHERE {where}" if where else "") + _grouped(len(keys))

    def _join(self, join: Join) -> str:
        on = " AND ".join(f"{self.expression(left)} = {self.expression(right)}" for left, right in join.on)
        return f"\nLEFT JOIN {self._relation(join.source)} AS {identifier(join.alias)} ON {on}"

    def _aggregate(self, aggregate: Aggregate) -> str:
        operand = self.expression(aggregate.operand) if aggregate.operand is not None else None
        where = self._condition(aggregate.where) if aggregate.where is not None else None
        if aggregate.function == "people":
            return self._people(aggregate, operand, where)
        written = (
            "count(*)" if operand is None else f"count(DISTINCT {operand})" if aggregate.function == "count_distinct" else f"{aggregate.function}({operand})"
        )
        if where is None:
            return written
        # No matching rows among others that do match something else are a zero of this figure, not an unknown.
        return f"coalesce({written} FILTER (WHERE {where}), 0)" if aggregate.function == "sum" else f"{written} FILTER (WHERE {where})"

    def _people(self, aggregate: Aggregate, operand: str | None, where: str | None) -> str:
        """Distinct persons, and every row of nobody known, behind a figure."""
        persons = [self.expression(column) for column in aggregate.persons]
        known = " AND ".join(f"{person} IS NOT NULL" for person in persons)
        person = persons[0] if len(persons) == 1 else f"CASE WHEN {known} THEN ({', '.join(persons)}) END"
        counted = [condition for condition in (where, f"{operand} IS NOT NULL" if operand else None) if condition]
        distinct = f"count(DISTINCT {person})" + (f" FILTER (WHERE {' AND '.join(counted)})" if counted else "")
        return f"({distinct} + count(*) FILTER (WHERE {' AND '.join([*counted, f'NOT ({known})'])}))"

    def _pieces(self, aggregate: Aggregate, number: int) -> list[str]:
        """What an aggregate is put together from in a second step."""
        if aggregate.function != "avg":
            return [f"{self._aggregate(aggregate)} AS s{number}"]
        total = self._aggregate(replace(aggregate, function="sum"))
        return [f"{total} AS s{number}", f"{self._aggregate(replace(aggregate, function='count'))} AS c{number}"]

    def expression(self, expression: Expression) -> str:
        match expression:
            case Column(alias, name):
                return f"{identifier(alias)}.{identifier(name)}"
            case Spelled(parts):
                return f"({''.join(part if isinstance(part, str) else self.expression(part) for part in parts)})"
            case Bucket():
                return _bucket(expression, self.expression(expression.of))
            case _:
                assert_never(expression)

    def _condition(self, condition: Condition) -> str:
        match condition:
            case Compared(expression, op, values):
                return self._compared(self.expression(expression), op, values)
            case Between(expression, first, after):
                written = self.expression(expression)
                bounds = [f"{written} {sign} {self._bound(value)}" for sign, value in ((">=", first), ("<", after)) if value is not None]
                return f"({' AND '.join(bounds)})" if bounds else f"({written} IS NOT NULL)"
            case Stated(expression):
                return self.expression(expression)
            case Every(conditions):
                return f"({' AND '.join(self._condition(one) for one in conditions)})" if conditions else "TRUE"
            case Either(conditions):
                return f"({' OR '.join(self._condition(one) for one in conditions)})" if conditions else "FALSE"
            case _:
                assert_never(condition)

    def _compared(self, written: str, op: Operator, values: Iterable[Scalar]) -> str:
        given = tuple(values)
        known = [value for value in given if value is not None]
        match op:
            case "is_null" | "not_null":
                return f"({written} IS {'NOT ' if op == 'not_null' else ''}NULL)"
            case "between":
                return f"({written} BETWEEN {self._bound(given[0])} AND {self._bound(given[1])})"
            case "starts_with":
                return f"({' OR '.join(f'starts_with({written}, {self._bound(value)})' for value in known)})"
            case "=" | "!=":
                return self._one_of(written, known, unknown=len(known) < len(given), negated=op == "!=")
            case ">" | ">=" | "<" | "<=":
                return f"({written} {op} {self._bound(given[0])})"
            case _:
                assert_never(op)

    def _one_of(self, written: str, known: Sequence[Scalar], *, unknown: bool, negated: bool) -> str:
        bound = [self._bound(value) for value in known]
        parts = []
        if len(bound) == 1:
            parts.append(f"{written} {'<>' if negated else '='} {bound[0]}")
        elif bound:
            parts.append(f"{written} {'NOT IN' if negated else 'IN'} ({', '.join(bound)})")
        if unknown:
            parts.append(f"{written} IS {'NOT ' if negated else ''}NULL")
        return f"({(' AND ' if negated else ' OR ').join(parts)})"

    def _bound(self, value: Scalar) -> str:
        self._parameters.append(value)
        return "?"


def figure_name(figure: Figure) -> str:
    """The column that holds a figure."""
    return f"p{figure.part}_a{figure.aggregate}"


def _part_name(number: int) -> str:
    return f"p{number}"


def _list(*items: str) -> str:
    return ", ".join(items)


def _grouped(keys: int) -> str:
    return f"\nGROUP BY {', '.join(str(n + 1) for n in range(keys))}" if keys else ""


def _again(aggregate: Aggregate, number: int) -> str:
    """The aggregate from its pieces."""
    match aggregate.function:
        case "avg":
            return f"CAST(sum(s{number}) AS DOUBLE) / NULLIF(sum(c{number}), 0)"
        case "sum" | "count":
            return f"sum(s{number})"
        case _:
            return f"{aggregate.function}(s{number})"


def _met(figure: str, mark: str, aggregate: Aggregate) -> str:
    """A figure where the parts met: a part without such rows has counted none of them, and its sum is zero."""
    if aggregate.function in COUNTS:
        return f"coalesce(any_value({figure}), 0)"
    if aggregate.function == "sum":
        return f"CASE WHEN any_value({mark}) IS NULL THEN 0 ELSE any_value({figure}) END"
    return f"any_value({figure})"


def _bucket(bucket: Bucket, of: str) -> str:
    """The first day of a bucket (the instant for hours)."""
    if bucket.grain == "hour":
        return f"date_trunc('hour', {of})"
    if bucket.grain == "day":
        return f"CAST({of} AS DATE)"
    shift = f"INTERVAL {bucket.week_shift:d} DAY" if bucket.grain == "week" and bucket.week_shift else ""
    if bucket.month_shift and bucket.grain in ("quarter", "year"):
        shift = f"INTERVAL {bucket.month_shift:d} MONTH"
    if not shift:
        return f"CAST(date_trunc('{bucket.grain}', {of}) AS DATE)"
    back, forth = ("+", "-") if bucket.grain == "week" else ("-", "+")
    return f"CAST(date_trunc('{bucket.grain}', {of} {back} {shift}) {forth} {shift} AS DATE)"
