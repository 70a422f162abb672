"""Numbers where there is little room: on the axes and at the bars of a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

from insights.wording.numerals import is_currency, is_number, locale_of, number

_LEAST, _MOST = 1e-6, 1e18  # beyond these a number is shorter with its power of ten
_FIGURES = 12
_IN_FULL = 10_000


def short(value: float, unit: str | None, locale: str, *, figures: int = 3) -> str:
    """A value in a few figures, with the sign of its money or percent; a noun is left to the title.

    >>> short(300385.62, "USD", "en-US"), short(0.1234, "percent", "en-US"), short(1234567, "orders", "en-US"), short(-4.2e6, "EUR", "de-DE")
    ('$300K', '12.3%', '1.23M', '-4,2 Mio. €')
    """
    if not is_number(value):
        return ""
    if unit == "percent":
        share = _rounded(value * 100, figures)
        return f"{number(_whole(share), locale, digits=_digits(share, figures))}%" if _LEAST <= abs(share) < _MOST else f"{share:.{figures}g}%"
    if unit is None or not is_currency(unit):
        return _plain(value, locale, figures)
    shown = _rounded(value, figures)
    if shown and not _LEAST <= abs(shown) < _MOST:
        return f"{unit} {_plain(value, locale, figures)}"
    from babel.numbers import format_compact_currency

    return str(format_compact_currency(_whole(shown), unit, locale=locale_of(locale), fraction_digits=_digits(shown, figures))).replace("\xa0", " ")


def brief(value: float, unit: str | None, locale: str) -> str:
    """A value at its bar or point: counts in full as long as they are short.

    >>> brief(1875, "customers", "en-US"), brief(18750, "customers", "en-US"), brief(1875.5, "USD", "en-US")
    ('1,875', '18.8K', '$1.88K')
    """
    if unit != "percent" and not is_currency(unit) and float(value).is_integer() and abs(value) < _IN_FULL:
        return number(int(value), locale)
    return short(value, unit, locale)


def alike(values: Sequence[float], unit: str | None, locale: str) -> tuple[str, ...]:
    """The round numbers along an axis, each in as many figures as none of them needs rounding for.

    >>> alike([0.0, 2500.0, 5000.0], "USD", "en-US")
    ('$0', '$2.5K', '$5K')
    """
    figures = next((count for count in range(1, _FIGURES) if all(math.isclose(_rounded(one, count), one, rel_tol=1e-9) for one in values)), _FIGURES)
    return tuple(short(value, unit, locale, figures=figures) for value in values)


def _plain(value: float, locale: str, figures: int) -> str:
    shown = _rounded(value, figures)
    if not is_number(shown) or (shown and not _LEAST <= abs(shown) < _MOST):
        return f"{shown:.{figures}g}"
    if abs(shown) < 1000:
        return number(_whole(shown), locale, digits=_digits(shown, figures))
    from babel.numbers import format_compact_decimal

    return str(format_compact_decimal(_whole(shown), locale=locale_of(locale), fraction_digits=figures)).replace("\xa0", " ")


def _rounded(value: float, figures: int) -> float:
    return float(f"{float(value):.{figures}g}") + 0.0


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _digits(value: float, figures: int) -> int:
    """Decimals that show the figures of a number below a thousand; above, as many as a thousand or a million of it needs."""
    return figures if not value or abs(value) >= 1000 else max(0, figures - 1 - math.floor(math.log10(abs(value))))
