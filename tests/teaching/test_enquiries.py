"""What nobody here can answer goes to a person who can, once, and their reply comes back."""

from __future__ import annotations

import pytest

from insights import Turn
from insights.delivery.outbox import KIND, message
from insights.errors import NotAnswerable, UnknownThing


def outbox(assistant):
    """What waits to be delivered, by person."""
    return [(item.person, message(item).text) for item in assistant.ledger.work_in(KIND, "waiting")]


def test_every_doubt_offers_a_person(say):
    """A refusal, a question back, and an answer that left words out."""
    for text in ("what is the burn multiple", "revenue for xyzzy"):
        reply = say("ann", text)
        assert "ask the data team" in reply.suggestions, reply.text
        assert "ask the data team" in reply.text
        assert "ask the data team" in reply.speech


def test_nobody_is_offered_where_there_is_nobody_to_ask(say, reopen):
    """The unnamed cannot be replied to, and a company without owners has nobody who answers."""
    assert "data team" not in say(None, "what is the burn multiple").text
    bare = reopen(overlay="version: 1\ntoday: 2026-05-31\n")
    reply = bare.reply(Turn("what is the burn multiple", person="ann", conversation="c"))
    assert "data team" not in reply.text
    told = bare.reply(Turn("ask the data team", person="ann", conversation="c"))
    assert told.outcome == "unsupported"
    assert "did not ask anybody" in told.text
    assert outbox(bare) == []


def test_a_question_that_was_not_understood_goes_to_the_catalogs_owner(assistant, say):
    """In the asker's own words, and that it was not understood."""
    say("ann", "what is the burn multiple")
    reply = say("ann", "ask the data team")
    assert reply.text == "I have asked Stu (Q-1001). I'll bring you the reply."
    ((person, text),) = outbox(assistant)
    assert person == "stu"
    assert 'Ann asks the data team (Q-1001): "what is the burn multiple"' in text
    assert "I did not understand it." in text


def test_a_question_goes_with_its_reading_and_sql_to_who_answers_for_the_figure(assistant, say):
    """Net revenue is finance's."""
    say("ann", "net revenue by kind in April 2026")
    say("ann", "ask the data team")
    ((person, text),) = outbox(assistant)
    assert person == "fin"
    assert "I read it as: Net revenue by Kind in April 2026" in text
    assert "SQL: " in text
    assert "SELECT" in text


def test_a_question_can_be_put_to_the_data_team_directly(assistant, say):
    """ "Ask the data team why ...": as it was written."""
    say("ann", "ask the data team why Bremen's R&D fell")
    ((_, text),) = outbox(assistant)
    assert '"why Bremen\'s R&D fell"' in text


def test_asking_twice_asks_once(assistant, say):
    """Also when the turn arrives again, or another person asks the same thing: that is another question."""
    say("ann", "what is the burn multiple", id="1")
    for id_ in ("2", "2", "3"):
        say("ann", "ask the data team", id=id_)
    assert len(outbox(assistant)) == 1
    say("bob", "what is the burn multiple")
    say("bob", "ask the data team")
    assert len(outbox(assistant)) == 2


def test_there_must_be_a_question_and_an_asker(say, assistant):
    """Nothing is sent for nobody, or about nothing."""
    assert "What shall I ask" in say("ann", "ask the data team").text
    assert say(None, "ask the data team what is revenue").outcome == "denied"
    assert outbox(assistant) == []


def test_the_reply_comes_back_to_who_asked(assistant, say):
    """Said in a conversation by who was asked; nobody else can reply, and nobody twice."""
    say("ann", "what is the burn multiple")
    say("ann", "ask the data team")
    assert say("bob", "answer Q-1001 no idea").outcome == "unsupported"
    assert say("stu", "answer Q-1001: Net burn by new revenue,\n1.4 in April.").text == "Your reply to Ann (Q-1001) is on its way."
    back = [text for person, text in outbox(assistant) if person == "ann"]
    assert back == ['Stu answers your question "what is the burn multiple":\nNet burn by new revenue,\n1.4 in April.']
    assert "already" in say("stu", "answer Q-1001 something else").text
    assert len([person for person, _ in outbox(assistant) if person == "ann"]) == 1


def test_a_reply_can_become_a_verified_question(assistant, say):
    """The owner says how the question is to be read; it is then read so for everybody."""
    say("ann", "what is the take")
    say("ann", "ask the data team")
    stu, fin = (assistant.organization.people[one] for one in ("stu", "fin"))
    kept = assistant.teaching.enquiries.answer("Q-1001", "That is revenue.", stu, now=assistant.now())
    meant = assistant.curator.question("revenue last month", fin)
    lesson = assistant.teaching.lessons.teach_question(kept.text, meant, person="fin", key="k", now=assistant.now())
    assert assistant.teaching.lessons.accept(lesson.id, fin, now=assistant.now())[1]
    reply = say("bob", "what is the take?")
    assert reply.request.metrics == ("revenue",)
    assert reply.answer.value == 500


def test_what_a_crash_kept_from_the_outbox_is_sent_by_the_next_work(assistant, say, monkeypatch):
    """The enquiry is written down first; work sends what was not, and nothing twice."""
    import insights.teaching.enquiries as enquiries

    say("ann", "what is the burn multiple")
    with monkeypatch.context() as patched:
        patched.setattr(enquiries, "enqueue", lambda *_, **__: (_ for _ in ()).throw(ZeroDivisionError))
        assert say("ann", "ask the data team").outcome == "failed"
    assert outbox(assistant) == []
    for _ in range(2):
        assistant.catch_up()
    assert [person for person, _ in outbox(assistant)] == ["stu"]


def test_an_enquiry_is_told_to_nobody_but_who_is_in_it(assistant, say):
    """Neither listed nor answered by others."""
    say("ann", "what is the burn multiple")
    say("ann", "ask the data team")
    people, desk = assistant.organization.people, assistant.teaching.enquiries
    assert [len(desk.listed(people[one])) for one in ("ann", "stu", "bob", "fin")] == [1, 1, 0, 0]
    with pytest.raises(UnknownThing):
        desk.answer("Q-1001", "x", people["ann"], now=assistant.now())
    with pytest.raises(NotAnswerable):
        desk.answer("Q-1001", " \n ", people["stu"], now=assistant.now())
