"""Which template words what an analysis found."""

from __future__ import annotations

from collections.abc import Mapping

from insights.findings import Compared, Concentration, Distribution, Drivers, Forecast, Pace, Tested, Together, Trend, Unusual

TEMPLATE_OF: Mapping[type, str] = {
    Compared: "compared",
    Concentration: "concentration",
    Distribution: "distribution",
    Forecast: "forecast",
    Pace: "pace",
    Drivers: "drivers",
    Tested: "tested",
    Together: "together",
    Trend: "trend",
    Unusual: "unusual",
}
