"""The register of tickets, notes, filings and outages."""
# ruff: noqa: S608  # the names of columns are ours, every value is bound

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from insights.ledger.database import Row, Session, Topic
from insights.ledger.helpdesk import Claim, Note, Registered, StoredFile, StoredOutage, TicketState
from insights.ledger.topics.audit import note as entry

_NAMES = tuple(field.name for field in fields(Registered))
_COLUMNS = ", ".join(_NAMES)
_TIMES = ("raised", "updated", "due", "answered", "resolved")
_OUTAGE = "number, key, person, what, category, room, since, ended"
_FILE = "key, system, ticket, person, name, type, size, attached"
_FIRST = 1000


class StoredHelpDesk(Topic):
    """Tickets by the key they were filed under."""

    def register(self, ticket: Registered) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run(
                f"INSERT INTO desk_tickets ({_COLUMNS}) VALUES ({', '.join('?' * len(_NAMES))})"
                " ON CONFLICT (key) DO UPDATE SET status = excluded.status, url = excluded.url, updated = excluded.updated",
                *_values(ticket),
            )

    def registered(self, key: str) -> Registered | None:
        """See the port."""
        with self._database.reading() as session:
            return _one(session, "key = ?", key)

    def registered_as(self, system: str, ticket: str) -> Registered | None:
        """See the port."""
        with self._database.reading() as session:
            return _one(session, "system = ? AND id = ?", system, ticket.strip().upper())

    def registered_since(self, since: datetime | None, *, only_open: bool = False) -> tuple[Registered, ...]:
        """See the port."""
        state = "status IN ('open', 'in_progress')" if only_open else "1 = 1"
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM desk_tickets WHERE {state} AND raised >= ? ORDER BY raised DESC, id DESC", "" if since is None else since.isoformat()
            )
        return tuple(_ticket(row) for row in rows)

    def amend(self, ticket: Registered, *, event: str, person: str | None, now: datetime) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run(f"UPDATE desk_tickets SET {', '.join(f'{name} = ?' for name in _NAMES)} WHERE key = ?", *_values(ticket), ticket.key)
            entry(session, event, f"{ticket.system} {ticket.id}", person=person, now=now)

    def watch(self, ticket: str, person: str) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run("INSERT INTO desk_watchers (ticket, person) VALUES (?, ?) ON CONFLICT (ticket, person) DO NOTHING", ticket, person)

    def watchers(self, ticket: str) -> tuple[str, ...]:
        """See the port."""
        with self._database.reading() as session:
            return tuple(str(row["person"]) for row in session.every("SELECT person FROM desk_watchers WHERE ticket = ? ORDER BY person", ticket))

    def join_thread(self, thread: str, ticket: str) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run("INSERT INTO desk_threads (thread, ticket) VALUES (?, ?) ON CONFLICT (thread) DO NOTHING", thread, ticket)

    def threads_of(self, ticket: str) -> tuple[str, ...]:
        """See the port."""
        with self._database.reading() as session:
            return tuple(str(row["thread"]) for row in session.every("SELECT thread FROM desk_threads WHERE ticket = ? ORDER BY thread", ticket))

    def ticket_in(self, thread: str) -> str | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one("SELECT ticket FROM desk_threads WHERE thread = ?", thread)
        return None if row is None else str(row["ticket"])

    def add_note(self, key: str, ticket: str, note: str, *, person: str | None, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            added = session.run(
                "INSERT INTO desk_notes (key, ticket, person, at, note) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                key, ticket, person, now.isoformat(), note,
            )  # fmt: skip
        return bool(added)

    def notes_of(self, ticket: str) -> tuple[Note, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every("SELECT number, key, person, at, note FROM desk_notes WHERE ticket = ? ORDER BY number", ticket)
        return tuple(Note(**{**dict(row), "at": datetime.fromisoformat(row["at"])}) for row in rows)

    def keep_file(self, file: StoredFile, *, now: datetime) -> StoredFile:
        """See the port."""
        with self._database.writing() as session:
            session.run(
                "INSERT INTO desk_files (key, system, ticket, person, name, type, size, data, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (key) DO NOTHING",
                file.key, file.system, file.ticket, file.person, file.name, file.type, file.size, file.data, now.isoformat(),
            )  # fmt: skip
            row = session.one(f"SELECT {_FILE}, data FROM desk_files WHERE key = ?", file.key)
        assert row is not None
        return _file(row)

    def file_with_key(self, key: str) -> StoredFile | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one(f"SELECT {_FILE}, data FROM desk_files WHERE key = ?", key)
        return None if row is None else _file(row)

    def files_of(self, system: str, ticket: str) -> tuple[StoredFile, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_FILE} FROM desk_files WHERE system = ? AND ticket = ? AND attached = 1 ORDER BY number", system, ticket.strip().upper()
            )
        return tuple(_file(row) for row in rows)

    def file_attached(self, key: str, *, keep: bool) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run("UPDATE desk_files SET attached = 1 WHERE key = ?", key)
            if not keep:
                session.run("UPDATE desk_files SET data = ? WHERE key = ?", b"", key)

    def ticket_state(self, ticket: str) -> TicketState | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one("SELECT status FROM tickets WHERE number = ?", _number(ticket, "T-") - _FIRST)
        return None if row is None else row["status"]

    def set_ticket_state(self, ticket: str, status: str, *, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            changed = session.run("UPDATE tickets SET status = ?, updated = ? WHERE number = ?", status, now.isoformat(), _number(ticket, "T-") - _FIRST)
        return bool(changed)

    def claim_filing(self, key: str, *, now: float, lease: timedelta) -> Claim:
        """See the port."""
        with self._database.writing() as session:
            action = session.one("SELECT state FROM actions WHERE key = ?", key)
            if action is not None and action["state"] in ("doubted", "failed"):
                return "given up"
            known = session.one("SELECT lease_until FROM desk_filings WHERE key = ?", key)
            if known is None:
                session.run("INSERT INTO desk_filings (key, lease_until, attempts) VALUES (?, ?, 1)", key, now + lease.total_seconds())
                return "first"
            if known["lease_until"] > now:
                return "taken"
            session.run("UPDATE desk_filings SET lease_until = ?, attempts = attempts + 1 WHERE key = ?", now + lease.total_seconds(), key)
            return "again"

    def release_filing(self, key: str, *, sent: bool = False) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run("UPDATE desk_filings SET lease_until = 0, sent = CASE WHEN sent = 1 THEN 1 ELSE ? END WHERE key = ?", int(sent), key)

    def was_sent(self, key: str) -> bool:
        """See the port."""
        with self._database.reading() as session:
            row = session.one("SELECT sent FROM desk_filings WHERE key = ?", key)
        return row is not None and bool(row["sent"])

    def announce(self, outage: StoredOutage) -> StoredOutage:
        """See the port."""
        with self._database.writing() as session:
            row = session.one(f"SELECT {_OUTAGE} FROM desk_outages WHERE key = ?", outage.key)
            if row is not None:
                return _outage(row)
            number = session.add(
                "INSERT INTO desk_outages (key, person, what, category, room, since) VALUES (?, ?, ?, ?, ?, ?)",
                outage.key, outage.person, outage.what, outage.category, outage.room, outage.since.isoformat(),
            )  # fmt: skip
            entry(session, "outage announced", f"O-{number}", person=outage.person, now=outage.since)
        return replace(outage, id=f"O-{number}")

    def outages(self, *, since: datetime | None = None) -> tuple[StoredOutage, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(f"SELECT {_OUTAGE} FROM desk_outages ORDER BY number DESC")
        found = (_outage(row) for row in rows)
        return tuple(one for one in found if one.ended is None or (since is not None and one.ended >= since))

    def end_outage(self, outage: str, *, now: datetime) -> StoredOutage | None:
        """See the port."""
        number = _number(outage, "O-")
        with self._database.writing() as session:
            ended = session.run("UPDATE desk_outages SET ended = ? WHERE number = ? AND ended IS NULL", now.isoformat(), number)
            row = session.one(f"SELECT {_OUTAGE} FROM desk_outages WHERE number = ?", number)
            if ended:
                entry(session, "outage over", f"O-{number}", person=None, now=now)
        return None if row is None else _outage(row)


def _number(said: str, prefix: str) -> int:
    """The number in what people call a thing, one that nothing has where it holds none."""
    digits = said.strip().upper().removeprefix(prefix)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else -1


def _one(session: Session, condition: str, *values: str) -> Registered | None:
    row = session.one(f"SELECT {_COLUMNS} FROM desk_tickets WHERE {condition}", *values)
    return None if row is None else _ticket(row)


def _values(ticket: Registered) -> list[Any]:
    found = [getattr(ticket, name) for name in _NAMES]
    return [value.isoformat() if isinstance(value, datetime) else value for value in found]


def _ticket(row: Row) -> Registered:
    facts = dict(row)
    return Registered(**{**facts, **{name: datetime.fromisoformat(facts[name]) if facts[name] else None for name in _TIMES}})


def _file(row: Row) -> StoredFile:
    facts = dict(row)
    return StoredFile(**{**facts, "attached": bool(facts["attached"]), "data": bytes(facts.get("data") or b"")})


def _outage(row: Row) -> StoredOutage:
    facts = dict(row)
    number, since, ended = facts.pop("number"), facts.pop("since"), facts.pop("ended")
    return StoredOutage(id=f"O-{number}", since=datetime.fromisoformat(since), ended=datetime.fromisoformat(ended) if ended else None, **facts)
