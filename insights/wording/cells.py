"""Figures below one another: the same number of decimals all the way down, the unit in the heading."""

from __future__ import annotations

from collections.abc import Sequence

from insights.answers import Column
from insights.requests import Scalar
from insights.wording.formats import UNKNOWN, exact
from insights.wording.numerals import decimals, is_currency, is_number, number

_MOST_DECIMALS = 6


def heading(column: Column) -> str:
    """A column's label, with its unit where the cells do not show it.

    >>> heading(Column(name="l", label="Session length", role="metric", unit="minutes")), heading(Column(name="r", label="Revenue", role="metric", unit="USD"))
    ('Session length (minutes)', 'Revenue')
    """
    return heading_of(column.label, column.unit)


def heading_of(label: str, unit: str | None) -> str:
    """A label with its unit, where the figures do not show it and the label does not name it.

    >>> heading_of("Orders by month", "orders"), heading_of("Wait by month", "minutes")
    ('Orders by month', 'Wait by month (minutes)')
    """
    if not unit or is_currency(unit) or unit == "percent" or unit.casefold() in label.casefold().split():
        return label
    return f"{label} ({unit})"


def cells(values: Sequence[Scalar], unit: str | None, locale: str) -> list[str]:
    """The cells of a column of figures, aligned at the decimal point when set flush right; money and percentages show their unit.

    >>> cells([1.5, 2, None], "hours", "en-US"), cells([0.125, 0.5], "percent", "en-US"), cells([3, 1200], "orders", "en-US")
    (['1.50', '2.00', 'unknown'], ['12.5%', '50.0%'], ['3', '1,200'])
    """
    if unit and is_currency(unit):
        return [exact(value, unit, locale) for value in values]
    scale, mark, least = (100, "%", 1) if unit == "percent" else (1, "", 2)
    figures = [float(value) * scale if isinstance(value, (int, float)) and is_number(value) else None for value in values]
    known = [figure for figure in figures if figure]
    digits = min(max((decimals(figure, least, 2) for figure in known), default=0), _MOST_DECIMALS)
    if not mark and all(figure.is_integer() for figure in known):
        digits = 0
    return [UNKNOWN if figure is None else number(figure, locale, digits=digits, least=digits) + mark for figure in figures]
