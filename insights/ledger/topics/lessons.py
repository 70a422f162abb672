"""What people taught, asked of the data team and were refused."""

from __future__ import annotations

import json
from datetime import datetime

from insights.ledger.database import Row, Session, Topic
from insights.ledger.lessons import Enquiry, KeptEnquiry, KeptLesson, Lesson, LessonState, Refusal
from insights.ledger.topics.audit import note

_LESSON = "number, key, catalog, person, kind, said, meant, context, state, taught, by, judged, reason"
_ENQUIRY = "number, key, catalog, person, text, reading, recipients, asked, answer, by, answered"
_FIRST = 1000


class StoredLessons(Topic):
    """Corrections with their fate; the mark of a catalog counts their changes."""

    def add_lesson(self, lesson: Lesson, *, now: datetime) -> KeptLesson:
        """See the port."""
        with self._database.writing() as session:
            number = session.run(
                "INSERT INTO lessons (key, catalog, person, kind, said, meant, context, taught) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                lesson.key, lesson.catalog, lesson.person, lesson.kind, lesson.said, lesson.meant, lesson.context, now.isoformat(),
            )  # fmt: skip
            row = session.one(f"SELECT {_LESSON} FROM lessons WHERE key = ?", lesson.key)  # noqa: S608 # the names are ours
            assert row is not None
            if number:
                _changed(session, lesson.catalog)
                note(session, f"{lesson.kind} taught", f"L-{_FIRST + row['number']}", person=lesson.person, now=now)
        return _lesson(row)

    def lesson(self, catalog: str, lesson: str) -> KeptLesson | None:
        """See the port."""
        number = _number(lesson, "L-")
        if number is None:
            return None
        with self._database.reading() as session:
            row = session.one(f"SELECT {_LESSON} FROM lessons WHERE catalog = ? AND number = ?", catalog, number)  # noqa: S608 # the names are ours
        return None if row is None else _lesson(row)

    def lessons(self, catalog: str) -> tuple[KeptLesson, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(f"SELECT {_LESSON} FROM lessons WHERE catalog = ? ORDER BY number", catalog)  # noqa: S608 # the names are ours
        return tuple(_lesson(row) for row in rows)

    def judge_lesson(self, lesson: str, state: LessonState, *, was: LessonState, by: str | None, reason: str = "", now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            row = session.one("SELECT catalog FROM lessons WHERE number = ? AND state = ?", _number(lesson, "L-"), was)
            if row is None:
                return False
            session.run(
                "UPDATE lessons SET state = ?, by = ?, judged = ?, reason = ? WHERE number = ?", state, by, now.isoformat(), reason, _number(lesson, "L-")
            )
            _changed(session, row["catalog"])
            note(session, f"lesson {state}", lesson.upper(), person=by, now=now)
        return True

    def lessons_mark(self, catalog: str) -> int:
        """See the port."""
        with self._database.reading() as session:
            row = session.one("SELECT mark FROM lesson_marks WHERE catalog = ?", catalog)
        return 0 if row is None else int(row["mark"])


class StoredEnquiries(Topic):
    """Questions to the data team with their replies."""

    def add_enquiry(self, enquiry: Enquiry, *, now: datetime) -> KeptEnquiry:
        """See the port."""
        with self._database.writing() as session:
            added = session.run(
                "INSERT INTO enquiries (key, catalog, person, text, reading, recipients, asked) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                enquiry.key, enquiry.catalog, enquiry.person, enquiry.text, enquiry.reading, json.dumps(enquiry.to), now.isoformat(),
            )  # fmt: skip
            row = session.one(f"SELECT {_ENQUIRY} FROM enquiries WHERE key = ?", enquiry.key)  # noqa: S608 # the names are ours
            assert row is not None
            if added:
                note(session, "data team asked", f"Q-{_FIRST + row['number']}", person=enquiry.person, detail=enquiry.key, now=now)
        return _enquiry(row)

    def enquiry(self, catalog: str, enquiry: str) -> KeptEnquiry | None:
        """See the port."""
        number = _number(enquiry, "Q-")
        if number is None:
            return None
        with self._database.reading() as session:
            row = session.one(f"SELECT {_ENQUIRY} FROM enquiries WHERE catalog = ? AND number = ?", catalog, number)  # noqa: S608 # the names are ours
        return None if row is None else _enquiry(row)

    def enquiries(self, catalog: str) -> tuple[KeptEnquiry, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(f"SELECT {_ENQUIRY} FROM enquiries WHERE catalog = ? ORDER BY number", catalog)  # noqa: S608 # the names are ours
        return tuple(_enquiry(row) for row in rows)

    def answer_enquiry(self, enquiry: str, answer: str, *, by: str, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            changed = session.run(
                "UPDATE enquiries SET answer = ?, by = ?, answered = ? WHERE number = ? AND answer IS NULL",
                answer, by, now.isoformat(), _number(enquiry, "Q-"),
            )  # fmt: skip
            if changed:
                note(session, "data team answered", enquiry.upper(), person=by, now=now)
        return bool(changed)


class StoredRefusals(Topic):
    """What people could not be told, a bounded number of it."""

    def add_refusal(self, catalog: str, person: str, key: str, text: str, *, seen: str, most: int, now: datetime) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run(
                "INSERT INTO refusals (catalog, person, key, text, refused, seen) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                catalog, person, key, text, now.isoformat(), seen,
            )  # fmt: skip
            session.run(
                "DELETE FROM refusals WHERE catalog = ? AND person = ? AND told IS NULL AND number NOT IN"
                " (SELECT number FROM refusals WHERE catalog = ? AND person = ? AND told IS NULL ORDER BY number DESC LIMIT ?)",
                catalog, person, catalog, person, most,
            )  # fmt: skip

    def refusals(self, catalog: str, *, since: datetime) -> tuple[Refusal, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every("SELECT number, catalog, person, text, refused, seen, told FROM refusals WHERE catalog = ? ORDER BY number", catalog)
        kept = [row for row in rows if datetime.fromisoformat(row["refused"]) >= since]
        old = [row["number"] for row in rows if datetime.fromisoformat(row["refused"]) < since]
        if old:
            with self._database.writing() as session:
                for number in old:
                    session.run("DELETE FROM refusals WHERE number = ?", number)
        return tuple(_refusal(row) for row in kept if row["told"] is None)

    def reread_refusal(self, number: int, *, seen: str) -> None:
        """See the port."""
        with self._database.writing() as session:
            session.run("UPDATE refusals SET seen = ? WHERE number = ?", seen, number)

    def tell_refusal(self, number: int, *, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            return bool(session.run("UPDATE refusals SET told = ? WHERE number = ? AND told IS NULL", now.isoformat(), number))


def _changed(session: Session, catalog: str) -> None:
    session.run("INSERT INTO lesson_marks (catalog, mark) VALUES (?, 1) ON CONFLICT (catalog) DO UPDATE SET mark = lesson_marks.mark + 1", catalog)


def _number(id_: str, prefix: str) -> int | None:
    """The row that people call so; None when nothing can be."""
    digits = id_.strip().upper().removeprefix(prefix)
    return int(digits) - _FIRST if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _when(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _lesson(row: Row) -> KeptLesson:
    facts = dict(row)
    number, taught, judged = facts.pop("number"), facts.pop("taught"), facts.pop("judged")
    return KeptLesson(id=f"L-{_FIRST + number}", taught=datetime.fromisoformat(taught), judged=_when(judged), **facts)


def _enquiry(row: Row) -> KeptEnquiry:
    facts = dict(row)
    number, to, asked, answered = facts.pop("number"), facts.pop("recipients"), facts.pop("asked"), facts.pop("answered")
    return KeptEnquiry(id=f"Q-{_FIRST + number}", to=tuple(json.loads(to)), asked=datetime.fromisoformat(asked), answered=_when(answered), **facts)


def _refusal(row: Row) -> Refusal:
    facts = dict(row)
    facts.pop("told")
    return Refusal(**{**facts, "refused": datetime.fromisoformat(facts["refused"])})
