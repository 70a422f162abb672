"""What every ticket system promises: the same key files once, and a ticket is its owner's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from insights.ledger.port import Fault

NOW = datetime(2026, 12, 1, 10, 5, 30)


def file(tickets, key="k", person="ada", what="The projector is dark.", now=NOW, **more):
    """File a ticket of Ada's unless told otherwise."""
    return tickets.file(Fault(key=key, person=person, what=what, **more), now=now)


def test_a_ticket_comes_back_as_it_was_filed(tickets):
    """What, where, how urgent, when; open; under a name of its own, in any letter case."""
    filed = file(tickets, room="fern", urgency="high")
    found = tickets.ticket("ada", filed.id.lower())
    assert found == filed == tickets.filed("k")
    assert (found.what, found.room, found.urgency, found.status) == ("The projector is dark.", "fern", "high", "open")
    assert found.raised == found.updated == NOW


def test_the_same_key_in_fifty_threads_is_one_ticket(tickets):
    """All of them are told the same ticket."""
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: file(tickets), range(50)))
    assert len({filed.id for filed in told}) == 1
    assert len(tickets.open_of("ada")) == 1


def test_the_same_words_under_another_key_are_another_ticket(tickets):
    """Two people may report the same thing."""
    assert file(tickets, key="a").id != file(tickets, key="b").id


def test_a_ticket_of_another_is_as_unknown_as_none(tickets):
    """Neither by id nor in the list."""
    filed = file(tickets)
    assert tickets.ticket("sam", filed.id) is None
    assert tickets.ticket(None, filed.id) is None
    assert tickets.open_of("sam") == ()
    assert tickets.ticket("ada", "T-9999999") is None


def test_what_is_not_a_ticket_number_is_no_ticket(tickets):
    """Whatever is said in place of a number."""
    file(tickets)
    for said in ("", "T-", "T-x", "T-١٠٠١", "'; DROP TABLE tickets", "T-" + "9" * 100, "\ud800"):
        assert tickets.ticket("ada", said) is None


def test_open_tickets_are_told_newest_first(tickets):
    """By when they were filed."""
    filed = [file(tickets, key=f"k{number}", now=NOW + timedelta(minutes=number)).id for number in range(3)]
    assert [ticket.id for ticket in tickets.open_of("ada")] == filed[::-1]
