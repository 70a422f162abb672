"""Drafts of Ossie 0.2: what they added is read, what is not read is said."""

from __future__ import annotations

from contextlib import closing

import pytest

import insights
from insights import wiring
from insights.catalog.checking import remarks
from insights.catalog.model import FieldId
from insights.turns import Turn

DRAFT = """
version: 0.2.0.dev0
dialects: [ANSI_SQL, DAX]
vendors: [WISDOM]
semantic_model:
  - name: shop
    behavior: {agent: careful}
    datasets:
      - name: orders
        source: orders.csv
        custom_extensions: [{vendor_name: ACME, data: "{}"}]
        fields:
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {}, datatype: String}
          - {name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}, datatype: Decimal}
          - {name: day, expression: {dialects: [{dialect: ANSI_SQL, expression: day}]}, dimension: {}, datatype: Date}
          - {name: loaded, expression: {dialects: [{dialect: ANSI_SQL, expression: loaded}]}, dimension: {is_time: false}, datatype: Date}
    metrics:
      - name: revenue
        datatype: Decimal
        expression: {dialects: [{dialect: DAX, expression: "SUM('orders'[amount])"}, {dialect: ANSI_SQL, expression: SUM(orders.amount)}]}
"""
ROWS = "region,amount,day,loaded\nNorth,10,2026-01-05,2026-03-01\nSouth,20,2026-02-06,2026-03-01\n"


@pytest.fixture
def draft(tmp_path):
    """A folder with a model of the draft."""

    def write(text=DRAFT):
        (tmp_path / "model.yaml").write_text(text)
        (tmp_path / "orders.csv").write_text(ROWS)
        return tmp_path

    return write


def test_a_draft_answers_questions(draft, tmp_path) -> None:
    """Logical types, free vendors and expressions in several languages are read; a date is a time unless it is said not to be."""
    with closing(insights.open(draft(), home=tmp_path / "home")) as assistant:
        assert assistant.reply(Turn("revenue in February 2026")).answer.value == 20
        assert assistant.catalog.fields[FieldId("orders", "day")].role == "time"
        assert assistant.catalog.fields[FieldId("orders", "loaded")].role == "dimension"


def test_what_later_drafts_add_is_said_not_to_be_read(draft) -> None:
    """A key that this version does not know is no mistake in a draft, and is named with its line."""
    place = draft()
    assert wiring.check(place) == ()
    assert [line.partition("model.yaml:")[2] for line in remarks(place, lambda _: {"region": "text", "amount": "number", "day": "date", "loaded": "date"})] == [
        "7: the semantic model: 'behavior' is not read by this version."
    ]


def test_an_expression_in_no_sql_alone_is_refused_by_name(draft) -> None:
    """A metric that only another language defines is a mistake with its name, not a metric that is quietly missing."""
    place = draft(DRAFT.replace(", {dialect: ANSI_SQL, expression: SUM(orders.amount)}", ""))
    assert ["metric 'revenue' has an expression in DAX only, which is not SQL." in str(one) for one in wiring.check(place)] == [True]
    place = draft(DRAFT.replace(", {dialect: ANSI_SQL, expression: SUM(orders.amount)}", "").replace("dialect: DAX, expr", "dialect: KLINGON, expr"))
    assert ["in KLINGON only, which is not known." in str(one) for one in wiring.check(place)] == [True]


def test_a_draft_written_out_is_a_draft_again(draft, tmp_path) -> None:
    """Logical types survive the way out and in."""
    place = draft()
    wiring.export(place, tmp_path / "out")
    assert "version: 0.2.0.dev0" in (tmp_path / "out" / "model.yaml").read_text()
    with closing(insights.open(tmp_path / "out", home=tmp_path / "home")) as assistant:
        assert assistant.catalog.fields[FieldId("orders", "loaded")].role == "dimension"
        assert assistant.reply(Turn("revenue")).answer.value == 30
