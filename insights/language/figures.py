"""Which figures the phrases of an utterance ask for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from insights.catalog.model import Catalog
from insights.language.chunks import Bucketed, Chunk, Combined, Grouped, Leftover, Limited, Measure, Measured, Mention, Ranked, Stepped, of
from insights.language.lexicon import DatasetLink
from insights.language.measures import Measures
from insights.language.pieces import Piece
from insights.language.spelling import DEEDS
from insights.language.stuck import Stuck
from insights.requests import Unsupported


def said_by(said: Measure) -> Piece:
    """The name that a measure is said by, the first of a formula."""
    return said.left.piece if isinstance(said, Combined) else said.piece


def _says_again(before: Piece, piece: Piece) -> bool:
    """Whether a name follows directly on another of the same thing."""
    return before.last == piece.first and not piece.comma and set(before.links) == set(piece.links)


class Figures:
    """Reads the measures out of phrases; `chunks` is changed in place where a phrase turns out to be another."""

    def __init__(self, chunks: list[Chunk], measures: Measures, catalog: Catalog) -> None:
        self._chunks = chunks
        self._measures = measures
        self._catalog = catalog

    def settle(self) -> None:
        """Tell figures from groups: "top regions by amount", "revenue per customer". Raises Stuck."""
        self._numbers_to_group_by()
        self._picked()
        self._ranked_members()
        self._ratios()

    def said(self) -> Iterator[str]:
        """Every measure in the order said."""
        first = not self._ranks_records() and not any(isinstance(chunk, Mention) and chunk.piece.words in DEEDS for chunk in self._chunks)
        for before, chunk in pairwise((None, *self._chunks)):
            if isinstance(before, Measured) and isinstance(chunk, Mention) and _says_again(before.piece, chunk.piece):
                continue  # "total worldwide gross earnings": both are names of one number
            if isinstance(chunk, Mention) and not first and not chunk.joined and chunk.piece.datasets:
                continue  # "revenue of shipped orders" measures revenue only
            if isinstance(chunk, Mention) and self._is_deed(chunk) and any(self._is_named(other) for other in self._chunks if other is not chunk):
                continue  # "which products' orders did we sell": what was done is said by a figure of its own
            if isinstance(chunk, Mention) and not chunk.piece.metrics and any(limited.target is chunk.piece for limited in of(self._chunks, Limited)):
                continue  # "orders with an amount over ten" measures orders
            if isinstance(chunk, Measured | Combined) or (isinstance(chunk, Mention) and self._measures.can_measure(chunk.piece)):
                yield self._superlative(chunk) or self._by_time_of(chunk) or self._measures.measure(chunk)
                first = False
        limited = [chunk.target for chunk in of(self._chunks, Limited) if chunk.target is not None and chunk.target.metrics]
        if first:
            yield from (self._measures.measure(Mention(piece=target)) for target in limited[:1])

    @staticmethod
    def _is_deed(chunk: Mention) -> bool:
        """Whether a verb stands for its figure: "did we sell"."""
        return chunk.piece.words in DEEDS and chunk.piece.how == "spelling" and not chunk.joined and bool(chunk.piece.metrics)

    def _is_named(self, chunk: Chunk) -> bool:
        """Whether a figure is named by its own name."""
        if isinstance(chunk, Mention) and self._is_deed(chunk):
            return False
        return isinstance(chunk, Mention | Measured | Combined) and (isinstance(chunk, Combined) or bool(chunk.piece.metrics))

    def _ranks_records(self) -> bool:
        """ "Which region's orders have the highest discount": what comes first is whose figure decides."""
        if not any(ranked.direction in ("top", "bottom") for ranked in of(self._chunks, Ranked)):
            return False
        said = [c for c in self._chunks if isinstance(c, Mention | Measured | Combined) and self._measures.can_measure(said_by(c))]
        named = [c for c in said if isinstance(c, Mention) and c.piece.datasets]
        return len(said) == 2 and len(named) == 1 and said[0] is named[0] and isinstance(said[1], Mention) and not said[1].joined

    def _picked(self) -> None:
        """ "How many regions had revenue over 20,000", "customers with more than 3 orders": each is looked at, and those that fit are told."""
        targets = [limited.target for limited in of(self._chunks, Limited) if limited.target is not None and limited.target.metrics]
        if len(targets) != 1 or any(isinstance(chunk, Grouped | Bucketed) for chunk in self._chunks):
            return
        place, first = next(((at, chunk) for at, chunk in enumerate(self._chunks) if not isinstance(chunk, Leftover)), (0, None))
        if not isinstance(first, Mention) and not (isinstance(first, Measured) and first.function == "count"):
            return  # what comes first is what is asked for
        if first.piece is targets[0]:
            return
        if self._is_each_of(first.piece, self._measures.facts(targets[0].metrics)):
            links = tuple(link for link in first.piece.links if isinstance(link, DatasetLink))
            self._chunks[place] = Grouped(piece=first.piece._replace(links=links), asked=False)
        elif isinstance(first, Measured) and {self._catalog.fields[link.id].role for link in first.piece.fields} == {"dimension"}:
            self._chunks[place] = Grouped(piece=first.piece, asked=False)

    def _ranked_members(self) -> None:
        """ "Which customers bought the most", "the customers with the most orders": they are ranked by another figure than how many they are."""
        if not of(self._chunks, Ranked) or any(isinstance(chunk, Grouped | Bucketed) for chunk in self._chunks):
            return
        said = [chunk for chunk in self._chunks if isinstance(chunk, Mention | Measured | Combined)]
        first = said[0] if said else None
        if not isinstance(first, Mention) or len(said) > 2 or any(ranked.of is first.piece for ranked in of(self._chunks, Ranked)):
            return
        links = tuple(link for link in first.piece.links if isinstance(link, DatasetLink))
        ones = {relationship.one for relationship in self._catalog.relationships}
        if first.piece.metrics and links and all(link.name in ones for link in links) and (first.picked or len(said) == 2):
            self._chunks[self._chunks.index(first)] = Grouped(piece=first.piece._replace(links=links), asked=False)

    def _is_each_of(self, piece: Piece, facts: frozenset[str]) -> bool:
        """Whether a name is that of what the facts belong to: regions, customers."""
        ones = {relationship.one for relationship in self._catalog.relationships}
        return bool(facts) and bool(piece.datasets) and not piece.fields and all(name in ones and name not in facts for name in piece.datasets)

    def _numbers_to_group_by(self) -> None:
        """ "top regions by amount", "the lowest amount": a number is measured, not grouped by."""
        for place, chunk in enumerate(self._chunks):
            if isinstance(chunk, Grouped) and not chunk.asked and self._is_number(chunk.piece):
                self._chunks[place] = Mention(piece=chunk.piece)  # "the largest refunded amount", of which there is a metric too
            elif isinstance(chunk, Grouped) and not chunk.piece.metrics and self._measures.can_measure(chunk.piece):
                others = [c for c in self._chunks if isinstance(c, Mention | Measured | Combined) and self._measures.can_measure(said_by(c))]
                if chunk.asked and any(said_by(other).metrics for other in others) and not of(self._chunks, Ranked):
                    self._chunks[place] = Stepped(piece=chunk.piece)
                    continue
                if chunk.asked and others:
                    raise Stuck(Unsupported(reason=f"I can't group by the number '{chunk.piece.words}' there; I can tell its average, or filter by it."))
                self._chunks[place] = Mention(piece=chunk.piece)

    def _is_number(self, piece: Piece) -> bool:
        """Whether a name is that of numbers of the records and of a metric, and of nothing to divide by."""
        roles = {self._catalog.fields[link.id].role for link in piece.fields}
        return roles == {"fact"} and bool(piece.metrics) and not piece.datasets

    def _ratios(self) -> None:
        """ "revenue per customer": a ratio where customers are counted by a metric, a breakdown where they are a dimension."""
        for place, chunk in enumerate(self._chunks):
            before = self._chunks[place - 1] if place else None
            if not isinstance(chunk, Grouped) or not chunk.per or not chunk.piece.metrics or not isinstance(before, Mention | Measured):
                continue
            if self._measures.can_measure(before.piece):
                self._chunks[place - 1 : place + 1] = [Combined(left=before, operator="/", right=Mention(piece=chunk.piece))]
                return

    def _by_time_of(self, chunk: Chunk) -> str | None:
        """ "how many customers joined": of what is both a metric and a dataset, the records whose time was named are counted."""
        if not isinstance(chunk, Mention | Measured) or not chunk.piece.datasets:
            return None
        named = {
            link.id.dataset
            for other in self._chunks
            if isinstance(other, Mention)
            for link in other.piece.fields
            if self._catalog.fields[link.id].role == "time"
        }
        facts = self._measures.facts(chunk.piece.metrics)
        return next((f"count({name})" for name in chunk.piece.datasets if name in named and name not in facts), None)

    def _superlative(self, chunk: Chunk) -> str | None:
        """ "the highest departure delay": with nothing to rank, the largest value of a fact itself."""
        if not isinstance(chunk, Mention) or not of(self._chunks, Ranked) or (chunk.piece.metrics and not self._is_number(chunk.piece)):
            return None
        ranked = of(self._chunks, Ranked)[0]
        each = ranked.of is chunk.piece and all(other.asked for other in of(self._chunks, Grouped))  # "the longest delay for each carrier"
        if any(isinstance(other, Bucketed) or (isinstance(other, Grouped) and not each) for other in self._chunks):
            return None
        function = {"top": "max", "bottom": "min"}.get(ranked.direction)
        if function is None or ranked.count:
            return None
        self._chunks.remove(ranked)
        piece = chunk.piece._replace(links=chunk.piece.fields) if "single" in ranked.words else chunk.piece
        return self._measures.measure(Measured(function=function, piece=piece))  # type: ignore[arg-type]  # "max" or "min"
