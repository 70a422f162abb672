"""What was last answered, by person and device."""

from __future__ import annotations

from datetime import datetime

from insights.ledger.database import Row, Topic
from insights.ledger.instants import instant


class StoredAnswers(Topic):
    """One document for each person on each device; the empty text stands for nobody and for none."""

    def keep_answer(self, person: str | None, device: str | None, document: str, *, now: datetime) -> None:
        """See the port."""
        with self._database.writing(lasting=False) as session:
            session.run(
                "INSERT INTO last_answers (person, device, document, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (person, device) DO UPDATE SET document = excluded.document, at = excluded.at",
                person or "", device or "", document, instant(now),
            )  # fmt: skip

    def last_answer(self, person: str | None, device: str | None, *, since: datetime) -> str | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one("SELECT document FROM last_answers WHERE person = ? AND device = ? AND at >= ?", person or "", device or "", instant(since))
        return _document(row)


def _document(row: Row | None) -> str | None:
    return None if row is None else str(row["document"])
