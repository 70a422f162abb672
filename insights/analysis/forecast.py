"""What a figure will be: one path or one total, or a total for each of a few groups, with intervals and the chance of reaching a number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from insights.analysis.comparison import adds_up
from insights.analysis.data import Data
from insights.analysis.outlook import NOT_LATER, Outlook, in_whole, is_later, look, project
from insights.answers import Column, MetricAnswer
from insights.errors import NotAnswerable
from insights.findings.outlook import Expected, Forecast
from insights.requests import Grain, MetricQuestion, Period, Scalar

_MOST_GROUPS = 12
_LEAST_MONTHS = 24


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Foretell the figure through the period. Raises NotAnswerable where there is too little to stand on."""
    period = question.period
    if period is None or period.last is None or len(question.metrics) != 1 or question.compare is not None:
        raise NotAnswerable("I can forecast one figure through a day that is named.", remedy="Say which figure and until when, such as 'next month'.")
    sums = adds_up(question.metrics[0], data)
    grain = _grain(question, period, data)
    whole = in_whole(period, grain, data.catalog)
    told = _by_group(question, data, whole, grain, sums=sums) if question.group_by else _one(question, data, whole, grain, sums=sums)
    return told if whole == period else replace(told, notes=(*told.notes, f"it is told in whole {grain}s"))


def _one(question: MetricQuestion, data: Data, period: Period, grain: Grain, *, sums: bool) -> MetricAnswer:
    """The path of one figure, its total, and the chance of reaching a number."""
    found = look(question, data, period, grain, sums=sums, seconds=data.seconds(0.5))
    if not found.steps:
        raise NotAnswerable("The data covers that period already.", remedy="Ask what the figure was, or for a later time.")
    target = question.options.get("target")
    finding = Forecast(
        grain=grain,
        past=found.past(),
        steps=found.steps,
        total=found.total if sums or len(found.steps) == 1 else None,
        known=found.known if sums and found.known_through is not None else None,
        known_through=found.known_through if sums else None,
        quality=found.quality,
        target=float(target) if isinstance(target, int | float) else None,
        chance=found.chance(float(target)) if isinstance(target, int | float) else None,
        weekly=grain in ("day", "hour"),
    )
    return _told(question, found.series.answer, finding, period)


def _grain(question: MetricQuestion, period: Period, data: Data) -> Grain:
    """By month wherever the period is made of whole months that are longer than weeks tell, for then the time of year is known; else as was asked."""
    asked = question.grain or "month"
    if asked != "week" or period.first is None or period.last is None:
        return asked
    whole = period.first.day == 1 and (period.last + timedelta(days=1)).day == 1
    metric = data.catalog.metrics.get(question.metrics[0])
    coverage = data.contents.coverage.get(metric.time) if metric is not None and metric.time is not None else None
    enough = coverage is not None and (coverage.last - coverage.first).days >= _LEAST_MONTHS * 31
    return "month" if whole and enough else asked


def _by_group(question: MetricQuestion, data: Data, period: Period, grain: Grain, *, sums: bool) -> MetricAnswer:
    groups = data.series_by(question, grain=grain)
    notes: tuple[str, ...] = ()
    if any(is_later(series.answer, data.today) for series in groups.values()):
        groups, notes = data.series_by(question, grain=grain, period=Period(last=data.today)), (NOT_LATER,)
    if not groups:
        raise NotAnswerable("There are no figures to forecast from.", remedy="Ask for a figure over another time.")
    if len(groups) > _MOST_GROUPS:
        raise NotAnswerable(f"That is {len(groups)} forecasts, and I make {_MOST_GROUPS} at once.", remedy="Ask for some of the groups by name.")
    share = data.seconds(0.5) / len(groups)
    made: list[tuple[tuple[Scalar, ...], Outlook]] = []
    short: list[str] = []
    for group, series in groups.items():
        try:
            made.append((group, project(series, period, sums=sums, seconds=share)))
        except NotAnswerable:
            short.append(" ".join(str(cell) if cell is not None else "unknown" for cell in group))
    if not made:
        raise NotAnswerable("No group has enough data to forecast from.", remedy="Ask for the figure as a whole.")
    made.sort(key=lambda one: -one[1].total.value)
    best = made[0][1]
    notes += (f"too little data to forecast: {', '.join(short)}",) if short else ()
    finding = Forecast(
        grain=grain,
        past=(),
        steps=(),
        total=None,
        known=None,
        known_through=None,
        quality=best.quality,
        by=tuple((" ".join(str(cell) if cell is not None else "unknown" for cell in group), found.total) for group, found in made),
        weekly=grain in ("day", "hour"),
    )
    answered = _told(question, best.series.answer, finding, period)
    keys = tuple(column for column in best.series.answer.columns if column.role == "dimension")
    metric = next(column for column in answered.columns if column.role == "metric")
    rows = tuple(dict(zip((key.name for key in keys), group, strict=True)) | _cells(metric.name, found.total) for group, found in made)
    return replace(answered, columns=(*keys, *_columns(metric)), rows=rows, notes=(*answered.notes, *notes))


def _told(question: MetricQuestion, base: MetricAnswer, finding: Forecast, period: Period) -> MetricAnswer:
    time = next(column for column in base.columns if column.role == "time")
    metric = next(column for column in base.columns if column.is_figure)
    rows = tuple({time.name: step.start, **_cells(metric.name, step.expected)} for step in finding.steps)
    return replace(
        base,
        analysis=question.analysis,
        period=period,
        value=finding.total.value if finding.total is not None else None,
        unit=metric.unit,
        columns=(time, *_columns(metric)),
        rows=rows,
        total_rows=len(rows),
        incomplete=(),
        finding=finding,
    )


def _columns(metric: Column) -> tuple[Column, ...]:
    return (
        metric,
        replace(metric, name=f"{metric.name}.low", label=f"{metric.label}, 95% low"),
        replace(metric, name=f"{metric.name}.high", label=f"{metric.label}, 95% high"),
    )


def _cells(name: str, expected: Expected) -> dict[str, Scalar]:
    return {name: expected.value, f"{name}.low": expected.low95, f"{name}.high": expected.high95}
