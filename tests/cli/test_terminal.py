"""Replies at a terminal: tables, bars, blocks and moves; and nothing that drives the terminal."""

from __future__ import annotations

import io
import re
from datetime import date
from types import SimpleNamespace

import pytest
from rich.console import Console

from insights import Turn
from insights.answers import Column
from insights.charts import describe
from insights.cli.drawing import MOST_ROWS, WIDTH, bars, sparkline
from insights.cli.terminal import printable, render
from insights.turns import Reply
from insights.wording import Wording
from tests.wording.facts import CHURN, MONTH, ORDERS, REGION, REVENUE, against_april, metric_answer


class Shown:
    """What the renderer needs of an assistant."""

    catalog = SimpleNamespace(locale="en-US")
    wording = Wording("en-US")


def on_screen(reply, assistant=Shown, *, colour=False, width=100):
    """The reply as a terminal of this width shows it."""
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=width, highlight=False, markup=False, color_system="standard" if colour else None, emoji=False)
    render(reply, assistant, console)
    return written.getvalue()


def lines_of(*columns, rows, **facts):
    """An answer on the screen, line by line."""
    answer = metric_answer(*columns, rows=rows, **facts)
    said = Shown.wording.answer(answer)
    chart = describe(answer, name=Shown.wording.name, alt=said.speech)
    shown = on_screen(Reply(outcome="understood", utterance="", speech=said.speech, text=said.text, answer=answer, chart=chart))
    return [line.rstrip() for line in shown.splitlines()]


def test_groups_stand_in_a_table_with_a_bar_each():
    """The figures flush right, the longest bar filling its width, what is unknown without one."""
    lines = lines_of(REGION, REVENUE, rows=[("EMEA", 200.0), ("APAC", 50.0), (None, None)], analysis="breakdown")
    assert lines[:5] == [
        "Revenue by region in May 2026",
        "Region   Revenue",
        "EMEA     $200.00  " + "█" * WIDTH,
        "APAC      $50.00  " + "█" * (WIDTH // 4),
        "unknown  unknown",
    ]


def test_figures_stand_below_one_another_with_their_unit_in_the_heading():
    """Decimals are aligned; several metrics have no bars."""
    hours = Column(name="wait", label="Waiting time", role="metric", unit="minutes")
    lines = lines_of(REGION, hours, CHURN, rows=[("EMEA", 1200.5, 0.5), ("APAC", 3, 0.125)], analysis="breakdown")
    assert lines[1:4] == [
        "Region  Waiting time (minutes)  Churn rate",
        "EMEA                  1,200.50       50.0%",
        "APAC                      3.00       12.5%",
    ]


def test_a_series_has_a_line_of_blocks_with_its_range():
    """Below its table."""
    rows = [(date(2026, month, 1), value) for month, value in ((1, 10), (2, 30), (3, 20))]
    lines = lines_of(MONTH, ORDERS, rows=rows, analysis="series")
    assert lines[1:6] == ["month          Orders", "January 2026       10", "February 2026      30", "March 2026         20", "Orders  ▁█▄  10 to 30"]


def test_a_series_by_groups_has_a_column_for_each():
    """Months down, regions across, a gap where there was nothing."""
    rows = [(date(2026, 1, 1), "EMEA", 10), (date(2026, 1, 1), "APAC", 7), (date(2026, 2, 1), "EMEA", 12)]
    lines = lines_of(MONTH, REGION, ORDERS, rows=rows, analysis="series")
    assert lines[1:4] == ["month          EMEA  APAC", "January 2026     10     7", "February 2026    12"]
    assert lines[4:6] == ["EMEA  ▁█  10 to 12", "APAC  ▁   7 to 7"]


def test_a_comparison_shows_both_periods_and_the_move():
    """The earlier period by its name; green is good, red is not, whichever way that is."""
    rows = [("EMEA", 110.0, 100.0), ("APAC", 90.0, 100.0)]
    answer = metric_answer(REGION, REVENUE, rows=rows, analysis="breakdown", comparison=against_april())
    reply = Reply(outcome="understood", utterance="", speech="", text=Shown.wording.answer(answer).text, answer=answer)
    lines = [line.rstrip() for line in on_screen(reply).splitlines()]
    assert lines[1:4] == ["Region  Revenue  April 2026    change", "EMEA    $110.00     $100.00    up 10%", "APAC     $90.00     $100.00  down 10%"]
    coloured = on_screen(reply, colour=True)
    assert re.search(r"\x1b\[32m *up 10%", coloured)
    assert re.search(r"\x1b\[31m *down 10%", coloured)
    worse = metric_answer(REGION, REVENUE, rows=rows, analysis="breakdown", comparison=against_april(), good="down")
    coloured = on_screen(Reply(outcome="understood", utterance="", speech="", text=Shown.wording.answer(worse).text, answer=worse), colour=True)
    assert re.search(r"\x1b\[31m *up 10%", coloured)


@pytest.mark.parametrize(("analysis", "remark"), [("breakdown", "and 5 more"), ("series", "and 5 earlier")])
def test_long_tables_say_what_they_leave_out(analysis, remark):
    """The first rows of a table, the last of a series."""
    column = Column(name="at", label="At", role="time", grain="day") if analysis == "series" else REGION
    rows = [(date(2026, 1, 1).replace(month=1 + n // 28, day=1 + n % 28) if analysis == "series" else f"Region {n}", n) for n in range(MOST_ROWS + 5)]
    lines = lines_of(column, ORDERS, rows=rows, analysis=analysis)
    assert remark in lines
    assert len([line for line in lines if line.startswith(("Region ", "January", "February"))]) in (MOST_ROWS, MOST_ROWS + 1)


def test_period_definition_and_source_stand_below_every_answer():
    """In two columns, so that what is long wraps beside its label, whatever the width."""
    answer = metric_answer(REVENUE, rows=[(5.0,)], data_through=date(2026, 5, 31))
    said = Shown.wording.answer(answer)
    for width in (40, 100):
        shown = on_screen(Reply(outcome="understood", utterance="", speech="", text=said.text, answer=answer), width=width)
        for label in ("Period      ", "Definition  ", "Source      "):
            assert f"\n{label}" in shown
        assert max(len(line) for line in shown.splitlines()) <= width


def test_what_data_holds_does_not_drive_the_terminal():
    """Escape sequences, bells and the like are shown, not obeyed."""
    hostile = "\x1b[2J\x1b]0;owned\x07EMEA\x9b31m\r"
    for rows in ([(hostile, 5.0)], [(hostile, 5.0), ("x", 4.0)]):
        shown = "\n".join(lines_of(REGION, REVENUE, rows=rows, analysis="breakdown"))
        assert not set(shown) & {"\x1b", "\x07", "\x9b", "\r"}
        assert "␛[2J" in shown
    assert printable("a\tb\nc") == "a\tb\nc"


def test_square_brackets_and_colons_are_text():
    """What rich would take for markup or an emoji is shown as it is."""
    shown = "\n".join(lines_of(REGION, REVENUE, rows=[("[bold red]x[/]", 5.0), (":smile:", 4.0)], analysis="breakdown"))
    assert "[bold red]x[/]" in shown
    assert ":smile:" in shown


def test_bars_and_blocks_hold_at_the_edges():
    """Nothing, one value, all the same, less than nothing, gaps."""
    assert [str(bar) for bar in bars([0.0, None, -2.0, 1.0])] == ["", "", "█" * WIDTH, "█" * (WIDTH // 2)]
    assert bars([-2.0])[0].style == "red"
    assert [str(bar) for bar in bars([0.0, 0.0])] == ["", ""]
    assert (sparkline([]), sparkline([None]), sparkline([7.0, 7.0]), sparkline([1.0, None, 3.0])) == ("", "", "▁▁", "▁ █")


def test_real_replies_of_every_kind_are_shown(halcyon):
    """Value, breakdown, ranking, series, comparison, contents, help, a question back, refusals: all of it, and the words of each."""
    asked = {
        "what was revenue last month": "Revenue in April 2026: $",
        "revenue by market last month": "EMEA      $",
        "top 3 regions by watch hours in April": "Top 3 regions by watch hours in April 2026 (of 13)",
        "orders by month this year": "to 23,076",
        "revenue by month by market in 2026": "month",
        "compare revenue last month to the month before": "Compared with  March 1, 2026",
        "what can I ask": "Metrics",
        "help": "Ask about the data",
        "how is churn rate defined": "Definition",
        "gross margin last month": "confidential",
        "": "I didn't hear a question.",
    }
    for question, expected in asked.items():
        shown = on_screen(halcyon.reply(Turn(question)), halcyon)
        assert expected in shown, question
        assert on_screen(halcyon.reply(Turn(question)), halcyon, colour=True).strip()
