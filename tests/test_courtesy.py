"""Greetings and thanks are answered as such, and what is no report is not taken for one."""

import pytest

from insights.turns import Turn


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("hello", "Hello!"),
        ("Good morning!", "Hello!"),
        ("thanks a lot", "You're welcome."),
        ("who are you?", "I'm the company's assistant"),
        ("bye", "Goodbye."),
    ],
)
def test_a_courtesy_is_returned(halcyon, said, answered):
    """Nobody is told that it can't be helped with."""
    reply = halcyon.reply(Turn(said))
    assert (reply.outcome, reply.text.startswith(answered)) == ("understood", True)


def test_a_greeting_before_a_question_does_not_hide_it(halcyon):
    """The question is answered."""
    assert halcyon.reply(Turn("hello, revenue in May 2026")).answer is not None


def test_thanks_leave_a_question_back_waiting(office):
    """The choice that was offered can still be picked."""
    asked = office.reply(Turn("session minutes by device in April", conversation="c"))
    assert asked.outcome == "clarify"
    office.reply(Turn("thanks", conversation="c"))
    assert office.reply(Turn("the first one", conversation="c")).answer is not None


@pytest.mark.parametrize("said", ["busiest hour of the day", "delete all orders", "orders over the whole floor space"])
def test_a_question_nobody_understood_is_not_filed_as_a_report(halcyon, said):
    """A ticket is offered for what sounds like a fault, and not for whatever names figures."""
    reply = halcyon.reply(Turn(said, person="ada"))
    assert "file this ticket" not in reply.text
