"""Expressions, conditions and aggregates in an engine's SQL; the values they compare with are bound."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import assert_never

from insights.catalog.model import Rate
from insights.lake.source import Source
from insights.query.algebra import (
    Aggregate,
    Among,
    AnyJoin,
    Between,
    Bucket,
    Column,
    Compared,
    Condition,
    Either,
    Every,
    Exchange,
    Expression,
    Gather,
    Kept,
    Part,
    Recurring,
    Rows,
    Spelled,
    Stated,
    Stepped,
)
from insights.query.dialects import DUCKDB, Dialect
from insights.requests import Operator, Scalar
from insights.warehouse.port import Span
from insights.warehouse.quoting import identifier, literal

Relation = Callable[[Source, Span | None], str]


def written(expression: Expression, dialect: Dialect = DUCKDB) -> str:
    """One expression of the catalog, which has no values to bind and reads no other rows."""
    return Writing(lambda source, _: identifier(str(source.table)), dialect).expression(expression)


class Writing:
    """Collects `parameters` in the order in which their placeholders are written; `relation` gives the FROM item of a source."""

    def __init__(self, relation: Relation, dialect: Dialect = DUCKDB) -> None:
        self.parameters: list[Scalar] = []
        self._relation = relation
        self._dialect = dialect

    def rows(self, selected: str, rows: Rows | Part) -> str:
        """SELECT `selected` (already written) of the rows that count."""
        joins = "".join(self._join(join) for join in rows.joins)
        where = " AND ".join(self.condition(condition) for condition in rows.conditions)
        source = f"{self._relation(rows.source, span_of(rows))} AS {identifier(rows.alias)}"
        return f"SELECT {selected}\nFROM {source}{joins}" + (f"\nWHERE {where}" if where else "")

    def _join(self, join: AnyJoin) -> str:
        if isinstance(join, Exchange):
            return self._exchange(join)
        if isinstance(join, Gather):
            return self._gather(join)
        on = " AND ".join(f"{self.expression(left)} = {self.expression(right)}" for left, right in join.on)
        if join.during is not None:
            at, first, after = map(self.expression, join.during)
            on += f" AND {at} >= {first} AND ({after} IS NULL OR {at} < {after})"
        return f"\nLEFT JOIN {self._relation(join.source, None)} AS {identifier(join.alias)} ON {on}"

    def _gather(self, gather: Gather) -> str:
        """Other rows aggregated by a key; those without one are nobody's."""
        figure = self.aggregate(Aggregate(function=gather.function, operand=gather.operand, at=gather.at, discrete=gather.discrete))
        inner = self.rows(f"{self.expression(gather.of)} AS member, {figure} AS figure", gather.rows)
        alias = identifier(gather.alias)
        return f"\nLEFT JOIN (\n{inner}\nGROUP BY 1\n) AS {alias} ON {alias}.member = {self.expression(gather.key)}"

    def _exchange(self, exchange: Exchange) -> str:
        """Dated rates, written out: they come from a file of the definitions."""
        alias = identifier(exchange.alias)
        double = self._dialect.double
        rows = ", ".join(
            f"({literal(rate.currency)}, DATE '{rate.first.isoformat()}', DATE '{(rate.last or date.max).isoformat()}', CAST({rate.worth!r} AS {double}))"
            for rate in exchange.rates or (Rate("", date.max, date.max, 0),)
        )
        code, day = self.expression(exchange.code), self.expression(exchange.day)
        on = f"{alias}.currency = {code} AND {day} BETWEEN {alias}.since AND {alias}.until"
        return f"\nLEFT JOIN (VALUES {rows}) AS {alias}(currency, since, until, worth) ON {on}"

    def aggregate(self, aggregate: Aggregate) -> str:
        """The aggregate over the rows themselves."""
        if aggregate.function == "people":
            return self._people(aggregate)
        if aggregate.kept is not None:
            return f"CAST({self._gathered(aggregate, aggregate.kept)} AS {aggregate.kept.type})"
        called = self._called(aggregate, self.expression(aggregate.operand) if aggregate.operand is not None else None)
        if aggregate.function != "sum" or aggregate.where is None or aggregate.where == aggregate.among:
            return called + self._only(aggregate.where)
        # Where there are rows, but none that this sum is of, it is a zero and not an unknown.
        none = f"count(*){self._only(aggregate.where)} = 0 AND count(*){self._only(aggregate.among)} > 0"
        return f"CASE WHEN {none} THEN 0 ELSE {called}{self._only(aggregate.where)} END"

    def _gathered(self, aggregate: Aggregate, kept: Kept) -> str:
        """The aggregate from what a rollup keeps of it."""
        total, rows = self.expression(kept.total), self.expression(kept.rows)
        match aggregate.function:
            case "count":
                return f"coalesce(sum({total}){self._only(aggregate.where)}, 0)"
            case "count_distinct":
                return f"count(DISTINCT {total}){self._only(f'{rows} > 0', aggregate.where)}"
            case "avg":
                return f"CAST(sum({total}){self._only(aggregate.where)} AS {self._dialect.double}) / NULLIF(sum({rows}){self._only(aggregate.where)}, 0)"
            case "sum":
                # As over the rows themselves: a zero where there are rows, but none that this sum is of.
                none = f"coalesce(sum({rows}){self._only(aggregate.where)}, 0) = 0 AND count(*){self._only(aggregate.among)} > 0"
                return f"CASE WHEN {none} THEN 0 ELSE sum({total}){self._only(aggregate.where)} END"
            case _:
                return f"{aggregate.function}({total}){self._only(aggregate.where)}"

    def _only(self, *conditions: Condition | str | None) -> str:
        """The rows an aggregate is limited to. Written anew wherever it is needed: each placeholder has its own value."""
        written = [one if isinstance(one, str) else self.condition(one) for one in conditions if one is not None]
        return f" FILTER (WHERE {' AND '.join(written)})" if written else ""

    def _people(self, aggregate: Aggregate) -> str:
        """Distinct persons, and every row of nobody known, behind a figure."""
        persons = [self.expression(column) for column in aggregate.persons]
        known = " AND ".join(f"{person} IS NOT NULL" for person in persons)
        person = persons[0] if len(persons) == 1 else f"CASE WHEN {known} THEN {self._dialect.tuple_of(persons)} END"
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
            case "people":  # whose keys are those of this step, so that each of them is one group
                counted = self._only(aggregate.where, f"{operand} IS NOT NULL" if aggregate.operand is not None else None)
                known = " AND ".join(f"{self.expression(person)} IS NOT NULL" for person in aggregate.persons)
                return [f"CASE WHEN ({known}) AND count(*){counted} > 0 THEN 1 ELSE count(*){counted} END AS s{number}"]
            case _:
                return [f"{aggregate.function}({operand}){self._only(aggregate.where)} AS s{number}"]

    def kept(self, aggregate: Aggregate) -> tuple[str, str]:
        """What a rollup keeps of an aggregate (of an average its sum; of a distinct count nothing but the rows), and the number of rows it is of."""
        operand = self.expression(aggregate.operand) if aggregate.operand is not None else "*"
        only = self._only(aggregate.where)
        match aggregate.function:
            case "avg":
                return f"sum({operand}){only}", f"count({operand}){only}"
            case "count_distinct":
                return "", f"count(*){only}"
            case _:
                return f"{aggregate.function}({operand}){only}", f"count(*){only}"

    def expression(self, expression: Expression) -> str:
        """An expression, in parentheses where the catalog spells it."""
        match expression:
            case Column(alias, name):
                return f"{identifier(alias)}.{identifier(name)}"
            case Spelled(parts):
                carried: tuple[str | Expression, ...] = self._dialect.carried(parts)
                return f"({''.join(part if isinstance(part, str) else self.expression(part) for part in carried)})"
            case Bucket():
                return self._bucket(expression, self.expression(expression.of))
            case Recurring():
                return self._recurring(expression, self.expression(expression.of))
            case Stepped():
                return self._stepped(expression)
            case _:
                assert_never(expression)

    def between(self, written: str, first: Scalar, after: Scalar) -> str:
        """From `first` to before `after`; None is an open end."""
        bounds = [f"{written} {sign} {self._bound(value)}" for sign, value in ((">=", first), ("<", after)) if value is not None]
        return f"({' AND '.join(bounds)})" if bounds else f"({written} IS NOT NULL)"

    def condition(self, condition: Condition) -> str:
        """A condition that can stand beside others."""
        match condition:
            case Compared(expression, op, values):
                return self.compared(self.expression(expression), op, values)
            case Between(expression, first, after):
                return self.between(self.expression(expression), first, after)
            case Stated(expression):
                return self.expression(expression)
            case Every(conditions):
                return f"({' AND '.join(self.condition(one) for one in conditions)})" if conditions else "TRUE"
            case Either(conditions):
                return f"({' OR '.join(self.condition(one) for one in conditions)})" if conditions else "FALSE"
            case Among(member=member, of=of, rows=rows, negated=negated):
                here = self.expression(member)
                others = self.rows(f"{self.expression(of)} AS member", rows)
                # NOT IN is never true beside an unknown member, so those are left out on both sides.
                known = f"SELECT member FROM (\n{others}\n){self._dialect.derived} WHERE member IS NOT NULL"
                return f"({here} IS NOT NULL AND {here} {'NOT ' if negated else ''}IN ({known}))"
            case _:
                assert_never(condition)

    def _stepped(self, step: Stepped) -> str:
        """A boundary belongs to the step above it, also where binary fractions miss it by a crumb."""
        double = self._dialect.double
        of = f"CAST({self.expression(step.of)} AS {double})"
        start = f" - CAST({self._bound(step.start)} AS {double})" if step.start else ""
        number = f"floor({self._dialect.rounded(f'({of}{start}) / CAST({self._bound(step.width)} AS {double})', 9)})"
        if step.most is not None:  # what is largest of all belongs to the last step; LEAST alone would make a number of what is unknown
            number = f"CASE WHEN {of} IS NOT NULL THEN least({number}, {step.most - 1:d}) END"
        lower = f"{number} * CAST({self._bound(step.width)} AS {double})"
        return f"({lower} + CAST({self._bound(step.start)} AS {double}))" if step.start else f"({lower})"

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
                # Whoever asks aloud says no capitals.
                return f"({' OR '.join(self._dialect.starts_with(written, self._bound(value)) for value in known)})"
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

    def _called(self, aggregate: Aggregate, operand: str | None) -> str:
        match aggregate.function:
            case "count_distinct":
                return f"count(DISTINCT {operand})"
            case "percentile":
                return self._dialect.quantile(str(operand), aggregate.at or 0.0, discrete=aggregate.discrete)
            case "median":
                return self._dialect.median(str(operand))
            case "avg":
                return self._dialect.average(str(operand))
            case _:
                return f"{aggregate.function}({operand or '*'})"

    def again(self, aggregate: Aggregate, number: int) -> str:
        """The aggregate from its pieces, in a second step over groups that all have rows."""
        match aggregate.function:
            case "avg":
                return f"CAST(sum(s{number}) AS {self._dialect.double}) / NULLIF(sum(c{number}), 0)"
            case "sum" if aggregate.where is not None:
                return f"CASE WHEN sum(c{number}) = 0 THEN 0 ELSE sum(s{number}) END"
            case "sum" | "count" | "people":
                return f"sum(s{number})"
            case _:
                return f"{aggregate.function}(s{number})"

    def _recurring(self, recurring: Recurring, of: str) -> str:
        """A recurring part of days or instants as a number."""
        if recurring.part == "weekday":
            return f"(({self._dialect.recurring('weekday', of)} + {recurring.week_shift:d}) % 7)"
        if recurring.part == "quarter_of_year" and recurring.month_shift:
            return self._dialect.recurring("quarter_of_year", f"{of} - {self._dialect.interval(recurring.month_shift, 'MONTH')}")
        return self._dialect.recurring(recurring.part, of)

    def _bucket(self, bucket: Bucket, of: str) -> str:
        """The first day of a bucket (the instant for hours)."""
        if bucket.grain == "hour":
            return self._dialect.truncated("hour", of)
        if bucket.grain == "day":
            return f"CAST({of} AS DATE)"
        shift = self._dialect.interval(bucket.week_shift, "DAY") if bucket.grain == "week" and bucket.week_shift else ""
        if bucket.month_shift and bucket.grain in ("quarter", "year"):
            shift = self._dialect.interval(bucket.month_shift, "MONTH")
        if not shift:
            return f"CAST({self._dialect.truncated(bucket.grain, of)} AS DATE)"
        back, forth = ("+", "-") if bucket.grain == "week" else ("-", "+")
        return f"CAST({self._dialect.truncated(bucket.grain, f'{of} {back} {shift}')} {forth} {shift} AS DATE)"


def piece_names(aggregate: Aggregate, number: int) -> tuple[str, ...]:
    """The columns that `Writing.pieces` gives."""
    two = aggregate.function == "avg" or (aggregate.function == "sum" and aggregate.where is not None)
    return (f"s{number}", f"c{number}") if two else (f"s{number}",)


def span_of(rows: Rows | Part) -> Span | None:
    """The days or instants of a physical column that the rows are limited to, if any."""
    for condition in rows.conditions:
        match condition:
            case Between(Column(alias, name), first, after) if alias == rows.alias:
                if (first is None or isinstance(first, date)) and (after is None or isinstance(after, date)):
                    return Span(column=name, first=first, after=after)
    return None
