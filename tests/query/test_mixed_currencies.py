"""Records with amounts in several currencies: never in one order, and compared only as what is written there."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import pytest

import insights
from insights.assistant import Turn

INVOICES = "invoice,issued_on,amount,currency\n1,2026-05-01,500,JPY\n2,2026-05-02,90,GBP\n3,2026-05-03,100,USD\n4,2026-05-04,80,GBP\n"
MODEL = """version: 0.1.1
semantic_model:
  - name: bills
    datasets:
      - name: invoices
        source: ./invoices.csv
        primary_key: [invoice]
        fields:
          - {name: invoice, expression: {dialects: [{dialect: ANSI_SQL, expression: invoice}]}}
          - {name: issued_on, expression: {dialects: [{dialect: ANSI_SQL, expression: issued_on}]}, dimension: {is_time: true}}
          - {name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}}
          - {name: currency, expression: {dialects: [{dialect: ANSI_SQL, expression: currency}]}, dimension: {is_time: false}}
    metrics:
      - {name: invoices, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(invoices.*)}]}}
      - {name: billed, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(invoices.amount)}]}}
"""
OVERLAY = """version: 1
metrics: {billed: {unit: USD}}
datasets: {invoices: {currency: {field: invoices.currency, rates: rates.csv, report: USD}}}
"""


@pytest.fixture(scope="module")
def bills(tmp_path_factory):
    """Four invoices in three currencies, ready to be asked about."""
    folder = tmp_path_factory.mktemp("bills")
    (folder / "invoices.csv").write_text(INVOICES)
    (folder / "rates.csv").write_text("date,currency,rate\n2026-01-01,USD,1\n2026-01-01,GBP,1.25\n2026-01-01,JPY,0.007\n")
    (folder / "model.yaml").write_text(MODEL)
    (folder / "assistant.yaml").write_text(OVERLAY)
    with closing(insights.open(folder, now=datetime(2026, 6, 30, 12), home=folder / "home")) as assistant:
        yield assistant


@pytest.mark.parametrize("text", ["list the invoices by amount descending", "top 2 invoices by amount in May 2026"])
def test_amounts_in_several_currencies_have_no_order(bills, text):
    """500 yen are less than 90 pounds; the field to choose one by is named."""
    reply = bills.reply(Turn(text=text))
    assert reply.outcome != "understood"
    assert "currency" in reply.text


def test_those_of_one_currency_are_put_in_order(bills):
    """Both of the pounds, the larger first."""
    reply = bills.reply(Turn(text="list the invoices by amount descending with currency GBP"))
    assert [row["invoices.amount"] for row in reply.answer.rows] == [90, 80]


def test_a_condition_on_the_amount_says_that_it_is_of_each_in_its_own(bills):
    """As it is recorded: 500, 90 and 100 are over 85, whatever they are worth, and that is said."""
    reply = bills.reply(Turn(text="invoices with an amount over 85 in May 2026"))
    assert reply.answer.value == 3
    assert "each in its own currency" in reply.text
