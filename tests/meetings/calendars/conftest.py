"""Calendar servers, and a desk on each of them."""

from __future__ import annotations

import pytest

from insights.ledger.sqlite import open_ledger
from tests.meetings.calendars.copies import Desk
from tests.meetings.calendars.office import KINDS, OfficeServers


@pytest.fixture(scope="module")
def servers():
    """Calendar servers, started when they are first needed."""
    servers = OfficeServers()
    yield servers
    servers.close()


@pytest.fixture(params=KINDS)
def kind(request):
    """Which system."""
    return request.param


@pytest.fixture
def desk(servers, kind, tmp_path):
    """An empty calendar, reached through a front, and an empty ledger."""
    ledger = open_ledger(tmp_path / "ledger.db")
    with servers.front_of(kind) as front:
        found = Desk(servers, kind, front, ledger)
        yield found
        found.store.close()
    ledger.close()
