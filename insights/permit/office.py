"""Whose bookings and meetings are whose: who may act for whom, what the office may do, and who may know of what is private."""

from __future__ import annotations

from collections.abc import Collection

from insights.organization import Organization
from insights.permit.asking import Asker

FACILITIES = "facilities"
"""The role that keeps the rooms: it may block, release and move whatever is in them."""


def acts_for(asker: Asker, person: str | None, organization: Organization) -> bool:
    """Whether the asker may do for somebody (an id) what only they may do: they themselves, and those whom they made their delegates.

    What nobody holds is everybody's only where people are not known at all.
    """
    if asker.person is None or person is None:
        return asker.person is None and person is None
    known = organization.people.get(person)
    return asker.person.id == person or (known is not None and asker.person.id in known.delegates)


def keeps_rooms(asker: Asker) -> bool:
    """Whether the asker may do with any room what the office does."""
    return asker.person is not None and FACILITIES in asker.person.roles


def may_know(asker: Asker, people: Collection[str], *, private: bool) -> bool:
    """Whether it may be told here who is in a meeting and what it is about: of a private one only to those in it, and only where nobody else hears or sees."""
    return not private or (asker.audience == "private" and asker.person is not None and asker.person.id in people)
