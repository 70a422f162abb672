"""What is drawn of what an analysis found; a kind that is not here is drawn by its rows, as any answer is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from insights.answers import Chart, Column, MetricAnswer
from insights.charts.comparison import compared
from insights.charts.course import course
from insights.charts.drivers import waterfall
from insights.charts.holding import held
from insights.charts.members import funnel, retained, segmented
from insights.charts.movers import movers
from insights.charts.outlook import outlook
from insights.charts.tested import tested
from insights.charts.together import together
from insights.findings import Briefing, Cohorts, Compared, Concentration, Drivers, Forecast, Movers, Pace, Passed, Segments, Tested, Together, Trend, Unusual
from insights.requests import Scalar

Name: TypeAlias = Callable[[Scalar, Column], str]
"""Words a dimension's value or a time bucket."""


def nothing(_: MetricAnswer, __: Name, ___: str) -> Chart | None:
    """Several figures of several kinds share no picture."""
    return None


DRAWN: Mapping[type, Callable[[MetricAnswer, Name, str], Chart | None]] = {
    Briefing: nothing,
    Cohorts: retained,
    Compared: compared,
    Concentration: held,
    Forecast: outlook,
    Movers: movers,
    Pace: outlook,
    Passed: funnel,
    Segments: segmented,
    Drivers: waterfall,
    Tested: tested,
    Together: together,
    Trend: course,
    Unusual: course,
}
