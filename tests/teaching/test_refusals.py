"""Who was refused hears once when the question can be answered, if they may have the answer then."""

from __future__ import annotations

from datetime import timedelta

from insights import Turn
from insights.delivery.outbox import KIND, message
from tests.teaching.conftest import NOW, ORGANIZATION, OVERLAY


def told(assistant):
    """What waits to be delivered."""
    return [(item.person, message(item).text) for item in assistant.ledger.work_in(KIND, "waiting")]


def ask(assistant, person, text, now=NOW):
    """Ask without a conversation."""
    return assistant.reply(Turn(text, person=person, now=now))


WIDER = OVERLAY.replace("synonyms: [turnover]", "synonyms: [turnover, gross intake]")


def test_a_question_that_the_catalog_can_answer_now_is_told_once(reopen):
    """Nothing while nothing changes; one message after the definitions did; never again."""
    before = reopen()
    assert ask(before, "ann", "gross intake in April 2026").outcome != "understood"
    assert before.catch_up() == 0
    after = reopen(overlay=WIDER)
    assert after.catch_up() == 1
    assert after.catch_up() == 0
    assert told(after) == [("ann", 'On May 31, 2026 you asked "gross intake in April 2026". I can answer that now.')]
    assert ask(after, "ann", "gross intake in April 2026").answer.value == 500
    assert reopen(overlay=WIDER + "# once more\n").catch_up() == 0


def test_an_accepted_correction_makes_a_refused_question_answerable(assistant, say):
    """Bob was refused; Ann teaches, Fin accepts, Bob hears."""
    assert say("bob", "hoopla in April 2026").outcome != "understood"
    if say("bob", "hoopla in April 2026").outcome == "clarify":
        say("bob", "hoopla")
    say("ann", "when I say hoopla I mean net revenue")
    kept = {refusal.text for refusal in assistant.ledger.refusals(assistant.catalog.name, since=NOW - timedelta(days=1))}
    assert assistant.catch_up() == 0
    assistant.teaching.lessons.accept("L-1001", assistant.organization.people["fin"], now=assistant.now())
    assert assistant.catch_up() == len(kept) > 0
    assert {person for person, _ in told(assistant)} == {"bob"}


def test_nobody_hears_of_what_they_still_may_not_have(reopen):
    """The name is understood now, and the answer is not for Ann: silence."""
    assert ask(reopen(), "ann", "zinc gain in April 2026").outcome != "understood"
    renamed = OVERLAY.replace("zinc_profit: {label: Zinc profit,", "zinc_profit: {label: Zinc profit, synonyms: [zinc gain],")
    after = reopen(overlay=renamed)
    assert after.catch_up() == 0
    assert told(after) == []


def test_who_gets_the_right_later_hears_then(reopen):
    """Roles count as definitions do."""
    assert ask(reopen(), "ann", "zinc profit in April 2026").outcome == "denied"
    raised = ORGANIZATION.replace("{id: ann, name: Ann, roles: [analyst]}", "{id: ann, name: Ann, roles: [analyst, finance]}")
    after = reopen(organization=raised)
    assert after.catch_up() == 1
    assert [person for person, _ in told(after)] == ["ann"]


def test_who_has_left_hears_nothing(reopen):
    """Nor does who is no longer active."""
    ask(reopen(), "ann", "gross intake in April 2026")
    gone = reopen(overlay=WIDER, organization=ORGANIZATION.replace("name: Ann, roles: [analyst]", "name: Ann, roles: [analyst], active: false"))
    assert gone.catch_up() == 0


def test_a_refusal_is_kept_for_its_days_and_no_longer(reopen):
    """After thirty days it is forgotten."""
    ask(reopen(), "ann", "gross intake in April 2026", now=NOW - timedelta(days=31))
    after = reopen(overlay=WIDER)
    assert after.catch_up() == 0
    assert told(after) == []


def test_a_chore_is_never_done_by_itself(reopen):
    """What was refused is only read again if it is a question."""
    ask(reopen(), "ann", "extend my booking by ten minutes")
    after = reopen(overlay=WIDER)
    assert after.catch_up() == 0
    assert after.ledger.holds_of("ann", start=None, end=None) == ()


def test_the_unnamed_are_not_kept(reopen):
    """There is nobody to tell."""
    assistant = reopen()
    ask(assistant, None, "gross intake in April 2026")
    assert assistant.ledger.refusals(assistant.catalog.name, since=NOW - timedelta(days=9)) == ()
