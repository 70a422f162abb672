"""Fixtures over the loopback Slack of `workplace.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from insights.ledger.sqlite import open_ledger
from insights.organization import Organization, Person
from insights.settings import Settings
from tests.slackbot.scanned import confidential, leaks
from tests.slackbot.workplace import SECRET, FakeAssistant, FakeSlack, Workplace


@pytest.fixture
def slack():
    """A fresh fake Slack."""
    fake = FakeSlack()
    yield fake
    fake.close()


@pytest.fixture(scope="session")
def confidential_figures(company):
    """What most people must never be sent."""
    return confidential(company)


@pytest.fixture(autouse=True)
def nobody_is_sent_what_they_may_not_have(request):
    """Every payload of every test over the demo company is looked through when the test has ended."""
    if not {"slack", "company"} <= set(request.fixturenames):
        yield
        return
    slack, figures = request.getfixturevalue("slack"), request.getfixturevalue("confidential_figures")
    yield
    assert leaks(slack.sent, slack.owners, figures) == []


@pytest.fixture(autouse=True)
def nobody_is_told_to_wait(monkeypatch):
    """A machine that is busy writes no note that a test would take for the answer; tests of the note say when it is due."""
    monkeypatch.setattr("slackbot.progress.PATIENT", 60.0)


@pytest.fixture
def organization():
    """Ada has a Slack id, Sam an e-mail address, Olga has left."""
    people = (
        Person(id="ada", name="Ada Okafor", email="ada@halcyon.example", slack="U01"),
        Person(id="sam", name="Sam Lee", email="sam@halcyon.example"),
        Person(id="old", name="Olga Old", email="olga@halcyon.example", slack="U09", active=False),
    )
    return Organization(people={person.id: person for person in people})


@pytest.fixture
def ledger(tmp_path):
    """A ledger of its own."""
    ledger = open_ledger(tmp_path / "ledger.db")
    yield ledger
    ledger.close()


@pytest.fixture
def assistant(organization, ledger):
    """An assistant that echoes."""
    return FakeAssistant(organization, ledger)


@pytest.fixture
def settings_of(slack):
    """Settings with this [slack] section."""

    def make(**section):
        return Settings(home=Path("/nonexistent"), sections={"slack": section})

    return make


@pytest.fixture
def settings(slack, settings_of):
    """HTTP against the fake Slack."""
    return settings_of(signing_secret=SECRET, bot_token="xoxb-1", base_url=slack.base_url)


@pytest.fixture
def workplace(slack, assistant, settings):
    """The app over HTTP."""
    return Workplace(slack, assistant, settings)


@pytest.fixture
def buttons_of():
    """Finds the buttons of a message."""
    """Every button of a message, by its label."""

    def find(message):
        return {element["text"]["text"]: element for block in message["blocks"] if block["type"] == "actions" for element in block["elements"]}

    return find
