"""What becomes of an errand: prepared, then carried out. One module for each capability; the match over them is here and is exhaustive.
Each is imported when the first of its errands comes: most questions are not errands.

An errand that acts is carried out once per key. Preparing holds, files and sends nothing. Both raise InsightsError where nothing can come of it.
"""

from __future__ import annotations

from typing import assert_never

from insights.answers import Answer, RoomsAnswer
from insights.office.task import Prepared, Proposal, Settled, Task
from insights.requests import AboutCalls, AboutCompany, AboutMeetings, AboutRooms, AboutTickets, Choice, Errand, FindRoom, Following, Onward, Reminders

__all__ = ["Prepared", "Proposal", "Settled", "Task", "acts", "afterwards", "carry_out", "choices", "prepare"]


def prepare(errand: Errand, task: Task) -> Prepared:
    """A question back, what waits for a yes, the errand made definite, or None where it can be carried out as it is."""
    if isinstance(errand, AboutRooms):
        from insights.office import rooms

        return rooms.prepare(errand, task)
    if isinstance(errand, AboutMeetings):
        from insights.office import meetings

        return meetings.prepare(errand, task)
    if isinstance(errand, AboutCalls):
        from insights.office import calls

        return calls.prepare(errand, task)
    if isinstance(errand, AboutTickets):
        from insights.office import tickets

        return tickets.prepare(errand, task)
    if isinstance(errand, AboutCompany):
        from insights.office import company

        return company.prepare(errand, task)
    if isinstance(errand, Onward):
        from insights.office import onward

        return onward.prepare(errand, task)
    assert_never(errand)


def carry_out(errand: Errand, task: Task) -> Answer:
    """Do it, or look it up."""
    if isinstance(errand, AboutRooms):
        from insights.office import rooms

        return rooms.carry_out(errand, task)
    if isinstance(errand, AboutMeetings):
        from insights.office import meetings

        return meetings.carry_out(errand, task)
    if isinstance(errand, AboutCalls):
        from insights.office import calls

        return calls.carry_out(errand, task)
    if isinstance(errand, AboutTickets):
        from insights.office import tickets

        return tickets.carry_out(errand, task)
    if isinstance(errand, AboutCompany):
        from insights.office import company

        return company.carry_out(errand, task)
    if isinstance(errand, Onward):
        from insights.office import onward

        return onward.carry_out(errand, task)
    assert_never(errand)


def afterwards(answer: Answer, task: Task) -> Proposal | None:
    """What is offered once an errand is done: it waits for a yes, in the same answer. None for most."""
    from insights.office import tickets

    return tickets.afterwards(answer, task)


def choices(errand: Errand, answer: Answer) -> tuple[Choice, ...]:
    """What may be picked from an answer that lists it, each a whole request; none for most."""
    from insights.office import rooms

    return rooms.choices(errand, answer) if isinstance(errand, FindRoom) and isinstance(answer, RoomsAnswer) else ()


def acts(errand: Errand) -> bool:
    """Whether it changes something: then the turn that carried it out is remembered, so that the same turn does not do it again."""
    from insights.office import company, meetings, rooms, tickets

    looks = (*rooms.LOOKS, *meetings.LOOKS, *tickets.LOOKS, *company.LOOKS)
    return not isinstance(errand, looks) and not (isinstance(errand, Following | Reminders) and errand.act == "list")
