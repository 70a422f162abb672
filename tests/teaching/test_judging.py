"""A data owner judges corrections: what contradicts or changes a reading is shown and holds for nobody else."""

from __future__ import annotations

import pytest
import yaml

from insights import Turn, wiring
from insights.errors import NotPermitted, UnknownThing
from tests.teaching.conftest import OVERLAY


@pytest.fixture
def judge(assistant):
    """The lessons as somebody sees and judges them."""
    lessons, now, people = assistant.teaching.lessons, assistant.now(), assistant.organization.people

    class Judge:
        def list(self, person):
            return {one.lesson.id: one for one in lessons.listed(people.get(person), now=now)}

        def accept(self, lesson, person):
            return lessons.accept(lesson, people.get(person), now=now)

        def reject(self, lesson, person, reason=""):
            return lessons.reject(lesson, people.get(person), reason, now=now)

    return Judge()


def read(assistant, person, text):
    """The metrics and the assumptions of a reading."""
    reading, _ = assistant.understand(Turn(text, person=person))
    return getattr(reading, "request", None) and reading.request.metrics, getattr(reading, "assumed", ())


def test_an_accepted_correction_holds_for_everybody(assistant, say, judge):
    """Fin owns net revenue; what Ann taught is then heard from Bob too, as what people here say."""
    say("ann", "when I say hoopla I mean net revenue")
    found, holds = judge.accept("L-1001", "fin")
    assert holds
    assert found.objections == ()
    assert read(assistant, "bob", "hoopla in April 2026") == (("net_revenue",), ("I took 'hoopla' as Net revenue",))
    assert judge.list("fin")["L-1001"].lesson.by == "fin"


@pytest.mark.parametrize("person", ["ann", "bob", "stu", "olga", None])
def test_only_who_answers_for_it_judges_a_correction(say, judge, person):
    """Neither who taught it, nor the steward of what has no owner, nor the owner of another figure, nor the unnamed."""
    say("ann", "when I say hoopla I mean net revenue")
    with pytest.raises((NotPermitted, UnknownThing)):
        judge.accept("L-1001", person)
    assert judge.list("fin")["L-1001"].lesson.state == "taught"


def test_an_owner_can_be_named_as_a_person_and_the_catalogs_owner_answers_for_the_rest(say, judge):
    """Orders belong to Olga, a field and a value to the steward."""
    say("ann", "when I say hoopla I mean orders")
    say("ann", "when I say the port I mean Bremen")
    assert judge.list("olga").keys() == {"L-1001"}
    assert judge.list("stu").keys() == {"L-1002"}
    assert judge.accept("L-1001", "olga")[1]
    assert judge.accept("L-1002", "stu")[1]


def test_the_name_of_something_else_is_shown_and_not_applied(assistant, say, judge):
    """ "Turnover" is another word for revenue; that one person means net revenue by it changes nothing for the others."""
    say("ann", "when I say turnover I mean net revenue")
    found, holds = judge.accept("L-1001", "fin")
    assert not holds
    assert [(one.kind, "Revenue" in one.text) for one in found.objections] == [("declared", True)]
    assert read(assistant, "bob", "turnover in April 2026")[0] == ("revenue",)
    assert read(assistant, "ann", "turnover in April 2026")[0] == ("net_revenue",)


def test_corrections_that_contradict_one_another_are_shown_and_not_applied(assistant, say, judge):
    """Until the owner rejects one of them."""
    say("ann", "when I say hoopla I mean net revenue")
    say("bob", "when I say hoopla I mean revenue")
    listed = judge.list("fin")
    assert [[one.kind for one in shown.objections] for shown in listed.values()] == [["contradicts"], ["contradicts"]]
    assert not judge.accept("L-1001", "fin")[1]
    judge.reject("L-1002", "fin", "hoopla is net of refunds")
    assert judge.accept("L-1001", "fin")[1]
    assert read(assistant, "bob", "hoopla in April 2026")[0] == ("net_revenue",)
    assert judge.list("bob")["L-1002"].lesson.reason == "hoopla is net of refunds"


def test_a_correction_that_changes_how_an_accepted_one_is_read_is_shown_and_not_applied(assistant, say, judge):
    """The accepted corrections are replayed with every new one, each on the words it was taught with."""
    say("ann", "hoopla by kind in April 2026")
    say("ann", "when I say hoopla I mean net revenue")
    assert judge.accept("L-1001", "fin")[1]
    say("bob", "when I say hoopla by kind I mean revenue")
    found, holds = judge.accept("L-1002", "fin")
    assert not holds
    assert [one.text for one in found.objections] == ["It would change how 'hoopla by kind in April 2026' is read."]
    assert read(assistant, "ann", "hoopla by kind in April 2026")[0] == ("net_revenue",)


def test_a_taught_question_that_is_verified_otherwise_is_not_applied(say, judge):
    """The catalog's own verified question stays what it is."""
    say("ann", "when I say how are we doing I mean net revenue last month")
    found, holds = judge.accept("L-1001", "fin")
    assert not holds
    assert found.objections[0].kind in ("declared", "changes")


def test_a_rejected_correction_no_longer_holds_for_who_gave_it(assistant, say, judge):
    """The owner's word is the last."""
    say("ann", "when I say hoopla I mean net revenue")
    judge.reject("L-1001", "fin")
    assert read(assistant, "ann", "hoopla in April 2026")[0] != ("net_revenue",)


def test_what_was_accepted_can_be_taken_back(assistant, say, judge):
    """By its owner, for everybody."""
    say("ann", "when I say hoopla I mean net revenue")
    judge.accept("L-1001", "fin")
    judge.reject("L-1001", "fin")
    assert read(assistant, "bob", "hoopla in April 2026")[0] != ("net_revenue",)


def test_what_is_exported_passes_the_check_and_does_what_was_taught(assistant, say, judge, folder, reopen):
    """Synonyms and verified questions, put into the overlay: a fresh assistant without lessons reads them, and the check tries their values."""
    from insights.teaching.export import merged

    say("ann", "when I say hoopla I mean net revenue")
    say("ann", "hoopla in April 2026")
    say("ann", "when I say the usual I mean revenue in April 2026")
    assert judge.accept("L-1001", "fin")[1]
    assert judge.accept("L-1002", "fin")[1]
    fin = assistant.organization.people["fin"]
    made = assistant.teaching.lessons.export(fin, assistant.curator.value_for(fin), now=assistant.now())
    assert made["metrics"] == {"net_revenue": {"synonyms": ["hoopla"]}}
    assert {entry["ask"] for entry in made["verified"]} == {"hoopla", "usual"}
    whole = yaml.safe_dump(merged(yaml.safe_load(OVERLAY), made))
    fresh = reopen(overlay=whole)
    assert wiring.check(folder) == ()
    assert fresh.catalog.metrics["net_revenue"].synonyms == ("hoopla",)
    assert len(fresh.catalog.verified) == 3


def test_a_value_that_is_expected_and_not_given_fails_the_check(folder, reopen):
    """A verified question is a test: of its value, where that is fixed, and of whether it can be answered at all."""
    wrong = OVERLAY + (
        "  - {ask: takings in April, request: {analysis: value, metrics: [revenue], period: {first: 2026-04-01, last: 2026-04-30}}, expect: 499}\n"
        "  - {ask: takings in spring, request: {analysis: value, metrics: [revenue], period: {first: 2026-04-01, last: 2026-04-30}}, expect: 500}\n"
    )
    reopen(overlay=wrong)
    problems = wiring.check(folder)
    assert [problem.message for problem in problems] == ["verified question 'takings in April' gives 500, and 499 is expected."]
    assert problems[0].line > 0
