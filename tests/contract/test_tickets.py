"""What every ticket system promises: the same key files once whatever fails on the way, and a ticket is its owner's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from insights.errors import OutcomeUnknown, OutsideFailed, UnknownThing
from insights.helpdesk import Attachment
from insights.tickets.port import Change, Filing

NOW = datetime(2026, 12, 1, 10, 5, 30)


def file(tickets, key="k", person="ada", what="The projector is dark.", now=NOW, **more):
    """File a ticket of Ada's unless told otherwise."""
    tickets.tick(now)
    return tickets.file(Filing(key=key, person=person, what=what, name=person.title(), email=f"{person}@halcyon.example", team="IT", **more), now=now)


def test_a_ticket_comes_back_as_it_was_filed(tickets):
    """What and when; open; under a name of its own, in any letter case."""
    filed = file(tickets, room="fern", room_name="Fern", urgency="high", priority="high")
    found, looked = tickets.ticket("ada", filed.id.lower()), tickets.filed("k")
    assert (filed.room, filed.urgency, filed.status) == ("fern", "high", "open")
    assert found is not None
    assert looked is not None
    for one in (filed, found, looked):
        assert (one.id, one.what, one.status, one.raised) == (filed.id, "The projector is dark.", "open", NOW)


def test_the_same_key_in_many_threads_is_one_ticket(tickets):
    """All of them are told the same ticket, or that somebody else is at it."""

    def told(_: int) -> str | None:
        try:
            return file(tickets).id
        except OutcomeUnknown:
            return None

    with ThreadPoolExecutor(8) as pool:
        ids = {one for one in pool.map(told, range(24)) if one is not None}
    assert len(ids) == 1
    assert tickets.count() == 1
    assert len(tickets.open_of("ada")) == 1


def test_the_same_words_under_another_key_are_another_ticket(tickets):
    """Two people may report the same thing."""
    assert file(tickets, key="a").id != file(tickets, key="b").id
    assert tickets.count() == 2


def test_a_ticket_of_another_is_as_unknown_as_none(tickets):
    """Neither by id nor in the list."""
    filed = file(tickets)
    assert tickets.ticket("sam", filed.id) is None
    assert tickets.ticket(None, filed.id) is None
    assert tickets.open_of("sam") == ()
    assert tickets.ticket("ada", filed.id[:-1] + "9999") is None


def test_what_is_not_a_ticket_number_is_no_ticket(tickets):
    """Whatever is said in place of a number."""
    file(tickets)
    for said in (
        "",
        "T-",
        "T-x",
        "T-١٠٠١",
        "'; DROP TABLE tickets",
        "T-" + "9" * 100,
        "\ud800",
        "IT-",
        "IT-1/comment",
        "INC0000001^ORsys_id!=x",
        "INC" + "9" * 99,
    ):
        assert tickets.ticket("ada", said) is None
        assert tickets.look(said, person="ada") is None


def test_open_tickets_are_told_newest_first(tickets):
    """By when they were filed; one that is closed is not among them."""
    filed = [file(tickets, key=f"k{number}", now=NOW + timedelta(minutes=number)).id for number in range(3)]
    assert [ticket.id for ticket in tickets.open_of("ada")] == filed[::-1]
    tickets.change(filed[1], Change(key="c", status="closed", note="done"), now=NOW)
    assert [ticket.id for ticket in tickets.open_of("ada")] == [filed[2], filed[0]]


def test_a_ticket_is_changed_once_per_key(tickets):
    """Closed, opened again and added to; the same key changes nothing twice, and can be looked up."""
    id_ = file(tickets).id
    assert not tickets.changed(id_, "c1")
    for _ in range(2):
        assert tickets.change(id_, Change(key="c1", note="still dark", person="ada", name="Ada"), now=NOW) == "open"
    assert tickets.changed(id_, "c1")
    assert tickets.change(id_, Change(key="c2", status="closed", person="ada"), now=NOW) == "closed"
    assert tickets.change(id_, Change(key="c3", status="open", person="ada"), now=NOW) == "open"
    assert tickets.look(id_, person="ada").status == "open"
    with pytest.raises(UnknownThing):
        tickets.change(id_[:-1] + "9999", Change(key="c4", note="x"), now=NOW)


def test_words_are_words(tickets):
    """Line breaks, markup, quotes and control characters make no header, no query and no markup."""
    hostile = 'Bcc: x@y.example\r\nSubject: hi ^ORnumber!=1 " ; <b>*x*</b> {{7*7}} \x00 ü'
    filed = file(tickets, what=hostile)
    assert tickets.ticket("ada", filed.id) is not None
    assert tickets.count() == 1
    if tickets.kind == "email":
        [message] = tickets.server.messages.values()
        assert message["Bcc"] is None
        assert "\n" not in str(message["Subject"])


@pytest.mark.parametrize("fault", ["503", "429", "dropped before", "dropped after", "slow", "502 after"])
def test_whatever_fails_there_is_one_ticket_or_none_and_it_is_known_which(tickets, fault):
    """Filed at once in spite of it, or refused as not filed, or in doubt and found by a look; filed again under its key it is the same one."""
    if tickets.server is None:
        pytest.skip("the embedded system has no wire")
    tickets.faults.append(fault)
    try:
        filed = file(tickets)
        assert tickets.count() == 1
        assert filed.status == "open"
    except OutcomeUnknown:
        import time

        time.sleep(0.8)  # what is on its way arrives
        known = tickets.filed("k")
        assert (known is not None) == (tickets.count() == 1)
    except OutsideFailed:
        if tickets.kind != "email":
            assert tickets.filed("k") is None
        assert tickets.count() == 0
    tickets.faults.clear()
    _lease_ends(tickets)
    again = file(tickets)
    assert tickets.count() == 1
    assert tickets.filed("k").id == again.id


def _lease_ends(tickets):
    """As if a minute and a half had passed since the last try."""
    for key in ("k",):
        tickets.ledger.release_filing(key)


def test_what_is_in_doubt_is_not_tried_again_at_once(tickets):
    """It may still be on its way: whoever asks again is told so, and nothing is filed twice."""
    if tickets.kind in ("embedded", "email"):
        pytest.skip("filing again is harmless there")
    tickets.faults.append("slow")
    for _ in range(2):
        with pytest.raises(OutcomeUnknown, match="not sure yet"):
            file(tickets)
    import time

    time.sleep(0.8)
    assert tickets.count() == 1


def test_the_requester_is_the_person(tickets):
    """Not the account that our program uses."""
    filed = file(tickets, person="sam")
    match tickets.kind:
        case "jira":
            assert tickets.server.requests[filed.id]["reporter"] == "sam"
        case "servicenow":
            assert tickets.server.tables["incident"][0]["caller_id"] == "u-sam"
        case "email":
            [message] = tickets.server.messages.values()
            assert str(message["Reply-To"]) == "Sam <sam@halcyon.example>"
        case _:
            assert tickets.open_of("sam")[0].person == "sam"


def test_a_change_that_was_lost_is_found_or_made_once(tickets):
    """Dropped after it was made: a look tells, and the same key adds nothing."""
    if tickets.kind in ("embedded", "email"):
        pytest.skip("no wire, or one message however often it is sent")
    id_ = file(tickets).id
    tickets.faults.append("dropped after")
    with pytest.raises(OutcomeUnknown):
        tickets.change(id_, Change(key="c", note="once"), now=NOW)
    assert tickets.changed(id_, "c")
    tickets.change(id_, Change(key="c", note="once"), now=NOW)
    said = tickets.server.requests[id_]["comments"] if tickets.kind == "jira" else tickets.server.tables["sys_journal_field"]
    assert len(said) == 1


def test_a_change_in_doubt_is_not_made_again_while_it_may_be_on_its_way(tickets):
    """Asked again at once it is still in doubt, and made once."""
    if tickets.kind in ("embedded", "email"):
        pytest.skip("no wire, or one message however often it is sent")
    id_ = file(tickets).id
    tickets.faults.append("slow")
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            tickets.change(id_, Change(key="c", note="once"), now=NOW)
    import time

    time.sleep(1.2)
    said = tickets.server.requests[id_]["comments"] if tickets.kind == "jira" else tickets.server.tables["sys_journal_field"]
    assert len(said) == 1


PHOTO = Attachment(name="photo ü.png", type="image/png", data=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)


def attached(tickets, id_):
    """The files of a ticket where they are kept in the end: name, type, what is in them."""
    match tickets.kind:
        case "jira":
            return tickets.server.requests[id_]["files"]
        case "servicenow":
            return [(one["file_name"], one["content_type"], tickets.server.files[one["sys_id"]]) for one in tickets.server.tables["sys_attachment"]]
        case "email":
            parts = [part for message in tickets.server.messages.values() for part in message.iter_attachments()]
            return [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in parts]
    raise KeyError(tickets.kind)


@pytest.mark.parametrize("fault", ["", "503", "429", "dropped before", "dropped after", "slow", "502 after"])
def test_a_file_is_attached_once_with_all_that_is_in_it_whatever_fails(tickets, fault):
    """Tried again until it is known to be there, under one key, it is there once."""
    if tickets.kind == "embedded":
        pytest.skip("the desk keeps files of its own system")
    id_ = file(tickets).id
    change = Change(key="c", note="Attached photo.", file=PHOTO, person="ada", name="Ada")
    tickets.faults.extend([fault] if fault else [])
    for _ in range(3):
        try:
            tickets.change(id_, change, now=NOW)
            break
        except OutcomeUnknown:
            import time

            time.sleep(1.2 if fault == "slow" else 0)  # what is on its way arrives
            tickets.ledger.release_filing("c")
        except OutsideFailed:
            continue
    assert tickets.changed(id_, "c")
    assert attached(tickets, id_) == [(PHOTO.name, PHOTO.type, PHOTO.data)]
    tickets.change(id_, change, now=NOW)
    assert len(attached(tickets, id_)) == 1
