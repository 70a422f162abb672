"""Calls: joined or started."""

from __future__ import annotations

from insights.answers import Answer
from insights.office.task import Prepared, Task
from insights.requests import AboutCalls


def prepare(errand: AboutCalls, task: Task) -> Prepared:  # noqa: ARG001 # nobody carries it out yet
    """Nothing waits."""
    return None


def carry_out(errand: AboutCalls, task: Task) -> Answer:
    """Nobody carries it out yet."""
    raise task.unready(errand)
