"""Meetings of people: a series is one row, with rows for what is different about some of its occurrences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.events import Draft, EventChange, Response
from insights.ledger.database import Forbidden, Row, Session, Topic
from insights.ledger.instants import instant
from insights.ledger.meetings import Altered, Answered, MeetingRecord
from insights.ledger.topics.actions import given_up
from insights.ledger.topics.audit import note
from insights.ledger.topics.bookings import FIRST, local, seconds

_ID = re.compile(r"M-(\d{1,15})", re.IGNORECASE)
_COLUMNS = "number, key, organizer, title, start_at, end_at, timezone, rule, room, description, private, link"
_NEVER = 1 << 52
"""When a series without end ends."""
_WHOLE = 0
"""What stands for the occurrence where all of a series is meant: no meeting is in 1970."""


class StoredMeetings(Topic):
    """Meetings as instants with the zone they were made in."""

    def make_meeting(self, draft: Draft, *, last: datetime | None, now: datetime) -> MeetingRecord:
        """See the port."""
        with _told(draft.key), self._database.writing(f"key {draft.key}") as session:
            if (known := _with_key(session, draft.key)) is not None:
                return known
            number = session.add(
                "INSERT INTO meetings (key, organizer, title, start_at, end_at, timezone, local_start, rule, first_at, last_at, room, description, private,"
                " link, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                draft.key, draft.organizer, draft.title, seconds(draft.start), seconds(draft.end), str(draft.start.tzinfo), local(draft.start), draft.rule,
                seconds(draft.start), seconds(last) if last else _NEVER, draft.room, draft.description, int(draft.private), draft.link, instant(now),
            )  # fmt: skip
            for person in dict.fromkeys(draft.people):
                _invite(session, number, person)
            note(session, "meeting made", _id(number), person=draft.organizer, detail=draft.key, now=now)
            made = _with_key(session, draft.key)
            assert made is not None
            return made

    def meeting_with_key(self, key: str) -> MeetingRecord | None:
        """See the port."""
        with self._database.reading() as session:
            return _with_key(session, key)

    def meeting(self, id_: str, *, off: bool = False) -> MeetingRecord | None:
        """See the port."""
        with self._database.reading() as session:
            return _find(session, id_) or (_find(session, id_, state="off") if off else None)

    def meetings_of(self, person: str, start: datetime, end: datetime) -> tuple[MeetingRecord, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM meetings WHERE state = 'on' AND first_at < ? AND last_at > ? AND (organizer = ?"  # noqa: S608 # the names are ours
                " OR number IN (SELECT meeting FROM invitations WHERE person = ?)) ORDER BY number",
                seconds(end), seconds(start), person, person,
            )  # fmt: skip
            return tuple(_record(session, row) for row in rows)

    def repeating(self, *, after: datetime) -> tuple[MeetingRecord, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM meetings WHERE state = 'on' AND rule IS NOT NULL AND room IS NOT NULL AND last_at > ? ORDER BY number",  # noqa: S608 # the names are ours
                seconds(after),
            )
            return tuple(_record(session, row) for row in rows)

    def change_meeting(
        self, id_: str, change: EventChange, *, occurrence: datetime | None, last: datetime | None, key: str, now: datetime
    ) -> MeetingRecord | None:
        """See the port."""
        with _told(key), self._database.writing(f"key {key}", f"meeting {_number(id_)}") as session:
            known = _find(session, id_)
            if known is None or not _first_time(session, key, known, "changed", now):
                return known
            if occurrence is None:
                _change_all(session, known, change, last)
            else:
                _change_one(session, known, change, occurrence)
            return _find(session, id_)

    def call_off(self, id_: str, *, occurrence: datetime | None, key: str, now: datetime) -> None:
        """See the port."""
        with _told(key), self._database.writing(f"key {key}", f"meeting {_number(id_)}") as session:
            known = _find(session, id_)
            if known is None or not _first_time(session, key, known, "called off", now):
                return
            if occurrence is None:
                session.run("UPDATE meetings SET state = 'off' WHERE number = ?", _number(id_))
            else:
                session.run(
                    "INSERT INTO altered (meeting, occurrence, off) VALUES (?, ?, 1) ON CONFLICT (meeting, occurrence) DO UPDATE SET off = 1",
                    _number(id_), seconds(occurrence),
                )  # fmt: skip

    def answer_invitation(self, id_: str, person: str, response: Response, *, occurrence: datetime | None, key: str, now: datetime) -> MeetingRecord | None:
        """See the port."""
        with _told(key), self._database.writing(f"key {key}", f"meeting {_number(id_)}") as session:
            known = _find(session, id_)
            if known is None or person not in known.people:
                return None
            if _first_time(session, key, known, f"answered {response}", now):
                if occurrence is None:
                    session.run("DELETE FROM answers WHERE meeting = ? AND person = ?", _number(id_), person)
                _answer(session, known, person, response, occurrence)
            return _find(session, id_)


@contextmanager
def _told(key: str) -> Iterator[None]:
    """What the tables forbid because the action was given up, in words."""
    try:
        yield
    except Forbidden as error:
        if error.reason == "given up":
            raise given_up(key) from None
        raise


def _id(number: int) -> str:
    return f"M-{FIRST + number}"


def _number(id_: str) -> int:
    match = _ID.fullmatch(id_.strip())
    return int(match[1]) - FIRST if match else -FIRST


def _first_time(session: Session, key: str, known: MeetingRecord, what: str, now: datetime) -> bool:
    """Whether nothing was done under this key yet; then it is noted. Forbidden when the action was given up."""
    if session.one("SELECT 1 AS made FROM meeting_changes WHERE key = ?", key) is not None:
        return False
    session.run("INSERT INTO meeting_changes (key, meeting, what, at) VALUES (?, ?, ?, ?)", key, _number(known.id), what, now.isoformat(timespec="seconds"))
    note(session, f"meeting {what}", known.id, person=known.organizer, detail=key, now=now)
    return True


def _change_all(session: Session, known: MeetingRecord, change: EventChange, last: datetime | None) -> None:
    """With a new start the rule gives other occurrences: what was different about the old ones is gone, and everybody answers anew."""
    start, end, number = change.start or known.start, change.end or known.end, _number(known.id)
    session.run(
        "UPDATE meetings SET title = ?, start_at = ?, end_at = ?, timezone = ?, local_start = ?, rule = ?, room = ? WHERE number = ?",
        known.title if change.title is None else change.title, seconds(start), seconds(end), str(start.tzinfo), local(start), change.rule or known.rule,
        known.room if change.room is None else change.room or None, number,
    )  # fmt: skip
    if change.start is not None or change.end is not None or change.rule is not None:
        session.run("UPDATE meetings SET first_at = ?, last_at = ? WHERE number = ?", seconds(start), seconds(last) if last else _NEVER, number)
        session.run("DELETE FROM altered WHERE meeting = ?", number)
    if change.start is not None:
        session.run("DELETE FROM answers WHERE meeting = ?", number)
    if change.people is None:
        return
    for person in set(known.people) - set(change.people):
        session.run("DELETE FROM invitations WHERE meeting = ? AND person = ?", number, person)
        session.run("DELETE FROM answers WHERE meeting = ? AND person = ?", number, person)
    for person in change.people:
        _invite(session, number, person)


def _change_one(session: Session, known: MeetingRecord, change: EventChange, occurrence: datetime) -> None:
    """What was said to all of the series does not hold for a new time of this one."""
    number = _number(known.id)
    start, end = (None if at is None else seconds(at) for at in (change.start, change.end))
    session.run(
        "INSERT INTO altered (meeting, occurrence, off, title, start_at, end_at, room) VALUES (?, ?, 0, ?, ?, ?, ?)"
        " ON CONFLICT (meeting, occurrence) DO UPDATE SET title = coalesce(excluded.title, altered.title),"
        " start_at = coalesce(excluded.start_at, altered.start_at), end_at = coalesce(excluded.end_at, altered.end_at),"
        " room = coalesce(excluded.room, altered.room)",
        number, seconds(occurrence), change.title, start, end, change.room,
    )  # fmt: skip
    if start is not None:
        session.run("UPDATE meetings SET first_at = ? WHERE number = ? AND first_at > ?", start, number, start)
        for person in known.people:
            _answer(session, known, person, "waiting", occurrence)
    if end is not None:
        session.run("UPDATE meetings SET last_at = ? WHERE number = ? AND last_at < ?", end, number, end)


def _invite(session: Session, number: int, person: str) -> None:
    session.run("INSERT INTO invitations (meeting, person) VALUES (?, ?) ON CONFLICT (meeting, person) DO NOTHING", number, person)


def _answer(session: Session, known: MeetingRecord, person: str, response: Response, occurrence: datetime | None) -> None:
    session.run(
        "INSERT INTO answers (meeting, person, occurrence, response) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (meeting, person, occurrence) DO UPDATE SET response = excluded.response",
        _number(known.id), person, seconds(occurrence) if occurrence else _WHOLE, response,
    )  # fmt: skip


def _with_key(session: Session, key: str) -> MeetingRecord | None:
    row = session.one(f"SELECT {_COLUMNS} FROM meetings WHERE key = ? AND state = 'on'", key)  # noqa: S608 # the names are ours
    return None if row is None else _record(session, row)


def _find(session: Session, id_: str, *, state: str = "on") -> MeetingRecord | None:
    row = session.one(f"SELECT {_COLUMNS} FROM meetings WHERE number = ? AND state = ?", _number(id_), state)  # noqa: S608 # the names are ours
    return None if row is None else _record(session, row)


def _record(session: Session, row: Row) -> MeetingRecord:
    zone, number = ZoneInfo(row["timezone"]), row["number"]
    people = session.every("SELECT person FROM invitations WHERE meeting = ? ORDER BY number", number)
    answers = session.every("SELECT person, occurrence, response FROM answers WHERE meeting = ? ORDER BY person, occurrence", number)
    altered = session.every("SELECT occurrence, off, title, start_at, end_at, room FROM altered WHERE meeting = ? ORDER BY occurrence", number)
    return MeetingRecord(
        id=_id(number),
        key=row["key"],
        organizer=row["organizer"],
        title=row["title"],
        start=datetime.fromtimestamp(row["start_at"], zone),
        end=datetime.fromtimestamp(row["end_at"], zone),
        people=tuple(one["person"] for one in people),
        room=row["room"],
        description=row["description"],
        private=bool(row["private"]),
        link=row["link"],
        rule=row["rule"],
        answers=tuple(Answered(person=one["person"], response=one["response"], occurrence=_at(one["occurrence"] or None, zone)) for one in answers),
        altered=tuple(_altered(one, zone) for one in altered),
    )


def _altered(row: Row, zone: ZoneInfo) -> Altered:
    return Altered(
        occurrence=datetime.fromtimestamp(row["occurrence"], zone),
        off=bool(row["off"]),
        title=row["title"],
        start=_at(row["start_at"], zone),
        end=_at(row["end_at"], zone),
        room=row["room"],
    )


def _at(instant: int | None, zone: ZoneInfo) -> datetime | None:
    return None if instant is None else datetime.fromtimestamp(instant, zone)
