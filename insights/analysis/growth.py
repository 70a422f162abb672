"""How a figure grew from bucket to bucket, or against a year before: what the growth of each comes to together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from insights.analysis.data import Data
from insights.answers import MetricAnswer
from insights.findings import Grown
from insights.requests import MetricQuestion


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The series with the growth of each bucket; of one figure without groups also what that comes to."""
    found = data.ask(question)
    finding = _together(found) if not question.group_by and len(question.metrics) == 1 else None
    return found if finding is None else replace(found, finding=finding)


def _together(found: MetricAnswer) -> Grown | None:
    """None with fewer than three complete buckets whose growth is known."""
    time, metric = found.columns[0], next(column for column in found.columns if column.is_figure)
    basis, grain = found.growth, time.grain
    known: list[tuple[date, float]] = []
    ends: list[tuple[float, float]] = []
    for row in found.rows:
        at, growth, value, before = row[time.name], row.get(f"{metric.name}.growth"), row[metric.name], row.get(f"{metric.name}.before")
        if isinstance(at, date) and at not in found.incomplete and isinstance(growth, int | float):
            known.append((at, float(growth)))
            if isinstance(value, int | float) and isinstance(before, int | float):
                ends.append((float(before), float(value)))
    if len(known) < 3 or basis is None or grain is None:
        return None
    return Grown(
        basis=basis,
        grain=grain,
        buckets=len(known),
        up=sum(growth > 0 for _, growth in known),
        down=sum(growth < 0 for _, growth in known),
        compound=compound(ends) if basis == "previous" and len(ends) == len(known) else None,
        latest=known[-1],
        most=max(known, key=lambda one: one[1]),
        least=min(known, key=lambda one: one[1]),
    )


def compound(steps: list[tuple[float, float]]) -> float | None:
    """The constant growth that leads as far as these steps, each from a figure to the next; None where one is not above zero.

    >>> compound([(100.0, 200.0), (200.0, 400.0)])
    1.0
    """
    if not steps or min(min(step) for step in steps) <= 0:
        return None
    whole = 1.0
    for before, now in steps:
        whole *= now / before
    return float(whole ** (1 / len(steps)) - 1)
