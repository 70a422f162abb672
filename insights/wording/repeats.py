"""How a rule of RFC 5545 is said: "every Monday", "every other week"."""

from __future__ import annotations

from insights.wording import formats

_DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday", "SU": "Sunday"}
_UNITS = {"HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_WORKDAYS = frozenset({"MO", "TU", "WE", "TH", "FR"})


def repeated(rule: str) -> str:
    """The rule in words; its end is not among them.

    >>> repeated("FREQ=WEEKLY;BYDAY=MO"), repeated("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"), repeated("FREQ=MONTHLY;BYDAY=1MO"), repeated("FREQ=DAILY")
    ('every Monday', 'every other week on Tuesday and Thursday', 'every month on the first Monday', 'every day')
    """
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    unit, step = _UNITS.get(parts.get("FREQ", ""), "time"), int(parts.get("INTERVAL", "1") if parts.get("INTERVAL", "1").isdigit() else 1)
    days = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
    if unit == "week" and step == 1 and days:
        return "every weekday" if set(days) == _WORKDAYS else f"every {formats.listed([_DAYS.get(day, day) for day in days])}"
    every = f"every {unit}" if step == 1 else f"every other {unit}" if step == 2 else f"every {step} {unit}s"
    if parts.get("BYMONTHDAY", "").isdigit():
        return f"{every} on the {_ordinal(int(parts['BYMONTHDAY']))}"
    return every + (f" on {formats.listed([_day(day) for day in days])}" if days else "")


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _day(text: str) -> str:
    number, day = text[:-2], _DAYS.get(text[-2:], text[-2:])
    which = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}.get(number.lstrip("+"), "")
    return f"the {which} {day}" if which else day
