"""Questions about the company: looked up, and what nobody wrote down is offered to be asked of those who know."""

from __future__ import annotations

from dataclasses import replace

from insights.answers import Answer
from insights.office.task import Prepared, Proposal, Task
from insights.requests import AboutCompany, LookUp, RaiseTicket

LOOKS = (LookUp,)


def prepare(errand: AboutCompany, task: Task) -> Prepared:
    """Nothing waits, but for what is not known: a yes asks the office by a ticket."""
    if task.asker.person is None:
        return None
    answer = task.office.company.look_up(errand, asker=task.asker)
    if answer.status != "unknown":
        return None
    return Proposal(errand=RaiseTicket(what=f"Question: {errand.question}", room=task.asker.room), answer=replace(answer, offered=True))


def carry_out(errand: AboutCompany, task: Task) -> Answer:
    """Look it up."""
    return task.office.company.look_up(errand, asker=task.asker)
