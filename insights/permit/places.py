"""Where the assistant may answer when others read along: channels that are allowed, and those that are denied."""

from __future__ import annotations

from dataclasses import dataclass

from insights.errors import NotPermitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The channels (ids) that may be answered in: only those that are `allowed`, where any are named; never those that are `denied`."""

    allowed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def allow(self, channel: str) -> bool:
        """Whether a channel may be answered in.

        >>> Places(denied=frozenset({"C1"})).allow("C2"), Places(allowed=frozenset({"C1"})).allow("C2")
        (True, False)
        """
        return channel not in self.denied and (not self.allowed or channel in self.allowed)

    def decide(self, channel: str) -> None:
        """Raises NotPermitted where nothing is to be answered or posted in this channel."""
        if not self.allow(channel):
            raise NotPermitted("I am not to answer in this channel.", remedy="Ask me in private.")
