"""The SQLite file of the ledger: made, opened by many, and clear about what is wrong with it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from insights.errors import OutsideFailed, WrongSettings
from insights.ledger.sqlite import open_ledger
from insights.ledger.sqlite.database import SqliteDatabase

NOW = datetime(2026, 12, 1, 10)
HASTE = timedelta(milliseconds=50)


def save(ledger):
    """Write something."""
    ledger.save_conversation("c", "{}", person=None, now=NOW)


def test_a_ledger_is_made_with_its_folder_and_keeps_what_it_was_told(tmp_path):
    """Closed and opened again."""
    path = tmp_path / "home" / "ledger.db"
    first = open_ledger(path)
    save(first)
    first.close()
    second = open_ledger(path)
    assert second.load_conversation("c") == "{}"
    second.close()


def test_only_what_need_not_last_is_committed_without_waiting_for_the_disk(tmp_path):
    """`PRAGMA synchronous` in a transaction of either kind: 2 is FULL, 1 is NORMAL (sqlite.org/pragma.html); a failure in between changes nothing of that."""
    database = SqliteDatabase(tmp_path / "ledger.db", patience=HASTE)

    def at(*, lasting):
        with database.writing(lasting=lasting) as session:
            return session.one("PRAGMA synchronous")["synchronous"]

    with pytest.raises(ZeroDivisionError), database.writing(lasting=False):
        raise ZeroDivisionError
    assert [at(lasting=True), at(lasting=False), at(lasting=True)] == [2, 1, 2]
    database.close()


def test_a_ledger_that_was_closed_opens_itself_again(tmp_path):
    """Closing lets go of the files, it does not break the object."""
    ledger = open_ledger(tmp_path / "ledger.db")
    ledger.close()
    save(ledger)
    ledger.close()


def test_many_may_make_the_same_new_ledger_at_once(tmp_path):
    """Eight at a time, on a file that does not exist: all of them can write to it."""

    def make_and_save(number):
        ledger = open_ledger(tmp_path / "ledger.db")
        ledger.save_conversation(f"c{number}", "{}", person=None, now=NOW)
        ledger.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make_and_save, range(8)))
    ledger = open_ledger(tmp_path / "ledger.db")
    assert [ledger.load_conversation(f"c{number}") for number in range(8)] == ["{}"] * 8
    ledger.close()


def test_what_is_written_is_on_disk_before_it_is_told(tmp_path):
    """The write-ahead log, flushed at every commit: what a power cut cannot undo."""
    ledger = open_ledger(tmp_path / "ledger.db")
    with ledger._database.reading() as session:
        assert session.one("PRAGMA journal_mode") == {"journal_mode": "wal"}
        assert session.one("PRAGMA synchronous") == {"synchronous": 2}  # FULL
    ledger.close()


def test_a_locked_ledger_is_worth_another_try(tmp_path):
    """Another program holds the file for longer than our patience."""
    ledger = open_ledger(tmp_path / "ledger.db", patience=HASTE)
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OutsideFailed, match="busy") as caught:
        save(ledger)
    assert "Try again" in caught.value.remedy
    assert ledger.load_conversation("c") is None  # readers do not wait
    other.execute("ROLLBACK")
    save(ledger)
    other.close()
    ledger.close()


@pytest.mark.parametrize("content", [b"this is not a database, it is a letter to whoever reads it\n" * 40, os.urandom(8192)])
def test_a_file_that_is_no_database_is_named_with_the_way_out(tmp_path, content):
    """Text or noise in place of the ledger."""
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(WrongSettings, match="damaged or is not a ledger") as caught:
        open_ledger(path)
    assert str(path) in str(caught.value)
    assert "backup" in caught.value.remedy
    assert path.read_bytes() == content


def test_a_damaged_page_is_named_when_it_is_met(tmp_path):
    """The header is whole, what lies behind it is not."""
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path)
    save(ledger)
    ledger.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(WrongSettings, match="damaged"):
        save(open_ledger(path))


def test_the_database_of_another_program_is_left_alone(tmp_path):
    """A wrong path must not grow our tables."""
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(WrongSettings, match="another program"):
        open_ledger(path)
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    other.close()


def test_a_ledger_of_a_newer_version_is_refused(tmp_path):
    """Rather than written to in a form it no longer has."""
    path = tmp_path / "ledger.db"
    open_ledger(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(WrongSettings, match="newer version") as caught:
        open_ledger(path)
    assert "Update" in caught.value.remedy


@pytest.mark.parametrize("where", ["file/ledger.db", "folder"])
def test_a_path_that_cannot_be_a_ledger_names_the_setting(tmp_path, where):
    """A folder that is a file, a file that is a folder."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WrongSettings, match="cannot be opened") as caught:
        open_ledger(tmp_path / where)
    assert "INSIGHTS_HOME" in caught.value.remedy


READER = """
import os, sys
from datetime import datetime
from pathlib import Path
from insights.errors import WrongSettings
from insights.ledger.sqlite import open_ledger
from insights.ledger.sqlite.database import SqliteDatabase
if os.getuid() == 0:
    os.setuid(65534)  # root may write everywhere
try:
    open_ledger(Path(sys.argv[1])).save_conversation("c", "{}", person=None, now=datetime(2026, 12, 1))
except WrongSettings as error:
    print(error)
"""


def test_a_ledger_that_may_not_be_written_says_so():
    """Somebody else's file in somebody else's folder."""
    folder = Path(tempfile.mkdtemp())  # not tmp_path, whose parents only their owner may enter
    try:
        open_ledger(folder / "ledger.db").close()
        (folder / "ledger.db").chmod(0o444)
        folder.chmod(0o555)
        said = subprocess.run([sys.executable, "-c", READER, str(folder / "ledger.db")], capture_output=True, text=True, check=True).stdout
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    assert "ledger.db cannot be" in said
    assert "INSIGHTS_HOME" in said


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET person = 'eve' WHERE number = 3",
        "UPDATE audit SET at = at + 1 WHERE number = 3",
        "DELETE FROM audit WHERE number = 3",
        "UPDATE audit SET number = 300 WHERE number = 3",
    ],
)
def test_tampering_with_the_audit_log_shows(tmp_path, tampering):
    """Even by someone who first removes the triggers that forbid it."""
    ledger = open_ledger(tmp_path / "ledger.db")
    for number in range(5):
        ledger.begin(f"k{number}", "book_room", "{}", person="ada", now=NOW)
    assert ledger.first_broken() is None
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="only appended to"):
        other.execute(tampering)
    other.execute("DROP TRIGGER audit_is_not_changed")
    other.execute("DROP TRIGGER audit_is_not_deleted")
    other.execute(tampering)
    other.close()
    assert ledger.first_broken() in (3, 4)
    ledger.close()


def test_a_booking_cannot_be_moved_onto_another(tmp_path):
    """Whatever program changes the table, the file itself forbids it."""
    open_ledger(tmp_path / "ledger.db").close()
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    for key, start, state in (("a", 0, "held"), ("b", 60, "held"), ("c", 0, "released")):
        other.execute(
            "INSERT INTO bookings (key, room, start_at, end_at, timezone, local_start, local_end, state, booked_at)"
            " VALUES (?, 'fern', ?, ?, 'UTC', '', '', ?, 0)",
            (key, start, start + 60, state),
        )
    for change in ("UPDATE bookings SET start_at = 59 WHERE key = 'b'", "UPDATE bookings SET state = 'held' WHERE key = 'c'"):
        with pytest.raises(sqlite3.IntegrityError, match="taken"):
            other.execute(change)
    other.execute("UPDATE bookings SET end_at = 180 WHERE key = 'b'")
    other.close()
