"""A moment without a zone is the company's time, wherever the machine stands that writes it down."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights import wiring
from insights.ledger import sqlite

NINE = datetime(2026, 5, 31, 9)


@pytest.fixture
def tokyo(tmp_path):
    """A ledger of a company in Tokyo, where nine in the morning is midnight in London."""
    ledger = sqlite.open_ledger(tmp_path / "ledger.sqlite")
    ledger.zone = ZoneInfo("Asia/Tokyo")
    yield ledger
    ledger.close()


def test_an_action_is_as_old_as_it_is(tokyo):
    """Begun by the company's clock and looked for by the machine's, it is interrupted after two minutes and not before."""
    tokyo.begin("key", "book_room", "{}", person="ada", now=NINE)
    began = datetime(2026, 5, 31, tzinfo=UTC)
    assert tokyo.unfinished(before=began) == ()
    assert [action.key for action in tokyo.unfinished(before=began + timedelta(minutes=2))] == ["key"]


def test_due_work_is_due_then(tokyo):
    """Not nine hours later."""
    tokyo.add_work("key", "note", "{}", person="ada", due=NINE)
    began = datetime(2026, 5, 31, tzinfo=UTC)
    assert tokyo.claim_work("note", now=began - timedelta(minutes=1), lease=timedelta(minutes=1)) is None
    assert tokyo.claim_work("note", now=began + timedelta(minutes=1), lease=timedelta(minutes=1)).key == "key"


def test_an_assistant_keeps_its_ledger_in_the_time_of_its_company(company, demo_home, tmp_path):
    """The zone is that of the definitions."""
    assistant = wiring.open_catalog(company.folder, home=tmp_path)
    try:
        assert assistant.ledger.zone == ZoneInfo(assistant.catalog.timezone)
    finally:
        assistant.close()
