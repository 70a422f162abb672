"""What a model file declares, with its lines, before anything is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from insights.catalog.tables import Validity
from insights.lake.source import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """SQL of one dialect and the line it stands in."""

    text: str
    dialect: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What people wrote to name and explain a thing."""

    label: str | None = None
    synonyms: tuple[str, ...] = ()
    description: str = ""

    @property
    def phrases(self) -> tuple[str, ...]:
        """What it is called on purpose."""
        return (*((self.label,) if self.label else ()), *self.synonyms)


NO_WORDS = Words()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredField:
    """`is_time` None: nothing is said; `grouped`: there is a `dimension` block. `expression` is None where it could not be read.

    A `hidden` field is for definitions only: people do not see it.
    """

    name: str
    line: int
    expression: Expression | None
    grouped: bool = False
    is_time: bool | None = None
    kind: Kind | None = None
    words: Words = NO_WORDS
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredKey:
    """Columns that identify a row, and where that is said."""

    columns: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredDataset:
    """`source` is None where it could not be read; `time` names the field that periods apply to, where the model says so."""

    name: str
    line: int
    source: str | None
    source_line: int
    fields: Mapping[str, DeclaredField]
    primary_key: DeclaredKey | None = None
    unique_keys: tuple[DeclaredKey, ...] = ()
    words: Words = NO_WORDS
    time: str | None = None
    calendar: bool = False
    valid: Validity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRelationship:
    """Many `many` rows to one `one` row."""

    name: str
    line: int
    many: str
    one: str
    many_columns: tuple[str, ...]
    one_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredMetric:
    """A quantity; `expression` is None where it could not be read. A `hidden` one is part of others and has no name of its own."""

    name: str
    line: int
    expression: Expression | None
    words: Words = NO_WORDS
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One semantic model."""

    file: str
    name: str
    description: str = ""
    datasets: Mapping[str, DeclaredDataset] = field(default_factory=dict)
    relationships: tuple[DeclaredRelationship, ...] = ()
    metrics: Mapping[str, DeclaredMetric] = field(default_factory=dict)
