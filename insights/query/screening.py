"""Which rows of an answer about people may be shown, seen against everything else that could be asked: the tables that this takes are read here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations

from insights.catalog.model import Catalog
from insights.errors import NotPermitted
from insights.query.algebra import Figure, Plan
from insights.query.neighbours import is_ranged, neighbours
from insights.query.suppression import Cell, Kept, Margin, Withheld, withheld
from insights.query.times import bucket_of, following
from insights.requests import Analysis, CompareValues, Filter, Grain, MetricQuestion, Scalar

MOST_KEYS = 4
"""Every choice of the keys is a table that must be read."""
MOST_CELLS = 5_000

Read = Callable[[MetricQuestion], tuple[Plan, Sequence[Sequence[Scalar]]]]
"""Plans and computes a question; its rows are the keys, the outputs and the guards. None where there is nobody to count."""
Guard = tuple[object, ...]
_TELLING_MEMBERS = ("members", "not_first", "not_last", "also_first", "also_last", "width", "bins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is withheld of one period. `names` are the keys of the `box`, whose cells the question is about, `sheets` what is withheld by kind of people."""

    names: tuple[str, ...]
    box: frozenset[Cell]
    sheets: tuple[Withheld, ...]

    @property
    def shows_nothing(self) -> bool:
        """Whether not even who is not there may be told."""
        return any(sheet.whole for sheet in self.sheets)

    def shows(self, keys: Mapping[str, Scalar]) -> bool:
        """Whether the row with these keys tells nothing about what is withheld."""
        cells = [cell for cell in self.box if all(cell[n] == keys[name] for n, name in enumerate(self.names) if name in keys)]
        return all(sheet.gives(cells) for sheet in self.sheets)


def screens(question: MetricQuestion, planned: Plan, catalog: Catalog, read: Read) -> tuple[Screen, ...]:
    """The screens of a planned question, one for each period that it reads. Raises NotPermitted for what has too many details to be looked through."""
    grain = planned.keys[0].grain if planned.keys and planned.keys[0].grain else None
    names = _names(question)
    if len(names) + bool(grain) > MOST_KEYS:
        raise _too_detailed(planned.minimum_group or 0)
    periods = dict.fromkeys((planned.period, *(p for p in (planned.before, planned.base) if p is not None)))
    return tuple(_Screening(replace(_bare(question), period=period), names, grain, planned.minimum_group or 0, catalog, read).screen() for period in periods)


def _names(question: MetricQuestion) -> tuple[str, ...]:
    """What is grouped by and filtered on value by value, in an order that does not depend on how it is asked: the same cells are withheld then."""
    compared = (question.compare.dimension,) if isinstance(question.compare, CompareValues) else ()
    names = {*question.group_by, *compared, *(f.dimension for f in question.filters if f.dimension and not is_ranged(f))}
    return tuple(sorted(names, key=lambda name: (name.rpartition(".")[2], name)))


def _bare(question: MetricQuestion) -> MetricQuestion:
    """The figures of a question, with what its conditions name, and nothing that only orders or limits them."""
    measures = tuple(dict.fromkeys((*question.metrics, *(f.metric for f in question.filters if f.metric))))
    options = {key: question.options[key] for key in _TELLING_MEMBERS if key in question.options}
    filters = [f for f in question.filters if f.dimension]
    if isinstance(question.compare, CompareValues):
        filters.append(Filter(dimension=question.compare.dimension, values=question.compare.values))
    return MetricQuestion(metrics=measures, time_field=question.time_field, filters=tuple(filters), options=options)


class _Screening:
    """Reads the tables of one question over one period."""

    def __init__(self, question: MetricQuestion, names: tuple[str, ...], grain: Grain | None, least: int, catalog: Catalog, read: Read) -> None:
        self._question = question
        self._open = replace(question, filters=tuple(f for f in question.filters if is_ranged(f)))
        self._names = names
        self._grain = grain
        self._least = least
        self._catalog = catalog
        self._read = read

    def screen(self) -> Screen:
        finest = self._counted(self._open, tuple(range(len(self._names) + bool(self._grain))))
        self._names = tuple(name for name in self._names if name in finest.names)  # what is bucketed is not grouped by as well
        width = len(self._names) + bool(self._grain)
        whole = tuple(range(width))
        margins = {kept: finest if kept == whole else self._counted(self._open, kept) for n in range(width + 1) for kept in combinations(whole, n)}
        kinds = tuple(dict.fromkeys(kind for table in margins.values() for kind in table.kinds))
        if not kinds:
            raise _too_detailed(self._least)
        beside = {kept: self._beside(kept) for kept, table in margins.items() if table.kinds}
        sheets = []
        for kind in kinds:
            sheet = {kept: self._margin(kind, kept, table, finest, beside.get(kept, ())) for kept, table in margins.items()}
            sheets.append(withheld(sheet, self._least))
        filtered = self._question.filters != self._open.filters
        box = self._counted(self._question, whole).cells if filtered else finest.cells
        return Screen(names=finest.names, box=frozenset(box), sheets=tuple(sheets))

    def _counted(self, question: MetricQuestion, kept: Kept) -> _Counted:
        """The people in each cell of the table by these keys; the bucket of time is the first key where there is one."""
        in_time = self._grain is not None and 0 in kept
        by = tuple(self._names[n - bool(self._grain)] for n in kept if n or self._grain is None)
        analysis: Analysis = "series" if in_time else "breakdown" if by else "value"
        planned, rows = self._read(replace(question, analysis=analysis, group_by=by, grain=self._grain if in_time else None))
        if len(rows) > MOST_CELLS:
            raise _too_detailed(self._least)
        return _Counted(planned, rows)

    def _beside(self, kept: Kept) -> tuple[_Counted, ...]:
        """The same table just inside and outside of each end; of a series, its buckets without their time."""
        without = tuple(n for n in kept if n or self._grain is None)
        return tuple(self._counted(question, without) for question in neighbours(self._open, self._catalog))

    def _margin(self, kind: Guard, kept: Kept, table: _Counted, finest: _Counted, beside: Sequence[_Counted]) -> Margin:
        """How many people are in each cell, and which of them must not come out: small ones, and those with a small one beside them."""
        if kind not in table.kinds:
            return Margin(people={tuple(cell[n] for n in kept): 0 for cell in finest.cells})
        people = table.people(kind)
        small = {cell for cell, count in people.items() if self._is_small(count)}
        edges = {cell for other in beside for cell, count in other.people(kind).items() if self._is_small(count)}
        if self._grain is not None and 0 in kept:
            small |= {cell for cell in people if self._is_near_small(cell, people)}
            small |= {cell for cell in people if cell[1:] in edges and self._is_at_edge(cell[0])}
        else:
            small |= edges & people.keys()
        return Margin(people=people, small=frozenset(small))

    def _is_small(self, count: int) -> bool:
        return 0 < count < self._least

    def _is_near_small(self, cell: Cell, people: Mapping[Cell, int]) -> bool:
        """Whether the bucket before or after a cell's is small: a period from one to the other may be asked for, and one without it."""
        assert self._grain is not None
        start = cell[0]
        beside = _around(start, self._grain, self._catalog) if isinstance(start, date) else ()
        return any(self._is_small(people.get((bucket, *cell[1:]), 0)) for bucket in beside)

    def _is_at_edge(self, start: Scalar) -> bool:
        """Whether a bucket is the first or the last of the period."""
        period = self._question.period
        if period is None or not isinstance(start, date) or self._grain is None:
            return False
        day = start.date() if isinstance(start, datetime) else start
        after = following(day, self._grain) if self._grain != "hour" else day + timedelta(days=1)
        return (period.first is not None and day <= period.first) or (period.last is not None and after > period.last)


class _Counted:
    """A table as it was read: its cells, and the people of each kind behind them."""

    def __init__(self, planned: Plan, rows: Sequence[Sequence[Scalar]]) -> None:
        self._planned = planned
        self._rows = rows
        self._width = len(planned.keys)
        self._places = _kinds(planned)
        self.names = tuple(column.name for column in planned.keys)
        self.kinds = tuple(self._places)
        self.cells = tuple(tuple(row[: self._width]) for row in rows)

    def people(self, kind: Guard) -> dict[Cell, int]:
        """The fewest people behind any figure of this kind, in each cell."""
        first, found = self._width + len(self._planned.outputs), {}
        for row in self._rows:
            counts = [count for at in self._places.get(kind, ()) if isinstance(count := row[first + at], int) and count > 0]
            found[tuple(row[: self._width])] = min(counts, default=0)
        return found


def _kinds(planned: Plan) -> Mapping[Guard, tuple[int, ...]]:
    """The numbers of the guards by what they count people for."""
    found: dict[Guard, tuple[int, ...]] = {}
    for at, guard in enumerate(planned.guards):
        kind = _kind(planned, guard)
        found[kind] = (*found.get(kind, ()), at)
    return found


def _kind(planned: Plan, guard: Figure) -> Guard:
    part = planned.parts[guard.part]
    counted = part.aggregates[guard.aggregate]
    return part.source, counted.operand, counted.where


def _around(start: date, grain: Grain, catalog: Catalog) -> Iterator[date]:
    """The starts of the buckets before and after one, as the kind of day or instant that it is."""
    if grain == "hour":
        yield start - timedelta(hours=1)
        yield start + timedelta(hours=1)
        return
    day = start.date() if isinstance(start, datetime) else start
    for other in (bucket_of(day - timedelta(days=1), grain, catalog), following(day, grain)):
        yield datetime.combine(other, time()) if isinstance(start, datetime) else other


def _too_detailed(least: int) -> NotPermitted:
    return NotPermitted(f"In so many details that may tell something about fewer than {least} people.", remedy="Ask with fewer details.")
