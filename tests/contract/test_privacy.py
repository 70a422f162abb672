"""What every ledger promises about what it holds on people: told whole, forgotten without a trace, and what was said not kept forever."""

import json
from datetime import UTC, datetime, timedelta

from insights.delivery.housekeeping import tidy
from insights.delivery.outbox import enqueue
from insights.ledger.following import Schedule, Subscription
from insights.ledger.identity import Account
from insights.ledger.lessons import Enquiry, Lesson
from insights.ledger.port import Fault, RoomHold
from insights.ledger.privacy import HOLDINGS
from insights.organization import Person

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


def fill(ledger, person, now=NOW):
    """Something in as many tables as one person gets into; every text of theirs says `secret-PERSON`."""
    said = f"secret-{person}"
    ledger.save_conversation(f"c-{person}", json.dumps(said), person=person, now=now)
    ledger.begin(f"a-{person}", "book_room", json.dumps(said), person=person, now=now)
    ledger.confirm(f"a-{person}", json.dumps(said), now=now)
    ledger.begin(f"open-{person}", "book_room", json.dumps(said), person=person, now=now)
    for key, days in (("past", -3), ("future", 3)):
        start = now + timedelta(days=days)
        ledger.hold_room(
            RoomHold(key=f"{key}-{person}", room=f"room-of-{person}", person=person, start=start, end=start + timedelta(hours=1), title=said), now=now
        )
    ledger.file_ticket(Fault(key=f"t-{person}", person=person, what=said), now=now)
    enqueue(ledger, key=f"m-{person}", person=person, speech=said, text=said)
    for state in ("taught", "accepted", "rejected"):
        lesson = ledger.add_lesson(
            Lesson(key=f"{state}-{person}", catalog="shop", person=person, kind="synonym", said="sales", meant="{}", context=said), now=now
        )
        if state != "taught":
            ledger.judge_lesson(lesson.id, state, was="taught", by=person, now=now)
    ledger.add_enquiry(Enquiry(key=f"q-{person}", catalog="shop", person=person, text=said, reading="{}", to=("omar", person)), now=now)
    ledger.add_enquiry(Enquiry(key=f"to-{person}", catalog="shop", person="omar", text="hello", reading="{}", to=("nina", person)), now=now)
    ledger.add_refusal("shop", person, said, said, seen="", most=9, now=now)
    ledger.bind(Account(kind="slack", id=said), person, now=now)
    ledger.set_pin(person, "4821", now=now)
    ledger.new_code(person, now=now)
    ledger.map_device(f"desk-{person}", person=person, now=now)
    ledger.propose_device(f"found-by-{person}", room="fern", by=person, now=now)
    schedule = Schedule(every="daily")
    ledger.follow(
        Subscription(key=f"s-{person}", catalog="shop", person=person, kind="digest", words=said, request="{}", schedule=schedule, timezone="UTC"), now=now
    )
    ledger.keep_answer(person, None, json.dumps(said), now=now)
    meet(ledger, person, said)
    complain(ledger, person, said)


def meet(ledger, person, said):
    """A series of the person's with somebody else and one occurrence renamed, and a booking that the person checked in to."""
    with ledger._database.writing() as session:
        meeting = session.add(
            "INSERT INTO meetings (key, organizer, title, start_at, end_at, timezone, local_start, first_at, last_at, made_at)"
            " VALUES (?, ?, ?, 1, 2, 'UTC', '', 1, 9, 0)",
            f"meeting-{person}", person, said,
        )  # fmt: skip
        for other in (person, "nina"):
            session.run("INSERT INTO invitations (meeting, person) VALUES (?, ?)", meeting, other)
            session.run("INSERT INTO answers (meeting, person, occurrence, response) VALUES (?, ?, 0, 'accepted')", meeting, other)
        session.run("INSERT INTO spending (day, person, amount) VALUES ('2026-01-01', ?, 5)", person)
        session.run("INSERT INTO altered (meeting, occurrence, title) VALUES (?, 1, ?)", meeting, said)
        session.run("INSERT INTO meeting_changes (key, meeting, what, at) VALUES (?, ?, ?, '')", f"change-{person}", meeting, said)
        session.run("INSERT INTO check_ins (booking, key, room, person, at) VALUES (?, ?, 'fern', ?, '')", f"B-{person}", f"check-{person}", person)


def complain(ledger, person, said):
    """A ticket of the person's in the register with notes of theirs and of the desk, one that they approve, one that they wait for, an outage they told of."""
    with ledger._database.writing() as session:
        for key, whose, approver in ((f"mine-{person}", person, None), (f"theirs-{person}", "nina", person)):
            words = said if whose == person else "A monitor."
            session.run(
                "INSERT INTO desk_tickets (key, system, id, person, what, urgency, priority, category, team, judged, fields, status, raised, updated, approver)"
                " VALUES (?, 'own', ?, ?, ?, '', '', '', '', 'rules', ?, 'open', '', '', ?)",
                key, f"T-{key}", whose, words, json.dumps({"why": words}), approver,
            )  # fmt: skip
        for author in (person, "desk"):
            session.run(
                "INSERT INTO desk_notes (key, ticket, person, at, note) VALUES (?, ?, ?, '', ?)", f"{author}-{person}", f"T-mine-{person}", author, said
            )  # fmt: skip
        session.run(
            "INSERT INTO desk_files (key, system, ticket, person, name, type, size, data, at) VALUES (?, 'own', ?, ?, ?, 'image/png', 1, ?, '')",
            f"file-{person}", f"T-mine-{person}", person, said, said.encode(),
        )  # fmt: skip
        session.run("INSERT INTO desk_watchers (ticket, person) VALUES ('t', ?)", person)
        session.run("INSERT INTO desk_outages (key, person, what, category, since) VALUES (?, ?, 'The network.', '', '')", f"out-{person}", person)


def everything(ledger):
    """All rows of all tables, as text."""
    with ledger._database.reading() as session:
        return {table: repr(session.every(f"SELECT * FROM {table}")) for table in session.tables()}


def test_everything_that_is_held_about_a_person_is_told_and_nothing_of_another(ledger):
    """From every table that a person gets into; no secret, no word of Sam's."""
    fill(ledger, "ada")
    fill(ledger, "sam")
    held = ledger.held_about("ada")
    written = json.dumps(held)
    assert "secret-sam" not in written
    assert set(held) >= {"conversations", "actions", "bookings", "tickets", "work", "lessons", "enquiries", "refusals", "bindings", "pins", "devices"}
    assert set(held) >= {"subscriptions", "last_answers", "audit", "link_codes", "meetings", "check_ins", "desk_tickets", "desk_notes", "desk_watchers"}
    assert [row["title"] for row in held["bookings"]] == ["secret-ada"] * 2
    assert not {"salt", "digest"} & {name for table in ("pins", "link_codes") for row in held[table] for name in row}
    assert ledger.held_about("nobody") == {}


def test_a_person_who_is_forgotten_is_in_no_table_any_more(ledger):
    """Neither the name nor a word they said, anywhere; what others hold is as it was; the audit chain is whole."""
    fill(ledger, "sam")
    before = everything(ledger)
    fill(ledger, "ada")
    assert sum(ledger.forget("ada", now=NOW).values()) > 20
    after = everything(ledger)
    for table, rows in after.items():
        assert "secret-ada" not in rows, table
        assert "'ada'" not in rows, table
        assert '"ada"' not in rows, table
    for table in (
        set(HOLDINGS)
        - {"audit", "lesson_marks", "actions", "bookings", "tickets", "lessons", "enquiries", "devices", "check_ins"}
        - {"desk_tickets", "desk_notes", "desk_outages"}
    ):
        assert after[table] == before[table], table
    assert ledger.first_broken() is None
    assert ledger.held_about("ada") == {}
    assert json.dumps(ledger.held_about("sam")).count("secret-sam") == json.dumps(ledger.held_about("sam")).count("secret-")


def test_what_others_need_stays_without_the_name(ledger):
    """The hour that was booked, the ticket, the word that everybody uses by now; rooms held from now on are given back, and nothing open is carried out."""
    fill(ledger, "ada")
    ledger.forget("ada", now=NOW)
    assert [(held.person, held.title) for held in ledger.holds(NOW - timedelta(days=9), NOW + timedelta(days=9))] == [(None, None)]
    start = NOW + timedelta(days=3)
    assert ledger.hold_room(RoomHold(key="free", room="room-of-ada", person="sam", start=start, end=start + timedelta(hours=1)), now=NOW)
    assert ledger.ticket_with_key("t-ada").what == "(erased)"
    assert [(lesson.state, lesson.person, lesson.by) for lesson in ledger.lessons("shop")] == [("accepted", None, None)]
    assert [enquiry.to for enquiry in ledger.enquiries("shop")] == [("nina",)]
    assert (ledger.find("open-ada").state, ledger.find("open-ada").person) == ("failed", None)


def test_the_audit_log_tells_that_somebody_was_forgotten_and_not_who(ledger):
    """Entries stay as they are; whom the pseudonym meant is gone, and the same person is somebody else afterwards."""
    fill(ledger, "ada")
    before = ledger.audit_trail()
    ledger.forget("ada", now=NOW)
    after = ledger.audit_trail()
    assert [entry.hash for entry in after[: len(before)]] == [entry.hash for entry in before]
    assert after[-1].event == "person forgotten"
    pseudonym = before[0].who
    assert {entry.person for entry in after if entry.who == pseudonym} == {pseudonym}
    ledger.set_pin("ada", "4821", now=NOW)
    assert ledger.audit_trail()[-1].who != pseudonym
    assert ledger.forget("nobody", now=NOW) == {}


def test_what_was_said_expires_and_what_is_in_use_stays(ledger):
    """Ninety days on: no conversation, question or message is left, but bookings, tickets, corrections that hold and the keys of what happened are."""
    fill(ledger, "ada", now=NOW - timedelta(days=91))
    fill(ledger, "sam", now=NOW - timedelta(days=89))
    message = ledger.claim_work("message", now=NOW, lease=timedelta(minutes=1))
    ledger.finish_work(message, "done", now=NOW)
    assert ledger.expire(before=NOW - timedelta(days=90), now=NOW)
    tables = everything(ledger)
    for table in ("conversations", "work", "lessons", "enquiries", "refusals", "last_answers"):
        assert "secret-ada" not in tables[table], table
        assert "secret-sam" in tables[table], table
    assert [lesson.state for lesson in ledger.lessons("shop") if lesson.person == "ada"] == ["taught", "accepted"]
    assert ledger.hold_with_key("past-ada").title == "secret-ada"
    assert ledger.find("a-ada").state == "confirmed"
    assert "secret" not in repr(ledger.find("a-ada"))
    assert "secret" in ledger.find("a-sam").request
    assert not enqueue(ledger, key="m-ada", person="ada", speech="", text="")
    assert ledger.expire(before=NOW - timedelta(days=90), now=NOW) == {}


def test_the_round_takes_access_from_who_is_not_active_and_expires_once_a_day(ledger):
    """At the first look after `active: false`; whoever the file does not name at all keeps what they have."""
    fill(ledger, "ada", now=NOW - timedelta(days=91))
    fill(ledger, "sam")
    people = {"ada": Person(id="ada", name="Ada", active=False)}
    first, second = tidy(ledger, people, now=NOW), tidy(ledger, people, now=NOW + timedelta(hours=1))
    assert first.departed == 1
    assert first.expired > 0
    assert (second.departed, second.expired) == (0, 0)
    assert ledger.check_pin("ada", "4821", now=NOW) == "unset"
    assert ledger.bindings_of("ada") == ()
    assert ledger.check_pin("sam", "4821", now=NOW) == "right"
    fill(ledger, "eve", now=NOW - timedelta(days=91))
    assert tidy(ledger, people, now=NOW + timedelta(days=1)).expired > 0
