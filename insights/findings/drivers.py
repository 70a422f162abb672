"""What carried a change: few values, each with what it adds; what is left; and what speaks for caution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from insights.requests import Period, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A dimension with the values that the rows have, by what people call it."""

    dimension: str
    label: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """The rows with all of `where`, outside of the other drivers; `is_rest` says that others have some of them, so that these are the rest of `where`.

    `kind`: a `value` of a sum; of a fraction its `rate` there, or the `mix`: how large its part of what is below the line is. `before` and `now` are the
    figure there (of a mix the part, a fraction of 1; then `level` is the figure). `contribution` is what it adds to the change, `share` the same as a
    fraction of it. `rows` are those before and now. `surprise` is Adtributor's (nats), None for rates. `chance` is the probability of it by chance,
    corrected for everything that was tested (None for a mix, which is counted and not tested by itself).
    """

    where: tuple[Held, ...]
    kind: Literal["value", "rate", "mix"]
    before: float | None
    now: float | None
    contribution: float
    share: float | None
    rows: tuple[int, int]
    level: float | None = None
    surprise: float | None = None
    chance: float | None = None
    is_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """How a fraction's change parts over one dimension: what its values' rates add, and what their mix adds; together they are the change.

    `reversed` says that the values by themselves went against the whole (Simpson's paradox): `against` of `values` did.
    """

    dimension: str
    label: str
    rate: float
    mix: float
    values: int
    against: int
    reversed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From the hour `first` to the hour `last` (both included) the figure went another way than in the rest of the day."""

    first: int
    last: int
    before: float
    now: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """Why a figure moved from `before` to `now`; `drivers`, `came_or_went`, `calendar` and `rest` sum to `change`.

    Drivers have 30 rows a side; what `came_or_went` has that on one side only. `hours` are those of the day that a change within a day or a few lies in.
    `by_chance`: the fraction changed no more than chance gives, so nothing is looked for. `as_ever` are values of dimensions whose values come and go in
    every period; what others seemed to do was theirs, and they are no drivers.

    `went` is which way, `asked` which way it was said to have gone (None: not said). `calendar` is what other days (how many of each weekday) add, None
    where the periods are equal in that or the figure does not add up over days; `days` are how many before and now. `parting` is set for a fraction whose
    mix matters. `tested` segments of `dimensions` were set against the rest; `complete` is False where the time did not suffice for all that was planned.
    `events` are those that the catalog has in the period: that they fall into it is all that is known of them. `sides` name what is compared where that is
    not two periods.
    """

    before: float
    now: float
    change: float
    ratio: float | None
    went: Literal["up", "down", "unchanged"]
    asked: Literal["up", "down"] | None
    drivers: tuple[Driver, ...]
    rest: float
    period: Period | None
    against: Period | None
    tested: int
    dimensions: tuple[str, ...]
    complete: bool
    calendar: float | None = None
    days: tuple[int, int] | None = None
    parting: Parting | None = None
    events: tuple[str, ...] = ()
    sides: tuple[Scalar, Scalar] | None = None
    hidden: int = 0
    came_or_went: tuple[Driver, ...] = ()
    hours: Hours | None = None
    by_chance: bool = False
    as_ever: tuple[Held, ...] = ()
