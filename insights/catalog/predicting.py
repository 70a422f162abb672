"""Figures that the company's own models predict: which metrics those are, who answers for them, and how far off they were."""

from __future__ import annotations

from datetime import date

from insights.answers import Prediction
from insights.catalog.names import Names
from insights.catalog.sections import Section


def read_models(top: Section, names: Names) -> dict[str, Prediction]:
    """Every model under `models`, by the metric that publishes what it predicts."""
    found: dict[str, Prediction] = {}
    for name, section in top.each("models", "model"):
        metric = section.required("metric")
        owner = section.required("owner")
        trained = _day(section)
        error = _error(section)
        measure = section.required("error_measure", example="error_measure: MAPE over the last 12 months")
        known = names.metric(metric, section.line_of("metric"), section.what) if metric else None
        if known is not None and known in found:
            section.report("metric", f"{section.what} predicts '{known}', which another model does already.", "Publish each under a metric of its own.")
        if known is not None and owner is not None and trained is not None and error is not None and measure is not None:
            found[known] = Prediction(model=name.replace("_", " "), owner=owner, trained_through=trained, error=error, measure=measure)
        section.done()
    return found


def _day(section: Section) -> date | None:
    text = section.required("trained_through", example="trained_through: 2026-04-30")
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        section.report("trained_through", f"{section.what}: '{text[:40] if text else ''}' is not a day.", "Write one such as 2026-04-30.")
        return None


def _error(section: Section) -> float | None:
    """A fraction of 1, also written as a percentage."""
    text = section.required("error", example="error: 8%")
    if text is None:
        return None
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value < 10:
        section.report("error", f"{section.what}: '{text[:40]}' is no error.", "Write a fraction such as 0.08, or 8%.")
        return None
    return value
