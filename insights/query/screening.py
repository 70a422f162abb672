"""Which rows of an answer about people may be shown, seen against everything else that could be asked: the tables that this takes are read here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from insights.catalog.model import Catalog
from insights.errors import NotPermitted
from insights.query.algebra import Figure, Plan
from insights.query.neighbours import Walk, is_ranged, walks
from insights.query.nesting import Within, choices, widened
from insights.query.suppression import Cell, Kept, Margin, Withheld, withheld
from insights.requests import Analysis, CompareValues, Filter, Grain, MetricQuestion, Scalar

MOST_KEYS = 4
"""Every choice of the keys is a table that must be read."""
MOST_CELLS = 5_000

Read = Callable[[Sequence[MetricQuestion]], Sequence[tuple[Plan, Sequence[Sequence[Scalar]]]]]
"""Plans and computes questions; their rows are the keys, the outputs and the guards. None where there is nobody to count."""
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


def screens(question: MetricQuestion, planned: Plan, catalog: Catalog, within: Within, read: Read) -> tuple[Screen, ...]:
    """The screens of a planned question, one for each period that it reads; `within` says which groups lie whole in wider ones, whose figures are known too.

    Raises NotPermitted for what has too many details to be looked through.
    """
    grain = planned.keys[0].grain if planned.keys and planned.keys[0].grain else None
    names = _names(question)
    if len(names) + bool(grain) > MOST_KEYS:
        raise _too_detailed(planned.minimum_group or 0)
    holding = widened(names, planned.datasets, catalog, within, timed=bool(grain))
    periods = dict.fromkeys((planned.period, *(p for p in (planned.before, planned.base) if p is not None)))
    return tuple(_Screening(replace(_bare(question), period=period), holding, grain, planned.minimum_group or 0, catalog, read).screen() for period in periods)


def _names(question: MetricQuestion) -> tuple[str, ...]:
    """What is grouped by and filtered on value by value, in an order that does not depend on how it is asked: the same cells are withheld then."""
    compared = (question.compare.dimension,) if isinstance(question.compare, CompareValues) else ()
    return _ordered({*question.group_by, *compared, *(f.dimension for f in question.filters if f.dimension and not is_ranged(f))})


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
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

    def __init__(self, question: MetricQuestion, holding: Mapping[str, frozenset[str]], grain: Grain | None, least: int, catalog: Catalog, read: Read) -> None:
        self._question = question
        self._open = replace(question, filters=tuple(f for f in question.filters if is_ranged(f)))
        self._holding = holding
        self._names = _ordered(holding)
        self._grain = grain
        self._least = least
        self._catalog = catalog
        self._read = read

    def screen(self) -> Screen:
        whole, margins = self._margins()
        if margins[whole].names[bool(self._grain) :] != self._names:  # what is bucketed is not grouped by as well
            self._names = tuple(name for name in self._names if name in margins[whole].names)
            self._holding = {name: self._holding[name] & {*self._names} for name in self._names}
            whole, margins = self._margins()
        finest = margins[whole]
        kinds = tuple(dict.fromkeys(kind for table in margins.values() for kind in table.kinds))
        if not kinds:
            raise _too_detailed(self._least)
        beside = self._edges(margins)
        sheets = []
        for kind in kinds:
            sheet = {kept: self._margin(kind, kept, table, finest, beside.get(kept, {}).get(kind, frozenset())) for kept, table in margins.items()}
            sheets.append(withheld(sheet, self._least))
        filtered = self._question.filters != self._open.filters
        box = self._counted(self._question, (whole,))[whole].cells if filtered else finest.cells
        return Screen(names=finest.names, box=frozenset(box), sheets=tuple(sheets))

    def _margins(self) -> tuple[Kept, Mapping[Kept, _Counted]]:
        """The numbers of all keys, and the table for each choice of them that holds what its keys lie within."""
        first = bool(self._grain)
        whole = tuple(range(len(self._names) + first))
        closed = [tuple(n + first for n, name in enumerate(self._names) if name in some) for some in choices(self._holding, timed=False)]
        return whole, self._counted(self._open, [*closed, *((0, *kept) for kept in closed if first)])

    def _counted(self, question: MetricQuestion, choices: Sequence[Kept]) -> Mapping[Kept, _Counted]:
        """The people in each cell of the tables by these keys; the bucket of time is the first key where there is one."""
        read = self._read([self._by(question, kept) for kept in choices])
        if any(len(rows) > MOST_CELLS for _, rows in read):
            raise _too_detailed(self._least)
        return {kept: _Counted(planned, rows) for kept, (planned, rows) in zip(choices, read, strict=True)}

    def _by(self, question: MetricQuestion, kept: Kept) -> MetricQuestion:
        in_time = self._grain is not None and 0 in kept
        by = tuple(self._names[n - bool(self._grain)] for n in kept if n or self._grain is None)
        analysis: Analysis = "series" if in_time else "breakdown" if by else "value"
        return replace(question, analysis=analysis, group_by=by, grain=self._grain if in_time else None)

    def _edges(self, margins: Mapping[Kept, _Counted]) -> Mapping[Kept, Mapping[Guard, frozenset[Cell]]]:
        """The cells, by kind of people, with too few of them just inside or outside of an end; of a series, without their time."""
        cells: dict[tuple[Kept, Guard], set[Cell]] = {}
        for kept, table in margins.items():
            in_time = self._grain is not None and 0 in kept
            for kind in table.kinds:
                cells[kept, kind] = {cell[in_time:] for cell, count in table.people(kind).items() if count > 0}
        found: dict[tuple[Kept, Guard], set[Cell]] = {key: set() for key in cells}
        for walk in walks(self._open, self._catalog):
            for key, edges in self._walked(walk, cells):
                found[key] |= edges
        return {kept: {kind: frozenset(found[kept, kind]) for kind in table.kinds} for kept, table in margins.items()}

    def _walked(self, walk: Walk, cells: Mapping[tuple[Kept, Guard], set[Cell]]) -> Iterator[tuple[tuple[Kept, Guard], set[Cell]]]:
        """Which cells meet too few people first in one direction; those who meet nobody for long may meet few."""
        looking = {key: set(of) for key, of in cells.items()}
        for step in (*walk.steps, *((walk.rest,) if walk.rest is not None else ())):
            without = {kept: tuple(n for n in kept if n or self._grain is None) for (kept, _), left in looking.items() if left}
            if not without:
                return
            counted = self._counted(step, tuple(dict.fromkeys(without.values())))
            for (kept, kind), left in looking.items():
                if left:
                    met = {cell: count for cell, count in counted[without[kept]].people(kind).items() if count > 0 and cell in left}
                    left.difference_update(met)
                    yield (kept, kind), {cell for cell, count in met.items() if self._is_small(count) or step is walk.rest}

    def _margin(self, kind: Guard, kept: Kept, table: _Counted, finest: _Counted, edges: frozenset[Cell]) -> Margin:
        """How many people are in each cell, and which of them must not come out: small ones, and those with a small one beside them."""
        if kind not in table.kinds:
            return Margin(people={tuple(cell[n] for n in kept): 0 for cell in finest.cells})
        people = table.people(kind)
        small = {cell for cell, count in people.items() if self._is_small(count)}
        if self._grain is not None and 0 in kept:
            small |= _near_small(people, small)
            small |= _outermost(people, edges)
        else:
            small |= edges & people.keys()
        return Margin(people=people, small=frozenset(small))

    def _is_small(self, count: int) -> bool:
        return 0 < count < self._least


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


def _lines(people: Mapping[Cell, int]) -> Iterator[list[Cell]]:
    """The cells of a series with anybody in them, in the order of their buckets, for each combination of the other keys."""
    lines: dict[Cell, list[Cell]] = {}
    for cell in (one for one, count in people.items() if count > 0 and one[0] is not None):
        lines.setdefault(cell[1:], []).append(cell)
    for line in lines.values():
        yield sorted(line, key=lambda cell: str(cell[0]))


def _near_small(people: Mapping[Cell, int], small: Set[Cell]) -> set[Cell]:
    """The buckets before and after small ones, with nobody in between: a period from one to the other may be asked for, and one without it."""
    pairs = [pair for line in _lines(people) for pair in pairwise(line)]
    return {one for one, other in pairs if other in small} | {other for one, other in pairs if one in small}


def _outermost(people: Mapping[Cell, int], edges: Set[Cell]) -> set[Cell]:
    """The first and the last bucket with anybody, of what has few people beside an end."""
    return {cell for line in _lines(people) if line[0][1:] in edges for cell in (line[0], line[-1])}


def _too_detailed(least: int) -> NotPermitted:
    return NotPermitted(f"In so many details that may tell something about fewer than {least} people.", remedy="Ask with fewer details.")
