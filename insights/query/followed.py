"""What events led to: conversions as a part of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import MAXYEAR, date, timedelta

from insights.catalog.model import Catalog, FieldId, Followed, Length
from insights.errors import NotAnswerable
from insights.query.algebra import Between, Compared, Condition, Expression, Led, Part, Rows, Stated
from insights.query.conditions import seen, start_of, within
from insights.query.gathering import joining_for
from insights.query.groups import condition
from insights.query.joins import Joining, member_of
from insights.query.parts import Asked, Scope, Wanted, aggregates_of, bucket, guards_of, keys_of
from insights.query.shifting import shifted
from insights.requests import Period


def followed(question: Asked, scope: Scope, wanted: Sequence[Wanted]) -> tuple[Part, tuple[int, ...]]:
    """What followed the rows of a fact, told by the rows; and the numbers of the aggregates that count people.

    What a goal belongs to does not depend on what is asked: the period and the filters choose among rows that know already what they led to. Row policies
    come first, on both sides.
    """
    assert scope.standing is not None
    over, fact, catalog = scope.standing.over, scope.fact, question.catalog
    if scope.time is None or not isinstance(over, Followed):
        raise NotAnswerable("This has no dates, so I can't say what followed it.")
    joining = joining_for(catalog, fact, question.grant, question.contents)
    period = scope.whole if scope.periods else Period()
    member, happened = member_of(joining, catalog, fact, over.by), _at(joining, catalog, scope.time, over.goal.time)
    conditions = [*seen(catalog, fact, question.grant, joining), *_reading(question, scope.time, period, over.within, joining)]
    conditions += [Stated(joining.row(scope.standing.where))] if scope.standing.where is not None else []
    bare = [replace(one, aggregation=replace(one.aggregation, where=None, operand=None)) for one in wanted]
    aggregates, _ = aggregates_of(question, replace(scope, periods=()), bare, joining)
    keys = keys_of(question, scope, joining)
    counts: list[Condition] = [within(catalog, scope.time, one, joining) for one in ([period] if scope.periods else [])]
    counts += [condition(catalog, group, wish, scope.time, joining) for group, wish in question.filters]
    guards = guards_of(question, fact, joining, aggregates) if question.grant.minimum_group else ()
    led = _goals(question, over, period, scope.time)
    same = tuple((joining.field(one), there) for (one, _), (_, there) in zip(over.same, led.same, strict=True))
    settled = _settled(joining, catalog, fact, scope.time, happened)
    part = Part(
        source=catalog.datasets[fact].source,
        alias=fact,
        joins=joining.joins,
        conditions=(*conditions, *_known(member, happened)),
        keys=keys,
        aggregates=(*aggregates, *guards),
        key_numbers=scope.key_numbers,
        led=replace(led, at=happened, member=member, counts=tuple(counts), same=same, figures=len(aggregates), settled=settled),
    )
    return part, tuple(range(len(aggregates), len(aggregates) + len(guards)))


def _at(joining: Joining, catalog: Catalog, time: FieldId, other: FieldId | None) -> Expression:
    """When it happened, by the day where of the other side only the day is known: what was done on the same day comes after, not at the midnight before."""
    at = joining.field(time)
    by_day = catalog.fields[time].kind == "timestamp" and other is not None and catalog.fields[other].kind == "date"
    return bucket(catalog, at, "day", instant=True) if by_day else at


def _settled(joining: Joining, catalog: Catalog, fact: str, time: FieldId, happened: Expression) -> tuple[tuple[Expression, bool], ...]:
    """What tells rows of one day, or of one instant, apart: the instant, where days are compared, then the primary key.

    What is grouped by or filtered on does not, so that what was led to by one kind of rows is the same in a breakdown and under a filter.
    """
    at = joining.field(time)
    return (*(((at, True),) if at != happened else ()), *((joining.column((), name), False) for name in catalog.datasets[fact].primary_key))


def _goals(question: Asked, over: Followed, period: Period, begun: FieldId) -> Led:
    """The rows that may have followed what is recorded by `begun`."""
    goal, catalog = over.goal, question.catalog
    assert goal.time is not None
    there = joining_for(catalog, goal.dataset, question.grant, question.contents)
    conditions = [*seen(catalog, goal.dataset, question.grant, there), *_reading(question, goal.time, period, over.within, there)]
    conditions += [Stated(there.row(goal.where))] if goal.where is not None else []
    operand = None if goal.operand is None else there.row(goal.operand)
    member, happened = member_of(there, catalog, goal.dataset, over.goal_by), _at(there, catalog, goal.time, begun)
    same = tuple((there.field(two), there.field(two)) for _, two in over.same)
    goals = Rows(source=catalog.datasets[goal.dataset].source, alias=goal.dataset, joins=there.joins, conditions=(*conditions, *_known(member, happened)))
    length = None if over.within is None else (over.within.count, over.within.unit)
    return Led(
        at=happened,
        member=member,
        goals=goals,
        goal_at=happened,
        goal_member=member,
        operand=operand,
        function=goal.function,
        within=length,
        counts=(),
        same=same,
    )


def _known(*expressions: Expression) -> tuple[Condition, ...]:
    return tuple(Compared(one, "not_null", ()) for one in expressions)


def _reading(question: Asked, time: FieldId, period: Period, length: Length | None, joining: Joining) -> list[Condition]:
    """From the first day of the period until nothing can follow its last day any more."""
    first = None if period.first is None or period.first.year == 1 else period.first
    after: date | None = None
    if period.last is not None and period.last.year < MAXYEAR and length is not None:
        after = shifted(period.last + timedelta(days=1), length, 1) + timedelta(days=1)
    if first is None and after is None:
        return []
    return [Between(joining.stored(time), start_of(question.catalog, time, first), start_of(question.catalog, time, after))]
