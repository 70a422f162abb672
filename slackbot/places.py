"""The channels that may be answered in, and those where messages become tickets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The channels (ids) that may be answered in: only those that are `allowed`, where any are named; never those that are `denied`."""

    allowed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def allow(self, channel: str) -> bool:
        """Whether a channel may be answered in."""
        return channel not in self.denied and (not self.allowed or channel in self.allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """How messages become tickets: by a `reaction` (the name of an emoji; empty: by none), and everything new in `channels` (ids)."""

    reaction: str = "ticket"
    channels: frozenset[str] = frozenset()
