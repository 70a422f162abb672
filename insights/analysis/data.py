"""What an analysis reads through: questions of its own, all asked for the same person, until the same deadline."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from insights.analysis.briefings.memory import Memory
from insights.answers import MetricAnswer, Row
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.errors import DeadlinePassed, NotAnswerable
from insights.permit import Grant
from insights.query.answering import Drawn
from insights.query.courses import Course, Within
from insights.query.cutting import Cuts
from insights.query.measures import Measured
from insights.requests import Filter, Grain, MetricQuestion, Period, Scalar

if TYPE_CHECKING:
    from insights.analysis.predictions import Predictions

MOST_NUMBERS = 10_000
"""Records of which the numbers are read at once; the latest, and how many there are in all is known."""
_RESERVE = 0.25
"""Seconds kept back from a deadline, to say something in."""
_OF_SETS = ("members", "also_first", "also_last", "not_first", "not_last")
"""Options that say what a figure is of; all others say how it is told."""


class Asks(Protocol):
    """Answers one question for one grant."""

    def answer(
        self, question: MetricQuestion, grant: Grant, *, deadline: float | None = None, timings: dict[str, float] | None = None, alone: bool = False
    ) -> MetricAnswer:
        """As `query.answering.Questions.answer`."""

    def cuts(
        self,
        question: MetricQuestion,
        grant: Grant,
        sets: Sequence[tuple[str, ...]],
        *,
        measures: tuple[Measured, ...] | None = None,
        deadline: float | None = None,
    ) -> Cuts:
        """As `query.answering.Questions.cuts`."""

    def course(self, course: Course, asked: Within, grant: Grant, *, deadline: float | None = None) -> Drawn:
        """As `query.answering.Questions.course`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A figure bucket by bucket, without gaps: `starts` are the first days (or hours) of the buckets, `values` None where it is unknown.

    A sum or a count of no rows is 0. `incomplete` are the places of the buckets that the data or the period covers only in part: they are shown, and never
    computed with.
    """

    starts: tuple[date, ...]
    values: tuple[float | None, ...]
    incomplete: frozenset[int]
    grain: Grain
    answer: MetricAnswer

    def whole(self) -> Series:
        """Without what is incomplete at either end, and without unknown values there.

        What is unknown in between stays None: whoever computes says what that means.
        """
        places = [n for n, value in enumerate(self.values) if n not in self.incomplete and value is not None]
        if not places:
            return replace(self, starts=(), values=(), incomplete=frozenset())
        first, last = places[0], places[-1] + 1
        kept = frozenset(n - first for n in self.incomplete if first <= n < last)
        return replace(self, starts=self.starts[first:last], values=self.values[first:last], incomplete=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Numbers of records, one row each, unknown ones None; `total` is how many records there are, of which the latest `MOST_NUMBERS` are here."""

    names: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    total: int
    answer: MetricAnswer

    def column(self, name: str) -> tuple[float | None, ...]:
        """One of the columns as numbers."""
        at = self.names.index(name)
        return tuple(float(cell) if isinstance(cell := row[at], (int, float)) else None for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What one person may know, for one turn. `catalog` and `contents` name only what is granted; `decide` permits each question that is asked besides.

    `now` is the company's local time; `deadline` an instant of `time.monotonic()`, None when nobody waits. `timings` adds up seconds.
    `memory` opens what the person was told before, `predictions` asks the company's models; None where neither is known.
    """

    questions: Asks
    decide: Callable[[MetricQuestion], Grant]
    catalog: Catalog
    contents: Contents
    now: datetime
    deadline: float | None = None
    timings: dict[str, float] = field(default_factory=dict)
    memory: Callable[[], Memory] | None = None
    predictions: Predictions | None = None

    @property
    def today(self) -> date:
        """The company's day."""
        return self.now.date()

    def ask(self, question: MetricQuestion, *, alone: bool = False) -> MetricAnswer:
        """What the data answers to a question; told `alone`, it may be of older data where that is allowed.

        Raises as `Questions.answer` does, and NotPermitted for what the asker may not have.
        """
        return self._asked(question, self.decide(question), alone=alone)

    def unshown(self, question: MetricQuestion) -> MetricAnswer:
        """The same with single people among the rows: only for what is computed from them, of which none of the rows may reach anybody.

        Row policies hold. Whoever uses it shows nothing about fewer people than `least`.
        """
        return self._asked(question, replace(self.decide(question), minimum_group=None))

    def cuts(self, question: MetricQuestion, sets: Sequence[tuple[str, ...]], measures: tuple[Measured, ...] | None = None) -> Cuts:
        """The question's figures (or `measures` made of them) by each of the sets of keys, in one pass over the rows where that can be."""
        names = tuple(dict.fromkeys(name for keys in sets for name in keys))
        grant = self.decide(replace(question, group_by=names))
        self._check_time()
        began = time.perf_counter()
        try:
            return self.questions.cuts(question, grant, sets, measures=measures, deadline=self.deadline)
        finally:
            self.timings["query"] = self.timings.get("query", 0.0) + time.perf_counter() - began

    def course(self, question: MetricQuestion, course: Course, asked: Within) -> Drawn:
        """What members did over time, for a question that names everything it is about. Nothing is withheld yet: see `least`."""
        grant = self.decide(question)
        self._check_time()
        began = time.perf_counter()
        try:
            return self.questions.course(course, asked, grant, deadline=self.deadline)
        finally:
            self.timings["query"] = self.timings.get("query", 0.0) + time.perf_counter() - began

    @property
    def least(self) -> int:
        """The fewest people that something may be told about."""
        return self.catalog.minimum_group or 1

    def series(self, question: MetricQuestion, *, grain: Grain | None = None, period: Period | None = None) -> Series:
        """The question's first figure bucket by bucket, over all there is or over `period`; its grain where none is given, else months.

        Raises as `ask` does, and NotAnswerable for a figure without a time.
        """
        found = self.ask(self._over_time(question, grain, period))
        time_name, figure = found.columns[0].name, next(column.name for column in found.columns if column.is_figure)
        return _series(found, [row for row in found.rows if row[time_name] is not None], time_name, figure)

    def each_series(self, question: MetricQuestion, *, grain: Grain) -> Mapping[str, Series]:
        """The same for every figure of the question, read at once, by its name."""
        found = self.ask(self._over_time(question, grain, None))
        time_name = found.columns[0].name
        rows = [row for row in found.rows if row[time_name] is not None]
        return {column.name: _series(found, rows, time_name, column.name) for column in found.columns if column.is_figure}

    def series_by(self, question: MetricQuestion, *, grain: Grain | None = None, period: Period | None = None) -> Mapping[tuple[Scalar, ...], Series]:
        """The same for each group of the question's `group_by`, by the values of its keys."""
        found = self.ask(replace(self._over_time(question, grain, period), group_by=question.group_by))
        time_name, *keys = (column.name for column in found.columns if column.role != "metric")
        figure = next(column.name for column in found.columns if column.is_figure)
        groups: dict[tuple[Scalar, ...], list[Row]] = {}
        for row in found.rows:
            if row[time_name] is not None:
                groups.setdefault(tuple(row[key] for key in keys), []).append(row)
        return {group: _series(found, rows, time_name, figure) for group, rows in groups.items()}

    def _over_time(self, question: MetricQuestion, grain: Grain | None, period: Period | None) -> MetricQuestion:
        return MetricQuestion(
            analysis="series",
            metrics=question.metrics,
            time_field=question.time_field,
            grain=grain or question.grain or "month",
            filters=question.filters,
            period=period,
            options={name: value for name, value in question.options.items() if name in _OF_SETS},
        )

    def numbers(self, question: MetricQuestion, columns: tuple[str, ...], *, dataset: str, shown: bool = True) -> Numbers:
        """Fields of the records of a dataset within the question's filters and period, the latest first. `shown` False: see `unshown`."""
        asked = MetricQuestion(
            analysis="list",
            metrics=(),
            columns=columns,
            time_field=question.time_field,
            filters=tuple(one for one in question.filters if one.dimension is not None),
            period=question.period,
            limit=MOST_NUMBERS,
            options={"dataset": dataset},
        )
        found = self.ask(asked) if shown else self.unshown(asked)
        names = tuple(column.name for column in found.columns)
        rows = tuple(tuple(row[name] for name in names) for row in found.rows)
        return Numbers(names=names, rows=rows, total=found.total_rows or len(rows), answer=found)

    def seconds(self, share: float = 1.0, most: float = 10.0) -> float:
        """How long something may take: `share` of what is left until the deadline, `most` at most, and `most` when nobody waits. Never negative."""
        if self.deadline is None:
            return most
        return max(0.0, min(most, share * (self.deadline - _RESERVE - time.monotonic())))

    def until(self, share: float = 1.0, most: float = 10.0) -> float:
        """The same as an instant of `time.monotonic()`."""
        return time.monotonic() + self.seconds(share, most)

    def _check_time(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise DeadlinePassed("That takes longer than you can wait here.", remedy="Ask for a shorter period, or ask me in chat.")

    def _asked(self, question: MetricQuestion, grant: Grant, *, alone: bool = False) -> MetricAnswer:
        self._check_time()
        took: dict[str, float] = {}
        try:
            return self.questions.answer(question, grant, deadline=self.deadline, timings=took, alone=alone)
        finally:
            for name, spent in took.items():
                self.timings[name] = self.timings.get(name, 0.0) + spent


def _series(found: MetricAnswer, rows: list[Row], time_name: str, figure: str) -> Series:
    starts = tuple(at for row in rows if isinstance(at := row[time_name], date))
    if len(starts) != len(rows):
        raise NotAnswerable("I can't tell that over time.", remedy="Ask for another figure.")
    values = tuple(float(cell) if isinstance(cell := row[figure], (int, float)) else None for row in rows)
    incomplete = frozenset(n for n, at in enumerate(starts) if at in found.incomplete)
    grain = next(column.grain for column in found.columns if column.name == time_name)
    return Series(starts=starts, values=values, incomplete=incomplete, grain=grain or "day", answer=found)


def narrowed(question: MetricQuestion, *filters: Filter) -> MetricQuestion:
    """The question with more conditions."""
    return replace(question, filters=(*question.filters, *filters))
