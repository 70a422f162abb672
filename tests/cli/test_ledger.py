"""`insights people`, `devices`, `backup`, `restore`, `audit`: what whoever runs this sees and can do."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import datetime, timedelta

import pytest

from insights.ledger.identity import Account, Linked
from insights.ledger.port import RoomHold
from insights.ledger.sqlite import open_ledger

NOW = datetime.now().astimezone()
SLACK = Account(kind="slack", scope="E1/T1", id="U01")


@pytest.fixture
def catalog(company, monkeypatch):
    """The demo company as the catalog that the settings name."""
    monkeypatch.setenv("INSIGHTS_CATALOG", str(company.folder))


@pytest.fixture
def ledger(home, catalog):
    """The ledger that the commands open."""
    ledger = open_ledger(home / "ledger.sqlite")
    yield ledger
    ledger.close()


def test_a_code_that_was_printed_links_an_account(run, ledger):
    """And the list shows it; unlinked it is gone."""
    day = "2026-06-01T09:00"
    ran = run("people", "link", "ada", "--now", day)
    assert ran.status == 0
    now = datetime.fromisoformat(day)
    assert ledger.redeem_code(ran.out, SLACK, now=now + timedelta(minutes=14)) == Linked(person="ada")
    (line,) = [line for line in run("people", "list").lines if line.startswith("ada ")]
    assert line.endswith("; slack")
    (listed,) = [one for one in map(json.loads, run("people", "list", "--format", "json").lines) if one["id"] == "ada"]
    assert listed["accounts"] == [{"kind": "slack", "scope": "E1/T1", "account": "U01"}]
    assert run("people", "unlink", "ada", "--kind", "alexa voice").lines == ["0 accounts unlinked."]
    assert run("people", "unlink", "ada").lines == ["1 account unlinked."]
    assert ledger.bound(SLACK) is None


@pytest.mark.parametrize("command", [["link", "adda"], ["pin", "adda"]])
def test_nobody_is_given_access_who_is_not_there(run, catalog, command):
    """The nearest is suggested."""
    ran = run("people", *command, stdin="4821\n")
    assert ran.status == 2
    assert "Did you mean 'ada'?" in ran.err


def test_a_pin_is_set_from_what_is_piped_in_and_taken_away(run, ledger):
    """What is too easily guessed is refused, and nothing of it is shown."""
    assert run("people", "pin", "ada", stdin="1234\n").status == 2
    ran = run("people", "pin", "ada", stdin="4821\n")
    assert (ran.status, "4821" in ran.out + ran.err) == (0, False)
    assert ledger.check_pin("ada", "4821", now=NOW) == "right"
    assert run("people", "pin", "ada", "--clear").lines == ["The PIN was taken away."]
    assert ledger.check_pin("ada", "4821", now=NOW) == "unset"


def test_a_device_is_confirmed_by_its_number(run, ledger):
    """Listed as pending with who said so, then mapped, then removed; where it stands must be one thing that exists."""
    ledger.propose_device("amzn1.device.X", room="fern", by="ada", now=NOW)
    assert "D-1001  pending: room Fern, said by ada  amzn1.device.X" in run("devices", "list").out
    assert run("devices", "map", "D-1001").status == 2
    assert "Did you mean 'Fern'?" in run("devices", "map", "D-1001", "--room", "fernn").err
    assert run("devices", "map", "D-1001", "--room", "Fern").lines == ["D-1001  room Fern"]
    assert ledger.meet_device("amzn1.device.X", now=NOW).room == "fern"
    assert run("devices", "remove", "D-1001").status == 0
    assert run("devices", "remove", "D-1001").status == 2


def test_what_is_held_is_exported_and_forgotten(run, ledger):
    """Only after a yes; the log stays whole and tells no name."""
    start = NOW + timedelta(days=3)
    ledger.hold_room(RoomHold(key="k", room="fern", person="ada", start=start, end=start + timedelta(hours=1), title="Überraschung"), now=NOW)
    assert json.loads(run("people", "export", "ada").out)["held"]["bookings"][0]["title"] == "Überraschung"
    assert run("people", "forget", "ada", stdin="n\n").status != 0
    assert ledger.hold_with_key("k").person == "ada"
    assert "rows forgotten" in run("people", "forget", "ada", "--yes").out
    assert ledger.hold_with_key("k").title is None
    assert run("audit", "verify").status == 0
    assert not re.search(r"\bada\b", run("audit", "export").out)  # three letters that a digest may have inside


def test_a_backup_is_written_and_restored(run, home, ledger, tmp_path):
    """Over a ledger that holds something only with --replace, and what was there is kept beside it."""
    ledger.set_pin("ada", "4821", now=NOW)
    file = tmp_path / "monday.backup"
    assert run("backup", str(file)).status == 0
    assert "exists" in run("backup", str(file)).err
    ledger.set_pin("ada", "739105", now=NOW)
    assert "not empty" in run("restore", str(file)).err
    assert ledger.check_pin("ada", "739105", now=NOW) == "right"
    assert run("restore", str(file), "--replace").status == 0
    assert ledger.check_pin("ada", "4821", now=NOW) == "right"
    (kept,) = home.glob("ledger-before-restore-*.backup")
    before = open_ledger(kept)
    assert before.check_pin("ada", "739105", now=NOW) == "right"
    before.close()


def test_a_log_that_was_changed_or_cut_short_is_told(run, home, ledger):
    """A change by itself, a cut against an entry that was noted."""
    for number in range(3):
        ledger.begin(f"k{number}", "book_room", "{}", person="ada", now=NOW)
    last = run("audit", "verify").out.split()[-1].rstrip(".")
    assert run("audit", "verify", "--entry", last).status == 0
    exported = [json.loads(line) for line in run("audit", "export").lines]
    assert [(one["number"], one["event"], one["person"]) for one in exported] == [(n, "book_room intended", "ada") for n in (1, 2, 3)]
    with sqlite3.connect(home / "ledger.sqlite") as other:
        other.execute("DROP TRIGGER audit_is_not_deleted")
        other.execute("DELETE FROM audit WHERE number = 3")
    assert run("audit", "verify").status == 0
    assert "cut short" in run("audit", "verify", "--entry", last).out
    with sqlite3.connect(home / "ledger.sqlite") as other:
        other.execute("DELETE FROM audit WHERE number = 1")
    assert run("audit", "verify").status == 1
    other.close()


def test_without_a_ledger_nothing_is_made(run, home):
    """A wrong home is named instead."""
    for command in (["backup", "x"], ["audit", "verify"]):
        assert "INSIGHTS_HOME" in run(*command).err
    assert not list(home.glob("ledger*"))


@pytest.mark.parametrize("days", ["0", "-1", "soon", "99999"])
def test_a_retention_that_is_no_number_of_days_stops_the_worker(run, catalog, monkeypatch, days):
    """It would erase too much, or never."""
    monkeypatch.setenv("INSIGHTS_RETENTION__UTTERANCE_DAYS", days)
    ran = run("work", "--once")
    assert (ran.status, "retention.utterance_days" in ran.err) == (2, True)
