"""`lambda_handler`, as AWS Lambda imports and calls it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from skill import handler, words
from tests.skill.conftest import APPLICATION


class Context:
    """What Lambda passes beside the event."""

    def get_remaining_time_in_millis(self):
        """Milliseconds left."""
        return 9000


@pytest.fixture(autouse=True)
def forgotten():
    """Each test stands in a process that has not answered yet."""
    handler.the_skill.cache_clear()
    yield
    handler.the_skill.cache_clear()


def test_without_a_skill_id_nothing_is_answered(event, monkeypatch, tmp_path, check_response, caplog):
    """Not even a greeting: the person hears that it is not set up, the log names the setting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INSIGHTS_ALEXA__SKILL_ID", raising=False)
    assert check_response(handler.lambda_handler(event("launch"), Context())) == words.NOT_SET_UP
    assert "alexa.skill_id" in caplog.text


def test_settings_come_from_the_environment(event, monkeypatch, tmp_path, check_response):
    """With a skill id the greeting comes, from one skill for the whole process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSIGHTS_ALEXA__SKILL_ID", APPLICATION)
    monkeypatch.setenv("INSIGHTS_ALEXA__NAME", "Halcyon")
    for context in (Context(), None):
        assert "Halcyon" in check_response(handler.lambda_handler(event("launch"), context))
    assert handler.the_skill() is handler.the_skill()


def test_an_event_that_is_none_is_met_with_silence(monkeypatch, tmp_path):
    """A scheduled warm-up, for one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSIGHTS_ALEXA__SKILL_ID", APPLICATION)
    for odd in ({}, None, [], "warm-up", {"source": "aws.events"}):
        assert handler.lambda_handler(odd, Context()) == {"version": "1.0", "response": {}}


def test_importing_the_handler_imports_nothing_heavy():
    """What a cold start pays for is what every request needs."""
    heavy = "duckdb boto3 botocore sqlglot babel cryptography starlette rich slack_bolt numpy jinja2 httpx".split()
    code = f"import sys, skill.handler; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
