"""What the store promises to whoever looks after the assistant: where it may answer, and how much it is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

ChannelRule = Literal["allowed", "denied"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How much was used since an instant: how many `people` talked, what doors were given to do (`done`, `failed`), and actions by kind that happened."""

    people: int = 0
    done: int = 0
    failed: int = 0
    actions: Mapping[str, int] = field(default_factory=dict)


class Administering(Protocol):
    """Channels by rule, and counts. Each change of the rules is in the audit log."""

    def channel_rules(self) -> Mapping[str, ChannelRule]:
        """Every channel (id) that has a rule."""

    def rule_channels(self, channels: Collection[str], rule: ChannelRule, *, person: str | None, now: datetime) -> None:
        """From now on these channels (ids) have this rule, and no others have any."""

    def used(self, *, since: datetime) -> Used:
        """How much was used from this instant on."""
