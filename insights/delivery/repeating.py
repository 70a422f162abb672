"""Messages to oneself that come again: each is due work, and puts down the next before it is sent."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from insights.delivery.outbox import REMINDER
from insights.errors import NotAnswerable

if TYPE_CHECKING:
    from dateutil.rrule import rrule

    from insights.ledger.port import DueWork, WorkItem

_TOO_OFTEN = ("MINUTELY", "SECONDLY")


def first_of(rule: str, begin: datetime, after: datetime) -> datetime:
    """The first time behind `after` that a rule gives from `begin` on; all by the clock on the wall.

    Raises NotAnswerable for what never comes, or too often.

    >>> first_of("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", datetime(2026, 5, 6, 10, 0), datetime(2026, 5, 6, 10, 0))
    datetime.datetime(2026, 5, 11, 9, 0)
    """
    found: datetime | None = _rule(rule, begin).after(after)
    if found is None:
        raise NotAnswerable("That never comes.", remedy="Say when, as in 'every Monday at nine'.")
    return found


def due_at(wall: datetime, zone: ZoneInfo) -> datetime:
    """A time on the wall as a moment; one that the clocks skip comes an hour later by them, one that they pass twice comes the first time."""
    return wall.replace(tzinfo=zone, fold=0)


def go_on(ledger: DueWork, item: WorkItem, now: datetime) -> bool:
    """Put down the one that comes after this, once; False where nothing comes any more. Those that nobody sent in time are not made up for.

    `now` is aware.
    """
    facts = json.loads(item.payload)
    rule = facts.get("rule")
    if item.kind != REMINDER or rule is None:
        return False
    zone = ZoneInfo(facts["zone"])
    begin, at = (datetime.fromisoformat(facts[name]) for name in ("begin", "at"))
    here = now.astimezone(zone).replace(tzinfo=None, fold=0)
    wall: datetime | None = _rule(rule, begin).after(max(at, here))
    if wall is None:
        return False
    payload = json.dumps({**facts, "at": wall.isoformat(timespec="minutes"), "number": facts["number"] + 1})
    return ledger.add_work(f"{facts['series']}:{facts['number'] + 1}", REMINDER, payload, person=item.person, due=due_at(wall, zone))


def _rule(rule: str, begin: datetime) -> rrule:
    """The rule, from `begin` on. Raises NotAnswerable for what makes no sense."""
    from dateutil.rrule import rrule as Rule  # noqa: N812 # a class
    from dateutil.rrule import rrulestr

    if any(f"FREQ={often}" in rule.upper() for often in _TOO_OFTEN):
        raise NotAnswerable("I can remind you once an hour at most.", remedy="Say for example 'every hour' or 'every Monday at nine'.")
    try:
        made = rrulestr(rule.removeprefix("RRULE:"), dtstart=begin.replace(second=0, microsecond=0))
    except (ValueError, TypeError) as error:
        raise NotAnswerable("I can't tell how that repeats.", remedy="Say for example 'every Monday at nine'.") from error
    assert isinstance(made, Rule)
    return made
