"""What members did over time: when each began and what they did since, as triangles, stays and steps that are gone through in order."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import TypeAlias

from insights.catalog.model import Aggregation, Catalog, FieldId, MetricFormula, RowExpression
from insights.catalog.values import Contents
from insights.errors import NotAnswerable
from insights.permit import Grant
from insights.query.algebra import Aggregate, Bucket, Compared, Condition, Either, Expression, Part, Plan, Stated
from insights.query.conditions import seen, start_of, within
from insights.query.dialects import Dialect
from insights.query.gathering import joining_for
from insights.query.groups import condition, grouping, label
from insights.query.joins import Joining, member_of
from insights.query.parts import bucket
from insights.query.writing import Relation, Writing
from insights.requests import Filter, Grain, Period
from insights.warehouse.port import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Rows of `dataset` as things that happen to members at `time`: those where all of `where` hold and all of `known` are known; `value` is added up.

    `formula` is arithmetic over aggregates of the rows, where more than a sum is wanted of each member.
    """

    dataset: str
    time: FieldId
    where: tuple[RowExpression, ...] = ()
    known: tuple[RowExpression, ...] = ()
    value: RowExpression | None = None
    formula: MetricFormula = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """Members by the bucket of their first `began`, and how many of them (with which amount) had something `done` in each bucket from then on.

    Columns: began, bucket (None: all who began), members, amount.
    """

    member: FieldId
    began: Event
    done: Event
    grain: Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """Members by the bucket in which they began and the one in which they ended (None: not yet). Columns: began, ended, members."""

    member: FieldId
    began: Event
    ended: FieldId
    grain: Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How many members came to each of the steps, each at or after the one before. `by_day`: what happens on the same day is in order.

    Columns: the number of the step from 0, members.
    """

    member: FieldId
    steps: tuple[Event, ...]
    by_day: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """The figures of each member, by the formulas of the `figures`. Columns: the number of the figure from 0, member, figure, last day."""

    member: FieldId
    figures: tuple[Event, ...]


Course: TypeAlias = Triangle | Stays | Passage | Profiles
MOST_PROFILES = 1_000_000
"""Rows of all figures together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """What narrows a course: conditions on members or on what they did, the period in which they began, and the last day that is looked at."""

    filters: tuple[Filter, ...]
    period: Period
    through: date | None


def datasets_of(course: Course) -> tuple[str, ...]:
    """The facts that a course is read from."""
    return tuple(dict.fromkeys(event.dataset for event in _events(course)))


def drawn_up(course: Course, asked: Within, grant: Grant, catalog: Catalog, contents: Contents) -> Plan:
    """The scans of a course, so that rights, engine and cache hold as for any question. Raises NotPermitted and NotAnswerable as `plan` does."""
    events = _events(course)
    placed = _placed(asked.filters, course.member, events, catalog, everywhere=isinstance(course, Profiles))
    parts = tuple(_scan(course, event, number, asked, placed[number], grant, catalog, contents) for number, event in enumerate(events))
    times = tuple(dict.fromkeys(event.time for event in events))
    named = {one.dimension: number for number, some in enumerate(placed) for one in some if one.dimension is not None}
    groups = {name: grouping(catalog, name, (events[number].dataset,)) for name, number in named.items()}
    return Plan(
        analysis="funnel" if isinstance(course, Passage) else "segments" if isinstance(course, Profiles) else "cohorts",
        parts=parts,
        keys=(),
        outputs=(),
        definitions=(),
        datasets=datasets_of(course),
        times=times,
        time_name=str(events[0].time),
        period=asked.period,
        filters=asked.filters,
        labels=tuple((name, label(catalog, group, times)) for name, group in groups.items()),
        partial=any(catalog.paths(event.dataset, dataset) for event in events for dataset in grant.rows),
    )


def emit_course(course: Course, planned: Plan, asked: Within, catalog: Catalog, relation: Relation, dialect: Dialect) -> Query:
    """The query of a course over the scans of its plan."""
    writer = _Writer(relation, dialect, catalog, asked)
    match course:
        case Triangle():
            sql = writer.triangle(course, planned.parts)
        case Stays():
            sql = writer.stays(planned.parts)
        case Passage():
            sql = writer.passage(planned.parts)
        case Profiles():
            sql = writer.profiles(course, planned.parts)
    return Query(sql=sql, parameters=tuple(writer.parameters))


def _events(course: Course) -> tuple[Event, ...]:
    match course:
        case Triangle(began=began, done=done):
            return (began, done)
        case Stays(began=began):
            return (began,)
        case Passage(steps=steps):
            return steps
        case Profiles(figures=figures):
            return figures


def _placed(filters: Sequence[Filter], member: FieldId, events: Sequence[Event], catalog: Catalog, *, everywhere: bool) -> list[list[Filter]]:
    """Which conditions hold for which event: what members are like holds where they begin, anything else for every event that knows it.

    `everywhere`: for all of them. Raises NotAnswerable for what none of them knows, or not all.
    """
    found: list[list[Filter]] = [[] for _ in events]
    for one in filters:
        assert one.dimension is not None
        if not everywhere and _knows(catalog, one.dimension, events[0].dataset) and _knows(catalog, one.dimension, member.dataset):
            found[0].append(one)
            continue
        knowing = [n for n, event in enumerate(events) if _knows(catalog, one.dimension, event.dataset)]
        for event in events if everywhere or not knowing else ():
            grouping(catalog, one.dimension, (event.dataset,))  # says why where it is not known
        for n in knowing:
            found[n].append(one)
    return found


def _knows(catalog: Catalog, name: str, fact: str) -> bool:
    try:
        grouping(catalog, name, (fact,))
    except NotAnswerable:
        return False
    return True


def _scan(course: Course, event: Event, number: int, asked: Within, filters: Sequence[Filter], grant: Grant, catalog: Catalog, contents: Contents) -> Part:
    """The rows of one event: keys are whose they are, when, and for stays when they ended; then what is added up."""
    joining = joining_for(catalog, event.dataset, grant, contents)
    member, at = member_of(joining, catalog, event.dataset, course.member), joining.field(event.time)
    conditions: list[Condition] = [*seen(catalog, event.dataset, grant, joining), within(catalog, event.time, Period(last=asked.through), joining)]
    conditions += [Stated(joining.row(where)) for where in event.where]
    conditions += [Compared(joining.row(known), "not_null", ()) for known in event.known]
    conditions += [condition(catalog, grouping(catalog, str(one.dimension), (event.dataset,)), one, event.time, joining) for one in filters]
    wheres = [one.where for one in _aggregations(event)]
    if wheres and None not in wheres:  # a row that no aggregate is of is nothing that happened
        conditions.append(Either(tuple(Stated(joining.row(where)) for where in dict.fromkeys(wheres) if where is not None)))
    conditions.append(Compared(member, "not_null", ()))
    if isinstance(course, Profiles) or (number == 0 and not (isinstance(course, Triangle) and not _is_own(course, event))):
        conditions.append(within(catalog, event.time, asked.period, joining))
    keys: list[Expression] = [member, at]
    match course:
        case Stays(ended=ended):
            keys.append(joining.field(ended))
        case Triangle() if number == 0:
            keys.append(joining.stored(event.time))
        case _ if event.value is not None:
            keys.append(joining.row(event.value))
        case _:
            pass
    aggregates = tuple(_aggregate(one, joining) for one in _aggregations(event))
    return Part(
        source=catalog.datasets[event.dataset].source,
        alias=event.dataset,
        joins=joining.joins,
        conditions=tuple(conditions),
        keys=tuple(_bucketed(course, event, keys, catalog)),
        aggregates=aggregates,
    )


def _aggregations(event: Event) -> tuple[Aggregation, ...]:
    return tuple(dict.fromkeys(piece for piece in event.formula if isinstance(piece, Aggregation)))


def _aggregate(one: Aggregation, joining: Joining) -> Aggregate:
    operand = joining.row(one.operand) if one.operand is not None else None
    return Aggregate(
        function=one.function, operand=operand, where=Stated(joining.row(one.where)) if one.where is not None else None, at=one.at, discrete=one.discrete
    )


def _bucketed(course: Course, event: Event, keys: Sequence[Expression], catalog: Catalog) -> Sequence[Expression]:
    """The times among the keys as the buckets they lie in."""
    member, at, *rest = keys
    if isinstance(course, Profiles):
        instant = catalog.fields[event.time].kind == "timestamp"
        return (member, Bucket(of=at, grain="day", instant=True) if instant else at, *rest)
    if isinstance(course, Passage):
        instant = catalog.fields[event.time].kind == "timestamp"
        return (member, Bucket(of=at, grain="day", instant=True) if course.by_day and instant else at, *rest)
    found = [member, _bucket(catalog, event.time, at, course.grain), *rest]
    if isinstance(course, Stays):
        found[-1] = _bucket(catalog, course.ended, found[-1], course.grain)
    return found


def _bucket(catalog: Catalog, id_: FieldId, of: Expression, grain: Grain) -> Bucket:
    return bucket(catalog, of, grain, instant=catalog.fields[id_].kind == "timestamp")


class _Writer(Writing):
    """Writes one course; parameters are collected in the order of their placeholders."""

    def __init__(self, relation: Relation, dialect: Dialect, catalog: Catalog, asked: Within) -> None:
        super().__init__(relation, dialect)
        self._catalog = catalog
        self._asked = asked

    def triangle(self, course: Triangle, parts: Sequence[Part]) -> str:
        first, then = parts
        begun = self._begun(course, first)
        amount = f"sum({self.expression(then.keys[2])})" if course.done.value is not None else "count(*)"
        done = self.rows(f"{self.expression(then.keys[0])} AS member, {self.expression(then.keys[1])} AS at, {amount} AS amount", then)
        return (
            f"WITH begun AS (\n{begun}\n), done AS (\n{done}\nGROUP BY 1, 2\n)\n"
            "SELECT begun.began AS began, done.at AS at, count(*) AS members, sum(done.amount) AS amount\n"
            "FROM begun JOIN done ON done.member = begun.member AND done.at >= begun.began\nGROUP BY 1, 2\n"
            "UNION ALL\nSELECT began, NULL AS at, count(*) AS members, NULL AS amount FROM begun GROUP BY began"
        )

    def stays(self, parts: Sequence[Part]) -> str:
        (part,) = parts
        _, began, ended = map(self.expression, part.keys)
        return self.rows(f"{began} AS began, {ended} AS ended, count(*) AS members", part) + "\nGROUP BY 1, 2"

    def passage(self, parts: Sequence[Part]) -> str:
        stages = []
        for n, part in enumerate(parts):
            member, at = self.expression(part.keys[0]), self.expression(part.keys[1])
            if n == 0:
                scan = self.rows(f"{member} AS member, min({at}) AS at", part)
                stages.append(f"step0 AS (\n{scan}\nGROUP BY 1\n)")
                continue
            scan = self.rows(f"{member} AS member, {at} AS at", part)
            on = f"event{n}.member = step{n - 1}.member AND event{n}.at >= step{n - 1}.at"
            stages.append(f"event{n} AS (\n{scan}\n)")
            stages.append(f"step{n} AS (\nSELECT step{n - 1}.member AS member, min(event{n}.at) AS at\nFROM step{n - 1} JOIN event{n} ON {on}\nGROUP BY 1\n)")
        counts = "\nUNION ALL\n".join(f"SELECT {n} AS step, count(*) AS members FROM step{n}" for n in range(len(parts)))
        return f"WITH {', '.join(stages)}\n{counts}"

    def profiles(self, course: Profiles, parts: Sequence[Part]) -> str:
        scans = []
        for n, (event, part) in enumerate(zip(course.figures, parts, strict=True)):
            numbers = {one: at for at, one in enumerate(_aggregations(event))}
            member = self.expression(part.keys[0])
            pieces: tuple[str | Aggregation, ...] = self._dialect.carried(event.formula)
            figure = "".join(p if isinstance(p, str) else f"({self.aggregate(part.aggregates[numbers[p]])})" for p in pieces)
            last = f"max({self.expression(part.keys[1])})"
            scans.append(
                self.rows(f"{n} AS figure, {member} AS member, CAST({figure} AS {self._dialect.double}) AS amount, {last} AS last_day", part) + "\nGROUP BY 2"
            )
        return "\nUNION ALL\n".join(scans) + f"\nLIMIT {MOST_PROFILES + 1:d}"

    def _begun(self, course: Triangle, part: Part) -> str:
        """When each member began: the first time, which must lie in the period."""
        member, at, stored = part.keys
        begun = self.rows(f"{self.expression(member)} AS member, min({self.expression(at)}) AS began", part) + "\nGROUP BY 1"
        period = self._asked.period
        if _is_own(course, course.began) or (period.first is None and period.last is None):
            return begun
        after = period.last + timedelta(days=1) if period.last is not None and period.last.year < MAXYEAR else None
        bounds = start_of(self._catalog, course.began.time, period.first), start_of(self._catalog, course.began.time, after)
        return f"{begun}\nHAVING {self.between(f'min({self.expression(stored)})', *bounds)}"


def _is_own(course: Course, event: Event) -> bool:
    """Whether each row of an event is a member, so that it began once."""
    return event.dataset == course.member.dataset
