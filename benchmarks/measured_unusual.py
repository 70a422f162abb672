"""What is unusual: precision and recall on planted outages, shifts and spikes, and false alarms on clean series."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from benchmarks.measures import Figure
from insights.analysis.unusual.watching import watch

SERIES, DAYS = 500, 365


def figures(*, sample: bool) -> list[Figure]:
    """Every figure about what is unusual."""
    count = SERIES // 5 if sample else SERIES
    rng = np.random.default_rng(57)
    false, hit, missed, wrong = 0, {"outage": 0, "spike": 0, "shift": 0}, {"outage": 0, "spike": 0, "shift": 0}, 0
    learned = 0
    for _ in range(count):
        values, noise = _clean(rng)
        seen, episodes = watch(values, 7)
        false, learned = false + len(episodes), learned + seen.settled
        changed, kind, first, last = _planted(rng, values, noise)
        _, episodes = watch(changed, 7)
        slack = 4 if kind == "shift" else 0
        right = [one for one in episodes if one.first <= last + slack and one.last >= first]
        hit[kind] += bool(right)
        missed[kind] += not right
        wrong += len(episodes) - len(right)
    found = sum(hit.values())
    recall, precision = found / count, found / (found + wrong)
    yearly = false / (count * DAYS - learned) * 365
    how = f"{count} random daily series of a year with week, trend, yearly wave and noise of 2 to 8 %, three in ten carried on; one event in each"
    kinds = ", ".join(f"{kind} {hit[kind] / (hit[kind] + missed[kind]):.0%}" for kind in hit)
    return [
        Figure(what="planted outages, spikes and shifts found (recall)", measured=f"{recall:.1%} ({kinds})", aim="high", met=None, how=how),
        Figure(
            what="of what is called unusual, planted (precision)",
            measured=f"{precision:.1%}",
            aim="high",
            met=None,
            how="the same; every other episode of the year is wrong",
        ),
        Figure(
            what="false alarms a year on the clean series",
            measured=f"{yearly:.2f}",
            aim="under 1",
            met=yearly < 1,
            how="the same series with nothing planted, after eight weeks of learning",
        ),
    ]


def _clean(rng: np.random.Generator) -> tuple[Any, float]:
    week = np.clip(1 + rng.uniform(0.05, 0.3) * rng.normal(0, 0.7, 7), 0.3, None)
    at = np.arange(DAYS)
    trend = 1 + rng.uniform(-0.3, 0.6) * at / 365
    year = 1 + rng.uniform(0, 0.2) * np.cos(2 * np.pi * (at - rng.integers(365)) / 365.25)
    noise = float(rng.uniform(0.02, 0.08))
    errors = rng.normal(0, noise, DAYS)
    if rng.random() < 0.3:
        for day in range(1, DAYS):
            errors[day] += 0.3 * errors[day - 1]
    return rng.uniform(100, 5000) * (week / week.mean())[at % 7] * trend * year * (1 + errors), noise


def _planted(rng: np.random.Generator, values: Any, noise: float) -> tuple[Any, Literal["outage", "spike", "shift"], int, int]:
    """An outage of one to three days, a spike of a day (both at least eight deviations), or a shift that stays (at least five)."""
    changed, at = values.copy(), int(rng.integers(60, DAYS - 40))
    kind: Literal["outage", "spike", "shift"] = ("outage", "spike", "shift")[int(rng.integers(3))]
    size = max(rng.uniform(0.35, 0.9), 8 * noise)
    if kind == "outage":
        days = int(rng.integers(1, 4))
        changed[at : at + days] *= 1 - min(size, 0.97)
        return changed, kind, at, at + days - 1
    if kind == "spike":
        changed[at] *= 1 + size
    else:
        changed[at:] *= 1 + rng.choice([-1, 1]) * max(rng.uniform(0.2, 0.5), 5 * noise)
    return changed, kind, at, at
