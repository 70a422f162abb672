"""What can be asked about the company."""

from __future__ import annotations

from typing import Literal, Protocol

from insights.answers import CompanyAnswer
from insights.permit import Asker
from insights.requests import LookUp


class Knowledge(Protocol):
    """Looks up what the company knows about itself. Raises OutsideFailed where what it knows cannot be read."""

    def look_up(self, request: LookUp, *, asker: Asker) -> CompanyAnswer:
        """What is told, from passages that this asker may have, here; nothing tells that there are others."""

    def knows(self, question: str, *, asker: Asker, beside_data: bool = False) -> Literal["answered", "sources", "unknown"]:
        """What would come of it: an answer, a choice of places, or nothing. A single word is a question only where something is called by it.

        `beside_data`: some of its words name data; then it takes a question with much of it in a passage and a word in its heading, and only places are shown.
        """
