"""What is understood and cannot be carried out here yet, said with what was understood and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from insights.errors import NotAnswerable
from insights.requests import (
    AnnounceOutage,
    Chore,
    JoinCall,
    StartCall,
    UpdateTicket,
)


def refuse(request: Chore, *, people: Mapping[str, str]) -> NotAnswerable:
    """The refusal of a chore that no provider carries out; names of people by their ids."""
    who = " and ".join(people.get(id_, id_) for id_ in getattr(request, "people", ()))
    understood, remedy = _said(request, f" with {who}" if who else "")
    return NotAnswerable(f"I understood: {understood}. I can't do that here yet.", remedy=remedy)


def _said(request: Chore, company: str) -> tuple[str, str]:
    """What was understood, and what can be done instead."""
    match request:
        case StartCall():
            return f"start a call{company}", "Start it from your calendar or your phone."
        case JoinCall(title=title):
            return f"join the call of {_called(title)}", "Join it from your calendar."
        case UpdateTicket(ticket=ticket, status=status, note=note):
            done = {"open": "reopen", "closed": "close"}.get(status or "", "add a note to" if note else "update")
            return f"{done} {f'ticket {ticket}' if ticket else 'your ticket'}", "Report it again, or tell the help desk."
        case AnnounceOutage(what=what, over=over):
            return f"{'end' if over else 'announce'} an outage{f' ({what})' if what else ''}", "Tell those who are affected."
        case _:
            assert_never(request)


def _called(title: str | None) -> str:
    return f"'{title}'" if title else "the meeting"
