"""What a change makes of a ticket: how it stands after it, what is said of it, and what is done at the system that keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from insights.errors import NotAnswerable
from insights.helpdesk import PRIORITIES, Attachment
from insights.ledger.helpdesk import Registered
from insights.organization import Organization
from insights.permit import Asker
from insights.requests import UpdateTicket
from insights.tickets.port import Change

_LONGEST = 2000
_NAME = 120
LARGEST = 10_000_000
"""Bytes of a file that is attached: what help desks take by e-mail as well."""


def planned(request: UpdateTicket, ticket: Registered, organization: Organization, asker: Asker, key: str) -> tuple[Registered, list[str], Change | None]:
    """The ticket afterwards, what is said about it, and what is done at the system that keeps it (None: nothing)."""
    after, changes, notes = ticket, list[str](), list[str]()
    priority = request.priority
    if request.escalate:
        priority = PRIORITIES[min(PRIORITIES.index(_known(ticket.priority)) + 1, len(PRIORITIES) - 1)]
        changes.append("escalated")
        notes.append("Escalated by the person concerned.")
    if priority is not None and priority != ticket.priority:
        after = replace(after, priority=priority, judged="person")
        changes.append(f"its priority is {priority} now")
    if request.category is not None:
        desk = organization.help_desk
        after = replace(after, category=request.category, team=desk.group_of(request.category), judged="person")
        changes.append(f"it is {desk.label_of(request.category)} for {desk.group_of(request.category)} now")
        notes.append(f"Category: {desk.label_of(request.category)}; for {desk.group_of(request.category)}.")
    if request.decision is not None:
        word = "approved" if request.decision == "approve" else "rejected"
        after = replace(after, approval=word, status=after.status if word == "approved" else "closed")
        changes.append(f"{word} by {asker.person.name if asker.person else 'somebody'}")
        notes.append(f"{word.capitalize()} by {asker.person.name if asker.person else 'somebody'}.")
    if request.status is not None:
        verb = "reopened" if request.status == "open" else request.status.replace("_", " ")
        changes.append(verb)
    if request.note:
        said = " ".join("".join(char if char.isprintable() else " " for char in request.note).split())[:_LONGEST]
        notes.append(said)
        changes.append(f'a note was added: "{said[:120]}"')
    if request.link is not None:
        notes.append(request.link)
        changes.append("a link was attached")
    if request.file is not None:
        notes.append(f"Attached {request.file}.")
        changes.append(f"{request.file} was attached")
    if request.join:
        return after, ["you will hear of it"], None
    if request.rating is not None:
        return replace(after, rating=request.rating), [f"you gave it {request.rating} of 5"], None
    status: Any = request.status or ("closed" if request.decision == "reject" else None)
    person = asker.person
    change = Change(
        key=key,
        note=" ".join(notes),
        status=status,
        priority=priority if priority != ticket.priority else None,
        person=person.id if person else None,
        name=person.name if person else None,
    )
    return after, changes or ["nothing changed"], change


def by_whom(changes: Iterable[str], name: str | None) -> list[str]:
    """Changes with who made them, where several people read of them."""
    said = list(changes)
    return [*said[:-1], f"{said[-1]} by {name}"] if said and name is not None and not said[-1].endswith(f"by {name}") else said


def named(file: Attachment) -> str:
    """The name of a file without a folder and without what is no name. Raises NotAnswerable for what cannot be attached."""
    name = " ".join(
        "".join(char if char.isprintable() and char not in '\\/:*?"<>|' else " " for char in file.name.replace("\\", "/").rpartition("/")[2]).split()
    )
    if not name.strip(". "):
        raise NotAnswerable("That file has no name.", remedy="Attach one with a name.")
    if not file.data:
        raise NotAnswerable(f"{name[:60]} is empty.", remedy="Attach a file with something in it.")
    if len(file.data) > LARGEST:
        raise NotAnswerable(
            f"{name[:60]} is too large to attach.", remedy=f"At most {LARGEST // 1_000_000} MB can be attached; put it elsewhere and attach a link."
        )
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= _NAME else f"{(stem if dot else name)[: _NAME - 12]}{f'.{ending[:10]}' if dot else ''}"


def typed(said: str) -> str:
    """A media type, or that of any bytes."""
    return said.lower() if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,60}", said) else "application/octet-stream"


def _known(priority: str) -> Any:
    return priority if priority in PRIORITIES else "normal"


def without_words(request: UpdateTicket, changes: tuple[str, ...]) -> list[str]:
    """What others may hear: not what somebody wrote."""
    return [change for change in changes if not (request.note and change.startswith("a note was added"))]
