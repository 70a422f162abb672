"""What is read from a rollup is what the rows give; what a rollup cannot give exactly is read from the rows."""

from __future__ import annotations

import os
import random
from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from insights.analysis.driving.measures import makeup, squares
from insights.catalog.model import FieldId
from insights.catalog.rollups import Rollup
from insights.lake.source import Source
from insights.query.answering import Questions
from insights.query.building import Rollups
from insights.query.contents import collect
from insights.query.measures import measured
from insights.requests import Filter, MetricQuestion, Period
from insights.warehouse.duckdb import DuckDB
from tests.query.conftest import COLUMNS
from tests.query.test_brute_force import questions

MONTHS = (1, 2, 3)
DAILY = Rollup(
    name="daily", metrics=("revenue", "orders", "paid", "gold_orders", "paid_share", "minutes", "visits"), by=("tier", "area"), grain="day"
)  # fmt: skip
STATUS = Rollup(name="status", metrics=("revenue", "orders", "paid"), by=("status",), grain="month")


def rows_of(month, seed=0):
    """Some orders of a month of 2024, with everything that can be unknown."""
    chance = random.Random(f"{month} {seed}")
    days = [date(2024, month, 1) + timedelta(days=n) for n in range(0, 28, 3)]
    return [
        {
            "customer_id": chance.choice([None, 1, 2, 3, 4, 8]),
            "placed_on": chance.choice([*days, None]),
            "status": chance.choice([None, "paid", "lost"]),
            "gift": chance.choice([None, True, False]),
            "amount": chance.choice([None, -5, 0, 10, 20.5, 99.99]),
        }
        for _ in range(40)
    ]


VISITS = [
    {"customer_id": c, "began_at": datetime(2024, m, d, h, 59), "minutes": n}
    for c, m, d, h, n in [(1, 1, 30, 23, 7), (2, 2, 2, 0, None), (None, 2, 2, 23, 30), (8, 3, 1, 12, 7), (5, 3, 31, 23, 0)]
]
PEOPLE = [{"customer_id": n, "region_id": r, "tier": t} for n, r, t in [(1, 1, "gold"), (2, 2, "silver"), (3, None, None), (4, 9, "gold"), (5, 1, "silver")]]
REGIONS = [{"region_id": 1, "area": "north"}, {"region_id": 2, "area": "south"}]


def write(folder, table, name, rows):
    """A Parquet file of one table."""
    columns = COLUMNS[table]
    casts = ", ".join(f"unnest(?::{type_}[]) AS {column}" for column, (_, _, type_) in columns.items())
    os.makedirs(folder / table, exist_ok=True)
    path = folder / table / f"{name}.parquet"
    duckdb.connect().execute(f"COPY (SELECT {casts}) TO '{path}.new' (FORMAT parquet)", [[row[column] for row in rows] for column in columns])
    os.replace(f"{path}.new", path)


class Shop:
    """A star in files, with rollups; asked with them and without."""

    def __init__(self, folder, star, granted, rollups=(DAILY, STATUS), **parts):
        self.folder, self.granted = folder, granted
        for month in MONTHS:
            write(folder / "data", "orders", f"2024-{month:02d}", rows_of(month))
        for table, rows in (("visits", VISITS), ("customers", PEOPLE), ("regions", REGIONS)):
            write(folder / "data", table, "all", rows)
        sources = {name: {"source": Source(paths=(str(folder / "data" / name / "*.parquet"),), format="parquet")} for name in COLUMNS}
        for name, more in parts.pop("datasets", {}).items():
            sources[name] |= more
        self.catalog = star(datasets=sources, rollups=rollups, **parts)
        self.engine = DuckDB(allowed=(f"{folder}/",), threads=1)
        self.rollups = Rollups(self.catalog, self.engine, collect(self.catalog, self.engine), folder / "rollups")

    def build(self):
        """Build everything; what became of each table, by its rollup and fact."""
        return {(b.name, b.fact): b for b in self.rollups.build()}

    def both(self, question, **grant):
        """The answer with rollups, and the one from the rows."""
        grant = self.granted(self.catalog, **grant)
        contents = collect(self.catalog, self.engine)
        with_, without = (Questions(self.catalog, self.engine, contents, rollups=r).answer(question, grant) for r in (self.rollups, None))
        assert not without.rollups
        return with_, without


@pytest.fixture(scope="module")
def shop(tmp_path_factory, star, granted):
    """A star whose rollups are built."""
    made = Shop(tmp_path_factory.mktemp("shop"), star, granted)
    made.build()
    return made


def test_any_question_has_the_same_answer_from_rollups_and_from_rows(shop):
    """The answers from the rows are compared with a row-by-row oracle elsewhere; rollups were read for many of the questions."""
    used = []

    @settings(max_examples=int(os.environ.get("CASES", "150")), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(question=questions())
    def compare(question):
        with_, without = shop.both(question)
        used.extend(with_.rollups)
        assert [{name: pytest.approx(cell) if isinstance(cell, float) else cell for name, cell in row.items()} for row in without.rows] == list(with_.rows)
        assert with_.total_rows == without.total_rows

    compare()
    assert {"daily", "status"} <= set(used)
    assert len(used) > 30


def test_the_figures_are_those_of_hand_written_sql(shop):
    """Revenue and orders by tier in February, as SQL over the files has them."""
    question = MetricQuestion(
        analysis="breakdown", metrics=("revenue", "orders"), group_by=("tier",), period=Period(first=date(2024, 2, 1), last=date(2024, 2, 29))
    )
    answer, _ = shop.both(question)
    data = shop.folder / "data"
    expected = duckdb.sql(
        f"SELECT tier, sum(amount)::DOUBLE, count(*) FROM '{data}/orders/*.parquet' LEFT JOIN '{data}/customers/all.parquet' USING (customer_id) "
        "WHERE placed_on BETWEEN DATE '2024-02-01' AND DATE '2024-02-29' GROUP BY 1"
    ).fetchall()
    assert answer.rollups == ("daily",)
    assert "daily of orders" in answer.sql
    found = sorted((row["tier"] or "", round(row["revenue"], 2), row["orders"]) for row in answer.rows)
    assert found == sorted((tier or "", round(amount, 2), count) for tier, amount, count in expected)


@pytest.mark.parametrize(
    "sets",
    [[("tier",), ("status",), ()], [("tier",), ("tier", "area")], [("tier",), ("gift",)], [("tier",), ("gift",), ("gift", "area"), ()]],
    ids=["one each", "nested", "not all kept", "several not kept, without what is"],
)
def test_many_breakdowns_are_the_same_from_rollups_and_from_rows(shop, sets):
    """How many rows there are and how much they scatter are kept beside each sum, for what carries a change; a filter and its opposite too."""
    grant, contents = shop.granted(shop.catalog), collect(shop.catalog, shop.engine)
    revenue = measured("revenue", shop.catalog, shop.catalog.metrics.keys())
    parts = makeup(revenue)
    for measures in (parts.shown, (squares(parts),)):
        for filters in ((), (Filter(dimension="tier", op="!=", values=("gold",)),)):
            question = MetricQuestion(
                analysis="breakdown", metrics=("revenue",), filters=filters, period=Period(first=date(2024, 2, 1), last=date(2024, 2, 29))
            )
            kept, rows = (
                Questions(shop.catalog, shop.engine, contents, rollups=r).cuts(question, grant, sets, measures=measures) for r in (shop.rollups, None)
            )
            for keys in sets:
                order = sorted(kept.rows[keys], key=str), sorted(rows.rows[keys], key=str)
                assert order[0]
                assert [[pytest.approx(cell) if isinstance(cell, float) else cell for cell in row] for row in order[1]] == list(map(list, order[0]))


def test_how_much_rows_scatter_is_read_from_a_rollup(shop, monkeypatch):
    """And is what hand-written SQL gives."""
    grant, contents = shop.granted(shop.catalog), collect(shop.catalog, shop.engine)
    measure = squares(makeup(measured("revenue", shop.catalog, shop.catalog.metrics.keys())))
    question = MetricQuestion(analysis="value", metrics=("revenue",), period=Period(first=date(2024, 2, 1), last=date(2024, 2, 29)))
    ran, run = [], DuckDB.run
    monkeypatch.setattr(DuckDB, "run", lambda self, query, **more: ran.append(query.sql) or run(self, query, **more))
    ((found,),) = Questions(shop.catalog, shop.engine, contents, rollups=shop.rollups).cuts(question, grant, [()], measures=(measure,)).rows[()]
    ((expected,),) = duckdb.sql(
        f"SELECT sum(coalesce(amount, 0)::DOUBLE ** 2) FROM '{shop.folder}/data/orders/*.parquet' "
        "WHERE placed_on BETWEEN DATE '2024-02-01' AND DATE '2024-02-29'"
    ).fetchall()
    assert found == pytest.approx(expected)
    assert ran
    assert all("/rollups/" in sql for sql in ran)


@pytest.mark.parametrize(
    "question",
    [
        MetricQuestion(analysis="value", metrics=("median(orders.amount)",)),
        MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("gift",)),
        MetricQuestion(analysis="value", metrics=("revenue",), filters=(Filter(dimension="amount", op=">", values=(5,)),)),
        MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("status",), period=Period(first=date(2024, 1, 2), last=date(2024, 1, 31))),
        MetricQuestion(analysis="breakdown", metrics=("visits",), group_by=("hour(began_at)",)),
        MetricQuestion(
            analysis="value", metrics=("orders",), filters=(Filter(dimension="status", values=("paid",)), Filter(dimension="tier", values=("gold",)))
        ),
    ],
    ids=["a median", "a dimension it lacks", "a condition on rows", "part of a month", "hours", "two dimensions of two rollups"],
)
def test_what_a_rollup_has_not_kept_is_read_from_the_rows(shop, question):
    """And the answers are the same."""
    with_, without = shop.both(question)
    assert with_.rollups == ()
    assert with_.rows == without.rows


def test_a_rollup_without_the_column_of_a_policy_is_not_read(shop):
    """Of two rollups that know the metric, one knows the tier that the asker is limited to."""
    limited = {"customers": ({FieldId("customers", "tier"): ("gold",)},)}
    by_status = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("status",))
    with_, without = shop.both(by_status, rows=limited)
    assert with_.rollups == ()
    assert with_.rows == without.rows
    by_area, rows = shop.both(MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("area",)), rows=limited)
    assert by_area.rollups == ("daily",)
    assert by_area.rows == rows.rows


def test_where_people_are_counted_no_rollup_is_read(tmp_path, star, granted):
    """A rollup does not know how many persons are behind a figure."""
    shop = Shop(tmp_path, star, granted, datasets={"customers": {"personal": True}}, minimum_group=2)
    shop.build()
    with_, _ = shop.both(MetricQuestion(analysis="value", metrics=("revenue",)), minimum_group=2)
    assert with_.rollups == ()
    free, _ = shop.both(MetricQuestion(analysis="value", metrics=("revenue",)))
    assert free.rollups == ("status",)


def test_a_changed_file_makes_its_month_anew_and_nothing_older_is_read(tmp_path, star, granted):
    """Between the change and the next build the rows answer."""
    shop = Shop(tmp_path, star, granted)
    assert shop.build()["daily", "orders"].renewed == 4  # three months, and the rows without a day
    assert shop.build()["daily", "orders"].renewed == 0
    question = MetricQuestion(analysis="value", metrics=("revenue",))
    assert shop.both(question)[0].rollups
    write(tmp_path / "data", "orders", "2024-02", rows_of(2, seed=1))
    stale, rows = shop.both(question)
    assert stale.rollups == ()
    assert stale.value == rows.value
    built = shop.build()["daily", "orders"]
    assert (built.renewed, built.partitions) == (2, 4)  # February, and the rows without a day that its file holds
    fresh, rows = shop.both(question)
    assert fresh.rollups
    assert fresh.value == pytest.approx(rows.value)


def test_a_changed_dimension_makes_everything_anew(tmp_path, star, granted):
    """A customer who moves to another tier moves in every month."""
    shop = Shop(tmp_path, star, granted)
    shop.build()
    write(tmp_path / "data", "customers", "all", [{**PEOPLE[0], "tier": "silver"}, *PEOPLE[1:]])
    question = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("tier",))
    assert shop.both(question)[0].rollups == ()
    assert shop.build()["daily", "orders"].renewed == 4
    with_, without = shop.both(question)
    assert with_.rollups == ("daily",)
    assert with_.rows == without.rows


def test_a_file_that_is_gone_takes_its_rows_with_it(tmp_path, star, granted):
    """The month stays as a part, without rows."""
    shop = Shop(tmp_path, star, granted)
    shop.build()
    (tmp_path / "data" / "orders" / "2024-03.parquet").unlink()
    shop.build()
    with_, without = shop.both(MetricQuestion(analysis="value", metrics=("revenue", "orders")))
    assert with_.rollups
    assert with_.rows == without.rows


def test_a_damaged_manifest_or_a_lost_part_is_no_rollup(tmp_path, star, granted):
    """The rows answer, and the next build mends it."""
    shop = Shop(tmp_path, star, granted, rollups=(DAILY,))
    shop.build()
    question = MetricQuestion(analysis="value", metrics=("visits",))
    (manifest,) = (tmp_path / "rollups").glob("daily-visits-*/rollup.json")
    whole = manifest.read_text()
    manifest.write_text(whole[: len(whole) // 2])
    assert shop.both(question)[0].rollups == ()
    manifest.write_text(whole)
    next(manifest.parent.glob("*.parquet")).unlink()
    again = Shop(tmp_path, star, granted, rollups=(DAILY,))
    assert again.both(question)[0].rollups == ()
    again.build()
    assert again.both(question)[0].rollups == ("daily",)


@pytest.mark.parametrize(
    ("rollup", "said"),
    [
        (Rollup(name="x", metrics=("revenue",), by=("began_at",)), "began at"),
        (Rollup(name="x", metrics=("revenue",), grain="hour"), "days, not hours"),
        (Rollup(name="x", metrics=("minutes",), by=("status",)), "not known for visits"),
    ],
)
def test_what_cannot_be_kept_is_said(tmp_path, star, granted, rollup, said):
    """With the reason; the other rollups are built."""
    shop = Shop(tmp_path, star, granted, rollups=(rollup, STATUS))
    built = shop.build()
    assert said in built["x", ""].problem.lower()
    assert built["status", "orders"].rows
