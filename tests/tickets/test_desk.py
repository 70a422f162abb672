"""Reporting a fault and asking about it as a person meets it."""

from datetime import datetime

import pytest

from insights.errors import NotAnswerable, OutcomeUnknown, UnknownThing
from insights.organization import Organization, Person, Room
from insights.permit import Asker
from insights.requests import RaiseTicket, TicketStatus
from insights.tickets import EmbeddedTickets, TicketDesk

NOW = datetime(2026, 12, 1, 10)
ADA, SAM = Person(id="ada", name="Ada Okafor"), Person(id="sam", name="Sam Reyes")
ROOMS = {name.lower(): Room(id=name.lower(), name=name, capacity=4) for name in ("Fern", "Oak")}
IN_OAK = Asker(person=ADA, audience="room", room="oak")
AT_DESK = Asker(person=ADA, audience="private")


@pytest.fixture
def desk(ledger):
    """A desk over the embedded system."""
    organization = Organization(people={"ada": ADA, "sam": SAM}, rooms=ROOMS)
    return TicketDesk(provider=EmbeddedTickets(lambda: ledger), ledger=lambda: ledger, organization=organization)


def test_a_ticket_is_read_back_then_filed_once(desk):
    """Nothing is filed before the yes; asked twice with the same key there is one."""
    wish = RaiseTicket(what="the projector is dark", room="fern", urgency="high")
    proposed = desk.propose(wish, asker=AT_DESK, now=NOW)
    assert (proposed.status, proposed.ticket.status, proposed.ticket.room_name) == ("proposed", "proposed", "Fern")
    assert desk.status(TicketStatus(), asker=AT_DESK).tickets == ()
    first, second = (desk.raise_ticket(wish, asker=AT_DESK, now=NOW, key="k") for _ in range(2))
    assert first == second
    assert (first.status, first.ticket.status, first.ticket.what, first.ticket.urgency) == ("raised", "open", "the projector is dark", "high")
    assert desk.status(TicketStatus(), asker=AT_DESK).tickets == (first.ticket,)


@pytest.mark.parametrize(("asker", "said", "room"), [(IN_OAK, None, "oak"), (IN_OAK, "FERN", "fern"), (IN_OAK, "this room", "oak"), (AT_DESK, None, None)])
def test_where_it_is_comes_from_the_words_else_from_the_device(desk, asker, said, room):
    """And is the room's id, however it was said."""
    wish = RaiseTicket(what="no light", room=said)
    assert desk.raise_ticket(wish, asker=asker, now=NOW, key="k").ticket.room == room
    assert bool(desk.propose(wish, asker=asker, now=NOW).assumed) == (room is not None and said is None)


def test_a_room_that_does_not_exist_is_refused_with_the_nearest(desk):
    """Rather than filed for nowhere."""
    with pytest.raises(UnknownThing, match="Did you mean 'Fern'"):
        desk.propose(RaiseTicket(what="no light", room="Ferm"), asker=AT_DESK, now=NOW)


@pytest.mark.parametrize("what", ["", "   ", "\n\t", "\x00\x07"])
def test_a_report_of_nothing_is_refused(desk, what):
    """A ticket says what is wrong."""
    with pytest.raises(NotAnswerable):
        desk.raise_ticket(RaiseTicket(what=what), asker=AT_DESK, now=NOW, key="k")


def test_a_report_is_kept_tidy_and_within_bounds(desk):
    """Control characters, half surrogates and a hundred kilobytes do no harm; hostile text is text."""
    hostile = "<speak>'; DROP TABLE tickets; --\x00\ud800 {{ 7*7 }} *bold*\r\n" + "x" * 100_000
    ticket = desk.raise_ticket(RaiseTicket(what=hostile), asker=AT_DESK, now=NOW, key="k").ticket
    assert ticket.what.startswith("<speak>'; DROP TABLE tickets; -- {{ 7*7 }} *bold* xxx")
    assert len(ticket.what) == 2000


def test_a_ticket_is_found_by_the_number_people_say(desk):
    """With or without its letter."""
    ticket = desk.raise_ticket(RaiseTicket(what="no light"), asker=AT_DESK, now=NOW, key="k").ticket
    for said in (ticket.id, ticket.id.lower(), ticket.id.removeprefix("T-")):
        assert desk.status(TicketStatus(ticket=said), asker=AT_DESK).tickets == (ticket,)


def test_another_persons_ticket_sounds_like_none(desk):
    """The refusal is the same sentence, and names only what is the asker's."""
    sams = Asker(person=SAM, audience="private")
    hers = desk.raise_ticket(RaiseTicket(what="secret"), asker=AT_DESK, now=NOW, key="a").ticket
    his = desk.raise_ticket(RaiseTicket(what="no light"), asker=sams, now=NOW, key="b").ticket
    said = []
    for number in (hers.id, "T-9999"):
        with pytest.raises(UnknownThing) as caught:
            desk.status(TicketStatus(ticket=number), asker=sams)
        said.append(str(caught.value).replace(number, "T-?"))
        assert caught.value.options == (his.id,)
    assert said[0] == said[1]
    assert "secret" not in said[0]


def test_an_unknown_outcome_is_looked_for_before_it_is_tried_again(desk, ledger):
    """The system filed and did not answer: asked again, the ticket is found and none is added."""
    system = EmbeddedTickets(lambda: ledger)

    class Silent(EmbeddedTickets):
        def file(self, fault, *, now):
            super().file(fault, now=now)
            raise OutcomeUnknown("The ticket system did not answer.")

    shaky = TicketDesk(provider=Silent(lambda: ledger), ledger=lambda: ledger, organization=Organization())
    with pytest.raises(OutcomeUnknown):
        shaky.raise_ticket(RaiseTicket(what="no light"), asker=AT_DESK, now=NOW, key="k")
    assert shaky.raise_ticket(RaiseTicket(what="no light"), asker=AT_DESK, now=NOW, key="k").ticket.what == "no light"
    assert len(system.open_of("ada")) == 1
