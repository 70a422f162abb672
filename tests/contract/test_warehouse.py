"""What every engine promises: the rows of its sources, bound values, plain kinds, deadlines that hold, and nothing else within reach."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import duckdb
import pytest

from insights.errors import DeadlinePassed, OutsideFailed, WrongCatalog
from insights.lake.source import Source
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query

ROWS = (
    "SELECT 1 AS id, 'a' AS \"na\"\"me\", 1.50::DECIMAL(18,2) AS amount, DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 23:59:59' AS at, true AS ok "
    "UNION ALL SELECT 2, 'it''s; DROP TABLE x --', NULL, NULL, NULL, NULL"
)
ENDLESS = Query(sql="SELECT count(*) FROM range(1000000000000) AS t(i) WHERE hash(i) % 7 = 3")


@pytest.fixture(params=["duckdb"])
def warehouse(request, tmp_path):
    """An engine of each kind that may read the test's folder."""
    (tmp_path / "data").mkdir()
    engine = DuckDB(allowed=[str(tmp_path / "data")], threads=2)
    yield engine
    engine.close()


@pytest.fixture(params=["parquet", "csv"])
def source(request, warehouse, tmp_path):
    """Two rows in a file of each format."""
    path = tmp_path / "data" / f"the rows.{request.param}"
    duckdb.execute(f"COPY ({ROWS}) TO '{path}'")
    return Source(paths=(str(path),), format=request.param)


def test_a_source_has_its_columns_and_their_kinds(warehouse, source):
    """Whatever characters a column is named with."""
    kinds = {"id": "number", 'na"me': "text", "amount": "number", "day": "date", "at": "timestamp", "ok": "boolean"}
    assert dict(warehouse.columns(source)) == kinds


def test_rows_come_back_as_plain_values(warehouse, source):
    """Decimals as numbers, days as dates, instants without offset, nothing as None."""
    table = warehouse.run(Query(sql=f"SELECT * FROM {warehouse.relation(source)} ORDER BY id"))
    assert table.columns == ("id", 'na"me', "amount", "day", "at", "ok")
    assert table.rows == (
        (1, "a", 1.5, date(2024, 2, 29), datetime(2024, 2, 29, 23, 59, 59), True),
        (2, "it's; DROP TABLE x --", None, None, None, None),
    )
    assert type(table.rows[0][2]) is float


def test_large_totals_are_whole_numbers(warehouse, source):
    """A sum of whole numbers stays one, however large."""
    table = warehouse.run(Query(sql="SELECT sum(i * 1000000000000), sum(i::DECIMAL(38,0)) FROM range(3000) AS t(i)"))
    assert table.rows == ((4498500 * 10**12, 4498500),)
    assert [type(cell) for cell in table.rows[0]] == [int, int]


@pytest.mark.parametrize("value", ["it's; DROP TABLE x --", "a", "100%", "", "\u202e", "?"])
def test_values_are_bound_and_never_read_as_sql(warehouse, source, value):
    """Whatever a person said is compared as it stands."""
    name = '"na""me"'
    table = warehouse.run(Query(sql=f"SELECT count(*), ? FROM {warehouse.relation(source)} WHERE {name} = ?", parameters=(value, value)))
    assert table.rows == ((1 if value in ("a", "it's; DROP TABLE x --") else 0, value),)


def test_a_query_is_stopped_at_its_deadline(warehouse):
    """In the middle of what would take hours; the same thread can ask again, without a deadline too."""
    with pytest.raises(DeadlinePassed):
        warehouse.run(ENDLESS, deadline=time.monotonic() + 0.2)
    with pytest.raises(DeadlinePassed):
        warehouse.run(ENDLESS, deadline=time.monotonic() - 1)
    assert warehouse.run(Query(sql="SELECT 1")).rows == ((1,),)


def test_one_thread_s_deadline_is_not_another_s(warehouse):
    """Queries of other threads run on."""
    slow = Query(sql="SELECT count(*) FROM range(30000000) AS t(i) WHERE hash(i) % 7 = 3")
    with ThreadPoolExecutor(2) as pool:
        stopped = pool.submit(warehouse.run, ENDLESS, deadline=time.monotonic() + 0.05)
        whole = pool.submit(warehouse.run, slow)
        assert int(str(whole.result().rows[0][0])) > 0
        with pytest.raises(DeadlinePassed):
            stopped.result()


def test_many_threads_share_one_engine(warehouse, source):
    """The same file read for the first time by eight threads at once."""
    query = f"SELECT count(*) + ? FROM {warehouse.relation(source)}"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: warehouse.run(Query(sql=query, parameters=(n,))).rows[0][0], range(40)))
    assert found == [n + 2 for n in range(40)]


def test_what_the_engine_says_is_kept_from_the_asker(warehouse):
    """It may quote paths and definitions; it is in the reference, for the log."""
    with pytest.raises(OutsideFailed) as failed:
        warehouse.run(Query(sql="SELECT nothing FROM nowhere"))
    assert "nowhere" not in str(failed.value)
    assert "nowhere" in failed.value.reference


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT content FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "ATTACH '/tmp/other.db'",
        "COPY (SELECT 1) TO '/tmp/insights-was-here.csv'",
        "INSTALL httpfs",
    ],
)
def test_nothing_but_the_allowed_folders_can_be_reached(warehouse, sql):
    """Not even by SQL that no plan would ever write."""
    with pytest.raises(OutsideFailed):
        warehouse.run(Query(sql=sql))


def test_a_changed_file_is_read_anew(warehouse, source):
    """The fingerprint changes, and so do the rows, without starting the engine again."""
    query = "SELECT count(*), max(id) FROM "
    before = warehouse.fingerprint(source)
    assert warehouse.run(Query(sql=query + warehouse.relation(source))).rows == ((2, 2),)
    duckdb.execute(f"COPY ({ROWS} UNION ALL SELECT 77, 'c', 2, NULL, NULL, false) TO '{source.paths[0]}'")
    assert warehouse.fingerprint(source) != before
    assert warehouse.run(Query(sql=query + warehouse.relation(source))).rows == ((3, 77),)


def test_an_unchanged_file_keeps_its_fingerprint(warehouse, source):
    """Reading it does not count as a change."""
    before = warehouse.fingerprint(source)
    warehouse.run(Query(sql=f"SELECT count(*) FROM {warehouse.relation(source)}"))
    assert warehouse.fingerprint(source) == before


@pytest.mark.parametrize(
    ("format_", "content"),
    [
        ("parquet", None),
        ("parquet", b""),
        ("parquet", b"\x00\x01\x02\xff" * 500),
        ("parquet", b"PAR1 but not for long"),
        ("csv", None),
        ("csv", b""),
        ("csv", b"\x00\x01\x02\xff" * 500),
    ],
)
def test_a_file_that_cannot_be_read_is_named(warehouse, tmp_path, format_, content):
    """Missing, empty, binary or cut: never a traceback of the engine."""
    path = tmp_path / "data" / f"broken.{format_}"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WrongCatalog) as wrong:
        warehouse.columns(Source(paths=(str(path),), format=format_))
    assert str(path) in str(wrong.value)


def test_closing_twice_is_fine(warehouse):
    """And what follows is an error of the engine, not of Python."""
    warehouse.close()
    warehouse.close()
    with pytest.raises(OutsideFailed):
        warehouse.run(Query(sql="SELECT 1"))
