"""One chart of each kind with figures made up for the purpose, and the page that shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from insights.answers import Chart, ChartBand, ChartMark, ChartSeries
from insights.pictures.draw import draw
from insights.pictures.svg import svg

FOLDER, PAGE, LOCALE = "docs/gallery", "docs/gallery.md", "en-US"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_INTRODUCTION = """# Gallery of pictures

One picture of each kind, drawn from a fixed description by `make models`. The figures are made up. How a picture is had: `insights ask ... --chart picture.svg`
([asking](asking.md)). Colours are those of Okabe and Ito, which people with any kind of colour vision tell apart. Each picture carries its title and its
finding in words for those who do not see it, and each bar and point says its figure where it is pointed at.
"""


def _bars() -> Chart:
    series = (ChartSeries(name="Revenue", values=(160413.95, 84210.4, 41120.75, 14640.52)),)
    labels = ("Europe, Middle East and Africa", "Asia and the Pacific", "North America", "unknown")
    return Chart(
        kind="bar", title="Revenue by market", labels=labels, series=series, unit="USD", alt="Europe, Middle East and Africa has 53 percent of revenue."
    )


def _lying() -> Chart:
    labels = ("Filter coffee, whole bean", "Espresso, ground", "Loose leaf tea, first flush", "Hot chocolate", "Shortbread and biscuits", "Gift boxes")
    series = (ChartSeries(name="Profit", values=(41200, 36950, 12100, 8300, -1450, -6020)),)
    return Chart(kind="bar", title="Profit by product", labels=labels, series=series, unit="EUR", alt="Coffee earns most; gift boxes lose money.")


def _grouped() -> Chart:
    series = (
        ChartSeries(name="Basic", values=(420, 380, 510)),
        ChartSeries(name="Family", values=(310, 290, None)),
        ChartSeries(name="Team", values=(120, 45, 260)),
    )
    return Chart(
        kind="bar", title="Orders by region and plan", labels=("EMEA", "APAC", "AMER"), series=series, unit="orders", alt="Basic leads in every region."
    )


def _stacked() -> Chart:
    series = (
        ChartSeries(name="New", values=(52, 61, 48, 70)),
        ChartSeries(name="Won back", values=(8, 12, 15, 9)),
        ChartSeries(name="Left", values=(-20, -35, -31, -18)),
    )
    labels = ("Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026")
    return Chart(kind="bar", title="Customers won and lost", labels=labels, series=series, unit="customers", alt="More came than left.", stacked=True)


def _growth() -> Chart:
    values = (0.042, -0.031, 0.118, -0.006, 0.067)
    labels = ("Coffee", "Tea", "Chocolate", "Biscuits", "Gifts")
    alt = "Chocolate grew most, tea shrank by 3.1 percent."
    return Chart(kind="bar", title="Growth of revenue by category", labels=labels, series=(ChartSeries(name="Growth", values=values),), unit="percent", alt=alt)


def _histogram() -> Chart:
    counts = (12, 48, 131, 202, 187, 120, 64, 31, 12, 4, 1)
    labels = tuple(f"{low} to {low + 10}" for low in range(0, 110, 10))
    alt = "Half of all orders are between 31 and 52 dollars; a few are above 100."
    return Chart(
        kind="histogram", title="Orders by size in dollars", labels=labels, series=(ChartSeries(name="Orders", values=counts),), unit="orders", alt=alt
    )


def _lines() -> Chart:
    labels = tuple(f"{month} {year}" for year in (2025, 2026) for month in _MONTHS)
    series = tuple(
        ChartSeries(name=name, values=tuple(round(level * (1 + 0.02 * at + 0.12 * math.sin(at * math.pi / 6 + turn)), 2) for at in range(24)))
        for name, level, turn in (("EMEA", 120000, 0.0), ("APAC", 90000, 1.2), ("AMER", 65000, 2.6))
    )
    gap = (*series[2].values[:9], None, None, *series[2].values[11:])
    series = (*series[:2], ChartSeries(name="AMER", values=gap))
    return Chart(
        kind="line", title="Revenue by month and region", labels=labels, series=series, unit="USD", alt="All regions grow; AMER has no figures for two months."
    )


def _forecast() -> Chart:
    labels = (*(f"{month} {year}" for year in (2024, 2025) for month in _MONTHS), *(f"{month} 2026" for month in _MONTHS[:6]))
    past = [round(200000 * (1 + 0.015 * at + 0.1 * math.sin(at * math.pi / 6)), 2) for at in range(30)]
    ahead = (*(None,) * 23, *past[23:])

    def edge(spread: float) -> tuple[float | None, ...]:
        return tuple(None if value is None else value + spread * math.sqrt(max(at - 23, 0)) * 9000 for at, value in enumerate(ahead))

    bands = (ChartBand(name="95 %", lower=edge(-1.96), upper=edge(1.96)), ChartBand(name="80 %", lower=edge(-1.28), upper=edge(1.28)))
    series = (ChartSeries(name="Revenue", values=(*past[:24], *(None,) * 6)), ChartSeries(name="Forecast", values=ahead))
    return Chart(kind="line", title="Revenue", labels=labels, series=series, unit="USD", alt="Revenue is expected to keep growing.", bands=bands)


def _unusual() -> Chart:
    expected = [1000 + 180 * math.sin(day * 2 * math.pi / 7) for day in range(90)]
    values = [round(one + 70 * math.sin(day * 1.7) + (-620 if day in (40, 41) else 480 if day == 68 else 0)) for day, one in enumerate(expected)]
    labels = tuple(f"{month} {day}, 2026" for month, days in (("March", 31), ("April", 30), ("May", 29)) for day in range(1, days + 1))
    band = ChartBand(name="95 %", lower=tuple(one - 160 for one in expected), upper=tuple(one + 160 for one in expected))
    marks = (ChartMark(at=40, words="outage"), ChartMark(at=68, words="spike"))
    series = (ChartSeries(name="Orders", values=tuple(values)),)
    alt = "Two days in April were far below what is usual, one in May far above."
    return Chart(kind="line", title="Orders by day", labels=labels, series=series, unit="orders", alt=alt, bands=(band,), marks=marks)


def _scatter() -> Chart:
    along = tuple(round(5 + 20 * (0.5 + 0.5 * math.sin(at * 2.39)), 2) for at in range(80))
    up = tuple(round(900 + 62 * x + 210 * math.sin(at * 5.1)) for at, x in enumerate(along))
    series = (ChartSeries(name="Discount", values=tuple(x / 100 for x in along), unit="percent"), ChartSeries(name="Orders", values=up, unit="orders"))
    labels = tuple(f"day {at + 1}" for at in range(80))
    return Chart(
        kind="scatter", title="Discount and orders", labels=labels, series=series, alt="Days with more discount have more orders; that is no proof of a cause."
    )


def _waterfall() -> Chart:
    labels = ("Before", "EMEA / Coffee", "APAC", "Team (mix)", "Other days", "Everything else", "Now")
    values = (295840.84, -41200.5, 18650.0, -7020.25, 4100.1, -2310.07, 268060.12)
    series = (ChartSeries(name="Revenue", values=values),)
    alt = "Coffee in EMEA carries most of the fall."
    return Chart(kind="waterfall", title="What carries the change of Revenue", labels=labels, series=series, unit="USD", alt=alt)


def _funnel() -> Chart:
    labels = ("Visited", "Registered", "Started a trial", "Paid")
    series = (ChartSeries(name="Customers", values=(8420, 3110, 1875, 402)),)
    return Chart(kind="funnel", title="Sign-up", labels=labels, series=series, unit="customers", alt="Most are lost between trial and payment.")


def _retention() -> Chart:
    def kept(start: int, after: int) -> float | None:
        return None if after > 7 - start else 1.0 if after == 0 else round(0.55 * 0.9 ** (after - 1) + 0.01 * start, 3)

    rows = tuple(ChartSeries(name=f"{month} 2026", values=tuple(kept(start, after) for after in range(8))) for start, month in enumerate(_MONTHS[:8]))
    labels = tuple(f"month {after}" for after in range(8))
    alt = "A little over half come back after a month, and later months keep more."
    return Chart(kind="heatmap", title="Customers who came back, by month of first order", labels=labels, series=rows, unit="percent", alt=alt)


def _long_retention() -> Chart:
    def kept(start: int, after: int) -> float | None:
        return None if after > 17 - start else round((0.92 if start == 3 else 0.955) ** after, 3)

    months = [f"{_MONTHS[at % 12]} {2025 + at // 12}" for at in range(18)]
    rows = tuple(ChartSeries(name=name, values=tuple(kept(start, after) for after in range(18))) for start, name in enumerate(months))
    title, alt = "Subscriptions that have not ended, by month of start and months since", "Those of April 2025 end sooner than all others."
    return Chart(kind="heatmap", title=title, labels=tuple(str(after) for after in range(18)), series=rows, unit="percent", alt=alt)


def _segments() -> Chart:
    labels = ("Best", "Slipping away", "Loyal", "Gone quiet", "New or rare", "Fading")
    series = (ChartSeries(name="Share", values=(0.237, 0.206, 0.206, 0.194, 0.099, 0.058)),)
    alt = "The best are the largest group, with 24 percent; 21 percent are slipping away."
    return Chart(kind="bar", title="Segments of customers", labels=labels, series=series, unit="percent", alt=alt)


def _movers() -> Chart:
    labels = ("DACH", "Nordics", "France", "Latin America", "North America")
    series = (ChartSeries(name="Change of Revenue", values=(-16846.53, -1204.1, -310.44, 820.35, 1911.8)),)
    return Chart(kind="bar", title="Change of Revenue", labels=labels, series=series, unit="USD", alt="Revenue fell most in DACH, by 17,000 dollars.")


def _interval() -> Chart:
    band = ChartBand(name="95 %", lower=(0.012, -0.021, -0.034), upper=(0.058, 0.027, -0.004))
    series = (ChartSeries(name="Lift", values=(0.035, 0.003, -0.019)),)
    labels = ("Conversion, new price", "Revenue per visitor, new price", "Refunds, new price")
    return Chart(
        kind="interval", title="Lift in the price test", labels=labels, series=series, unit="percent", alt="Conversion rose by 3.5 percent.", bands=(band,)
    )


def charts() -> Mapping[str, tuple[str, Chart]]:
    """Every kind: the name of its file -> what it is for, and a chart of it."""
    return {
        "bars": ("Figures of groups.", _bars()),
        "lying": ("Bars lie down where their labels are too long to stand below them.", _lying()),
        "growth": ("What is below zero falls.", _growth()),
        "grouped": ("Two dimensions, side by side; what is unknown has no bar.", _grouped()),
        "stacked": ("Two dimensions that add up.", _stacked()),
        "histogram": ("How figures are spread.", _histogram()),
        "lines": ("Figures over time, a line for each group; a gap stays a gap.", _lines()),
        "forecast": ("What is to come, joined to what was, with the ranges in which 80 and 95 of 100 such forecasts would lie.", _forecast()),
        "unusual": ("Days outside their expected range.", _unusual()),
        "scatter": ("Two figures against each other.", _scatter()),
        "waterfall": ("What carries a change.", _waterfall()),
        "funnel": ("How many go from step to step.", _funnel()),
        "retention": ("Who comes back, by when they came first.", _retention()),
        "cohorts": ("The same of many months: where cells are too small for figures, shades are explained.", _long_retention()),
        "segments": ("How large the groups are that behave alike.", _segments()),
        "movers": ("How much groups moved, in the order that was asked for.", _movers()),
        "interval": ("Values with the range in which each may lie: experiments, forecasts of groups.", _interval()),
    }


def files() -> Mapping[str, str]:
    """The page and its pictures: path from the top of the project -> content."""
    shown = charts()
    parts = [_INTRODUCTION, *(f"## {chart.title}\n\n{what}\n\n![{chart.alt}](gallery/{name}.svg)\n" for name, (what, chart) in shown.items())]
    return {PAGE: "\n".join(parts)} | {f"{FOLDER}/{name}.svg": svg(draw(chart, LOCALE)) for name, (_, chart) in shown.items()}
