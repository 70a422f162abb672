"""`insights doctor` on a company whose parts are broken, one at a time: what it finds and what it tells to do."""

from __future__ import annotations

import re
import shutil
import sqlite3

import pytest

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
