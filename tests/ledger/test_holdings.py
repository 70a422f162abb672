"""The list of what tables hold about people names every table and every column that names somebody."""

import re
import sqlite3
from contextlib import closing

import pytest

from insights.ledger.privacy import HOLDINGS
from insights.ledger.sqlite import open_ledger

NAMES = re.compile(r"person|people|who|by|organizer|recipients|requester|reporter|owner|author|approver|assignee|attendee|user|sender|recipient|[a-z_]+_by")


@pytest.fixture(scope="module")
def columns(tmp_path_factory):
    """The columns of every table, as the migrations make them."""
    file = tmp_path_factory.mktemp("ledger") / "ledger.db"
    open_ledger(file).close()
    with closing(sqlite3.connect(file)) as ledger:
        tables = [row[0] for row in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'")]
        return {table: {row[1] for row in ledger.execute(f"PRAGMA table_info({table})")} for table in tables}


def test_every_table_is_listed_with_what_becomes_of_it(columns):
    """A new table is added to insights/ledger/privacy.py: what of it a person is told, and how it is forgotten."""
    assert set(HOLDINGS) == set(columns)


def test_every_column_that_names_somebody_is_listed(columns):
    """By its name; one that names nobody is not called so."""
    named = {(table, column) for table, found in columns.items() for column in found if NAMES.fullmatch(column)} - {("audit_names", "who")}
    assert named == {(table, column) for table, holding in HOLDINGS.items() for column in holding.people}


def test_what_names_somebody_is_told_and_forgotten(columns):
    """No holding names people without saying what becomes of them; the audit log holds pseudonyms only."""
    assert [table for table, holding in HOLDINGS.items() if holding.people and table != "audit" and not (holding.of and holding.forget)] == []
