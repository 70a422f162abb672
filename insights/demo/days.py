"""How much happens on each day: growth, season, stories and a little noise, turned into row numbers per fact and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import cos, pi

from insights.demo.chance import chance
from insights.demo.stories import Stories

GROWTH = 0.45
"""How much more of everything there is on the last day than on the first."""
_NOISE = 0.05
_WORKDAYS = (1.12, 1.1, 1.08, 1.06, 1.04, 0.82, 0.78)
_SHOP_WEEK = (0.95, 0.93, 0.96, 0.98, 1.04, 1.1, 1.04)
_COLUMNS = {"joined": 1, "sessions": 2, "shop": 3, "ads": 4, "contacts": 5, "marketing": 6, "level": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The rows from `first` up to but without `end` of a fact belong to `day`; `month` counts from 0."""

    fact: str
    day: date
    month: int
    first: int
    end: int


def days_of(stories: Stories) -> list[date]:
    """Every day from the first to the last."""
    return [stories.first_day + timedelta(days=n) for n in range((stories.last_day - stories.first_day).days + 1)]


def month_number(day: date, stories: Stories) -> int:
    """The month of `day`, counted from 0 at the first month of the data."""
    return (day.year - stories.first_day.year) * 12 + day.month - stories.first_day.month


def months_of(stories: Stories) -> int:
    """How many months the data covers."""
    return month_number(stories.last_day, stories) + 1


def spend_level(day: date, seed: int) -> float:
    """Marketing spend of the week of `day`, against the average week; between 0.4 and 1.6."""
    return 0.4 + 1.2 * chance((day.toordinal() - 1) // 7, _COLUMNS["level"], seed)


def slots(totals: dict[str, int], stories: Stories, seed: int) -> list[Slot]:
    """Spread the total rows of each fact over the days; row numbers of a fact run from 0 without gaps."""
    days = days_of(stories)
    found: list[Slot] = []
    for fact, total in totals.items():
        weights = [_weight(fact, day, stories, seed) for day in days]
        ends = _ends(total, weights)
        starts = [0, *ends]
        found += [Slot(fact=fact, day=day, month=month_number(day, stories), first=first, end=end) for day, first, end in zip(days, starts, ends, strict=False)]
    return found


def _ends(total: int, weights: Sequence[float]) -> list[int]:
    sums = list(accumulate(weights))
    return [round(total * so_far / sums[-1]) for so_far in sums]


def _weight(fact: str, day: date, stories: Stories, seed: int) -> float:
    age = (day - stories.first_day).days / (stories.last_day - stories.first_day).days
    noise = 1 + _NOISE * 2 * (chance(day.toordinal(), 10 + _COLUMNS[fact], seed) - 0.5)
    return _product([1 + GROWTH * age, noise, *_factors(fact, day, stories, seed)])


def _factors(fact: str, day: date, stories: Stories, seed: int) -> list[float]:
    season = stories.season
    wave = 1 + season.amplitude * cos(2 * pi * (day.timetuple().tm_yday - season.peak_day_of_year) / 365.25)
    match fact:
        case "sessions":
            return [season.weekday[day.weekday()], wave]
        case "shop":
            gifts = season.gifts_from <= (day.month, day.day) <= season.gifts_to
            return [_SHOP_WEEK[day.weekday()], season.gifts_times if gifts else 1.0]
        case "ads":
            return [wave]
        case "contacts":
            return [_WORKDAYS[day.weekday()], stories.outage.contacts_times if day == stories.outage.day else 1.0]
        case "joined":
            lag = stories.marketing_lag
            return [1 + lag.elasticity * (spend_level(day - timedelta(days=lag.lag_days), seed) - 1)]
        case _:
            return []


def _product(factors: Iterable[float]) -> float:
    product = 1.0
    for factor in factors:
        product *= factor
    # The last digits of a cosine differ between machines; the files must not.
    return round(product, 9)
