"""Which template words what an analysis found."""

from __future__ import annotations

from collections.abc import Mapping

from insights.findings import (
    Briefing,
    Cohorts,
    Compared,
    Concentration,
    Distribution,
    Drivers,
    Forecast,
    Grown,
    Movers,
    Pace,
    Passed,
    Segments,
    Tested,
    Together,
    Trend,
    Unusual,
)

TEMPLATE_OF: Mapping[type, str] = {
    Briefing: "briefing",
    Cohorts: "cohorts",
    Compared: "compared",
    Concentration: "concentration",
    Distribution: "distribution",
    Forecast: "forecast",
    Grown: "growth",
    Movers: "movers",
    Pace: "pace",
    Passed: "funnel",
    Segments: "segments",
    Drivers: "drivers",
    Tested: "tested",
    Together: "together",
    Trend: "trend",
    Unusual: "unusual",
}
