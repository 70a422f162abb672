"""A query is stopped when whoever asked for it has gone away, on every engine, and nobody else's is."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from insights.errors import NobodyWaits, OutsideFailed
from insights.lake.waiting import Listener, listening
from insights.query.results import Key, Results
from insights.warehouse.port import Query, Table
from insights.warehouse.postgres import Postgres
from insights.warehouse.spark import Spark

YEARS = "SELECT count(*) FROM (SELECT a.n + b.n + c.n AS n FROM {0} AS a, {0} AS b, {0} AS c) AS d WHERE n % 7 = 3"
MANY = {"DuckDB": "(SELECT range AS n FROM range(1000000))", "PostgreSQL": "(SELECT n FROM generate_series(1, 1000000) AS s(n))"}


@pytest.fixture(params=["duckdb", "postgres"])
def engine(request):
    """An engine that runs what takes years."""
    return request.getfixturevalue(f"in_{request.param}")


def test_what_takes_years_ends_when_they_leave(engine):
    """While it runs, and before it begins; the engine answers the next as ever."""
    listener = Listener()
    timer = threading.Timer(0.3, listener.leave)
    timer.start()
    with listening(listener):
        with pytest.raises(NobodyWaits):
            engine.run(Query(sql=YEARS.format(MANY[engine.name])))
        with pytest.raises(NobodyWaits):
            engine.run(Query(sql="SELECT 1"))
    timer.join()
    assert engine.run(Query(sql="SELECT 1")).rows == ((1,),)


def test_who_stays_gets_what_another_was_waiting_for():
    """One query for both: it was the other's, and is asked again when that one goes."""
    results, listener = Results(), Listener()
    begun, key = threading.Event(), Key(query="q", identity="i", version="v")

    def first(_):
        left = threading.Event()
        with listener.stopping(left.set):
            begun.set()
            left.wait(60)
            raise RuntimeError("stopped")

    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(results.of, key, first)
        begun.wait(60)
        follower = pool.submit(results.of, key, lambda _: Table(columns=("n",), rows=((1,),)))
        threading.Timer(0.2, listener.leave).start()
        assert follower.result(60).table.rows == ((1,),)
        with pytest.raises(NobodyWaits):
            leader.result(60)


def test_what_takes_years_ends_when_postgresql_is_let_go_of(postgres_address):
    """Another thread's query is stopped at the server, not begun anew, and no connection is left."""
    import psycopg

    engine, told = Postgres(postgres_address), []
    engine.run(Query(sql="SELECT 1"))

    def ask():
        try:
            told.append(engine.run(Query(sql=YEARS.format(MANY["PostgreSQL"]))))
        except OutsideFailed as over:
            told.append(str(over))

    asking = threading.Thread(target=ask)
    asking.start()
    with psycopg.connect(postgres_address, autocommit=True) as looking:
        running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%n % 7 = 3' AND pid <> pg_backend_pid()"
        while not looking.execute(running).fetchone()[0]:
            pass
        engine.close()
        asking.join(60)
        assert told == ["The data is not open any more. Ask again in a moment."]
        for _ in range(400):  # the server hears of it a moment later
            if not looking.execute(running).fetchone()[0]:
                break
            time.sleep(0.05)
        assert looking.execute(running).fetchone()[0] == 0
    with pytest.raises(OutsideFailed, match="not open any more"):
        engine.run(Query(sql="SELECT 1"))


def test_spark_begins_no_session_once_it_is_closed():
    """Nobody would end it."""
    engine = Spark("spark://127.0.0.1:1")
    engine.close()
    with pytest.raises(OutsideFailed, match="not open any more"):
        engine.run(Query(sql="SELECT 1"))
