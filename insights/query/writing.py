"""Expressions, conditions and aggregates in DuckDB's SQL; the values they compare with are bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from insights.query.algebra import Aggregate, Between, Bucket, Column, Compared, Condition, Either, Every, Expression, Spelled, Stated
from insights.requests import Operator, Scalar
from insights.warehouse.quoting import identifier


def written(expression: Expression) -> str:
    """One expression of the catalog, which has no values to bind."""
    return Writing().expression(expression)


class Writing:
    """Collects `parameters` in the order in which their placeholders are written."""

    def __init__(self) -> None:
        self.parameters: list[Scalar] = []

    def aggregate(self, aggregate: Aggregate) -> str:
        """The aggregate over the rows themselves."""
        if aggregate.function == "people":
            return self._people(aggregate)
        called = _called(aggregate, self.expression(aggregate.operand) if aggregate.operand is not None else None)
        if aggregate.function != "sum" or aggregate.where is None or aggregate.where == aggregate.among:
            return called + self._only(aggregate.where)
        # Where there are rows, but none that this sum is of, it is a zero and not an unknown.
        none = f"count(*){self._only(aggregate.where)} = 0 AND count(*){self._only(aggregate.among)} > 0"
        return f"CASE WHEN {none} THEN 0 ELSE {called}{self._only(aggregate.where)} END"

    def _only(self, *conditions: Condition | str | None) -> str:
        """The rows an aggregate is limited to. Written anew wherever it is needed: each placeholder has its own value."""
        written = [one if isinstance(one, str) else self.condition(one) for one in conditions if one is not None]
        return f" FILTER (WHERE {' AND '.join(written)})" if written else ""

    def _people(self, aggregate: Aggregate) -> str:
        """Distinct persons, and every row of nobody known, behind a figure."""
        persons = [self.expression(column) for column in aggregate.persons]
        known = " AND ".join(f"{person} IS NOT NULL" for person in persons)
        person = persons[0] if len(persons) == 1 else f"CASE WHEN {known} THEN ({', '.join(persons)}) END"
        counted = f"{self.expression(aggregate.operand)} IS NOT NULL" if aggregate.operand is not None else None
        return f"(count(DISTINCT {person}){self._only(aggregate.where, counted)} + count(*){self._only(aggregate.where, counted, f'NOT ({known})')})"

    def pieces(self, aggregate: Aggregate, number: int) -> list[str]:
        """What an aggregate is put together from in a second step."""
        operand = self.expression(aggregate.operand) if aggregate.operand is not None else "*"
        match aggregate.function:
            case "avg":
                return [f"sum({operand}){self._only(aggregate.where)} AS s{number}", f"count({operand}){self._only(aggregate.where)} AS c{number}"]
            case "sum" if aggregate.where is not None:
                return [f"sum({operand}){self._only(aggregate.where)} AS s{number}", f"count(*){self._only(aggregate.where)} AS c{number}"]
            case _:
                return [f"{aggregate.function}({operand}){self._only(aggregate.where)} AS s{number}"]

    def expression(self, expression: Expression) -> str:
        """An expression, in parentheses where the catalog spells it."""
        match expression:
            case Column(alias, name):
                return f"{identifier(alias)}.{identifier(name)}"
            case Spelled(parts):
                return f"({''.join(part if isinstance(part, str) else self.expression(part) for part in parts)})"
            case Bucket():
                return _bucket(expression, self.expression(expression.of))
            case _:
                assert_never(expression)

    def condition(self, condition: Condition) -> str:
        """A condition that can stand beside others."""
        match condition:
            case Compared(expression, op, values):
                return self.compared(self.expression(expression), op, values)
            case Between(expression, first, after):
                written = self.expression(expression)
                bounds = [f"{written} {sign} {self._bound(value)}" for sign, value in ((">=", first), ("<", after)) if value is not None]
                return f"({' AND '.join(bounds)})" if bounds else f"({written} IS NOT NULL)"
            case Stated(expression):
                return self.expression(expression)
            case Every(conditions):
                return f"({' AND '.join(self.condition(one) for one in conditions)})" if conditions else "TRUE"
            case Either(conditions):
                return f"({' OR '.join(self.condition(one) for one in conditions)})" if conditions else "FALSE"
            case _:
                assert_never(condition)

    def compared(self, written: str, op: Operator, values: Iterable[Scalar]) -> str:
        """`written` compared with values."""
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
        self.parameters.append(value)
        return "?"


def _called(aggregate: Aggregate, operand: str | None) -> str:
    match aggregate.function:
        case "count_distinct":
            return f"count(DISTINCT {operand})"
        case "median":
            return f"median(CAST({operand} AS DOUBLE))"  # of decimals, the engine cuts the middle of two to their digits
        case _:
            return f"{aggregate.function}({operand or '*'})"


def again(aggregate: Aggregate, number: int) -> str:
    """The aggregate from its pieces, in a second step over groups that all have rows."""
    match aggregate.function:
        case "avg":
            return f"CAST(sum(s{number}) AS DOUBLE) / NULLIF(sum(c{number}), 0)"
        case "sum" if aggregate.where is not None:
            return f"CASE WHEN sum(c{number}) = 0 THEN 0 ELSE sum(s{number}) END"
        case "sum" | "count":
            return f"sum(s{number})"
        case _:
            return f"{aggregate.function}(s{number})"


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
