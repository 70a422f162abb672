"""One round of what is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from insights.assistant import Assistant

if TYPE_CHECKING:
    from insights.delivery.port import Messenger


def work_once(assistant: Assistant, messengers: Mapping[str, Messenger], *, clock: Callable[[], datetime], keep: timedelta | None = None) -> tuple[str, ...]:
    """Do what is due now; a line for each kind of outcome that occurred. `keep`: for how long what was said is kept."""
    from insights.delivery import housekeeping
    from insights.delivery.worker import work

    tidied = housekeeping.tidy(assistant.ledger, assistant.organization.people, keep=housekeeping.KEEP if keep is None else keep, now=clock())
    told = assistant.catch_up()
    kept = {f"rooms {name}": number for name, number in assistant.keep_rooms(clock()).items()}
    reached = [person.id for person in assistant.organization.people.values() if person.active and any(one.reaches(person) for one in messengers.values())]
    soon = assistant.announce_meetings(reached, clock())
    followed = {f"followed {name}": number for name, number in assistant.look(clock()).items()}
    counts = work(
        assistant.ledger,
        messengers,
        assistant.organization.people,
        clock,
        witnesses=assistant.witnesses,
        wording=assistant.wording,
        compose=assistant.compose,
    )
    renewed = sum(built.renewed for built in assistant.rollups.build(standing=True)) if assistant.rollups is not None else 0
    found = (
        asdict(tidied)
        | {"answerable": told}
        | kept
        | {"meetings ahead": soon}
        | followed
        | asdict(counts)
        | {"rollup parts": renewed, "news of tickets": assistant.news(), "figures of the office": assistant.snapshots()}
    )
    return tuple(f"{name}: {number}" for name, number in found.items() if number)
