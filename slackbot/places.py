"""How messages in channels become tickets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """How messages become tickets: by a `reaction` (the name of an emoji; empty: by none), and everything new in `channels` (ids)."""

    reaction: str = "ticket"
    channels: frozenset[str] = frozenset()


WHERE = [("in every channel that I am in, but not in these", "denied"), ("in these channels alone", "allowed")]
"""What administrators choose from, with the rule that it is."""
