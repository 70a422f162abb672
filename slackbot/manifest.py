"""The app manifest: what Slack must know about this app, made from what the listeners use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

COMMAND = "/insights"
REQUEST_URL = "https://insights.example.com/slack/events"
"""Stands for the public address; docs/slack.md says to put one's own in its place. Socket Mode needs none."""

SCOPES_BY_METHOD: Mapping[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "users.info": ("users:read", "users:read.email"),
    "users.lookupByEmail": ("users:read.email",),
}
"""The Web API methods that are called, and the bot scopes each needs; a test compares it with the calls in the code."""
SCOPES_BY_EVENT: Mapping[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "message.im": ("im:history",),
    "tokens_revoked": (),
}
_COMMANDS = ("commands",)


def manifest() -> dict[str, Any]:
    """The manifest as data, for https://api.slack.com/apps?new_app=1."""
    scopes = {scope for group in (*SCOPES_BY_METHOD.values(), *SCOPES_BY_EVENT.values(), _COMMANDS) for scope in group}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Insights",
            "description": "Ask the company's data a question, or get an office chore done, and trust the answer.",
        },
        "features": {
            "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "insights", "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "url": REQUEST_URL,
                    "description": "Ask about the company's numbers, book a room, report a problem",
                    "usage_hint": "a question, or help",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(scopes)}},
        "settings": {
            "event_subscriptions": {"request_url": REQUEST_URL, "bot_events": sorted(SCOPES_BY_EVENT)},
            "interactivity": {"is_enabled": True, "request_url": REQUEST_URL},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def render() -> str:
    """The manifest as the text of `slackbot/manifest.json`."""
    return json.dumps(manifest(), indent=2) + "\n"
