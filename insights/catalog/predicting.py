"""Figures that the company's own models predict: which metrics those are, who answers for them, how far off they were, and where an endpoint predicts them."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from insights.answers import Prediction
from insights.catalog.model import Endpoint, FieldId
from insights.catalog.names import Names
from insights.catalog.notes import ModelNotes
from insights.catalog.sections import Section
from insights.requests import Grain

_GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year")
_COMBINES: tuple[Literal["sum", "average"], ...] = ("sum", "average")
_FORMATS: tuple[Literal["csv", "json"], ...] = ("csv", "json")
_NAME = re.compile(r"[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}")
"""As SageMaker has them."""
_OF_ENDPOINT = ("inputs", "grain", "ahead", "combine", "weight", "format")


def read_models(top: Section, names: Names) -> dict[str, ModelNotes]:
    """Every model under `models`, by the metric that publishes what it predicts."""
    found: dict[str, ModelNotes] = {}
    for name, section in top.each("models", "model"):
        metric = section.required("metric")
        owner = section.required("owner")
        trained = _day(section)
        error = _error(section)
        measure = section.required("error_measure", example="error_measure: MAPE over the last 12 months")
        known = names.metric(metric, section.line_of("metric"), section.what) if metric else None
        endpoint = _endpoint(section, names)
        if known is not None and known in found:
            section.report("metric", f"{section.what} predicts '{known}', which another model does already.", "Publish each under a metric of its own.")
        if known is not None and owner is not None and trained is not None and error is not None and measure is not None:
            told = Prediction(model=name.replace("_", " "), owner=owner, trained_through=trained, error=error, measure=measure)
            found[known] = ModelNotes(prediction=told, endpoint=endpoint, inputs_line=section.line_of("inputs"))
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


def _endpoint(section: Section, names: Names) -> Endpoint | None:
    """Where and from what the predictions are had; None of a table, or where something is missing, which is written down."""
    name = section.text("endpoint")
    if name is None:
        for key in _OF_ENDPOINT:
            if key in section:
                section.report(key, f"{section.what}: '{key}' goes with an endpoint.", "Add endpoint: NAME, or leave it out.")
                section.node(key)
        return None
    if not _NAME.fullmatch(name):
        section.report("endpoint", f"{section.what}: '{name[:80]}' is not the name of an endpoint.", "Write the name it has in SageMaker, such as demand-net.")
    grain = section.choice("grain", _GRAINS)
    if grain is None and "grain" not in section:
        section.report(None, f"{section.what} needs 'grain': how long the time is that one prediction is about.", "Add grain: month.")
    ahead, weight = section.whole("ahead") or 0, section.text("weight")
    combine, format_ = section.choice("combine", _COMBINES) or "sum", section.choice("format", _FORMATS) or "csv"
    if (combine == "average") != (weight is not None):
        section.report("combine" if weight is None else "weight", f"{section.what}: 'average' and 'weight' go together.", "Add weight: METRIC to an average.")
    elif weight is not None:
        names.metric(weight, section.line_of("weight"), f"{section.what}, weight")
    inputs = section.texts("inputs")
    metrics, dimensions = _split(inputs, grain, section, names)
    if not metrics:
        section.report("inputs" if "inputs" in section else None, f"{section.what} needs 'inputs' with at least one metric.", "Add inputs: [region, orders].")
    if grain is None:
        return None
    return Endpoint(
        name=name, inputs=inputs, metrics=metrics, dimensions=dimensions, grain=grain, ahead=ahead, combine=combine, weight=weight, format=format_
    )  # fmt: skip


def _split(inputs: tuple[str, ...], grain: Grain | None, section: Section, names: Names) -> tuple[tuple[str, ...], tuple[FieldId, ...]]:
    """The metrics and the dimensions among the inputs."""
    fields = {bare for known in names.fields.values() for bare in known}
    metrics: list[str] = []
    dimensions: list[FieldId] = []
    for name in inputs:
        if name in names.metrics:
            metrics.append(name)
        elif name != grain or name in fields:
            id_ = names.field(name, section.line_of("inputs"), f"{section.what}, inputs")
            dimensions += [id_] if id_ is not None else []
    return tuple(dict.fromkeys(metrics)), tuple(dict.fromkeys(dimensions))
