"""What stops a reading before it is put together: analyses that are not there yet, things said twice, words that nothing here is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from insights.catalog.model import Catalog
from insights.language.chunks import (
    Against,
    Aim,
    Asked,
    Bucketed,
    Chunk,
    Combined,
    Comparing,
    Denied,
    Grouped,
    Leftover,
    Limited,
    Measured,
    Mention,
    Only,
    Ranked,
    Sorted,
    Timed,
    of,
)
from insights.language.conditions import is_flag
from insights.language.draft import Draft
from insights.language.figures import said_by
from insights.language.measures import Measures
from insights.language.refusals import cannot
from insights.language.sides import is_shared
from insights.language.stuck import Stuck
from insights.requests import Unsupported

DRAWN = ("correlation", "distribution")


class UnknownWords(Exception):
    """Words that carry meaning and that nothing here is called."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words


class Checks:
    """Looks through the phrases of one reading."""

    def __init__(self, chunks: Sequence[Chunk], measures: Measures, catalog: Catalog) -> None:
        self._chunks = chunks
        self._measures = measures
        self._catalog = catalog

    def forms(self) -> None:
        """What a request holds once and was said twice is refused."""
        self._one_of_each()

    def drawn(self) -> None:
        """What was asked to be drawn and stands for nothing that could be: a distribution of nothing."""
        for asked in of(self._chunks, Asked):
            raise Stuck(cannot(asked.words, self._catalog), cost=2.0)

    def leftovers(self, draft: Draft, *, lenient: bool) -> None:
        """Note the words that were not used. Raises UnknownWords for those that carry meaning, unless `lenient`."""
        measuring = [chunk for chunk in self._chunks if isinstance(chunk, Mention | Measured | Combined)]
        strong = [chunk.words for chunk in of(self._chunks, Leftover) if not chunk.weak]
        strong += self._unused_records()
        aims = [chunk.words for chunk in of(self._chunks, Aim)]  # "did revenue hit 300k in May": its figure tells, and that is all that is told
        strong += [] if of(self._chunks, Timed) else aims
        strong += [chunk.words for chunk in of(self._chunks, Denied) if not is_flag(chunk.piece, self._catalog)]
        if len(measuring) > 1:  # a part of a name beside a whole one is a word that was not understood: "gross" revenue
            strong += [said_by(chunk).words for chunk in measuring if said_by(chunk).how == "part" and not is_shared(said_by(chunk), self._chunks)]
        draft.ignored += [chunk.words for chunk in of(self._chunks, Leftover) if chunk.weak or lenient]
        draft.ignored += [words for words in aims if words not in strong or lenient]
        if strong and not lenient:
            raise UnknownWords(tuple(strong))

    def _one_of_each(self) -> None:
        """What a request holds once and was said twice is refused rather than halved."""
        if len({chunk.direction for chunk in of(self._chunks, Ranked)}) > 1:
            raise Stuck(Unsupported(reason="I can rank from one end at a time: ask for the top, then for the bottom."))
        if len({chunk.grain for chunk in of(self._chunks, Bucketed) if chunk.grain}) > 1:
            raise Stuck(Unsupported(reason="I can show one unit of time at once, such as days or months."))
        against = [chunk for chunk in of(self._chunks, Against) if chunk.relative != "moved"]
        if len(against) > 1 or (against and any(chunk.versus for chunk in of(self._chunks, Comparing))):
            raise Stuck(Unsupported(reason="I can compare with one other side at a time."))

    def _unused_records(self) -> Iterator[str]:
        """ "Products whose revenue fell": what comes first is what is asked for, and must not be lost."""
        first = next((chunk for chunk in self._chunks if not isinstance(chunk, Leftover | Only | Asked)), None)
        measured = [chunk for chunk in self._chunks if isinstance(chunk, Mention | Measured | Combined) and self._measures.can_measure(said_by(chunk))]
        picked = any(isinstance(chunk, Ranked | Limited | Grouped | Sorted) for chunk in self._chunks)
        if isinstance(first, Mention) and first.piece.datasets and not first.piece.metrics and not first.piece.fields and measured and not picked:
            facts = self._measures.facts([name for chunk in measured for name in said_by(chunk).metrics])
            if not facts & set(first.piece.datasets):
                yield first.piece.words
