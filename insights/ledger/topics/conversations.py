"""What was said before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from insights.ledger.database import Database, Topic
from insights.ledger.instants import instant


class StoredConversations(Topic):
    """Documents by conversation; the last one saved is kept."""

    def load_conversation(self, conversation: str) -> str | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one("SELECT document FROM conversations WHERE id = ?", conversation)
        return None if row is None else str(row["document"])

    def save_conversation(self, conversation: str, document: str, *, person: str | None, now: datetime) -> None:
        """See the port."""
        _save(self._database, {conversation: document}, person, now)

    def save_conversations(self, documents: Mapping[str, str], *, person: str | None, now: datetime) -> None:
        """See the port."""
        _save(self._database, documents, person, now)


def _save(database: Database, documents: Mapping[str, str], person: str | None, now: datetime) -> None:
    with database.writing(lasting=False) as session:  # nobody who asks waits for the disk
        session.many(
            "INSERT INTO conversations (id, person, document, saved_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET person = excluded.person, document = excluded.document, saved_at = excluded.saved_at",
            [(conversation, person, document, instant(now)) for conversation, document in documents.items()],
        )
