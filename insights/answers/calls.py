"""Conferences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A conference: its address, and the number and code to dial where there are any."""

    service: str
    link: str | None = None
    dial_in: str | None = None
    title: str | None = None
    meeting: str | None = None
    start: datetime | None = None
    found_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """A call `started`, found to be `joined`, or to which `by` has `invited` somebody.

    A speaker cannot dial: `sent_to` names those whom the link went to, `room_system` the room whose system joins; `failed` is why that did not. `here` says
    that the link stands in this reply because only the asker sees it.
    """

    status: Literal["started", "joined", "invited"]
    call: Call
    sent_to: tuple[str, ...] = ()
    room_system: str | None = None
    failed: str | None = None
    here: bool = False
    by: str | None = None
    assumed: tuple[str, ...] = ()
