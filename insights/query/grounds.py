"""What a question is about: its measures, their facts, and the times that apply to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from insights.catalog.model import Aggregation, Catalog, FieldId
from insights.permit import Grant
from insights.query import progress
from insights.query.groups import Grouping, Steps, grouping
from insights.query.measures import Measured, measured
from insights.query.times import time_of
from insights.requests import ComparePeriod, Grain, MetricQuestion, Period

NO_STEPS: Mapping[str, Steps] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a question is about: its measures (`shown`, and `hidden` ones that only conditions name), their facts, and the times of their aggregates.

    `times` are found by measure and aggregate, `grain` is that of a series, `timed` says that some time applies.
    """

    question: MetricQuestion
    catalog: Catalog
    shown: tuple[Measured, ...]
    hidden: tuple[Measured, ...]
    facts: tuple[str, ...]
    times: Mapping[tuple[str, Aggregation], FieldId | None]
    grain: Grain | None
    timed: bool

    @property
    def read(self) -> tuple[str, ...]:
        """The facts, and those of the events that are looked for after theirs."""
        return tuple(dict.fromkeys(name for m in (*self.shown, *self.hidden) for a in m.aggregations for name in a.datasets))

    @property
    def known_times(self) -> tuple[FieldId, ...]:
        """The time fields, each once."""
        return tuple(dict.fromkeys(time for time in self.times.values() if time is not None))

    @property
    def first_time(self) -> FieldId | None:
        """The time of the first aggregate that has one."""
        return next((time for time in self.times.values() if time is not None), None)

    def grouping(self, name: str, steps: Mapping[str, Steps] = NO_STEPS) -> Grouping:
        """What a name of the question means."""
        return grouping(self.catalog, name, self.facts, times=self.known_times, steps=steps.get(name))


def ground(question: MetricQuestion, grant: Grant, catalog: Catalog, *, running: bool = False) -> Grounds:
    """What the question is about. Raises as `plan` does."""
    shown = [measured(text, catalog, grant.metrics) for text in question.metrics]
    hidden = {c.metric: measured(c.metric, catalog, grant.metrics) for c in question.filters if c.metric and c.metric not in question.metrics}
    if running:
        shown, hidden = [progress.so_far(m) for m in shown], {name: progress.so_far(m) for name, m in hidden.items()}
    return grounded(question, catalog, tuple(shown), tuple(hidden.values()))


def grounded(question: MetricQuestion, catalog: Catalog, shown: tuple[Measured, ...], hidden: tuple[Measured, ...] = ()) -> Grounds:
    """What a question with these measures is about. Raises as `plan` does."""
    measures = (*shown, *hidden)
    before = question.compare.period if isinstance(question.compare, ComparePeriod) else None
    grain = question.grain or (_grain(question.period) if question.analysis == "series" else None)
    timed = grain is not None or question.period is not None or before is not None or question.options.get("members") is not None
    return Grounds(
        question=question,
        catalog=catalog,
        shown=shown,
        hidden=hidden,
        facts=tuple(dict.fromkeys(a.dataset for m in measures for a in m.aggregations)),
        times={(m.text, a): time_of(catalog, question, m, a, measures[0], needed=timed or a.over is not None) for m in measures for a in m.aggregations},
        grain=grain,
        timed=timed,
    )


def _grain(period: Period | None) -> Grain:
    """The grain of a series when none is asked for: days within a month or so, else months."""
    return "day" if period is not None and period.days is not None and period.days <= 45 else "month"
