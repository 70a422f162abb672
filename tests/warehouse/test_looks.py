"""How often servers are asked whether rows have changed: once for a question, however many queries it takes."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from insights.lake.source import Source
from insights.lake.waiting import waiting
from insights.warehouse.port import Query
from insights.warehouse.postgres import Postgres
from tests.servers import as_nobody, free_port

ORDERS, VISITS = Source(table="orders"), Source(table="visits")


def test_postgresql_is_asked_once_a_question_what_it_counts(in_postgres, monkeypatch):
    """A search for causes takes a hundred queries over the same tables; the next question looks anew."""
    asked, run = [], in_postgres.run
    monkeypatch.setattr(in_postgres, "run", lambda query, **more: (asked.append(query.sql), run(query, **more))[1])
    for times in (1, 2):
        with waiting(None):
            states = [in_postgres.fingerprint(source) for _ in range(50) for source in (ORDERS, VISITS)]
        assert len(set(states)) == 2
        assert len(asked) == 3 * times  # and since when it counts


def test_glue_is_asked_once_a_question_for_a_table(in_athena, monkeypatch):
    """As often as there are tables, whatever is to be known of them."""
    in_athena.fingerprint(ORDERS)
    asked, glue = [], in_athena._glue
    monkeypatch.setattr(in_athena, "_glue", SimpleNamespace(get_table=lambda **what: (asked.append(what["Name"]), glue.get_table(**what))[1]))
    with waiting(None):
        for _ in range(50):
            assert in_athena.fingerprint(ORDERS) != in_athena.fingerprint(VISITS)
            assert "amount" in in_athena.columns(ORDERS)
    assert asked == ["orders", "visits"]


@pytest.fixture
def standby(postgres_address):
    """A standby of the server of the tests, which replays what that one writes."""
    folder, port = Path(tempfile.mkdtemp(prefix="insights-standby-")), free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    address = dict(part.split("=") for part in postgres_address.split())
    data = folder / "data"
    as_nobody([shutil.which("pg_basebackup"), "-D", data, "-R", "-h", address["host"], "-p", address["port"], "-U", address["user"], "-c", "fast"], cwd=folder)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    as_nobody([shutil.which("pg_ctl"), "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], cwd=folder)
    yield f"host=127.0.0.1 port={port} user={address['user']} dbname={address['dbname']}"
    as_nobody([shutil.which("pg_ctl"), "-D", data, "-m", "immediate", "stop"], cwd=folder)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_standby_tells_of_what_was_written_though_it_counts_no_writes(postgres_address, standby):
    """Rows that came are rows that have changed; without any the state stays."""
    with psycopg.connect(postgres_address, autocommit=True) as server:
        server.execute("CREATE TABLE replayed (n INT)")
        engine, source = Postgres(standby), Source(table="replayed")
        try:
            while not engine.run(Query(sql="SELECT to_regclass('replayed') IS NOT NULL")).rows[0][0]:
                time.sleep(0.05)
            before = engine.fingerprint(source)
            server.execute("INSERT INTO replayed VALUES (1)")
            while not engine.run(Query(sql="SELECT count(*) FROM replayed")).rows[0][0]:
                time.sleep(0.05)
            assert engine.fingerprint(source) != before
        finally:
            engine.close()
            server.execute("DROP TABLE replayed")
