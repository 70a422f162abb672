"""Rows as a native table, charts as a native chart; None where they do not fit, for the text is complete without them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from insights.answers import Chart, Column, MetricAnswer, Row
from slackbot.blocks import Block
from slackbot.escape import literal
from slackbot.limits import CHART_LABEL, CHART_POINTS, CHART_SERIES, CHART_TITLE, TABLE_CHARACTERS, TABLE_COLUMNS, TABLE_ROWS, shorten

if TYPE_CHECKING:
    from insights.wording.phrases import Figure

Cell = dict[str, Any]
_CELL = 200
_PAGE = 10


def table(answer: MetricAnswer, *, caption: str, locale: str) -> tuple[Block, int] | None:
    """A `data_table` block and how many rows it left out; None for fewer than two rows or more than 20 columns."""
    from insights.wording.phrases import arrange

    if len(answer.rows) < 2:
        return None
    keys = [column for column in answer.columns if column.role != "metric"]
    lines = arrange(answer, locale).lines
    compared = any(figure.before is not None for line in lines for figure in line.figures)
    beside = [column for column in answer.columns if column.role == "metric" and column.name.endswith((".part", ".whole", ".low", ".high"))]
    header = [_text(column.label) for column in keys] + [cell for figure in lines[0].figures for cell in _titles(figure, compared)]
    header += [_text(column.label) for column in beside]
    if not 1 <= len(header) <= TABLE_COLUMNS:
        return None
    rows, room = [header], TABLE_CHARACTERS - _characters(header)
    for row, line in zip(answer.rows[:TABLE_ROWS], lines, strict=False):
        cells = [_key(row, column, locale, cut=line.incomplete) for column in keys]
        cells += [cell for figure in line.figures for cell in _numbers(figure, compared, locale)]
        cells += [_number(row.get(column.name), column.unit, locale) for column in beside]
        room -= _characters(cells)
        if room < 0:
            break
        rows.append(cells)
    if len(rows) < 2:
        return None
    block = {"type": "data_table", "caption": shorten(caption, _CELL, escaped=literal) or "-", "rows": rows, "page_size": min(_PAGE, len(rows) - 1)}
    return block, len(answer.rows) - (len(rows) - 1)


def chart(drawn: Chart) -> Block | None:
    """A `data_visualization` block; None where Slack's own limits or a gap in the data do not allow one."""
    labels = [shorten(label, CHART_LABEL, escaped=literal) for label in drawn.labels]
    names = [shorten(series.name, CHART_LABEL, escaped=literal) for series in drawn.series]
    fits = drawn.kind in ("bar", "line") and 1 <= len(labels) <= CHART_POINTS and 1 <= len(names) <= CHART_SERIES and _distinct(labels) and _distinct(names)
    if not fits or any(len(series.values) != len(labels) or not all(map(_is_number, series.values)) for series in drawn.series):
        return None
    series = [
        {"name": name, "data": [{"label": label, "value": value} for label, value in zip(labels, one.values, strict=True)]}
        for name, one in zip(names, drawn.series, strict=True)
    ]
    return {
        "type": "data_visualization",
        "title": shorten(drawn.title, CHART_TITLE, escaped=literal) or "-",
        "chart": {"type": drawn.kind, "series": series, "axis_config": {"categories": labels}},
    }


def _titles(figure: Figure, compared: bool) -> list[Cell]:
    return [_text(figure.label)] + ([_text(f"{figure.label}, before"), _text(f"{figure.label}, change")] if compared else [])


def _key(row: Row, column: Column, locale: str, *, cut: bool) -> Cell:
    """What a row is told by; a time bucket that the data or the period cuts (`cut`) says so, as it does in the text."""
    from insights.wording.groupings import told

    return _text(told(row.get(column.name), column, locale) + (" (not complete)" if cut and column.grain is not None else ""))


def _numbers(figure: Figure, compared: bool, locale: str) -> list[Cell]:
    shown = [_number(figure.value, figure.unit, locale)]
    if compared:
        shown += [_number(figure.before, figure.unit, locale), _change(figure, locale)]
    return shown


def _change(figure: Figure, locale: str) -> Cell:
    """The move as a percentage of what was; a percentage itself moves by percentage points."""
    from insights.wording.changes import moved

    said = moved(figure.value, figure.before, figure.unit, locale)
    if figure.unit != "percent" or not said or not isinstance(figure.value, (int, float)) or not isinstance(figure.before, (int, float)):
        return _number(figure.change, "percent", locale)
    return {"type": "raw_number", "value": figure.value - figure.before, "text": shorten(said, _CELL, escaped=literal)}


def _number(value: Any, unit: str | None, locale: str) -> Cell:
    """A number that Slack sorts as one, or the word that stands in its place."""
    from insights.wording.formats import exact

    said = shorten(exact(value, unit, locale), _CELL, escaped=literal) if _is_number(value) or isinstance(value, str) else exact(None, None, locale)
    return {"type": "raw_number", "value": value, "text": said} if _is_number(value) else _text(said)


def _text(text: str) -> Cell:
    return {"type": "raw_text", "text": shorten(text, _CELL, escaped=literal) or "-"}


def _characters(cells: Sequence[Cell]) -> int:
    return sum(len(cell["text"]) for cell in cells)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _distinct(names: Sequence[str]) -> bool:
    return all(names) and len(set(names)) == len(names)
