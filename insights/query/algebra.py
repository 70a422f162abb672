"""What a question becomes before any SQL is written: facts aggregated to a common grain, and what is made of them.

A plan is a value. Identifiers in it come only from the catalog; everything a person said is a value that emitters bind as a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from insights.answers import Again, Definition
from insights.answers import Column as Shown
from insights.catalog.model import FieldId
from insights.lake.source import Source
from insights.query.terms import Among as Among
from insights.query.terms import AnyJoin as AnyJoin
from insights.query.terms import Between as Between
from insights.query.terms import Bucket as Bucket
from insights.query.terms import Column as Column
from insights.query.terms import Compared as Compared
from insights.query.terms import Condition as Condition
from insights.query.terms import Either as Either
from insights.query.terms import Every as Every
from insights.query.terms import Exchange as Exchange
from insights.query.terms import Expression as Expression
from insights.query.terms import Gather as Gather
from insights.query.terms import Join as Join
from insights.query.terms import Recurring as Recurring
from insights.query.terms import Rows as Rows
from insights.query.terms import Spelled as Spelled
from insights.query.terms import Stated as Stated
from insights.query.terms import Stepped as Stepped
from insights.query.terms import WeekStart as WeekStart
from insights.requests import AggregateFunction, Analysis, Filter, Operator, Period, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a rollup keeps of an aggregate in each of its rows: the aggregate itself (of an average its sum), and the number of rows it was made of.

    `total` of a distinct count is the counted column itself. `type` is the engine's for the aggregate over the rows themselves.
    """

    total: Column
    rows: Column
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """One aggregate of a part. `people` counts the distinct persons named by `persons`, and each row without one.

    A `percentile` is that of the fraction `at`: between two values, or with `discrete` the first value that so many are at most.
    A sum of no rows is zero where there are rows `among` which it looked for its own (None: any rows of the part). With `kept` it is put together from
    what a rollup keeps.
    """

    function: AggregateFunction | Literal["people", "percentile"]
    operand: Expression | None = None
    where: Condition | None = None
    among: Condition | None = None
    persons: tuple[Expression, ...] = ()
    at: float | None = None
    discrete: bool = False
    kept: Kept | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """A second step over a part that was first aggregated by finer keys: `joins` attach to those, `keys` are the common grain.

    The finer keys are columns `k0`, `k1`, ... of the alias `STEP`.
    """

    joins: tuple[AnyJoin, ...]
    keys: tuple[Expression, ...]


STEP = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One bucket of a series, and the half-open interval of days or instants whose rows count in it; `first` None is an open beginning."""

    bucket: date
    first: date | None
    after: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Rows that count in other buckets than the one they lie in: in each of `marks` those whose `at` (the same in all of them) lies in its interval.

    Without marks there is one bucket, of all rows. `take` None takes them all. Else only those of one instant are taken: the greatest (or least) `at`
    in the bucket, on its own for each of the values of `per`; "average" divides by the number of different instants of the bucket, whatever the other
    keys; "min" and "max" take the least and the greatest of the figures of each instant. The first `figures` aggregates are such, the others count people.
    `elsewhere` says that they are rows of another time, of which nothing is known where there are none.
    Several marks may have one bucket: then the figures of the first that has rows are `told`, or the average of those that have.
    """

    at: Expression
    marks: tuple[Mark, ...] = ()
    take: Literal["last", "first", "average", "min", "max"] | None = None
    per: tuple[Expression, ...] = ()
    figures: int = 1
    told: Literal["all", "first", "average"] = "all"
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """What the rows of a part led to: each of the `goals` belongs to the latest row of the same `member` at or before it, less than `within` before it,
    of which the pairs of `same` (of the row and of the goal) are the same.

    Where several rows are the latest, `settled` says which one is meant, whatever is asked: the first in the order of these, or the last (True).

    The part aggregates the goals (by `function` of `operand`; its first `figures` aggregates, the others count people) of those rows where `counts` holds,
    by the keys of the rows.
    """

    at: Expression
    member: Expression
    goals: Rows
    goal_at: Expression
    goal_member: Expression
    operand: Expression | None
    function: AggregateFunction | Literal["percentile"]
    within: tuple[int, Literal["hour", "day", "week", "month", "quarter", "year"]] | None
    counts: tuple[Condition, ...]
    same: tuple[tuple[Expression, Expression], ...] = ()
    figures: int = 1
    settled: tuple[tuple[Expression, bool], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One fact, restricted, joined to what the question needs, and aggregated by `keys` (then regrouped, when that is cheaper).

    `key_numbers` says which keys of the plan it has, None for all of them: the whole of a share has fewer. With `new`, it counts in each bucket (the first
    key) the values of that expression that were in none before it. `rollup` names what it is read from in place of the fact.
    """

    source: Source
    alias: str
    joins: tuple[AnyJoin, ...]
    conditions: tuple[Condition, ...]
    keys: tuple[Expression, ...]
    aggregates: tuple[Aggregate, ...]
    regrouping: Regrouping | None = None
    key_numbers: tuple[int, ...] | None = None
    new: Expression | None = None
    standing: Standing | None = None
    led: Led | None = None
    rollup: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """Aggregate number `aggregate` of part number `part`."""

    part: int
    aggregate: int


@dataclass(frozen=True, slots=True)
class Total:
    """What arithmetic over figures adds up to over all rows of the result with the same keys of these numbers."""

    formula: tuple[str | Figure, ...]
    by: tuple[int, ...]


FigureFormula: TypeAlias = tuple[str | Figure | Total, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A column of the result: arithmetic over figures. `zero` says that no rows mean 0, `filled` another number that they mean over time; `column` is None
    for what is only a condition.

    `stands` says that it tells how things stood at the end of a bucket, so that those of several do not add up. `side` says that it is not what was asked
    for but what that is worked out from: the figure of the earlier period, the part and the whole of a share.
    """

    formula: FigureFormula
    zero: bool = False
    filled: int | float | None = None
    stands: bool = False
    column: Shown | None = None
    side: Literal["before", "part", "whole"] | None = None

    @property
    def title(self) -> str | None:
        """Its key in the rows of the answer, None when it is not shown."""
        if self.column is None:
            return None
        return f"{self.column.name}.{self.side}" if self.side else self.column.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Records instead of figures: `columns` of `rows`, by `order` (each with whether it descends). `each` lists a row once for each of its values."""

    rows: Rows
    columns: tuple[Expression, ...]
    order: tuple[tuple[Expression, bool], ...]
    each: Expression | None = None


@dataclass(frozen=True, slots=True)
class Sorting:
    """Order of the rows: by output number `output` first (None: by the keys alone), then by the keys."""

    output: int | None
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything needed to compute and describe the answer.

    `conditions` are on outputs, by number. `guards` are figures that count the people behind a row: fewer than `minimum_group` but not none refuses the
    answer. With `before`, outputs over that period follow those over `period`. `times` are the time fields that the period and the buckets apply to,
    one for each fact. `values` are those of the last key that are compared. `partial` says that row policies leave out rows.

    `running` adds figures up from bucket to bucket, `average` asks what whole ones come to on average; `change` compares each bucket with an earlier one,
    those of `base` lie before the period.
    `within` are the numbers of the keys that `limit` holds for each of anew. `share` names the dimensions that make the part of a share (None: no share).
    `again` is what else the members of a set did. A plan with a `listing` has no parts: `records` is what people call what it
    lists, `sorted_by` what it is in the order of. `week_starts` tells which weekday comes first, `calendar` how quarters and years are counted.
    """

    analysis: Analysis
    parts: tuple[Part, ...]
    keys: tuple[Shown, ...]
    outputs: tuple[Output, ...]
    definitions: tuple[Definition, ...]
    datasets: tuple[str, ...]
    conditions: tuple[tuple[int, Operator, tuple[Scalar, ...]], ...] = ()
    sorting: Sorting | None = None
    limit: int | None = None
    guards: tuple[Figure, ...] = ()
    minimum_group: int | None = None
    times: tuple[FieldId, ...] = ()
    time_name: str | None = None
    period: Period | None = None
    before: Period | None = None
    filters: tuple[Filter, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    values: tuple[Scalar, ...] | None = None
    partial: bool = False
    running: bool = False
    average: bool = False
    change: Literal["previous", "year"] | None = None
    base: Period | None = None
    within: tuple[int, ...] = ()
    share: tuple[str, ...] | None = None
    again: tuple[Again, ...] = ()
    listing: Listing | None = None
    records: str | None = None
    sorted_by: str | None = None
    week_starts: WeekStart = "monday"
    calendar: Literal["fiscal", "calendar"] | None = None
    reported: tuple[str, ...] = ()
