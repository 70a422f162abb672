"""What every ledger promises about accounts, link codes, PINs, devices, last answers and people who left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from insights.errors import NotAnswerable, UnknownThing
from insights.ledger.identity import Account, Linked, NotLinked

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
VOICE = Account(kind="alexa voice", id="amzn1.ask.person.A")
SLACK = Account(kind="slack", scope="E1/T1", id="U01")


def later(minutes):
    """So many minutes on."""
    return NOW + timedelta(minutes=minutes)


def test_a_code_binds_one_account_once(ledger):
    """Spoken with pauses or not; afterwards it is as wrong as any other."""
    code = ledger.new_code("ada", now=NOW)
    assert len(code) == 8
    assert ledger.redeem_code(f"{code[:4]} - {code[4:]}", VOICE, now=later(14)) == Linked(person="ada")
    assert ledger.bound(VOICE) == "ada"
    assert ledger.redeem_code(code, SLACK, now=later(14)) == NotLinked(why="wrong")
    assert ledger.bound(SLACK) is None


def test_a_code_expires_and_a_newer_one_replaces_it(ledger):
    """A quarter of an hour, and only the last one made for a person."""
    first = ledger.new_code("ada", now=NOW)
    second = ledger.new_code("ada", now=later(1))
    assert ledger.redeem_code(first, VOICE, now=later(2)) == NotLinked(why="wrong")
    assert ledger.redeem_code(second, VOICE, now=later(16)) == NotLinked(why="wrong")


def test_of_many_who_redeem_the_same_code_one_is_linked(ledger):
    """At the same moment, from different accounts."""
    code = ledger.new_code("ada", now=NOW)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: ledger.redeem_code(code, Account(kind="slack", id=f"U{n}"), now=NOW), range(16)))
    assert sum(isinstance(one, Linked) for one in told) == 1
    assert len(ledger.bindings_of("ada")) == 1


def test_five_wrong_codes_close_the_door_for_an_hour_also_for_the_right_one(ledger):
    """For that account only."""
    code = ledger.new_code("ada", now=NOW, lasts=timedelta(days=1))
    wrong = f"{(int(code) + 1) % 10**8:08}"
    assert [ledger.redeem_code(wrong, VOICE, now=later(n)).why for n in range(6)] == ["wrong"] * 5 + ["locked"]
    assert ledger.redeem_code(code, VOICE, now=later(59)) == NotLinked(why="locked", until=later(60))
    assert ledger.redeem_code(code, SLACK, now=later(59)) == Linked(person="ada")
    assert ledger.redeem_code(ledger.new_code("ada", now=later(60)), VOICE, now=later(61)) == Linked(person="ada")


@pytest.mark.parametrize("said", ["", "twelve", "\ud800", "١٢٣٤٥٦٧٨", "' OR 1=1 --", "9" * 10_000])
def test_whatever_is_said_in_place_of_a_code_is_wrong(ledger, said):
    """Any text at all."""
    ledger.new_code("ada", now=NOW)
    assert ledger.redeem_code(said, VOICE, now=NOW) == NotLinked(why="wrong")


def test_an_account_is_one_persons_and_within_its_team(ledger):
    """The last binding holds; the same id in another team is another account."""
    ledger.bind(SLACK, "ada", now=NOW)
    ledger.bind(SLACK, "sam", now=later(1))
    assert ledger.bound(SLACK) == "sam"
    assert ledger.bound(Account(kind="slack", scope="E1/T2", id="U01")) is None
    assert ledger.unbind(SLACK, now=later(2))
    assert not ledger.unbind(SLACK, now=later(2))
    assert ledger.bindings_of("sam") == ()


def test_a_right_pin_is_right_and_a_wrong_one_is_wrong(ledger):
    """Nobody without one has a right one, and it can be changed and taken away."""
    assert ledger.check_pin("ada", "4821", now=NOW) == "unset"
    ledger.set_pin("ada", "4821", now=NOW)
    assert ledger.check_pin("ada", "4821", now=NOW) == "right"
    assert ledger.check_pin("ada", "4822", now=NOW) == "wrong"
    assert ledger.check_pin("sam", "4821", now=NOW) == "unset"
    ledger.set_pin("ada", "739105", now=NOW)
    assert [ledger.check_pin("ada", pin, now=NOW) for pin in ("4821", "739105")] == ["wrong", "right"]
    assert ledger.clear_pin("ada", now=NOW)
    assert ledger.check_pin("ada", "739105", now=NOW) == "unset"


def test_five_wrong_pins_lock_it_longer_each_time(ledger):
    """A quarter of an hour, then half an hour, also for the right one; the right one in between starts anew."""
    ledger.set_pin("ada", "4821", now=NOW)
    for _ in range(4):
        ledger.check_pin("ada", "0000", now=NOW)
    assert ledger.check_pin("ada", "4821", now=NOW) == "right"
    assert [ledger.check_pin("ada", "0000", now=NOW) for _ in range(6)] == ["wrong"] * 5 + ["locked"]
    assert ledger.check_pin("ada", "4821", now=later(14)) == "locked"
    assert ledger.check_pin("ada", "0000", now=later(15)) == "wrong"
    assert ledger.check_pin("ada", "4821", now=later(44)) == "locked"
    assert ledger.check_pin("ada", "4821", now=later(45)) == "right"


def test_guessing_at_once_is_no_way_around_the_lock(ledger):
    """Of thirty guesses at the same moment no more than five are compared."""
    ledger.set_pin("ada", "4821", now=NOW)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: ledger.check_pin("ada", f"{n:04}", now=NOW), range(30)))
    assert told.count("wrong") == 5
    assert told.count("locked") == 25


@pytest.mark.parametrize("pin", ["", "123", "1234", "9876", "0000", "1212", "1122", "1987", "2026", "12a4", "١٢٣٥", "1" * 13, "8901"])
def test_a_pin_that_everybody_tries_first_is_refused(ledger, pin):
    """Rows, patterns, years, too few digits, what is no digit."""
    with pytest.raises(NotAnswerable):
        ledger.set_pin("ada", pin, now=NOW)


def test_nothing_of_a_pin_or_a_code_is_kept_as_it_is(ledger):
    """Neither in the tables nor in the audit log; the same PIN of two people looks different."""
    ledger.set_pin("ada", "4821", now=NOW)
    ledger.set_pin("sam", "4821", now=NOW)
    code = ledger.new_code("ada", now=NOW)
    with ledger._database.reading() as session:
        rows = [*session.every("SELECT salt, digest FROM pins"), *session.every("SELECT digest FROM link_codes")]
    assert len({row["digest"] for row in rows}) == 3
    assert "4821" not in {row["digest"] for row in rows}
    assert code not in repr(rows)
    assert code not in repr(ledger.audit_trail())


def test_a_device_that_was_never_met_is_asked_about_and_mapped_by_an_administrator(ledger):
    """Unknown, pending, mapped; a second guess does not unseat what was confirmed."""
    assert ledger.meet_device("amzn1.device.X", now=NOW).state == "unknown"
    pending = ledger.propose_device("amzn1.device.X", room="fern", by="ada", now=NOW)
    assert (pending.id, pending.state, pending.room, pending.asked_by) == ("D-1001", "pending", "fern", "ada")
    mapped = ledger.map_device("d-1001", room="oak", now=later(1))
    assert (mapped.device, mapped.state, mapped.room) == ("amzn1.device.X", "mapped", "oak")
    assert ledger.propose_device("amzn1.device.X", room="fern", by="eve", now=later(2)) == mapped
    assert ledger.meet_device("amzn1.device.X", now=later(3)) == mapped
    desk = ledger.map_device("D-1001", person="ada", now=later(4))
    assert (desk.room, desk.person) == (None, "ada")
    assert ledger.remove_device("D-1001", now=later(5))
    assert not ledger.remove_device("amzn1.device.X", now=later(5))
    assert ledger.known_devices() == ()


def test_pending_devices_are_listed_first_and_a_wrong_number_is_named(ledger):
    """What waits for a decision is what an administrator looks for."""
    ledger.map_device("a", room="fern", now=NOW)
    ledger.meet_device("b", now=NOW)
    ledger.propose_device("c", room="oak", by=None, now=NOW)
    assert [one.device for one in ledger.known_devices()] == ["c", "b", "a"]
    with pytest.raises(UnknownThing, match="D-9"):
        ledger.map_device("D-9", room="oak", now=NOW)


def test_the_last_answer_is_kept_by_person_and_device(ledger):
    """The newest of a person there; nothing that is too old; nobody's answer on a device is that device's only."""
    ledger.keep_answer("ada", "echo", "1", now=NOW)
    ledger.keep_answer("ada", "echo", "2", now=later(1))
    ledger.keep_answer("ada", None, "3", now=later(2))
    ledger.keep_answer(None, "echo", "4", now=later(3))
    assert ledger.last_answer("ada", "echo", since=NOW) == "2"
    assert ledger.last_answer(None, "echo", since=NOW) == "4"
    assert ledger.last_answer("sam", "echo", since=NOW) is None
    assert ledger.last_answer("ada", None, since=NOW) == "3"
    assert ledger.last_answer("ada", None, since=later(3)) is None


def test_who_left_loses_everything_at_once(ledger):
    """Accounts, PIN, code, desk, conversations and last answers; what others have stays."""
    for person, account in (("ada", VOICE), ("sam", SLACK)):
        ledger.bind(account, person, now=NOW)
        ledger.set_pin(person, "4821", now=NOW)
        ledger.save_conversation(f"c-{person}", "{}", person=person, now=NOW)
        ledger.keep_answer(person, None, "{}", now=NOW)
        ledger.map_device(f"desk-{person}", person=person, now=NOW)
    code = ledger.new_code("ada", now=NOW)
    assert ledger.people_with_access() == {"ada", "sam"}
    assert ledger.withdraw_access("ada", now=NOW)
    assert ledger.people_with_access() == {"sam"}
    assert ledger.bound(VOICE) is None
    assert ledger.check_pin("ada", "4821", now=NOW) == "unset"
    assert ledger.redeem_code(code, VOICE, now=NOW) == NotLinked(why="wrong")
    assert ledger.load_conversation("c-ada") is None
    assert [one.person for one in ledger.known_devices()] == ["sam"]
    assert not ledger.withdraw_access("ada", now=NOW)
    assert ledger.check_pin("sam", "4821", now=NOW) == "right"


def test_every_change_of_who_is_who_is_in_the_audit_log(ledger):
    """Who, and what happened; the account itself only as a digest."""
    ledger.bind(VOICE, "ada", now=NOW)
    ledger.set_pin("ada", "4821", now=NOW)
    ledger.check_pin("ada", "1111", now=NOW)
    ledger.unbind(VOICE, now=NOW)
    trail = ledger.audit_trail()
    assert [entry.event for entry in trail] == ["account bound", "pin set", "pin wrong", "account unbound"]
    assert {entry.person for entry in trail} == {"ada"}
    assert VOICE.id not in repr(trail)
    assert ledger.first_broken() is None
