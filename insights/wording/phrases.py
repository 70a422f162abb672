"""An answer's facts arranged for the templates: labels, lines and headlines, still without sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insights.answers import Again, Column, MetricAnswer, Row
from insights.catalog.labels import inside
from insights.requests import Filter, Period, Scalar
from insights.wording import formats
from insights.wording.groupings import cell, told
from insights.wording.numerals import is_currency, is_number
from insights.wording.scope import phrase, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a line: its metric, value and unit; `before` and `change` (a fraction) when it is compared, `part` and `whole` (of `of`) of a share."""

    label: str
    value: Scalar
    unit: str | None
    before: Scalar = None
    change: float | None = None
    plural: bool = False
    part: Scalar = None
    whole: Scalar = None
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: what it is about in words (`key`; `heard` is the same within a spoken sentence), and its numbers.

    `group` is what a ranking starts anew in and `rest` the other keys; `cells` are the keys one by one; `incomplete` says that its time bucket is.
    """

    key: str
    heard: str
    figures: tuple[Figure, ...]
    group: str = ""
    rest: str = ""
    cells: tuple[str, ...] = ()
    incomplete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """A metric answer as the templates read it.

    `label` starts a sentence, `what` stands within one; `kinds` is what the lines are, counted. `when` and `heard_when` are the period behind a
    preposition, as read and as heard, with what the members of a set did besides; `before_when` and `heard_before` those of the other side of a
    comparison. `loud` are the lines that have a figure, `whole` those of them whose time bucket is complete, `latest` those of the last such bucket
    (`latest_heard`) where something else is grouped by too. `is_ordered` says that lines have an order of their own.
    `columns` are the keys' labels; `within` is what a ranking starts anew in, `among` what it ranks. `picked` is how many groups a condition on
    their figures holds for, None where there is none.
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
    whole: tuple[Line, ...]
    latest: tuple[Line, ...]
    latest_heard: str
    latest_kinds: str
    conditions: tuple[str, ...]
    highest: Line | None
    lowest: Line | None
    is_ordered: bool
    columns: tuple[str, ...]
    within: str
    among: str
    picked: int | None


def arrange(answer: MetricAnswer, locale: str) -> Arranged:
    """Everything the templates need to word a metric answer."""
    metrics = [column for column in answer.columns if column.is_figure]
    keys = [column for column in answer.columns if column.role != "metric"]
    labels = [column.label for column in metrics]
    lines = tuple(_line(row, keys, metrics, answer, locale) for row in answer.rows)
    loud = tuple(line for line in lines if line.figures and is_number(line.figures[0].value))
    period = answer.period or Period()
    before = answer.comparison.period if answer.comparison else Period()
    part = tuple(condition for condition in answer.filters if condition.dimension in answer.part)
    what = _share(answer, part, locale) if part else formats.listed([inside(label) for label in labels])
    again = "".join(_again(one, locale) for one in answer.again)
    whole = tuple(line for line in loud if not line.incomplete) or loud
    units = _units(answer)
    within = [column for column in keys if column.name in answer.within]
    return Arranged(
        label=what[:1].upper() + what[1:],
        what=what,
        plural=not part and (len(labels) > 1 or _is_plural(labels[0] if labels else "")),
        by=formats.listed([_by(column, locale) for column in keys]),
        kinds=_kinds(keys),
        scope=scope(tuple(condition for condition in answer.filters if condition not in part), answer.labels, locale, units),
        dates=_dates(answer, locale) + again,
        when=_when(period, formats.period(period, locale)) + again,
        heard_when=_when(period, formats.heard(period, locale)) + again,
        before_when=_when(before, formats.period(before, locale)),
        heard_before=formats.heard(before, locale),
        lines=lines,
        loud=loud,
        whole=whole,
        latest=_latest(answer, keys, metrics, locale),
        latest_heard=_latest_heard(answer, keys, locale),
        latest_kinds=_kinds([column for column in keys if column.role != "time"]),
        conditions=tuple(phrase(condition, answer.labels, locale, units) for condition in answer.filters),
        highest=max(loud, key=_size, default=None),
        lowest=min(loud, key=_size, default=None),
        is_ordered=any(column.part is not None or column.width is not None for column in keys),
        columns=tuple(column.label for column in keys),
        within=formats.listed([_by(column, locale) for column in within]),
        among=_kinds([column for column in keys if column not in within], one=answer.limit == 1),
        picked=_picked(answer, keys, lines),
    )


def _picked(answer: MetricAnswer, keys: list[Column], lines: tuple[Line, ...]) -> int | None:
    """How many known groups a condition on their figures holds for, however many are listed; None where there is none, or where that is not known."""
    if len(keys) != 1 or answer.limit is not None or not any(condition.metric is not None for condition in answer.filters):
        return None
    unknown = sum(row.get(keys[0].name) is None for row in answer.rows)
    if answer.analysis == "series" and keys[0].role == "time":
        return len(lines) - unknown
    if answer.analysis != "breakdown" or keys[0].width is not None or answer.hidden:
        return None
    every = len(lines) if answer.total_rows is None else answer.total_rows
    return every - unknown if unknown or every == len(lines) else None  # what belongs to nobody may be among those that are not listed


def _units(answer: MetricAnswer) -> dict[str, str | None]:
    """The units that conditions on figures are in: money and percentages, as nouns go without saying. A condition on a share is in percent of the whole."""
    units = {definition.name: definition.unit for definition in answer.definition}
    units |= {column.name: column.unit for column in answer.columns if column.is_figure and answer.labels.get(column.name) == column.label}
    return {name: unit for name, unit in units.items() if unit == "percent" or is_currency(unit)}


def _share(answer: MetricAnswer, part: tuple[Filter, ...], locale: str) -> str:
    """The share of a part that filters make: "share of market EMEA in revenue"."""
    named = [
        f"{inside(answer.labels.get(one.dimension or '', one.dimension or ''))} {formats.listed([cell(value, locale) for value in one.values], 'or')}"
        if one.op == "=" and one.values and all(isinstance(value, str) for value in one.values)
        else f"what has {inside(phrase(one, answer.labels, locale))}"
        for one in part
    ]
    return f"share of {formats.listed(named)} in {formats.listed([inside(definition.label) for definition in answer.definition])}"


def _again(again: Again, locale: str) -> str:
    """What the members of a set did besides, behind a period: " and not since June 1, 2026"."""
    behind = _when(again.period, formats.period(again.period, locale)) or " at any time"
    return f" and {'not' if again.negated else 'again'}{behind}"


def _kinds(keys: list[Column], *, one: bool = False) -> str:
    """What the lines are, counted: "markets", or "combinations" of several groupings; `one` where there is one of each."""
    name = "combination" if len(keys) != 1 else "step" if keys[0].width is not None else _by(keys[0], "")
    return name if one else formats.plural(name)


def _last_whole(answer: MetricAnswer, time: Column) -> Scalar:
    """The last time bucket; one that is complete, where there is one."""
    found = [row.get(time.name) for row in answer.rows]
    return next((at for at in reversed(found) if at is not None and at not in answer.incomplete), found[-1])


def _latest_heard(answer: MetricAnswer, keys: list[Column], locale: str) -> str:
    """The last time bucket with its preposition, empty without one."""
    time = next((column for column in keys if column.role == "time"), None)
    return "" if time is None or not answer.rows else formats.bucket_heard(_last_whole(answer, time), time.grain, locale)


def _line(row: Row, keys: list[Column], metrics: list[Column], answer: MetricAnswer, locale: str) -> Line:
    cells = tuple(told(row.get(column.name), column, locale) for column in keys)
    heard = [
        formats.bucket_heard(row.get(column.name), column.grain, locale) if column.role == "time" and column.grain else said
        for column, said in zip(keys, cells, strict=True)
    ]
    group = [said for column, said in zip(keys, cells, strict=True) if column.name in answer.within]
    rest = [said for column, said in zip(keys, cells, strict=True) if column.name not in answer.within]
    return Line(
        key=", ".join(cells),
        heard=", ".join(heard),
        figures=tuple(_figure(row, column, answer) for column in metrics),
        group=", ".join(group),
        rest=", ".join(rest),
        cells=cells,
        incomplete=any(column.grain is not None and row.get(column.name) in answer.incomplete for column in keys),
    )


def _size(line: Line) -> float:
    value = line.figures[0].value
    return float(value) if isinstance(value, (int, float)) else 0.0


def _latest(answer: MetricAnswer, keys: list[Column], metrics: list[Column], locale: str) -> tuple[Line, ...]:
    """The lines of the last bucket by their other groupings, largest first; empty unless time and something else are both grouped by."""
    time = next((column for column in keys if column.role == "time"), None)
    rest = [column for column in keys if column is not time]
    if time is None or not rest or not answer.rows:
        return ()
    last = _last_whole(answer, time)
    lines = [_line(row, rest, metrics, answer, locale) for row in answer.rows if row.get(time.name) == last]
    return tuple(sorted((line for line in lines if line.figures and is_number(line.figures[0].value)), key=_size, reverse=True))


def _by(column: Column, locale: str) -> str:
    if column.width is not None and locale:
        return f"{inside(column.label)} in steps of {formats.exact(column.width, column.unit, locale)}"
    return " ".join(filter(None, (column.calendar, column.grain))) if column.role == "time" and column.grain else inside(column.label)


def _is_plural(label: str) -> bool:
    head = label.split(" per ")[0].split(" of ")[0].rstrip(")")
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))


def _dates(answer: MetricAnswer, locale: str) -> str:
    """The period as dates; where none was asked for, what the data covers."""
    if answer.period is not None:
        return formats.dates(answer.period, locale)
    if answer.data_from is None or answer.data_through is None:
        return "all there is"
    last = max(answer.data_from, answer.data_through)  # what is ahead begins after the day that the data goes through
    return f"all there is, {formats.dates(Period(first=answer.data_from, last=last), locale)}"


def _when(period: Period, words: str) -> str:
    """The period in `words` behind its preposition, with a leading blank: " in May 2026", " on May 3, 2026", " from ... to ..."."""
    if period.first is None and period.last is None:
        return ""
    if period.first is None or period.last is None:
        return f" {words}"
    if period.first == period.last:
        return f" on {words}"
    return f" from {words}" if " to " in words and "(" not in words else f" in {words}"


def _figure(row: Row, column: Column, answer: MetricAnswer) -> Figure:
    value, before, unit = row.get(column.name), row.get(f"{column.name}.before"), column.unit
    if unit is not None and not is_currency(unit) and unit.casefold() in column.label.casefold().split():
        unit = None  # "watch hours" are hours already
    change = None
    if isinstance(value, (int, float)) and isinstance(before, (int, float)) and before:
        change = (value - before) / abs(before)
    part, whole = row.get(f"{column.name}.part"), row.get(f"{column.name}.whole")
    of = next((beside.unit for beside in answer.columns if beside.name == f"{column.name}.whole"), None)
    return Figure(label=column.label, value=value, unit=unit, before=before, change=change, plural=_is_plural(column.label), part=part, whole=whole, of=of)


def together(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The lines of each group, the groups in the order they come in: months as they follow each other, and not by their names."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return list(groups.items())
