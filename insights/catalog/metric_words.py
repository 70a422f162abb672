"""What a metric is, as people read it: its expression and its filter, parts without a name of their own written out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from insights.catalog import over_time
from insights.catalog.gathering import said
from insights.catalog.notes import MetricNotes

_NAME = re.compile(r"'(?:[^']|'')*'|[A-Za-z_]\w*")
_SPARE = re.compile(r"(?:_before)?__\d+$")


def expression_words(notes: MetricNotes, declared: str | None, metrics: Mapping[str, MetricNotes]) -> str:
    """The definition as it was written; `declared` is the expression of the model, `metrics` what is said of all."""
    if declared is not None:
        return declared.strip()
    if notes.numerator is not None and notes.denominator is not None:
        text = f"{notes.numerator.text} / {notes.denominator.text}"
    else:
        text = notes.expression.text.strip() if notes.expression is not None else over_time.words(notes)
    return _NAME.sub(lambda found: _called(found[0], metrics), text)


def filter_words(notes: MetricNotes) -> str | None:
    """The filter, with what it gathers in words."""
    return None if notes.filter is None else said(notes.filter.text)


def _called(name: str, metrics: Mapping[str, MetricNotes]) -> str:
    """A name as it stands, or what a part without one of its own is: the metric that it was made of, with its filter or its time."""
    notes = metrics.get(name)
    if notes is None or not notes.hidden or not _SPARE.search(name):
        return name
    if notes.type == "earlier":
        return f"({expression_words(notes, None, metrics)})"
    bare, chosen = _SPARE.sub("", name), filter_words(notes)
    return f"({bare} where {chosen})" if chosen else bare
