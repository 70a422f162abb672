"""What is known already: a report of the same trouble, an outage it belongs to, something that usually helps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from insights.helpdesk import OTHER, Fix, HelpDesk
from insights.ledger.helpdesk import Registered, StoredOutage
from insights.organization import Organization
from insights.permit import Asker
from insights.requests import Choice, Clarify, RaiseTicket, UpdateTicket
from insights.tickets.bayes import features

ALIKE = 0.4
"""The share of words that two reports have in common from which on they are taken for the same."""


def same(what: str, room: str | None, category: str, open_tickets: Iterable[Registered]) -> Registered | None:
    """The open ticket that is most likely about the same: of the same kind, in the same place, in much the same words. None where none is."""
    near = [(_alike(what, one.what), one) for one in open_tickets if one.category == category and one.room == room]
    near = [pair for pair in near if pair[0] >= ALIKE]
    return max(near, key=lambda pair: (pair[0], pair[1].raised))[1] if near else None


def outage(what: str, room: str | None, category: str, outages: Sequence[StoredOutage]) -> StoredOutage | None:
    """The outage that a report belongs to: of the same kind, there or everywhere, with a word in common. The latest of several."""
    words = _words(what)
    for one in outages:
        there = one.room is None or room is None or one.room == room
        shared = words & _words(one.what)
        if there and shared and (one.category == category or OTHER in (one.category, category) or len(shared) > 1):
            return one
    return None


def about(words: str, outages: Sequence[StoredOutage], category: str) -> tuple[StoredOutage, ...]:
    """The outages that somebody asks about; all of them where nothing is named."""
    if not words.strip():
        return tuple(outages)
    said = _words(words)
    return tuple(one for one in outages if said & _words(one.what) or (one.category == category and category != OTHER))


def fix(what: str, help_desk: HelpDesk) -> Fix | None:
    """What usually helps, where at least two of its words (or its only one) are said; the one with the most."""
    words = _words(what)
    counted = [(len(words & {word for said in one.words for word in _words(said)}), one) for one in help_desk.fixes]
    fit = [(number, one) for number, one in counted if number >= min(2, len(one.words))]
    return max(fit, key=lambda pair: pair[0])[1] if fit else None


def _words(text: str) -> set[str]:
    return {feature for feature in features(text) if " " not in feature} - _COMMON


def _alike(one: str, other: str) -> float:
    mine, theirs = _words(one), _words(other)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


_COMMON = frozenset("not work broken down problem again still out order room office floor no all everybody since now".split())


def is_it_this(request: RaiseTicket, again: Registered, asker: Asker, organization: Organization) -> Clarify:
    """Whether the trouble is the one that was reported already. What somebody else wrote is not told, only what it is about."""
    mine = asker.person is not None and again.person == asker.person.id
    room = organization.rooms.get(again.room or "")
    subject = f'"{again.what[:80]}"' if mine else f"{organization.help_desk.label_of(again.category)}{f' in {room.name}' if room else ''}"
    who = "You have reported" if mine else "Somebody has reported"
    prompt = f"{who} that already: {again.id}, {subject}, {again.status.replace('_', ' ')} since {again.raised:%Y-%m-%d %H:%M}. Is it the same?"
    same = UpdateTicket(ticket=again.id, join=True)
    choices = (Choice(label=f"the same, tell me about {again.id}", request=same), Choice(label="a new ticket", request=replace(request, new=True)))
    return Clarify(about="ticket", choices=choices, partial=request, prompt=prompt)
