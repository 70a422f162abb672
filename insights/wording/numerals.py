"""Numbers as they are read and heard, before any unit is known to be money or a date."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Any

from insights.requests import Scalar

_BEYOND_WORDS = 1e21  # nobody reads more digits than these
_MAGNITUDES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


@cache
def locale_of(name: str) -> Any:
    """Babel's locale for a BCP 47 tag."""
    from babel import Locale

    return Locale.parse(name, sep="-")


@cache
def is_currency(unit: str | None) -> bool:
    """Whether the unit is an ISO 4217 code."""
    if unit is None or len(unit) != 3 or not unit.isupper():
        return False
    from babel.numbers import is_currency as known

    return bool(known(unit))


@lru_cache(4096, typed=True)
def number(value: float, locale: str, *, digits: int = 2, least: int = 0) -> str:
    """A plain number with grouping and at most `digits` decimals, at least `least`.

    >>> number(1234.5, "en-US"), number(1234.5, "en-US", least=2)
    ('1,234.5', '1,234.50')
    """
    from babel.numbers import format_decimal

    if abs(value) >= _BEYOND_WORDS:
        return f"{float(value):.6g}"
    shown = round(value, digits) + 0.0 if isinstance(value, float) else value  # adding zero turns minus zero into zero
    return str(format_decimal(shown, format=f"#,##0.{'0' * least}{'#' * (digits - least)}", locale=locale_of(locale), decimal_quantization=False))


def decimals(value: float, least: int, figures: int = 3) -> int:
    """How many decimals show `figures` figures of a number below one, else `least`.

    >>> decimals(12.3, 1), decimals(0.00123, 2)
    (1, 5)
    """
    return least if value == 0 or abs(value) >= 1 else min(max(least, figures - 1 - math.floor(math.log10(abs(value)))), 12)


def is_number(value: Scalar) -> bool:
    """Whether there is a figure to show: a number that is neither missing nor without end."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and (isinstance(value, int) or math.isfinite(value))


def rounded(value: float, locale: str) -> str:
    """Three significant figures, in millions and so on where that is how people say it.

    >>> rounded(4_194_304, "en-US"), rounded(-0.0012345, "en-US"), rounded(1234, "en-US")
    ('4.19 million', '-0.00123', '1,234')
    """
    for size, word in _MAGNITUDES:
        if 0.9995 * size <= abs(value) < _BEYOND_WORDS:
            return f"{number(float(f'{value / size:.3g}'), locale)} {word}"
    if float(value).is_integer() and abs(value) < 10_000:
        return number(value, locale)
    return number(float(f"{value:.3g}"), locale, digits=decimals(value, 2))


def counted(unit: str | None, value: float) -> str:
    """The noun in the singular for exactly one, where it is a plain plural.

    >>> counted("orders", 1), counted("orders", 2), counted("points", 1.5), counted("passes", 1)
    ('order', 'orders', 'points', 'pass')
    """
    if unit is None:
        return ""
    if value != 1 or not unit.endswith("s") or unit.endswith("ss"):
        return unit
    if unit.endswith("ies"):
        return unit[:-3] + "y"
    return unit[:-2] if unit.endswith(("sses", "xes", "ches", "shes")) else unit[:-1]
