"""What each person was told in briefings, kept in the ledger, so that nobody hears the same on two days unless it moved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

_KEPT = timedelta(days=60)
_WITHIN, _FURTHER = 0.05, 0.25
"""A ratio has moved when it differs by five points and by a quarter of what was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told of one thing on `day`: by how much it had changed, and whether it was going on."""

    day: date
    ratio: float | None
    ongoing: bool = False


class Store(Protocol):
    """Where documents are kept by a name; the ledger's conversations are such a place."""

    def load_conversation(self, conversation: str) -> str | None:
        """The document of this name."""

    def save_conversation(self, conversation: str, document: str, *, person: str | None, now: datetime) -> None:
        """Keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What one person was told. It is erased with everything else that was said to them."""

    store: Store
    person: str | None
    now: datetime

    def recall(self) -> Mapping[str, Told]:
        """What was told, by what it was about; nothing where the document cannot be read."""
        document = self.store.load_conversation(self._name)
        try:
            return {
                key: Told(day=date.fromisoformat(one["day"]), ratio=one["ratio"], ongoing=one["ongoing"]) for key, one in json.loads(document or "{}").items()
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}

    def keep(self, told: Mapping[str, Told]) -> None:
        """Note what is told now beside what was, without what is long ago."""
        kept = {key: one for key, one in {**self.recall(), **told}.items() if self.now.date() - one.day <= _KEPT}
        document = {key: {"day": one.day.isoformat(), "ratio": one.ratio, "ongoing": one.ongoing} for key, one in kept.items()}
        self.store.save_conversation(self._name, json.dumps(document), person=self.person, now=self.now)

    @property
    def _name(self) -> str:
        """A name that nobody can give a conversation: people's have no such sign."""
        return f"\x1fbriefing\x1f{self.person or ''}"


def moved(told: Told, ratio: float | None, *, ongoing: bool) -> bool:
    """Whether something is news again: it went another way, a good deal further or back, or it is over.

    >>> moved(Told(day=date(2026, 5, 1), ratio=-0.10), -0.12, ongoing=False), moved(Told(day=date(2026, 5, 1), ratio=-0.10), -0.30, ongoing=False)
    (False, True)
    """
    if told.ongoing != ongoing or (told.ratio is None) != (ratio is None):
        return True
    if told.ratio is None or ratio is None:
        return False
    return abs(ratio - told.ratio) > max(_WITHIN, _FURTHER * abs(told.ratio))
