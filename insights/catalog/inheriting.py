"""What a metric takes over from those that it is made of: their filter, their sensitivity, their unit."""

from __future__ import annotations

from insights.catalog.model import Metric, Sensitivity
from insights.catalog.notes import MetricNotes
from insights.catalog.usage import SENSITIVITIES


def inherited_filter(used: list[Metric]) -> str | None:
    """The filter that all parts of a metric share."""
    filters = {metric.filter for metric in used}
    return filters.pop() if len(filters) == 1 else None


def inherited_sensitivity(used: list[Metric]) -> Sensitivity:
    """Nothing made of something confidential is less so, unless that is said."""
    return max((metric.sensitivity for metric in used), key=SENSITIVITIES.index, default="internal")


def inherited_unit(notes: MetricNotes, used: list[Metric]) -> str | None:
    """Sums and differences of one unit keep it, and so does what is summed up along time; a share of events is a percentage."""
    units = {metric.unit for metric in used}
    if notes.type in ("cumulative", "balance", "earlier"):
        return units.pop() if len(units) == 1 else None
    if notes.type == "conversion":
        return used[-1].unit if notes.counts else "percent"
    plain = notes.type == "derived" and notes.expression is not None and not set("*/(") & set(notes.expression.text)
    return units.pop() if plain and len(units) == 1 else None
