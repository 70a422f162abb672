"""Slot values, which Alexa has already interpreted, given back as words that the core's own grammar reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from skill.envelope import part

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_DAY_PARTS = {"MO": "morning", "AF": "afternoon", "EV": "evening", "NI": "night"}
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_DURATION_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")


def words(slot: Mapping[str, Any], kind: str) -> str:
    """What the slot's value says. A value of our own types is the catalog's name for it when exactly one was recognised, else what was heard."""
    value = str(slot.get("value", "")).strip()
    match kind:
        case "AMAZON.DATE":
            return date_words(value)
        case "AMAZON.TIME":
            return _DAY_PARTS.get(value, value)
        case "AMAZON.DURATION":
            return duration_words(value)
        case "CHOICE":
            return _resolved(slot, by_id=True) or value
        case _:
            return _resolved(slot) or value


def date_words(value: str) -> str:
    """What an AMAZON.DATE says; a form that is not known here is given back as it is.

    >>> [date_words(d) for d in ("2026-11-23", "2026-11", "2026-W48", "2026-W48-WE", "PRESENT_REF")]
    ['2026-11-23', 'november 2026', '2026-11-23 to 2026-11-29', '2026-11-28 to 2026-11-29', 'now']
    """
    if value == "PRESENT_REF":
        return "now"
    if found := re.fullmatch(r"(\d{4})-(\d\d)(-XX)?", value):
        month = int(found[2])
        return f"{_MONTHS[month - 1]} {found[1]}" if 1 <= month <= 12 else value
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        return f"q{found[2]} {found[1]}"
    if found := re.fullmatch(r"(\d{4})(-XX-XX)?", value):
        return found[1]
    if found := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        return _week_words(int(found[1]), int(found[2]), weekend=found[3] is not None) or value
    return value


def duration_words(value: str) -> str:
    """What an AMAZON.DURATION says.

    >>> duration_words("PT1H30M")
    '1 hour 30 minutes'
    """
    found = _DURATION.fullmatch(value)
    if found is None:
        return value
    pairs = [(int(count), unit) for count, unit in zip(found.groups(), _DURATION_UNITS, strict=True) if count]
    return " ".join(f"{count} {unit}" + ("s" if count != 1 else "") for count, unit in pairs) or value


def _week_words(year: int, week: int, *, weekend: bool) -> str | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
        return f"{monday + timedelta(days=5 if weekend else 0)} to {monday + timedelta(days=6)}"
    except (ValueError, OverflowError):
        return None


def _resolved(slot: Mapping[str, Any], *, by_id: bool = False) -> str | None:
    """The name (or id) of the one value that Alexa matched; None when there are several or none."""
    authorities = part(slot, "resolutions").get("resolutionsPerAuthority")
    names: dict[str, str] = {}
    for authority in authorities if isinstance(authorities, list) else ():
        if part(authority, "status").get("code") != "ER_SUCCESS_MATCH":
            continue
        values = authority.get("values")
        for value in values if isinstance(values, list) else ():
            name = part(value, "value").get("name")
            if isinstance(name, str) and name.strip():
                names[str(part(value, "value").get("id", name))] = name.strip()
    return next(iter(names if by_id else names.values())) if len(names) == 1 else None
