"""The app manifest: what Slack must know about this app, made from what the listeners use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

COMMANDS: Mapping[str, tuple[str, str]] = {
    "/insights": ("Ask about the company's numbers", "a question, or help"),
    "/room": ("Find, book, extend or give back a room", "fern at 3 for 30 minutes, or help"),
    "/ticket": ("Report a problem, or see how it stands", "the projector in Fern is broken, or help"),
    "/meet": ("Meet with people", "with Sam tomorrow at 10, or help"),
}
"""What each command is for, and what can stand behind it."""
REQUEST_URL = "https://insights.example.com/slack/events"
"""Stands for the public address; docs/slack.md says to put one's own in its place. Socket Mode needs none."""

SCOPES_BY_METHOD: Mapping[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.appendStream": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history"),
    "conversations.info": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.replies": ("channels:history", "groups:history"),
    "conversations.open": ("im:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "users.info": ("users:read", "users:read.email"),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
}
"""The Web API methods that are called, and the bot scopes each needs; a test compares it with the calls in the code."""
SCOPES_BY_EVENT: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "tokens_revoked": (),
}
_COMMANDS = ("commands",)
_FILES = ("files:read",)
"""What people send along with a message is read, to be attached to a ticket."""
_SHORTCUTS = (
    ("File a ticket about this", "message", "file_ticket", "Report what this message says"),
    ("Explain this number", "message", "explain_number", "Where a number of mine comes from"),
    ("Book a room", "global", "book_room", "Any room that fits, or one of your choice"),
    ("Meet people", "global", "meet_people", "Find a time, with a room if you like"),
    ("Report a problem", "global", "report_problem", "Tell the help desk"),
)
_PROMPTS = [
    {"title": "What can I ask?", "message": "what can I ask"},
    {"title": "What is on today?", "message": "what do I have today"},
    {"title": "Book a room", "message": "book a room"},
    {"title": "Go on with what I asked last", "message": "continue"},
]
"""Over an empty conversation: what works for everybody."""


def manifest() -> dict[str, Any]:
    """The manifest as data, for https://api.slack.com/apps?new_app=1."""
    scopes = {scope for group in (*SCOPES_BY_METHOD.values(), *SCOPES_BY_EVENT.values(), _COMMANDS, _FILES) for scope in group}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Insights",
            "description": "Ask the company's data a question, or get an office chore done, and trust the answer.",
        },
        "features": {
            "agent_view": {"agent_description": "Questions about the company's data, rooms, meetings and tickets.", "suggested_prompts": _PROMPTS},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "insights", "always_online": True},
            "shortcuts": [
                {"name": name, "type": kind, "callback_id": callback, "description": description} for name, kind, callback, description in _SHORTCUTS
            ],
            "slash_commands": [
                {"command": name, "url": REQUEST_URL, "description": description, "usage_hint": hint, "should_escape": True}
                for name, (description, hint) in COMMANDS.items()
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
