"""Whose bookings and meetings are whose: who may act for whom, what the office and administrators may do, and who may know of what is private."""

from __future__ import annotations

from collections.abc import Collection

from insights.errors import NotPermitted
from insights.organization import Organization
from insights.permit.asking import Asker

FACILITIES = "facilities"
"""The role that keeps the rooms: it may block, release and move whatever is in them."""

ADMINISTRATOR = "administrator"
"""The role that looks after the assistant: where it answers, who may ask what, how it is used. It gives no right to any figure."""


def acts_for(asker: Asker, person: str | None, organization: Organization) -> bool:
    """Whether the asker may do for somebody (an id) what only they may do: they themselves, and their delegates where it is sure enough who speaks.

    What nobody holds is everybody's only where people are not known at all.
    """
    if asker.person is None or person is None:
        return asker.person is None and person is None
    known = organization.people.get(person)
    return asker.person.id == person or (known is not None and asker.person.id in known.delegates and asker.gets("for_another") == "here")


def keeps_rooms(asker: Asker) -> bool:
    """Whether the asker may do with any room what the office does."""
    return asker.person is not None and FACILITIES in asker.person.roles


def administers(asker: Asker) -> bool:
    """Whether the asker may look after the assistant, here."""
    return asker.person is not None and ADMINISTRATOR in asker.person.roles and asker.gets("administration") == "here"


def administer(asker: Asker) -> None:
    """Raises NotPermitted for whoever may not look after the assistant, here."""
    if not administers(asker):
        raise NotPermitted("That is for administrators.", remedy=f"Whoever keeps organization.yaml can give you the role {ADMINISTRATOR}.")


def knows_holders(asker: Asker, organization: Organization) -> bool:
    """Whether the asker may hear who holds a room and what for: whoever is known; where nobody is listed at all, whoever is there."""
    return asker.gets("act") == "here" if asker.person is not None else not organization.people


def may_know(asker: Asker, people: Collection[str], *, private: bool) -> bool:
    """Whether it may be told here who is in a meeting and what it is about.

    Of a private one only to those in it, where nobody else hears or sees, and where it is sure that it is them: whoever sits at a desk is not its owner.
    """
    return not private or (asker.person is not None and asker.person.id in people and asker.gets("private_event") == "here")
