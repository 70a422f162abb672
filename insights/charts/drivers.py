"""A change as a waterfall: from what was to what is, by what each driver adds."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartSeries, Column, MetricAnswer
from insights.findings import Driver, Drivers
from insights.requests import Scalar

REST, DAYS = "Everything else", "Other days"


def waterfall(answer: MetricAnswer, name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """None where nothing but the rest would be drawn."""
    found = answer.finding
    if not isinstance(found, Drivers) or not found.drivers:
        return None
    column = next(column for column in answer.columns if column.is_figure)
    steps = [(_called(driver, name), driver.contribution) for driver in found.drivers]
    steps += [(DAYS, found.calendar)] if found.calendar is not None else []
    steps.append((REST, found.rest))
    labels, values = ["Before", *(label for label, _ in steps), "Now"], [found.before, *(value for _, value in steps), found.now]
    title = f"What carries the change of {column.label}"
    return Chart(kind="waterfall", title=title, labels=tuple(labels), series=(ChartSeries(name=column.label, values=tuple(values)),), unit=column.unit, alt=alt)


def _called(driver: Driver, name: Callable[[Scalar, Column], str]) -> str:
    column = Column(name="", label="", role="dimension")
    parts = [", ".join(name(value, column) for value in held.values) for held in driver.where]
    return ("Rest of " if driver.is_rest else "") + " / ".join(parts) + (" (mix)" if driver.kind == "mix" else "")
