"""When: the period, what it is compared to, the time field and the grain of a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from insights.catalog.model import Endpoint, FieldId
from insights.catalog.values import Coverage
from insights.language.chunks import Against, Bucketed, Chunk, Comparing, Ranked, Timed, of
from insights.language.draft import Draft, Key, Setting
from insights.language.measures import datasets_of
from insights.language.periods import Found
from insights.language.periods.vocabulary import FISCAL
from insights.language.phrasing import said
from insights.language.stuck import Stuck
from insights.language.timing import (
    alike,
    bucket,
    current,
    cut_buckets,
    grain_for,
    grain_of,
    is_fine,
    is_now,
    joined,
    like_with_like,
    month_before,
    months_in,
    period_of,
    preceding,
    quarter_before,
    week_before,
    year_before,
)
from insights.language.two_periods import TwoPeriods
from insights.requests import AdHoc, ComparePeriod, Formula, Grain, Measure, MetricName, Period, Unsupported, parse_measure

_ONE_PERIOD = "I can answer for one period at a time, or compare two: say which one, or 'compare' them."
_OF_EVERYTHING = ("briefing", "funnel", "experiment", "segments", "cohorts")
_YEARLY = frozenset({"year over year", "year on year", "yoy"})
_IN_A_YEAR: tuple[Grain, ...] = ("day", "week", "month", "quarter")


class Moments:
    """Sets what a draft says about time."""

    def __init__(self, setting: Setting, draft: Draft) -> None:
        self._setting = setting
        self._catalog = setting.catalog
        self._draft = draft

    def apply(self, chunks: Sequence[Chunk]) -> None:
        """Set period, comparison, time field and grain. Raises Stuck for what cannot be told."""
        found = [chunk.found for chunk in of(chunks, Timed) if not is_now(chunk.found)]
        found = self._without_always(found)
        against = of(chunks, Against)
        for moment in (*found, *(chunk.found for chunk in against if chunk.found is not None)):
            if is_fine(moment):
                raise Stuck(Unsupported(reason=f"I can't answer for parts of a day yet, such as '{moment.span}'; ask for whole days."))
        buckets = of(chunks, Bucketed)
        two = TwoPeriods(self._setting)
        found, against = two.sides(two.apart(found, chunks), against)
        if not (found or against or buckets or self._draft.grain or self._draft.period):
            return
        usual = self.time_field()
        if self._draft.time_field is None:
            self._draft.time_field = usual
        elif usual is not None and self._draft.time_field != usual:
            said = "the period is that of" if found else "time goes by"
            self._draft.assume(f"{said} {self._catalog.fields[self._draft.time_field].label}")
        if self._draft.time_field is None and not (found or against) and self._by_number_of_year(buckets):
            return
        if self._draft.time_field is None and not self._draft.measures and self._draft.analysis in _OF_EVERYTHING:
            pass  # each of the figures that are told has a time of its own
        elif self._draft.time_field is None:
            raise Stuck(Unsupported(reason="That has no date in the data, so I can't tell it for a period."))
        if len(found) == 2 and found[0].relative != found[1].relative and found[0].grain != found[1].grain and not of(chunks, Comparing):
            raise Stuck(Unsupported(reason=_ONE_PERIOD))  # "Q1 for the last three years" is three periods, and not one from the first to the last
        periods = [self._period(moment) for moment in found]
        self._set_periods(periods, bool(of(chunks, Comparing)))
        self._draft.grain = next((chunk.grain for chunk in buckets if chunk.grain is not None), self._draft.grain)
        said_sides = [chunk for chunk in against if chunk.relative != "moved"] or against
        if self._draft.compare is None or said_sides is not against:
            for chunk in said_sides[:1]:
                self._against(chunk)
        self._align()
        self._bucket(buckets)
        self._reckon(buckets)
        if of(chunks, Ranked):
            self._tell_cut_buckets()

    def _by_number_of_year(self, buckets: Sequence[Bucketed]) -> bool:
        """Where no field holds dates, but one number is a year, that is what goes by years or over time."""
        if any(chunk.grain not in (None, "year") for chunk in buckets):
            return False
        datasets = {name for text in self._draft.measures for name in datasets_of(parse_measure(text), self._catalog)}
        fields = [field for name in datasets for field in self._catalog.datasets[name].fields.values() if field.role == "dimension" and field.kind == "number"]
        years = [field.id for field in fields if grain_of(field.label) == "year"]
        if len(years) != 1:
            return False
        if Key(years[0]) not in self._draft.group_by:
            self._draft.group_by.append(Key(years[0]))
        self._draft.assume(f"time is the number in {self._catalog.fields[years[0]].label}")
        return True

    def _without_always(self, found: list[Found]) -> list[Found]:
        """ "All time" and "ever" leave the question without a period: everything the data covers, which is said as dates."""
        always = [moment for moment in found if moment.start is None and moment.end is None]
        if not always:
            return found
        self._draft.period = None
        field = self._draft.time_field or self.time_field()
        coverage = self._setting.contents.coverage.get(field) if field is not None else None
        days = said(Period(first=coverage.first, last=coverage.last)) if coverage is not None else "everything in the data"
        self._draft.assume(f"'{always[0].words}' is {days}")
        return [moment for moment in found if moment not in always]

    def _tell_cut_buckets(self) -> None:
        """The worst week of a year may be one that the year cuts off: name the first and last bucket that are not whole."""
        grain, coverage = self._draft.grain, self._coverage
        if grain is None or coverage is None:
            return
        period = self._draft.period or Period()
        days = Period(
            first=max(filter(None, (period.first, coverage.first))),
            last=min(filter(None, (period.last, coverage.last, self._setting.now.date()))),
        )
        for part, place in cut_buckets(days, grain, self._catalog.reckoned(self._draft.options.get("calendar"))):
            self._draft.assume(f"the {place} {grain} is not whole: {said(part)}")

    def time_field(self) -> FieldId | None:
        """The field that periods of what is measured or listed apply to."""
        for text in self._draft.measures:
            field = self._time_of(parse_measure(text))
            if field is not None:
                return field
        dataset = self._draft.options.get("dataset") or self._draft.options.get("of")
        if self._draft.measures or dataset is None:
            members = self._draft.options.get("members")
            return self.time_of_dataset(str(members).partition(".")[0]) if members is not None else None
        return self.time_of_dataset(str(dataset))

    def _time_of(self, measure: Measure) -> FieldId | None:
        match measure:
            case MetricName(name) if name not in self._catalog.metrics:
                return self.time_of_dataset(name.partition(".")[0])
            case MetricName(name):
                metric = self._catalog.metrics[name]
                own = metric.time or next((part.time for part in metric.aggregations if part.time is not None), None)
                return own or (self.time_of_dataset(metric.datasets[0]) if len(metric.datasets) == 1 else None)
            case AdHoc(_, dataset, _):
                return self.time_of_dataset(dataset)
            case Formula(left, _, right):
                return self._time_of(left) or self._time_of(right)

    def time_of_dataset(self, dataset: str) -> FieldId | None:
        """The time field of records: the one that metrics over them use, else their first."""
        for metric in self._catalog.metrics.values():
            if metric.time is not None and metric.time.dataset == dataset:
                return metric.time
        fields = self._catalog.datasets[dataset].dated
        if len(fields) > 1 and self._draft.time_field is None:
            self._draft.assume(f"time is {fields[0].label}")
        return fields[0].id if fields else None

    @property
    def _coverage(self) -> Coverage | None:
        field = self._draft.time_field
        known = self._setting.contents.coverage.get(field) if field is not None else None
        ends = [one.through(known.last) for one in self._endpoints() if known is not None]
        return replace(known, last=max(ends)) if known is not None and ends else known

    def _endpoints(self) -> list[Endpoint]:
        """Those that predict what is measured, maybe for days to come."""
        metrics = [self._catalog.metrics.get(text) for text in self._draft.measures]
        return [metric.endpoint for metric in metrics if metric is not None and metric.endpoint is not None]

    def _period(self, found: Found) -> Period:
        """The days of a time expression, with what it was taken to be."""
        period = self.days(found)
        if self._draft.analysis in ("forecast", "pace") or self._endpoints():
            pass
        elif period.first is not None and period.first > self._setting.now.date() and (self._coverage is None or period.first > self._coverage.last):
            raise Stuck(Unsupported(reason=f"{said(period)} is in the future; I can tell what has been, or say 'forecast' for what may come."))
        self._explain(period)
        return period

    def days(self, found: Found) -> Period:
        """The days of a time expression; of a forecast those that are still to come."""
        if self._draft.analysis == "forecast" and not found.relative:
            return period_of(self._setting.times.ahead(found))
        return period_of(self._setting.times.under(found, self._coverage))

    def _explain(self, period: Period) -> None:
        words = said(period)
        if period.words.casefold() not in (words.casefold(), f"in {words}".casefold(), f"on {words}".casefold()):
            self._draft.assume(f"'{period.words}' is {words}")

    def _set_periods(self, periods: list[Period], comparing: bool) -> None:
        if not periods:
            return
        if len(periods) == 1:
            self._draft.period = periods[0]
            return
        if len(periods) == 2 and comparing:
            earlier, later = sorted(periods, key=lambda period: (period.first is None, period.first))
            self._draft.period, self._draft.compare = later, ComparePeriod(period=earlier)
            return
        whole = joined(periods[0], periods[1]) if len(periods) == 2 else None
        if whole is None:
            raise Stuck(Unsupported(reason=_ONE_PERIOD))
        self._draft.period = whole
        self._explain(whole)

    def _against(self, chunk: Against) -> None:
        """The other side of a comparison of periods."""
        main = self._draft.period
        if main is None and (chunk.relative == "chain" or chunk.words in _YEARLY):
            self._chain(_chained(chunk.words))
            return
        if main is not None and chunk.relative == "chain" and main.days is not None and main.days > _LONGEST[_chained(chunk.words)]:
            self._draft.grain = self._draft.grain or _chained(chunk.words)  # "week over week this year" goes through the weeks of the year
            return
        if main is None and chunk.relative == "moved":
            if self._draft.grain is None:
                self._draft.grain = grain_for(None, self._coverage)
                self._draft.assume(f"'{chunk.words}' shows it by {self._draft.grain}")
            return
        if chunk.found is not None:
            self._against_found(chunk.found, main)
            return
        if main is None or main.first is None or main.last is None:
            raise Stuck(Unsupported(reason=f"'{chunk.words}' needs a period to start from, such as 'last month compared to {chunk.words}'."))
        if chunk.relative == "moved" and main.days == 1 and (event := main.words.removeprefix("the ")) in self._catalog.events:
            told = f"'{event}' was on one day, and that day alone tells little: ask by month since it, or compare two months."
            raise Stuck(Unsupported(reason=told, firm=True))
        back = {"year": year_before, "quarter": quarter_before, "month": month_before, "week": week_before}.get(chunk.relative, preceding)
        other = back(main, chunk.words)
        self._draft.compare = ComparePeriod(period=other)
        how = "is compared to" if chunk.relative == "moved" else "is"
        self._draft.assume(f"'{chunk.words}' {how} {said(other)}")

    def _chain(self, step: Grain) -> None:
        """ "Month over month" goes by month; "year over year by quarter" sets each quarter against that of the year before. Raises Stuck for other steps."""
        grain = self._draft.grain = self._draft.grain or step
        if grain == step:
            return
        if step != "year" or grain not in _IN_A_YEAR:
            raise Stuck(Unsupported(reason=f"I can set each {grain} against the one before, or against the year before, but not against the {step} before."))
        self._draft.analysis = self._draft.analysis or "series"
        self._draft.options.setdefault("change", "year")

    def _against_found(self, found: Found, main: Period | None) -> None:
        other = self.days(found)
        if main is None:
            main = current(found, self._setting.now, self._catalog)
            if main == other or main.first == other.first:
                raise Stuck(Unsupported(reason=f"Compared with {said(other)}, which period? Say for example 'last month compared to {said(other)}'."))
            self._draft.period = main
            self._explain(main)
        elif found.grain == "year" and found.relative and (months_in(main) or 0) < 12 and main.first is not None and other.first is not None:
            shifted = main
            while shifted.first is not None and shifted.first.year > other.first.year:
                shifted = year_before(shifted, other.words)
            other = Period(first=shifted.first, last=shifted.last, words=other.words)
        if (other.first, other.last) == (main.first, main.last):
            raise Stuck(
                Unsupported(reason=f"{said(main)[:1].upper()}{said(main)[1:]} would be compared with itself: say another period, such as 'the year before'.")
            )
        self._draft.compare = ComparePeriod(period=other)
        self._explain(other)

    def _align(self) -> None:
        """A period that has not passed yet is compared over the days that have."""
        period, compare = self._draft.period, self._draft.compare
        if period is None or not isinstance(compare, ComparePeriod):
            return
        today = self._setting.now.date()
        end = min(today, self._coverage.last) if self._coverage is not None else today
        cut = like_with_like(period, compare.period, end)
        if cut is not None:
            self._draft.period, self._draft.compare = cut[0], ComparePeriod(period=cut[1])
            self._draft.assume(f"both sides are cut to the days that have passed: {said(cut[0])} and {said(cut[1])}")
        elif period.days and compare.period.days and not alike(period, compare.period):
            self._draft.assume(f"the two are not equally long: {period.days} and {compare.period.days} days")

    def _bucket(self, buckets: Sequence[Bucketed]) -> None:
        named = next((chunk for chunk in buckets if chunk.grain is not None), None)
        if named is not None:
            self._draft.grain = named.grain
        elif buckets:
            self._draft.grain = grain_for(self._draft.period, self._coverage)
            self._draft.assume(f"'{buckets[0].words}' is by {self._draft.grain}")
        field = self._draft.time_field
        if self._draft.grain == "hour" and (field is None or self._catalog.fields[field].kind != "timestamp"):
            raise Stuck(Unsupported(reason="That is recorded by day, without a time of day; the finest is by day."), cost=0.5)

    def _reckon(self, buckets: Sequence[Bucketed]) -> None:
        """Which year quarters and years are of, where that is said of them."""
        options, steps = self._draft.options, {word for chunk in buckets if chunk.grain is not None for word in chunk.words.split()}
        said = "calendar" if "calendar" in steps else "fiscal" if steps & FISCAL else None
        if steps or self._draft.grain not in ("quarter", "year"):
            options.pop("calendar", None)
        if said is not None and self._draft.grain in ("quarter", "year") and self._catalog.reckoned(said) is not self._catalog:
            options["calendar"] = said


_LONGEST: dict[Grain, int] = {"hour": 1, "day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
"""Days that one unit of the calendar has at most."""


def _chained(words: str) -> Grain:
    """The grain of "month over month" and the like."""
    first = {"mom": "month", "wow": "week", "qoq": "quarter", "yoy": "year"}.get(words, words.split()[0])
    return bucket(first) or "month"
