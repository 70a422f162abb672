"""Every implementation of a port, so that one suite proves the promise for all of them."""

from uuid import uuid4

import pytest

from insights.ledger import postgres, sqlite
from insights.meetings import EmbeddedRooms
from insights.tickets import EmbeddedTickets


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(request, tmp_path):
    """An empty ledger of each kind."""
    if request.param == "sqlite":
        ledger = sqlite.open_ledger(tmp_path / "ledger.db")
    else:
        ledger = postgres.open_ledger(request.getfixturevalue("postgres_address"), schema=f"t{uuid4().hex}")
    yield ledger
    ledger.close()


@pytest.fixture(params=["embedded"])
def rooms(request, ledger):
    """An empty calendar of rooms of each kind."""
    return EmbeddedRooms(lambda: ledger)


@pytest.fixture(params=["embedded"])
def tickets(request, ledger):
    """An empty ticket system of each kind."""
    return EmbeddedTickets(lambda: ledger)
