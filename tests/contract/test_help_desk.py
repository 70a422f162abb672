"""What every ledger promises of the help desk: a ticket is registered once, filings are one at a time, outages begin and end."""

from dataclasses import replace
from datetime import datetime, timedelta

from insights.ledger.helpdesk import Registered, StoredOutage

NOW = datetime(2026, 12, 1, 10)
TICKET = Registered(
    key="k", system="Jira", id="IT-1", person="ada", what="dark", room="fern", urgency="normal", priority="high", category="network", team="IT",
    judged="learned", type=None, fields="{}", status="open", raised=NOW, updated=NOW, due=NOW + timedelta(hours=4),
)  # fmt: skip
LEASE = timedelta(seconds=60)


def test_a_ticket_is_registered_once_and_amended(ledger):
    """Registered again it keeps what it was filed with and takes its state."""
    ledger.register(TICKET)
    ledger.register(replace(TICKET, what="other", status="in_progress"))
    assert ledger.registered("k") == replace(TICKET, status="in_progress")
    assert ledger.registered_as("Jira", "it-1") == ledger.registered("k")
    assert ledger.registered_as("ServiceNow", "IT-1") is None
    ledger.amend(replace(TICKET, status="closed", resolved=NOW, rating=5), event="ticket closed", person="ada", now=NOW)
    assert (ledger.registered("k").rating, ledger.registered("k").resolved) == (5, NOW)
    assert ledger.registered_since(None, only_open=True) == ()
    assert len(ledger.registered_since(NOW)) == 1
    assert ledger.registered_since(NOW + timedelta(seconds=1)) == ()
    assert ledger.first_broken() is None


def test_a_filing_is_one_at_a_time(ledger):
    """Until the lease ends or is given back; what is given up is nobody's any more; what went out is remembered."""
    assert ledger.claim_filing("k", now=100.0, lease=LEASE) == "first"
    assert ledger.claim_filing("k", now=159.0, lease=LEASE) == "taken"
    assert ledger.claim_filing("k", now=160.0, lease=LEASE) == "again"
    assert not ledger.was_sent("k")
    ledger.release_filing("k", sent=True)
    ledger.release_filing("k")
    assert ledger.was_sent("k")
    assert ledger.claim_filing("k", now=161.0, lease=LEASE) == "again"
    ledger.begin("g", "raise_ticket", "{}", person="ada", now=NOW)
    ledger.doubt("g", now=NOW)
    assert ledger.claim_filing("g", now=100.0, lease=LEASE) == "given up"


def test_notes_watchers_and_outages_are_kept_once(ledger):
    """Each by its key."""
    assert [ledger.add_note("n", "T-1", "hi", person="ada", now=NOW) for _ in range(2)] == [True, False]
    assert [note.note for note in ledger.notes_of("T-1")] == ["hi"]
    for _ in range(2):
        ledger.watch("k", "sam")
    assert ledger.watchers("k") == ("sam",)
    out = StoredOutage(id="", key="o", person="tom", what="wifi", category="network", room=None, since=NOW)
    first, second = ledger.announce(out), ledger.announce(out)
    assert first == second
    assert ledger.outages() == (first,)
    assert ledger.end_outage(first.id.lower(), now=NOW).ended == NOW
    assert ledger.outages() == ()
    assert ledger.end_outage("O-99", now=NOW) is None
    assert ledger.end_outage("x", now=NOW) is None


def test_a_thread_belongs_to_one_ticket(ledger):
    """A ticket may have several; the first that a thread is joined to keeps it."""
    for thread, ticket in (("C1/1.2", "k"), ("C2/3.4", "k"), ("C1/1.2", "other"), ("C1/1.2", "k")):
        ledger.join_thread(thread, ticket)
    assert ledger.threads_of("k") == ("C1/1.2", "C2/3.4")
    assert ledger.threads_of("other") == ()
    assert (ledger.ticket_in("C1/1.2"), ledger.ticket_in("C9/1.2")) == ("k", None)
