"""Asking how an answer came about."""

from __future__ import annotations

import pytest

from insights.conversation import State
from insights.origins import about_last, asks_assumed
from insights.requests import MetricQuestion
from insights.turns import Turn

ASKED = State(request=MetricQuestion(metrics=("revenue",)))


@pytest.mark.parametrize(
    "said",
    [
        "how did you get that?",
        "How do you know that",
        "how was this calculated",
        "where does that come from?",
        "where did you get that number from",
        "what is that based on",
        "show me the SQL",
        "says who",
        "who owns that",
        "is that number certified?",
    ],
)
def test_a_question_about_the_answer_is_one(said) -> None:
    """Each of the ways to ask is about the last question of the conversation, and about nothing without one."""
    assert about_last(said, ASKED) == ASKED.request
    assert about_last(said, State()) is None


@pytest.mark.parametrize(
    "said", ["how did revenue do", "where do customers come from", "what is revenue based on region", "how many orders were there", "show me the regions"]
)
def test_a_question_about_the_company_is_none(said) -> None:
    """What names a figure or a thing is a question of its own."""
    assert about_last(said, ASKED) is None


def test_how_it_came_about_is_read_back(office) -> None:
    """Definition, owner, whether it is certified, version, period, source and SQL of the last answer are said, and nothing is guessed."""
    office.reply(Turn("revenue in Nordics in March 2026", conversation="talk"))
    reply = office.reply(Turn("how did you get that?", conversation="talk"))
    assert reply.outcome == "understood"
    assert "a certified definition owned by finance" in reply.speech
    for wanted in (
        "SUM(orders.amount_usd)",
        f"Version of the definitions: {office.catalog.version[:12]}",
        "March 1, 2026 to March 31, 2026",
        "Nordics",
        "SELECT",
    ):
        assert wanted in reply.text
    assert reply.answer.version == office.catalog.version[:12]


def test_a_followup_after_that_goes_on(office) -> None:
    """Asking how a figure came about does not change what the conversation is about."""
    first = office.reply(Turn("revenue in March 2026", conversation="on"))
    office.reply(Turn("how did you get that?", conversation="on"))
    again = office.reply(Turn("and in April 2026", conversation="on"))
    assert again.request.metrics == first.request.metrics
    assert again.answer.value != first.answer.value


def test_without_a_question_before_it_is_no_answer(office) -> None:
    """Nothing was asked, so nothing came about."""
    assert office.reply(Turn("how did you get that?", conversation="new")).outcome != "understood"


@pytest.mark.parametrize("said", ["What did you assume?", "what are you assuming", "what have you taken for granted", "and what did you assume there"])
def test_what_was_taken_for_granted_can_be_asked(said) -> None:
    """Each of the ways to ask."""
    assert asks_assumed(said)


@pytest.mark.parametrize("said", ["what did you assume about revenue", "what did we sell", "what assumptions does the forecast make"])
def test_what_is_no_question_about_assumptions_is_none(said) -> None:
    """What says more is a question of its own."""
    assert not asks_assumed(said)


def test_what_was_taken_for_granted_is_told_to_whoever_asked(office) -> None:
    """Of the last answer, and of nobody else's; nothing where the words were taken as they stand."""

    def say(text, person="ada", conversation="c"):
        return office.reply(Turn(text, person=person, conversation=conversation)).text

    assert "not told you anything" in say("what did you assume?")
    say("revenue in 2025")
    assert "Nothing: I took your words as they stand." in say("what did you assume?")
    say("revenue last month")
    assert "'last month' is April 2026" in say("what did you assume?")
    assert "last month" not in say("what did you assume?", person="priya")
    assert "'last month' is April 2026" in say("what did you assume?")
    say("book fern at noon for an hour")
    assert "last month" not in say("what did you assume?")
    assert "not told you anything" in say("what did you assume?", conversation="d")
