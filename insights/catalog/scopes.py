"""What the names in an expression stand for: columns of one dataset, or fields of the whole model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

from insights.catalog.model import Aggregation, ColumnRef, FieldId, Gathered
from insights.errors import nearest
from insights.lake.source import Kind

Hole: TypeAlias = ColumnRef | FieldId | Aggregation | Gathered
Parts: TypeAlias = tuple[str | Hole, ...]


class ExpressionError(Exception):
    """An expression cannot be used; the reader adds file and line."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


class Named(NamedTuple):
    """What a name stands for in row-level SQL, and of what kind its values are."""

    parts: Parts
    kind: Kind


class Scope(Protocol):
    """Finds what a dotted name of an expression means."""

    def resolve(self, path: tuple[str, ...]) -> Named:
        """What `path` stands for. Raises ExpressionError naming what exists."""


def joined(*pieces: str | Parts) -> Parts:
    """Literal text and holes in one tuple, neighbouring text merged."""
    parts: list[str | Hole] = []
    for piece in pieces:
        for part in (piece,) if isinstance(piece, str) else piece:
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)
    return tuple(parts)


def found(name: str, among: Iterable[str]) -> str | None:
    """The one of `among` that `name` means: exactly, else letter case aside where that is unambiguous."""
    names = among if isinstance(among, Mapping | set | frozenset) else tuple(among)
    if name in names:
        return name
    folded = name.casefold()
    same = [other for other in names if other.casefold() == folded]
    return same[0] if len(same) == 1 else None


def listing(names: Iterable[str], *, most: int = 12) -> str:
    """What there is to choose from, as a sentence."""
    ordered = sorted(names)
    more = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    return f"There is {', '.join(ordered[:most])}{more}." if ordered else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnScope:
    """The physical columns of `dataset`; `sibling` gives another field of it, to be written in place."""

    dataset: str
    columns: Mapping[str, Kind]
    sibling: Callable[[str], Named | None] = lambda _: None

    def resolve(self, path: tuple[str, ...]) -> Named:
        """A column, else a field of the same dataset."""
        *qualifier, name = path
        if len(qualifier) > 1 or (qualifier and qualifier[0].casefold() != self.dataset.casefold()):
            raise ExpressionError(
                f"'{'.'.join(path)}' is not a column of {self.dataset}; a field may only read columns of its own dataset.",
                "Relate the datasets and use the other dataset's field instead.",
            )
        column = found(name, self.columns)
        if column is not None:
            return Named((ColumnRef(column),), self.columns[column])
        other = self.sibling(name)
        if other is not None:
            return Named(joined("(", other.parts, ")") if len(other.parts) > 1 else other.parts, other.kind)
        raise ExpressionError(f"the column '{name}' does not exist in {self.dataset}.", nearest(name, self.columns) or listing(self.columns))


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldScope:
    """The fields of every dataset with their kinds; a bare name is looked up in `prefer` first, then must be unique.

    A definition may also name a physical column that is not among the fields (`columns`, by dataset): `implied` makes the hidden field for it.
    """

    fields: Mapping[str, Mapping[str, Kind]]
    prefer: str | None = None
    columns: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    implied: Callable[[str, str], FieldId] | None = None

    def resolve(self, path: tuple[str, ...]) -> Named:
        """A field of a dataset."""
        if len(path) == 1:
            return self._bare(path[0])
        if len(path) > 2:
            raise ExpressionError(f"'{'.'.join(path)}' has too many parts.", "Write dataset.field.")
        dataset = found(path[0], self.fields)
        if dataset is None:
            raise ExpressionError(f"the dataset '{path[0]}' does not exist.", nearest(path[0], self.fields) or listing(self.fields))
        return self._field(dataset, path[1])

    def _field(self, dataset: str, name: str) -> Named:
        fields = self.fields[dataset]
        known = found(name, fields)
        if known is not None:
            return Named((FieldId(dataset, known),), fields[known])
        columns = self.columns.get(dataset, {})
        column = found(name, columns)
        if column is not None and self.implied is not None:
            return Named((self.implied(dataset, column),), columns[column])
        raise ExpressionError(f"the field '{dataset}.{name}' does not exist.", nearest(name, fields) or listing(fields))

    def _bare(self, name: str) -> Named:
        if self.prefer is not None and found(name, self.fields.get(self.prefer, {})):
            return self._field(self.prefer, name)
        holders = [dataset for dataset, fields in self.fields.items() if found(name, fields)]
        holders = holders or [dataset for dataset, columns in self.columns.items() if found(name, columns)]
        if len(holders) == 1:
            return self._field(holders[0], name)
        if holders:
            raise ExpressionError(f"'{name}' is a field of several datasets.", f"Write {' or '.join(f'{holder}.{name}' for holder in sorted(holders))}.")
        every = [f"{dataset}.{known}" for dataset, fields in self.fields.items() for known in fields]
        bare = {known for fields in self.fields.values() for known in fields}
        raise ExpressionError(f"there is no field '{name}'.", nearest(name, bare) or nearest(name, every) or "Write dataset.field.")
