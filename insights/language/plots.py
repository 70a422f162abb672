"""What a chart that is asked for shows: two things against each other, how one is spread, or figures by groups and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.language.chunks import (
    Asked,
    Binned,
    Bucketed,
    Chunk,
    Comparing,
    Counted,
    Drawn,
    Grouped,
    Limited,
    Measured,
    Mention,
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

Role = Literal["number", "metric", "records", "group", "time", "value", ""]
Named: TypeAlias = Mention | Measured | Grouped
_MANY = 50
"""More values than can be told apart by colour or by small charts: they name the points."""
_TWO = ("correlation", "distribution")


class Plots:
    """Settles what the phrases of one utterance draw; changes `chunks` and `draft` in place."""

    def __init__(self, chunks: list[Chunk], measures: Measures, draft: Draft, catalog: Catalog, contents: Contents) -> None:
        self._chunks = chunks
        self._measures = measures
        self._draft = draft
        self._catalog = catalog
        self._contents = contents

    def settle(self, *, goes_on: bool) -> None:
        """Find what is drawn; `goes_on` when the utterance changes a question before it. Raises Ambiguous or Stuck."""
        if not self._is_asked():
            return
        self._opposed()
        self._kinds_of_names()
        self._counted_by()
        self._own_records(goes_on=goes_on)
        self._time_axis()
        numbers, measured, records, groups = self._numbers(), self._measured(), self._records(), self._groups()
        over_time = self._over_time()
        if self._is_pair(numbers, measured, groups, over_time):
            self._correlate(numbers, measured)
        elif self._is_pair_of_figures(numbers, measured, records, groups, over_time):
            self._correlate_figures(numbers, measured, records)
        elif self._is_spread(numbers, measured, records, groups, over_time):
            self._distribute(numbers[0] if numbers else measured[0])
        elif not numbers and not measured and not goes_on:
            self._count(records, groups)
        self._stack(numbers)
        self._line(groups, over_time)
        self._check_related(numbers, measured, records, groups, over_time)
        self._settle_rest()

    def _is_asked(self) -> bool:
        """Whether anything was said about a chart, a relation, or a count of no name."""
        for chunk in self._chunks:
            match chunk:
                case Drawn() | Related() | Counted() | Binned() | Comparing(versus=True):
                    return True
                case Asked(analysis=analysis) if analysis in _TWO:
                    return True
                case Grouped(piece=piece) if self._role(piece) == "number":
                    return True
                case Mention(piece=piece) if self._role(piece) == "time":
                    return True
                case Measured(function="count", piece=piece) if self._is_numeric_group(piece):
                    return True
                case _:
                    pass
        return False

    # What was named

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

    def _limits(self) -> list[Piece]:
        return [limited.target for limited in of(self._chunks, Limited) if limited.target is not None]

    def _numbers(self) -> list[Named]:
        """Facts without an aggregate, each once."""
        limits = self._limits()
        found: dict[str, Named] = {}
        for chunk in self._chunks:
            if isinstance(chunk, Mention | Grouped) and self._role(chunk.piece) == "number" and chunk.piece not in limits:
                found.setdefault(_key(chunk.piece), chunk)
        return list(found.values())

    def _measured(self) -> list[Named]:
        """Facts under an aggregate, and metrics that are no mere counts."""
        limits = self._limits()
        found: list[Named] = []
        for chunk in self._chunks:
            if isinstance(chunk, Measured) and not self._counts(chunk):
                found.append(chunk)
            if isinstance(chunk, Mention) and self._role(chunk.piece) == "metric" and chunk.piece not in limits:
                found.append(chunk)
        return found

    def _counts(self, chunk: Measured) -> bool:
        return chunk.function in ("count", "count_distinct")

    def _records(self) -> list[Chunk]:
        """What counts records, said or only named."""
        return [
            chunk
            for chunk in self._chunks
            if isinstance(chunk, Counted)
            or (isinstance(chunk, Measured) and self._counts(chunk))
            or (isinstance(chunk, Mention) and self._role(chunk.piece) == "records")
        ]

    def _groups(self) -> list[Named]:
        return [chunk for chunk in self._chunks if isinstance(chunk, Mention | Grouped) and self._role(chunk.piece) == "group"]

    def _over_time(self) -> bool:
        return any(isinstance(chunk, Bucketed) or (isinstance(chunk, Mention | Grouped) and self._role(chunk.piece) == "time") for chunk in self._chunks)

    def _drawn(self, *forms: str) -> bool:
        return any(chunk.form in forms for chunk in of(self._chunks, Drawn))

    def _asks(self, analysis: str) -> bool:
        return any(chunk.analysis == analysis for chunk in of(self._chunks, Asked))

    @property
    def _relates(self) -> bool:
        return self._asks("correlation") or bool(of(self._chunks, Related))

    @property
    def _opposes(self) -> bool:
        """Whether two sides were set against each other, or one number was said to go by another."""
        versus = any(chunk.versus for chunk in of(self._chunks, Comparing))
        return versus or any(isinstance(chunk, Grouped) and self._role(chunk.piece) == "number" for chunk in self._chunks)

    @property
    def _scattered(self) -> bool:
        return self._drawn("scatter") or self._asks("correlation")

    # What is drawn

    def _is_pair(self, numbers: Sequence[Named], measured: Sequence[Named], groups: Sequence[Named], over_time: bool) -> bool:
        """Whether single records are set out by two of their numbers."""
        facts = [chunk for chunk in measured if isinstance(chunk, Measured) and self._role(chunk.piece) == "number"]
        if len(numbers) + len(facts) < 2 or len(facts) < len(measured) or (over_time and not self._scattered):
            return False
        if len(numbers) < 2:
            return self._scattered or (bool(of(self._chunks, Related)) and not groups)
        told = self._scattered or self._relates or self._asks("distribution") or (self._drawn("") and not groups)
        figures = any(chunk.piece.metrics for chunk in numbers)  # "sales vs profit" of a company are two figures
        return told or (self._opposes and not figures)

    def _is_pair_of_figures(
        self, numbers: Sequence[Named], measured: Sequence[Named], records: Sequence[Chunk], groups: Sequence[Named], over_time: bool
    ) -> bool:
        """Whether two figures are followed together over time."""
        figures = len(numbers) + len(measured)
        named = [chunk for chunk in records if not isinstance(chunk, Counted)]
        beside = any(isinstance(chunk, Mention) and chunk.joined for chunk in named) or (not groups and not over_time)
        return self._scattered and (figures >= 2 or (figures == 1 and bool(named) and beside))

    def _is_spread(self, numbers: Sequence[Named], measured: Sequence[Named], records: Sequence[Chunk], groups: Sequence[Named], over_time: bool) -> bool:
        """Whether it is shown how the values of one number are spread."""
        asked = self._asks("distribution") or self._drawn("histogram") or bool(of(self._chunks, Binned) or (of(self._chunks, Split) and records))
        if over_time or of(self._chunks, Ranked):
            return False
        if len(numbers) == 1 and not measured:
            if self._relates or self._drawn("line", "scatter"):
                return False
            unnamed = any(isinstance(chunk, Counted) for chunk in records)
            drawn = self._drawn("", "bar", "stacked") and not numbers[0].piece.metrics
            alone = not groups and (unnamed or drawn or (bool(records) and self._opposes))
            return asked or alone or (any(not isinstance(chunk, Mention) for chunk in records) and self._opposes)
        single = not numbers and len(measured) == 1 and not groups
        return asked and single and isinstance(measured[0], Mention) and self._role(measured[0].piece) == "metric"

    def _correlate(self, numbers: Sequence[Named], measured: Sequence[Named]) -> None:
        fields = [self._measures.fact(chunk.piece) for chunk in (*numbers, *measured)]
        if len({field.dataset for field in fields}) > 1:
            self._correlate_figures(numbers, measured, ())
            return
        if measured:
            self._draft.assume("each record is set out by itself, not an average of many")
        self._draft.analysis = "correlation"
        self._draft.measures += [str(field) for field in dict.fromkeys(fields)]
        self._take(*numbers, *measured)
        self._points(fields[0].dataset)

    def _correlate_figures(self, numbers: Sequence[Named], measured: Sequence[Named], records: Sequence[Chunk]) -> None:
        wanted = [*numbers, *measured, *records]
        said = [chunk for chunk in self._chunks if isinstance(chunk, Mention | Measured | Grouped) and any(chunk is one for one in wanted)]
        texts = [self._measures.measure(Mention(piece=chunk.piece) if isinstance(chunk, Grouped) else chunk) for chunk in said]
        self._draft.analysis = "correlation"
        self._draft.measures += [text for text in dict.fromkeys(texts) if text not in self._draft.measures]
        self._take(*said)
        if not of(self._chunks, Bucketed):
            self._draft.grain = "day"
            self._draft.assume("they are set against each other day by day")

    def _distribute(self, chunk: Named) -> None:
        role = self._role(chunk.piece)
        self._draft.analysis = "distribution"
        self._draft.measures.append(str(self._measures.fact(chunk.piece)) if role == "number" else self._measures.metric(chunk.piece))
        self._take(chunk, *self._records())
        for binned in of(self._chunks, Binned):
            if binned.width is not None:
                self._draft.options["width"] = binned.width
            if binned.bins is not None:
                self._draft.options["bins"] = binned.bins
        self._points(None)

    def _opposed(self) -> None:
        """What stands behind a "versus" is a side of its own, as if "and" had been said."""
        for place, chunk in enumerate(self._chunks[1:], 1):
            before = self._chunks[place - 1]
            if isinstance(before, Comparing) and before.versus and isinstance(chunk, Mention):
                self._chunks[place] = replace(chunk, joined=True)

    def _kinds_of_names(self) -> None:
        """ "Ratings of critics and viewers": the word that several names share adds nothing to them."""
        whole = {link for chunk in self._chunks if isinstance(chunk, Mention | Grouped) and chunk.piece.how != "part" for link in chunk.piece.links}
        for chunk in of(self._chunks, Mention):
            if chunk.piece.how == "part" and len(whole & set(chunk.piece.links)) > 1:
                self._take(chunk)

    def _counted_by(self) -> None:
        """ "How many cylinders do cars have": a number that each record has is what they are told by, not what is counted."""
        if not any(isinstance(chunk, Mention) and self._role(chunk.piece) == "records" for chunk in self._chunks):
            return
        for place, chunk in enumerate(self._chunks):
            if isinstance(chunk, Measured) and chunk.function == "count" and self._is_numeric_group(chunk.piece):
                self._chunks[place] = Mention(piece=chunk.piece)

    def _is_numeric_group(self, piece: Piece) -> bool:
        return self._role(piece) == "group" and all(self._catalog.fields[link.id].kind == "number" for link in piece.fields)

    def _own_records(self, *, goes_on: bool) -> None:
        """The records whose numbers are drawn add nothing: "car model weights", "the points by the car's origin"."""
        figures = bool(self._numbers() or self._measured())
        for chunk in of(self._chunks, Mention):
            if self._role(chunk.piece) == "records" and not chunk.joined and (goes_on or (figures and not chunk.piece.metrics)):
                self._take(chunk)

    def _points(self, dataset: str | None) -> None:
        """What names the single records divides nothing: they are the points. Records that were only named are those of the numbers."""
        for chunk in [*self._groups(), *self._records()]:
            if isinstance(chunk, Counted | Measured):
                self._take(chunk)
                continue
            if not isinstance(chunk, Mention | Grouped):
                continue
            many = any(len(self._contents.values.get(link.id, ())) > _MANY or link.id in self._contents.too_many for link in chunk.piece.fields)
            if self._role(chunk.piece) == "records" or (many and all(link.id.dataset == dataset for link in chunk.piece.fields)):
                self._take(chunk)
        for chunk in list(self._chunks):
            if isinstance(chunk, Grouped) and self._role(chunk.piece) == "records":
                self._take(chunk)

    def _count(self, records: Sequence[Chunk], groups: Sequence[Named]) -> None:
        """Groups alone are shown with how many records there are of each."""
        named = [chunk for chunk in records if isinstance(chunk, Measured) or (isinstance(chunk, Mention) and (chunk.piece.metrics or chunk.piece.datasets))]
        called = [chunk for chunk in records if isinstance(chunk, Mention)]
        datasets = {link.id.dataset for chunk in (*groups, *called) for link in chunk.piece.fields}
        asked = self._asks("distribution") or self._relates or bool(of(self._chunks, Counted) or of(self._chunks, Drawn))
        if named or not asked or not (groups or self._over_time()):
            return
        datasets = datasets or set(self._catalog.datasets)
        counted = self._measures.counting(next(iter(datasets))) if len(datasets) == 1 else None
        if counted is not None:
            self._draft.measures.append(counted)
            self._take(*called)
            self._draft.assume(f"I counted {self._catalog.datasets[next(iter(datasets))].label or next(iter(datasets))}".replace("_", " "))

    def _stack(self, numbers: Sequence[Named]) -> None:
        """What is stacked adds up, so it is a sum where one may be asked for."""
        if self._draft.analysis is not None or not self._drawn("stacked", "pie"):
            return
        for chunk in numbers:
            if not chunk.piece.metrics and "sum" in self._catalog.fields[self._measures.fact(chunk.piece)].aggregates:
                place = next(at for at, other in enumerate(self._chunks) if other is chunk)
                self._chunks[place] = Measured(function="sum", piece=chunk.piece)
                self._draft.assume(f"what is stacked adds up, so I took the total of '{chunk.piece.words}'")

    def _line(self, groups: Sequence[Named], over_time: bool) -> None:
        """A line goes over time, where nothing else was named for it to go by."""
        numbered = any(self._is_numeric_group(chunk.piece) for chunk in groups)
        if self._drawn("line") and not numbered and not over_time and self._draft.analysis is None and not of(self._chunks, Timed):
            self._chunks.append(Bucketed(grain=None, words="line chart"))

    def _check_related(self, numbers: Sequence[Named], measured: Sequence[Named], records: Sequence[Chunk], groups: Sequence[Named], over_time: bool) -> None:
        """A relation needs two sides. Raises Stuck where one was found."""
        asked = next((chunk for chunk in of(self._chunks, Asked) if chunk.analysis == "correlation"), None)
        if asked is None or self._draft.analysis is not None:
            return
        if len(numbers) + len(measured) + len(groups) + bool(records) + over_time < 2:
            raise Stuck(cannot("correlation", asked.words, self._catalog), cost=2.0)

    def _settle_rest(self) -> None:
        """Take out what has been said by the form of the chart."""
        drawn = self._draft.analysis is not None
        sides = any(isinstance(chunk, Valued) for chunk in self._chunks)
        for chunk in list(self._chunks):
            match chunk:
                case Drawn() | Related() | Counted():
                    self._take(chunk)
                case Asked(analysis="correlation"):
                    self._take(chunk)
                case Asked(analysis="distribution") if drawn or self._groups():
                    self._take(chunk)
                case Comparing(versus=True) if not self._sets_values(chunk):
                    self._take(chunk)
                case Comparing() if not sides:
                    self._take(chunk)
                case Binned() | Split() if drawn:
                    self._take(chunk)
                case _:
                    pass

    def _sets_values(self, versus: Comparing) -> bool:
        """Whether a comparison stands between two values rather than two names."""
        place = next(at for at, chunk in enumerate(self._chunks) if chunk is versus)
        return isinstance(self._chunks[place - 1], Valued) if place else any(isinstance(chunk, Valued) for chunk in self._chunks)

    def _time_axis(self) -> None:
        """A time that stands along an axis or against a figure is what the figure goes by."""
        others = self._numbers() or self._measured() or self._records()
        first = next((chunk for chunk in self._chunks if not isinstance(chunk, Drawn)), None)
        drawn = self._drawn("", "line", "bar", "scatter") or self._relates or self._opposes
        for place, chunk in enumerate(self._chunks):
            if isinstance(chunk, Mention) and self._role(chunk.piece) == "time" and others and (drawn or chunk is first):
                self._chunks[place] = Grouped(piece=chunk.piece)

    def _take(self, *gone: Chunk) -> None:
        self._chunks[:] = [chunk for chunk in self._chunks if not any(chunk is one for one in gone)]


def _key(piece: Piece) -> str:
    return " ".join(sorted(str(link.id) for link in piece.fields))
