"""Lessons, lists, exports, enquiries and notices tell nobody a name or a value that they may not know."""

from __future__ import annotations

import json
import re

import pytest

from insights import Turn
from insights.contract import encode_reply
from insights.delivery.outbox import KIND, message

SECRET = re.compile(r"zinc|payroll|wage|salar", re.IGNORECASE)
OTHERS_ROWS = re.compile(r"osaka", re.IGNORECASE)


def said(reply, text):
    """All that leaves in a reply but the asker's own words."""
    everything = json.dumps(encode_reply(reply)) + reply.speech + reply.text
    own = {word.casefold() for word in re.findall(r"\w+", text)}
    return " ".join(word for word in re.findall(r"\w+", everything) if word.casefold() not in own)


@pytest.fixture
def taught(assistant, say):
    """Fin, who may, taught a word for a secret figure and had it accepted; Ann taught a word for Osaka, and Stu accepted that."""
    assert say("fin", "when I say hoopla I mean zinc profit").outcome == "understood"
    assert say("ann", "when I say the port I mean Osaka").outcome == "understood"
    people, lessons, now = assistant.organization.people, assistant.teaching.lessons, assistant.now()
    assert lessons.accept("L-1001", people["fin"], now=now)[1]
    assert lessons.accept("L-1002", people["stu"], now=now)[1]
    return assistant


PROBES = [
    "hoopla in April 2026", "hoopla", "how is hoopla defined", "what is hoopla", "revenue where hoopla over 5 by kind", "hoopla by kind",
    "when I say foo I mean hoopla", "when I say foo I mean zinc profit", "that's wrong, I meant hoopla", "forget hoopla",
]  # fmt: skip


@pytest.mark.parametrize("text", PROBES)
@pytest.mark.parametrize("person", ["ann", "loc", None])
def test_a_word_for_a_secret_figure_tells_nobody_of_it(taught, say, person, text):
    """Whoever may not see the figure does not hear its name by the word for it."""
    say(person, "revenue in April 2026")
    reply = say(person, text)
    assert not SECRET.search(said(reply, text)), reply.text


def test_a_word_for_a_secret_figure_works_for_who_may_have_it_in_private_only(taught):
    """The same person in a room with others is not answered by it."""
    private = taught.reply(Turn("hoopla in April 2026", person="fin"))
    assert private.request.metrics == ("zinc_profit",)
    heard = taught.reply(Turn("hoopla in April 2026", person="fin", audience="channel"))
    assert heard.outcome != "understood"
    assert not SECRET.search(said(heard, "hoopla"))


@pytest.mark.parametrize("text", ["revenue for the port", "revenue in the port by kind", "what is the port", "the port"])
def test_a_word_for_a_value_of_hidden_rows_tells_nobody_of_it(taught, say, text):
    """Loc sees Bremen alone."""
    reply = say("loc", text)
    assert not OTHERS_ROWS.search(said(reply, text)), reply.text


@pytest.mark.parametrize("person", ["ann", "bob", "stu", "olga", "loc"])
def test_lists_and_exports_name_nothing_secret(taught, person):
    """Who may not see a figure finds nothing about it among corrections, contradictions included."""
    who, lessons, now = taught.organization.people[person], taught.teaching.lessons, taught.now()
    taught.reply(Turn("when I say hoopla I mean orders", person="ann", conversation="x"))
    listed = repr([(one.means, one.lesson.said, one.objections) for one in lessons.listed(who, now=now)])
    assert not SECRET.search(listed)
    assert not SECRET.search(repr(lessons.export(who, taught.curator.value_for(who), now=now)))


def test_an_owner_hears_that_something_contradicts_and_not_what(taught):
    """Olga answers for orders, and may not know what hoopla means to finance."""
    taught.reply(Turn("when I say hoopla I mean orders", person="ann", conversation="x"))
    olga = taught.organization.people["olga"]
    found, holds = taught.teaching.lessons.accept("L-1003", olga, now=taught.now())
    assert not holds
    assert [one.kind for one in found.objections] == ["contradicts"]
    assert "something that you may not see" in found.objections[0].text


def test_what_one_may_not_see_any_more_is_not_told_by_ones_own_lesson(taught, reopen):
    """Fin loses the role; the lesson stays his and no longer says what it means."""
    from tests.teaching.conftest import ORGANIZATION

    after = reopen(organization=ORGANIZATION.replace("name: Fin, roles: [finance]", "name: Fin, roles: [analyst]"))
    fin = after.organization.people["fin"]
    assert [one.means for one in after.teaching.lessons.listed(fin, now=after.now())] == ["something that you may not see any more"]
    reply = after.reply(Turn("hoopla in April 2026", person="fin"))
    assert not SECRET.search(said(reply, "hoopla"))


def test_a_question_about_hidden_rows_is_sent_to_nobody_who_may_not_see_them(assistant, say):
    """Ann may ask about Osaka; were its owner to see Bremen alone, no message would name Osaka."""
    say("ann", "revenue in Osaka in April 2026")
    say("ann", "ask the data team")
    for item in assistant.ledger.work_in(KIND, "waiting"):
        assert item.person == "fin"
    say("loc", "revenue in April 2026")
    say("loc", "ask the data team")
    sql = [message(item).text for item in assistant.ledger.work_in(KIND, "waiting")][-1]
    assert "SQL" in sql


def test_nobody_is_asked_about_a_figure_in_the_name_of_who_may_not_have_it(assistant, say):
    """A denied question is not passed on with its reading."""
    assert say("ann", "zinc profit in April 2026").outcome == "denied"
    say("ann", "ask the data team")
    texts = [message(item).text for item in assistant.ledger.work_in(KIND, "waiting")]
    assert not any("SQL" in text or "Zinc profit" in text for text in texts)


def test_what_somebody_else_said_in_a_shared_conversation_is_not_passed_on(say, assistant):
    """Bob asks the data team about nothing of his own."""
    say("fin", "zinc profit in April 2026", conversation="shared")
    reply = say("bob", "ask the data team", conversation="shared")
    assert "What shall I ask" in reply.text
    assert assistant.ledger.work_in(KIND, "waiting") == ()
