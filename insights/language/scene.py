"""What one reading is made of, for the families of analyses that rewrite its phrases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from insights.catalog.model import Catalog, FieldId
from insights.language.candidates import Candidates, Decisions
from insights.language.chunks import Again, Chunk, Combined, Grouped, Limited, Measured, Mention, Valued
from insights.language.conditions import Conditions
from insights.language.draft import Draft, Setting
from insights.language.measures import Measures
from insights.language.moments import Moments
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.requests import MetricQuestion


@dataclass(slots=True, kw_only=True)
class Scene:
    """One reading in the making; `chunks` and `draft` are changed in place. `measureless`: the analysis is asked of no figure.

    `facts` are the datasets that rows are counted from where no measure says so; `words` those that asked for the analysis, `plain` all that was said,
    `before` the phrases in front of them. `split` replaces how conditions are applied, where they are not all of one kind. `base` is the question that goes
    on into this one. `ahead` says that periods lie in the future; `on_share` are conditions on the shares themselves.
    """

    setting: Setting
    chunks: list[Chunk]
    draft: Draft
    decisions: Decisions
    candidates: Candidates
    measures: Measures
    phrasing: Phrasing
    words: str = ""
    plain: str = ""
    before: tuple[Chunk, ...] = ()
    base: MetricQuestion | None = None
    measureless: bool = False
    ahead: bool = False
    again: Again | None = None
    facts: frozenset[str] = field(default_factory=frozenset)
    split: Callable[[Conditions, frozenset[str], str], None] | None = None
    on_share: list[Limited] = field(default_factory=list)

    @property
    def catalog(self) -> Catalog:
        """The definitions."""
        return self.setting.catalog

    @property
    def moments(self) -> Moments:
        """What can be said about time in this draft."""
        return Moments(self.setting, self.draft)

    def take(self, *gone: Chunk) -> None:
        """Leave out phrases that have been used."""
        self.chunks[:] = [chunk for chunk in self.chunks if not any(chunk is one for one in gone)]

    def has(self, *kinds: type) -> bool:
        """Whether a phrase of one of these kinds was said."""
        return any(isinstance(chunk, kinds) for chunk in self.chunks)

    def put(self, old: Chunk, new: Chunk) -> None:
        """Put one phrase in the place of another."""
        self.chunks[:] = [new if chunk is old else chunk for chunk in self.chunks]

    def measures_said(self) -> list[Mention | Measured | Combined]:
        """The phrases that say what is measured."""
        return [
            chunk
            for chunk in self.chunks
            if isinstance(chunk, Measured | Combined) or (isinstance(chunk, Mention) and (self.measures.can_measure(chunk.piece) or chunk.piece.datasets))
        ]

    def names_something(self) -> bool:
        """Whether anything of the catalog is named."""
        return any(isinstance(chunk, Mention | Measured | Combined | Grouped | Valued) for chunk in self.chunks)

    def is_number(self, piece: Piece) -> bool:
        """Whether a name is that of numbers and of nothing to divide by."""
        roles = {self.catalog.fields[link.id].role for link in piece.fields}
        return "fact" in roles and "dimension" not in roles and not piece.metrics

    def is_member(self, dataset: str) -> bool:
        """Whether its records are what things happen to (customers), rather than what happens (orders)."""
        return any(relationship.one == dataset for relationship in self.catalog.relationships)

    def number_of(self, piece: Piece) -> FieldId | None:
        """The numeric field a name means, None when there is none or several."""
        numbers = [link.id for link in piece.fields if self.catalog.fields[link.id].kind == "number" and self.catalog.fields[link.id].role != "key"]
        return numbers[0] if len(numbers) == 1 else None
