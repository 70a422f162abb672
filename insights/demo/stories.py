"""What is planted in the demo company, read from the file that the tests of the analyses read too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """Orders of one device in one region vanish: the share `lost` of them, from the day `start` on."""

    region: str
    device: str
    start: date
    lost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One way of contacting support: its mean score before the shift, its share of contacts before and after."""

    score: float
    share_before: float
    share_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MixShift:
    """From `start` on every part scores `better_by` more, and the shares move to the parts that score low."""

    start: date
    better_by: float
    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """On `day` the share `lost` of the sessions from `from_hour` on is missing, and contacts rise to `contacts_times` of a usual day."""

    day: date
    from_hour: int
    lost: float
    contacts_times: float
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """A plan costs `after` USD in place of `before` a month; for `churn_months` months `churn_times` as many leave."""

    plan: str
    start: date
    before: float
    after: float
    churn_times: float
    churn_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Factors by weekday (Monday first), the wave over the year, and the gift weeks of the shop as (month, day)."""

    weekday: tuple[float, ...]
    amplitude: float
    peak_day_of_year: int
    gifts_times: float
    gifts_from: tuple[int, int]
    gifts_to: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketingLag:
    """New subscriptions follow marketing spend after `lag_days`."""

    lag_days: int
    elasticity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An A/B test from `first` to `last`; `rates` is the share that converts, by variant."""

    name: str
    first: date
    last: date
    rates: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """The share that leaves each month: usually, and of the starting months (first day) that differ."""

    early: float
    later: float
    months: Mapping[date, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """Everything planted between `first_day` and `last_day`."""

    first_day: date
    last_day: date
    fall: Fall
    mix_shift: MixShift
    outage: Outage
    price_change: PriceChange
    season: Season
    marketing_lag: MarketingLag
    experiments: tuple[Experiment, ...]
    cohorts: Cohorts


def read() -> Stories:
    """Read the stories that the package carries."""
    told = yaml.safe_load(resources.files("insights.demo").joinpath("truth.yaml").read_text(encoding="utf-8"))
    return Stories(
        first_day=told["first_day"],
        last_day=told["last_day"],
        fall=Fall(**_only(told["fall"], "region", "device", "lost"), start=told["fall"]["from"]),
        mix_shift=_mix_shift(told["mix_shift"]),
        outage=Outage(**_only(told["outage"], "day", "from_hour", "lost", "contacts_times", "topic")),
        price_change=_price_change(told["price_change"]),
        season=_season(told["season"]),
        marketing_lag=MarketingLag(**_only(told["marketing_lag"], "lag_days", "elasticity")),
        experiments=tuple(Experiment(name=name, **_only(test, "first", "last", "rates")) for name, test in told["experiments"].items()),
        cohorts=_cohorts(told["cohorts"]),
    )


def _only(told: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: told[name] for name in names}


def _mix_shift(told: Mapping[str, Any]) -> MixShift:
    parts = {name: Part(**part) for name, part in told["parts"].items()}
    return MixShift(start=told["from"], better_by=told["better_by"], parts=parts)


def _price_change(told: Mapping[str, Any]) -> PriceChange:
    return PriceChange(start=told["from"], **_only(told, "plan", "before", "after", "churn_times", "churn_months"))


def _season(told: Mapping[str, Any]) -> Season:
    gifts = told["gifts"]
    return Season(
        weekday=tuple(told["weekday"].values()),
        amplitude=told["amplitude"],
        peak_day_of_year=told["peak_day_of_year"],
        gifts_times=gifts["times"],
        gifts_from=_month_day(gifts["from"]),
        gifts_to=_month_day(gifts["to"]),
    )


def _month_day(written: str) -> tuple[int, int]:
    month, day = written.split("-")
    return int(month), int(day)


def _cohorts(told: Mapping[str, Any]) -> Cohorts:
    months = {date.fromisoformat(f"{month}-01"): cohort["leave"] for month, cohort in told["months"].items()}
    return Cohorts(early=told["usual"]["first_three_months"], later=told["usual"]["later"], months=months)
