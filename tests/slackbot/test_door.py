"""The door as the core sees it: what is configured, what is missing, what it makes; and nothing heavy before it is needed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from insights.errors import WrongSettings
from insights.settings import Settings
from insights.turns import Reply
from slackbot import manifest
from slackbot.door import door

TOP = Path(__file__).parents[2]
HTTP = {"signing_secret": "s", "bot_token": "xoxb-1"}
SOCKET = {"app_token": "xapp-1", "bot_token": "xoxb-1"}


@pytest.mark.parametrize(
    ("section", "state"),
    [({}, "off"), ({"enabled": False}, "off"), ({"enabled": False, "bot_token": "xoxb-1"}, "off"), (HTTP, "ok"), (SOCKET, "ok"), (HTTP | SOCKET, "ok")],
)
def test_what_is_configured_is_on_and_nothing_else(settings_of, assistant, section, state):
    """Unconfigured is fine; a whole configuration of either way is, too."""
    settings = settings_of(**section)
    assert {finding.state for finding in door.findings(settings)} == {state}
    assert set(door.routes(assistant, settings)) == ({"/slack/events"} if "signing_secret" in section else set())
    assert (door.messenger(None, settings) is None) == (state == "off")


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ({"enabled": True}, "slack.bot_token"),
        ({"enabled": True}, "slack.signing_secret"),
        ({"signing_secret": "s"}, "slack.bot_token"),
        ({"bot_token": "xoxb-1"}, "slack.signing_secret"),
        ({"bot_token": "xoxb-1", "signing_secret": ""}, "slack.signing_secret"),
        ({"app_token": "xapp-1"}, "slack.bot_token"),
        (HTTP | {"bot_token": "xapp-1"}, "slack.bot_token"),
        (SOCKET | {"app_token": "xoxb-1"}, "slack.app_token"),
        (HTTP | {"signing_secrt": "s"}, "slack.signing_secrt"),
        (HTTP | {"answer_within": "soon"}, "slack.answer_within"),
        (HTTP | {"base_url": "slack.com"}, "slack.base_url"),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_a_remedy(settings_of, assistant, section, named):
    """Serving refuses with the same words, and no message goes out half configured."""
    settings = settings_of(**section)
    wrong = [finding for finding in door.findings(settings) if finding.state == "wrong"]
    assert any(named in finding.detail and finding.remedy for finding in wrong)
    with pytest.raises(WrongSettings, match=re.escape(wrong[0].detail)):
        door.routes(assistant, settings)
    assert door.messenger(None, settings) is None


def test_no_secret_is_shown_in_findings_or_representations(settings_of):
    """Doctor's output and tracebacks may be pasted anywhere."""
    from slackbot import configuration

    settings = settings_of(signing_secret="verysecret", bot_token="xoxb-verysecret", app_token="xapp-verysecret")
    assert "verysecret" not in repr(door.findings(settings)) + repr(configuration.read(settings))


def test_rendering_and_generating_load_neither_bolt_nor_aiohttp_nor_babel():
    """The shell's `--format slack` and `insights generate` start fast and work without the server packages."""
    code = (
        "import sys; from slackbot.door import door; from insights.turns import Reply; from insights.settings import Settings; from pathlib import Path\n"
        "door.render(Reply(outcome='understood', utterance='', speech='', text='hello')); door.generate(None)\n"
        "door.findings(Settings(home=Path('.')))\n"
        "print([name for name in ('slack_bolt', 'slack_sdk', 'aiohttp', 'babel', 'jinja2', 'asyncio') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=TOP).stdout.strip() == "[]"


def test_a_reply_is_rendered_as_text_and_blocks():
    """This is what `--format slack` prints."""
    assert door.render(Reply(outcome="understood", utterance="", speech="", text="a < b")) == {
        "text": "a &lt; b",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "a &lt; b", "verbatim": True}}],
    }


def test_the_committed_manifest_is_what_would_be_generated():
    """A stale file is renewed by a command that the failure names."""
    (path, content), *none = door.generate(None).items()
    assert not none
    assert (TOP / path).read_text() == content, "slackbot/manifest.json is stale; run `make models`"


def _methods_called():
    """Web API methods that the code names, `users_lookupByEmail` as users.lookupByEmail; Bolt and Socket Mode need no scope of the bot."""
    source = "".join(path.read_text() for path in (TOP / "slackbot").rglob("*.py"))
    found = re.findall(r"\b(?:client|accounts|channels)\.([a-z]+)_((?:threads_)?[a-zA-Z]+)", source)
    called = {f"{family}.{method.replace('_', '.')}" for family, method in found}
    # The library's way to send a file is two methods and a plain upload in between.
    uploads = {"files.getUploadURLExternal", "files.completeUploadExternal"} if "files.upload" in called else set()
    return (called - {"files.upload", "base.url"}) | uploads


def test_the_manifest_asks_for_the_scopes_of_the_methods_called_and_no_others():
    """Slack's scopes: docs.slack.dev/reference/methods and /events name one or two for each; written down here by hand."""
    needed = {
        "auth.test": set(),
        "chat.appendStream": {"chat:write"},
        "chat.delete": {"chat:write"},
        "chat.startStream": {"chat:write"},
        "chat.stopStream": {"chat:write"},
        "chat.update": {"chat:write"},
        "conversations.history": {"channels:history", "groups:history"},
        "conversations.info": {"channels:read", "groups:read", "im:read", "mpim:read"},
        "conversations.members": {"channels:read", "groups:read", "im:read", "mpim:read"},
        "conversations.list": {"channels:read", "groups:read"},
        "conversations.open": {"im:write"},
        "conversations.replies": {"channels:history", "groups:history"},
        "files.completeUploadExternal": {"files:write"},
        "files.getUploadURLExternal": {"files:write"},
        "views.open": set(),
        "views.publish": set(),
        "chat.postEphemeral": {"chat:write"},
        "chat.postMessage": {"chat:write"},
        "users.info": {"users:read", "users:read.email"},
        "users.lookupByEmail": {"users:read.email"},
    }
    document = json.loads(manifest.render())
    assert _methods_called() == set(needed) == set(manifest.SCOPES_BY_METHOD)
    events = document["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "message.channels",
        "message.groups",
        "message.im",
        "reaction_added",
        "tokens_revoked",
    }
    scopes = set().union(*needed.values()) | {"app_mentions:read", "im:history", "channels:history", "groups:history", "reactions:read", "commands"}
    scopes |= {"files:read"}  # docs.slack.dev/messaging/working-with-files: for a GET of what was sent along
    assert document["oauth_config"]["scopes"]["bot"] == sorted(scopes)


def test_the_manifest_keeps_slacks_limits():
    """Name 35, description 140, bot name 80 of a small alphabet, usage hint and command as Slack allows them."""
    document = json.loads(manifest.render())
    assert len(document["display_information"]["name"]) <= 35
    assert len(document["display_information"]["description"]) <= 140
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", document["features"]["bot_user"]["display_name"])
    commands = document["features"]["slash_commands"]
    assert [command["command"] for command in commands] == ["/insights", "/room", "/ticket", "/meet"]
    for command in commands:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert command["url"] == document["settings"]["event_subscriptions"]["request_url"] == document["settings"]["interactivity"]["request_url"]
        assert command["should_escape"] is True
    shortcuts = document["features"]["shortcuts"]
    assert len({shortcut["callback_id"] for shortcut in shortcuts}) == len(shortcuts) <= 10
    assert all(len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150 for shortcut in shortcuts)
    assert "assistant_view" not in document["features"]
    assert len(document["features"]["agent_view"]["suggested_prompts"]) <= 4


def test_the_door_is_found_by_its_entry_point():
    """`insights serve` and `--format slack` know it by name."""
    from insights import doors

    assert doors.load()["slack"] is door


def test_nothing_runs_in_the_background_when_slack_is_off(assistant, settings_of):
    """There is nothing to receive, so nothing can be left behind."""
    import asyncio

    asyncio.run(asyncio.wait_for(door.run(assistant, settings_of()), 60))


def test_settings_without_the_section_are_read():
    """The door is safe to load and look at without any settings."""
    assert door.findings(Settings(home=Path("/nonexistent")))[0].state == "off"
