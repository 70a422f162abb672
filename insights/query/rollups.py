"""Parts of a plan read from a rollup in place of the fact, wherever that gives exactly the same figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta

from insights.catalog.model import Aggregation, Catalog, FieldId, RowExpression
from insights.errors import NotAnswerable
from insights.lake.source import Source
from insights.query.algebra import Aggregate, Column, Compared, Condition, Either, Every, Expression, Kept, Part
from insights.query.conditions import within
from insights.query.groups import Grouping, condition
from insights.query.joins import Joining, Path, path_to
from insights.query.parts import Asked, Scope, Wanted, keys_of, rows
from insights.query.times import bucket_of
from insights.requests import Grain, Period

TIME = "time"
"""The column of a rollup that holds the first day of each grain (for hours its instant)."""
COUNT = "BIGINT"
"""The engine's type of a count."""
KEEPABLE = frozenset({"sum", "count", "min", "max", "avg", "count_distinct"})
NESTED: dict[Grain, frozenset[Grain]] = {
    "hour": frozenset({"hour", "day", "week", "month", "quarter", "year"}),
    "day": frozenset({"day", "week", "month", "quarter", "year"}),
    "week": frozenset({"week"}),
    "month": frozenset({"month", "quarter", "year"}),
    "quarter": frozenset({"quarter", "year"}),
    "year": frozenset({"year"}),
}
"""The grains whose buckets are made of whole buckets of each grain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupTable:
    """One fact of a rollup, as it lies ready: `aggregations` by the fields `by` and the `grain` of `time`; `types` are the engine's for the aggregates.

    Columns: `time`, each field under its full name, and for aggregate n what is kept of it (`a<n>`) and the number of rows it is of (`n<n>`).
    """

    name: str
    fact: str
    time: FieldId
    grain: Grain
    by: tuple[FieldId, ...]
    aggregations: tuple[Aggregation, ...]
    types: tuple[str, ...]
    source: Source


class _NotKept(Exception):
    """The rollup has not kept what is needed."""


Ready = Callable[[str], Sequence[RollupTable]]
"""What lies ready for a fact and is as true as the fact itself, the smallest first."""


def nothing_ready(fact: str) -> Sequence[RollupTable]:  # noqa: ARG001  # whatever the fact
    """Where there are no rollups."""
    return ()


def rolled(question: Asked, scope: Scope, wanted: Sequence[Wanted], ready: Ready) -> Part | None:
    """The part read from the first rollup that has kept everything exactly; None where none has.

    Row policies are conditions like any other: a rollup without the column that a policy is on has not kept everything.
    """
    if question.again or _is_guarded(question, scope):
        return None
    for table in ready(scope.fact):
        try:
            return _read(question, scope, wanted, table)
        except _NotKept:
            continue
    return None


def _read(question: Asked, scope: Scope, wanted: Sequence[Wanted], table: RollupTable) -> Part:
    _check(question, scope, table)
    places = [_place(one.aggregation, table) for one in wanted]
    question = replace(question, catalog=by_bucket(question.catalog, table))
    columns = _Columns(question.catalog, table)
    aggregates, common = _aggregates(question, scope, wanted, places, columns)
    return Part(
        source=table.source,
        alias=table.fact,
        joins=(),
        conditions=(*rows(question, scope, columns), *common),
        keys=keys_of(question, scope, columns),
        aggregates=aggregates,
        key_numbers=scope.key_numbers,
        rollup=table.name,
    )


def _is_guarded(question: Asked, scope: Scope) -> bool:
    """Whether the persons behind a figure have to be counted, of whom a rollup knows nothing."""
    datasets = question.catalog.datasets
    return question.grant.minimum_group is not None and any(datasets[name].personal for name in question.catalog.reachable(scope.fact))


def _check(question: Asked, scope: Scope, table: RollupTable) -> None:
    """Refuse what lies between the rollup's buckets, and every scope of a kind that is not known here."""
    known = ("fact", "time", "periods", "key_numbers")
    if any(getattr(scope, other.name) != other.default for other in fields(scope) if other.name not in known):
        raise _NotKept
    if scope.time is not None and scope.time != table.time:
        raise _NotKept
    if question.grain is not None and (scope.time is None or question.grain not in NESTED[table.grain]):
        raise _NotKept
    if not all(_is_whole(period, table, question.catalog) for period in scope.periods):
        raise _NotKept
    for group in (*question.keys, *(group for group, _ in (*question.filters, *question.narrowing))):
        if group.of(scope.time) == table.time:
            _check_own(group, question.catalog, table)


def _check_own(group: Grouping, catalog: Catalog, table: RollupTable) -> None:
    """The rollup's own time by itself, or a recurring part of it: only days are told apart, and of instants only what is made of days."""
    if group.part is None:
        fits = catalog.fields[table.time].kind == "date" and table.grain == "day"
    else:
        fits = table.grain == "hour" or (table.grain == "day" and group.part != "hour")
    if not fits:
        raise _NotKept


def _is_whole(period: Period, table: RollupTable, catalog: Catalog) -> bool:
    """Whether the period begins and ends with a bucket."""
    if table.grain in ("hour", "day"):
        return True
    after = None if period.last is None else period.last + timedelta(days=1)
    return all(day is None or bucket_of(day, table.grain, catalog) == day for day in (period.first, after))


def _place(aggregation: Aggregation, table: RollupTable) -> Kept:
    """What the rollup keeps of an aggregate. How many rows there are is kept beside each that is of them."""
    alone = [replace(kept, time=None) for kept in table.aggregations]
    asked = replace(aggregation, time=None)
    if asked in alone:
        return _kept(table, alone.index(asked))
    rows = next((n for n, one in enumerate(alone) if one.function != "avg" and replace(one, function="count", operand=None) == asked), None)
    if rows is None:
        raise _NotKept
    counted = Column(table.fact, f"n{rows}")
    return Kept(total=counted, rows=counted, type=COUNT)


def by_bucket(catalog: Catalog, table: RollupTable) -> Catalog:
    """The catalog as a rollup sees it: its time is a day, or for hours an instant of the company's clock."""
    dataset = catalog.datasets[table.time.dataset]
    time = dataset.fields[table.time.name]
    seen = replace(
        dataset, timezone=catalog.timezone, fields={**dataset.fields, time.id.name: replace(time, kind="timestamp" if table.grain == "hour" else "date")}
    )
    return replace(catalog, datasets={**catalog.datasets, dataset.name: seen})


class _Columns(Joining):
    """The columns of a rollup as if they were fields of the fact; raises _NotKept for what is not there."""

    def __init__(self, catalog: Catalog, table: RollupTable) -> None:
        super().__init__(catalog, table.fact)
        self._all = catalog
        self._table = table

    def field(self, id_: FieldId, path: Path | None = None) -> Expression:
        """The column that holds the field."""
        if id_ == self._table.time:
            return Column(self._table.fact, TIME)
        if id_ not in self._table.by:
            raise _NotKept
        if path is not None and path != _usual(self._all, self._table.fact, id_.dataset):
            raise _NotKept
        return Column(self._table.fact, str(id_))

    def stored(self, id_: FieldId, path: Path | None = None) -> Expression:
        """The same: instants were put on the company's clock when the rollup was built."""
        return self.field(id_, path)

    def row(self, expression: RowExpression) -> Expression:  # noqa: ARG002  # the same for every one
        """Nothing that is worked out from rows is there."""
        raise _NotKept


def _usual(catalog: Catalog, fact: str, dataset: str) -> Path | None:
    try:
        return path_to(catalog, fact, dataset)
    except NotAnswerable:
        return None


def _aggregates(
    question: Asked, scope: Scope, wanted: Sequence[Wanted], places: Sequence[Kept], columns: _Columns
) -> tuple[tuple[Aggregate, ...], tuple[Condition, ...]]:
    """The aggregates as `parts.part` has them, put together from what is kept; and the conditions on rows that follow from all of them."""
    keyed = question.grain is not None or bool(question.keys)
    found = []
    for one, kept in zip(wanted, places, strict=True):
        own: Condition | None = None
        if one.narrowed:
            own = Every(tuple(condition(question.catalog, group, wish, scope.time, columns) for group, wish in question.narrowing))
        among = None
        if len(scope.periods) > 1 and one.period is not None and scope.time is not None:
            during = within(question.catalog, scope.time, one.period, columns)
            own, among = (during if own is None else Every((during, own))), (None if keyed else during)
        found.append(Aggregate(function=one.aggregation.function, where=own, among=among, kept=kept))
    restricted = all(one.aggregation.where is not None for one in wanted)
    common = (Either(tuple(dict.fromkeys(Compared(a.kept.rows, ">", (0,)) for a in found if a.kept is not None))),) if restricted and found else ()
    return tuple(found), common


def _kept(table: RollupTable, place: int) -> Kept:
    aggregation = table.aggregations[place]
    total = Column(table.fact, f"a{place}")
    if aggregation.function == "count_distinct" and aggregation.operand is not None and isinstance(aggregation.operand[0], FieldId):
        total = Column(table.fact, str(aggregation.operand[0]))
    return Kept(total=total, rows=Column(table.fact, f"n{place}"), type=table.types[place])
