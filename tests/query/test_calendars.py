"""What a calendar tells of a figure is that of the figure's own time: by hand, over orders with two dates, and what is refused."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime

import pytest

from insights.catalog.model import Aggregation, Balance, Catalog, ColumnRef, Dataset, Earlier, Field, FieldId, Length, Metric, Relationship, UpTo
from insights.errors import NotAnswerable
from insights.lake.source import Source
from insights.permit import Asker, Grant
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.requests import Filter, MetricQuestion, Period
from insights.warehouse.duckdb import DuckDB

COLUMNS = {
    "orders": {
        "placed_at": ("TIMESTAMP", "timestamp", "time"),
        "shipped_on": ("DATE", "date", "time"),
        "paid_on": ("DATE", "date", "time"),
        "amount": ("INTEGER", "number", "fact"),
    },
    "days": {"day": ("DATE", "date", "key"), "season": ("VARCHAR", "text", "dimension")},
}
ROWS = {
    # the season turns on March 1; placed 10 + 20 before it (20 one minute before), 40 on the day; shipped 10 before it
    "orders": [
        (datetime(2024, 2, 10, 9), date(2024, 2, 12), date(2024, 2, 13), 10),
        (datetime(2024, 2, 29, 23, 59), date(2024, 3, 2), date(2024, 3, 3), 20),
        (datetime(2024, 3, 1, 0, 0), date(2024, 3, 4), date(2024, 3, 5), 40),
    ],
    "days": [(date(2024, month, day), "winter" if month < 3 else "spring") for month, last in ((2, 29), (3, 31)) for day in range(1, last + 1)],
}
SUM = Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),))
PLACED, SHIPPED, PAID = (FieldId("orders", name) for name in ("placed_at", "shipped_on", "paid_on"))
FORMULAS = {
    "sold": SUM,
    "shipped": Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),), time=SHIPPED),
    "paid": Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),), time=PAID),
    "ever": Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),), over=UpTo()),
    "before": Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),), over=Earlier(ago=Length(1, "month"))),
    "stock": Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),), over=Balance()),
}


@pytest.fixture(scope="module")
def questions():
    """The orders with their calendar, which placed and shipped dates refer to, and paid ones do not."""
    datasets = {}
    for name, columns in COLUMNS.items():
        fields = {
            column: Field(id=FieldId(name, column), expression=(ColumnRef(column),), kind=kind, role=role, label=column)
            for column, (_, kind, role) in columns.items()
        }
        datasets[name] = Dataset(name=name, source=Source(table=name), fields=fields, calendar=name == "days", time=PLACED if name == "orders" else None)
    to_days = {"many": "orders", "one": "days", "one_columns": ("day",)}
    relationships = tuple(Relationship(name=name, many_columns=(column,), **to_days) for name, column in (("placing", "placed_at"), ("shipping", "shipped_on")))
    metrics = {name: Metric(name=name, label=name, formula=(formula,)) for name, formula in FORMULAS.items()}
    catalog = Catalog(name="shop", version="1", datasets=datasets, metrics=metrics, relationships=relationships)
    with closing(DuckDB(allowed=(), threads=1)) as engine:
        for name, columns in COLUMNS.items():
            engine._database.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {type_}' for column, (type_, _, _) in columns.items())})")
            engine._database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in columns)})", [list(row) for row in ROWS[name]])
        yield Questions(catalog, engine, collect(catalog, engine))


@pytest.fixture
def ask(questions):
    """Ask a question of it, as somebody who may see everything."""
    return lambda **question: questions.answer(
        MetricQuestion(**question), Grant(asker=Asker(person=None, audience="private"), metrics=frozenset(FORMULAS), datasets=frozenset(COLUMNS))
    )


def by_season(answer, name):
    """The figures by season."""
    return {row["season"]: row[name] for row in answer.rows}


def test_each_figure_has_the_season_of_its_own_time(ask):
    """Of the same orders; instants by their day."""
    assert by_season(ask(analysis="breakdown", metrics=("sold",), group_by=("season",)), "sold") == {"winter": 30, "spring": 40}
    assert by_season(ask(analysis="breakdown", metrics=("shipped",), group_by=("season",)), "shipped") == {"winter": 10, "spring": 60}


def test_the_time_that_is_asked_for_decides(ask):
    """What was sold, by the day on which it was shipped."""
    answer = ask(analysis="breakdown", metrics=("sold",), group_by=("season",), time_field="orders.shipped_on", period=Period(first=date(2024, 3, 1)))
    assert by_season(answer, "sold") == {"spring": 60}


def test_a_filter_means_the_same(ask):
    """In spring: 40 were placed, 60 shipped."""
    spring = (Filter(dimension="season", values=("spring",)),)
    assert [ask(metrics=(name,), filters=spring).value for name in ("sold", "shipped")] == [40, 60]


def test_a_role_may_be_named(ask):
    """The season of shipping of what was sold."""
    answer = ask(analysis="breakdown", metrics=("sold",), group_by=("shipping.season",))
    assert {row["shipping.season"]: row["sold"] for row in answer.rows} == {"winter": 10, "spring": 60}


def test_a_time_without_a_calendar_has_no_season(ask):
    """Paid dates refer to no calendar: that of another date would be a wrong answer."""
    with pytest.raises(NotAnswerable, match="Season is not known for paid_on"):
        ask(analysis="breakdown", metrics=("paid",), group_by=("season",))


@pytest.mark.parametrize("metric", ["ever", "before", "stock"])
def test_how_things_stood_is_not_told_by_seasons_of_rows(ask, metric):
    """A total to date counts rows of earlier seasons, and one of another time those of another."""
    with pytest.raises(NotAnswerable, match="can't be told by season"):
        ask(analysis="breakdown", metrics=(metric,), group_by=("season",), period=Period(first=date(2024, 3, 1), last=date(2024, 3, 31)))
