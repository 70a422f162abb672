"""A small shop, its columns, and how to write its definitions down with a mistake in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from insights.catalog import read
from insights.catalog.model import Catalog
from insights.errors import Problem, WrongCatalog
from insights.lake.source import Kind, Source

MODEL = """\
version: "0.1.1"
semantic_model:
  - name: shop
    description: A small shop.
    datasets:
      - name: orders
        source: data/orders.parquet
        primary_key: [id]
        ai_context: {synonyms: [purchases]}
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: customer_id, expression: {dialects: [{dialect: ANSI_SQL, expression: customer_id}]}}
          - {name: ordered_on, expression: {dialects: [{dialect: ANSI_SQL, expression: ordered_on}]}, dimension: {is_time: true}}
          - {name: status, expression: {dialects: [{dialect: ANSI_SQL, expression: status}]}, dimension: {is_time: false}}
          - {name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}, ai_context: {synonyms: [value]}}
          - {name: cost, expression: {dialects: [{dialect: ANSI_SQL, expression: cost}]}}
          - {name: profit, expression: {dialects: [{dialect: ANSI_SQL, expression: amount - cost}]}}
      - name: customers
        source: data/customers.parquet
        primary_key: [id]
        unique_keys: [[email]]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: email, expression: {dialects: [{dialect: ANSI_SQL, expression: email}]}}
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {}}
    relationships:
      - {name: orders_customers, from: orders, to: customers, from_columns: [customer_id], to_columns: [id]}
    metrics:
      - name: revenue
        expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount)}]}
        description: What customers paid.
        ai_context: {synonyms: [sales]}
      - name: orders
        expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(orders.id)}]}
"""
OVERLAY = """\
version: 1
locale: en-US
timezone: America/New_York
week_starts: monday
fiscal_year_starts: february
periods: calendar
today: 2026-05-31
holidays: US
metrics:
  revenue:
    label: Revenue
    unit: USD
    good: up
    time: orders.ordered_on
    filter: orders.status <> 'test'
    target: {2026: 48000000}
    owner: finance
    certified: true
    sensitivity: internal
    fresh_within: 1 day
  average_order: {type: ratio, numerator: revenue, denominator: orders}
  double: {type: derived, expression: revenue * 2}
datasets:
  orders: {sensitivity: internal, timezone: UTC, currency: {field: orders.status, rates: rates.csv, report: USD}}
  customers: {personal: true}
fields:
  orders.amount:
    aggregate: [avg, median]
  customers.region:
    label: Region
    synonyms: [territory, area]
    values: {EMEA: [europe], APAC: [asia pacific, asia]}
events: {launch: 2025-03-01}
funnels: {signup: {by: customers.id, steps: [visited, registered]}}
experiments: {price_test: {dataset: orders, unit: customer_id, arm: status, control: A, at: ordered_on}}
access: {confidential: [finance, board]}
policies:
  - dataset: customers
    roles: [regional_manager]
    where: {region: "{person.region}"}
minimum_group: 5
rollups:
  - metrics: [revenue, orders]
    by: [region]
    grain: day
verified:
  - ask: how did we do last month
    request: {analysis: value, metrics: [revenue], period: last month}
    expect: 12.5
"""
COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "orders": {"id": "number", "customer_id": "number", "ordered_on": "date", "status": "text", "amount": "number", "cost": "number", "hidden": "number"},
    "customers": {"id": "number", "email": "text", "region": "text"},
}


def columns_of(source: Source) -> Mapping[str, Kind]:
    """The columns of the shop's files; of a table the same by its name."""
    name = Path(source.paths[0]).stem if source.paths else (source.table or "")
    if name not in COLUMNS:
        raise WrongCatalog([Problem(file=source.paths[0] if source.paths else name, line=0, message="there is no such file.", suggestion="Make it.")])
    return COLUMNS[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Writes the shop's definitions into a folder and reads them."""

    folder: Path
    model: str = MODEL
    overlay: str = OVERLAY
    columns: Callable[[Source], Mapping[str, Kind]] = columns_of

    def write(self, *, model: str | None = None, overlay: str | None = None) -> Path:
        """Write both files; an empty overlay writes none."""
        (self.folder / "rates.csv").write_text("day,currency,rate\n", encoding="utf-8")
        (self.folder / "model.yaml").write_text(self.model if model is None else model, encoding="utf-8")
        text = self.overlay if overlay is None else overlay
        (self.folder / "assistant.yaml").unlink(missing_ok=True)
        if text:
            (self.folder / "assistant.yaml").write_text(text, encoding="utf-8")
        return self.folder

    def read(self, *, model: str | None = None, overlay: str | None = None) -> Catalog:
        """Write, then read."""
        return read(self.write(model=model, overlay=overlay), columns=self.columns)

    def problems(self, *, model: str | None = None, overlay: str | None = None) -> tuple[Problem, ...]:
        """What is wrong; nothing is an empty tuple."""
        try:
            self.read(model=model, overlay=overlay)
        except WrongCatalog as error:
            return error.problems
        return ()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The shop without a mistake."""
    return Shop(folder=tmp_path)


@pytest.fixture(scope="session")
def standing_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop, once for all examples of a generated test."""
    return Shop(folder=tmp_path_factory.mktemp("shop"))
