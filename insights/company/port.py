"""What can be asked about the company."""

from __future__ import annotations

from typing import Protocol

from insights.answers import CompanyAnswer
from insights.permit import Asker
from insights.requests import LookUp


class Knowledge(Protocol):
    """Looks up what the company knows about itself. Raises OutsideFailed where what it knows cannot be read."""

    def look_up(self, request: LookUp, *, asker: Asker) -> CompanyAnswer:
        """What is told, from passages that this asker may have, here; nothing tells that there are others."""

    def is_clear(self, question: str, *, asker: Asker) -> bool:
        """Whether it would be answered with one passage, and not with a choice of them."""
