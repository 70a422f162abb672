"""`insights doctor` on a company whose parts are broken, one at a time: what it finds and what it tells to do."""

from __future__ import annotations

import re
import shutil
import sqlite3

import pytest

from tests.calls.fakes import FakeController, FakeZoom
from tests.contract.desks import server_of

OVERLAY = """version: 1
timezone: Europe/Berlin
"""
MODEL = """version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: sales
        source: sales.csv
        fields:
          - name: day
            expression: {dialects: [{dialect: ANSI_SQL, expression: CAST(day AS DATE)}]}
            dimension: {is_time: true}
          - name: amount
            expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}
    metrics:
      - name: revenue
        expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(sales.amount)}]}
"""


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A small catalog that the settings name."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "model.yaml").write_text(MODEL)
    (folder / "assistant.yaml").write_text(OVERLAY)
    (folder / "sales.csv").write_text("day,amount\n2026-01-01,5\n2026-01-02,7\n")
    (folder / "insights.toml").write_text('catalog = "."\n')
    monkeypatch.setenv("INSIGHTS_CONFIG", str(folder / "insights.toml"))
    return folder


def test_a_whole_company_is_well(run, shop):
    """Settings by their file, data by its days."""
    ran = run("doctor")
    assert ran.status == 0, ran.out
    assert f"ok     settings: {shop / 'insights.toml'}" in ran.lines
    assert "ok     catalog: shop: 1 metrics over 1 datasets" in ran.lines
    assert "ok     data sales: from 2026-01-01 through 2026-01-02" in ran.lines
    assert "WRONG" not in ran.out


def test_a_wrong_definition_is_told_with_its_line(run, shop):
    """As `catalog check` tells it."""
    (shop / "model.yaml").write_text(MODEL.replace("expression: amount", "expression: amuont"))
    ran = run("doctor")
    assert ran.status == 1
    assert re.search(r"^WRONG  catalog: .*model\.yaml:\d+: .*amuont", ran.out, re.MULTILINE)


def test_data_without_rows_is_told_with_its_place(run, shop):
    """A header is not data."""
    (shop / "sales.csv").write_text("day,amount\n")
    ran = run("doctor")
    assert ran.status == 1
    assert re.search(r"^WRONG  data sales: .*\n +Look at .*sales\.csv", ran.out, re.MULTILINE)


def test_a_ledger_that_is_damaged_or_was_changed_is_told(run, shop, home):
    """Garbage in place of it, and an entry of the audit log rewritten behind its back."""
    book = ("ask", "--catalog", str(shop), "--yes", "--conversation", "c", "the lamp is broken")
    assert run(*book).status == 0
    assert "ok     ledger: writable, audit log whole" in run("doctor").lines
    with sqlite3.connect(home / "ledger.sqlite") as direct:
        direct.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for (trigger,) in direct.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            direct.execute(f"DROP TRIGGER {trigger}")
        direct.execute("UPDATE audit SET person = 'somebody else' WHERE rowid = 1")
    direct.close()
    changed = run("doctor")
    assert changed.status == 1
    assert re.search(r"^WRONG  ledger: entry 1 of the audit log was changed\n +Restore", changed.out, re.MULTILINE)
    for rest in home.glob("ledger.sqlite*"):
        rest.unlink()
    (home / "ledger.sqlite").write_bytes(b"not a ledger" * 100)
    damaged = run("doctor")
    assert damaged.status == 1
    assert re.search(r"^WRONG  ledger: .*ledger\.sqlite is damaged", damaged.out, re.MULTILINE)


def test_settings_that_cannot_be_read_are_told(run, shop):
    """Before anything else: there is nothing to look at without them."""
    (shop / "insights.toml").write_text('catalgo = "."\n')
    wrong = run("doctor")
    assert (wrong.status, wrong.out) == (2, "")
    assert "Did you mean 'catalog'?" in wrong.err
    (shop / "insights.toml").write_text("catalog = \n")
    assert "insights.toml cannot be read" in run("doctor").err
    shutil.rmtree(shop)
    assert "INSIGHTS_CONFIG" in run("doctor").err


def test_packages_that_serving_needs_are_named(run, shop, monkeypatch):
    """Off, and not wrong: who does not serve does not need them."""
    monkeypatch.setattr("insights.checkup.find_spec", lambda name: None if name == "uvicorn" else object())
    ran = run("doctor")
    assert ran.status == 0
    assert re.search(r"^off    server: not installed: uvicorn\n +.*insights-assistant\[server\]", ran.out, re.MULTILINE)


def add(shop, text):
    """More settings."""
    with (shop / "insights.toml").open("a") as file:
        file.write(text)


JIRA = """
[tickets]
provider = "jira"
url = "{url}"
account = "bot"
token = "t"
service_desk = "1"
project = "IT"
request_type = "{form}"
"""


def test_a_ticket_system_is_asked_for_what_a_report_needs(run, shop):
    """Its forms with what they demand; a form that is not there, and a server that does not answer, with what to do about it; nothing is filed."""
    server = server_of("jira")
    add(shop, JIRA.format(url=server.url, form="10"))
    ran = run("doctor")
    assert ran.status == 0, ran.out
    assert "ok     tickets: Jira: service desk 1 of project IT, 2 forms; Request a new laptop asks for Model, Reason" in ran.lines
    text = (shop / "insights.toml").read_text()
    (shop / "insights.toml").write_text(text.replace('"10"', '"12"'))
    ran = run("doctor")
    assert ran.status == 1
    assert "WRONG  tickets: Service desk 1 has no form 12." in ran.out
    assert "10 (Report a problem)" in ran.out
    assert server.requests == {}
    server.close()
    ran = run("doctor")
    assert "WRONG  tickets: Jira cannot be reached." in ran.out


def test_a_mail_server_is_greeted_and_no_mail_is_sent(run, shop):
    """Then it is gone."""
    server = server_of("email")
    add(shop, f'[tickets]\nprovider = "email"\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nsender = "a@x.example"\nto = "b@x.example"\n')
    ran = run("doctor")
    assert ran.status == 0, ran.out
    assert f"ok     tickets: the help desk by e-mail: 127.0.0.1:{server.port} lets us in (none); mail goes to b@x.example" in ran.lines
    assert server.arrived == []
    server.close()
    assert "WRONG  tickets: The mail server cannot be reached." in run("doctor").out


def test_a_conference_service_that_does_not_let_us_in_is_told(run, shop):
    """Zoom with its secret, then with another; a room's controller that is not there."""
    zoom, controller = FakeZoom(), FakeController("hush")
    (shop / "organization.yaml").write_text("rooms: [{id: fern, name: Fern, capacity: 6}]\n")
    add(
        shop,
        f'[calls]\nservice = "zoom"\nzoom_account = "a"\nzoom_client = "client"\nzoom_secret = "hush"\nzoom_api = "{zoom.url}"\nzoom_oauth = "{zoom.url}"\n'
        f'room_secret = "hush"\n[calls.rooms]\nfern = "{controller.url}/fern"\n',
    )
    ran = run("doctor")
    assert ran.status == 0, ran.out
    assert "ok     calls: Zoom lets us in and lists its meetings" in ran.lines
    assert "ok     room system of Fern: answers" in ran.lines
    assert (zoom.meetings, controller.joined) == ([], {})
    controller.close()
    text = (shop / "insights.toml").read_text()
    (shop / "insights.toml").write_text(text.replace('zoom_secret = "hush"', 'zoom_secret = "other"'))
    ran = run("doctor")
    assert "WRONG  calls: Zoom does not accept our credentials (HTTP 401)." in ran.out
    assert "WRONG  room system of Fern: The room system cannot be reached." in ran.out
    zoom.close()
