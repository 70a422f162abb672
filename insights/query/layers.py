"""Parts that take more than one step in SQL: figures as they stood, and what events led to."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from insights.query.algebra import STEP, Aggregate, Column, Led, Mark, Part, Standing, Stated
from insights.query.writing import Writing, piece_names
from insights.warehouse.quoting import identifier

SUMMABLE = frozenset({"sum", "count", "min", "max", "avg"})
SEEN, LED = "seen", "led"
_STEPS = {"hour": (1, "HOUR"), "day": (1, "DAY"), "week": (7, "DAY"), "month": (1, "MONTH"), "quarter": (3, "MONTH"), "year": (12, "MONTH")}


class Layers(Writing):
    """Writes such parts; `names` are those of the columns that hold the aggregates."""

    def standing(self, part: Part, standing: Standing, names: Sequence[str], *, counted: Sequence[str]) -> str:
        """Rows that count in other buckets than their own. `counted` are further columns, without keys."""
        keys = _keys(part, first=1 if standing.marks else 0)
        bucket = [f"marks.bucket AS {_key(part, 0)}"] if standing.marks else []
        if standing.take is None:
            return self._accumulated(part, standing, names, [*bucket, *(f"{SEEN}.{key}" for key in keys)])
        return self._taken(part, standing, names, keys, counted)

    def _accumulated(self, part: Part, standing: Standing, names: Sequence[str], keys: Sequence[str]) -> str:
        """The rows of all buckets that lie in the interval of each: added up by day first, where that gives the same."""
        first = [f"{self.expression(standing.at)} AS happened", *self._named_keys(part, first=1)]
        if all(aggregate.function in SUMMABLE for aggregate in part.aggregates):
            pieces = [piece for n, aggregate in enumerate(part.aggregates) for piece in self.pieces(aggregate, n)]
            inner = self.rows(_list(*first, *pieces), part) + _grouped(len(first))
            figures = [f"{self.again(aggregate, n)} AS {name}" for n, (aggregate, name) in enumerate(zip(part.aggregates, names, strict=True))]
        else:
            once = "DISTINCT " if all(aggregate.function == "count_distinct" for aggregate in part.aggregates) else ""
            inner = self.rows(once + _list(*first, *self._cells(part.aggregates)), part)
            figures = [f"{self.aggregate(_of(aggregate, n, SEEN))} AS {name}" for n, (aggregate, name) in enumerate(zip(part.aggregates, names, strict=True))]
        marked = _marked(standing.marks, f"(\n{inner}\n) AS {SEEN}", SEEN)
        if standing.told == "all":
            return f"SELECT {_list(*keys, *figures)}\nFROM {marked}{_grouped(len(keys))}"
        each = f"SELECT {_list(*keys, *figures, 'marks.until AS until')}\nFROM {marked}{_grouped(len(keys), len(keys) + len(figures) + 1)}"
        own = [_key(part, n) for n in range(len(keys))]
        if standing.told == "average":
            functions = ["avg" if n < standing.figures else "min" for n in range(len(names))]
            outer = [f"{function}({name}) AS {name}" for function, name in zip(functions, names, strict=True)]
            return f"SELECT {_list(*own, *outer)}\nFROM (\n{each}\n) AS each_mark{_grouped(len(own))}"
        place = f"row_number() OVER (PARTITION BY {_list(*own)} ORDER BY until) AS place"
        return f"SELECT {_list(*own, *names)}\nFROM (\nSELECT {_list(*own, *names, place)}\nFROM (\n{each}\n) AS each_mark\n) AS placed\nWHERE place = 1"

    def _taken(self, part: Part, standing: Standing, names: Sequence[str], keys: Sequence[str], counted: Sequence[str]) -> str:
        """The rows of one instant of each bucket, or of each of its instants."""
        marked = bool(standing.marks)
        each = [f"e{n}" for n in range(len(standing.per))]
        first = [f"{self.expression(standing.at)} AS happened", *(f"{self.expression(one)} AS {name}" for one, name in zip(standing.per, each, strict=True))]
        seen = self.rows(_list(*first, *self._named_keys(part, first=int(marked)), *self._cells(part.aggregates)), part)
        instants = f"(SELECT DISTINCT {_list('happened', *each)} FROM {SEEN} WHERE happened IS NOT NULL) AS instants"
        source = _marked(standing.marks, instants, "instants") if marked else instants
        bucket = ["marks.bucket AS bucket"] if marked else []
        if standing.take in ("last", "first"):
            function = "max" if standing.take == "last" else "min"
            whole = [*bucket, *(f"instants.{name}" for name in each)]
            chosen = f"SELECT {_list(*whole, f'{function}(instants.happened) AS happened')}\nFROM {source}{_grouped(len(whole))}"
        else:
            among = "PARTITION BY marks.bucket" if marked else ""
            chosen = f"SELECT {_list(*bucket, 'instants.happened', f'count(*) OVER ({among}) AS instants_in_all')}\nFROM {source}"
        same = "".join(f" AND {self.alike(f'{SEEN}.{name}', f'chosen.{name}')}" for name in each)
        met = f"FROM chosen\nJOIN {SEEN} ON {SEEN}.happened = chosen.happened{same}"
        written = [*([f"chosen.bucket AS {_key(part, 0)}"] if marked else []), *(f"{SEEN}.{key}" for key in keys)]
        figures = [self.aggregate(_of(aggregate, n, SEEN)) for n, aggregate in enumerate(part.aggregates)]
        if standing.take == "average":
            own = standing.figures
            figures = [f"CAST({f} AS {self._dialect.double}) / max(chosen.instants_in_all)" if n < own else f for n, f in enumerate(figures)]
        selected = [*written, *(f"{figure} AS {name}" for figure, name in zip(figures, names, strict=True))]
        stages = f"WITH {SEEN} AS (\n{seen}\n), chosen AS (\n{chosen}\n)"
        if standing.take not in ("min", "max"):
            return f"{stages}\nSELECT {_list(*selected, *counted)}\n{met}{_grouped(len(written))}"
        inner = f"SELECT {_list(*selected, 'chosen.happened')}\n{met}{_grouped(len(written), len(selected) + 1)}"
        functions = [standing.take if n < standing.figures else "min" for n in range(len(names))]
        outer = [*([_key(part, 0)] if marked else []), *keys, *(f"{f}({name}) AS {name}" for f, name in zip(functions, names, strict=True))]
        return f"{stages}\nSELECT {_list(*outer, *counted)}\nFROM (\n{inner}\n) AS each_instant{_grouped(len(written))}"

    def cut(self, part: Part, names: Sequence[str], sets: Sequence[Sequence[int]]) -> str:
        """The rows grouped by each of the sets of keys, marked by which keys that leaves out."""
        keys = _keys(part, first=0)
        seen = self.rows(_list(*self._named_keys(part, first=0), *self._cells(part.aggregates)), part)
        figures = [f"{self.aggregate(_of(aggregate, n, SEEN))} AS {name}" for n, (aggregate, name) in enumerate(zip(part.aggregates, names, strict=True))]
        grouped = ", ".join(f"({_list(*(f'{SEEN}.{keys[n]}' for n in numbers))})" for numbers in sets)
        mark = f"{self._dialect.grouping(_list(*(f'{SEEN}.{key}' for key in keys)))} AS mark"
        return f"SELECT {_list(mark, *(f'{SEEN}.{key}' for key in keys), *figures)}\nFROM (\n{seen}\n) AS {SEEN}\nGROUP BY GROUPING SETS ({grouped})"

    def recut(self, inner: str, joins: str, part: Part, names: Sequence[str], sets: Sequence[Sequence[int]]) -> str:
        """The same of rows that were grouped before (`inner`, as STEP), and are joined to what they are grouped by now."""
        second = part.regrouping
        assert second is not None
        keys, step = [f"k{n}" for n in range(len(second.keys))], identifier(STEP)
        named = [f"{self.expression(key)} AS {name}" for key, name in zip(second.keys, keys, strict=True)]
        pieces = [f"{step}.{piece}" for n, aggregate in enumerate(part.aggregates) for piece in piece_names(aggregate, n)]
        again = f"SELECT {_list(*named, *pieces)}\nFROM (\n{inner}\n) AS {step}{joins}"
        figures = [f"{self.again(aggregate, n)} AS {name}" for n, (aggregate, name) in enumerate(zip(part.aggregates, names, strict=True))]
        grouped = ", ".join(f"({_list(*(f'{step}.{keys[n]}' for n in numbers))})" for numbers in sets)
        mark = f"{self._dialect.grouping(_list(*(f'{step}.{key}' for key in keys)))} AS mark"
        return f"SELECT {_list(mark, *(f'{step}.{key}' for key in keys), *figures)}\nFROM (\n{again}\n) AS {step}\nGROUP BY GROUPING SETS ({grouped})"

    def led(self, part: Part, led: Led, names: Sequence[str], *, counted: Sequence[str]) -> str:
        """Each goal with the latest row before it."""
        keys = _keys(part, first=0)
        first = [f"{self.expression(led.member)} AS member", f"{self.expression(led.at)} AS happened"]
        bare = [replace(aggregate, operand=None) for aggregate in part.aggregates]
        columns = [*first, *self._named_keys(part, first=0)]
        columns.append(f"({' AND '.join(self.condition(one) for one in led.counts) or 'TRUE'}) AS counts")
        columns += [f"{self.expression(one)} AS same{n}" for n, (one, _) in enumerate(led.same)]
        columns += [f"{self.expression(one)} AS settled{n}" for n, (one, _) in enumerate(led.settled)]
        starts = self.rows(_list(*columns, *self._cells(bare)), part)
        goal = [f"{self.expression(led.goal_member)} AS member", f"{self.expression(led.goal_at)} AS happened"]
        goal += [f"{self.expression(led.operand)} AS goal"] if led.operand is not None else []
        goal += [f"{self.expression(two)} AS same{n}" for n, (_, two) in enumerate(led.same)]
        goals = self.rows(_list(*goal, f"row_number() OVER (ORDER BY {self.expression(led.goal_at)}) AS number"), led.goals)
        on = "starts.member = goals.member AND starts.happened <= goals.happened"
        on += "".join(f" AND starts.same{n} = goals.same{n}" for n in range(len(led.same)))
        if led.within is not None:
            count, unit = _STEPS[led.within[1]]
            on += f" AND starts.happened > goals.happened - {self.interval(led.within[0] * count, unit)}"
        kept = [*(f"starts.{key}" for key in keys), "starts.counts", *(f"starts.{name}" for name in _cell_names(bare))]
        kept += ["goals.goal"] if led.operand is not None else []
        settled = (f"starts.settled{n}{' DESC' if last else ''}" for n, (_, last) in enumerate(led.settled))
        order = _list("starts.happened DESC", *settled, *(f"starts.{key}" for key in keys))
        kept.append(f"row_number() OVER (PARTITION BY goals.number ORDER BY {order}) AS place")
        figures = []
        for n, (aggregate, name) in enumerate(zip(part.aggregates, names, strict=True)):
            of = _of(replace(aggregate, operand=None), n, LED)
            if n < led.figures:
                of = replace(of, function=led.function, operand=Column(LED, "goal") if led.operand is not None else None)
            figures.append(f"{self.aggregate(of)} AS {name}")
        stages = f"WITH starts AS (\n{starts}\n), goals AS (\n{goals}\n), {LED} AS (\nSELECT {_list(*kept)}\nFROM goals\nJOIN starts ON {on}\n)"
        return f"{stages}\nSELECT {_list(*keys, *figures, *counted)}\nFROM {LED}\nWHERE place = 1 AND counts{_grouped(len(keys))}"

    def alike(self, left: str, right: str) -> str:
        """Equality for which two unknown values are the same."""
        return f"{left} IS NOT DISTINCT FROM {right}"

    def interval(self, count: int, unit: str) -> str:
        """A length of time."""
        return f"INTERVAL '{count:d}' {unit}"

    def _named_keys(self, part: Part, *, first: int) -> list[str]:
        return [f"{self.expression(key)} AS {_key(part, n)}" for n, key in enumerate(part.keys, start=first)]

    def _cells(self, aggregates: Sequence[Aggregate]) -> list[str]:
        """What the aggregates read of each row: its operand, whether it is one of its rows, and the persons behind it."""
        cells = []
        for n, aggregate in enumerate(aggregates):
            cells += [f"{self.expression(aggregate.operand)} AS v{n}"] if aggregate.operand is not None else []
            cells += [f"{self.condition(aggregate.where)} AS w{n}"] if aggregate.where is not None else []
            cells += [f"{self.expression(person)} AS q{n}_{at}" for at, person in enumerate(aggregate.persons)]
            if aggregate.kept is not None:
                cells += [f"{self.expression(aggregate.kept.total)} AS t{n}", f"{self.expression(aggregate.kept.rows)} AS n{n}"]
        return cells


def _cell_names(aggregates: Sequence[Aggregate]) -> list[str]:
    names = []
    for n, aggregate in enumerate(aggregates):
        names += [f"v{n}"] if aggregate.operand is not None else []
        names += [f"w{n}"] if aggregate.where is not None else []
        names += [f"q{n}_{at}" for at in range(len(aggregate.persons))]
    return names


def _of(aggregate: Aggregate, number: int, alias: str) -> Aggregate:
    """The aggregate over cells that were written down for each row."""
    return replace(
        aggregate,
        operand=Column(alias, f"v{number}") if aggregate.operand is not None else None,
        where=Stated(Column(alias, f"w{number}")) if aggregate.where is not None else None,
        persons=tuple(Column(alias, f"q{number}_{at}") for at in range(len(aggregate.persons))),
        kept=replace(aggregate.kept, total=Column(alias, f"t{number}"), rows=Column(alias, f"n{number}")) if aggregate.kept is not None else None,
    )


def _key(part: Part, number: int) -> str:
    return f"{'k' if part.key_numbers is None else 'w'}{number}"


def _keys(part: Part, *, first: int) -> list[str]:
    return [_key(part, n) for n in range(first, first + len(part.keys))]


def _marked(marks: Sequence[Mark], source: str, alias: str) -> str:
    """Each bucket with the rows of `source` that lie in its interval."""
    bounded = any(mark.first is not None for mark in marks)
    rows = _list(*(f"({_list(*map(_literal, (m.bucket, *([m.first] if bounded else []), m.after)))})" for m in marks))
    columns = "bucket, since, until" if bounded else "bucket, until"
    on = f"{alias}.happened < marks.until" + (f" AND {alias}.happened >= marks.since" if bounded else "")
    return f"(VALUES {rows}) AS marks({columns})\nJOIN {source} ON {on}"


@lru_cache(maxsize=8192)
def _literal(day: date | None) -> str:
    """A day or an instant of the calendar, which nobody typed."""
    if day is None:
        return "NULL"
    return f"TIMESTAMP '{day.isoformat(' ')}'" if isinstance(day, datetime) else f"DATE '{day.isoformat()}'"


def _list(*items: str) -> str:
    return ", ".join(items)


def _grouped(keys: int, *further: int) -> str:
    places = [*range(1, keys + 1), *further]
    return f"\nGROUP BY {', '.join(map(str, places))}" if places else ""
