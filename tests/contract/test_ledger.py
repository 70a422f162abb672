"""What every ledger promises: actions happen once, work is claimed by one, the audit log shows tampering."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from insights.errors import NotAnswerable, OutsideFailed
from insights.ledger.port import Begun, Done, Fault, InFlight

NOW = datetime(2026, 12, 1, 10)
LATER = NOW + timedelta(minutes=10)


def begin(ledger, key="k", kind="book_room", request="{}", person="ada", now=NOW):
    """Begin an action of Ada's unless told otherwise."""
    return ledger.begin(key, kind, request, person=person, now=now)


def test_an_action_that_was_confirmed_tells_its_result_when_it_is_begun_again(ledger):
    """The second begin of a key gives what the first one led to."""
    assert begin(ledger) == Begun(key="k")
    ledger.attempted("k", now=NOW)
    ledger.confirm("k", '{"id": "B-1001"}', now=NOW)
    assert begin(ledger) == Done(result='{"id": "B-1001"}')


def test_an_action_that_nobody_ended_is_in_flight(ledger):
    """Whoever begins it meanwhile hears how far it is, and is not told to go ahead."""
    begin(ledger)
    assert begin(ledger) == InFlight(state="intended")
    ledger.attempted("k", now=NOW)
    assert begin(ledger) == InFlight(state="attempted")


def test_of_fifty_who_begin_the_same_action_one_may_attempt_it(ledger):
    """Exactly one thread hears that it is the first."""
    with ThreadPoolExecutor(8) as pool:
        beginnings = list(pool.map(lambda _: begin(ledger), range(50)))
    assert sum(isinstance(one, Begun) for one in beginnings) == 1


def test_an_action_that_failed_may_begin_again_and_remembers_why_it_failed(ledger):
    """A failure is final for the attempt, not for the wish."""
    begin(ledger)
    ledger.fail("k", "Every room is taken.", now=NOW)
    assert ledger.find("k").reason == "Every room is taken."
    assert begin(ledger) == Begun(key="k")


def test_what_happened_outlives_a_later_failure(ledger):
    """A confirmed action cannot be marked as failed, a failed one turns out to have happened."""
    begin(ledger)
    ledger.fail("k", "no answer", now=NOW)
    ledger.confirm("k", "1", now=NOW)
    ledger.fail("k", "no answer", now=NOW)
    assert (ledger.find("k").state, ledger.find("k").result) == ("confirmed", "1")


@pytest.mark.parametrize("other", [{"person": "sam"}, {"person": None}, {"kind": "raise_ticket"}])
def test_a_key_that_belongs_to_another_person_or_kind_tells_nothing(ledger, other):
    """A guessed key must not reveal somebody else's booking."""
    begin(ledger)
    ledger.confirm("k", "secret", now=NOW)
    with pytest.raises(NotAnswerable, match="already used"):
        begin(ledger, **other)


def test_what_is_doubted_cannot_be_attempted_any_more(ledger):
    """After a doubt a look at the provider is final: a process that slept meanwhile is refused at every later step."""
    begin(ledger)
    assert ledger.doubt("k", now=LATER)
    with pytest.raises(OutsideFailed, match="given up"):
        ledger.attempted("k", now=LATER)
    with pytest.raises(OutsideFailed, match="given up"):
        ledger.file_ticket(Fault(key="k", person="ada", what="projector"), now=LATER)
    assert ledger.ticket_with_key("k") is None


def test_what_has_ended_cannot_be_doubted(ledger):
    """A confirmed action needs no looking up."""
    begin(ledger)
    ledger.confirm("k", "1", now=NOW)
    assert not ledger.doubt("k", now=LATER)


def test_unfinished_actions_are_those_that_began_before_and_have_not_ended(ledger):
    """Oldest first; confirmed, failed and fresh ones are left out."""
    for number, key in enumerate(["second", "first", "done", "failed", "fresh"]):
        begin(ledger, key=key, now=NOW + timedelta(minutes={"first": 0, "fresh": 60}.get(key, number + 1)))
    ledger.confirm("done", "1", now=LATER)
    ledger.fail("failed", "no", now=LATER)
    ledger.doubt("second", now=LATER)
    assert [action.key for action in ledger.unfinished(before=NOW + timedelta(minutes=30))] == ["first", "second"]


def test_a_conversation_is_kept_as_it_was_last_saved(ledger):
    """Text comes back letter by letter; an unknown conversation is None."""
    assert ledger.load_conversation("c") is None
    ledger.save_conversation("c", "{}", person=None, now=NOW)
    ledger.save_conversation("c", '{"über": "日本"}', person="ada", now=NOW)
    assert ledger.load_conversation("c") == '{"über": "日本"}'


def test_conversations_are_saved_together(ledger):
    """Each under its own id; those that were there are replaced."""
    ledger.save_conversation("one", "{}", person=None, now=NOW)
    ledger.save_conversations({"one": "[1]", "two": "[2]"}, person="ada", now=LATER)
    assert [ledger.load_conversation(name) for name in ("one", "two", "three")] == ["[1]", "[2]", None]


def test_half_a_surrogate_pair_is_stored_as_a_question_mark(ledger):
    """A transcript can hold what UTF-8 cannot; that is no reason to fail."""
    ledger.save_conversation("c\ud800", "a\udfffb", person="\ud800", now=NOW)
    assert ledger.load_conversation("c\ud800") == "a?b"


def test_work_is_claimed_by_one_worker_at_a_time(ledger):
    """Forty items and eight workers: every item is claimed once."""
    for number in range(40):
        ledger.add_work(f"m{number}", "message", "{}", person="ada")

    def claim_all(_):
        claimed = []
        while (item := ledger.claim_work("message", now=NOW, lease=timedelta(minutes=1))) is not None:
            claimed.append(item.key)
        return claimed

    with ThreadPoolExecutor(8) as pool:
        claimed = [key for keys in pool.map(claim_all, range(8)) for key in keys]
    assert sorted(claimed) == sorted(f"m{number}" for number in range(40))


def test_work_that_is_not_due_yet_waits(ledger):
    """An item is claimed from its time on, of its own kind only, the longest due first."""
    ledger.add_work("late", "message", "{}", person="ada", due=LATER)
    ledger.add_work("early", "message", "{}", person="ada", due=NOW)
    ledger.add_work("other", "digest", "{}", person="ada")
    lease = timedelta(minutes=1)
    assert ledger.claim_work("message", now=NOW, lease=lease).key == "early"
    assert ledger.claim_work("message", now=NOW, lease=lease) is None
    assert ledger.claim_work("message", now=LATER, lease=lease).key == "late"


def test_one_item_of_work_can_be_claimed_before_it_is_due(ledger):
    """By its key and kind, once; what became of it can be looked up."""
    ledger.add_work("late", "calendar", "{}", person="ada", due=LATER)
    lease = timedelta(minutes=1)
    assert ledger.work_with("late").state == "waiting"
    assert ledger.work_with("another") is None
    assert ledger.claim_work("message", now=NOW, lease=lease, key="late") is None
    item = ledger.claim_work("calendar", now=NOW, lease=lease, key="late")
    assert (item.key, item.state, item.attempts) == ("late", "doing", 1)
    assert ledger.claim_work("calendar", now=LATER, lease=lease, key="late") is None
    assert ledger.finish_work(item, "done", now=NOW)
    assert ledger.work_with("late").state == "done"


def test_the_same_key_is_one_item_of_work_even_after_it_is_done(ledger):
    """Adding it again changes nothing and says so."""
    assert ledger.add_work("m", "message", "first", person="ada")
    item = ledger.claim_work("message", now=NOW, lease=timedelta(minutes=1))
    assert ledger.finish_work(item, "done", now=NOW)
    assert not ledger.add_work("m", "message", "second", person="ada")
    assert ledger.claim_work("message", now=LATER, lease=timedelta(minutes=1)) is None


def test_a_claim_that_was_given_back_is_no_longer_ours_to_end(ledger):
    """Only the word of the latest claim counts."""
    ledger.add_work("m", "message", "{}", person="ada")
    first = ledger.claim_work("message", now=NOW, lease=timedelta(minutes=1))
    assert ledger.postpone_work(first, due=LATER, problem="busy")
    assert not ledger.finish_work(first, "done", now=NOW)
    second = ledger.claim_work("message", now=LATER, lease=timedelta(minutes=1))
    assert (first.attempts, second.attempts, second.problem) == (1, 2, "busy")
    assert not ledger.finish_work(first, "failed", now=LATER)
    assert not ledger.postpone_work(first, due=LATER, problem="")
    assert ledger.finish_work(second, "done", now=LATER)


def test_a_lease_that_ended_without_a_word_is_lapsed(ledger):
    """Its worker may still say how it ended, also after it was taken for unknown."""
    ledger.add_work("m", "message", "{}", person="ada")
    item = ledger.claim_work("message", now=NOW, lease=timedelta(minutes=1))
    assert ledger.lapsed_work("message", now=NOW + timedelta(seconds=59)) == ()
    (lapsed,) = ledger.lapsed_work("message", now=NOW + timedelta(seconds=60))
    assert ledger.finish_work(lapsed, "unknown", now=LATER)
    assert [one.key for one in ledger.work_in("message", "unknown")] == ["m"]
    assert ledger.finish_work(item, "done", now=LATER)
    assert ledger.work_in("message", "unknown") == ()


def test_every_change_of_an_action_is_in_the_audit_log_without_what_was_said(ledger):
    """Intended, attempted, confirmed, in order, with the person; the request itself only as a digest."""
    begin(ledger, request='{"title": "secret merger"}')
    ledger.attempted("k", now=NOW)
    ledger.confirm("k", '{"title": "secret merger"}', now=NOW)
    trail = ledger.audit_trail()
    assert [(entry.event, entry.subject, entry.person) for entry in trail] == [
        ("book_room intended", "k", "ada"),
        ("book_room attempted", "k", "ada"),
        ("book_room confirmed", "k", "ada"),
    ]
    assert "secret" not in repr(trail)
    assert ledger.first_broken() is None


def test_ledger_methods_that_change_nothing_leave_no_trace(ledger):
    """A repeated confirmation or failure adds no entry."""
    begin(ledger)
    ledger.confirm("k", "1", now=NOW)
    before = ledger.audit_trail()
    ledger.confirm("k", "2", now=NOW)
    ledger.fail("k", "no", now=NOW)
    begin(ledger)
    assert ledger.audit_trail() == before


def test_a_claim_is_held_for_longer_and_notes_how_far_it_is(ledger):
    """As long as it is ours; what another has claimed since is not ours any more."""
    ledger.add_work("m", "message", "{}", person="ada")
    item = ledger.claim_work("message", now=NOW, lease=timedelta(minutes=1))
    assert ledger.hold_work(item, until=NOW + timedelta(minutes=9), note="half way")
    assert ledger.hold_work(item, until=NOW + timedelta(minutes=10))
    assert ledger.lapsed_work("message", now=NOW + timedelta(minutes=9)) == ()
    (lapsed,) = ledger.lapsed_work("message", now=NOW + timedelta(minutes=10))
    assert lapsed.problem == "half way"
    assert ledger.postpone_work(lapsed, due=NOW, problem="")
    assert not ledger.hold_work(item, until=LATER)
    assert ledger.claim_work("message", now=LATER, lease=timedelta(minutes=1)) is not None
    assert not ledger.hold_work(item, until=LATER, note="ours")
