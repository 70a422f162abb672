"""Why a figure moved: the few values that carry the change, what the mix does, what the calendar does, and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from insights.analysis.comparison import whole_before
from insights.analysis.data import Data
from insights.analysis.driving import mixing
from insights.analysis.driving.adtributor import surprise
from insights.analysis.driving.cubes import ABOVE, BELOW, ROWS, Cube, Figures
from insights.analysis.driving.dimensions import dimensions, time_of
from insights.analysis.driving.hourly import hours
from insights.analysis.driving.measures import Makeup, makeup
from insights.analysis.driving.reading import Reader, Sides
from insights.analysis.driving.search import CLEARLY, LEAST_ROWS, LEAST_SHARE, Carrier, Searched, search
from insights.analysis.driving.testing import RateTest, SumTest, Test, usual
from insights.answers import MetricAnswer
from insights.errors import NotAnswerable
from insights.findings import Driver, Drivers, Held, Hours
from insights.query.measures import Measured, measured
from insights.requests import ComparePeriod, CompareValues, Filter, MetricQuestion, Period, Scalar

_SHARE_OF_TIME, _LONGEST = 0.8, 20.0
_CHANCE = 4.0
"""A change of a fraction within two standard errors is what chance gives."""
_CLOUDED = 0.5
"""The share of the change that a mix must have for the rates of other segments to say little by themselves."""
_SETS = ("members", "also_first", "also_last", "not_first", "not_last")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """Everything that the change was taken apart into."""

    parts: Makeup
    whole: Figures
    before: float
    now: float
    cube: Cube
    searched: Searched
    mixed: mixing.Mixed | None = None
    calendar: float | None = None
    hours: Hours | None = None
    by_chance: bool = False

    @property
    def change(self) -> float:
        return self.now - self.before


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The answer of the comparison, with what carries its change. Raises NotAnswerable for what cannot be taken apart."""
    if len(question.metrics) != 1:
        raise NotAnswerable("I can explain one figure at a time.", remedy="Name one.")
    question = replace(question, grain=None, limit=None, order=None)
    sides = _sides(question)
    measure = measured(question.metrics[0], data.catalog, frozenset(data.catalog.metrics))
    parts = makeup(measure)
    compared = data.ask(_bare(question, analysis="compare", compare=question.compare))
    reader = Reader(data, sides, parts)
    taken = _take(question, data, reader, measure, parts, sides)
    finding = _finding(question, data, taken, reader)
    shown = replace(compared, analysis="drivers", finding=finding)
    return replace(shown, value=taken.now) if isinstance(question.compare, CompareValues) else shown


def _bare(question: MetricQuestion, **changed: object) -> MetricQuestion:
    """The question about the figure alone."""
    options = {name: value for name, value in question.options.items() if name in _SETS}
    bare = replace(question, group_by=(), options=options, columns=None)
    return replace(bare, **changed)  # type: ignore[arg-type]  # the callers name fields of a question


def _sides(question: MetricQuestion) -> Sides:
    bare = _bare(question, analysis="breakdown", compare=None)
    match question.compare:
        case ComparePeriod(period=before) if question.period is not None:
            return Sides(now=bare, before=replace(bare, period=before))
        case CompareValues(dimension=dimension, values=(one, other)):

            def side(value: Scalar) -> MetricQuestion:
                return replace(bare, filters=(*bare.filters, Filter(dimension=dimension, values=(value,))))

            return Sides(now=side(one), before=side(other))
        case _:
            raise NotAnswerable(
                "I need two periods, or two values, to explain the difference between.", remedy="Say which, such as last month and the month before."
            )


def _take(question: MetricQuestion, data: Data, reader: Reader, measure: Measured, parts: Makeup, sides: Sides) -> _Taken:
    whole = reader.whole()
    if whole[:, ROWS].min() <= 0:
        raise NotAnswerable("One of the two has no rows, so there is nothing to take apart.", remedy="Ask about periods that the data covers.")
    levels = whole[:, ABOVE] if parts.under is None else whole[:, ABOVE] / whole[:, BELOW]
    if not np.isfinite(levels).all():
        raise NotAnswerable("The figure is unknown on one side, so there is nothing to take apart.", remedy="Ask about other periods.")
    before, now = (float(level) for level in levels)
    test = _test(reader, parts, whole)
    names = [name for name in dimensions(question, measure, data) if not _is_compared(name, question)]
    cube = reader.cube(names, whole)
    if isinstance(test, RateTest) and (now - before) ** 2 <= _CHANCE * test.variance * float((1 / whole[:, BELOW]).sum()):
        searched = Searched(carriers=(), tested=sum(map(len, cube.values)), complete=True)
        return _Taken(parts=parts, whole=whole, before=before, now=now, cube=cube, searched=searched, by_chance=True)
    usually = _usually(question, data, sides, parts, test, cube.names)
    searched = search(cube, test, now - before, until=data.until(_SHARE_OF_TIME, _LONGEST), usually=usually)
    mixed = mixing.of(cube, now - before, test.variance) if isinstance(test, RateTest) else None
    calendar, found = None, None
    time, period = time_of(question, measure, data), question.period
    if measure.nature == "sum" and isinstance(question.compare, ComparePeriod) and time is not None and period is not None:
        calendar = reader.calendar(time, question.compare.period, period)
        table = reader.hours(time, period)
        found = hours(table, whole) if table is not None else None
    return _Taken(parts=parts, whole=whole, before=before, now=now, cube=cube, searched=searched, mixed=mixed, calendar=calendar, hours=found)


def _usually(question: MetricQuestion, data: Data, sides: Sides, parts: Makeup, test: Test, names: Sequence[str]) -> Mapping[str, float]:
    """How much the values of each dimension move anyway, from the period before the earlier one to that; nothing where the data does not reach back."""
    if not isinstance(question.compare, ComparePeriod) or data.seconds(_SHARE_OF_TIME, _LONGEST) <= 0:
        return {}
    earlier = whole_before(question.compare.period)
    start = min((covered.first for id_, covered in data.contents.coverage.items() if id_.dataset in _facts(parts)), default=None)
    if earlier is None or earlier.first is None or start is None or earlier.first < start:
        return {}
    reader = Reader(data, Sides(now=sides.before, before=replace(sides.before, period=earlier)), parts)
    whole = reader.whole()
    if whole[:, ROWS].min() <= 0:
        return {}
    _test(reader, parts, whole)
    cube = reader.cube(names, whole)
    tables = cube.tables(())
    return {name: usual(test.statistic(table[_known(table)], cube.whole())) for name, table in zip(cube.names, tables, strict=True)}


def _known(table: Figures) -> NDArray[np.bool_]:
    """The values with enough rows to be told of."""
    return np.asarray((table[:, :, ROWS].min(axis=1) >= LEAST_ROWS) | (table[:, :, ROWS].max(axis=1) >= CLEARLY))


def _facts(parts: Makeup) -> set[str]:
    return {one.dataset for side in (parts.over, parts.under) if side is not None for one in side.aggregations}


def _is_compared(name: str, question: MetricQuestion) -> bool:
    return isinstance(question.compare, CompareValues) and name.rpartition(".")[2] == question.compare.dimension.rpartition(".")[2]


def _test(reader: Reader, parts: Makeup, whole: Figures) -> Test:
    """How much the figure scatters by chance, from the squares of what single rows add; without those as counts do."""
    if parts.under is None:
        squared = reader.mean_square(whole, 0.0)
        total, rows = whole[:, ABOVE].sum(), whole[:, ROWS].sum()
        return SumTest(spread=max(0.0, squared * rows / total**2 - 1) if squared and total else 0.0)
    rate = whole[:, ABOVE].sum() / whole[:, BELOW].sum()
    squared = reader.mean_square(whole, float(rate))
    return RateTest(variance=squared / whole[:, BELOW].sum() if squared else abs(float(rate)), rate=float(rate))


def _finding(question: MetricQuestion, data: Data, taken: _Taken, reader: Reader) -> Drivers:
    drivers = _drivers(taken, data)
    changed = tuple(_driver([one], taken, data) for one in taken.searched.carriers if one.came_or_went)
    calendar = _calendar(taken, (*drivers, *changed))
    rest = taken.change - sum(one.contribution for one in (*drivers, *changed)) - (calendar or 0.0)
    period = question.period
    against = question.compare.period if isinstance(question.compare, ComparePeriod) else None
    asked = question.options.get("direction")
    days = (against.days, period.days) if calendar is not None and against is not None and period is not None else (None, None)
    return Drivers(
        before=taken.before,
        now=taken.now,
        change=taken.change,
        ratio=taken.change / abs(taken.before) if taken.before else None,
        went="up" if taken.change > 0 else "down" if taken.change < 0 else "unchanged",
        asked="up" if asked == "up" else "down" if asked == "down" else None,
        drivers=drivers,
        rest=rest,
        period=period,
        against=against,
        tested=taken.searched.tested,
        dimensions=tuple(_label(name, data) for name in taken.cube.names),
        complete=taken.searched.complete,
        calendar=calendar,
        days=(days[0], days[1]) if days[0] is not None and days[1] is not None else None,
        parting=mixing.parting(taken.mixed, taken.cube, lambda name: _label(name, data)) if taken.mixed is not None else None,
        events=_events(data, period),
        sides=(question.compare.values[0], question.compare.values[1]) if isinstance(question.compare, CompareValues) else None,
        hidden=reader.hidden,
        came_or_went=changed,
        hours=taken.hours,
        by_chance=taken.by_chance,
        as_ever=tuple(_held(taken.cube, d, [v for at, v in taken.searched.as_ever if at == d], data) for d in dict(taken.searched.as_ever)),
    )


def _calendar(taken: _Taken, drivers: Sequence[Driver]) -> float | None:
    """What the calendar adds outside of the drivers; None where that is too little to tell."""
    if taken.calendar is None or abs(taken.calendar) < LEAST_SHARE * abs(taken.change):
        return None
    named = sum(one.before or 0.0 for one in drivers) / taken.before if taken.before else 0.0
    return taken.calendar * (1 - named)


def _drivers(taken: _Taken, data: Data) -> tuple[Driver, ...]:
    carriers = [one for one in taken.searched.carriers if not one.came_or_went]
    if taken.mixed is not None and abs(taken.mixed.split.mix.sum()) >= _CLOUDED * abs(taken.change):
        carriers = []  # rates of other segments move with the mix within them
    found = [_driver(group, taken, data) for group in _grouped(carriers)]
    if taken.mixed is not None:
        found += [
            Driver(
                where=(_held(taken.cube, taken.mixed.dimension, [one.value], data),),
                kind="mix",
                before=one.before,
                now=one.now,
                contribution=one.contribution,
                share=_share(one.contribution, taken.change),
                rows=one.rows,
                level=one.level,
            )
            for one in taken.mixed.values
        ]
    return tuple(sorted(found, key=lambda one: -abs(one.contribution)))


def _grouped(carriers: Sequence[Carrier]) -> list[list[Carrier]]:
    """Values of one dimension that went the same way, everything else being the same, are told together."""
    groups: dict[object, list[Carrier]] = {}
    for one in carriers:
        *others, (dimension, value) = one.segment
        key: object = (tuple(others), dimension, one.contribution > 0, one.is_rest)
        if len(one.segment) == 2:  # either value may be what they have in common
            first, last = one.segment
            same = (((last,), first[0], one.contribution > 0, one.is_rest), key)
            key = next((known for known in same if known in groups), key)
        del value
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _driver(group: Sequence[Carrier], taken: _Taken, data: Data) -> Driver:
    figures = np.sum([one.figures for one in group], axis=0)
    fraction = taken.parts.under is not None
    levels = [float(side[ABOVE] / side[BELOW]) if side[BELOW] else None for side in figures] if fraction else [float(side[ABOVE]) for side in figures]
    numbers: dict[int, list[int]] = {}
    for one in group:
        for d, v in one.segment:
            numbers.setdefault(d, [])
            numbers[d] += [v] if v not in numbers[d] else []
    contribution = sum(one.contribution for one in group)
    surprises = None
    if not fraction:
        parts = np.stack([figures[:, ABOVE], taken.whole[:, ABOVE] - figures[:, ABOVE]])
        surprises = float(surprise(parts[:, 0], parts[:, 1])[0])
    return Driver(
        where=tuple(_held(taken.cube, d, values, data) for d, values in sorted(numbers.items())),
        kind="rate" if fraction else "value",
        before=levels[0],
        now=levels[1],
        contribution=contribution,
        share=_share(contribution, taken.change),
        rows=(round(float(figures[0, ROWS])), round(float(figures[1, ROWS]))),
        surprise=surprises,
        chance=max(one.chance for one in group),
        is_rest=any(one.is_rest for one in group),
    )


def _held(cube: Cube, dimension: int, values: Sequence[int], data: Data) -> Held:
    name = cube.names[dimension]
    found = [cube.values[dimension][v] for v in values]
    return Held(dimension=name, label=_label(name, data), values=tuple(found))


def _share(contribution: float, change: float) -> float | None:
    return contribution / change if change else None


def _label(name: str, data: Data) -> str:
    """What people call a dimension."""
    ids = data.catalog.field_ids(name)
    return data.catalog.fields[ids[0]].label if ids else name


def _events(data: Data, period: Period | None) -> tuple[str, ...]:
    if period is None or period.first is None or period.last is None:
        return ()
    return tuple(name for name, day in data.catalog.events.items() if period.first <= day <= period.last)
