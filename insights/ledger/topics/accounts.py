"""Accounts elsewhere that are somebody's, and the codes that prove it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from insights.ledger.database import Row, Session, Topic
from insights.ledger.identity import CODE_LASTS, Account, Binding, Linked, NotLinked
from insights.ledger.instants import instant
from insights.ledger.topics.audit import digest_of, note

DIGITS = 8
TRIES = 5
PAUSE = timedelta(hours=1)
"""An account that gave five wrong codes is not listened to for so long after the first of them: one in twenty million an hour guesses right."""


class StoredAccounts(Topic):
    """Bindings by account."""

    def bind(self, account: Account, person: str, *, now: datetime) -> None:
        """See the port."""
        with self._database.writing() as session:
            _bind(session, account, person, now)

    def unbind(self, account: Account, *, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            row = session.one(f"SELECT person FROM bindings WHERE {_THIS}", *_named(account))  # noqa: S608 # the names are ours
            if row is None:
                return False
            session.run(f"DELETE FROM bindings WHERE {_THIS}", *_named(account))  # noqa: S608 # the names are ours
            note(session, "account unbound", account.kind, person=row["person"], detail=_told(account), now=now)
        return True

    def bound(self, account: Account) -> str | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one(f"SELECT person FROM bindings WHERE {_THIS}", *_named(account))  # noqa: S608 # the names are ours
        return None if row is None else str(row["person"])

    def bindings_of(self, person: str) -> tuple[Binding, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every("SELECT kind, scope, account, person, bound_at FROM bindings WHERE person = ? ORDER BY bound_at, kind", person)
        return tuple(_binding(row) for row in rows)


class StoredCodes(Topic):
    """Link codes by their digest."""

    def new_code(self, person: str, *, now: datetime, lasts: timedelta = CODE_LASTS) -> str:
        """See the port."""
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        with self._database.writing() as session:
            session.run("DELETE FROM link_codes WHERE person = ? OR expires_at <= ?", person, instant(now))
            session.run(
                "INSERT INTO link_codes (digest, person, expires_at) VALUES (?, ?, ?)"
                " ON CONFLICT (digest) DO UPDATE SET person = excluded.person, expires_at = excluded.expires_at",
                _digest(code), person, instant(now + lasts),
            )  # fmt: skip
            note(session, "link code made", "", person=person, now=now)
        return code

    def redeem_code(self, code: str, account: Account, *, now: datetime) -> Linked | NotLinked:
        """See the port."""
        said = "".join(character for character in code if character in "0123456789")
        with self._database.writing() as session:
            wrong, since = _tries(session, account, now)
            if wrong >= TRIES:
                return NotLinked(why="locked", until=since + PAUSE)
            row = session.one("SELECT person, expires_at FROM link_codes WHERE digest = ?", _digest(said))
            if row is None or row["expires_at"] <= instant(now):
                _count(session, account, wrong + 1, since)
                note(session, "link code wrong", account.kind, person=None, detail=_told(account), now=now)
                return NotLinked(why="wrong")
            session.run("DELETE FROM link_codes WHERE digest = ?", _digest(said))
            session.run(f"DELETE FROM link_tries WHERE {_THIS}", *_named(account))  # noqa: S608 # the names are ours
            _bind(session, account, row["person"], now)
        return Linked(person=row["person"])


_THIS = "kind = ? AND scope = ? AND account = ?"


def _named(account: Account) -> tuple[str, str, str]:
    return account.kind, account.scope, account.id


def _told(account: Account) -> str:
    """What the audit log holds of an account: enough to recognise it by."""
    return digest_of("\n".join(_named(account)))


def _bind(session: Session, account: Account, person: str, now: datetime) -> None:
    session.run(
        "INSERT INTO bindings (kind, scope, account, person, bound_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, scope, account) DO UPDATE SET person = excluded.person, bound_at = excluded.bound_at",
        *_named(account), person, instant(now),
    )  # fmt: skip
    note(session, "account bound", account.kind, person=person, detail=_told(account), now=now)


def _binding(row: Row) -> Binding:
    account = Account(kind=row["kind"], scope=row["scope"], id=row["account"])
    return Binding(account=account, person=row["person"], bound=datetime.fromtimestamp(row["bound_at"], UTC))


def _tries(session: Session, account: Account, now: datetime) -> tuple[int, datetime]:
    """How many wrong codes this account gave lately, and since when."""
    row = session.one(f"SELECT wrong, since FROM link_tries WHERE {_THIS}", *_named(account))  # noqa: S608 # the names are ours
    if row is None or row["since"] + PAUSE.total_seconds() <= instant(now):
        return 0, now
    return int(row["wrong"]), datetime.fromtimestamp(row["since"], UTC)


def _count(session: Session, account: Account, wrong: int, since: datetime) -> None:
    session.run(
        "INSERT INTO link_tries (kind, scope, account, wrong, since) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, scope, account) DO UPDATE SET wrong = excluded.wrong, since = excluded.since",
        *_named(account), wrong, instant(since),
    )  # fmt: skip


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
