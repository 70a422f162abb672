"""One fact of a question, aggregated to the common grain: its joins, its rows, and the cheapest order of doing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod

from insights.catalog.model import Aggregation, Catalog, ColumnRef, FieldId, RowExpression
from insights.catalog.values import Contents
from insights.errors import NotPermitted
from insights.permit import Grant
from insights.query.algebra import STEP, Aggregate, Among, Bucket, Column, Compared, Condition, Either, Every, Expression, Part, Regrouping, Rows, Stated
from insights.query.conditions import seen, within
from insights.query.gathering import joining_for
from insights.query.groups import Grouping, condition, expression
from insights.query.joins import Joining, Path, path_to
from insights.query.money import converted
from insights.query.times import WEEK_SHIFT
from insights.requests import Filter, Grain, Period

DECOMPOSABLE = frozenset({"sum", "count", "min", "max", "avg"})
FINER = 3
"""Aggregating by a key first pays when there are at least this many rows for each key: measured at 10 million rows, even at 2, twice as fast at 15."""


Wish = tuple[Grouping, Filter]
"""A filter, and what it is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """The members must be there in `period` too, or (`negated`) must not."""

    member: FieldId
    period: Period
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is the same for every fact of a question. `keys` are what to group by, after the time bucket when there is a `grain`.

    `narrowing` are the filters that make the part of a share; `again` is what else the members of a set did. `span` are the
    first and the last day that any of the facts has.
    """

    catalog: Catalog
    grant: Grant
    contents: Contents
    keys: tuple[Grouping, ...] = ()
    grain: Grain | None = None
    filters: tuple[Wish, ...] = ()
    narrowing: tuple[Wish, ...] = ()
    again: tuple[Repeated, ...] = ()
    span: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An aggregate, the period it is over, and whether it is over the part of a share only."""

    aggregation: Aggregation
    period: Period | None
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What one part is over: a fact, the time field that `periods` apply to (none, one, or two that lie close together), read in one pass.

    `key_numbers` are those of the keys that the whole of a share has, None for all of them. `first_seen` is a distinct count that runs up: each value
    counts in the bucket it first occurs in. `counted` is the filter of what the members of a set are counted by, who are looked for by it elsewhere too.
    `standing` is an aggregate over other rows than those of the periods, or of what followed them.
    """

    fact: str
    time: FieldId | None
    periods: tuple[Period, ...]
    key_numbers: tuple[int, ...] | None = None
    first_seen: Aggregation | None = None
    counted: RowExpression | None = None
    standing: Aggregation | None = None

    @property
    def whole(self) -> Period:
        """From the first day of the periods to the last."""
        firsts, lasts = [p.first for p in self.periods], [p.last for p in self.periods]
        return Period(
            first=None if None in firsts else min(day for day in firsts if day is not None),
            last=None if None in lasts else max(day for day in lasts if day is not None),
        )


def part(question: Asked, scope: Scope, wanted: Sequence[Wanted]) -> tuple[Part, tuple[int, ...]]:
    """The fact aggregated as asked, and the numbers of the aggregates that count the people behind each of its figures.

    The first `len(wanted)` aggregates are those asked for, in order.
    """
    fact = scope.fact
    joining = joining_for(question.catalog, fact, question.grant, question.contents)
    conditions = (*rows(question, scope, joining), *_members(question, scope, wanted, joining))
    aggregates, common = aggregates_of(question, scope, wanted, joining)
    local = not joining.joins
    keys = keys_of(question, scope, joining)
    guards = guards_of(question, fact, joining, aggregates) if question.grant.minimum_group else ()
    if scope.first_seen is not None:
        return _first_seen(question, scope, scope.first_seen, keys, conditions, joining, guarded=bool(guards)), ()
    whole = Part(
        source=question.catalog.datasets[fact].source,
        alias=fact,
        joins=joining.joins,
        conditions=(*conditions, *common),
        keys=keys,
        aggregates=(*aggregates, *guards),
        key_numbers=scope.key_numbers,
    )
    if scope.key_numbers is None and all(aggregate.function in DECOMPOSABLE for aggregate in aggregates):
        if question.grain and not question.keys and not guards:
            whole = _by_day_first(whole)
        elif local and not question.grain:
            whole = by_reference_first(question, fact, whole, _rows_within(question, scope))
    return whole, tuple(range(len(aggregates), len(aggregates) + len(guards)))


def _first_seen(
    question: Asked, scope: Scope, counted: Aggregation, keys: Sequence[Expression], conditions: Sequence[Condition], joining: Joining, *, guarded: bool
) -> Part:
    """How many values are new in each bucket. Raises NotPermitted for people of whom only groups may be shown: those of one bucket may be few."""
    if guarded:
        raise NotPermitted("A running count of people would tell who came when.", remedy="Ask for their number by period.")
    member = joining.row(counted.operand or ())
    known = [Compared(of, "not_null", ()) for of in (member, *keys[:1])]
    own = (Stated(joining.row(counted.where)),) if counted.where is not None else ()
    return Part(
        source=question.catalog.datasets[scope.fact].source,
        alias=scope.fact,
        joins=joining.joins,
        conditions=(*conditions, *own, *known),
        keys=tuple(keys),
        aggregates=(Aggregate(function="count"),),
        new=member,
    )


def rows(question: Asked, scope: Scope, joining: Joining) -> tuple[Condition, ...]:
    """The asker's rows, the period (of two: all from the first to the last, and then one of them), and the filters."""
    catalog = question.catalog
    conditions = list(seen(catalog, scope.fact, question.grant, joining))
    if scope.periods and scope.time is not None:
        conditions.append(within(catalog, scope.time, scope.whole, joining))
    if len(scope.periods) > 1 and scope.time is not None:
        conditions.append(Either(tuple(within(catalog, scope.time, period, joining) for period in scope.periods)))
    conditions += [condition(catalog, group, wish, scope.time, joining) for group, wish in question.filters]
    return tuple(conditions)


def _members(question: Asked, scope: Scope, wanted: Sequence[Wanted], joining: Joining) -> tuple[Condition, ...]:
    """What else the members must have done: counted as here, under the same filters and rights, over another period."""
    return tuple(repeated(question, scope, one, [w.aggregation for w in wanted], joining) for one in question.again)


def repeated(question: Asked, scope: Scope, again: Repeated, counted: Sequence[Aggregation], joining: Joining) -> Condition:
    """The member of a row is (or is not) among those of the other period's rows; `counted` are the aggregates whose own filters hold there too."""
    there = joining_for(question.catalog, scope.fact, question.grant, question.contents)
    conditions = list(rows(question, replace(scope, periods=(again.period,)), there))
    wheres = [Stated(there.row(a.where)) for a in counted if a.where is not None]
    if counted and len(wheres) == len(counted):
        conditions.append(Either(tuple(dict.fromkeys(wheres))))
    member = there.field(again.member)
    source = question.catalog.datasets[scope.fact].source
    others = Rows(source=source, alias=scope.fact, joins=there.joins, conditions=tuple(conditions))
    return Among(member=joining.field(again.member), of=member, rows=others, negated=again.negated)


def aggregates_of(question: Asked, scope: Scope, wanted: Sequence[Wanted], joining: Joining) -> tuple[tuple[Aggregate, ...], tuple[Condition, ...]]:
    """The aggregates, and the conditions on rows that follow from all of them: a row that none of them reads is left out."""
    wheres = {w.aggregation.where: Stated(joining.row(w.aggregation.where)) for w in wanted if w.aggregation.where is not None}
    restricted = all(w.aggregation.where is not None for w in wanted)
    shared = restricted and len(wheres) == 1
    keyed = question.grain is not None or bool(question.keys)
    aggregates = []
    for one in wanted:
        aggregation, period = one.aggregation, one.period
        counts_rows = aggregation.operand is None or _is_every_row(question, aggregation)
        operand = None if counts_rows or aggregation.operand is None else joining.row(aggregation.operand)
        if operand is not None and aggregation.money is not None:
            operand = converted(question.catalog, aggregation, operand, scope.time, scope.whole if scope.periods else None, joining)
        own: Condition | None = wheres[aggregation.where] if aggregation.where is not None and not shared else None
        if one.narrowed:
            part_of = tuple(condition(question.catalog, group, wish, scope.time, joining) for group, wish in question.narrowing)
            own = Every((*part_of, own) if own is not None else part_of)
        if len(scope.periods) > 1 and period is not None and scope.time is not None:
            during = within(question.catalog, scope.time, period, joining)
            both = Every((during, own)) if own is not None else during
            # What a group did not have in one of the periods is zero; a period without any rows at all is unknown.
            made = Aggregate(function=aggregation.function, operand=operand, where=both, among=None if keyed else during)
        else:
            made = Aggregate(function=aggregation.function, operand=operand, where=own)
        aggregates.append(replace(made, at=aggregation.at, discrete=aggregation.discrete))
    common = (Either(tuple(wheres.values())),) if restricted and wheres else ()
    return tuple(aggregates), common


def _is_every_row(question: Asked, aggregation: Aggregation) -> bool:
    """Whether a primary key is counted that is known in every row: it need not be read."""
    dataset = question.catalog.datasets[aggregation.dataset]
    if aggregation.function != "count" or aggregation.operand is None or dataset.name not in question.contents.complete:
        return False
    keys = [field.id for field in dataset.fields.values() if field.expression == tuple(map(ColumnRef, dataset.primary_key))]
    return len(aggregation.operand) == 1 and aggregation.operand[0] in keys


def keys_of(question: Asked, scope: Scope, joining: Joining, *, bucketed: bool = True) -> tuple[Expression, ...]:
    """The time bucket, where there is a grain (and it is `bucketed` here), and what else is grouped by, as far as the scope has those keys."""
    time, catalog, wanted = scope.time, question.catalog, scope.key_numbers
    first = question.grain is not None and time is not None
    keys: list[Expression] = []
    if question.grain is not None and time is not None and bucketed and (wanted is None or 0 in wanted):
        keys.append(bucket(catalog, joining.field(time), question.grain, instant=catalog.fields[time].kind == "timestamp"))
    keys += [expression(catalog, group, time, joining) for at, group in enumerate(question.keys) if wanted is None or at + first in wanted]
    return tuple(keys)


def bucket(catalog: Catalog, of: Expression, grain: Grain, *, instant: bool) -> Bucket:
    """The time bucket in the company's calendar."""
    fiscal = catalog.fiscal_periods and grain in ("quarter", "year")
    return Bucket(
        of=of,
        grain=grain,
        instant=instant,
        week_shift=WEEK_SHIFT[catalog.week_starts],
        month_shift=catalog.fiscal_year_starts - 1 if fiscal else 0,
    )


def guards_of(question: Asked, fact: str, joining: Joining, aggregates: Sequence[Aggregate]) -> tuple[Aggregate, ...]:
    """For each figure that touches people: how many of them are behind it."""
    guards: dict[Aggregate, None] = {}
    datasets = question.catalog.datasets
    paths = [path for path in (*joining.paths, *_references(question, fact)) if datasets[path[-1].one].personal]
    for aggregate in aggregates:
        if datasets[fact].personal:
            guards[Aggregate(function="count", operand=aggregate.operand, where=aggregate.where)] = None
        for path in paths:
            persons = tuple(joining.column(path[:-1], name) for name in path[-1].many_columns)
            guards[Aggregate(function="people", operand=aggregate.operand, where=aggregate.where, persons=persons)] = None
    return tuple(guards)


def _references(question: Asked, fact: str) -> Iterable[Path]:
    """Relationships of the fact whose columns are grouped or filtered by as they stand."""
    ids = [group.field for group in (*question.keys, *(group for group, _ in (*question.filters, *question.narrowing)))]
    fields = [question.catalog.fields[id_] for id_ in (*ids, *(one.member for one in question.again)) if id_.dataset == fact]
    columns = {piece.name for field in fields for piece in field.expression if isinstance(piece, ColumnRef)}
    return [(r,) for r in question.catalog.relationships if r.many == fact and columns & set(r.many_columns)]


def _by_day_first(whole: Part) -> Part:
    """Group by the day itself, then by the bucket it lies in: computing the bucket for every row costs more than the rest of the query."""
    (key,) = whole.keys
    if not isinstance(key, Bucket) or key.grain == "hour" or (key.grain == "day" and not key.instant):
        return whole
    day = Bucket(of=key.of, grain="day", instant=True) if key.instant else key.of
    again = Bucket(of=Column(STEP, "k0"), grain=key.grain, instant=False, week_shift=key.week_shift, month_shift=key.month_shift)
    return replace(whole, keys=(day,), regrouping=Regrouping(joins=(), keys=(again,)))


def _rows_within(question: Asked, scope: Scope) -> float | None:
    """How many rows of the fact to expect in the period, as if they were spread evenly; None when nothing is known about it."""
    rows = question.contents.rows.get(scope.fact)
    covered = question.contents.coverage.get(scope.time) if scope.time is not None else None
    if rows is None or covered is None or not scope.periods:
        return rows
    period = scope.whole
    first, last = max(period.first or covered.first, covered.first), min(period.last or covered.last, covered.last)
    return rows * max((last - first).days + 1, 0) / ((covered.last - covered.first).days + 1)


def by_reference_first(question: Asked, fact: str, whole: Part, rows: float | None) -> Part:
    """Group by the columns that refer to other datasets, then join those: far fewer rows are joined.

    Only where every key is an attribute of another dataset, nothing else needs a join, and the expected `rows` repeat each key often enough. People
    behind figures are counted in that step where it groups by what they are known by: then each is in one group.
    """
    if not question.keys or any(group.own or group.field.dataset == fact for group in question.keys):
        return whole
    if any(question.catalog.datasets[group.field.dataset].calendar for group in question.keys):
        return whole
    paths = [path_to(question.catalog, fact, group.field.dataset, group.role) for group in question.keys]
    if any(question.catalog.datasets[step.one].valid is not None for path in paths for step in path):
        return whole  # which row is meant depends on more than the key
    firsts = [path[0] for path in paths]
    steps = {step.name: step for step in firsts}
    keys_expected = prod(question.contents.rows.get(step.one, 1) for step in steps.values())
    if rows is not None and rows < keys_expected * FINER:
        return whole
    columns = tuple(dict.fromkeys(name for step in steps.values() for name in step.many_columns))
    by = tuple(Column(fact, name) for name in columns)
    if any(aggregate.function not in DECOMPOSABLE and aggregate.persons != by for aggregate in whole.aggregates):
        return whole
    later = Joining(question.catalog, fact, question.contents.repeated, root=lambda name: Column(STEP, f"k{columns.index(name)}"))
    keys = tuple(expression(question.catalog, group, None, later) for group in question.keys)
    return replace(whole, joins=(), keys=by, regrouping=Regrouping(joins=later.joins, keys=keys))
