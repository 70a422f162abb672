"""What was out of the ordinary: days outside what level, season and noise let expect, told as stories in time and over groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from insights.analysis.data import Data, Series
from insights.analysis.outlook import SEASONS, filled_in
from insights.analysis.unusual.watching import Episode, Seen, interval, watch
from insights.answers import MetricAnswer
from insights.errors import NotAnswerable
from insights.findings.course import Point, Story, Unusual
from insights.requests import MetricQuestion, Period, Scalar

_LATEST = 90
"""Days that are looked at where no period was said."""
_MOST_GROUPS = 200
_ALARMS = 0.11 / 365
"""False alarms of one clean series, by bucket (benchmarks/measured_unusual.py)."""
_YEAR, _NEAR = 365, 12
_TOGETHER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _One:
    """One episode of one series."""

    group: tuple[Scalar, ...]
    story: Story


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Watch the whole history, tell what falls into the period. Raises NotAnswerable with too little data."""
    if len(question.metrics) != 1 or question.compare is not None:
        raise NotAnswerable("I can look for what is unusual in one figure at a time.", remedy="Ask for one figure.")
    grain = question.grain or "day"
    many: Mapping[tuple[Scalar, ...], Series]
    if question.group_by:
        many = data.series_by(question, grain=grain)
        if len(many) > _MOST_GROUPS:
            raise NotAnswerable(f"That is {len(many)} groups to watch, and I watch {_MOST_GROUPS} at once.", remedy="Ask by fewer, or for some by name.")
    else:
        many = {(): data.series(question, grain=grain)}
    period = _period(question, many)
    watched = {group: one for group, series in many.items() if (one := _watched(series)) is not None}
    if not watched:
        raise NotAnswerable(
            "There is too little data to know what is usual: three seasons are needed.", remedy="Ask by shorter steps, or again when there is more."
        )
    told = [_One(group, story) for group, (series, seen, episodes) in watched.items() for story in _stories(group, series, seen, episodes)]
    within = [one for one in told if _overlaps(one.story, period)]
    stories = _grouped([one for one in within if not one.story.regular])
    known = _grouped([one for one in within if one.story.regular])
    series, seen, _ = next(iter(watched.values()))
    assert period.first is not None
    assert period.last is not None
    buckets = sum(period.first <= start <= period.last for start in series.starts)
    finding = Unusual(
        grain=grain,
        first=period.first,
        last=period.last,
        stories=tuple(sorted(stories, key=lambda story: -abs(story.score))),
        known=tuple(known),
        watched=len(watched),
        alarms=_ALARMS * buckets * len(watched),
        points=_points(series, seen, period) if not question.group_by else (),
    )
    return _told(question, series.answer, finding, period)


def lately(series: Series, period: Period) -> list[Story]:
    """What lay out of the ordinary in the days of a period, without what comes each year or month; nothing with too little data to know what is usual."""
    found = _watched(series)
    if found is None:
        return []
    whole, seen, episodes = found
    return [story for story in _stories((), whole, seen, episodes) if not story.regular and _overlaps(story, period)]


def _period(question: MetricQuestion, many: Mapping[tuple[Scalar, ...], Series]) -> Period:
    ends = [series.whole().starts[-1] for series in many.values() if series.whole().starts]
    if not ends:
        raise NotAnswerable("There are no figures to look at.", remedy="Ask about another figure.")
    last = max(ends)
    asked = question.period
    if asked is not None and asked.first is not None:
        return Period(first=asked.first, last=asked.last or last, words=asked.words)
    until = asked.last if asked is not None and asked.last is not None else last
    return Period(first=until - timedelta(days=_LATEST - 1), last=until)


def _watched(series: Series) -> tuple[Series, Seen, tuple[Episode, ...]] | None:
    whole = series.whole()
    try:
        values, _ = filled_in(whole.values)
    except NotAnswerable:
        return None
    length = SEASONS[whole.grain]
    if len(values) < max(3 * length, 12) + 2:
        return None
    seen, episodes = watch(values, length)
    return whole, seen, episodes


def _stories(group: tuple[Scalar, ...], series: Series, seen: Seen, episodes: tuple[Episode, ...]) -> list[Story]:
    found = []
    days = [(one.kind, _day(series.starts[one.first])) for one in episodes]
    for one in episodes:
        start = _day(series.starts[one.first])
        regular = _comes_again(start, [day for kind, day in days if kind == one.kind])
        found.append(
            Story(
                kind=one.kind,
                first=start,
                last=_day(series.starts[one.last]),
                worst=_day(series.starts[one.worst]),
                value=float(series.values[one.worst] or 0.0),
                expected=float(seen.expected[one.worst]),
                score=one.score,
                apart=one.apart,
                groups=(group,) if group else (),
                ongoing=one.ongoing,
                regular=regular,
            )
        )
    return found


def _comes_again(start: date, before: list[date]) -> bool:
    """Whether the same was seen a year before, or on that day of the month in two of the three months before: a gift season, a day of renewals."""
    if any(abs((start - day).days - _YEAR) <= _NEAR for day in before):
        return True
    months = {(start.year - day.year) * 12 + start.month - day.month for day in before if abs(start.day - day.day) <= 1}
    return len(months & {1, 2, 3}) >= 2


def _day(start: date) -> date:
    return date(start.year, start.month, start.day)


def _overlaps(story: Story, period: Period) -> bool:
    return (period.last is None or story.first <= period.last) and (period.first is None or story.last >= period.first)


def _grouped(many: list[_One]) -> list[Story]:
    """What went the same way at the same time is one story, whatever the groups."""
    found: list[Story] = []
    for one in sorted(many, key=lambda each: each.story.first):
        story = one.story
        at = next((n for n, other in enumerate(found) if _same(other, story)), None)
        if at is None:
            found.append(story)
            continue
        other = found[at]
        worst = max(other, story, key=lambda each: abs(each.score))
        found[at] = replace(
            worst,
            first=min(other.first, story.first),
            last=max(other.last, story.last),
            apart=other.apart + story.apart,
            groups=tuple(dict.fromkeys((*other.groups, *story.groups))),
            ongoing=other.ongoing or story.ongoing,
        )
    return found


def _same(one: Story, other: Story) -> bool:
    up = ("spike", "shift up")
    return (one.kind in up) == (other.kind in up) and other.first <= one.last + _TOGETHER and one.first <= other.last + _TOGETHER


def _points(series: Series, seen: Seen, period: Period) -> tuple[Point, ...]:
    low, high = interval(seen, level=0.95)
    found = []
    for n, (start, value) in enumerate(zip(series.starts, series.values, strict=True)):
        if value is not None and period.first is not None and period.last is not None and period.first <= _day(start) <= period.last:
            settled = n >= seen.settled
            found.append(Point(start=start, value=value, low=float(low[n]) if settled else None, high=float(high[n]) if settled else None))
    return tuple(found)


def _told(question: MetricQuestion, base: MetricAnswer, finding: Unusual, period: Period) -> MetricAnswer:
    time = next(column for column in base.columns if column.role == "time")
    metric = next(column for column in base.columns if column.is_figure)
    low, high = (replace(metric, name=f"{metric.name}.{end}", label=f"{metric.label}, {end}") for end in ("low", "high"))
    rows = tuple({time.name: p.start, metric.name: p.value, low.name: p.low, high.name: p.high} for p in finding.points)
    return replace(
        base,
        analysis=question.analysis,
        period=period,
        columns=(time, metric, low, high),
        rows=rows,
        total_rows=len(rows),
        value=None,
        unit=metric.unit,
        incomplete=(),
        finding=finding,
    )
