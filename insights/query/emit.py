"""A plan in DuckDB's SQL: identifiers quoted, values bound."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from insights.lake.source import Source
from insights.query.algebra import STEP, Aggregate, Between, Column, Figure, Join, Output, Part, Plan
from insights.query.writing import Writing, again
from insights.warehouse.port import Query, Span
from insights.warehouse.quoting import identifier

COUNTS = ("count", "count_distinct", "people")
Relation = Callable[[Source, Span | None], str]


def emit(plan: Plan, relation: Relation, *, limit: int) -> Query:
    """The query of a plan; `relation` gives the FROM item of a source, of which only rows in the span are read.

    Columns: the keys, the outputs, the guards, and the number of rows before `limit`.
    """
    return _Emitter(relation).query(plan, limit)


class _Emitter(Writing):
    """Writes one query; parameters are collected in the order in which their placeholders are written."""

    def __init__(self, relation: Relation) -> None:
        super().__init__()
        self._relation = relation

    def query(self, plan: Plan, limit: int) -> Query:
        steps = [f"{_part_name(n)} AS (\n{self._part(part, n, several=len(plan.parts) > 1)}\n)" for n, part in enumerate(plan.parts)]
        keys = [f"k{n}" for n in range(len(plan.keys))]
        outputs = [f"{_formula(plan, output)} AS m{n}" for n, output in enumerate(plan.outputs)]
        guards = [figure_name(guard) for guard in plan.guards]
        steps.append(f"result AS (\nSELECT {_list(*keys, *outputs, *guards)}\nFROM {self._together(plan)}\n)")
        titles = [f"{key} AS {identifier(column.name)}" for key, column in zip(keys, plan.keys, strict=True)]
        named = [f"m{n}" + (f" AS {identifier(output.title)}" if output.title else "") for n, output in enumerate(plan.outputs)]
        rows = "count(*) OVER () AS rows_in_all" if keys else "1 AS rows_in_all"
        sql = f"WITH {', '.join(steps)}\nSELECT {_list(*titles, *named, *guards, rows)}\nFROM result"
        conditions = [self.compared(f"m{at}", op, values) for at, op, values in plan.conditions]
        sql += f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
        sql += self._ordered(plan, keys)
        sql += f"\nLIMIT {limit:d}" if keys else ""
        return Query(sql=sql, parameters=tuple(self.parameters))

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

    def _part(self, part: Part, number: int, *, several: bool) -> str:
        if part.regrouping is None:
            keys = [f"{self.expression(key)} AS k{n}" for n, key in enumerate(part.keys)]
            figures = [f"{self.aggregate(a)} AS {figure_name(Figure(number, n))}" for n, a in enumerate(part.aggregates)]
            figures += [f"count(*) AS p{number}_rows"] if several and not keys else []
            return self._select(part, keys, figures)
        second = part.regrouping
        keys = [f"{self.expression(key)} AS k{n}" for n, key in enumerate(second.keys)]
        figures = [f"{again(a, n)} AS {figure_name(Figure(number, n))}" for n, a in enumerate(part.aggregates)]
        first = [f"{self.expression(key)} AS k{n}" for n, key in enumerate(part.keys)]
        inner = self._select(part, first, [piece for n, a in enumerate(part.aggregates) for piece in self.pieces(a, n)])
        joins = "".join(self._join(join) for join in second.joins)
        return f"SELECT {_list(*keys, *figures)}\nFROM (\n{inner}\n) AS {identifier(STEP)}{joins}{_grouped(len(keys))}"

    def _select(self, part: Part, keys: list[str], figures: list[str]) -> str:
        joins = "".join(self._join(join) for join in part.joins)
        where = " AND ".join(self.condition(condition) for condition in part.conditions)
        source = f"{self._relation(part.source, _span(part))} AS {identifier(part.alias)}"
        return f"SELECT {_list(*keys, *figures)}\nFROM {source}{joins}" + (f"\nWHERE {where}" if where else "") + _grouped(len(keys))

    def _join(self, join: Join) -> str:
        on = " AND ".join(f"{self.expression(left)} = {self.expression(right)}" for left, right in join.on)
        return f"\nLEFT JOIN {self._relation(join.source, None)} AS {identifier(join.alias)} ON {on}"


def _span(part: Part) -> Span | None:
    """The days or instants of a physical column that the part is limited to, if any."""
    for condition in part.conditions:
        match condition:
            case Between(Column(alias, name), first, after) if alias == part.alias:
                if (first is None or isinstance(first, date)) and (after is None or isinstance(after, date)):
                    return Span(column=name, first=first, after=after)
    return None


def figure_name(figure: Figure) -> str:
    """The column that holds a figure."""
    return f"p{figure.part}_a{figure.aggregate}"


def _formula(plan: Plan, output: Output) -> str:
    """The arithmetic of an output. A fact that has no rows adds nothing to another's; its sum is no obstacle."""
    figures = [piece for piece in output.formula if isinstance(piece, Figure)]
    several = not plan.keys and len({figure.part for figure in figures}) > 1
    sums = {f for f in figures if several and plan.parts[f.part].aggregates[f.aggregate].function == "sum"}
    written = {f: f"CASE WHEN p{f.part}_rows = 0 THEN 0 ELSE {figure_name(f)} END" if f in sums else figure_name(f) for f in figures}
    return "".join(piece if isinstance(piece, str) else written[piece] for piece in output.formula)


def _part_name(number: int) -> str:
    return f"p{number}"


def _list(*items: str) -> str:
    return ", ".join(items)


def _grouped(keys: int) -> str:
    return f"\nGROUP BY {', '.join(str(n + 1) for n in range(keys))}" if keys else ""


def _met(figure: str, mark: str, aggregate: Aggregate) -> str:
    """A figure where the parts met: a part without such rows has counted none of them, and its sum is zero."""
    if aggregate.function in COUNTS:
        return f"coalesce(any_value({figure}), 0)"
    if aggregate.function == "sum":
        return f"CASE WHEN any_value({mark}) IS NULL THEN 0 ELSE any_value({figure}) END"
    return f"any_value({figure})"
