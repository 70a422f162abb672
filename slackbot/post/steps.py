"""The steps of a job, by name, for tests that end a process at one of them."""

from __future__ import annotations

from collections.abc import Callable

RECEIVED, ACKNOWLEDGED, ANSWERED, WRITTEN, BEGUN, POSTED, SENT, FINISHED = (
    "received", "acknowledged", "answered", "written", "begun", "posted", "sent", "finished",
)  # fmt: skip
STEPS = (RECEIVED, ACKNOWLEDGED, ANSWERED, WRITTEN, BEGUN, POSTED, SENT, FINISHED)
Passed = Callable[[str], None]


def silent(_: str) -> None:
    """Take no notice of a step."""
