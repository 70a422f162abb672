"""What those affected are told: put into the outbox once, brought to each of them privately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from insights.delivery.outbox import enqueue
from insights.meetings.acting import Act
from insights.meetings.ground import Ground


def tell(ground: Ground, people: Iterable[str], said: str, act: Act[Any], *, reason: str | None = None, always: bool = True) -> tuple[str, ...]:
    """Tell everybody but the asker; the names of those who are told. `said` is a sentence without its end; `reason` is why, in the words of who did it.

    What their own calendars tell people already is not told again, unless it is `always`.
    """
    me = act.asker.person.id if act.asker.person else None
    whole = f"{said}: {reason.strip().rstrip('.')}." if reason else f"{said}."
    told = []
    for id_ in sorted(set(people)):
        person = ground.person(id_)
        if id_ == me or person is None or not person.active:
            continue
        told.append(person.name)
        if always or ground.tells:
            enqueue(ground.ledger(), key=f"{act.key}:told:{id_}", person=id_, speech=whole, text=whole)
    return tuple(told)


def remind(ground: Ground, key: str, person: str | None, said: str, *, due: datetime | None = None) -> bool:
    """Tell one person something, once per key; False when that was done before or there is nobody to tell."""
    known = ground.person(person) if person else None
    if known is None or not known.active:
        return False
    return enqueue(ground.ledger(), key=key, person=known.id, speech=said, text=said, due=due)
