"""Connecting a Slack account with a person: the button for whom we don't know, the form for a link code, and their question kept until then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from insights.turns import Audience
from slackbot.blocks import Block, actions, button, section
from slackbot.limits import lines_within
from slackbot.views import entry, modal

if TYPE_CHECKING:
    from slackbot.identity import SlackUser
    from slackbot.read import Heard

CONNECT = "connect"
"""The action id of the button and the callback id of the form."""
_LONGEST = 1_200
_INTRODUCTION = (
    "Ask whoever runs this assistant for a link code (`insights people link` prints one). It works once, for a quarter of an hour, and makes this "
    "Slack account yours here."
)


def refusal(heard: Heard) -> dict[str, Any]:
    """For somebody whom we don't know: how to be known, and the way to have the question answered then."""
    text = (
        f"I don't know who you are at this company, so I can't answer. Connect your account with a link code, or ask whoever runs this assistant to add your "
        f"Slack user id ({heard.who.user}) or your e-mail address to organization.yaml; then ask again."
    )
    asked = {"text": heard.text[:_LONGEST], "channel": heard.channel, "topic": heard.topic, "thread": heard.thread}
    value = json.dumps(asked, separators=(",", ":")).replace("<", "\\u003c")
    blocks: list[Block] = [section(text)]
    if len(value) <= 2_000:
        blocks.append(actions([button("Connect", CONNECT, value, primary=True)]))
    return {"text": lines_within(text, 40_000), "blocks": blocks}


def form(value: str, response_url: str) -> dict[str, Any]:
    """The form that asks for a link code; what was asked waits in it."""
    try:
        asked = json.loads(value)
    except ValueError:
        asked = {}
    waiting = json.dumps({"asked": asked if isinstance(asked, dict) else {}, "to": response_url}, separators=(",", ":"))
    return modal(
        "Connect",
        CONNECT,
        [section(_INTRODUCTION), entry("code", "Link code", placeholder="1234 5678", longest=20)],
        submit="Connect",
        waiting=waiting if len(waiting) <= 3_000 else "{}",
    )


def waiting(view: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What was asked before connecting, and where the answer goes; empty where nothing waits."""
    try:
        found = json.loads(str(view.get("private_metadata") or "{}"))
    except ValueError:
        return {}, ""
    return dict(found.get("asked") or {}), str(found.get("to") or "")


def asked(view: Mapping[str, Any], who: SlackUser) -> Heard | None:
    """The question that was put before, as it is answered now: in private, for whoever has connected."""
    from slackbot.read import Heard, conversation

    before, _ = waiting(view)
    if not before.get("text"):
        return None
    channel = str(before.get("channel") or "")
    private: Audience = "private"
    topic = before.get("topic")
    return Heard(
        text=str(before["text"]),
        who=who,
        channel=channel,
        audience=private,
        conversation=conversation(who, channel, before.get("thread")),
        key=f"slack:{who.team}:connected:{view.get('id')}",
        topic=topic if topic in ("room", "meeting", "ticket") else None,
    )
