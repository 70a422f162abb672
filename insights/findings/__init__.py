"""What an analysis found beyond its rows: facts, one closed union; each kind stands in the file of its analysis."""

from __future__ import annotations

from insights.findings.briefing import Briefing, Notice
from insights.findings.comparison import Compared, Side
from insights.findings.course import Point, Story, Swing, Trend, Turning, Unusual
from insights.findings.drivers import Driver, Drivers, Held, Hours, Parting
from insights.findings.growth import Grown
from insights.findings.members import Cohort, Cohorts, Different, FunnelStep, Kept, Passed, Segment, Segments, Trait
from insights.findings.movers import Movers
from insights.findings.outlook import Expected, Forecast, Pace, Past, Quality, Step
from insights.findings.spread import Concentration, Distribution, Outlier
from insights.findings.tested import Outcome, Tested
from insights.findings.together import Rank, Together

Finding = (
    Briefing
    | Cohorts
    | Compared
    | Concentration
    | Distribution
    | Drivers
    | Forecast
    | Grown
    | Movers
    | Pace
    | Passed
    | Segments
    | Tested
    | Together
    | Trend
    | Unusual
)
"""One kind an analysis. `MetricAnswer.finding` holds it; a template and a chart are chosen by its type."""

__all__ = [
    "Briefing",
    "Cohort",
    "Cohorts",
    "Compared",
    "Concentration",
    "Different",
    "Distribution",
    "Driver",
    "Drivers",
    "Expected",
    "Finding",
    "Forecast",
    "FunnelStep",
    "Grown",
    "Held",
    "Hours",
    "Kept",
    "Movers",
    "Notice",
    "Outcome",
    "Outlier",
    "Pace",
    "Parting",
    "Passed",
    "Past",
    "Point",
    "Quality",
    "Rank",
    "Segment",
    "Segments",
    "Side",
    "Step",
    "Story",
    "Swing",
    "Tested",
    "Together",
    "Trait",
    "Trend",
    "Turning",
    "Unusual",
]
