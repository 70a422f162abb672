"""What the data holds right now: every value of every text dimension, and the days each time field covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from insights.catalog.model import FieldId


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The first and last day on which a time field has rows."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All distinct values by dimension (complete, sorted) and coverage by time field, as of `fingerprint` (a digest of the files' state).

    `too_many` names the dimensions that have more distinct values than are kept; their values cannot be recognised in what people say.
    """

    fingerprint: str
    values: Mapping[FieldId, tuple[str, ...]]
    coverage: Mapping[FieldId, Coverage]
    too_many: frozenset[FieldId] = frozenset()


EMPTY = Contents(fingerprint="", values={}, coverage={})
