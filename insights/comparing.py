"""Compares two versions of definitions: what is different in them, and which verified questions change their answers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from insights.assistant import Assistant
from insights.catalog.differences import Difference, differences
from insights.wiring import open_catalog

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """A verified question whose answer is not what it was: a number, rows in words, or why there is none."""

    ask: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"'{self.ask}': {self.before} before, {self.after} now"


def compare(
    old: Path, new: Path, *, now: datetime | None = None, warehouse: Mapping[str, object] | None = None, lake: Mapping[str, object] | None = None
) -> tuple[tuple[Difference, ...], tuple[Changed, ...]]:
    """The differences of definitions and of verified answers. Raises WrongCatalog for a version that cannot be read.

    Both are asked at one time: that of `now`, else of the newer one.
    """
    with (
        TemporaryDirectory() as home,
        closing(open_catalog(new, now=now, home=Path(home) / "new", warehouse=warehouse, lake=lake)) as after,
        closing(open_catalog(old, now=now or after.now(), home=Path(home) / "old", warehouse=warehouse, lake=lake)) as before,
    ):
        found = differences(before.catalog, after.catalog)
        first, second = _answers(before), _answers(after)
    asked = [ask for ask in dict.fromkeys((*first, *second)) if first.get(ask) != second.get(ask)]
    return found, tuple(Changed(ask, _shown(first.get(ask)), _shown(second.get(ask))) for ask in asked)


def _answers(assistant: Assistant) -> dict[str, object]:
    return {item.ask: value for item, value in assistant.curator.verified()}


def _shown(value: object) -> str:
    """A value on one line."""
    if value is None:
        return "not asked"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
