"""Rows as a table for the terminal, with bars beside groups, a line of blocks for a series, and how far a comparison moved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from insights.answers import Chart, Column, MetricAnswer
from insights.cli.terminal import printable
from insights.requests import Scalar
from insights.wording import formats
from insights.wording.cells import cells, heading
from insights.wording.changes import moved

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from insights.assistant import Assistant

BLOCKS = "▁▂▃▄▅▆▇█"
EIGHTHS = " ▏▎▍▌▋▊▉"
MOST_ROWS = 40
WIDTH = 24


def drawn(answer: MetricAnswer, chart: Chart | None, assistant: Assistant) -> RenderableType:
    """The rows of an answer: a series by groups with a column each, everything else as it stands."""
    from rich.console import Group

    if chart is None or chart.kind != "line":
        return _table(answer, chart, assistant)
    locale = assistant.catalog.locale
    several = len(chart.series) > 1 and sum(column.is_figure for column in answer.columns) == 1
    return Group(_pivot(answer, chart, locale) if several else _table(answer, None, assistant), _trends(chart, locale))


def _plain(headers: Sequence[tuple[str, bool]]) -> Table:
    """An empty table; each header with whether its cells are figures."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", caption_justify="left", caption_style="dim")
    for label, is_figure in headers:
        table.add_column(Text(printable(label)), justify="right" if is_figure else "left", overflow="fold")
    return table


def _table(answer: MetricAnswer, chart: Chart | None, assistant: Assistant) -> Table:
    """Keys and figures; beside a comparison what it was and how it moved, beside a single figure a bar."""
    from rich.text import Text

    locale, rows, left_out = assistant.catalog.locale, *_shown(answer)
    headers: list[tuple[str, bool]] = []
    columns: list[Sequence[Text]] = []
    for column in answer.columns:
        if column.role != "metric":
            headers.append((column.grain or column.label, False))
            columns.append([Text(printable(assistant.wording.name(row.get(column.name), column))) for row in rows])
        elif column.is_figure:
            headers.append((heading(column), True))
            columns.append([Text(cell) for cell in cells([row.get(column.name) for row in rows], column.unit, locale)])
            if f"{column.name}.before" in rows[0]:
                before = [row.get(f"{column.name}.before") for row in rows]
                headers += [(formats.period(answer.comparison.period, locale) if answer.comparison else "before", True), ("change", True)]
                columns.append([Text(cell, style="dim") for cell in cells(before, column.unit, locale)])
                columns.append([_change(row.get(column.name), row.get(f"{column.name}.before"), column, answer, locale) for row in rows])
        elif column.name.endswith(".part"):
            headers.append((heading(column), True))
            columns.append([Text(cell, style="dim") for cell in cells([row.get(column.name) for row in rows], column.unit, locale)])
    if chart is not None and sum(column.is_figure for column in answer.columns) == 1 and not any(label == "change" for label, _ in headers):
        headers.append(("", False))
        columns.append(bars(chart.series[0].values))
    table = _plain(headers)
    for line in zip_longest(*columns, fillvalue=Text("")):
        table.add_row(*line)
    table.caption = left_out
    return table


def _shown(answer: MetricAnswer) -> tuple[Sequence[dict[str, Scalar]], str | None]:
    """The rows that fit, and a remark on the rest: the first of a table, the last of a series."""
    rows = [dict(row) for row in answer.rows]
    rest = len(rows) - MOST_ROWS
    if rest <= 0:
        return rows, None
    if answer.analysis == "series":
        return rows[-MOST_ROWS:], f"and {rest} earlier"
    return rows[:MOST_ROWS], f"and {rest} more"


def _change(value: Scalar, before: Scalar, column: Column, answer: MetricAnswer, locale: str) -> Text:
    """How a figure moved; green where that is good, red where it is not."""
    from rich.text import Text

    said = moved(value, before, column.unit, locale)
    good = next((one.good for one in answer.definition if one.name == column.name), "neither")
    style = "" if good == "neither" or said[:2] not in ("up", "do") else "green" if said.startswith(good) else "red"
    return Text(said.replace("percentage point", "point"), style=style)


def _pivot(answer: MetricAnswer, chart: Chart, locale: str) -> Table:
    """Buckets down, groups across."""
    from rich.text import Text

    time = next(column for column in answer.columns if column.role == "time")
    table = _plain([(time.grain or time.label, False), *((series.name, True) for series in chart.series)])
    columns = [cells(series.values, chart.unit, locale) for series in chart.series]
    rest = max(len(chart.labels) - MOST_ROWS, 0)
    for number, label in list(enumerate(chart.labels))[rest:]:
        table.add_row(Text(printable(label)), *(Text("" if chart.series[n].values[number] is None else column[number]) for n, column in enumerate(columns)))
    table.caption = f"and {rest} earlier" if rest else None
    return table


def _trends(chart: Chart, locale: str) -> Table:
    """A line of blocks for each series, with its lowest and highest figure."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    for series in chart.series:
        known = [value for value in series.values if value is not None]
        if known:
            low, high = cells([min(known), max(known)], chart.unit, locale)
            grid.add_row(Text(printable(series.name)), Text(sparkline(series.values), style="cyan"), Text(f"{low} to {high}", style="dim"))
    return grid


def bars(values: Sequence[float | None]) -> list[Text]:
    """A bar for each value, the longest filling the width; what is below zero is red."""
    from rich.text import Text

    most = max((abs(value) for value in values if value is not None), default=0.0) or 1.0
    return [Text(_bar(abs(value or 0.0) / most), style="red" if (value or 0.0) < 0 else "cyan") for value in values]


def _bar(share: float) -> str:
    """A bar in eighths of a character; something is never nothing.

    >>> _bar(1.0) == "█" * WIDTH, _bar(0.0), _bar(0.0001)
    (True, '', '▏')
    """
    eighths = max(round(share * WIDTH * 8), 1 if share else 0)
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).rstrip(" ")


def sparkline(values: Sequence[float | None]) -> str:
    """A line of block characters, lowest to highest; a gap is a blank.

    >>> sparkline((1.0, 2.0, None, 3.0)), sparkline((5.0, 5.0))
    ('▁▄ █', '▁▁')
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    return "".join(" " if value is None else BLOCKS[int((value - low) / span * 7)] for value in values)
