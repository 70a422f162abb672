"""What every ledger promises about what people taught, asked of the data team and were refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from insights.ledger.lessons import Enquiry, Lesson

NOW = datetime(2026, 12, 1, 10)
LESSON = Lesson(key="k", catalog="shop", person="ada", kind="synonym", said="sales", meant='{"metric": "net_revenue"}')
ENQUIRY = Enquiry(key="q", catalog="shop", person="ada", text="burn multiple", reading="{}", to=("omar", "nina"))


def test_a_lesson_is_written_down_once_and_keeps_what_was_said(ledger):
    """Its key is given to one lesson only, which comes back letter by letter, under an id that people can say."""
    kept = ledger.add_lesson(LESSON, now=NOW)
    assert (kept.id, kept.state, kept.taught, kept.by) == ("L-1001", "taught", NOW, None)
    assert ledger.add_lesson(replace(LESSON, said="other"), now=NOW) == kept
    assert ledger.lesson("shop", "l-1001") == kept
    assert ledger.lessons("shop") == (kept,)


@pytest.mark.parametrize("id_", ["L-1002", "", "Q-1001", "L-", "L-1e9", "; DROP TABLE lessons"])
def test_a_lesson_that_is_not_there_is_none(ledger, id_):
    """Any text may be asked for."""
    ledger.add_lesson(LESSON, now=NOW)
    assert ledger.lesson("shop", id_) is None


def test_lessons_of_another_catalog_are_not_told(ledger):
    """Two catalogs may share a ledger."""
    ledger.add_lesson(LESSON, now=NOW)
    assert ledger.lessons("bank") == ()
    assert ledger.lesson("bank", "L-1001") is None
    assert ledger.lessons_mark("bank") == 0


def test_a_lesson_is_judged_by_one(ledger):
    """Of many who judge it as it was, one succeeds."""
    ledger.add_lesson(LESSON, now=NOW)
    with ThreadPoolExecutor(8) as pool:
        judged = list(pool.map(lambda n: ledger.judge_lesson("L-1001", "accepted", was="taught", by=f"p{n}", now=NOW), range(16)))
    assert sum(judged) == 1
    kept = ledger.lesson("shop", "L-1001")
    assert (kept.state, kept.judged) == ("accepted", NOW)


def test_the_mark_changes_with_every_change_and_with_nothing_else(ledger):
    """Whoever keeps lessons in memory sees by it that they are old."""
    marks = [ledger.lessons_mark("shop")]
    ledger.add_lesson(LESSON, now=NOW)
    marks.append(ledger.lessons_mark("shop"))
    ledger.judge_lesson("L-1001", "rejected", was="taught", by="omar", reason="no", now=NOW)
    marks.append(ledger.lessons_mark("shop"))
    assert len(set(marks)) == 3
    ledger.add_lesson(LESSON, now=NOW)
    ledger.judge_lesson("L-1001", "accepted", was="taught", by="omar", now=NOW)
    assert ledger.lessons_mark("shop") == marks[-1]


def test_what_is_taught_and_asked_is_in_the_audit_log_without_the_words(ledger):
    """Who did what to which lesson; never what was said."""
    ledger.add_lesson(LESSON, now=NOW)
    ledger.judge_lesson("L-1001", "accepted", was="taught", by="omar", now=NOW)
    ledger.add_enquiry(ENQUIRY, now=NOW)
    ledger.answer_enquiry("Q-1001", "the secret answer", by="omar", now=NOW)
    trail = ledger.audit_trail()
    assert [(entry.event, entry.subject, entry.person) for entry in trail] == [
        ("synonym taught", "L-1001", "ada"),
        ("lesson accepted", "L-1001", "omar"),
        ("data team asked", "Q-1001", "ada"),
        ("data team answered", "Q-1001", "omar"),
    ]
    assert not any(word in repr(trail) for word in ("sales", "burn", "secret"))


def test_an_enquiry_is_asked_once_and_answered_once(ledger):
    """The first reply stands."""
    kept = ledger.add_enquiry(ENQUIRY, now=NOW)
    assert ledger.add_enquiry(replace(ENQUIRY, text="other"), now=NOW) == kept
    assert (kept.id, kept.to, kept.answer) == ("Q-1001", ("omar", "nina"), None)
    assert ledger.answer_enquiry("q-1001", "1.4", by="omar", now=NOW)
    assert not ledger.answer_enquiry("Q-1001", "1.5", by="nina", now=NOW)
    assert [(one.answer, one.by) for one in ledger.enquiries("shop")] == [("1.4", "omar")]
    assert ledger.enquiry("bank", "Q-1001") is None


def refuse(ledger, text, *, person="ada", now=NOW, most=3):
    """Keep a refusal."""
    ledger.add_refusal("shop", person, text, text, seen="v1", most=most, now=now)


def test_the_newest_refusals_of_a_person_are_kept(ledger):
    """A bounded number each, once for the same words."""
    for text in ("a", "b", "b", "c", "d"):
        refuse(ledger, text)
    refuse(ledger, "x", person="sam")
    assert [(one.person, one.text) for one in ledger.refusals("shop", since=NOW)] == [("ada", "b"), ("ada", "c"), ("ada", "d"), ("sam", "x")]


def test_refusals_that_are_too_old_are_forgotten(ledger):
    """What was said is not kept for longer than it is told."""
    refuse(ledger, "old", now=NOW - timedelta(days=31))
    refuse(ledger, "new")
    since = NOW - timedelta(days=30)
    assert [one.text for one in ledger.refusals("shop", since=since)] == ["new"]
    assert [one.text for one in ledger.refusals("shop", since=NOW - timedelta(days=99))] == ["new"]


def test_a_person_is_told_of_a_refusal_once(ledger):
    """Also when two workers try at once, and when the same is refused again."""
    refuse(ledger, "a")
    (refusal,) = ledger.refusals("shop", since=NOW)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: ledger.tell_refusal(refusal.number, now=NOW), range(8))) == 1
    refuse(ledger, "a")
    assert ledger.refusals("shop", since=NOW) == ()


def test_a_refusal_remembers_what_it_was_read_with(ledger):
    """So that nothing is read again without a reason."""
    refuse(ledger, "a")
    (refusal,) = ledger.refusals("shop", since=NOW)
    ledger.reread_refusal(refusal.number, seen="v2")
    assert [one.seen for one in ledger.refusals("shop", since=NOW)] == ["v2"]
