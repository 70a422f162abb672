"""Recurrences as people say them (RRULE) as schedules of the ledger."""

from __future__ import annotations

from datetime import time

from insights.errors import NotAnswerable
from insights.ledger.following import Frequency, Schedule

USUALLY = time(9)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKING = set(_DAYS[:5])
_ONLY = "I can tell you every hour, every day, every working day, on one day of the week, or on one day of the month."


def schedule_of(rule: str | None) -> tuple[Schedule, bool]:
    """The schedule of a rule, and whether it was said; without one it is Mondays at nine. Raises NotAnswerable for what no schedule is.

    >>> schedule_of("FREQ=WEEKLY;BYDAY=TU;BYHOUR=8;BYMINUTE=30")[0]
    Schedule(every='weekly', at=datetime.time(8, 30), weekday=1, day=1)
    """
    if rule is None:
        return Schedule(every="weekly", at=USUALLY, weekday=0), False
    parts = dict(part.partition("=")[::2] for part in rule.removeprefix("RRULE:").split(";"))
    if parts.get("INTERVAL", "1") != "1" or {"COUNT", "UNTIL", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY"} & parts.keys():
        raise NotAnswerable(_ONLY, remedy="Say one of these.")
    at = time(int(parts["BYHOUR"]), int(parts.get("BYMINUTE", "0"))) if parts.get("BYHOUR", "").isdigit() else USUALLY
    days = [day for day in parts.get("BYDAY", "").split(",") if day]
    month_day = parts.get("BYMONTHDAY", "1")
    every: Frequency
    match parts.get("FREQ"):
        case "HOURLY" if not days:
            return Schedule(every="hourly", at=time(0)), True
        case "DAILY" if not days or len(days) == 7:
            every = "daily"
        case "DAILY" | "WEEKLY" if set(days) == _WORKING:
            every = "weekdays"
        case "DAILY" | "WEEKLY" if len(set(days)) == 7:
            every = "daily"
        case "WEEKLY" if len(days) < 2 and set(days) <= set(_DAYS):
            return Schedule(every="weekly", at=at, weekday=_DAYS.index(days[0]) if days else 0), True
        case "MONTHLY" if not days and month_day.lstrip("-").isdigit() and (1 <= int(month_day) <= 31 or month_day == "-1"):
            return Schedule(every="monthly", at=at, day=31 if month_day == "-1" else int(month_day)), True
        case _:
            raise NotAnswerable(_ONLY, remedy="Say one of these.")
    return Schedule(every=every, at=at), True
