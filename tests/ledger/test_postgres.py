"""The ledger in PostgreSQL: what was undone is run again, what nobody can tell is said so, and waiting ends."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from insights.errors import OutcomeUnknown, OutsideFailed, WrongSettings
from insights.ledger import postgres
from insights.ledger.database import ATTEMPTS, Forbidden, Topic, Undone
from insights.ledger.port import RoomHold
from insights.ledger.postgres.database import PostgresDatabase

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture
def schema():
    """A schema of its own."""
    return f"t{uuid4().hex}"


@pytest.fixture
def database(postgres_address, schema):
    """An empty ledger's database."""
    database = PostgresDatabase(postgres_address, schema=schema, patience=timedelta(seconds=5))
    yield database
    database.close()


@pytest.fixture
def psycopg():
    """The driver, to be somebody else with."""
    return pytest.importorskip("psycopg")


class Counted(Topic):
    """Transactions that can be disturbed in the middle."""

    tries = 0

    def add(self, key, disturb=lambda session: None):
        """Add an action, disturbed between the statement and the commit."""
        self.tries += 1
        with self._database.writing() as session:
            session.run("INSERT INTO actions (key, kind, request, state, begun_at) VALUES (?, 'x', '{}', 'intended', 0)", key)
            disturb(session)

    def keys(self):
        """The actions that are there."""
        with self._database.reading() as session:
            return [row["key"] for row in session.every("SELECT key FROM actions ORDER BY key")]


def ended(psycopg, address, session):
    """End the server's side of a session."""
    pid = session.one("SELECT pg_backend_pid() AS pid")["pid"]
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", (pid,))


def ended_and_noticed(psycopg, address, session):
    """End it, and find that out with the next statement."""
    ended(psycopg, address, session)
    session.one("SELECT 1 AS one")


def test_a_connection_that_was_lost_before_the_commit_is_made_anew_and_all_of_it_run_again(database, postgres_address, psycopg):
    """Nothing had been written down, so nothing is there twice."""
    topic = Counted(database)
    topic.add("k", lambda session: ended_and_noticed(psycopg, postgres_address, session) if topic.tries == 1 else None)
    assert (topic.tries, topic.keys()) == (2, ["k"])


def test_a_connection_that_is_lost_every_time_is_told_as_busy(database, postgres_address, psycopg):
    """After a bounded number of tries."""
    topic = Counted(database)
    with pytest.raises(OutsideFailed, match="busy"):
        topic.add("k", lambda session: ended_and_noticed(psycopg, postgres_address, session))
    assert (topic.tries, topic.keys()) == (ATTEMPTS, [])


def test_a_server_that_says_good_bye_instead_of_committing_leaves_it_open(database, postgres_address, psycopg):
    """It says the same when it had committed and was waiting for its replica, so nobody can tell."""
    topic = Counted(database)
    with pytest.raises(OutcomeUnknown):
        topic.add("k", lambda session: ended(psycopg, postgres_address, session))
    assert (topic.tries, topic.keys()) == (1, [])


@pytest.mark.parametrize("written", [True, False])
def test_a_connection_that_is_lost_in_the_commit_is_not_tried_again(database, written):
    """Nobody can tell whether it was written down, so it is looked for first, by whoever asked."""
    topic = Counted(database)
    connection = database._connection()
    execute = connection.execute

    class Broken:
        """Breaks when it is to commit, before or after the server did."""

        closed = False

        def close(self):
            """Is closed already."""

        def execute(self, statement, *values):
            """Pass it on, and break at the commit."""
            if statement != "COMMIT":
                return execute(statement, *values)
            if written:
                execute(statement)
            import psycopg

            connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    database._local.held.postgres = Broken()
    with pytest.raises(OutcomeUnknown):
        topic.add("k")
    assert (topic.tries, topic.keys()) == (1, ["k"] if written else [])


def test_a_deadlock_that_another_program_causes_is_run_again(database, postgres_address, schema, psycopg):
    """Ours is undone or theirs, whom the server picks; ours is there in the end."""
    topic = Counted(database)
    topic.add("a")
    topic.add("b")
    first, both = threading.Event(), threading.Barrier(2, timeout=20)

    class Crossing(Topic):
        tries = 0

        def cross(self):
            """Change a, then b, while somebody changes b, then a."""
            self.tries += 1
            with self._database.writing() as session:
                session.run("SET LOCAL deadlock_timeout = '50ms'")
                session.run("UPDATE actions SET kind = 'ours' WHERE key = 'a'")
                if not first.is_set():
                    first.set()
                    both.wait()
                session.run("UPDATE actions SET kind = 'ours' WHERE key = 'b'")

    def other():
        with psycopg.connect(postgres_address) as them:
            them.execute("SET LOCAL deadlock_timeout = '10s'")  # so that ours is the one that notices
            them.execute(f"UPDATE {schema}.actions SET kind = 'theirs' WHERE key = 'b'")
            both.wait()
            them.execute(f"UPDATE {schema}.actions SET kind = 'theirs' WHERE key = 'a'")

    crossing = Crossing(database)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(crossing.cross), pool.submit(other)]:
            done.result()
    assert crossing.tries == 2
    with database.reading() as session:
        assert {row["kind"] for row in session.every("SELECT kind FROM actions")} == {"ours"}


def test_a_writer_waits_for_another_only_so_long(postgres_address, schema):
    """Readers do not wait at all."""
    ledger = postgres.open_ledger(postgres_address, schema=schema, patience=timedelta(milliseconds=50))
    other = PostgresDatabase(postgres_address, schema=schema, patience=timedelta(seconds=5))
    with other.writing(), pytest.raises(OutsideFailed, match="busy") as caught:
        ledger.save_conversation("c", "{}", person=None, now=NOW)
    assert "Try again" in caught.value.remedy
    with other.writing():
        assert ledger.load_conversation("c") is None
    ledger.save_conversation("c", "{}", person=None, now=NOW)
    ledger.close()
    other.close()


def test_rooms_are_booked_side_by_side_and_the_same_room_one_after_another(database):
    """Who names another room does not wait; who names the same, or everything, does."""
    impatient = PostgresDatabase(database._url, schema=database._schema, patience=timedelta(milliseconds=50))
    with database.writing("room fern"):
        with impatient.writing("room oak", "key k"):
            pass
        for names in [("room fern",), ("key k", "room fern"), ()]:
            with pytest.raises(OutsideFailed, match="busy"), impatient.writing(*names):
                pass
    with database.writing(), pytest.raises(OutsideFailed, match="busy"), impatient.writing("room oak"):
        pass
    impatient.close()


def test_the_audit_chain_is_whole_when_rooms_are_booked_side_by_side(postgres_address, schema):
    """Forty rooms by eight threads: each entry holds the hash of the one before."""
    ledger = postgres.open_ledger(postgres_address, schema=schema)

    def hold(number):
        start = NOW + timedelta(days=1)
        return ledger.hold_room(RoomHold(key=f"k{number}", room=f"r{number}", person="ada", start=start, end=start + timedelta(hours=1)), now=NOW)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(hold, range(40)))
    assert len(ledger.audit_trail()) == 40
    assert ledger.first_broken() is None
    ledger.close()


def test_nothing_of_a_block_that_raises_remains(database):
    """Not even after a statement that the server refused, and the connection is good afterwards."""
    topic = Counted(database)
    with suppress(ZeroDivisionError):
        topic.add("k", lambda session: 1 / 0)
    topic.add("m")
    with pytest.raises(Forbidden):
        topic.add("m")
    assert topic.keys() == ["m"]


def test_a_connection_is_not_carried_through_a_fork(database):
    """A child writes through its own, and ending it leaves the parent's."""
    topic = Counted(database)
    topic.add("parent")
    child = os.fork()
    if child == 0:
        try:
            topic.add("child")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    topic.add("z")
    assert topic.keys() == ["child", "parent", "z"]


def test_many_may_make_the_same_new_schema_at_once(postgres_address, schema):
    """Eight at a time: all of them can write to it."""

    def make_and_save(number):
        ledger = postgres.open_ledger(postgres_address, schema=schema)
        ledger.save_conversation(f"c{number}", "{}", person=None, now=NOW)
        ledger.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make_and_save, range(8)))
    ledger = postgres.open_ledger(postgres_address, schema=schema)
    assert [ledger.load_conversation(f"c{number}") for number in range(8)] == ["{}"] * 8
    ledger.close()


def test_a_user_who_may_not_write_is_told_so(database, postgres_address, psycopg):
    """With the setting that names it."""
    with psycopg.connect(postgres_address, autocommit=True) as admin:
        admin.execute(f'CREATE ROLE reader_{database._schema} LOGIN; GRANT USAGE ON SCHEMA "{database._schema}" TO reader_{database._schema}')
        admin.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA "{database._schema}" TO reader_{database._schema}')
    reader = postgres.open_ledger(postgres_address.replace("user=tests", f"user=reader_{database._schema}"), schema=database._schema)
    with pytest.raises(WrongSettings, match="may not be written") as caught:
        reader.save_conversation("c", "{}", person=None, now=NOW)
    assert "ledger.url" in caught.value.remedy
    reader.close()


def test_the_log_and_the_calendar_are_guarded_by_the_database_itself(database, postgres_address, psycopg):
    """Whatever program writes: an entry is not changed, a booking is not moved onto another."""
    with database.writing() as session:
        for key, start in (("a", 0), ("b", 60)):
            session.run(
                "INSERT INTO bookings (key, room, start_at, end_at, timezone, local_start, local_end, booked_at) VALUES (?, 'fern', ?, ?, 'UTC', '', '', 0)",
                key, start, start + 60,
            )  # fmt: skip
        session.run("INSERT INTO audit (number, at, event, subject, detail, previous, hash) VALUES (1, 0, '', '', '', '', '')")
    with psycopg.connect(postgres_address, autocommit=True) as other:
        other.execute(f'SET search_path = "{database._schema}", public')
        with pytest.raises(psycopg.errors.ExclusionViolation):
            other.execute("UPDATE bookings SET start_at = 59 WHERE key = 'b'")
        for tampering in ("UPDATE audit SET event = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
            with pytest.raises(psycopg.IntegrityError, match="only appended to"):
                other.execute(tampering)


def test_what_is_undone_again_and_again_is_told_as_busy():
    """The pauses grow, and they end."""

    class Never(Topic):
        tries = 0

        def act(self):
            """Is undone."""
            self.tries += 1
            raise Undone("deadlock")

    never = Never(None)
    with pytest.raises(OutsideFailed, match="busy"):
        never.act()
    assert never.tries == ATTEMPTS
