"""Buttons, forms and commands as turns: what is said about an answer that was given, whatever was asked since."""

from __future__ import annotations

from datetime import datetime

import pytest

from insights import Turn
from insights.answers import BookingAnswer, HelpAnswer, MetricAnswer, TicketsAnswer
from insights.requests import BookRoom, ExtendBooking, Help, MetricQuestion, RaiseTicket, ScheduleMeeting


def said(office, text, *, id_, person="priya", conversation="c", **facts):
    """One turn in a chat."""
    return office.reply(Turn(text, person=person, id=id_, conversation=conversation, place="chat", **facts))


def test_a_button_goes_on_with_its_own_answer_whatever_was_asked_since(office):
    """ "by category" under the first answer is about revenue, although orders were asked after it."""
    first = said(office, "revenue last month", id_="t1")
    said(office, "orders in March 2026", id_="t2")
    reply = said(office, "by category", id_="t3", about="t1")
    assert isinstance(reply.request, MetricQuestion)
    assert (reply.request.metrics, reply.request.group_by) == (("revenue",), ("category",))
    assert reply.request.period == first.request.period


def test_an_answer_is_explained_as_it_was_asked(office):
    """Definition, source and SQL of the answer under which the button stands."""
    said(office, "revenue last month", id_="t1")
    said(office, "orders last month", id_="t2")
    reply = said(office, "how did you get that", id_="t3", about="t1")
    assert "SUM(orders.amount_usd)" in reply.text
    assert "SQL: " in reply.text


def test_without_words_an_answer_is_given_again_where_it_may_be_told(office):
    """What was asked in private is told to a channel when it is no secret, with the same figure and what was taken for granted."""
    alone = said(office, "revenue last month", id_="t1")
    shared = said(office, "", id_="t2", about="t1", audience="channel", listeners=("priya", "sam"))
    assert isinstance(shared.answer, MetricAnswer)
    assert (shared.answer.value, shared.assumed) == (alone.answer.value, alone.assumed)


def test_what_is_not_for_the_channel_is_not_shared(office):
    """A confidential figure stays with who asked; nothing is promised either."""
    assert said(office, "gross margin last month", id_="t1", person="omar").outcome == "understood"
    shared = said(office, "", id_="t2", person="omar", about="t1", audience="channel", listeners=("omar", "nina"))
    assert (shared.outcome, shared.answer) == ("denied", None)
    assert office.ledger.work_in("answer", "waiting") == ()


def test_with_strangers_in_the_channel_nothing_internal_is_shared(office):
    """A guest, or a member of another company, is enough."""
    said(office, "revenue last month", id_="t1")
    assert said(office, "", id_="t2", about="t1", audience="channel", listeners=("priya",), strangers=1).outcome == "denied"


def test_somebody_else_presses_with_their_own_rights(office):
    """Who may not know the figure is told nothing of it, who may sees it for themselves."""
    said(office, "gross margin last month", id_="t1", person="omar")
    refused = said(office, "how did you get that", id_="t2", person="priya", about="t1", conversation="other")
    assert (refused.outcome, refused.answer) == ("denied", None)
    assert "SUM" not in refused.text
    assert said(office, "by category", id_="t3", person="nina", about="t1", conversation="another").outcome == "understood"


def test_an_answer_that_is_not_kept_is_not_guessed(office):
    """A button under an answer of long ago says so."""
    reply = said(office, "why", id_="t2", about="never")
    assert reply.outcome == "unsupported"
    assert "Ask the question again" in reply.text


def test_a_form_books_what_it_says_once(office):
    """The same form sent twice is one booking."""
    form = BookRoom(room="fern", start=datetime(2026, 6, 1, 15), minutes=30, title="Planning")
    replies = [said(office, "book a room", id_="t1", request=form) for _ in range(2)]
    assert all(isinstance(reply.answer, BookingAnswer) for reply in replies)
    assert replies[0].answer.booking == replies[1].answer.booking
    assert replies[0].answer.booking.title == "Planning"


def test_a_form_has_no_more_rights_than_words(office):
    """Somebody unnamed books nothing by a form either."""
    reply = said(office, "", id_="t1", person=None, request=BookRoom(room="fern", start=datetime(2026, 6, 1, 15), minutes=30))
    assert reply.outcome == "denied"


@pytest.mark.parametrize(
    ("topic", "text", "request_"),
    [
        ("room", "fern at 3pm for 30 minutes", BookRoom(room="fern", start=datetime(2026, 5, 31, 15), minutes=30)),
        ("room", "extend 15", ExtendBooking(minutes=15)),
        ("ticket", "the projector in fern is broken", RaiseTicket(what="the projector in fern is broken", room="fern")),
        ("ticket", "something that nobody has words for", RaiseTicket(what="something that nobody has words for")),
        ("meeting", "with sam tomorrow at 10", ScheduleMeeting(people=("sam",), start=datetime(2026, 6, 1, 10))),
        ("room", "help", Help(topic="room")),
    ],
)
def test_words_behind_a_command_are_about_its_topic(office, topic, text, request_):
    """Short for what somebody would say in full."""
    from insights.conversation import State

    reading, _, _ = office.follow(Turn(text, person="priya", topic=topic, now=datetime(2026, 5, 31, 9)), State())
    assert (getattr(reading, "request", None) or reading.partial) == request_


def test_a_topic_lists_what_is_there(office):
    """ "/ticket status" are my tickets, "/room help" is about rooms alone."""
    assert isinstance(said(office, "status", id_="t1", topic="ticket").answer, TicketsAnswer)
    help_ = said(office, "help", id_="t2", topic="room").answer
    assert isinstance(help_, HelpAnswer)
    assert "Ask about the data" not in help_.groups


def test_what_is_no_matter_of_the_topic_is_refused(office):
    """A figure is not a room."""
    reply = said(office, "revenue last month", id_="t1", topic="room")
    assert (reply.outcome, reply.answer) == ("unsupported", None)
