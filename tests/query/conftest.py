"""A small star: two facts, chains two deep, keys that are NULL or point nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.catalog.model import (
    Aggregation,
    Catalog,
    ColumnRef,
    Dataset,
    Field,
    FieldId,
    Metric,
    Relationship,
)
from insights.lake.source import Source
from insights.permit import Asker, Grant
from insights.warehouse.duckdb import DuckDB

COLUMNS = {
    "regions": {"region_id": ("number", "key", "BIGINT"), "area": ("text", "dimension", "VARCHAR")},
    "customers": {
        "customer_id": ("number", "key", "BIGINT"),
        "region_id": ("number", "key", "BIGINT"),
        "tier": ("text", "dimension", "VARCHAR"),
    },
    "orders": {
        "customer_id": ("number", "key", "BIGINT"),
        "placed_on": ("date", "time", "DATE"),
        "status": ("text", "dimension", "VARCHAR"),
        "gift": ("boolean", "dimension", "BOOLEAN"),
        "amount": ("number", "fact", "DECIMAL(18,2)"),
    },
    "visits": {
        "customer_id": ("number", "key", "BIGINT"),
        "began_at": ("timestamp", "time", "TIMESTAMP"),
        "minutes": ("number", "fact", "BIGINT"),
    },
}
TO_CUSTOMERS = {"many_columns": ("customer_id",), "one_columns": ("customer_id",)}
RELATIONSHIPS = (
    Relationship(name="buyer", many="orders", one="customers", **TO_CUSTOMERS),
    Relationship(name="visitor", many="visits", one="customers", **TO_CUSTOMERS),
    Relationship(name="home", many="customers", one="regions", many_columns=("region_id",), one_columns=("region_id",)),
)
AMOUNT, STATUS, TIER, MINUTES = (FieldId(*name.split(".")) for name in ("orders.amount", "orders.status", "customers.tier", "visits.minutes"))
PLACED, BEGAN = FieldId("orders", "placed_on"), FieldId("visits", "began_at")
REVENUE = Aggregation(function="sum", dataset="orders", operand=(AMOUNT,))
ORDERS = Aggregation(function="count", dataset="orders")
PAID = Aggregation(function="sum", dataset="orders", operand=(AMOUNT,), where=(STATUS, " = 'paid'"))
GOLD = Aggregation(function="count", dataset="orders", where=(TIER, " = 'gold'"))
TIME = Aggregation(function="sum", dataset="visits", operand=(MINUTES,))
VISITS = Aggregation(function="count", dataset="visits")
FORMULAS = {
    "revenue": ((REVENUE,), PLACED),
    "orders": ((ORDERS,), PLACED),
    "paid": ((PAID,), PLACED),
    "gold_orders": ((GOLD,), PLACED),
    "paid_share": ((PAID, " / NULLIF(", REVENUE, ", 0)"), PLACED),
    "minutes": ((TIME,), BEGAN),
    "visits": ((VISITS,), BEGAN),
    "conversion": ((ORDERS, " / NULLIF(", VISITS, ", 0)"), PLACED),
}


@pytest.fixture(scope="session")
def star():
    """Make the catalog; keyword arguments replace parts of it, `datasets` parts of single datasets."""

    def make(*, datasets=None, **parts):
        made = {}
        for name, columns in COLUMNS.items():
            fields = {
                column: Field(
                    id=FieldId(name, column),
                    expression=(ColumnRef(column),),
                    kind=kind,
                    role=role,
                    label=column.replace("_", " "),
                    aggregates=("sum", "avg", "median", "min", "max", "count") if role == "fact" else ("count_distinct",) if role == "key" else (),
                )
                for column, (kind, role, _) in columns.items()
            }
            made[name] = replace(Dataset(name=name, source=Source(table=name), fields=fields, label=name), **(datasets or {}).get(name, {}))
        metrics = {
            name: Metric(name=name, label=name.replace("_", " "), formula=formula, time=time, expression=name, unit="USD" if name == "revenue" else None)
            for name, (formula, time) in FORMULAS.items()
        }
        return Catalog(**({"name": "star", "version": "1", "datasets": made, "metrics": metrics, "relationships": RELATIONSHIPS} | parts))

    return make


@pytest.fixture(scope="session")
def granted():
    """Make a grant of every metric; keyword arguments restrict it."""

    def make(catalog, **parts):
        return Grant(**({"asker": Asker(person=None, audience="private"), "metrics": frozenset(catalog.metrics)} | parts))

    return make


@pytest.fixture(scope="session")
def engine():
    """One engine for all tests of this room; each fills the tables anew."""
    warehouse = DuckDB(allowed=(), threads=1)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def fill(engine):
    """Fill the tables of the star with dicts, by table; tables not named become empty."""

    def fill(tables):
        for name, columns in COLUMNS.items():
            rows = tables.get(name, [])
            spelled = ", ".join(f"{column} {type_}" for column, (_, _, type_) in columns.items())
            engine._database.execute(f"CREATE OR REPLACE TABLE {name} ({spelled})")
            if rows:
                lists = [[row.get(column) for row in rows] for column in columns]
                casts = ", ".join(f"unnest(?::{type_}[])" for _, _, type_ in columns.values())
                engine._database.execute(f"INSERT INTO {name} SELECT {casts}", lists)
        return engine

    return fill


@pytest.fixture
def answered(star, granted, fill):
    """Ask a question over these tables; `known` says whether the contents of the data were collected before."""
    from insights.catalog.values import EMPTY
    from insights.query.answering import Questions
    from insights.query.contents import collect
    from insights.requests import MetricQuestion

    def answered(tables, *, catalog=None, grant=None, known=True, **question):
        catalog = catalog or star()
        engine = fill(tables)
        contents = collect(catalog, engine) if known else EMPTY
        return Questions(catalog, engine, contents).answer(MetricQuestion(**question), granted(catalog, **(grant or {})))

    return answered
