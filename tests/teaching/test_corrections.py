"""A correction holds for who gave it at once, and says so; never silently, never for others."""

from __future__ import annotations

import pytest

from insights import Turn
from insights.language.corrections import Remark, meant_softly, remark
from insights.requests import MetricQuestion

MEANT = {
    "when I say sales I mean net revenue": ("means", "sales", "net revenue"),
    "By hoopla we mean the net revenue.": ("means", "hoopla", "net revenue"),
    "remember that the big one means Osaka": ("means", "big one", "osaka"),
    "hoopla is short for orders": ("means", "hoopla", "orders"),
    "that's wrong, I meant net revenue": ("meant", "", "net revenue"),
    "no, by that I mean orders": ("meant", "", "orders"),
    "no I meant orders by kind": ("meant", "", "orders by kind"),
    "That’s not what I asked for": ("wrong", "", ""),
    "forget that": ("forget", "", ""),
    "remember that": ("remember", "", ""),
    "Ask the data team, please": ("ask_team", "", ""),
    "send this to the owner": ("ask_team", "", ""),
    "answer Q-1001: it was 1.4, I think": ("reply", "Q-1001", "it was 1.4, I think"),
}
ORDINARY = [
    "what does churn mean", "revenue by means of payment", "no", "what is the same as revenue", "which team has the most tickets", "how is revenue defined",
    "mean session length", "who owns revenue", "revenue by region", "wrong orders by region", "by the way, revenue", "answer", "I meant orders",
]  # fmt: skip


@pytest.mark.parametrize("text", MEANT)
def test_a_remark_is_heard_as_what_it_is(text):
    """Definitions, corrections, and what is for the data team, however they are put."""
    found = remark(text)
    assert (found.form, found.said, found.meaning) == MEANT[text]


@pytest.mark.parametrize("text", ORDINARY)
def test_a_question_is_no_remark(text):
    """Nothing is learned from what asks for something."""
    assert remark(text) is None


def test_what_is_asked_of_the_data_team_is_passed_on_as_it_was_written():
    """Capitals and signs are theirs."""
    assert remark("ask the data team why EMEA's R&D fell") == Remark(form="ask_team", meaning="why EMEA's R&D fell")


def test_i_meant_alone_only_reads_anew():
    """It may be a slip; nothing is learned unless that is said."""
    assert meant_softly("I meant net revenue") == "net revenue"
    assert meant_softly("revenue") == ""


def metrics(reply):
    """What a reply is about."""
    assert isinstance(reply.request, MetricQuestion), reply.text
    return reply.request.metrics


def test_a_phrase_that_was_taught_is_used_at_once_and_that_is_said(say):
    """The next question uses it, in any conversation; the answer names what was assumed."""
    assert say("ann", "when I say hoopla I mean net revenue").outcome == "understood"
    reply = say("ann", "hoopla in April 2026", conversation="another")
    assert metrics(reply) == ("net_revenue",)
    assert reply.answer.value == pytest.approx(450)
    assert "I took 'hoopla' as Net revenue, as you taught me" in reply.assumed


def test_a_correction_answers_the_last_question_anew_and_is_remembered(say):
    """ "Turnover" is another word for revenue here; for Ann it is net revenue from now on."""
    assert metrics(say("ann", "turnover in April 2026")) == ("revenue",)
    corrected = say("ann", "that's wrong, I meant net revenue")
    assert metrics(corrected) == ("net_revenue",)
    assert corrected.answer.value == pytest.approx(450)
    again = say("ann", "turnover by kind in April 2026", conversation="later")
    assert metrics(again) == ("net_revenue",)
    assert "I took 'turnover' as Net revenue, as you taught me" in again.assumed


def test_what_one_person_taught_changes_nothing_for_another(say):
    """Until a data owner accepts it."""
    say("ann", "when I say turnover I mean net revenue")
    assert metrics(say("bob", "turnover in April 2026")) == ("revenue",)


def test_the_very_name_of_a_figure_stays_its_name(say):
    """Who says revenue and then means something else has slipped: that question is read anew, the word keeps its meaning."""
    say("ann", "revenue in April 2026")
    assert metrics(say("ann", "no, that's wrong, I meant orders")) == ("orders",)
    assert metrics(say("ann", "revenue in April 2026", conversation="later")) == ("orders",)
    assert metrics(say("ann", "revenue by kind", conversation="later still")) == ("revenue",)


def test_a_value_that_was_mixed_up_is_not_renamed(say):
    """ "No, I meant Osaka" after a question about Bremen teaches nothing about Bremen."""
    say("ann", "revenue in Bremen")
    say("ann", "no, I meant Osaka")
    assert say("ann", "revenue in Bremen", conversation="later").answer.value == 300


def test_that_is_wrong_alone_is_asked_back(say):
    """What was meant is the next thing said."""
    say("ann", "turnover in April 2026")
    asked = say("ann", "that's wrong")
    assert asked.outcome == "clarify"
    assert asked.question == "What did you mean instead?"
    assert metrics(say("ann", "net revenue")) == ("net_revenue",)
    assert metrics(say("ann", "turnover by kind", conversation="later")) == ("net_revenue",)


def test_what_was_taught_can_be_forgotten(say):
    """The last lesson, or the one about a phrase."""
    say("ann", "when I say hoopla I mean orders")
    say("ann", "when I say turnover I mean net revenue")
    assert "hoopla" in say("ann", "forget hoopla").text
    assert "turnover" in say("ann", "forget that").text
    assert metrics(say("ann", "turnover in April 2026", conversation="later")) == ("revenue",)
    assert "nothing" in say("ann", "forget that").text


def test_teaching_the_same_phrase_again_replaces_the_lesson(say, assistant):
    """One person has one meaning for one phrase."""
    say("ann", "when I say hoopla I mean orders")
    say("ann", "when I say hoopla I mean revenue")
    assert metrics(say("ann", "hoopla in April 2026")) == ("revenue",)
    ann = assistant.organization.people["ann"]
    assert [one.lesson.said for one in assistant.teaching.lessons.listed(ann, now=assistant.now())] == ["hoopla"]


def test_a_whole_question_can_be_taught(say):
    """Its period stays in its words."""
    say("ann", "when I say the usual I mean revenue by kind last month")
    reply = say("ann", "the usual")
    assert reply.request.group_by == ("kind",)
    assert reply.request.period.words == "last month"
    assert "I read that as you taught me" in reply.assumed


@pytest.mark.parametrize(
    "text", ["when I say foo I mean quuxly", "when I say top I mean revenue", "when I say may I mean orders", "when I say hoopla I mean hoopla"]
)
def test_what_cannot_be_learned_is_refused_with_the_reason(say, text):
    """A meaning that nobody knows, or a word that has a meaning of its own in questions; nothing is kept."""
    reply = say("ann", text)
    assert reply.outcome == "unsupported", reply.text
    assert "nothing" in say("ann", "forget that").text


def test_nobody_unnamed_teaches(say):
    """Where people are known, a lesson is somebody's."""
    assert say(None, "when I say hoopla I mean orders").outcome == "denied"
    assert say(None, "hoopla in April 2026").outcome != "understood"


def test_the_same_turn_teaches_once(assistant):
    """A request that arrives twice is one lesson."""
    for _ in range(2):
        assistant.reply(Turn("when I say hoopla I mean orders", person="ann", conversation="c", id="t1"))
    assert len(assistant.ledger.lessons(assistant.catalog.name)) == 1


def test_remember_that_keeps_what_was_only_read_anew(say):
    """ "I meant net revenue" changes the question; "remember that" makes it a lesson."""
    say("ann", "turnover in April 2026")
    reply = say("ann", "I meant net revenue")
    if metrics(reply) != ("net_revenue",):
        pytest.skip("the follow-up is read elsewhere")
    assert metrics(say("ann", "turnover in April 2026", conversation="later")) == ("revenue",)
    assert "turnover" in say("ann", "remember that").text
    assert metrics(say("ann", "turnover in April 2026", conversation="later still")) == ("net_revenue",)


def test_understanding_alone_uses_lessons_and_writes_none(assistant, say):
    """`insights understand` reads as Ann would be read, and teaches nothing."""
    say("ann", "when I say hoopla I mean orders")
    reading, _ = assistant.understand(Turn("hoopla in April 2026", person="ann"))
    assert reading.request.metrics == ("orders",)
    before = assistant.ledger.lessons(assistant.catalog.name)
    assistant.understand(Turn("when I say blah I mean orders", person="ann"))
    assert assistant.ledger.lessons(assistant.catalog.name) == before


def test_asking_makes_no_ledger(reopen, tmp_path):
    """A question that stands alone leaves no file behind where nobody has taught anything."""
    reopen().reply(Turn("revenue in April 2026"))
    assert not (tmp_path / "home" / "ledger.sqlite").exists()
