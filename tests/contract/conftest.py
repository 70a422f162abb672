"""Every implementation of a port, so that one suite proves the promise for all of them."""

import pytest

from insights.ledger.sqlite import open_ledger
from insights.meetings import EmbeddedRooms
from insights.tickets import EmbeddedTickets


@pytest.fixture(params=["sqlite"])
def ledger(request, tmp_path):
    """An empty ledger of each kind."""
    ledger = open_ledger(tmp_path / "ledger.db")
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
