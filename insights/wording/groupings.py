"""What rows are grouped by, in words: values, time buckets, recurring parts of time, and steps of a number."""

from __future__ import annotations

from datetime import date, datetime

from insights.answers import Column
from insights.requests import Filter, Part, Scalar, TimePart, parse_group
from insights.wording import formats
from insights.wording.numerals import is_number, locale_of

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NOON = datetime(2024, 1, 1, 12)  # a Monday, and a January


def told(value: Scalar, column: Column, locale: str) -> str:
    """A cell of a grouping (or of a record) as people call it.

    >>> told(50, Column(name="b", label="Amount", role="dimension", unit="USD", width=50), "en-US")
    '$50.00 to $100.00'
    >>> told("monday", Column(name="w", label="Weekday", role="dimension", part="weekday"), "en-US")
    'Monday'
    """
    if value is None:
        return formats.UNKNOWN
    if column.role == "time":
        return formats.bucket(value, column.grain, locale)
    if column.part is not None:
        return recurring(value, column.part, locale)
    if column.width is not None and isinstance(value, (int, float)) and is_number(value):
        upper = float(f"{value + column.width:.12g}")
        return f"{formats.exact(value, column.unit, locale)} to {formats.exact(int(upper) if upper.is_integer() else upper, column.unit, locale)}"
    if column.unit is not None and is_number(value):
        return formats.exact(value, column.unit, locale)
    return cell(value, locale)


def recurring(value: Scalar, part: Part, locale: str) -> str:
    """A weekday, an hour, a month or a quarter by its name.

    >>> recurring(9, "hour", "en-US"), recurring(12, "month_of_year", "en-US"), recurring(2, "quarter_of_year", "en-US")
    ('9:00 AM', 'December', 'Q2')
    """
    if value is None:
        return formats.UNKNOWN
    if part == "weekday":
        name = str(value).casefold()
        return _named(date(2024, 1, 1 + _WEEKDAYS.index(name)), "EEEE", locale) if name in _WEEKDAYS else cell(value, locale)
    if isinstance(value, bool) or not isinstance(value, int):
        return cell(value, locale)
    if part == "hour" and 0 <= value <= 24:
        return formats.clock(_NOON.replace(hour=value % 24), locale)
    if part == "month_of_year" and 1 <= value <= 12:
        return _named(date(2024, value, 1), "LLLL", locale)
    return f"Q{value}" if part == "quarter_of_year" else str(value)


def _named(day: date, pattern: str, locale: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, format=pattern, locale=locale_of(locale)))


def part_of(condition: Filter) -> Part | None:
    """The recurring part of time that a filter is on, if it is on one."""
    try:
        key = parse_group(condition.dimension) if condition.dimension else None
    except ValueError:
        return None
    return key.part if isinstance(key, TimePart) else None


_BEHIND: dict[Part, str] = {"weekday": "on", "hour": "at", "day_of_month": "on day", "month_of_year": "in", "quarter_of_year": "in"}


def when(condition: Filter, part: Part, locale: str) -> str | None:
    """A filter on a recurring part of time behind a metric, such as "on Saturday and Sunday"; None where only the whole phrase is clear.

    >>> when(Filter(dimension="hour(a.b)", op="between", values=(9, 10)), "hour", "en-US")
    'between 9:00 AM and 11:00 AM'
    """
    said = [recurring(value, part, locale) for value in condition.values]
    if part == "hour":
        hours = [value for value in condition.values if isinstance(value, int)]
        if len(hours) != len(said) or not hours:
            return None
        ends = [recurring(value + 1, part, locale) if value < 24 else said[-1] for value in hours]
        match condition.op:
            case "between" if len(hours) == 2:
                return f"between {said[0]} and {ends[1]}"
            case "=":
                return "between " + formats.listed([f"{first} and {last}" for first, last in zip(said, ends, strict=True)], "or")
            case "<":
                return f"before {said[0]}"
            case ">=":
                return f"from {said[0]} on"
            case "<=":
                return f"before {ends[0]}"
            case ">":
                return f"from {ends[0]} on"
            case _:
                return None
    match condition.op:
        case "=" if said:
            return f"{_BEHIND[part]} {formats.listed(said, 'and')}"
        case "!=" if said:
            return f"except {_BEHIND[part]} {formats.listed(said, 'and')}"
        case "between" if len(said) == 2:
            return f"{_BEHIND[part]} {said[0]} to {said[1]}"
        case _:
            return None


def cell(value: Scalar, locale: str) -> str:
    """A dimension's value; whole numbers are codes and years there, so they are not grouped."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else formats.exact(value, None, locale)
