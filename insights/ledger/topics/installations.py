"""Where doors are installed, with what they seal themselves; what is accepted once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from insights.ledger.database import Row, Topic
from insights.ledger.installations import Installed, Site
from insights.ledger.instants import instant
from insights.ledger.topics.audit import note

_THIS = "door = ? AND enterprise = ? AND team = ? AND account = ?"
_COLUMNS = "door, enterprise, team, account, sealed, installed_at, withdrawn_at"


class StoredInstallations(Topic):
    """Installations by site."""

    def install(self, site: Site, sealed: str, *, now: datetime) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run(
                "INSERT INTO installations (door, enterprise, team, account, sealed, installed_at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (door, enterprise, team, account) DO UPDATE SET sealed = excluded.sealed, installed_at = excluded.installed_at,"
                " withdrawn_at = NULL",
                *_named(site), sealed, instant(now),
            )  # fmt: skip
            note(session, "door installed", site.door, person=None, detail=_told(site), now=now)

    def reseal(self, site: Site, sealed: str, *, was: str) -> bool:
        """See the port."""
        with self._database.writing() as session:
            return bool(session.run(f"UPDATE installations SET sealed = ? WHERE {_THIS} AND sealed = ?", sealed, *_named(site), was))  # noqa: S608 # ours

    def installed(self, site: Site) -> Installed | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one(f"SELECT {_COLUMNS} FROM installations WHERE {_THIS}", *_named(site))  # noqa: S608 # the names are ours
        return None if row is None else _installed(row)

    def all_installed(self, door: str) -> tuple[Installed, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM installations WHERE door = ? AND withdrawn_at IS NULL ORDER BY enterprise, team, account",  # noqa: S608 # ours
                door,
            )
        return tuple(_installed(row) for row in rows)

    def withdraw(self, site: Site, *, now: datetime) -> int:
        """See the port."""
        which, values = (_THIS, _named(site)) if site.account else ("door = ? AND enterprise = ? AND team = ?", _named(site)[:3])
        with self._database.writing() as session:
            if not site.account:  # so that it stays known where there was none
                session.run(
                    "INSERT INTO installations (door, enterprise, team, account, sealed, installed_at) VALUES (?, ?, ?, ?, '', ?)"
                    " ON CONFLICT (door, enterprise, team, account) DO NOTHING",
                    *_named(site), instant(now),
                )  # fmt: skip
            gone = session.run(f"UPDATE installations SET sealed = '', withdrawn_at = ? WHERE {which} AND withdrawn_at IS NULL", instant(now), *values)  # noqa: S608 # ours
            if gone:
                note(session, "door withdrawn", site.door, person=None, detail=_told(site), now=now)
        return gone


class StoredOneTime(Topic):
    """Digests of what is accepted once."""

    def issue_once(self, secret: str, *, now: datetime, until: datetime) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run("DELETE FROM one_time WHERE expires_at <= ?", instant(now))
            session.run("INSERT INTO one_time (digest, expires_at) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING", _digest(secret), instant(until))

    def redeem_once(self, secret: str, *, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            return bool(session.run("DELETE FROM one_time WHERE digest = ? AND expires_at > ?", _digest(secret), instant(now)))


def _named(site: Site) -> tuple[str, str, str, str]:
    return site.door, site.enterprise, site.team, site.account


def _told(site: Site) -> str:
    return f"{site.enterprise or '-'}/{site.team or '-'}"


def _installed(row: Row) -> Installed:
    withdrawn = row["withdrawn_at"]
    return Installed(
        site=Site(door=row["door"], enterprise=row["enterprise"], team=row["team"], account=row["account"]),
        sealed=row["sealed"],
        installed=datetime.fromtimestamp(row["installed_at"], UTC),
        withdrawn=None if withdrawn is None else datetime.fromtimestamp(withdrawn, UTC),
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
