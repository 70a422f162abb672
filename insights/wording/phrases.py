"""An answer's facts arranged for the templates: labels, lines and headlines, still without sentences."""

from __future__ import annotations

from dataclasses import dataclass

from insights.answers import Column, MetricAnswer, Row
from insights.catalog.labels import inside
from insights.requests import Period, Scalar
from insights.wording import formats
from insights.wording.numerals import is_currency, is_number
from insights.wording.scope import cell, phrase, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a line: its metric, value and unit; `before` and `change` (a fraction) when it is compared."""

    label: str
    value: Scalar
    unit: str | None
    before: Scalar = None
    change: float | None = None
    plural: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: what it is about in words (`key`; `heard` is the same within a spoken sentence), and its numbers."""

    key: str
    heard: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """A metric answer as the templates read it.

    `label` starts a sentence, `what` stands within one; `kinds` is what the lines are, counted. `when` and `heard_when` are the period behind a
    preposition, as read and as heard; `before_when` and `heard_before` those of the other side of a comparison. `loud` are the lines that have a
    figure, `latest` those of the last time bucket (`latest_heard`) where something else is grouped by too.
    """

    label: str
    what: str
    plural: bool
    by: str
    kinds: str
    scope: str
    dates: str
    when: str
    heard_when: str
    before_when: str
    heard_before: str
    lines: tuple[Line, ...]
    loud: tuple[Line, ...]
    latest: tuple[Line, ...]
    latest_heard: str
    latest_kinds: str
    conditions: tuple[str, ...]
    highest: Line | None


def arrange(answer: MetricAnswer, locale: str) -> Arranged:
    """Everything the templates need to word a metric answer."""
    metrics = [column for column in answer.columns if column.is_figure]
    keys = [column for column in answer.columns if column.role != "metric"]
    labels = [column.label for column in metrics]
    lines = tuple(_line(row, keys, metrics, locale) for row in answer.rows)
    loud = tuple(line for line in lines if line.figures and is_number(line.figures[0].value))
    period = answer.period or Period()
    before = answer.comparison.period if answer.comparison else Period()
    what = formats.listed([inside(label) for label in labels])
    return Arranged(
        label=what[:1].upper() + what[1:],
        what=what,
        plural=len(labels) > 1 or _is_plural(labels[0] if labels else ""),
        by=formats.listed([_by(column) for column in keys]),
        kinds=_kinds(keys),
        scope=scope(answer.filters, answer.labels, locale),
        dates=_dates(answer, locale),
        when=_when(period, formats.period(period, locale)),
        heard_when=_when(period, formats.heard(period, locale)),
        before_when=_when(before, formats.period(before, locale)),
        heard_before=formats.heard(before, locale),
        lines=lines,
        loud=loud,
        latest=_latest(answer.rows, keys, metrics, locale),
        latest_heard=_latest_heard(answer.rows, keys, locale),
        latest_kinds=_kinds([column for column in keys if column.role != "time"]),
        conditions=tuple(phrase(condition, answer.labels, locale) for condition in answer.filters),
        highest=max(loud, key=_size, default=None),
    )


def _kinds(keys: list[Column]) -> str:
    """What the lines are, counted: "markets", or "combinations" of several groupings."""
    return formats.plural(_by(keys[0])) if len(keys) == 1 else "combinations"


def _latest_heard(rows: tuple[Row, ...], keys: list[Column], locale: str) -> str:
    """The last time bucket with its preposition, empty without one."""
    time = next((column for column in keys if column.role == "time"), None)
    return "" if time is None or not rows else formats.bucket_heard(rows[-1].get(time.name), time.grain, locale)


def _line(row: Row, keys: list[Column], metrics: list[Column], locale: str) -> Line:
    heard = [
        formats.bucket_heard(row.get(column.name), column.grain, locale) if column.role == "time" else cell(row.get(column.name), locale) for column in keys
    ]
    return Line(key=_key(row, keys, locale), heard=", ".join(heard), figures=tuple(_figure(row, column) for column in metrics))


def _size(line: Line) -> float:
    value = line.figures[0].value
    return float(value) if isinstance(value, (int, float)) else 0.0


def _latest(rows: tuple[Row, ...], keys: list[Column], metrics: list[Column], locale: str) -> tuple[Line, ...]:
    """The lines of the last bucket by their other groupings, largest first; empty unless time and something else are both grouped by."""
    time = next((column for column in keys if column.role == "time"), None)
    rest = [column for column in keys if column is not time]
    if time is None or not rest or not rows:
        return ()
    lines = [_line(row, rest, metrics, locale) for row in rows if row.get(time.name) == rows[-1].get(time.name)]
    return tuple(sorted((line for line in lines if line.figures and is_number(line.figures[0].value)), key=_size, reverse=True))


def _by(column: Column) -> str:
    return column.grain if column.role == "time" and column.grain else inside(column.label)


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


def _when(period: Period, words: str) -> str:
    """The period in `words` behind its preposition, with a leading blank: " in May 2026", " on May 3, 2026", " from ... to ..."."""
    if period.first is None and period.last is None:
        return ""
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


def _figure(row: Row, column: Column) -> Figure:
    value, before, unit = row.get(column.name), row.get(f"{column.name}.before"), column.unit
    if unit is not None and not is_currency(unit) and unit.casefold() in column.label.casefold().split():
        unit = None  # "watch hours" are hours already
    change = None
    if isinstance(value, (int, float)) and isinstance(before, (int, float)) and before:
        change = (value - before) / abs(before)
    return Figure(label=column.label, value=value, unit=unit, before=before, change=change, plural=_is_plural(column.label))
