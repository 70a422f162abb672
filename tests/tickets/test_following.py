"""What becomes of a ticket after it was filed: changes, approvals, outages, news; and who hears of it."""

import json
from datetime import datetime, timedelta

import pytest

from insights.errors import NotAnswerable, NotPermitted, OutcomeUnknown, UnknownThing
from insights.helpdesk import Field, Fix, HelpDesk, RequestType
from insights.organization import Organization, Person, Room
from insights.permit import Asker
from insights.requests import AnnounceOutage, Clarify, RaiseTicket, TicketStatus, UpdateTicket
from insights.tickets import EmbeddedTickets, TicketDesk
from insights.tickets.figures import backlog
from insights.tickets.port import Change

NOW = datetime(2026, 12, 1, 10)
PEOPLE = {
    "ada": Person(id="ada", name="Ada Okafor"),
    "sam": Person(id="sam", name="Sam Reyes"),
    "tom": Person(id="tom", name="Tom Becker", roles=frozenset({"it"})),
    "fay": Person(id="fay", name="Fay Moss", roles=frozenset({"finance"})),
    "ben": Person(id="ben", name="Ben Ash", roles=frozenset({"finance"})),
}
SIZE = Field(name="size", label="Size", question="Which size?", values=("13 inch", "15 inch"))
REASON = Field(name="reason", label="Reason", question="What for?")
LAPTOP = RequestType(id="laptop", label="New laptop", words=("new laptop",), category="computer", approver="finance", fields=(SIZE, REASON))
FIX = Fix(title="No picture", steps="Press Source.", words=("projector", "picture", "dark"))
COMPANY = Organization(people=PEOPLE, rooms={"fern": Room(id="fern", name="Fern", capacity=6)}, help_desk=HelpDesk(types=(LAPTOP,), fixes=(FIX,)))


def as_(person):
    """Somebody in private."""
    return Asker(person=PEOPLE[person], audience="private")


@pytest.fixture
def desk(ledger):
    """A desk over the embedded system."""
    return TicketDesk(provider=EmbeddedTickets(lambda: ledger, (LAPTOP,)), ledger=lambda: ledger, organization=COMPANY)


def raised(desk, what="the projector in fern is dark", person="ada", key="k", **more):
    """A ticket, filed."""
    return desk.raise_ticket(RaiseTicket(what=what, **more), asker=as_(person), now=NOW, key=key).ticket


def told(ledger):
    """Who is told what."""
    return {(item.person, json.loads(item.payload)["text"]) for item in ledger.work_in("message", "waiting")}


def test_the_same_trouble_is_offered_before_it_is_filed_again(desk):
    """Without the words of whoever reported it first, and a ticket of one's own is still to be had."""
    first = raised(desk, "the projector of my boss is dark in fern", room="fern")
    wish = RaiseTicket(what="the projector is dark in fern", room="fern")
    question = desk.ask(wish, asker=as_("sam"), now=NOW)
    assert isinstance(question, Clarify)
    assert first.id in question.prompt
    assert "boss" not in question.prompt
    same, own = (choice.request for choice in question.choices)
    assert same == UpdateTicket(ticket=first.id, join=True)
    assert desk.ask(own, asker=as_("sam"), now=NOW) is None
    assert desk.ask(RaiseTicket(what="the coffee machine is dirty", room="fern"), asker=as_("sam"), now=NOW) is None
    joined = desk.update(same, asker=as_("sam"), now=NOW, key="j").ticket
    assert (joined.id, joined.what, joined.mine) == (first.id, "", False)


def test_what_usually_helps_is_offered_before_filing(desk):
    """Where enough of its words are said."""
    assert desk.propose(RaiseTicket(what="the projector shows no picture"), asker=as_("ada"), now=NOW).fix.title == "No picture"
    assert desk.propose(RaiseTicket(what="the projector fell down"), asker=as_("ada"), now=NOW).fix is None


def test_a_form_asks_for_what_it_requires_and_takes_only_what_it_allows(desk):
    """One question after the other; what the words say already is not asked."""
    wish = RaiseTicket(what="I need a new laptop")
    question = desk.ask(wish, asker=as_("ada"), now=NOW)
    assert (question.prompt, [choice.label for choice in question.choices]) == ("Which size?", ["13 inch", "15 inch"])
    said = RaiseTicket(what="I need a new laptop, 15 inch", fields={"size": "17 inch"})
    assert desk.ask(said, asker=as_("ada"), now=NOW).missing == "field:size"  # what is not allowed is asked for again
    asked = desk.ask(RaiseTicket(what="a new laptop, 15 inch"), asker=as_("ada"), now=NOW)
    assert (asked.prompt, asked.partial.fields) == ("What for?", {"size": "15 inch"})
    assert desk.ask(RaiseTicket(what="a new laptop", fields={"size": "15", "reason": "video"}), asker=as_("ada"), now=NOW) is None


def test_a_request_goes_to_its_approver_who_is_never_the_requester(desk, ledger):
    """Each holder of the role is asked once; one decides, for everybody; whoever asked hears of it."""
    wish = RaiseTicket(what="a new laptop", fields={"size": "15 inch", "reason": "video"})
    ticket = desk.raise_ticket(wish, asker=as_("fay"), now=NOW, key="k").ticket
    assert (ticket.approval, ticket.approver) == ("waiting", "finance")
    assert [person for person, _ in told(ledger)] == ["ben"]
    approve = UpdateTicket(ticket=ticket.id, decision="approve")
    for person, refusal in (("fay", NotPermitted), ("tom", NotPermitted), ("ada", UnknownThing)):
        with pytest.raises(refusal):
            desk.update(approve, asker=as_(person), now=NOW, key=f"by {person}")
    assert [one.id for one in desk.status(TicketStatus(), asker=as_("ben")).approvals] == [ticket.id]
    done = desk.update(approve, asker=as_("ben"), now=NOW, key="yes")
    assert (done.ticket.approval, done.changes) == ("approved", ("approved by Ben Ash",))
    assert any(person == "fay" and "approved by Ben Ash" in text for person, text in told(ledger))
    with pytest.raises(NotAnswerable, match="Nothing waits"):
        desk.update(approve, asker=as_("ben"), now=NOW, key="again")


def test_changes_are_made_once_and_told_to_whoever_raised_it(desk, ledger):
    """The same key twice is one change and one message; those who watch hear no words."""
    ticket = raised(desk)
    desk.update(UpdateTicket(ticket=ticket.id, join=True), asker=as_("sam"), now=NOW, key="join")
    close = UpdateTicket(ticket=ticket.id, status="closed", note="lamp of the boss replaced")
    later = NOW + timedelta(hours=2)
    first, second = (desk.update(close, asker=as_("tom"), now=later, key="c") for _ in range(2))
    assert first == second
    assert first.ticket.status == "closed"
    messages = told(ledger)
    assert len(messages) == 2
    assert all(("boss" in text) == (person == "ada") for person, text in messages)
    kept = ledger.registered("k")
    assert (kept.answered, kept.resolved) == (later, later)
    assert desk.update(UpdateTicket(status="open"), asker=as_("ada"), now=later, key="o").ticket.status == "open"
    assert ledger.registered("k").reopened == 1


@pytest.mark.parametrize(
    ("person", "change", "refusal"),
    [
        ("sam", {"status": "closed"}, UnknownThing),
        ("sam", {"note": "x"}, UnknownThing),
        ("ada", {"status": "in_progress"}, NotPermitted),
        ("tom", {"rating": 5}, NotPermitted),
        ("ada", {"link": "javascript:alert(1)"}, NotAnswerable),
        ("ada", {"category": "nowhere"}, UnknownThing),
        ("ada", {"decision": "approve"}, NotAnswerable),
    ],
)
def test_who_may_do_what_to_a_ticket(desk, person, change, refusal):
    """Its owner and the help desk; everybody else does not even hear that it exists."""
    ticket = raised(desk)
    with pytest.raises(refusal):
        desk.update(UpdateTicket(ticket=ticket.id, **change), asker=as_(person), now=NOW, key="c")


def test_escalating_raises_the_priority_and_tells_the_help_desk(desk, ledger):
    """One step, up to the highest."""
    ticket = raised(desk)
    assert ticket.priority == "normal"
    levels = [desk.update(UpdateTicket(escalate=True), asker=as_("ada"), now=NOW, key=f"e{n}").ticket.priority for n in range(3)]
    assert levels == ["high", "urgent", "urgent"]
    assert {person for person, _ in told(ledger)} == {"tom"}


def test_what_was_judged_wrong_is_corrected_and_learned_from(desk, ledger):
    """The correction is what a solved ticket teaches."""
    ticket = raised(desk, "the thing hums")
    assert (ticket.category, ticket.judged) == ("Other", "rules")
    fixed = desk.update(UpdateTicket(category="printing"), asker=as_("ada"), now=NOW, key="c").ticket
    assert (fixed.category, fixed.group, fixed.judged) == ("Printing", "IT", "person")
    desk.update(UpdateTicket(status="closed"), asker=as_("ada"), now=NOW, key="d")
    [example] = desk.solved_reports()
    assert (example.text, example.category) == ("the thing hums", "printing")


def test_an_outage_announced_once_answers_everyone_who_asks_or_reports(desk, ledger):
    """Nothing is filed, and each of them is told once when it is over; only the help desk announces."""
    wish = AnnounceOutage(what="the wifi is down")
    with pytest.raises(NotPermitted):
        desk.propose_outage(wish, asker=as_("ada"), now=NOW)
    raised(desk, "no wifi at my desk", person="sam", key="before")
    out = desk.announce(wish, asker=as_("tom"), now=NOW, key="a")
    assert (out.status, out.told) == ("announced", 1)  # Sam, who had reported it before
    known = desk.raise_ticket(RaiseTicket(what="my wifi does not work"), asker=as_("ada"), now=NOW, key="r")
    assert (known.status, known.outage.id) == ("known", out.outage.id)
    assert desk.raise_ticket(RaiseTicket(what="my wifi does not work"), asker=as_("ada"), now=NOW, key="r") == known
    asked = desk.status(TicketStatus(about="wifi"), asker=as_("fay"))
    assert [one.what for one in asked.outages] == ["the wifi is down"]
    assert desk.status(TicketStatus(about="printers"), asker=as_("fay")).outages == ()
    assert raised(desk, "the printer is jammed").status == "open"
    over = desk.announce(AnnounceOutage(over=True), asker=as_("tom"), now=NOW, key="b")
    assert (over.status, over.told) == ("over", 3)
    assert desk.announce(AnnounceOutage(over=True), asker=as_("tom"), now=NOW, key="b") == over
    assert {person for person, text in told(ledger) if text.startswith("Over")} == {"ada", "sam", "fay"}
    assert desk.status(TicketStatus(about=""), asker=as_("ada")).outages == ()


def test_news_of_another_system_comes_back_to_the_person_once(desk, ledger):
    """What somebody said there, and that it was closed there."""
    ticket = raised(desk)
    assert desk.catch_up(now=NOW) == 0
    desk._provider.change(ticket.id, Change(key="x", note="A new lamp is on its way.", person="tom"), now=NOW)
    assert [desk.catch_up(now=NOW) for _ in range(2)] == [1, 0]
    desk._provider.change(ticket.id, Change(key="y", status="resolved", person="tom"), now=NOW)
    assert [desk.catch_up(now=NOW) for _ in range(2)] == [1, 0]
    texts = [text for person, text in told(ledger) if person == "ada"]
    assert len(texts) == 2
    assert any("A new lamp is on its way." in text for text in texts)
    assert ledger.registered("k").resolved == NOW


def test_an_unknown_outcome_is_told_as_such_then_as_the_truth(desk, ledger):
    """First "not sure yet", then what the worker found."""
    from insights.delivery.worker import work
    from insights.wording import Wording

    class Silent(EmbeddedTickets):
        def file(self, filing, *, now):
            """File it and say nothing."""
            super().file(filing, now=now)
            raise OutcomeUnknown("The system did not say whether it was done. I'm not sure yet, I'm checking.", remedy="I'll tell you.")

    shaky = TicketDesk(provider=Silent(lambda: ledger), ledger=lambda: ledger, organization=COMPANY)
    with pytest.raises(OutcomeUnknown, match="not sure yet"):
        shaky.raise_ticket(RaiseTicket(what="no light"), asker=as_("ada"), now=NOW, key="k")
    work(ledger, {}, PEOPLE, lambda: NOW + timedelta(minutes=3), witnesses={"raise_ticket": shaky}, wording=Wording())
    [(person, text)] = told(ledger)
    assert (person, "Ticket T-1001 is filed" in text) == ("ada", True)
    assert ledger.registered("k").id == "T-1001"


def test_the_backlog_of_each_day_is_what_was_open_when_it_ended(desk, ledger):
    """Counted by hand: one open on the first day, two on the second, one on the third and none on the last."""
    for key, day in (("a", 0), ("b", 1)):
        desk.raise_ticket(RaiseTicket(what=f"printer jam {key}"), asker=as_("ada"), now=NOW + timedelta(days=day), key=key)
    for key, ticket, day in (("c", "T-1001", 2), ("d", "T-1002", 3)):
        desk.update(UpdateTicket(ticket=ticket, status="closed"), asker=as_("tom"), now=NOW + timedelta(days=day), key=key)
    rows = backlog(ledger.registered_since(None), COMPANY)
    assert [(row[0].day, row[4]) for row in rows] == [(1, 1), (2, 2), (3, 1), (4, 0)]
