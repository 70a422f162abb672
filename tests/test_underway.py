"""What is told of a question that is being answered: what it was taken for and what is read, and nothing that may not be told there."""

import pytest

from insights import Turn
from insights.underway import tell, watched


def seen(office, text, **turn):
    """The steps that whoever watches is told, and the reply."""
    steps = []
    with watched(steps.append):
        reply = office.reply(Turn(text, **turn))
    return [(step.kind, step.what) for step in steps], reply


def test_steps_are_told_before_the_answer_is_there(office):
    """In the company's words, and with the source that the answer names."""
    steps, reply = seen(office, "revenue by region last month", person="ada", audience="channel", listeners=("ada", "sam"))
    assert steps == [("understood", "Revenue by Region in April 2026"), ("reading", reply.answer.source)]


@pytest.mark.parametrize(
    ("person", "place", "outcome"),
    [
        ("sam", {}, "denied"),
        ("sam", {"audience": "channel"}, "denied"),
        ("omar", {"audience": "channel"}, "understood"),
        ("omar", {"audience": "channel", "listeners": ("omar", "sam")}, "understood"),
        ("omar", {"audience": "channel", "listeners": ("omar",), "strangers": 1}, "understood"),
    ],
)
def test_of_what_may_not_be_told_there_no_step_is(office, person, place, outcome):
    """A refusal, and an answer that goes to the asker alone: whoever watches learns nothing of either."""
    steps, reply = seen(office, "gross margin last month", person=person, **place)
    assert (steps, reply.outcome) == ([], outcome)


def test_nobody_is_told_what_another_asks(office):
    """A watcher is of one question, not of what comes after it."""
    steps, _ = seen(office, "revenue last month", person="ada")
    before = len(steps)
    office.reply(Turn("revenue by region last month", person="ada"))
    assert len(steps) == before == 2


def test_what_cannot_be_told_does_not_keep_the_answer(caplog):
    """A watcher that fails is written into the log."""

    def refuse(_):
        raise OSError("nobody is there")

    with watched(refuse):
        tell("reading", lambda: "orders")
    assert "goes on without" in caplog.text
