"""Rows that hold for a time: whoever refers to them means the one that held at its own time; by hand, within the rights of who asks, and what is refused."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, datetime

import pytest

from insights.catalog.model import Aggregation, Catalog, ColumnRef, Dataset, Field, FieldId, Metric, Relationship, Validity
from insights.errors import NotAnswerable
from insights.lake.source import Source
from insights.permit import Asker, Grant
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.requests import Filter, MetricQuestion
from insights.warehouse.duckdb import DuckDB

COLUMNS = {
    "orders": {
        "customer": ("INTEGER", "number", "key"),
        "placed_at": ("TIMESTAMP", "timestamp", "time"),
        "amount": ("INTEGER", "number", "fact"),
    },
    "tiers": {
        "customer": ("INTEGER", "number", "key"),
        "tier": ("VARCHAR", "text", "dimension"),
        "since": ("DATE", "date", "time"),
        "until": ("DATE", "date", "time"),
    },
}
TIERS = [
    (1, "tin", date(2024, 1, 1), date(2024, 3, 1)),
    (1, "gold", date(2024, 3, 1), None),
    (2, "gold", date(2024, 1, 1), date(2024, 2, 1)),
    (2, "gold", date(2024, 2, 1), date(2024, 2, 1)),  # of no length: never
    (2, "tin", date(2024, 2, 15), date(2024, 4, 1)),
]
ORDERS = [
    (1, datetime(2024, 2, 29, 23, 59), 1),  # the last day of tin
    (1, datetime(2024, 3, 1, 0, 0), 2),  # the first of gold
    (2, datetime(2024, 1, 15, 9), 4),  # gold
    (2, datetime(2024, 2, 10, 9), 8),  # between two
    (2, datetime(2024, 4, 1, 9), 16),  # after all
    (3, datetime(2024, 3, 1, 9), 32),  # of whom nothing is known
    (1, None, 64),  # whenever that was
]
SOLD = Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),))
GOLD = replace(SOLD, where=(FieldId("tiers", "tier"), " = 'gold'"))


def asked(tiers, *, time="placed_at"):
    """What is asked of orders and these tiers."""
    datasets = {}
    for name, columns in COLUMNS.items():
        fields = {
            column: Field(id=FieldId(name, column), expression=(ColumnRef(column),), kind=kind, role=role, label=column)
            for column, (_, kind, role) in columns.items()
        }
        datasets[name] = Dataset(name=name, source=Source(table=name), fields=fields, label=name)
    datasets["orders"] = replace(datasets["orders"], time=FieldId("orders", time) if time else None)
    datasets["tiers"] = replace(datasets["tiers"], valid=Validity("since", "until"))
    to_tiers = Relationship(name="buyer", many="orders", one="tiers", many_columns=("customer",), one_columns=("customer",))
    metrics = {"sold": Metric(name="sold", label="sold", formula=(SOLD,)), "gold": Metric(name="gold", label="gold", formula=(GOLD,))}
    catalog = Catalog(name="shop", version="1", datasets=datasets, metrics=metrics, relationships=(to_tiers,))
    engine = DuckDB(allowed=(), threads=1)
    for name, rows in (("orders", ORDERS), ("tiers", tiers)):
        engine._database.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {type_}' for column, (type_, _, _) in COLUMNS[name].items())})")
        engine._database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in COLUMNS[name])})", [list(row) for row in rows])
    return engine, Questions(catalog, engine, collect(catalog, engine))


@pytest.fixture(scope="module")
def ask():
    """Ask a question of the orders."""
    engine, questions = asked(TIERS)
    with closing(engine):
        yield lambda rows=None, **question: questions.answer(MetricQuestion(**question), grant(rows or {}))


def grant(rows):
    """Everything, but for the rows of a policy."""
    return Grant(asker=Asker(person=None, audience="private"), metrics=frozenset({"sold", "gold"}), datasets=frozenset(COLUMNS), rows=rows)


def test_each_order_has_the_tier_of_its_day(ask):
    """From the first day of a tier to the day before its last; no order is counted twice or lost."""
    rows = ask(analysis="breakdown", metrics=("sold",), group_by=("tier",)).rows
    assert {row["tier"]: row["sold"] for row in rows} == {"tin": 1, "gold": 2 + 4, None: 8 + 16 + 32 + 64}
    assert ask(metrics=("sold",)).value == 127


def test_filters_mean_the_same(ask):
    """Asked for and as part of a definition."""
    assert ask(metrics=("sold",), filters=(Filter(dimension="tier", values=("gold",)),)).value == 6
    assert ask(metrics=("gold",)).value == 6


def test_a_policy_on_them_is_that_of_the_day(ask):
    """Who may see gold customers sees what they bought while they were."""
    gold = {"tiers": ({FieldId("tiers", "tier"): ("gold",)},)}
    assert ask(gold, metrics=("sold",)).value == 6


def test_rows_that_hold_at_once_are_not_joined():
    """Two tiers of the same customer on the same day would count an order twice."""
    engine, questions = asked([*TIERS, (2, "silver", date(2024, 3, 31), None)])
    with closing(engine), pytest.raises(NotAnswerable, match="count things twice"):
        questions.answer(MetricQuestion(analysis="breakdown", metrics=("sold",), group_by=("tier",)), grant({}))


def test_what_has_no_time_of_its_own_is_not_joined():
    """Then it cannot be told which row is meant."""
    engine, questions = asked(TIERS, time=None)
    with closing(engine), pytest.raises(NotAnswerable, match="hold for a time, and orders have none"):
        questions.answer(MetricQuestion(analysis="breakdown", metrics=("sold",), group_by=("tier",)), grant({}))
