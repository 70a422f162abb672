"""Questions about the company that its handbook answers."""

from __future__ import annotations

from insights.answers import Answer
from insights.office.task import Prepared, Task
from insights.requests import AboutCompany, LookUp

LOOKS = (LookUp,)


def prepare(errand: AboutCompany, task: Task) -> Prepared:  # noqa: ARG001 # looking up asks nothing
    """Nothing waits."""
    return None


def carry_out(errand: AboutCompany, task: Task) -> Answer:
    """Nobody carries it out yet."""
    raise task.unready(errand)
