"""While a question back waits, a whole question about something else is answered, and a reply stays a reply."""

import pytest

from insights.requests import BookRoom, MetricQuestion
from insights.turns import Turn


@pytest.mark.parametrize("asked", ["what was revenue in 2024", "revenue last month", "top 3 regions by orders in 2025"])
def test_a_whole_question_changes_the_subject(office, asked):
    """A room without its time waits for it no longer."""
    waits = office.reply(Turn("book a room for four tomorrow", person="ada", conversation="c"))
    assert waits.outcome == "clarify"
    reply = office.reply(Turn(asked, person="ada", conversation="c"))
    assert isinstance(reply.request, MetricQuestion)
    assert reply.answer is not None
    assert office.reply(Turn("at three for an hour", person="ada", conversation="c")).outcome != "confirm"


def test_a_reply_is_not_taken_for_another_subject(office):
    """The time completes the booking."""
    office.reply(Turn("book a room for four tomorrow", person="ada", conversation="c"))
    assert office.reply(Turn("at three for an hour", person="ada", conversation="c")).outcome == "confirm"


def test_another_errand_is_not_taken_for_the_time_that_was_waited_for(office):
    """Said whole, with a room, a time and a length of its own, it is what it says."""
    assert office.reply(Turn("find a room for 40 people tomorrow", person="ada", conversation="c")).outcome == "clarify"
    reply = office.reply(Turn("book Fern tomorrow at ten for an hour", person="ada", conversation="c"))
    assert isinstance(reply.request, BookRoom)
    assert (reply.answer.status, reply.answer.booking.room) == ("booked", "fern")
    assert office.reply(Turn("find a room for 40 people tomorrow", person="ada", conversation="c")).outcome == "clarify"
    longer = office.reply(Turn("extend it by 30 minutes", person="ada", conversation="c"))
    assert longer.answer.status in ("proposed", "extended")


@pytest.mark.parametrize(
    "reply", ["tomorrow at three", "at three with a projector", "in Fern at three", "the one on the second floor at three", "at three for an hour please"]
)
def test_what_says_how_an_errand_is_meant_completes_it(office, reply):
    """However long: nothing else is done."""
    office.reply(Turn("book a room for four tomorrow", person="ada", conversation="c"))
    answered = office.reply(Turn(reply, person="ada", conversation="c"))
    if answered.question == "For how long?":
        answered = office.reply(Turn("for an hour", person="ada", conversation="c"))
    assert isinstance(answered.request, BookRoom), answered.text


def test_a_yes_after_another_request_was_refused_is_no_yes_to_what_was_proposed_before(office):
    """The booking is refused, so the yes may be meant for it; the ticket that was read back before is not filed by it."""
    proposed = office.reply(Turn("the projector in Fern is broken", person="ada", conversation="c"))
    assert proposed.outcome == "confirm"
    assert office.reply(Turn("book Fern tomorrow at nine for 20 hours", person="ada", conversation="c")).outcome == "denied"
    office.reply(Turn("yes", person="ada", conversation="c"))
    assert not office.ledger.registered_since(None)
