"""A reply in the terminal: tables and small charts where someone is watching, the plain text where it is piped."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from insights.answers import Chart, MetricAnswer
from insights.turns import Reply

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from insights.assistant import Assistant

BLOCKS = " ▁▂▃▄▅▆▇█"
MOST_ROWS = 40


def show(reply: Reply, assistant: Assistant) -> None:
    """Write the reply to standard output."""
    if not sys.stdout.isatty():
        click.echo(reply.text)
        return
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    render(reply, assistant, console)


def render(reply: Reply, assistant: Assistant, console: Console) -> None:
    """The reply for a person at a terminal: headline, table or chart, then period, definition and source in grey."""
    from rich.text import Text

    lines = reply.text.split("\n")
    if isinstance(reply.answer, MetricAnswer) and len(reply.answer.rows) > 1:
        console.print(Text(lines[0].rstrip(":"), style="bold"))
        console.print(_table(reply.answer, reply.chart, assistant))
        if reply.chart is not None and reply.chart.kind == "line":
            for series in reply.chart.series:
                console.print(Text(f"{sparkline(series.values)}  {series.name}", style="cyan"))
        rest = [line for line in lines[1:] if not line.startswith(("• ", "and ")) and not line[:3].rstrip(" ").rstrip(".").isdigit()]
    else:
        console.print(Text(lines[0], style="bold" if reply.outcome == "understood" else "yellow"))
        rest = lines[1:]
    for line in rest:
        console.print(Text(line, style="dim" if line.startswith(("Period:", "Definition:", "Source:", "Compared with:")) else ""))


def _table(answer: MetricAnswer, chart: Chart | None, assistant: Assistant) -> RenderableType:
    """Rows as a table; a bar stands beside each single-metric row where there is a bar chart."""
    from rich.table import Table
    from rich.text import Text

    from insights.wording import formats

    locale = assistant.catalog.locale
    table = Table(box=None, pad_edge=False, header_style="dim")
    columns = [column for column in answer.columns if column.is_figure or column.role != "metric"]
    compared = [column.name for column in columns if f"{column.name}.before" in answer.rows[0]]
    for column in columns:
        table.add_column(column.label if column.role != "time" else column.grain or column.label, justify="right" if column.role == "metric" else "left")
        if column.name in compared:
            table.add_column("before", justify="right", style="dim")
    bars = _bars(chart) if chart is not None and chart.kind == "bar" and len(chart.series) == 1 else None
    if bars is not None:
        table.add_column("")
    for number, row in enumerate(answer.rows[:MOST_ROWS]):
        cells: list[Text] = []
        for column in columns:
            value = row.get(column.name)
            said = formats.exact(value, column.unit, locale) if column.role == "metric" else assistant.wording.name(value, column)
            cells.append(Text(said))
            if column.name in compared:
                cells.append(Text(formats.exact(row.get(f"{column.name}.before"), column.unit, locale)))
        if bars is not None:
            cells.append(Text(bars[number], style="cyan"))
        table.add_row(*cells)
    if len(answer.rows) > MOST_ROWS:
        table.caption = f"and {len(answer.rows) - MOST_ROWS} more"
    return table


def _bars(chart: Chart, width: int = 24) -> list[str]:
    values = [value or 0.0 for value in chart.series[0].values]
    most = max((abs(value) for value in values), default=0.0) or 1.0
    return ["█" * max(round(abs(value) / most * width), 1 if value else 0) for value in values]


def sparkline(values: tuple[float | None, ...]) -> str:
    """A line of block characters, lowest to highest; a gap is a blank.

    >>> sparkline((1.0, 2.0, None, 3.0))
    '▁▄ █'
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    return "".join(" " if value is None else BLOCKS[1 + int((value - low) / span * 7)] for value in values)
