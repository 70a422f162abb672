"""How a figure moved, in words: percentages in percentage points, everything else as a fraction of what it was."""

from __future__ import annotations

import math

from insights.requests import Scalar
from insights.wording.formats import exact, said, spoken
from insights.wording.numerals import decimals, is_number, number

_BEYOND_PERCENT = 10  # a growth beyond this many times is said as a multiple


def moved(value: Scalar, before: Scalar, unit: str | None, locale: str, *, aloud: bool = False, rough: bool = False) -> str:
    """The move from `before` to `value`; empty where either is missing, or a growth from nothing has no percentage.

    >>> moved(110, 100, "USD", "en-US"), moved(0.029, 0.031, "percent", "en-US"), moved(3, 3, None, "en-US"), moved(5, 0, None, "en-US")
    ('up 10%', 'down 0.2 percentage points', 'unchanged', '')

    With `rough` it has two significant figures, as an analysis says it. A move too large for a floating-point number has only its direction.
    """
    if not isinstance(value, (int, float)) or not isinstance(before, (int, float)) or not (is_number(value) and is_number(before)):
        return ""
    if value == before:
        return "unchanged"
    direction = "up" if value > before else "down"
    if not math.isfinite((value - before) * 100):
        return direction
    if unit == "percent":
        points = abs(value - before) * 100
        shown = float(f"{points:.2g}") if rough else points
        words = number(shown, locale, digits=decimals(shown, 1, 2 if rough else 1))
        return f"{direction} {words} percentage point{'' if words == '1' else 's'}"
    if not before:
        return ""
    share = abs(value - before) / abs(before)
    if not math.isfinite(share):
        return direction
    if share > _BEYOND_PERCENT:
        return f"{direction} {number(round(share + 1), locale)}-fold" if direction == "up" and before > 0 else direction
    word = said if rough else spoken
    return f"{direction} {word(share, 'percent', locale) if aloud else exact(share, 'percent', locale)}"
