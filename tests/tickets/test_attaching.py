"""A file attached to a ticket as a person meets it: theirs, written down first, once, and never too large."""

from datetime import datetime, timedelta

import pytest

from insights.delivery.reconcile import reconcile
from insights.errors import NotAnswerable, UnknownThing
from insights.helpdesk import Attachment
from insights.organization import Organization, Person
from insights.permit import Asker
from insights.requests import RaiseTicket, UpdateTicket
from insights.tickets import EmbeddedTickets, TicketDesk
from insights.tickets.planning import LARGEST
from insights.wording import Wording
from tests.contract.desks import KINDS, opened

NOW = datetime(2026, 12, 1, 10)
PEOPLE = {
    id_: Person(id=id_, name=id_.title(), email=f"{id_}@halcyon.example", roles=roles)
    for id_, roles in (("ada", frozenset()), ("sam", frozenset()), ("omar", frozenset({"it"})))
}
PHOTO = Attachment(name="C:\\pictures\\the photo?.png", type="image/png", data=bytes(range(256)))


def as_(person):
    """Somebody in private."""
    return Asker(person=PEOPLE[person], audience="private")


def desk_of(ledger, system=None):
    """A desk over a system."""
    return TicketDesk(provider=system or EmbeddedTickets(lambda: ledger), ledger=lambda: ledger, organization=Organization(people=PEOPLE))


@pytest.fixture
def desk(ledger):
    """A desk over the embedded system, with a ticket of Ada's."""
    desk = desk_of(ledger)
    desk.raise_ticket(RaiseTicket(what="the screen flickers"), asker=as_("ada"), now=NOW, key="t")
    return desk


def test_a_file_is_kept_once_and_the_help_desk_hears_its_name(desk, ledger):
    """Without its folder and without what no name may hold; those who see the ticket hear of it, and the data can be had."""
    first, second = (desk.attach(PHOTO, UpdateTicket(note="like this"), asker=as_("ada"), now=NOW, key="k") for _ in range(2))
    assert first == second
    assert first.changes == ('a note was added: "like this"', "the photo .png was attached")
    (kept,) = ledger.files_of("the help desk", first.ticket.id)
    assert (kept.name, kept.type, kept.size, kept.person) == ("the photo .png", "image/png", 256, "ada")
    assert ledger.file_with_key("k").data == PHOTO.data
    by_omar = desk.attach(Attachment(name="log.txt", type="text/plain", data=b"x"), UpdateTicket(ticket=first.ticket.id), asker=as_("omar"), now=NOW, key="k2")
    assert "log.txt was attached" in by_omar.changes
    assert [item.person for item in ledger.work_in("message", "waiting")] == ["ada"]


def test_nobody_attaches_to_what_is_not_theirs_and_nothing_of_it_is_kept(desk, ledger):
    """The ticket of another is as unknown as none."""
    id_ = ledger.registered_since(None)[0].id
    with pytest.raises(UnknownThing):
        desk.attach(PHOTO, UpdateTicket(ticket=id_), asker=as_("sam"), now=NOW, key="k")
    assert ledger.file_with_key("k") is None


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [("a.png", 0, "is empty"), ("a.png", LARGEST + 1, "too large"), ("../..", 5, "no name"), ("/", 5, "no name")],
)
def test_what_cannot_be_attached_is_refused_with_the_reason(desk, ledger, name, size, message):
    """Before anything is written."""
    with pytest.raises(NotAnswerable, match=message):
        desk.attach(Attachment(name=name, type="image/png", data=bytes(size)), UpdateTicket(), asker=as_("ada"), now=NOW, key="k")
    assert ledger.find("k") is None


def test_a_name_or_type_of_any_kind_makes_no_header(desk, ledger):
    """Line breaks and the like are gone, a long name keeps its ending, a type that is none is that of any bytes."""
    hostile = Attachment(name="a\r\nBcc: x@y.example" + "b" * 300 + ".jpeg", type="image/png\r\nX: y", data=b"x")
    desk.attach(hostile, UpdateTicket(), asker=as_("ada"), now=NOW, key="k")
    (kept,) = ledger.files_of("the help desk", ledger.registered_since(None)[0].id)
    assert len(kept.name) <= 120
    assert kept.name.isprintable()
    assert (kept.name.endswith(".jpeg"), kept.type) == (True, "application/octet-stream")


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_what_was_interrupted_is_found_where_it_is_and_told(kind, when, tmp_path):
    """Killed before the system had it: not done, and told so. After: done, once, and the data is let go of where another system has it."""
    with opened(kind, tmp_path / "ledger.db") as tickets:
        desk = desk_of(tickets.ledger, tickets.system)
        id_ = desk.raise_ticket(RaiseTicket(what="the screen flickers"), asker=as_("ada"), now=NOW, key="t").ticket.id
        whole = tickets.system.change

        def change(*arguments, **more):
            if when == "after":
                whole(*arguments, **more)
            raise Killed

        tickets.system.change = change
        with pytest.raises(Killed):
            desk.attach(PHOTO, UpdateTicket(ticket=id_), asker=as_("ada"), now=NOW, key="k")
        tickets.system.change = whole
        happened, undone = reconcile(tickets.ledger, {"update_ticket": desk.changing}, Wording(), NOW + timedelta(minutes=5))
        assert (happened, undone) == ((1, 0) if when == "after" else (0, 1))
        stored = tickets.ledger.file_with_key("k")
        assert stored.attached == (when == "after")
        assert stored.data == (b"" if when == "after" and kind != "embedded" else PHOTO.data)
        again = desk.attach(PHOTO, UpdateTicket(ticket=id_), asker=as_("ada"), now=NOW, key="k")
        assert "the photo .png was attached" in again.changes
        assert tickets.ledger.file_with_key("k").attached
        if kind == "jira":
            assert len(tickets.server.requests[id_]["files"]) == 1
        if kind == "servicenow":
            assert len(tickets.server.tables["sys_attachment"]) == 1
