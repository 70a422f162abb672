"""A definition's formula as it can be said aloud."""

from __future__ import annotations

import re

_ARITHMETIC = re.compile(r"[A-Za-z_]\w*(?: [-+*/] (?:[A-Za-z_]\w*|\d+(?:\.\d+)?)){0,3}")
_CALL = re.compile(r"(SUM|AVG|MIN|MAX|MEDIAN|COUNT)\((DISTINCT )?(?:\w+\.)?(\w+)\)(?: ([-+*/]) (\d+(?:\.\d+)?))?", re.IGNORECASE)
_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_CALLS = {
    "sum": "the sum of",
    "avg": "the average of",
    "min": "the least",
    "max": "the most",
    "median": "the median of",
    "count": "the number of entries with",
}


def aloud(expression: str) -> str:
    """The formula in words, empty where it is too much for the ear.

    >>> aloud("churned_subscriptions / subscribers"), aloud("SUM(sessions.minutes) / 60"), aloud("COUNT(DISTINCT orders.customer_id)")
    ('churned subscriptions divided by subscribers', 'the sum of minutes divided by 60', 'the number of different customer id')
    >>> aloud("SUM(CASE WHEN a > 0 THEN b END)")
    ''
    """
    call = _CALL.fullmatch(expression.strip())
    if call:
        said = "the number of different" if call[2] else _CALLS[call[1].lower()]
        rest = f" {_SIGNS[call[4]]} {call[5]}" if call[4] else ""
        return f"{said} {_words(call[3])}{rest}"
    if _ARITHMETIC.fullmatch(expression.strip()):
        return " ".join(_SIGNS.get(part, _words(part)) for part in expression.split())
    return ""


def _words(name: str) -> str:
    return name.replace("_", " ")
