"""A plan in an engine's SQL: identifiers quoted, values bound."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

from collections.abc import Sequence

from insights.answers import Column as Shown
from insights.query.algebra import STEP, Aggregate, Expression, Figure, Listing, Output, Part, Plan, Regrouping, Total
from insights.query.dialects import DUCKDB, Dialect
from insights.query.layers import Layers
from insights.query.times import weekdays
from insights.query.writing import Relation
from insights.warehouse.port import Query
from insights.warehouse.quoting import identifier

COUNTS = ("count", "count_distinct", "people")


def emit(plan: Plan, relation: Relation, *, limit: int, dialect: Dialect = DUCKDB) -> Query:
    """The query of a plan; `relation` gives the FROM item of a source, of which only rows in the span are read.

    Columns: the keys, the outputs, the guards, and the number of rows before `limit`. Raises NotAnswerable for what the dialect's engine cannot compute.
    """
    emitter = _Emitter(relation, dialect)
    return emitter.query(plan, limit) if plan.listing is None else emitter.records(plan.keys, plan.listing, limit)


def emit_cuts(plan: Plan, sets: Sequence[Sequence[int]], relation: Relation, *, limit: int, dialect: Dialect = DUCKDB) -> Query:
    """One pass that groups by each of the `sets` of keys, given by their numbers. The plan has one part, aggregated from its rows.

    Columns: which keys a row is not grouped by (`cutting.mark_of`), the keys, the outputs, the guards.
    """
    return _Emitter(relation, dialect).cuts(plan, sets, limit)


class _Emitter(Layers):
    """Writes one query; parameters are collected in the order in which their placeholders are written."""

    def records(self, titles: Sequence[Shown], records: Listing, limit: int) -> Query:
        """The records themselves, and how many there are in all."""
        cells = [self.expression(column) for column in records.columns]
        named = [f"{cell} AS {identifier(title.name)}" for cell, title in zip(cells, titles, strict=True)]
        if records.each is not None:
            return self._members(titles, cells, records, limit)
        all_of_them = self.rows("count(*)", records.rows)
        sql = self.rows(_list(*named, f"(\n{all_of_them}\n) AS rows_in_all"), records.rows)
        order = [
            key
            for by, descending in records.order
            for key in (self._dialect.descending(self.expression(by)) if descending else self._dialect.ascending(self.expression(by)))
        ]
        return Query(sql=f"{sql}\nORDER BY {_list(*order)}\nLIMIT {limit:d}", parameters=tuple(self.parameters))

    def _members(self, titles: Sequence[Shown], cells: Sequence[str], records: Listing, limit: int) -> Query:
        """One row for each member, however many records are behind it."""
        assert records.each is not None
        member = self.expression(records.each)
        numbered = [f"{cell} AS k{n}" for n, cell in enumerate(cells)]
        sql = self.rows(_list(f"{member} AS member", *numbered), records.rows) + f"\nGROUP BY {_list(*(str(n + 1) for n in range(len(cells) + 1)))}"
        named = [f"k{n} AS {identifier(title.name)}" for n, title in enumerate(titles)]
        order = _list(*(key for n in range(len(cells)) for key in self._dialect.ascending(f"k{n}")), "member ASC")
        whole = f"SELECT {_list(*named, 'count(*) OVER () AS rows_in_all')}\nFROM (\n{sql}\n){self._dialect.derived}\nWHERE member IS NOT NULL"
        return Query(sql=f"{whole}\nORDER BY {order}\nLIMIT {limit:d}", parameters=tuple(self.parameters))

    def query(self, plan: Plan, limit: int) -> Query:
        steps = [f"{_part_name(n)} AS (\n{self._part(part, n, several=len(plan.parts) > 1)}\n)" for n, part in enumerate(plan.parts)]
        keys = [f"k{n}" for n in range(len(plan.keys))]
        outputs = [f"{self._formula(plan, output)} AS m{n}" for n, output in enumerate(plan.outputs)]
        guards = [figure_name(guard) for guard in plan.guards]
        steps.append(f"result AS (\nSELECT {_list(*keys, *outputs, *guards)}\nFROM {self._together(plan)}\n)")
        titles = [f"{self._told(key, column, plan)} AS {identifier(column.name)}" for key, column in zip(keys, plan.keys, strict=True)]
        named = [f"m{n}" + (f" AS {identifier(output.title)}" if output.title else "") for n, output in enumerate(plan.outputs)]
        rows = "count(*) OVER () AS rows_in_all" if keys else "1 AS rows_in_all"
        conditions = [self.compared(f"m{at}", op, values) for at, op, values in plan.conditions]
        where = f"\nWHERE {' AND '.join(conditions)}" if conditions else ""
        rank = self._rank(plan, keys)
        if rank and plan.limit is not None and not self._dialect.qualify:
            placed = f"SELECT result.*, {rows}, {rank} AS place\nFROM result{where}"
            selected, found = _list(*titles, *named, *guards, "rows_in_all"), f"(\n{placed}\n) AS placed\nWHERE place <= {plan.limit + 1:d}"
        else:
            selected, found = _list(*titles, *named, *guards, rows), f"result{where}{self._leading(plan, rank)}"
        sql = f"WITH {', '.join(steps)}\nSELECT {selected}\nFROM {found}"
        sql += self._ordered(plan, keys)
        sql += f"\nLIMIT {limit:d}" if keys else ""
        return Query(sql=sql, parameters=tuple(self.parameters))

    def cuts(self, plan: Plan, sets: Sequence[Sequence[int]], limit: int) -> Query:
        (part,) = plan.parts
        keys = [f"k{n}" for n in range(len(plan.keys))]
        names = [figure_name(Figure(0, n)) for n in range(len(part.aggregates))]
        outputs = [f"{self._formula(plan, output)} AS m{n}" for n, output in enumerate(plan.outputs)]
        guards = [figure_name(guard) for guard in plan.guards]
        cut = f"cut AS (\n{self.cut(part, names, sets) if part.regrouping is None else self._recut(part, part.regrouping, names, sets)}\n)"
        result = f"result AS (\nSELECT {_list('mark', *keys, *outputs, *guards)}\nFROM cut\n)"
        titles = [f"{self._told(key, column, plan)} AS {identifier(column.name)}" for key, column in zip(keys, plan.keys, strict=True)]
        named = [f"m{n}" + (f" AS {identifier(output.title)}" if output.title else "") for n, output in enumerate(plan.outputs)]
        sql = f"WITH {cut}, {result}\nSELECT {_list('mark', *titles, *named, *guards)}\nFROM result\nLIMIT {limit:d}"
        return Query(sql=sql, parameters=tuple(self.parameters))

    def _rank(self, plan: Plan, keys: list[str]) -> str:
        """The place of a row within its group, where the limit holds for each group anew."""
        if not plan.within or plan.limit is None:
            return ""
        return f"row_number() OVER (PARTITION BY {_list(*(keys[n] for n in plan.within))} ORDER BY {_list(*self._order(plan, keys))})"

    @staticmethod
    def _leading(plan: Plan, rank: str) -> str:
        """As many of each group as asked for, and one more to see whether it ties."""
        return f"\nQUALIFY {rank} <= {plan.limit + 1:d}" if rank and plan.limit is not None else ""

    def _ordered(self, plan: Plan, keys: list[str]) -> str:
        groups = [key for n in plan.within for key in self._dialect.ascending(keys[n])]
        order = [*groups, *self._order(plan, keys)]
        return f"\nORDER BY {_list(*order)}" if order else ""

    def _order(self, plan: Plan, keys: list[str]) -> list[str]:
        if plan.sorting is None:
            return []
        first = []
        if plan.sorting.output is not None:
            first = [f"m{plan.sorting.output} {'DESC' if plan.sorting.descending else 'ASC'} NULLS LAST"]
        return [*first, *(written for key in keys for written in self._dialect.ascending(key))]

    def _together(self, plan: Plan) -> str:
        """The parts side by side: single rows are crossed, others meet where all their keys are the same, unknown ones included."""
        names = [_part_name(n) for n in range(len(plan.parts))]
        fewer = {name: part.key_numbers for name, part in zip(names, plan.parts, strict=True) if part.key_numbers is not None}
        joined = "".join(f"\nLEFT JOIN {name} ON {_same(name, numbers)}" for name, numbers in fewer.items())
        meeting = [n for n, name in enumerate(names) if name not in fewer]
        if len(meeting) == 1:
            return names[meeting[0]] + (" AS every" if fewer else "") + joined
        if not plan.keys:
            return " CROSS JOIN ".join(names)
        return f"{self._met(plan, meeting)} AS every{joined}"

    def _met(self, plan: Plan, meeting: Sequence[int]) -> str:
        keys = [f"k{n}" for n in range(len(plan.keys))]
        every = [(figure_name(Figure(n, at)), n, a) for n in meeting for at, a in enumerate(plan.parts[n].aggregates)]
        stacked = []
        for n in meeting:
            here = [figure if n == part else f"{self._dialect.missing(figure, _part_name(part))} AS {figure}" for figure, part, _ in every]
            marks = [f"{'1' if n == other else self._dialect.missing('1', _part_name(other))} AS in_{_part_name(other)}" for other in meeting]
            stacked.append(f"SELECT {_list(*keys, *here, *marks)} FROM {_part_name(n)}")
        met = [
            f"{_met(self._dialect.any_value(figure), self._dialect.any_value(f'in_{_part_name(n)}'), a, plan.parts[n])} AS {figure}" for figure, n, a in every
        ]
        union = "\nUNION ALL ".join(stacked)
        return f"(SELECT {_list(*keys, *met)} FROM (\n{union}\n){self._dialect.derived} GROUP BY {_list(*keys)})"

    def _part(self, part: Part, number: int, *, several: bool) -> str:
        if part.new is not None:
            return self._new(part, part.new, number)
        names, rows = [figure_name(Figure(number, n)) for n in range(len(part.aggregates))], [f"count(*) AS p{number}_rows"]
        if part.standing is not None:
            return self.standing(part, part.standing, names, counted=rows if several and not part.keys and not part.standing.marks else [])
        if part.led is not None:
            return self.led(part, part.led, names, counted=rows if several and not part.keys else [])
        if part.regrouping is None:
            name = "k" if part.key_numbers is None else "w"
            keys = [f"{self.expression(key)} AS {name}{n}" for n, key in enumerate(part.keys)]
            figures = [f"{self.aggregate(a)} AS {figure_name(Figure(number, n))}" for n, a in enumerate(part.aggregates)]
            if several and not keys:
                figures += rows
                figures += [f"count(*){self._only(a.among)} AS p{number}_rows{n}" for n, a in enumerate(part.aggregates) if a.among is not None]
            return self._select(part, keys, figures)
        second = part.regrouping
        keys = [f"{self.expression(key)} AS k{n}" for n, key in enumerate(second.keys)]
        figures = [f"{self.again(a, n)} AS {figure_name(Figure(number, n))}" for n, a in enumerate(part.aggregates)]
        inner, joins = self._first_step(part), "".join(self._join(join) for join in second.joins)
        return f"SELECT {_list(*keys, *figures)}\nFROM (\n{inner}\n) AS {identifier(STEP)}{joins}{_grouped(len(keys))}"

    def _first_step(self, part: Part) -> str:
        """The rows grouped by the finer keys, with the pieces of each aggregate."""
        first = [f"{self.expression(key)} AS k{n}" for n, key in enumerate(part.keys)]
        return self._select(part, first, [piece for n, a in enumerate(part.aggregates) for piece in self.pieces(a, n)])

    def _recut(self, part: Part, second: Regrouping, names: Sequence[str], sets: Sequence[Sequence[int]]) -> str:
        inner = self._first_step(part)
        return self.recut(inner, "".join(self._join(join) for join in second.joins), part, names, sets)

    def _new(self, part: Part, new: Expression, number: int) -> str:
        """How many values are there for the first time in each bucket."""
        bucket, *others = (self.expression(key) for key in part.keys)
        named = [f"{key} AS k{n}" for n, key in enumerate(others, start=1)]
        first = self.rows(_list(f"min({bucket}) AS k0", *named, f"{self.expression(new)} AS member"), part)
        places = _list(*(str(n) for n in range(2, len(part.keys) + 2)))
        keys = _list(*(f"k{n}" for n in range(len(part.keys))))
        return f"SELECT {keys}, count(*) AS {figure_name(Figure(number, 0))}\nFROM (\n{first}\nGROUP BY {places}\n){self._dialect.derived}\nGROUP BY {keys}"

    def _select(self, part: Part, keys: list[str], figures: list[str]) -> str:
        return self.rows(_list(*keys, *figures), part) + _grouped(len(keys))

    def _formula(self, plan: Plan, output: Output) -> str:
        """The arithmetic of an output. A fact that has no rows adds nothing to another's; its sum is no obstacle."""
        figures = [piece for piece in output.formula if isinstance(piece, Figure)]
        several = not plan.keys and len({figure.part for figure in figures}) > 1
        sums = {f for f in figures if several and plan.parts[f.part].aggregates[f.aggregate].function == "sum" and not is_balance(plan.parts[f.part])}
        written = {f: f"CASE WHEN {_rows_of(plan, f)} = 0 THEN 0 ELSE {figure_name(f)} END" if f in sums else _so_far(plan, f) for f in figures}
        pieces: tuple[str | Figure | Total, ...] = self._dialect.carried(output.formula)
        return "".join(piece if isinstance(piece, str) else self._total(piece) if isinstance(piece, Total) else written[piece] for piece in pieces)

    def _total(self, total: Total) -> str:
        """What a formula adds up to over the rows of a group, before any of them is left out."""
        formula = "".join(piece if isinstance(piece, str) else figure_name(piece) for piece in self._dialect.carried(total.formula))
        groups = _list(*(f"k{n}" for n in total.by))
        return f"sum({formula}) OVER ({f'PARTITION BY {groups}' if groups else ''})"

    def _told(self, key: str, column: Shown, plan: Plan) -> str:
        """A key as the rows of the answer have it: weekdays are counted from the first of the week, and told by name."""
        return self._dialect.element(weekdays(plan.week_starts), f"{key} + 1") if column.part == "weekday" else key


def _rows_of(plan: Plan, figure: Figure) -> str:
    """The column that counts the rows that a figure could be of: those of its part, or of the one of two periods that it is of."""
    part = plan.parts[figure.part]
    own = part.aggregates[figure.aggregate].among is not None and part.standing is None and part.led is None and part.regrouping is None
    return f"p{figure.part}_rows{figure.aggregate if own else ''}"


def figure_name(figure: Figure) -> str:
    """The column that holds a figure."""
    return f"p{figure.part}_a{figure.aggregate}"


def is_balance(part: Part) -> bool:
    """Whether its figures are those of single instants or of another time: without rows they are unknown."""
    return part.standing is not None and (part.standing.take is not None or part.standing.elsewhere)


def _so_far(plan: Plan, figure: Figure) -> str:
    """A figure, or all of it from the first bucket on; what has no time is no part of that."""
    if not plan.running:
        return figure_name(figure)
    function = plan.parts[figure.part].aggregates[figure.aggregate].function
    groups = _list("k0 IS NULL", *(f"k{n}" for n in range(1, len(plan.keys))))
    return f"{'sum' if function in COUNTS else function}({figure_name(figure)}) OVER (PARTITION BY {groups} ORDER BY k0)"


def _same(name: str, numbers: Sequence[int]) -> str:
    """Where a part with fewer keys meets the others."""
    return " AND ".join(f"every.k{n} IS NOT DISTINCT FROM {name}.w{at}" for at, n in enumerate(numbers)) or "TRUE"


def _part_name(number: int) -> str:
    return f"p{number}"


def _list(*items: str) -> str:
    return ", ".join(items)


def _grouped(keys: int) -> str:
    return f"\nGROUP BY {', '.join(str(n + 1) for n in range(keys))}" if keys else ""


def _met(figure: str, mark: str, aggregate: Aggregate, part: Part) -> str:
    """A figure where the parts met: a part without such rows has counted none of them, and its sum is zero; a balance that nobody recorded is unknown."""
    if is_balance(part):
        return figure
    if aggregate.function in COUNTS:
        return f"coalesce({figure}, 0)"
    if aggregate.function == "sum":
        return f"CASE WHEN {mark} IS NULL THEN 0 ELSE {figure} END"
    return figure
