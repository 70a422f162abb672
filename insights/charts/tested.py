"""An experiment: the difference of each measure, with its interval."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartBand, ChartSeries, Column, MetricAnswer
from insights.findings.tested import Tested
from insights.requests import Scalar


def tested(answer: MetricAnswer, _name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """Lifts, because measures have different units."""
    found = answer.finding
    if not isinstance(found, Tested):
        return None
    shown = [one for one in found.outcomes if one.control]
    if not shown:
        return None
    labels = tuple(f"{one.measure}, {one.arm}" for one in shown)
    scaled = [(one.difference / abs(one.control), one.low / abs(one.control), one.high / abs(one.control)) for one in shown]
    band = ChartBand(name="95 %", lower=tuple(low for _, low, _ in scaled), upper=tuple(high for _, _, high in scaled))
    series = (ChartSeries(name="Lift", values=tuple(lift for lift, _, _ in scaled)),)
    return Chart(kind="interval", title=f"Lift in the {found.name}", labels=labels, series=series, unit="percent", alt=alt, bands=(band,))
