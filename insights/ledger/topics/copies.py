"""Backups: the ledger as one SQLite file, from either engine and into either; what comes back acts on nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from insights.errors import WrongSettings
from insights.ledger.database import Database, Session, Topic
from insights.ledger.instants import instant
from insights.ledger.keeping import Copied, Restored
from insights.ledger.topics.audit import StoredAudit, note
from insights.ledger.topics.subscriptions import skip_missed

_PATIENCE = timedelta(seconds=5)
HELD = "held back when a backup was restored: it may have been done since"


class StoredCopies(Topic):
    """Copies of every table, and what must not happen twice after one was put back."""

    def back_up(self, file: Path) -> Copied:
        """See the port. Written beside its place and moved there whole; only its owner may read it."""
        from insights.ledger.sqlite.database import SqliteDatabase

        if file.exists():
            raise WrongSettings(f"{file} exists.", remedy="Name a file that does not, such as one with the day in its name.")
        try:
            with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
                part = Path(folder, "ledger")
                copy = SqliteDatabase(part, patience=_PATIENCE)
                with self._database.reading() as source, copy.writing() as target:
                    rows = _copied(source, target)
                    last = source.one("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
                copy.close()
                with closing(sqlite3.connect(part)) as whole:
                    whole.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read where nothing can be written
                part.chmod(0o600)
                file.open("xb").close()  # never in the place of a file that came meanwhile
                os.replace(part, file)
        except OSError as error:
            raise WrongSettings(f"{file} cannot be written: {error.strerror}.", remedy="Name a file in a folder that can be written.") from error
        return Copied(rows=rows, entries=last["number"] if last else 0, head=last["hash"] if last else "")

    def restore(self, file: Path, *, replace: bool = False, now: datetime) -> Restored:
        """See the port."""
        with tempfile.TemporaryDirectory(prefix="insights-restore-") as folder:
            backup = _opened(file, Path(folder))
            try:
                broken = StoredAudit(backup).first_broken()
                with backup.reading() as source, self._database.writing() as session:
                    if not replace and any(session.one(f"SELECT 1 AS it FROM {table} LIMIT 1") for table in session.tables()):  # noqa: S608 # names are ours
                        raise WrongSettings("The ledger is not empty.", remedy="With --replace the backup takes its place; what is there is backed up first.")
                    rows = _copied(source, session)
                    held, doubted, skipped = _settle(session, now)
                    note(session, "ledger restored", "", person=None, detail=f"{rows} rows", now=now)
            finally:
                backup.close()
        return Restored(rows=rows, held=held, doubted=doubted, skipped=skipped, broken=broken)


def _opened(file: Path, folder: Path) -> Database:
    """A copy of a backup, brought up to date. Raises WrongSettings for what is none."""
    from insights.ledger.sqlite.database import SqliteDatabase

    if not file.is_file():
        raise WrongSettings(f"There is no file {file}.", remedy="Name a backup that `insights backup` made.")
    copy = folder / file.name
    try:
        shutil.copyfile(file, copy)
    except OSError as error:
        raise WrongSettings(f"{file} cannot be read: {error.strerror}.") from error
    if not copy.stat().st_size:
        raise WrongSettings(f"{file} is empty.", remedy="Name a backup that `insights backup` made.")
    database = SqliteDatabase(copy, patience=_PATIENCE)
    with database.reading() as session:
        found = session.every("PRAGMA integrity_check")
    if [*found[0].values()] != ["ok"]:
        raise WrongSettings(f"The backup {file} is damaged.", remedy="Take an earlier one.")
    return database


def _copied(source: Session, target: Session) -> int:
    """Put every row of one ledger in the place of another's; how many there were."""
    rows = 0
    with target.without_rules():
        for table in target.tables():
            found = source.every(f"SELECT * FROM {table}")  # noqa: S608 # the names are ours
            target.run(f"DELETE FROM {table}")  # noqa: S608 # the names are ours
            if found:
                columns = ", ".join(found[0])
                marks = ", ".join("?" * len(found[0]))
                target.many(f"INSERT INTO {table} ({columns}) VALUES ({marks})", (tuple(row.values()) for row in found))  # noqa: S608 # the names are ours
            rows += len(found)
    return rows


def _settle(session: Session, now: datetime) -> tuple[int, int, int]:
    """See to it that nothing is done twice: how much work was held, how many actions are doubted, how many subscriptions skip a time."""
    held = session.run(
        "UPDATE work SET state = 'unknown', problem = ?, lease_until = NULL WHERE state = 'doing' OR (state = 'waiting' AND due_at <= ?)",
        HELD, instant(now),
    )  # fmt: skip
    session.run("UPDATE actions SET state = 'doubted' WHERE state IN ('intended', 'attempted')")
    doubted = session.one("SELECT count(*) AS number FROM actions WHERE state = 'doubted'")
    session.run("DELETE FROM link_codes")
    session.run("UPDATE received SET state = 'failed', payload = '', problem = ? WHERE state = 'doing'", HELD)
    session.run("UPDATE postings SET state = 'failed', payload = '' WHERE state IN ('waiting', 'sending')")
    assert doubted is not None
    return held, int(doubted["number"]), skip_missed(session, now)
