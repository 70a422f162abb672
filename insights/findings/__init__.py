"""What an analysis found beyond its rows: facts, one closed union; each kind stands in the file of its analysis."""

from __future__ import annotations

from insights.findings.comparison import Compared, Side
from insights.findings.course import Point, Story, Swing, Trend, Turning, Unusual
from insights.findings.drivers import Driver, Drivers, Held, Hours, Parting
from insights.findings.outlook import Expected, Forecast, Pace, Past, Quality, Step
from insights.findings.spread import Concentration, Distribution
from insights.findings.tested import Outcome, Tested
from insights.findings.together import Rank, Together

Finding = Compared | Concentration | Distribution | Drivers | Forecast | Pace | Tested | Together | Trend | Unusual
"""One kind an analysis. `MetricAnswer.finding` holds it; a template and a chart are chosen by its type."""

__all__ = [
    "Compared",
    "Concentration",
    "Distribution",
    "Driver",
    "Drivers",
    "Expected",
    "Finding",
    "Forecast",
    "Held",
    "Hours",
    "Outcome",
    "Pace",
    "Parting",
    "Past",
    "Point",
    "Quality",
    "Rank",
    "Side",
    "Step",
    "Story",
    "Swing",
    "Tested",
    "Together",
    "Trend",
    "Turning",
    "Unusual",
]
