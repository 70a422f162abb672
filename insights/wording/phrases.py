"""An answer's facts arranged for the templates: labels, lines and headlines, still without sentences."""

from __future__ import annotations

from dataclasses import dataclass

from insights.answers import Column, MetricAnswer, Row
from insights.requests import Period, Scalar
from insights.wording import formats
from insights.wording.scope import phrase, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a line: its metric, value and unit; `before` and `change` (a fraction) when it is compared."""

    label: str
    value: Scalar
    unit: str | None
    before: Scalar = None
    change: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: what it is about in words, and its numbers."""

    key: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """A metric answer as the templates read it."""

    label: str
    plural: bool
    by: str
    scope: str
    period: str
    dates: str
    when: str
    before_when: str
    lines: tuple[Line, ...]
    conditions: tuple[str, ...]
    highest: Line | None
    lowest: Line | None


def arrange(answer: MetricAnswer, locale: str) -> Arranged:
    """Everything the templates need to word a metric answer."""
    metrics = [column for column in answer.columns if column.is_figure]
    keys = [column for column in answer.columns if column.role != "metric"]
    labels = [column.label for column in metrics]
    lines = tuple(Line(key=_key(row, keys, locale), figures=tuple(_figure(row, column) for column in metrics)) for row in answer.rows)
    numbered = [line for line in lines if line.figures and isinstance(line.figures[0].value, (int, float))]
    size = {id(line): float(line.figures[0].value) for line in numbered if isinstance(line.figures[0].value, (int, float))}
    period = answer.period or Period()
    return Arranged(
        label=formats.listed(labels),
        plural=len(labels) > 1 or _is_plural(labels[0] if labels else ""),
        by=formats.listed([_by(column) for column in keys]),
        scope=scope(answer.filters, answer.labels, locale),
        period=formats.period(period, locale),
        dates=_dates(answer, locale),
        when=_when(period, locale),
        before_when=_when(answer.comparison.period, locale) if answer.comparison else "",
        lines=lines,
        conditions=tuple(phrase(condition, answer.labels, locale) for condition in answer.filters),
        highest=max(numbered, key=lambda line: size[id(line)], default=None),
        lowest=min(numbered, key=lambda line: size[id(line)], default=None),
    )


def _by(column: Column) -> str:
    return column.grain if column.role == "time" and column.grain else _lower_first(column.label)


def _lower_first(label: str) -> str:
    """ "Region" becomes "region", "IMDB rating" stays."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _is_plural(label: str) -> bool:
    head = label.split(" per ")[0].split(" of ")[0].rstrip(")")
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))


def _dates(answer: MetricAnswer, locale: str) -> str:
    """The period as dates; where none was asked for, what the data covers."""
    if answer.period is not None:
        return formats.dates(answer.period, locale)
    if answer.data_from is None or answer.data_through is None:
        return "all there is"
    return f"all there is, {formats.dates(Period(first=answer.data_from, last=answer.data_through), locale)}"


def _when(period: Period, locale: str) -> str:
    """The period behind a preposition, with a leading blank: " in May 2026", " on May 3, 2026", " from ... to ..."."""
    if period.first is None and period.last is None:
        return ""
    words = formats.period(period, locale)
    if period.first is None or period.last is None:
        return f" {words}"
    if period.first == period.last:
        return f" on {words}"
    return f" from {words}" if " to " in words and "(" not in words else f" in {words}"


def _key(row: Row, keys: list[Column], locale: str) -> str:
    said = []
    for column in keys:
        value = row.get(column.name)
        said.append(formats.bucket(value, column.grain, locale) if column.role == "time" else cell(value, locale))
    return ", ".join(said)


def cell(value: Scalar, locale: str) -> str:
    """A dimension's value; whole numbers are codes and years there, so they are not grouped."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else formats.exact(value, None, locale)


def _figure(row: Row, column: Column) -> Figure:
    value, before = row.get(column.name), row.get(f"{column.name}.before")
    change = None
    if isinstance(value, (int, float)) and isinstance(before, (int, float)) and before:
        change = (value - before) / abs(before)
    unit = None if column.unit and column.unit.casefold() == column.label.casefold() else column.unit
    return Figure(label=column.label, value=value, unit=unit, before=before, change=change)
