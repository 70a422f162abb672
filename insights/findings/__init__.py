"""What an analysis found beyond its rows: facts, one closed union; each kind stands in the file of its analysis."""

from __future__ import annotations

from insights.findings.comparison import Compared, Side
from insights.findings.drivers import Driver, Drivers, Held, Hours, Parting
from insights.findings.outlook import Expected, Forecast, Pace, Past, Quality, Step

Finding = Compared | Drivers | Forecast | Pace
"""One kind an analysis. `MetricAnswer.finding` holds it; a template and a chart are chosen by its type."""

__all__ = ["Compared", "Driver", "Drivers", "Expected", "Finding", "Forecast", "Held", "Hours", "Pace", "Parting", "Past", "Quality", "Side", "Step"]
