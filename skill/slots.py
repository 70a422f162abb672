"""Slot values, which Alexa has already interpreted, given back as words that the core's own grammar reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from skill.envelope import part

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_DAY_PARTS = {"MO": "morning", "AF": "afternoon", "EV": "evening", "NI": "night"}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_SOUTHERN = frozenset({"en-AU"})
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_DURATION_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")


def words(slot: Mapping[str, Any], kind: str, *, locale: str = "", past_from: date | None = None) -> str:
    """What the slot's value says. A value of our own types is the catalog's name for it when exactly one was recognised, else what was heard.

    `past_from` is today where a date is of something that has been: a question about data.
    """
    value = str(slot.get("value", "")).strip()
    match kind:
        case "AMAZON.DATE":
            return date_words(value, locale=locale) if past_from is None else past_words(value, past_from, locale=locale)
        case "AMAZON.TIME":
            return _DAY_PARTS.get(value, value)
        case "AMAZON.DURATION":
            return duration_words(value)
        case "CHOICE":
            return _resolved(slot, by_id=True) or value
        case _:
            return _resolved(slot) or value


def date_words(value: str, *, locale: str = "") -> str:
    """What an AMAZON.DATE says; a form that is not known here is given back as it is.

    >>> [date_words(d) for d in ("2026-11-23", "2026-11", "2026-W48", "2026-W48-WE", "PRESENT_REF")]
    ['2026-11-23', 'november 2026', '2026-11-23 to 2026-11-29', '2026-11-28 to 2026-11-29', 'now']
    >>> date_words("2026-SU"), date_words("2026-SU", locale="en-AU"), date_words("201X"), date_words("2026-11-24TMO")
    ('june 2026 to august 2026', 'december 2026 to february 2027', '2010-01-01 to 2019-12-31', '2026-11-24 morning')
    """
    if value == "PRESENT_REF":
        return "now"
    if found := re.fullmatch(r"(\d{4})-(\d\d)(-XX)?", value):
        month = int(found[2])
        return f"{_MONTHS[month - 1]} {found[1]}" if 1 <= month <= 12 else value
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        return f"q{found[2]} {found[1]}"
    if found := re.fullmatch(r"(\d{4})(-XX(-XX)?)?", value):
        return found[1]
    if found := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        return _week_words(int(found[1]), int(found[2]), weekend=found[3] is not None) or value
    if found := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value):
        return _season_words(int(found[1]), found[2], southern=locale in _SOUTHERN)
    if found := re.fullmatch(r"(\d{3})X", value):
        return f"{found[1]}0-01-01 to {found[1]}9-12-31"
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)T(MO|AF|EV|NI)", value):
        return f"{found[1]} {_DAY_PARTS[found[2]]}"
    return value


def past_words(value: str, today: date, *, locale: str = "") -> str:
    """What an AMAZON.DATE says in a question about what has been: Alexa takes "july" for the next one, and here the last is meant.

    The year goes, so that the core takes the latest that its data covers, and says so. What is just ahead ("next month", "next week") may have been
    meant, and stays.

    >>> [past_words(d, date(2026, 11, 28)) for d in ("2027-07", "2026-12", "2026-10", "2027-Q3", "2027-03-04", "2026-12-01")]
    ['july', 'december 2026', 'october 2026', 'q3', 'march 4', 'tuesday']
    >>> [past_words(d, date(2026, 11, 28)) for d in ("2027-SU", "2026-FA", "2026-WI", "2027-W10", "2026-W49")]
    ['june 2026 to august 2026', 'september 2026 to november 2026', 'december 2025 to february 2026', '2026-03-02 to 2026-03-08', '2026-11-30 to 2026-12-06']
    """
    if found := re.fullmatch(r"(\d{4})-(\d\d)(-XX)?", value):
        year, month = int(found[1]), int(found[2])
        ahead = (year - today.year) * 12 + month - today.month
        return _MONTHS[month - 1] if 2 <= ahead <= 12 and 1 <= month <= 12 else date_words(value)
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        ahead = (int(found[1]) - today.year) * 4 + int(found[2]) - (today.month + 2) // 3
        return f"q{found[2]}" if 2 <= ahead <= 4 else date_words(value)
    if found := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value):
        return _season_words(_year_of_season(int(found[1]), found[2], today, southern=locale in _SOUTHERN), found[2], southern=locale in _SOUTHERN)
    if found := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        monday = _monday(int(found[1]), int(found[2]))
        ahead = monday is not None and today + timedelta(days=7) < monday <= today + timedelta(days=364)
        return _week_words(int(found[1]) - ahead, int(found[2]), weekend=found[3] is not None) or date_words(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value) and (day := _day(value)) is not None and day > today + timedelta(days=1):
        return _WEEKDAYS[day.weekday()] if (day - today).days < 7 else f"{_MONTHS[day.month - 1]} {day.day}"
    return date_words(value, locale=locale)


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


def _season_words(year: int, season: str, *, southern: bool) -> str:
    """A season by the months of weather services; winter begins in the year that it is called by."""
    first = _first_month(season, southern=southern)
    last = (first + 2) % 12
    return f"{_MONTHS[first]} {year} to {_MONTHS[last]} {year + (first > last)}"


def _first_month(season: str, *, southern: bool) -> int:
    """Counted from 0."""
    return (_SEASONS[season] + (6 if southern else 0) - 1) % 12


def _year_of_season(year: int, season: str, today: date, *, southern: bool) -> int:
    """The year of the last one that has begun, for one that is ahead by a year at most."""
    ahead = (year - today.year) * 12 + _first_month(season, southern=southern) + 1 - today.month
    return year - 1 if 0 < ahead <= 12 else year


def _monday(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except (ValueError, OverflowError):
        return None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
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
