"""What somebody should know: of all figures they may see the few that moved further than they usually do, each told once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from insights.analysis.anomalies import lately
from insights.analysis.briefings.memory import Told, moved
from insights.analysis.briefings.surprise import surprise
from insights.analysis.data import Data, Series
from insights.answers import Column, MetricAnswer, Row
from insights.catalog.model import Metric
from insights.errors import AskerCanFix, DeadlinePassed, NotAnswerable, NotPermitted
from insights.findings import Briefing, Drivers, Notice, Pace
from insights.findings.course import Story
from insights.query.about import define
from insights.requests import ComparePeriod, MetricQuestion, Period

MOST, FEWEST = 5, 3
SURPRISING = 3.5
"""Standard deviations from which a change is told as one."""
_LENGTH = 7
_SECONDS = 12.0
"""Where nobody waits until a deadline."""
_LOOKING, _EXPLAINING = 0.6, 0.85
"""Of the time there is, until when figures are looked at, and until when changes are explained."""
_UNCERTIFIED = 0.6
"""What a figure weighs that nobody vouches for, beside one that is certified; one with a target weighs as much more as `_AIMED`."""
_AIMED = 1.3
_NOT_HERE = (AskerCanFix, NotPermitted)
"""What makes a figure no part of a briefing: it cannot be told so, or not to this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A figure that was looked at: its answer, how surprising its change is, and what lay out of the ordinary."""

    metric: Metric
    answer: MetricAnswer
    score: float
    stories: tuple[Story, ...]

    @property
    def weight(self) -> float:
        return (1.0 if self.metric.certified else _UNCERTIFIED) * (_AIMED if self.metric.target is not None else 1.0)


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Three to five notices, fewer where there is no more to tell. Raises NotAnswerable where nothing can be looked at."""
    if question.metrics or question.group_by or question.compare is not None:
        raise NotAnswerable("A briefing is about everything you may see.", remedy="Ask for one figure by its name, or say 'brief me'.")
    began, seconds = time.monotonic(), data.seconds(0.8, _SECONDS)
    metrics = sorted((one for one in data.catalog.metrics.values() if one.endpoint is None), key=lambda one: (not one.certified, one.target is None))
    now = _period(question.period, data, metrics)
    before = now.preceding()
    looked: list[_Looked] = []
    tried = 0
    for some in _together(metrics):
        if looked and time.monotonic() - began > seconds * _LOOKING:
            break
        tried += len(some)
        looked += _look(some, question, now, data)
    if not looked:
        raise NotAnswerable("There is nothing here that I can brief you on.", remedy="Ask for one figure by its name.")
    candidates = list(_ranked(looked, now, before, question, data))
    memory = data.memory() if data.memory is not None else None
    known = memory.recall() if memory is not None else {}
    fresh = [one for one in candidates if not _is_old(one, known.get(_key(one)), data.today)]
    old = [known[_key(one)].day for one in candidates if one not in fresh]
    notices = list(_chosen(fresh))
    notices = [_explained(one, now, before, question, data) if time.monotonic() - began < seconds * _EXPLAINING else one for one in notices]
    if memory is not None and notices:
        memory.keep({_key(one): Told(day=data.today, ratio=one.ratio, ongoing=one.ongoing) for one in notices})
    finding = Briefing(now=now, before=before, notices=tuple(notices), looked=tried, figures=len(metrics), told=len(old), since=max(old, default=None))
    return _told(looked, finding)


def _period(asked: Period | None, data: Data, metrics: Sequence[Metric]) -> Period:
    """The days that are told about: those that were said, as far as they are over, else the last week of which there is data."""
    covered = [data.contents.coverage[metric.time].last for metric in metrics if metric.time is not None and metric.time in data.contents.coverage]
    over = data.today if data.catalog.today == data.today else data.today - timedelta(days=1)  # a day that goes on is no day to set against others
    through = min(max(covered, default=over), over)
    if asked is None or asked.first is None or (asked.first >= data.today and asked.days == 1):
        return Period(first=through - timedelta(days=_LENGTH - 1), last=through)
    last = min(asked.last or through, through)
    if last < asked.first:
        raise NotAnswerable("There is no data of that time yet.", remedy="Ask for an earlier period.")
    return Period(first=asked.first, last=last, words=asked.words)


def _together(metrics: Sequence[Metric]) -> list[tuple[Metric, ...]]:
    """The figures that are read from the same rows by the same time, so that these are read once."""
    found: dict[object, list[Metric]] = {}
    for metric in metrics:
        found.setdefault((metric.datasets, metric.time), []).append(metric)
    return [tuple(some) for some in found.values()]


def _look(metrics: Sequence[Metric], question: MetricQuestion, now: Period, data: Data) -> list[_Looked]:
    """What there is to figures day by day; without those that have no days, or that the asker may not have so."""
    asked = MetricQuestion(analysis="series", metrics=tuple(metric.name for metric in metrics), grain="day", filters=question.filters)
    try:
        many = data.each_series(asked, grain="day")
    except _NOT_HERE:
        return [one for metric in metrics for one in _look((metric,), question, now, data)] if len(metrics) > 1 else []
    return [one for metric in metrics if metric.name in many and (one := _seen(metric, many[metric.name].whole(), now)) is not None]


def _seen(metric: Metric, series: Series, now: Period) -> _Looked | None:
    """How a figure went in the days that are told about; None where these are not known."""
    assert now.first is not None
    assert now.last is not None
    upto = [n for n, start in enumerate(series.starts) if _day(start) <= now.last]
    if not upto or _day(series.starts[upto[-1]]) < now.last:
        return None
    values = np.array([np.nan if series.values[n] is None else float(series.values[n] or 0.0) for n in upto])
    score = None if np.isnan(values).any() else surprise(values, now.days or _LENGTH)
    stories = lately(_until(series, upto[-1]), Period(first=max(now.first, now.last - timedelta(days=_LENGTH - 1)), last=now.last))
    return _Looked(metric=metric, answer=series.answer, score=score or 0.0, stories=tuple(stories))


def _until(series: Series, last: int) -> Series:
    return replace(series, starts=series.starts[: last + 1], values=series.values[: last + 1], incomplete=frozenset())


def _day(start: date) -> date:
    return date(start.year, start.month, start.day)


def _ranked(looked: Sequence[_Looked], now: Period, before: Period, question: MetricQuestion, data: Data) -> Iterator[Notice]:
    """What may be told, what surprises and weighs most first; after that how targets stand, and the figures that weigh most as they are."""
    told: set[str] = set()
    changed = [one for one in looked if abs(one.score) >= SURPRISING or one.stories]
    for one in sorted(changed, key=lambda x: -_size(x) * x.weight):
        if one.metric.name in told:
            continue
        alike = [other for other in changed if other.metric.name not in told and other is not one and _is_alike(one, other)]
        notice = _notice(one, alike, now, before, question, data)
        if notice is not None:
            told |= {one.metric.name, *(other.metric.name for other in alike)}
            yield notice
    for one in looked:
        if one.metric.target is not None and not question.filters and (pace := _pace(one, data)) is not None:
            yield pace
    for one in looked:
        if one.metric.name not in told and one.metric.certified and (usual := _compared(one, "usual", (), now, before, question, data)) is not None:
            told.add(one.metric.name)
            yield usual
            if len(told) >= MOST:
                return


def _size(one: _Looked) -> float:
    """How far the change, or the day furthest out, lies from what is usual."""
    return max([abs(one.score), *(abs(story.score) for story in one.stories)])


def _is_alike(one: _Looked, other: _Looked) -> bool:
    """Whether figures of the same rows went the same way: that is one story, not several."""
    return set(one.metric.datasets) & set(other.metric.datasets) != set() and _way(one) == _way(other) and bool(one.stories) == bool(other.stories)


def _way(one: _Looked) -> bool:
    return (one.stories[0].score if one.stories else one.score) > 0


def _notice(one: _Looked, alike: Sequence[_Looked], now: Period, before: Period, question: MetricQuestion, data: Data) -> Notice | None:
    also = tuple(other.metric.label for other in alike)
    if one.stories and max(abs(story.score) for story in one.stories) >= abs(one.score):
        story = max(one.stories, key=lambda x: abs(x.score))
        ratio = (story.value - story.expected) / abs(story.expected) if story.expected else None
        made = _plain(one.metric, "unusual", story.value, story.expected, story.score)
        return replace(made, ratio=ratio, also=also, first=story.first, last=story.last, ongoing=story.ongoing and story.last > story.first)
    return _compared(one, "change", also, now, before, question, data)


def _compared(
    one: _Looked, kind: Literal["change", "usual"], also: tuple[str, ...], now: Period, before: Period, question: MetricQuestion, data: Data
) -> Notice | None:
    """The figure of the period beside that of the one before."""
    asked = MetricQuestion(analysis="value", metrics=(one.metric.name,), filters=question.filters)
    try:
        value, then = (data.ask(replace(asked, period=period)).value for period in (now, before))
    except _NOT_HERE:
        return None
    if value is None or then is None:
        return None
    return replace(_plain(one.metric, kind, value, then, one.score), also=also)


def _plain(metric: Metric, kind: Literal["change", "unusual", "pace", "usual"], value: float, before: float, score: float) -> Notice:
    ratio = (value - before) / abs(before) if before else None
    better = metric.good == "neither" or value == before
    good = None if better else (value > before) == (metric.good == "up")
    return Notice(kind=kind, metric=metric.name, label=metric.label, unit=metric.unit, value=value, before=before, ratio=ratio, score=score, good=good)


def _pace(one: _Looked, data: Data) -> Notice | None:
    """How a figure stands against its target of the year; None where it has none that it can be held against."""
    from insights.analysis import pace

    asked = MetricQuestion(analysis="pace", metrics=(one.metric.name,))
    try:
        found = pace.answer(asked, replace(data, deadline=min(data.deadline or np.inf, time.monotonic() + _SECONDS / 2))).finding
    except (*_NOT_HERE, DeadlinePassed):
        return None
    if not isinstance(found, Pace) or not found.target:
        return None
    made = _plain(one.metric, "pace", found.known, found.target, 0.0)
    on_track = None if found.chance is None else found.chance >= 0.5
    return replace(made, ratio=found.known / found.target, good=on_track, first=found.period.first, last=found.period.last)


def _key(one: Notice) -> str:
    """What a notice is about: a day out of the ordinary is another one than that of last month."""
    return f"{one.metric}:{one.kind}:{one.first}" if one.kind == "unusual" else f"{one.metric}:{'pace' if one.kind == 'pace' else 'change'}"


def _is_old(one: Notice, told: Told | None, today: date) -> bool:
    """Whether it was told on an earlier day and has not moved since; what was told today is told again to whoever asks twice."""
    return told is not None and told.day < today and not moved(told, one.ratio, ongoing=one.ongoing)


def _chosen(fresh: Sequence[Notice]) -> Iterator[Notice]:
    """All that surprises, five at most; as they are only so many that three are told."""
    for number, one in enumerate(fresh):
        if number < (FEWEST if one.kind in ("usual", "pace") else MOST):
            yield one


def _explained(one: Notice, now: Period, before: Period, question: MetricQuestion, data: Data) -> Notice:
    """A change with the values that carry it, where some do."""
    if one.kind != "change":
        return one
    from insights.analysis import drivers

    asked = MetricQuestion(analysis="drivers", metrics=(one.metric,), filters=question.filters, period=now, compare=ComparePeriod(period=before))
    try:
        found = drivers.answer(asked, data).finding
    except (*_NOT_HERE, DeadlinePassed):
        return one
    return replace(one, where=found.drivers[0].where) if isinstance(found, Drivers) and found.drivers else one


def _told(looked: Sequence[_Looked], found: Briefing) -> MetricAnswer:
    """A row for each notice, with the definitions of what they are about."""
    named = {one.metric.name: one for one in looked}
    first = named[found.notices[0].metric] if found.notices else looked[0]
    used = [named[one.metric] for one in found.notices] or [first]
    columns = (
        Column(name="figure", label="Figure", role="dimension"),
        Column(name="kind", label="What", role="dimension"),
        Column(name="value", label="Value", role="metric"),
        Column(name="before", label="Before, expected or aimed at", role="metric"),
        Column(name="ratio", label="Change", role="metric", unit="percent"),
    )
    rows: tuple[Row, ...] = tuple(
        {"figure": one.label, "kind": one.kind, "value": one.value, "before": one.before, "ratio": one.ratio} for one in found.notices
    )
    return replace(
        first.answer,
        analysis="briefing",
        value=None,
        unit=None,
        columns=columns,
        rows=rows,
        total_rows=len(rows),
        definition=tuple(dict.fromkeys(define(one.metric) for one in used)),
        source=", ".join(dict.fromkeys(one.answer.source for one in used)),
        period=found.now,
        time_field=None,
        notes=tuple(dict.fromkeys(note for one in used for note in one.answer.notes if "only what you may see" in note)),
        incomplete=(),
        finding=found,
    )
