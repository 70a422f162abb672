"""What a chart that is asked for shows: two things against each other, how one is spread, or figures by groups and over time."""

from __future__ import annotations

from itertools import pairwise

from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.language import sides
from insights.language.cast import Cast, Named, Parts, counts
from insights.language.chunks import (
    Asked,
    Binned,
    Bucketed,
    Chunk,
    Comparing,
    Counted,
    Drawn,
    Grouped,
    Measured,
    Mention,
    Parted,
    Ranked,
    Related,
    Split,
    Timed,
    Valued,
    of,
)
from insights.language.draft import Draft
from insights.language.measures import Measures
from insights.language.pieces import Piece
from insights.language.refusals import cannot
from insights.language.stuck import Stuck
from insights.requests import Unsupported

_MANY = 50
"""More values than can be told apart by colour or by small charts: they name the points."""


class Plots:
    """Settles what the phrases of one utterance draw; changes `chunks` and `draft` in place."""

    def __init__(self, chunks: list[Chunk], measures: Measures, draft: Draft, catalog: Catalog, contents: Contents) -> None:
        self._cast = Cast(chunks, measures, catalog)
        self._measures = measures
        self._draft = draft
        self._catalog = catalog
        self._contents = contents
        self._between_values = [versus for before, versus in pairwise((None, *chunks)) if isinstance(versus, Comparing) and not _is_named(before)]

    def settle(self, *, goes_on: bool, dressing: bool = False, spreads: bool = False) -> None:
        """Find what is drawn; `goes_on` when the utterance changes a question before it, `dressing` when it only divides or colours its chart,
        `spreads` when that chart is a distribution.

        Raises Ambiguous or Stuck.
        """
        if not (self._is_asked() or spreads):
            return
        sides.settle(self._cast, dressing=dressing)
        parts = self._cast.parts
        if self._is_pair(parts):
            self._correlate(parts)
        elif self._is_pair_of_figures(parts):
            self._correlate_figures(parts)
        elif self._is_spread(parts, spreads=spreads):
            self._distribute((*parts.numbers, *parts.measured)[0])
        elif not parts.figures and not goes_on:
            self._count(parts)
        elif not parts.figures:
            self._steps()
        self._stack(parts)
        self._line(parts)
        self._check_related(parts)
        self._settle_rest(parts)

    def _is_asked(self) -> bool:
        """Whether anything was said about a chart, a relation, or a count of no name."""
        for chunk in self._cast.chunks:
            match chunk:
                case Drawn() | Related() | Counted() | Binned() | Comparing(versus=True) | Asked(analysis="correlation" | "distribution"):
                    return True
                case Grouped(piece=piece) if self._cast.role(piece) == "number":
                    return True
                case Mention(piece=piece) if self._cast.role(piece) == "time":
                    return True
                case Measured(function="count", piece=piece) if self._cast.is_numeric_group(piece):
                    return True
                case _:
                    pass
        return any(True for _ in sides.counts_numbers(self._cast))

    def _is_pair(self, parts: Parts) -> bool:
        """Whether single records are set out by two of their numbers."""
        cast = self._cast
        facts = [chunk for chunk in parts.measured if isinstance(chunk, Measured) and cast.role(chunk.piece) == "number"]
        counted = any(isinstance(chunk, Measured) for chunk in parts.records)
        if counted or len(parts.numbers) + len(facts) < 2 or len(facts) < len(parts.measured) or (parts.over_time and not cast.scattered):
            return False
        if len(parts.numbers) < 2:
            return cast.scattered or (cast.relates and not parts.groups)
        told = cast.scattered or cast.relates or cast.asks("distribution") or (cast.drawn("") and not parts.groups)
        figures = any(chunk.piece.metrics for chunk in parts.numbers)  # "sales vs profit" of a company are two figures
        return told or (cast.opposes and not figures)

    def _is_pair_of_figures(self, parts: Parts) -> bool:
        """Whether two figures are followed together over time."""
        named = [chunk for chunk in parts.records if not isinstance(chunk, Counted)]
        beside = any(isinstance(chunk, Mention) and chunk.joined for chunk in named) or (not parts.groups and not parts.over_time)
        beside = beside or (self._cast.asks("correlation") and bool(of(self._cast.chunks, Bucketed)) and not parts.groups)  # "move together week by week"
        counts = [chunk for chunk in named if isinstance(chunk, Mention) and chunk.piece.metrics]
        alone = self._cast.asks("correlation") and len(counts) >= 2 and not parts.groups  # "are sessions and orders related": both are how many there are
        return self._cast.scattered and (parts.figures >= 2 or (parts.figures == 1 and bool(named) and beside) or alone)

    def _is_spread(self, parts: Parts, *, spreads: bool) -> bool:
        """Whether it is shown how the values of one number are spread."""
        cast = self._cast
        if parts.over_time or of(cast.chunks, Ranked):
            return False
        asked = spreads or cast.asks("distribution") or cast.drawn("histogram") or bool(of(cast.chunks, Binned) or (of(cast.chunks, Split) and parts.records))
        if len(parts.numbers) == 1 and not parts.measured:
            if cast.relates or cast.drawn("line", "scatter"):
                return False
            unnamed = any(isinstance(chunk, Counted) for chunk in parts.records)
            drawn = cast.drawn("", "bar", "stacked") and not parts.numbers[0].piece.metrics
            alone = not parts.groups and (unnamed or drawn or (bool(parts.records) and cast.opposes))
            return asked or alone or (any(not isinstance(chunk, Mention) for chunk in parts.records) and cast.opposes)
        single = not parts.numbers and len(parts.measured) == 1 and not parts.groups
        return asked and single and isinstance(parts.measured[0], Mention) and cast.role(parts.measured[0].piece) == "metric"

    def _correlate(self, parts: Parts) -> None:
        fields = [self._measures.fact(chunk.piece) for chunk in (*parts.numbers, *parts.measured)]
        if len({field.dataset for field in fields}) > 1:
            self._correlate_figures(parts)
            return
        if parts.measured:
            self._draft.assume("each record is set out by itself, not an average of many")
        self._draft.analysis = "correlation"
        self._draft.measures += [str(field) for field in dict.fromkeys(fields)]
        self._cast.take(*parts.numbers, *parts.measured)
        self._points(fields[0].dataset)

    def _correlate_figures(self, parts: Parts) -> None:
        wanted = (*parts.numbers, *parts.measured, *parts.records)
        said = [chunk for chunk in self._cast.chunks if isinstance(chunk, Mention | Measured | Grouped) and any(chunk is one for one in wanted)]
        texts = [self._measures.measure(Mention(piece=chunk.piece) if isinstance(chunk, Grouped) else chunk) for chunk in said]
        self._draft.analysis = "correlation"
        self._draft.measures += [text for text in dict.fromkeys(texts) if text not in self._draft.measures]
        self._cast.take(*said)
        if not parts.over_time and not of(self._cast.chunks, Grouped):
            self._draft.grain = "day"
            self._draft.assume("they are set against each other day by day")

    def _distribute(self, chunk: Named) -> None:
        number = self._cast.role(chunk.piece) == "number"
        self._draft.analysis = "distribution"
        self._draft.measures.append(str(self._measures.fact(chunk.piece)) if number else self._measures.metric(chunk.piece))
        self._cast.take(chunk, *self._cast.parts.records)
        self._steps()
        self._points(None)

    def _steps(self) -> None:
        for binned in of(self._cast.chunks, Binned):
            if binned.width is not None:
                self._draft.options["width"] = binned.width
            if binned.bins is not None:
                self._draft.options["bins"] = binned.bins

    def _points(self, dataset: str | None) -> None:
        """What names the single records divides nothing: they are the points. Records that were only named are those of the numbers."""
        for chunk in list(self._cast.chunks):
            named = isinstance(chunk, Mention | Grouped) and (self._cast.role(chunk.piece) == "records" or self._is_point(chunk.piece, dataset))
            if isinstance(chunk, Grouped) and named:
                self._draft.assume(f"each '{chunk.piece.words}' is a point of its own")
            if named or isinstance(chunk, Counted) or (isinstance(chunk, Measured) and counts(chunk)):
                self._cast.take(chunk)

    def _is_point(self, piece: Piece, dataset: str | None) -> bool:
        if self._cast.role(piece) != "group" or any(link.id.dataset != dataset for link in piece.fields):
            return False
        return any(len(self._contents.values.get(link.id, ())) > _MANY or link.id in self._contents.too_many for link in piece.fields)

    def _count(self, parts: Parts) -> None:
        """Groups alone are shown with how many records there are of each."""
        cast = self._cast
        called = [chunk for chunk in parts.records if isinstance(chunk, Mention)]
        named = any(chunk.piece.metrics or chunk.piece.datasets for chunk in called) or any(isinstance(chunk, Measured) for chunk in parts.records)
        asked = cast.asks("distribution") or cast.relates or bool(of(cast.chunks, Counted) or of(cast.chunks, Drawn))
        if named or not asked or not (parts.groups or parts.over_time):
            return
        datasets = {link.id.dataset for chunk in (*parts.groups, *called) for link in chunk.piece.fields} or set(self._catalog.datasets)
        dataset = next(iter(datasets))
        counted = self._measures.counting(dataset) if len(datasets) == 1 else None
        if counted is not None:
            self._draft.measures.append(counted)
            cast.take(*called)
            self._draft.assume(f"I counted {(self._catalog.datasets[dataset].label or dataset).replace('_', ' ')}")

    def _stack(self, parts: Parts) -> None:
        """What is stacked adds up, so it is a sum where one may be asked for."""
        if self._draft.analysis is not None or not self._cast.drawn("stacked", "pie"):
            return
        for chunk in parts.numbers:
            if not chunk.piece.metrics and "sum" in self._catalog.fields[self._measures.fact(chunk.piece)].aggregates:
                self._cast.put(chunk, Measured(function="sum", piece=chunk.piece))
                self._draft.assume(f"what is stacked adds up, so I took the total of '{chunk.piece.words}'")

    def _line(self, parts: Parts) -> None:
        """A line goes over time, where nothing else was named for it to go by."""
        numbered = any(self._cast.is_numeric_group(chunk.piece) for chunk in parts.groups)
        if self._cast.drawn("line") and not numbered and not parts.over_time and self._draft.analysis is None and not of(self._cast.chunks, Timed):
            self._cast.chunks.append(Bucketed(grain=None, words="line chart"))

    def _check_related(self, parts: Parts) -> None:
        """A relation needs two sides. Raises Stuck where one was found."""
        if self._cast.drawn("scatter") and self._draft.analysis is None and parts.figures == 1 and not (parts.groups or parts.records or parts.over_time):
            raise Stuck(
                Unsupported(reason="A scatter plot sets two figures against each other: say both, such as 'scatter plot of this against that'."), cost=1.0
            )
        asked = next((chunk for chunk in of(self._cast.chunks, Asked) if chunk.analysis == "correlation"), None)
        if asked is None or self._draft.analysis is not None:
            return
        if parts.figures + len(parts.groups) + bool(parts.records) + parts.over_time < 2:
            raise Stuck(cannot(asked.words, self._catalog), cost=2.0)

    def _settle_rest(self, parts: Parts) -> None:
        """Take out what has been said by the form of the chart."""
        drawn = self._draft.analysis is not None
        values = any(isinstance(chunk, Valued) or (isinstance(chunk, Parted) and chunk.values) for chunk in self._cast.chunks)
        for chunk in list(self._cast.chunks):
            match chunk:
                case Drawn() | Related() | Counted() | Asked(analysis="correlation"):
                    self._cast.take(chunk)
                case Asked(analysis="distribution") if drawn or parts.groups:
                    self._cast.take(chunk)
                case Comparing(versus=versus) if not values or (versus and not self._sets_values(chunk)):
                    self._cast.take(chunk)
                case Binned() | Split() if drawn:
                    self._cast.take(chunk)
                case _:
                    pass

    def _sets_values(self, versus: Comparing) -> bool:
        """Whether a comparison stands between two values rather than two names."""
        return any(versus is one for one in self._between_values)


def _is_named(before: Chunk | None) -> bool:
    """Whether a phrase is another than a value, which a comparison behind it would set against the next."""
    return before is not None and not isinstance(before, Valued)
