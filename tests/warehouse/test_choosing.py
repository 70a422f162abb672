"""Which engine computes a question, and within what budget."""

import time
from datetime import date

import duckdb
import pytest

from insights.errors import NotAnswerable
from insights.lake.source import Source
from insights.query.answerable import answerable
from insights.warehouse.athena import Athena
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
    yield lambda **limits: (Engines(embedded, [athena], Limits(**limits), today=lambda: date(2024, 5, 1)), source)
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


def test_budgets_hold_for_a_question_a_person_and_a_day(lake):
    """What was spent by one person leaves the rest to others, until the day's is gone."""
    reading = [Reading(source=lake()[1])]
    size = lake()[0].choose(reading).size.bytes
    with pytest.raises(NotAnswerable, match="one question may"):
        lake(local_rows=1, question_bytes=size - 1)[0].choose(reading)
    engines = lake(local_rows=1, person_bytes=size, day_bytes=2 * size)[0]
    engines.choose(reading, person="ada")
    with pytest.raises(NotAnswerable, match="today"):
        engines.choose(reading, person="ada")
    engines.choose(reading, person="sam")
    with pytest.raises(NotAnswerable, match="budget"):
        engines.choose(reading, person="kim")


def test_each_metric_says_which_engines_can_answer_it(shop, in_duckdb):
    """A median is only estimated by Athena; where nobody can, the way out is named."""
    athena = Athena(client=lambda: None, glue=lambda: None, database="shop")
    found = answerable(shop, [in_duckdb, athena])
    assert found["revenue"].engines == ("DuckDB", "Athena")
    assert found["typical_amount"].engines == ("DuckDB",)
    assert "estimate" in found["typical_amount"].reasons["Athena"]
    alone = answerable(shop, [athena])["typical_amount"]
    assert alone.engines == ()
    assert "Parquet" in alone.way_out
