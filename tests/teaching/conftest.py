"""A small company with owners, secrets and people who see some rows, in which things are taught."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import pytest

from insights import Turn, wiring

NOW = datetime(2026, 5, 31, 9)


def _field(name: str, dimension: str = "") -> str:
    return f"          - {{name: {name}, expression: {{dialects: [{{dialect: ANSI_SQL, expression: {name}}}]}}{dimension}}}\n"


def _metric(name: str, expression: str) -> str:
    return f"      - {{name: {name}, expression: {{dialects: [{{dialect: ANSI_SQL, expression: {expression}}}]}}}}\n"


GROUPED, TIMED = ", dimension: {is_time: false}", ", dimension: {is_time: true}"
MODEL = (
    "version: 0.1.1\nsemantic_model:\n  - name: wares\n    datasets:\n"
    "      - name: sales\n        source: sales.csv\n        primary_key: [id]\n        fields:\n"
    + _field("id")
    + _field("sold_on", TIMED)
    + _field("kind", GROUPED)
    + _field("city", GROUPED)
    + _field("amount")
    + "      - name: salaries\n        source: salaries.csv\n        primary_key: [id]\n        fields:\n"
    + _field("id")
    + _field("paid_on", TIMED)
    + _field("wage")
    + "    metrics:\n"
    + _metric("revenue", "SUM(sales.amount)")
    + _metric("net_revenue", "SUM(sales.amount * 0.9)")
    + _metric("orders", "COUNT(sales.id)")
    + _metric("zinc_profit", "SUM(sales.amount * 0.25)")
    + _metric("payroll", "SUM(salaries.wage)")
)
OVERLAY = """
version: 1
today: 2026-05-31
owner: steward
metrics:
  revenue: {label: Revenue, unit: USD, owner: finance, synonyms: [turnover]}
  net_revenue: {label: Net revenue, unit: USD, owner: finance}
  orders: {label: Orders, owner: olga}
  zinc_profit: {label: Zinc profit, unit: USD, sensitivity: confidential, owner: finance}
  payroll: {label: Payroll, unit: USD, owner: nobody_at_all}
datasets:
  salaries: {sensitivity: confidential}
fields:
  sales.kind: {label: Kind}
  sales.city: {label: City}
access: {confidential: [finance]}
policies:
  - {dataset: sales, roles: [finance, steward, analyst], where: {}}
  - {dataset: sales, roles: [local], where: {city: "{person.city}"}}
verified:
  - ask: how are we doing
    request: {analysis: value, metrics: [revenue], period: last month}
"""
ORGANIZATION = """
version: 1
people:
  - {id: fin, name: Fin, roles: [finance]}
  - {id: olga, name: Olga, roles: [analyst]}
  - {id: stu, name: Stu, roles: [steward]}
  - {id: ann, name: Ann, roles: [analyst]}
  - {id: bob, name: Bob, roles: [analyst]}
  - {id: loc, name: Loc, roles: [local], attributes: {city: Bremen}}
devices: {desk: {person: ann}}
"""


def write(folder, *, overlay: str = OVERLAY, organization: str = ORGANIZATION) -> None:
    """Put the company into a folder: three sales in Bremen and two in Osaka, 100 dollars each."""
    (folder / "model.yaml").write_text(MODEL)
    (folder / "assistant.yaml").write_text(overlay)
    (folder / "organization.yaml").write_text(organization)
    cities = ["Bremen", "Bremen", "Bremen", "Osaka", "Osaka"]
    rows = "".join(f"{n},2026-04-0{n},{'tea' if n % 2 else 'mate'},{city},100\n" for n, city in enumerate(cities, 1))
    (folder / "sales.csv").write_text("id,sold_on,kind,city,amount\n" + rows)
    (folder / "salaries.csv").write_text("id,paid_on,wage\n1,2026-04-30,9000\n")


@pytest.fixture
def folder(tmp_path):
    """The company's catalog."""
    folder = tmp_path / "wares"
    folder.mkdir()
    write(folder)
    return folder


@pytest.fixture
def reopen(folder, tmp_path):
    """Opens the company as it stands now, with the ledger that it has; all are closed at the end."""
    opened = []

    def opening(**changed):
        write(folder, **changed)
        opened.append(wiring.open_catalog(folder, home=tmp_path / "home"))
        return opened[-1]

    yield opening
    for assistant in opened:
        with closing(assistant):
            pass


@pytest.fixture
def assistant(reopen):
    """The company, opened."""
    return reopen()


@pytest.fixture
def say(assistant):
    """Say something as somebody, in a conversation of their own."""

    def saying(person, text, **more):
        return assistant.reply(Turn(text, person=person, conversation=more.pop("conversation", f"of {person}"), **more))

    return saying
