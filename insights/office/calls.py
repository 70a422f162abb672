"""Calls: joined or started."""

from __future__ import annotations

from typing import assert_never

from insights.answers import Answer
from insights.office.task import Prepared, Task
from insights.requests import AboutCalls, JoinCall, StartCall


def prepare(errand: AboutCalls, task: Task) -> Prepared:  # noqa: ARG001 # a call that waits for a yes is missed
    """Nothing waits."""
    return None


def carry_out(errand: AboutCalls, task: Task) -> Answer:
    """Do it."""
    match errand:
        case JoinCall():
            return task.office.calls.join(errand, asker=task.asker, now=task.now, key=task.key)
        case StartCall():
            return task.office.calls.start(errand, asker=task.asker, now=task.now, key=task.key)
        case _:
            assert_never(errand)
