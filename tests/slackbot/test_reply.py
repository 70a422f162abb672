"""Replies as messages: text complete by itself, blocks within Slack's published limits whatever the reply holds."""

import json
import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.answers import Chart, ChartSeries, Column, Definition, MetricAnswer
from insights.requests import Choice, MetricQuestion
from insights.turns import Reply, Turn
from insights.wording import Wording
from slackbot.reply import dress
from tests.slackbot.accepted import problems
from tests.wording.facts import CHURN, REGION, against_april, metric_answer

WORDING = Wording()


_nasty = st.text(max_size=40) | st.sampled_from(["<!channel>", "<@U01>", "a & b", "```", "*bold*", "• x: 1", "Period: x", "", "\ud800", "x" * 4_000, "&" * 900])
_numbers = st.none() | st.integers(-(10**12), 10**12) | st.floats(-1e20, 1e20) | st.sampled_from([float("nan"), float("inf"), float("-inf")])


@st.composite
def metric_answers(draw):
    """Answers of any size: up to 130 rows and 24 columns of anything."""
    width, height = draw(st.integers(1, 24)), draw(st.integers(0, 130))
    keys = (Column(name="key", label=draw(_nasty), role="dimension"), Column(name="when", label="Month", role="time", grain="month"))[: draw(st.integers(0, 2))]
    metrics = tuple(
        Column(name=f"m{n}", label=draw(_nasty), role="metric", unit=draw(st.sampled_from([None, "USD", "percent", "orders"]))) for n in range(width)
    )
    sample = draw(st.lists(st.tuples(_nasty, _numbers, st.none() | st.integers(-9, 9)), min_size=1, max_size=5))
    rows, compared = [], draw(st.integers(0, 2**height - 1))  # a bit a row: a draw a row would take most of the time
    for number in range(height):
        text, value, before = sample[number % len(sample)]
        row = {"key": f"{text}{number}", "when": date(2026, 1 + number % 12, 1)} | {column.name: value for column in metrics}
        rows.append(row | ({f"{metrics[0].name}.before": before} if compared >> number & 1 else {}))
    definition = Definition(name="m0", label=draw(_nasty), expression=draw(_nasty))
    return MetricAnswer(
        analysis="breakdown", value=None, unit=None, columns=keys + metrics, rows=tuple(rows), definition=(definition,), source=draw(_nasty), engine="duckdb"
    )


@st.composite
def replies(draw):
    """Replies of every outcome, worded as the real wording words them where there are figures."""
    outcome = draw(st.sampled_from(["understood", "clarify", "confirm", "unsupported", "denied", "failed"]))
    answer = draw(st.none() | metric_answers())
    finite = answer is None or all(value == value and abs(value) < 1e300 for row in answer.rows for value in row.values() if isinstance(value, float))
    text = WORDING.answer(answer).text if answer and finite else draw(st.lists(_nasty, min_size=1, max_size=60).map("\n".join))
    names = draw(st.lists(_nasty, max_size=8))
    labels = tuple(draw(st.lists(_nasty, max_size=24)))
    values = tuple(draw(st.lists(_numbers, min_size=len(labels), max_size=len(labels))))
    chart = Chart(kind="line", title=draw(_nasty), labels=labels, series=tuple(ChartSeries(name=name, values=values) for name in names))
    choices = tuple(Choice(label=label, request=MetricQuestion()) for label in draw(st.lists(_nasty, max_size=4)))
    suggestions = tuple(draw(st.lists(_nasty, max_size=3)))
    return Reply(outcome=outcome, utterance="", speech="", text=text or "-", answer=answer, chart=chart, choices=choices, suggestions=suggestions)


@settings(max_examples=150, deadline=None)
@given(replies())
def test_whatever_the_reply_the_message_is_one_that_slack_takes(reply):
    """No limit is passed, nothing is empty, and no mention or link of the data's own gets through."""
    message = dress(reply, turn="slack:T0HOME:trigger.1", conversation="slack:T0HOME:C01:U01")
    assert problems(message) == []
    sent = json.dumps(message, ensure_ascii=False)
    assert not re.search(r"<[@#!]|<https?:", sent)


def _ranking(rows=3):
    columns = (Column(name="region", label="Region", role="dimension"), Column(name="revenue", label="Revenue", role="metric", unit="USD"))
    found = tuple({"region": f"Region <{number}>", "revenue": 1000.5 * number} for number in range(rows, 0, -1))
    definition = (Definition(name="revenue", label="Revenue", expression="SUM(amount)", certified=True),)
    return MetricAnswer(
        analysis="breakdown", value=None, unit=None, columns=columns, rows=found, definition=definition, source="orders.parquet", engine="duckdb"
    )


def _reply(answer, **more):
    said = Wording().answer(answer)
    return Reply(outcome="understood", utterance="", speech=said.speech, text=said.text, answer=answer, **more)


def test_an_answer_shows_headline_table_and_small_print():
    """The headline is bold, the rows are a table that sorts by number, definition and source are small print; the text has it all."""
    message = dress(_reply(_ranking()))
    headline, table, small = message["blocks"]
    assert headline["text"]["text"] == "*Revenue by region:*"
    assert [cell["text"] for cell in table["rows"][0]] == ["Region", "Revenue"]
    assert table["rows"][1] == [{"type": "raw_text", "text": "Region <3>"}, {"type": "raw_number", "value": 3001.5, "text": "$3,001.50"}]
    assert "Definition: Revenue = SUM(amount) (certified)" in small["elements"][0]["text"]
    assert "Source: orders.parquet" in small["elements"][0]["text"]
    for part in ("Region &lt;3&gt;: $3,001.50", "Region &lt;1&gt;: $1,000.50", "Definition: Revenue", "Source: orders.parquet"):
        assert part in message["text"]


def test_weeks_that_a_month_cuts_say_so_in_the_table(halcyon):
    """May 2026 begins on a Friday and ends on a Sunday: of its weeks the first alone is cut."""
    message = dress(halcyon.reply(Turn("revenue by week in May 2026", person="ada")), turn="slack:T1:cut", conversation="slack:T1:cut")
    [table] = [block for block in message["blocks"] if block["type"] == "data_table"]
    assert [row[0]["text"].endswith("(not complete)") for row in table["rows"][1:]] == [True, False, False, False, False]


def test_rows_beyond_the_table_are_counted():
    """112 rows are 100 in the table and 12 more."""
    message = dress(_reply(_ranking(112)))
    table = next(block for block in message["blocks"] if block["type"] == "data_table")
    assert len(table["rows"]) == 101
    assert any(block["type"] == "section" and block["text"]["text"] == "and 12 more" for block in message["blocks"])


def test_a_comparison_has_the_earlier_value_and_the_change():
    """Both stand in the table beside the value, the change as a percentage."""
    answer = _ranking(2)
    rows = tuple(row | {"revenue.before": 1000.5} for row in answer.rows)
    table = next(block for block in dress(_reply(MetricAnswer(**{**_fields(answer), "rows": rows})))["blocks"] if block["type"] == "data_table")
    assert [cell["text"] for cell in table["rows"][0]] == ["Region", "Revenue", "Revenue, before", "Revenue, change"]
    assert [cell["text"] for cell in table["rows"][1][1:]] == ["$2,001.00", "$1,000.50", "100%"]


def test_a_percentage_moves_by_points_in_the_table():
    """From 2.8 to 3.1 percent; where there was nothing before, nothing is said of the move."""
    answer = metric_answer(REGION, CHURN, rows=[("EMEA", 0.031, 0.028), ("APAC", 0.5, None)], analysis="breakdown", comparison=against_april())
    table = next(block for block in dress(_reply(answer))["blocks"] if block["type"] == "data_table")
    assert [[cell["text"] for cell in row[1:]] for row in table["rows"][1:]] == [
        ["3.1%", "2.8%", "up 0.3 percentage points"],
        ["50%", "unknown", "unknown"],
    ]


def _fields(answer):
    return {name: getattr(answer, name) for name in answer.__dataclass_fields__}


def test_a_chart_is_native_where_it_fits_and_absent_where_it_would_lie():
    """Twenty points are drawn; a gap in the data or a twenty-first point is left to the table and the text."""
    labels = tuple(f"Week {number}" for number in range(20))
    whole = Chart(kind="line", title="Revenue by week", labels=labels, series=(ChartSeries(name="Revenue", values=(1.5,) * 20),))
    gap = Chart(kind="line", title="Revenue by week", labels=labels, series=(ChartSeries(name="Revenue", values=(None,) + (1.5,) * 19),))
    long = Chart(kind="line", title="Revenue by week", labels=(*labels, "Week 20"), series=(ChartSeries(name="Revenue", values=(1.5,) * 21),))
    drawn = [[block for block in dress(_reply(_ranking(), chart=chart))["blocks"] if block["type"] == "data_visualization"] for chart in (whole, gap, long)]
    assert drawn[1:] == [[], []]
    assert drawn[0] == [
        {
            "type": "data_visualization",
            "title": "Revenue by week",
            "chart": {
                "type": "line",
                "series": [{"name": "Revenue", "data": [{"label": label, "value": 1.5} for label in labels]}],
                "axis_config": {"categories": list(labels)},
            },
        }
    ]


def test_suggestions_can_be_pressed(buttons_of):
    """A refusal that names the way out lets people take it."""
    reply = Reply(outcome="unsupported", utterance="", speech="", text="I can't do that.", suggestions=("revenue by region",))
    button = buttons_of(dress(reply, turn="t", conversation="c"))["revenue by region"]
    assert button["action_id"] == "ask:1"
    assert json.loads(button["value"]) == {"say": "revenue by region", "of": "t", "in": "c"}


def test_text_of_which_nothing_can_be_shown_is_a_dash():
    """Slack refuses a message without text, and draws no control characters."""
    assert dress(Reply(outcome="understood", utterance="", speech="", text="\x1f"))["text"] == "-"
