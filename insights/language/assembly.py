"""Puts typed phrases together into one request: what is measured, by what, for which rows, when, and in which form."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from insights.catalog.model import FieldId
from insights.language import parts_of_time, sorting
from insights.language.amounts import is_of_age
from insights.language.analyses import Analyses
from insights.language.averaging import averaged
from insights.language.candidates import Candidates, Decisions
from insights.language.carrying import keep_form, keep_list
from insights.language.charting import is_styling
from insights.language.checks import DRAWN, Checks, UnknownWords
from insights.language.chunks import (
    Beginning,
    Binned,
    Bucketed,
    Chunk,
    Comparing,
    Counted,
    Grouped,
    Limited,
    Mention,
    Parted,
    Ranked,
    Sorted,
    Split,
    Stepped,
    Timed,
    Valued,
    of,
)
from insights.language.conditions import Conditions, is_flag
from insights.language.conjunctions import check_said, check_sides, narrowed
from insights.language.course import followed
from insights.language.draft import Draft, Key, Setting, read_key
from insights.language.figures import Figures
from insights.language.followups import Carried
from insights.language.measures import Measures
from insights.language.moments import Moments
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.language.plots import Plots
from insights.language.postposed import read_behind
from insights.language.ranking import order, within
from insights.language.rates import per_unit
from insights.language.refusals import not_asked, two_dates
from insights.language.scene import Scene
from insights.language.senses import Senses
from insights.language.stuck import Stuck
from insights.language.timing import grain_of
from insights.language.unsaid import Unsaid
from insights.requests import Analysis, MetricQuestion, Unsupported

_OFFERED = 3


class Assembly:
    """One reading of one utterance. With `lenient` unknown words are left out and named in `draft.ignored`; `base` is the question a fragment changes."""

    def __init__(
        self, setting: Setting, chunks: Sequence[Chunk], decisions: Decisions, *, lenient: bool = False, base: MetricQuestion | None = None, plain: str = ""
    ) -> None:
        self._setting = setting
        self._catalog = setting.catalog
        self._chunks = [
            *per_unit(narrowed(read_behind(chunks, setting.catalog, plain), setting.catalog), setting.catalog),
            *([over] if (over := followed(chunks, plain)) is not None else []),
        ]
        self._decisions = decisions
        self._lenient = lenient
        self._phrasing = Phrasing(setting.catalog)
        self.draft = Draft()
        self._measures = Measures(setting.catalog, decisions, self.draft.assumed)
        self._candidates = Candidates(setting.catalog, decisions)
        self._carried = Carried(base, self._chunks, plain, setting.catalog, self.draft) if base is not None else None
        self._base = base
        self._dressing = base is not None and is_styling(plain)
        self._spreads = base is not None and base.analysis == "distribution"
        self._outer: list[Key] = []
        self._timed: FieldId | None = None
        self._scene = Scene(
            setting=setting,
            chunks=self._chunks,
            draft=self.draft,
            decisions=decisions,
            candidates=self._candidates,
            measures=self._measures,
            phrasing=self._phrasing,
            plain=plain,
            base=base,
        )

    def request(self) -> MetricQuestion:
        """The request that the phrases make. Raises Ambiguous, UnknownWords or Stuck where there is none."""
        if averaged(self._chunks, self._catalog):
            self.draft.options["average"] = True
        sorting.settle(self._chunks, self._catalog)
        checks = Checks(self._chunks, self._measures, self._catalog)
        checks.forms()
        check_said(self._chunks, self._catalog)
        if not of(self._chunks, Limited):
            self._uncounted()
        unsaid = Unsaid(self._scene, counted=bool(of(self._chunks, Counted)))
        analyses = Analyses(self._scene)
        analyses.open()
        if self._base is not None:
            keep_list(self._scene, self._base)
        checks.leftovers(self.draft, lenient=self._lenient)
        if self.draft.analysis is None:
            Plots(self._chunks, self._measures, self.draft, self._catalog, self._setting.contents).settle(
                goes_on=self._base is not None, dressing=self._dressing, spreads=self._spreads
            )
        checks.drawn()
        self._measure(unsaid)
        facts = self._divide(unsaid)
        self._keep(facts)
        self._arrange(unsaid)
        analyses.close()
        within(self.draft, self._outer, self._catalog, each=any(chunk.each for chunk in of(self._chunks, Bucketed)))
        self._check_order()
        self._check_counted()
        self._check_reach(facts)
        self._check_compared()
        return self._built()

    def _measure(self, unsaid: Unsaid) -> None:
        """What is measured, as far as it was said, is kept from before, or was chosen."""
        figures = Figures(self._chunks, self._measures, self._catalog)
        figures.settle()
        for text in figures.said():
            if text not in self.draft.measures:
                self.draft.measures.append(text)
        if not self._lenient:
            unsaid.money()
        if self._carried is not None:
            self._carried.measures()
        if self._base is not None and not self.draft.measures:
            self.draft.measures = list(self._base.metrics)
            if self._base.analysis in DRAWN and self.draft.analysis is None:
                kept = {} if self.draft.options else self._base.options  # a width takes the place of a number of steps
                self.draft.analysis, self.draft.options = self._base.analysis, {**kept, **self.draft.options}
        if isinstance(decided := self._decisions.get(("metric", "")), str) and not self.draft.measures and not self._scene.measureless:
            self.draft.measures.append(decided)  # what is grouped and compared depends on the figure that was chosen
        steps = tuple(chunk.words for chunk in of(self._chunks, Binned))
        if steps and self.draft.analysis not in DRAWN and not self._lenient:
            raise UnknownWords(steps)

    def _divide(self, unsaid: Unsaid) -> frozenset[str]:
        """By what it is measured; the facts that the figures are of, which what is not said may follow from."""
        facts = self._measures.facts(self.draft.measures) or self._scene.facts
        Senses(self._candidates, self._decisions, self._catalog).settle(self._chunks, facts)
        self._group(facts)
        if not self.draft.measures and not self._scene.measureless:
            unsaid.measure()
            facts = self._measures.facts(self.draft.measures)
        self._check_time(facts)
        if self._carried is not None:
            self._carried.groups()
        for chunk in of(self._chunks, Parted):
            if chunk.words.startswith(("weekend", "weekday", "workday")) and of(self._chunks, Comparing):
                raise Stuck(Unsupported(reason=f"I can compare single weekdays or hours, such as Monday and Friday, but not '{chunk.words}' as one."))
            if chunk.values:
                self._part_of_time(chunk)
        return facts

    def _keep(self, facts: frozenset[str]) -> None:
        """For which rows, and when."""
        conditions = Conditions(self._candidates, self._measures, self.draft, self._setting)
        if self._scene.split is not None:
            self._scene.split(conditions, facts, self.measured)
        else:
            conditions.apply(self._chunks, facts, self.measured)
        if self._carried is not None:
            self._carried.filters()
            self._carried.time(self._setting.now)
        Moments(self._setting, self.draft).apply(self._chunks)

    def _arrange(self, unsaid: Unsaid) -> None:
        """In which order, how many of them, and in which form."""
        order(self.draft, of(self._chunks, Ranked), of(self._chunks, Sorted), self._catalog, self._decisions)
        if self._carried is not None:
            self._carried.ranking()
        if self._base is not None:
            keep_form(self._scene, self._base)
        if self._carried is not None:
            self._carried.tell_limit()
        unsaid.when()
        self._ranked_by_something(unsaid)

    def _check_time(self, facts: frozenset[str]) -> None:
        """A time field that was named must belong to what is measured, which may be settled after it: "spent on ads" is no day of the ads."""
        field = self.draft.time_field
        if field is not None and facts and self._candidates.distance(facts, field.dataset) is None:
            raise Stuck(Unsupported(reason=f"{self.measured} is not recorded by {self._phrasing.field(field)}."), cost=1.0)

    def _check_order(self) -> None:
        """An order needs several things to put in it: "the revenue rank of Japan" asks for another thing than revenue."""
        said = tuple(chunk.words for chunk in of(self._chunks, Sorted) if chunk.words.startswith(("rank", "sort", "order")))
        alone = {one.dimension for one in self.draft.filters if one.op == "=" and len(one.values) == 1}
        of_one = any(key.written(self._catalog) in alone for key in self.draft.group_by)  # "the rank of DACH among the regions"
        if said and (of_one or (not self.draft.group_by and not self.draft.grain)) and not self._lenient:
            raise UnknownWords(said)

    def _check_counted(self) -> None:
        """ "On how many days did revenue exceed 10,000": those are counted that a condition holds for, and only those that have records."""
        conditions = [condition for condition in self.draft.filters if condition.metric is not None]
        for chunk in of(self._chunks, Bucketed):
            if chunk.counted and (not conditions or not self.draft.grain):
                self._uncounted()
            if chunk.counted and self.draft.group_by:
                groups = " and ".join(self._phrasing.group(key.written(self._catalog)) for key in self.draft.group_by)
                raise Stuck(Unsupported(reason=f"I can count them for one figure, not for each {groups}; ask for one at a time."))
        if conditions and self.draft.grain and any(condition.op not in (">", ">=") for condition in conditions):
            self.draft.assume(f"a {self.draft.grain} on which nothing was recorded is not among them")

    def _check_compared(self) -> None:
        """ "Compare revenue with March" sets one figure beside nothing: the word that asked for more is named. Raises Stuck for sides that both hold."""
        if self.draft.compare is None and len(self.draft.measures) == 1:
            said = [condition for condition in self.draft.filters if condition.dimension is not None and condition.op == "="]
            check_sides(self._chunks, self._measures, said)
        if self._analysis() == "value" and len(self.draft.measures) == 1 and any(not chunk.versus for chunk in of(self._chunks, Comparing)):
            self.draft.ignored.append("compare")

    def _uncounted(self) -> None:
        """ "How many days in May" asks for nothing that is recorded. Raises UnknownWords, or Stuck where the rest says nothing without it."""
        said = tuple(chunk.words for chunk in of(self._chunks, Bucketed) if chunk.counted)
        if said and self._lenient:
            raise Stuck(not_asked(self._catalog), cost=2.0)
        if said:
            raise UnknownWords(said)

    def _check_reach(self, facts: frozenset[str]) -> None:
        """What goes on from the question before must still fit the new measure."""
        if self._base is None:
            return
        ids = [key.id for key in self.draft.group_by] + [read_key(f.dimension, self._catalog).id for f in self.draft.filters if f.dimension]
        for id_ in ids:
            if self._candidates.distance(facts, id_.dataset) is None:
                raise Stuck(Unsupported(reason=f"{self.measured} is not recorded by {self._phrasing.field(id_)}."))

    @property
    def measured(self) -> str:
        """What is measured, in words."""
        return " and ".join(self._phrasing.measure(measure) for measure in self.draft.measures) or "That"

    def _group(self, facts: frozenset[str]) -> None:
        measured = self.measured
        for place, chunk in enumerate(self._chunks):
            if isinstance(chunk, Parted) and not chunk.values:
                self._part_of_time(chunk)
            if isinstance(chunk, Stepped):
                self._steps(chunk, facts)
            if isinstance(chunk, Valued):  # "in March and shipped in April": a state that is a date as well
                for id_ in self._dates_called(chunk.piece.words, facts):
                    self._check_between(id_, place)
            piece = self._grouping(chunk)
            if piece is None:
                continue
            before = self._chunks[place - 1] if place else None
            if isinstance(chunk, Mention) and not chunk.joined and isinstance(before, Grouped) and before.asked and before.piece.last == piece.first:
                raise UnknownWords((f"{before.piece.words} {piece.words}",))
            if isinstance(chunk, Grouped) and chunk.whole and not piece.fields and facts & set(piece.datasets):
                continue  # "across all movies" means every record, not one by one
            id_ = self._candidates.dimension(piece, facts, measured, grouped=isinstance(chunk, Grouped) and chunk.asked)
            if self._catalog.fields[id_].role == "time":
                self._one_time(id_)
                self._check_between(id_, place)
                if isinstance(chunk, Grouped) and (chunk.asked or of(self._chunks, Ranked)):
                    self.draft.grain = self.draft.grain or grain_of(piece.words, self._catalog.fields[id_].label, id_.name)
            elif Key(id_) not in self.draft.group_by and not self._stands_for_its_value(chunk):
                self.draft.group_by.append(Key(id_))
                if isinstance(chunk, Grouped) and chunk.asked:
                    self._outer.append(Key(id_))

    def _one_time(self, id_: FieldId) -> None:
        """The time that periods and buckets are of. Raises Stuck where two are named: "booked in May that departed in June"."""
        shown = self.draft.analysis == "list" and len(of(self._chunks, Timed)) < 2  # dates may be columns
        if self._timed not in (None, id_) and not shown:
            raise Stuck(two_dates(self._phrasing, [one for one in (self._timed, id_) if one is not None]))
        self._timed = self.draft.time_field = id_

    def _dates_called(self, words: str, facts: frozenset[str]) -> list[FieldId]:
        fields = [field for name in facts for field in self._catalog.datasets[name].time_fields]
        return [field.id for field in fields if field.label.casefold().split()[:1] == [words]]

    def _check_between(self, id_: FieldId, place: int) -> None:
        """ "Sold in March and shipped in April": a date that is named between two periods is that of the second alone. Raises Stuck."""
        usual = Moments(self._setting, Draft(measures=list(self.draft.measures))).time_field()
        before, behind = of(self._chunks[:place], Timed), of(self._chunks[place:], Timed)
        if before and behind and usual not in (None, id_) and not of(self._chunks, Comparing):
            raise Stuck(two_dates(self._phrasing, [one for one in (usual, id_) if one is not None]))

    def _steps(self, chunk: Stepped, facts: frozenset[str]) -> None:
        field = self._measures.fact(chunk.piece)
        if self._candidates.distance(facts, field.dataset) is None:
            raise Stuck(Unsupported(reason=f"{self.measured} is not recorded by {self._phrasing.field(field)}."))
        self.draft.group_by.append(Key(field, "bin"))

    def _part_of_time(self, chunk: Parted) -> None:
        """Divide by a weekday or an hour, or keep the rows of some."""
        field = self.draft.time_field or Moments(self._setting, self.draft).time_field()
        if field is None:
            if not self.draft.measures and not self._scene.measureless:
                return  # asked for what is measured first
            raise Stuck(Unsupported(reason=f"{self.measured} has no date in the data, so I can't tell it by {chunk.words}."))
        parts_of_time.apply(chunk, field, self.draft, self._catalog)

    def _grouping(self, chunk: Chunk) -> Piece | None:
        """The name to group by: after "by", or a dimension that stands alone ("top 3 regions by revenue")."""
        if isinstance(chunk, Grouped):
            return chunk.piece
        begun = any(beginning.field is chunk.piece for beginning in of(self._chunks, Beginning) if isinstance(chunk, Mention))
        if begun and not of(self._chunks, Sorted):
            return None
        if not isinstance(chunk, Mention) or self._measures.can_measure(chunk.piece):
            return None
        if chunk.piece.fields:
            return None if is_flag(chunk.piece, self._catalog) else chunk.piece
        follows = next((after for before, after in pairwise(self._chunks) if before is chunk), None)
        grouped = any(isinstance(other, Grouped) and not (other.asked and isinstance(follows, Ranked)) for other in self._chunks)
        if any(other.of is chunk.piece for other in of(self._chunks, Ranked)) and of(self._chunks, Split):
            grouped = False  # "by region, the top two products in each"
        picked = any(isinstance(other, Ranked | Sorted | Comparing) or (isinstance(other, Limited) and not is_of_age(other)) for other in self._chunks)
        return chunk.piece if chunk.piece.datasets and picked and not grouped and self.draft.measures else None

    def _stands_for_its_value(self, chunk: Chunk) -> bool:
        """A dimension named only to say which of its values are meant ("regions EMEA and APAC")."""
        return isinstance(chunk, Mention) and any(value.field is chunk.piece for value in of(self._chunks, Valued))

    def _ranked_by_something(self, unsaid: Unsaid) -> None:
        if not (self.draft.ranking or of(self._chunks, Split)) or self.draft.group_by or self.draft.grain:
            return
        facts = self._measures.facts(self.draft.measures)
        self.draft.group_by.append(Key(unsaid.ranked_kind() or self._candidates.decided_group(facts, self.measured)))

    def _analysis(self) -> Analysis:
        draft = self.draft
        if draft.analysis is not None:
            return draft.analysis
        if draft.ranking:
            return "ranking"
        if draft.grain is not None:
            return "breakdown" if draft.options.get("average") and draft.group_by else "series"
        if draft.compare is not None:
            return "compare"
        return "breakdown" if draft.group_by else "value"

    def _built(self) -> MetricQuestion:
        draft = self.draft
        return MetricQuestion(
            analysis=self._analysis(),
            metrics=tuple(draft.measures),
            group_by=tuple(key.written(self._catalog) for key in draft.group_by),
            time_field=str(draft.time_field) if draft.time_field is not None and (draft.period or draft.grain) else None,
            grain=draft.grain,
            filters=tuple(draft.filters),
            period=draft.period,
            compare=draft.compare,
            limit=draft.limit,
            order=draft.order,
            columns=draft.columns,
            options=draft.options,
        )
