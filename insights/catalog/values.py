"""What the data holds right now: every value of every text dimension, and the days each time field covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    `rows` counts the rows of each dataset. `repeated` names the relationships whose `one` side has several rows for a key: joining it would count twice.
    `complete` names the datasets whose primary key (of one column) is known in every row: counting the key is counting rows. `within` names the fields
    whose groups hold each group of a field whole, as a region holds its cities; only where people behind figures are counted.
    """

    fingerprint: str
    values: Mapping[FieldId, tuple[str, ...]]
    coverage: Mapping[FieldId, Coverage]
    too_many: frozenset[FieldId] = frozenset()
    rows: Mapping[str, int] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()
    complete: frozenset[str] = frozenset()
    within: Mapping[FieldId, frozenset[FieldId]] = field(default_factory=dict)


EMPTY = Contents(fingerprint="", values={}, coverage={})
