"""What conditions and expressions of a plan are made of: columns and what is worked out from them, conditions on them, and the rows they select."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from insights.catalog.model import Rate
from insights.lake.source import Source
from insights.requests import AggregateFunction, Grain, Operator, Scalar
from insights.requests import Part as PartOfTime


@dataclass(frozen=True, slots=True)
class Column:
    """A physical column of the table known as `alias` in its part."""

    alias: str
    name: str


@dataclass(frozen=True, slots=True)
class Spelled:
    """SQL of the catalog with its holes filled; put in parentheses wherever it is used."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The first day of the `grain` that `of` lies in; the instant for hours. `instant` says that `of` carries a time of day.

    `week_shift` is how many days before Monday a week starts; `month_shift` how many months after January a year starts.
    """

    of: Expression
    grain: Grain
    instant: bool
    week_shift: int = 0
    month_shift: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A recurring part of the days or instants `of`, as a number: an hour from 0, a day of the month, a month and a quarter from 1.

    A weekday is how many days it comes after the first of the week (`week_shift` days before Monday); quarters are of years that start `month_shift`
    months after January.
    """

    of: Expression
    part: PartOfTime
    week_shift: int = 0
    month_shift: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """The lower end of the step that the number `of` lies in: steps of `width` from `start`, without end or `most` of them (then the last one is closed)."""

    of: Expression
    width: float
    start: float = 0
    most: int | None = None


WeekStart = Literal["monday", "sunday", "saturday"]
Expression: TypeAlias = Column | Spelled | Bucket | Recurring | Stepped


@dataclass(frozen=True, slots=True)
class Compared:
    """`expression op values`; several values of `=` are OR, of `!=` none of them; a None among them means an unknown value."""

    expression: Expression
    op: Operator
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """`first <= expression < after`; None is an open end."""

    expression: Expression
    first: Scalar
    after: Scalar


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition that the catalog spells out."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of them holds; none to choose from never holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """`member` is known, and one of the `of` of other rows (or `negated`: none of them)."""

    member: Expression
    of: Expression
    rows: Rows
    negated: bool


Condition: TypeAlias = Compared | Between | Stated | Every | Either | Among


@dataclass(frozen=True, slots=True)
class Join:
    """`source` as `alias`, every row at most once for a row of the table it is joined to, kept even when nothing fits.

    `during` joins only those that hold at a time: the time, from when (with it) and until when (without it; unknown: still).
    """

    source: Source
    alias: str
    on: tuple[tuple[Expression, Column], ...]
    during: tuple[Expression, Expression, Expression] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Dated rates as a table `alias` with a column `worth`, joined where the currency is `code` and the day lies in theirs; at most one for a row."""

    alias: str
    code: Expression
    day: Expression
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """Other `rows` aggregated by their `of`, as a table `alias` with the columns `member` and `figure`, joined where `member` is the `key` of a row."""

    alias: str
    key: Expression
    of: Expression
    rows: Rows
    function: AggregateFunction | Literal["percentile"]
    operand: Expression | None = None
    at: float | None = None
    discrete: bool = False


AnyJoin: TypeAlias = Join | Exchange | Gather


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of one fact that count, with what is joined to them."""

    source: Source
    alias: str
    joins: tuple[AnyJoin, ...]
    conditions: tuple[Condition, ...]
