"""Which engine computes a question, and within what budget."""

import time
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from insights.errors import NotAnswerable
from insights.lake.source import Source
from insights.query.answerable import WAY_OUT, answerable, told
from insights.warehouse.athena import Athena
from insights.warehouse.budgets import Allowance, Budgets, metered
from insights.warehouse.choosing import Engines, Limits, Reading
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Size, Span


@pytest.fixture
def lake(tmp_path):
    """Two files of a thousand days each, and an Athena that knows a table for them."""
    for year in (2023, 2024):
        duckdb.execute(f"COPY (SELECT DATE '{year}-01-01' + (i % 300)::INT AS day, hash(i) AS x FROM range(1000) AS t(i)) TO '{tmp_path}/{year}.parquet'")
    source = Source(paths=(f"{tmp_path}/*.parquet",), format="parquet")
    embedded = DuckDB(allowed=(f"{tmp_path}/",), threads=1)
    embedded.relation(source)
    athena = Athena(client=lambda: None, glue=lambda: None, database="shop", tables={source: "days"})
    yield lambda **limits: (Engines(embedded, [athena], Limits(**limits), Budgets(Allowance(), today=lambda: date(2024, 5, 1))), source)
    embedded.close()


def test_what_is_read_is_known_from_the_footers(lake, tmp_path):
    """As DuckDB's own look into the footers says, for the columns and the files that are needed."""
    engines, source = lake()
    wanted = duckdb.execute(f"SELECT sum(total_compressed_size) FROM parquet_metadata('{tmp_path}/2024.parquet') WHERE path_in_schema = 'x'").fetchone()[0]
    reading = Reading(source=source, span=Span(column="day", first=date(2024, 1, 1), after=None), columns=frozenset({"x"}))
    choice = engines.choose([reading])
    assert (choice.engine.name, choice.cost) == ("DuckDB", None)
    assert choice.size == Size(bytes=wanted, rows=1000)


def test_what_does_not_fit_goes_to_the_other_engine(lake):
    """By rows, by bytes, and by the time that is left; with what that is billed."""
    reading = [Reading(source=lake()[1])]
    assert lake(local_rows=1999)[0].choose(reading).engine.name == "Athena"
    assert lake(local_rows=2000)[0].choose(reading).engine.name == "DuckDB"
    assert lake(local_bytes=100)[0].choose(reading).cost == pytest.approx(5e-05)
    slow = lake(local_speed=1)[0]
    assert slow.choose(reading, deadline=time.monotonic() + 5).engine.name == "Athena"
    assert slow.choose(reading).engine.name == "DuckDB"


def test_budgets_hold_for_a_question_a_person_and_a_day():
    """What was spent by one person leaves the rest to others, until the day's is gone; the next day begins with nothing."""
    days = [date(2024, 5, 1)]

    def within(**limits):
        return Budgets(Allowance(**limits), today=lambda: days[-1])

    def spend(budgets, person, expected=100, read=None):
        with budgets.reserved(expected, person) as reserved:
            if read is not None:
                reserved.settle(read)

    with pytest.raises(NotAnswerable, match="one question may"):
        spend(within(question_bytes=99), "ada")
    budgets = within(person_bytes=100, day_bytes=200)
    spend(budgets, "ada")
    with pytest.raises(NotAnswerable, match="today"):
        spend(budgets, "ada")
    spend(budgets, "sam")
    with pytest.raises(NotAnswerable, match="budget"):
        spend(budgets, "kim")
    days.append(date(2024, 5, 2))
    spend(budgets, "ada")


def test_what_was_really_read_counts():
    """The estimate only while the query runs; where there is none, until the budget is used up."""
    budgets = Budgets(Allowance(person_bytes=100), today=lambda: date(2024, 5, 1))
    with budgets.reserved(100, "ada") as reserved:
        with pytest.raises(NotAnswerable, match="today"), budgets.reserved(1, "ada"):
            pass
        reserved.settle(40)
    with budgets.reserved(None, "ada") as reserved:
        reserved.settle(60)
    with pytest.raises(NotAnswerable, match="today"), budgets.reserved(None, "ada"):
        pass


def test_all_queries_of_a_question_count_together():
    """Before one begins where it is known what it reads, and afterwards where only the engine knows."""
    budgets = Budgets(Allowance(question_bytes=100), today=lambda: date(2024, 5, 1))
    with metered() as meter:
        with budgets.reserved(60, "ada") as reserved:
            reserved.settle(60)
        meter.add("Athena", 60, 0.5)
        with pytest.raises(NotAnswerable, match="would read 101 bytes, and one question may read 100 bytes"), budgets.reserved(41, "ada"):
            pass
        with budgets.reserved(40, "ada"):
            pass
        with budgets.reserved(None, "ada") as reserved, pytest.raises(NotAnswerable, match="read 101 bytes, and one question may"):
            reserved.settle(41)
    with budgets.reserved(100, "ada") as reserved:
        reserved.settle(100)


def test_each_metric_says_which_engines_can_answer_it(shop, in_duckdb, in_athena):
    """A median is only estimated by Athena; where nobody can, the way out is named."""
    found = answerable(shop, [in_duckdb, in_athena])
    assert found["revenue"].engines == ("DuckDB", "Athena")
    assert found["typical_amount"].engines == ("DuckDB",)
    assert "estimate" in found["typical_amount"].reasons["Athena"]
    assert "Athena cannot answer typical_amount, high_amount, high_pieces: Athena can only estimate" in "\n".join(told(found))
    alone = told({"typical_amount": answerable(shop, [in_athena])["typical_amount"]})
    assert alone[0] == f"no configured engine can answer typical_amount. {WAY_OUT}"
    assert "Parquet" in WAY_OUT


def test_an_engine_answers_what_it_has_all_the_rows_of(shop, in_duckdb):
    """A metric over a table that is nowhere can be answered by nobody; one engine for everything is one line."""
    elsewhere = replace(shop, datasets={**shop.datasets, "visits": replace(shop.datasets["visits"], source=Source(table="nowhere"))})
    found = answerable(elsewhere, [in_duckdb])
    assert {name for name, one in found.items() if not one.engines} == {"minutes", "minutes_of_much", "visits", "visits_of_buyers", "score", "conversion"}
    assert told(answerable(shop, [in_duckdb])) == (f"DuckDB can answer all {len(shop.metrics)} metrics",)
