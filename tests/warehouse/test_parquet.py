"""Parquet files are read with as little looking around as possible, and never a row less."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.errors import OutsideFailed
from insights.lake.source import Source
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query, Span

DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range(10)]


@pytest.fixture
def read(tmp_path):
    """Write SELECTs as Parquet files of one table; then read them with an engine: rows of a query over the relation, perhaps of a span."""
    engine = DuckDB(allowed=[str(tmp_path)], threads=1)
    source = Source(paths=(str(tmp_path / "**" / "*.parquet"),), format="parquet", hive=True)

    def write(*selects):
        for old in tmp_path.glob("**/*.parquet"):
            old.unlink()
        for number, select in enumerate(selects):
            folder = tmp_path / f"part={number}"
            folder.mkdir(exist_ok=True)
            duckdb.execute(f"COPY ({select}) TO '{folder}/data.parquet' (ROW_GROUP_SIZE 2048)")

    def read(select, *parameters, span=None):
        relation = engine.relation(source, span=span)
        return list(engine.run(Query(sql=select.format(relation), parameters=parameters)).rows), relation

    read.write, read.columns = write, lambda: dict(engine.columns(source))
    yield read
    engine.close()


ends = st.one_of(st.none(), st.sampled_from(DAYS))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(ends, max_size=4), min_size=1, max_size=4), first=ends, after=ends, column=st.sampled_from(["day", "moment"]))
def test_files_outside_of_a_span_are_left_out_but_no_row_in_it(read, files, first, after, column):
    """Files of any days, of unknown days only, and without rows."""
    rows = [", ".join(f"({f'DATE {chr(39)}{day}{chr(39)}' if day else 'NULL::DATE'})" for day in days) for days in files]
    read.write(
        *(
            f"SELECT day, day + INTERVAL 23 HOUR AS moment FROM (VALUES {row}) AS t(day)"
            if row
            else "SELECT NULL::DATE AS day, NULL::TIMESTAMP AS moment LIMIT 0"
            for row in rows
        )
    )
    conditions = [f"{column} >= ?"] * (first is not None) + [f"{column} < ?"] * (after is not None)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    bounds = tuple(day for day in (first, after) if day is not None)
    found, _ = read(f"SELECT day FROM {{}}{where} ORDER BY day", *bounds, span=Span(column=column, first=first, after=after))
    wanted = [d for days in files for d in days if (bounds == () or d is not None) and (first is None or d >= first) and (after is None or d < after)]
    assert [row[0] for row in found] == sorted(wanted, key=lambda d: (d is None, d))


def test_only_the_files_of_a_month_are_read_for_it(read):
    """And all of them for a column that says nothing about days."""
    read.write(*(f"SELECT DATE '2024-0{month}-01' + i::INT AS day, i AS amount FROM range(28) t(i)" for month in (1, 2, 3)))
    count, relation = read("SELECT count(*) FROM {}", span=Span(column="day", first=date(2024, 2, 1), after=date(2024, 3, 1)))
    assert count == [(28,)]
    assert relation.count("data.parquet") == 1
    assert read("SELECT count(*) FROM {}", span=Span(column="amount", first=date(2024, 2, 1), after=None))[0] == [(84,)]
    assert read("SELECT count(*) FROM {}", span=Span(column="missing", first=date(2024, 2, 1), after=None))[0] == [(84,)]
    nothing, _ = read("SELECT count(amount) FROM {} WHERE day >= ?", date(2025, 1, 1), span=Span(column="day", first=date(2025, 1, 1), after=None))
    assert nothing == [(0,)]


def test_partitions_are_of_one_kind_whichever_of_them_are_read(tmp_path):
    """Months 01 to 12 are text; November alone is not a number because nothing else was read."""
    for month in ("01", "11"):
        (tmp_path / f"month={month}").mkdir()
        duckdb.execute(f"COPY (SELECT DATE '2024-{month}-05' AS day) TO '{tmp_path}/month={month}/data.parquet'")
    engine = DuckDB(allowed=[str(tmp_path)], threads=1)
    source = Source(paths=(str(tmp_path / "**" / "*.parquet"),), format="parquet", hive=True)
    relation = engine.relation(source, span=Span(column="day", first=date(2024, 11, 1), after=date(2024, 12, 1)))
    assert relation.count("data.parquet") == 1
    assert engine.run(Query(sql=f"SELECT month, day FROM {relation} WHERE month = ?", parameters=("11",))).rows == (("11", date(2024, 11, 5)),)
    assert engine.columns(source)["month"] == "text"
    engine.close()


def test_files_of_different_columns_are_one_table(read):
    """A column that came later is missing before; whole numbers that became fractions stay exact; order does not matter."""
    read.write("SELECT 1 AS a, 'x' AS b", "SELECT DATE '2024-01-01' AS c, 2.5::DOUBLE AS a")
    assert read("SELECT a, b, c FROM {} ORDER BY a")[0] == [(1.0, "x", None), (2.5, None, date(2024, 1, 1))]
    read.write("SELECT 1 AS a, 'x' AS b", "SELECT 'y' AS b, 2 AS a")
    assert read("SELECT a, b FROM {} ORDER BY a")[0] == [(1, "x"), (2, "y")]


def test_a_file_that_changes_its_columns_while_running_is_read_as_it_is(read):
    """The next question sees fractions where whole numbers were."""
    read.write("SELECT 1 AS a", "SELECT 2 AS a")
    assert read("SELECT sum(a) FROM {}")[0] == [(3,)]
    read.write("SELECT 1 AS a", "SELECT 2.5::DOUBLE AS a")
    assert read("SELECT sum(a) FROM {}")[0] == [(3.5,)]


def test_a_new_partition_is_found_by_the_next_question(read):
    """And its folder is a column."""
    read.write("SELECT 1 AS a")
    assert read("SELECT count(*), max(part) FROM {}")[0] == [(1, 0)]
    read.write("SELECT 1 AS a", "SELECT 1 AS a")
    assert read("SELECT count(*), max(part) FROM {}")[0] == [(2, 1)]


def test_instants_with_a_zone_are_those_of_utc(read):
    """Without an offset, as answers have them."""
    read.write("SELECT TIMESTAMPTZ '2024-01-01 12:00:00+02' AS moment")
    assert read.columns()["moment"] == "timestamp"
    assert read("SELECT moment FROM {}")[0] == [(datetime(2024, 1, 1, 10),)]


@pytest.fixture
def anew(tmp_path):
    """An engine of a new process, which finds what others found before it."""
    opened = []

    def anew():
        opened.append(DuckDB(allowed=[str(tmp_path)], threads=1, kept=tmp_path / "kept"))
        return opened[-1]

    yield anew
    for engine in opened:
        engine.close()


def days(engine, source, span=None):
    """The days that an engine reads, and of how many files."""
    relation = engine.relation(source, span=span)
    return sorted(row[0] for row in engine.run(Query(sql=f"SELECT day FROM {relation}")).rows), relation.count(".parquet")


def test_another_process_need_not_look_into_files_that_stay_as_they_are(tmp_path, anew, monkeypatch):
    """Which files can hold a day is known before a footer is read; files that changed are looked into again."""
    source = Source(paths=(str(tmp_path / "*.parquet"),), format="parquet")
    for number, day in enumerate(DAYS[:3]):
        duckdb.execute(f"COPY (SELECT DATE '{day}' AS day) TO '{tmp_path}/{number}.parquet'")
    span = Span(column="day", first=DAYS[1], after=DAYS[2])
    assert days(anew(), source, span) == ([DAYS[1]], 1)
    with monkeypatch.context() as blind:
        blind.setattr("insights.warehouse.parquet.ParquetFiles._looked", None)
        assert days(anew(), source, span) == ([DAYS[1]], 1)
        assert days(anew(), source) == (DAYS[:3], 3)
    duckdb.execute(f"COPY (SELECT DATE '{DAYS[1]}' AS day FROM range(2)) TO '{tmp_path}/0.parquet'")
    assert days(anew(), source, span) == ([DAYS[1]] * 3, 2)


@pytest.mark.parametrize("damage", [lambda text: text[:-3], lambda text: text.replace("2024", "2023"), lambda _: "", lambda _: "x\ny"])
def test_what_was_found_is_not_believed_when_it_is_damaged(tmp_path, anew, damage):
    """Then the files are looked into again."""
    source = Source(paths=(str(tmp_path / "*.parquet"),), format="parquet")
    for number, day in enumerate(DAYS[:2]):
        duckdb.execute(f"COPY (SELECT DATE '{day}' AS day) TO '{tmp_path}/{number}.parquet'")
    span = Span(column="day", first=DAYS[1], after=DAYS[2])
    assert days(anew(), source, span) == ([DAYS[1]], 1)
    (note,) = (tmp_path / "kept" / "found").iterdir()
    note.write_text(damage(note.read_text()))
    assert days(anew(), source, span) == ([DAYS[1]], 1)


def test_a_text_that_is_damaged_is_refused_as_the_rest_of_a_file_is(tmp_path):
    """It is no text any more, which is found out last: the data could not be read, rather than something on our side."""
    place = tmp_path / "regions.parquet"
    duckdb.execute(f"COPY (SELECT 'north-' || i AS region FROM range(3) t(i)) TO '{place}' (FORMAT parquet, COMPRESSION uncompressed)")
    place.write_bytes(place.read_bytes().replace(b"north-1", b"n\xffrth-1"))
    engine, source = DuckDB(allowed=[str(tmp_path)]), Source(paths=(str(place),), format="parquet")
    with pytest.raises(OutsideFailed, match="could not be read"):
        engine.run(Query(sql=f"SELECT region FROM {engine.relation(source)} AS r"))
    engine.close()


def test_what_takes_more_memory_than_there_is_says_so(tmp_path):
    """With what can be asked instead and which setting decides; the engine answers the next as ever."""
    place = tmp_path / "notes.parquet"
    duckdb.execute(f"COPY (SELECT repeat(md5(i::VARCHAR), 20) AS note FROM range(100000) t(i)) TO '{place}' (FORMAT parquet)")
    engine, source = DuckDB(allowed=[str(tmp_path)], memory_limit="24MB", threads=1), Source(paths=(str(place),), format="parquet")
    item = engine.relation(source)
    with pytest.raises(OutsideFailed, match="more memory than there is") as told:
        engine.run(Query(sql=f"SELECT length(string_agg(note, ',' ORDER BY note DESC)) FROM {item} AS n"))
    assert "shorter period" in told.value.remedy
    assert "memory_limit" in told.value.remedy
    assert engine.run(Query(sql=f"SELECT count(*) FROM {item} AS n")).rows == ((100_000,),)
    engine.close()
