"""How CSV files of all sorts become tables: what is missing, what is a number, and what only looks like one."""

import time
from datetime import date, datetime
from threading import Thread

import duckdb
import pytest

from insights.errors import InsightsError
from insights.lake.source import Source
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query


@pytest.fixture
def read(tmp_path):
    """Write texts (or bytes) as CSV files and read them as one table: columns with kinds, and rows."""
    engine = DuckDB(allowed=[str(tmp_path)], threads=1)

    def read(*texts):
        for number, text in enumerate(texts):
            (tmp_path / f"t_{number}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        source = Source(paths=(str(tmp_path / "t_*.csv"),), format="csv")
        return dict(engine.columns(source)), list(engine.run(Query(sql=f"SELECT * FROM {engine.relation(source)}")).rows)

    yield read
    engine.close()


def test_missing_values_of_numbers_are_missing_everywhere_in_the_file(read):
    """A file that writes NA for a number writes it for a name too."""
    kinds, rows = read("code,delay\nUA,5\nNA,NA\n,7\n")
    assert kinds == {"code": "text", "delay": "number"}
    assert rows == [("UA", 5), (None, None), (None, 7)]


def test_na_is_namibia_where_numbers_are_simply_there(read):
    """Nothing is missing in a file that never writes NA for a number."""
    _, rows = read("country,people\nNA,3\nNO,5\n")
    assert rows == [("NA", 3), ("NO", 5)]


def test_only_the_marker_that_a_file_uses_counts(read):
    """'None' is a tier here, although numbers are missing as NA."""
    _, rows = read("tier,spent\nNone,NA\ngold,1\n")
    assert rows == [("None", None), ("gold", 1)]


@pytest.mark.parametrize("marker", ["NA", "N/A", "NULL", "null", "NaN", "None", "\\N", "-", ""])
def test_every_usual_marker_leaves_a_number_a_number(read, marker):
    """And an average possible."""
    kinds, rows = read(f"x,y\n1,1.5\n{marker},{marker}\n3,2.5\n")
    assert kinds == {"x": "number", "y": "number"}
    assert rows[1] == (None, None)


def test_a_missing_value_far_below_is_found(read):
    """The top of a file does not speak for all of it."""
    kinds, rows = read("x,name\n" + "1,a\n" * 30_000 + "NA,NA\n")
    assert kinds == {"x": "number", "name": "text"}
    assert rows[-1] == (None, None)


def test_digits_with_leading_zeros_are_no_numbers(read):
    """A postcode keeps its zero; a zero is a number, and so is 0.5."""
    kinds, rows = read("zip,n,share\n02134,0,0.5\n90210,7,0.25\n")
    assert kinds == {"zip": "text", "n": "number", "share": "number"}
    assert rows[0] == ("02134", 0, 0.5)


def test_days_and_instants_are_recognised(read):
    """Instants with a zone are those of UTC."""
    kinds, rows = read("day,at,zoned,ok\n2024-02-29,2024-02-29 12:30:00,2024-02-29T12:30:00+02:00,true\n")
    assert kinds == {"day": "date", "at": "timestamp", "zoned": "timestamp", "ok": "boolean"}
    assert rows == [(date(2024, 2, 29), datetime(2024, 2, 29, 12, 30), datetime(2024, 2, 29, 10, 30), True)]


def test_quoted_cells_hold_anything(read):
    """Commas, quotes, line ends and SQL."""
    _, rows = read('a,b\n"x, ""y""\nz",1\n"\'); DROP TABLE t; --",2\n')
    assert rows == [('x, "y"\nz', 1), ("'); DROP TABLE t; --", 2)]


def test_several_files_are_one_table_by_column_name(read):
    """A column that came later is missing in the older file."""
    kinds, rows = read("a,b\n1,x\n", "b,c,a\ny,2024-01-01,2\n")
    assert kinds == {"a": "number", "b": "text", "c": "date"}
    assert sorted(rows) == [(1, "x", None), (2, "y", date(2024, 1, 1))]


def test_other_separators_and_older_encodings_are_understood(read):
    """A semicolon, a tab, a byte order mark, Latin-1."""
    assert read("a;b\n1;x\n2;y\n")[1] == [(1, "x"), (2, "y")]
    assert read("a\tb\n1\tx\n2\ty\n")[1] == [(1, "x"), (2, "y")]
    assert read("\ufeffa,b\n1,x\n")[0] == {"a": "number", "b": "text"}
    assert read("a,b\n1,Café\n".encode("latin-1"))[1] == [(1, "Café")]


def test_a_file_with_only_a_header_is_an_empty_table(read):
    """Nothing is known about its columns but their names."""
    kinds, rows = read("a,b\n")
    assert list(kinds) == ["a", "b"]
    assert rows == []


@pytest.mark.parametrize("begun", [0.0, 0.05, 0.3])
def test_it_is_closed_while_a_file_is_read(tmp_path, begun):
    """Whatever has been read by then: closing raises nothing, nothing is read on, and who asked is told that it is closed."""
    place = tmp_path / "orders.csv"
    duckdb.execute(f"COPY (SELECT i AS id, md5(i::VARCHAR) AS note FROM range(1500000) t(i)) TO '{place}'")
    engine, source, told = DuckDB(allowed=[str(tmp_path)]), Source(paths=(str(place),), format="csv"), []

    def ask():
        try:
            told.append(engine.run(Query(sql=f"SELECT count(DISTINCT note) FROM {engine.relation(source)} AS o")).rows)
        except InsightsError as refused:
            told.append(refused)

    asking = Thread(target=ask)
    asking.start()
    time.sleep(begun)
    engine.close()
    asking.join(20)
    assert not asking.is_alive()
    assert "not open any more" in str(told[0])
    engine.close()
