"""A question back that was asked in one place and is answered in another."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from insights import Turn

NOW = datetime(2026, 5, 31, 10, 0)
ASKED = "session minutes by device in april"


@pytest.fixture
def say(office, request):
    """Says something as a person in a conversation; each test has conversations of its own."""
    places = iter(range(1000))

    def said(where: str, text: str, *, person: str = "ada", now: datetime = NOW, audience: str = "private"):
        where = f"{request.node.name}:{where}"
        return office.reply(Turn(text, person=person, conversation=where, id=f"{where}:{next(places)}", now=now, audience=audience))

    return said


@pytest.mark.parametrize("reply", ["1", "the first", "average"])
def test_a_question_heard_at_the_desk_is_answered_in_the_chat(say, reply):
    """A number, a place, a word that one choice alone has; and the answer says what it answers."""
    assert say("voice", ASKED).outcome == "clarify"
    answered = say("chat", reply)
    assert answered.request.metrics == ("avg(sessions.minutes)",)
    assert "this answers what I asked you last" in answered.assumed


def test_it_is_answered_once(say):
    """Where it was asked nothing waits for it any more."""
    say("voice", ASKED)
    assert say("chat", "1").outcome == "understood"
    assert say("voice", "2").outcome != "understood"
    assert say("elsewhere", "2").outcome != "understood"


def test_only_whom_it_was_asked_answers_it(say):
    """A number of somebody else is no answer to it, and it goes on waiting."""
    say("voice", ASKED)
    assert say("chat", "1", person="omar").outcome != "understood"
    assert say("voice", "2").request.metrics == ("sum(sessions.minutes)",)


def test_it_waits_for_ten_minutes_and_for_nothing_else_said(say):
    """Later, or after another question, a number means something else."""
    say("voice", ASKED)
    assert say("chat", "1", now=NOW + timedelta(minutes=11)).outcome != "understood"
    say("desk", ASKED)
    assert say("desk", "revenue last month").outcome == "understood"
    assert say("phone", "1").outcome != "understood"


def test_a_place_in_a_list_that_is_shown_here_stays_one_of_the_list(say):
    """ "The second one" where a list stands is its second row, although a question waits elsewhere; the words of a choice are that choice."""
    say("chat", "revenue by market last month")
    label = say("voice", ASKED).choices[0].label
    assert say("chat", "the second one").request.filters[0].values == ("Americas",)
    say("voice", ASKED)
    assert say("chat", label).request.metrics == ("avg(sessions.minutes)",)


def test_what_lacks_something_is_completed_elsewhere_and_still_confirmed(say):
    """An hour, said at the desk to a booking that was begun in the chat; a yes counts only where the booking is read out."""
    assert say("chat", "book a room for four tomorrow at ten").text == "For how long?"
    proposed = say("voice", "an hour")
    assert (proposed.outcome, proposed.request.minutes) == ("confirm", 60)
    assert say("chat", "yes").answer is None
    assert say("voice", "no").outcome == "understood"


def test_a_question_of_its_own_is_no_reply(say):
    """What says something by itself is not taken for the length of a booking that was begun elsewhere, whatever times are in it."""
    say("chat", "book a room for four tomorrow at ten")
    told = say("voice", "is the boardroom free on thursday afternoon")
    assert told.request.room == "boardroom"
    say("chat", "book a room for four tomorrow at ten")
    assert say("phone", "revenue last month").request.metrics == ("revenue",)


def test_what_may_not_be_told_here_is_not_answered_here(say):
    """A choice that is for finance alone, asked in private, cannot be picked by its number where a room listens."""
    asked = say("voice", "gross last month", person="omar")
    assert any("gross_margin" in choice.request.metrics or "gross_profit" in choice.request.metrics for choice in asked.choices)
    told = say("room", "1", person="omar", audience="room")
    assert told.answer is None
    assert "gross" not in told.text.casefold()
