"""What was and what is to come in one line, with the band in which it may lie."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartBand, ChartSeries, Column, MetricAnswer
from insights.findings.outlook import Forecast, Pace
from insights.requests import Scalar

Name = Callable[[Scalar, Column], str]


def outlook(answer: MetricAnswer, name: Name, alt: str) -> Chart | None:
    """History joined to the forecast; the totals of groups as bars with what may be."""
    found = answer.finding
    if not isinstance(found, Forecast | Pace):
        return None
    if isinstance(found, Forecast) and found.by:
        values = tuple(expected.value for _, expected in found.by)
        band = ChartBand(name="95 %", lower=tuple(e.low95 for _, e in found.by), upper=tuple(e.high95 for _, e in found.by))
        titled = _title(answer)
        return Chart(
            kind="interval",
            title=titled,
            labels=tuple(str(group) for group, _ in found.by),
            series=(ChartSeries(name=titled, values=values),),
            unit=answer.unit,
            alt=alt,
            bands=(band,),
        )
    if not found.steps:
        return None
    bucket = Column(name="", label="", role="time", grain=found.grain)
    starts = (*(one.start for one in found.past), *(step.start for step in found.steps))
    labels = tuple(name(start, bucket) for start in starts)
    before, after = len(found.past), len(found.steps)
    was: tuple[float | None, ...] = (*(one.value for one in found.past), *(None,) * after)
    joined = found.past[-1].value if found.past else None
    gap = (None,) * max(before - 1, 0)
    start = (joined,) if before else ()

    def line(values: tuple[float, ...]) -> tuple[float | None, ...]:
        return (*gap, *start, *values)

    ahead = line(tuple(step.expected.value for step in found.steps))
    bands = tuple(
        ChartBand(
            name=words,
            lower=line(tuple(getattr(step.expected, low) for step in found.steps)),
            upper=line(tuple(getattr(step.expected, high) for step in found.steps)),
        )
        for words, low, high in (("95 %", "low95", "high95"), ("80 %", "low80", "high80"))
    )
    titled = _title(answer)
    series = (ChartSeries(name=titled, values=was), ChartSeries(name="Forecast", values=ahead))
    return Chart(kind="line", title=titled, labels=labels, series=series, unit=answer.unit, alt=alt, bands=bands)


def _title(answer: MetricAnswer) -> str:
    return next((column.label for column in answer.columns if column.is_figure), "")
