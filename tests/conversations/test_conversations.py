"""Every golden conversation, replayed through the real front ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.front_ends import Alexa, Shell, Slack
from tests.conversations.script import parse, read
from tests.slackbot.scanned import confidential

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.fixture(scope="session")
def confidential_figures(company):
    """What most people must never be sent."""
    return confidential(company)


@pytest.fixture
def front_ends(office, company, tmp_path, monkeypatch, confidential_figures):
    """One company and one ledger behind all three doors."""
    slack = Slack(office, confidential_figures)
    yield {"shell": Shell(company.folder, tmp_path / "home", monkeypatch), "alexa": Alexa(office), "slack": slack}
    slack.close()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(script, front_ends) -> None:
    """Each reply holds what the script says, through the door it was asked at."""
    for exchange in read(script):
        reply = front_ends[exchange.door].say(exchange)
        seen = " ".join(reply.split())
        for wanted in exchange.expected:
            assert " ".join(wanted.split()) in seen, f"{script.name}:{exchange.line}: {exchange.text!r} was answered:\n{reply}"
        for unwanted in exchange.forbidden:
            assert unwanted not in seen, f"{script.name}:{exchange.line}: {exchange.text!r} was answered:\n{reply}"


@pytest.mark.parametrize("text", ["", "  only a reply", "said by nobody at all", "fax ada> hello"])
def test_a_script_that_says_nothing_is_refused(text) -> None:
    """A conversation file with a slip in it fails instead of testing nothing."""
    with pytest.raises(ValueError, match=r"x\.txt"):
        parse(text, "x.txt")
