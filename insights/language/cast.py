"""What the phrases about a chart name: numbers, figures, records, groups and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from insights.catalog.model import Catalog, FieldId
from insights.language.chunks import Asked, Bucketed, Chunk, Comparing, Counted, Drawn, Grouped, Limited, Measured, Mention, Related, of
from insights.language.measures import Measures
from insights.language.pieces import Piece

Role = Literal["number", "metric", "records", "group", "time", "value", ""]
Named: TypeAlias = Mention | Measured | Grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of one chart: facts without an aggregate, other figures, what counts records (said or only named), groups, and whether time goes on."""

    numbers: tuple[Named, ...]
    measured: tuple[Named, ...]
    records: tuple[Chunk, ...]
    groups: tuple[Named, ...]
    over_time: bool

    @property
    def figures(self) -> int:
        """How many things are measured, mere counts aside."""
        return len(self.numbers) + len(self.measured)


class Cast:
    """Tells the parts that the phrases of one utterance play; `chunks` is changed in place by `take` and `put`."""

    def __init__(self, chunks: list[Chunk], measures: Measures, catalog: Catalog) -> None:
        self.chunks = chunks
        self._measures = measures
        self._catalog = catalog
        self._roles: dict[int, tuple[Piece, Role]] = {}

    @property
    def parts(self) -> Parts:
        """The parts as the phrases stand now."""
        return Parts(
            numbers=self._numbers(),
            measured=self._measured(),
            records=self._records(),
            groups=tuple(chunk for chunk in self.chunks if isinstance(chunk, Mention | Grouped) and self.role(chunk.piece) == "group"),
            over_time=any(isinstance(chunk, Bucketed) or (isinstance(chunk, Mention | Grouped) and self.role(chunk.piece) == "time") for chunk in self.chunks),
        )

    def role(self, piece: Piece) -> Role:
        """What a name stands for in a chart; a number that is a metric too is a number."""
        known = self._roles.get(id(piece))
        if known is None:
            known = self._roles[id(piece)] = (piece, self._role(piece))  # the piece is kept, so nothing else gets its id
        return known[1]

    def _role(self, piece: Piece) -> Role:
        roles = {self._catalog.fields[link.id].role for link in piece.fields}
        if piece.datasets or self._are_records(piece):
            return "records"
        if piece.metrics:
            return "number" if "fact" in roles else "metric"
        if "dimension" in roles or "key" in roles:
            return "group"
        if roles:
            return "number" if "fact" in roles else "time"
        return "value" if piece.values else ""

    def _are_records(self, piece: Piece) -> bool:
        """Whether it is what each record is called by, or only counts them."""
        if piece.metrics:
            return all(map(self._measures.counts_records, piece.metrics))
        return bool(piece.fields) and all(self._measures.names_records(link.id) for link in piece.fields)

    def is_numeric_group(self, piece: Piece) -> bool:
        """Whether it groups by a number, such as how many cylinders there are."""
        return self.role(piece) == "group" and all(self._catalog.fields[link.id].kind == "number" for link in piece.fields)

    def _limits(self) -> list[Piece]:
        return [limited.target for limited in of(self.chunks, Limited) if limited.target is not None]

    def _numbers(self) -> tuple[Named, ...]:
        limits = self._limits()
        found: dict[frozenset[FieldId], Named] = {}
        for chunk in self.chunks:
            if isinstance(chunk, Mention | Grouped) and self.role(chunk.piece) == "number" and chunk.piece not in limits:
                found.setdefault(frozenset(link.id for link in chunk.piece.fields), chunk)
        return tuple(found.values())

    def _measured(self) -> tuple[Named, ...]:
        limits = self._limits()
        found: list[Named] = []
        for chunk in self.chunks:
            if isinstance(chunk, Measured) and not counts(chunk):
                found.append(chunk)
            if isinstance(chunk, Mention) and self.role(chunk.piece) == "metric" and chunk.piece not in limits:
                found.append(chunk)
        return tuple(found)

    def _records(self) -> tuple[Chunk, ...]:
        return tuple(
            chunk
            for chunk in self.chunks
            if isinstance(chunk, Counted)
            or (isinstance(chunk, Measured) and counts(chunk))
            or (isinstance(chunk, Mention) and self.role(chunk.piece) == "records")
        )

    def drawn(self, *forms: str) -> bool:
        """Whether a chart of one of these forms was named."""
        return any(chunk.form in forms for chunk in of(self.chunks, Drawn))

    def asks(self, analysis: str) -> bool:
        """Whether an analysis was asked for by its name."""
        return any(chunk.analysis == analysis for chunk in of(self.chunks, Asked))

    @property
    def relates(self) -> bool:
        """Whether it was asked how one thing goes with another."""
        return self.asks("correlation") or bool(of(self.chunks, Related))

    @property
    def scattered(self) -> bool:
        """Whether points, or a correlation by its name, were asked for."""
        return self.drawn("scatter") or self.asks("correlation")

    @property
    def opposes(self) -> bool:
        """Whether two sides were set against each other, or one number was said to go by another."""
        versus = any(chunk.versus for chunk in of(self.chunks, Comparing))
        return versus or any(isinstance(chunk, Grouped) and self.role(chunk.piece) == "number" for chunk in self.chunks)

    def take(self, *gone: Chunk) -> None:
        """Leave out phrases that have been used."""
        used = {id(one) for one in gone}
        self.chunks[:] = [chunk for chunk in self.chunks if id(chunk) not in used]

    def put(self, old: Chunk, new: Chunk) -> None:
        """Put one phrase in the place of another."""
        self.chunks[:] = [new if chunk is old else chunk for chunk in self.chunks]


def counts(chunk: Measured) -> bool:
    """Whether a measure only counts."""
    return chunk.function in ("count", "count_distinct")
