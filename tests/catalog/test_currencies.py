"""Dated rates as the overlay names them, and which metrics are amounts of money."""

from __future__ import annotations

from datetime import date

import pytest

from insights.catalog.model import Rate
from insights.catalog.rates import WrongRates, read_rates


def test_a_rate_holds_until_the_next(tmp_path):
    """By currency, in the order of their days, whatever that of the lines."""
    file = tmp_path / "rates.csv"
    file.write_text("\ufeffDate,Currency,Rate\n2024-02-01,EUR,1.2\n2024-01-01,EUR,1.1\n\n2024-01-15,GBP,1.3\n", encoding="utf-8")
    assert read_rates(file) == (
        Rate("EUR", date(2024, 1, 1), date(2024, 1, 31), 1.1),
        Rate("EUR", date(2024, 2, 1), None, 1.2),
        Rate("GBP", date(2024, 1, 15), None, 1.3),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "needs the columns"),
        ("date,rate\n", "needs the columns"),
        ("date,currency,rate\n2024-13-01,EUR,1\n", "line 2"),
        ("date,currency,rate\n2024-01-01,EUR\n", "line 2"),
        ("date,currency,rate\n2024-01-01,EUR,0\n", "line 2"),
        ("date,currency,rate\n2024-01-01,EUR,1\n2024-01-01,EUR,2\n", "line 3"),
        ("date,currency,rate\n2024-01-01,EUR,nan\n", "line 2"),
    ],
)
def test_rates_that_cannot_be_used_are_told_with_their_line(tmp_path, text, said):
    """Nothing is converted with half a file."""
    file = tmp_path / "rates.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongRates, match=said):
        read_rates(file)


def test_a_unit_that_is_a_currency_makes_amounts_of_what_a_metric_reads(shop):
    """Sums of a dataset with several currencies are amounts, counts are not, and a noun says that they are none."""
    catalog = shop.read()
    assert [part.money for part in catalog.metrics["revenue"].aggregations] == ["amount"]
    assert [part.money for part in catalog.metrics["orders"].aggregations] == [None]
    assert [part.money for part in shop.read(overlay=shop.overlay.replace("unit: USD", "unit: pieces")).metrics["revenue"].aggregations] == [None]
    assert [part.money for part in shop.read(overlay=shop.overlay.replace("    unit: USD\n", "")).metrics["revenue"].aggregations] == ["unclear"]
    named = shop.overlay.replace("    unit: USD\n", "").replace("report: USD}", "report: USD, amounts: [cost]}")
    assert [part.money for part in shop.read(overlay=named).metrics["revenue"].aggregations] == [None]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit: USD", "unit: EUR", "reported in USD"),
        ("report: USD}", "report: USD, amounts: [amuont]}", "no field 'amuont'"),
        ("rates: rates.csv", "rates: s3://bucket/rates.csv", "is an address"),
        ("rates: rates.csv", "rates: model.yaml", "needs the columns"),
    ],
)
def test_a_mistake_in_a_currency_is_told(shop, old, new, said):
    """With its line."""
    assert any(said in problem.message for problem in shop.problems(overlay=shop.overlay.replace(old, new)))
