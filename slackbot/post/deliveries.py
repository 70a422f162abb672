"""What Slack delivers, as a job: which one it is, from which workspace, and what it must not overtake."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from slackbot import read
from slackbot.blocks import ANSWER
from slackbot.identity import SlackUser

Manner = Literal["at once", "with a reply"]
"""Whether Slack is only told that it was received, or waits for what the listener replies (errors in a modal)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery. `scope` is the workspace, or the enterprise where there is none; `queue` the conversation that it belongs to, else itself."""

    key: str
    scope: str
    queue: str
    manner: Manner
    body: Mapping[str, Any]


def body_of(raw: str, content_type: str) -> dict[str, Any]:
    """The body of a request as Bolt reads it: JSON, a form, or JSON in the form's `payload`."""
    if content_type.startswith("application/json") or raw.startswith("{"):
        return dict(json.loads(raw))
    form = dict(parse_qsl(raw, keep_blank_values=True))
    return dict(json.loads(form["payload"])) if "payload" in form else dict(form)


def delivery(body: Mapping[str, Any]) -> Delivery | None:
    """The job in a body; None for what has no effect (a check of the address, options of a menu) or is nothing that we know."""
    kind, team, scope = body.get("type"), team_of(body), scope_of(body)
    if kind == "event_callback" and body.get("event_id"):
        key = f"slack:{team}:{body['event_id']}"
        return Delivery(key=key, scope=scope, queue=_event_queue(body) or key, manner="at once", body=body)
    if body.get("command") and body.get("trigger_id"):
        key = f"slack:{team}:{body['trigger_id']}"
        who = SlackUser(user=str(body.get("user_id")), team=body.get("team_id"), enterprise=body.get("enterprise_id"))
        return Delivery(key=key, scope=scope, queue=read.conversation(who, str(body.get("channel_id"))), manner="at once", body=body)
    if kind in ("block_actions", "interactive_message"):
        return _press(body, team, scope)
    if kind in ("shortcut", "message_action") and body.get("trigger_id"):
        key = f"slack:{team}:{body['trigger_id']}"
        return Delivery(key=key, scope=scope, queue=key, manner="at once", body=body)
    if kind in ("view_submission", "view_closed"):
        key = f"slack:{team}:{kind}:{(body.get('view') or {}).get('id')}:{_digest((body.get('view') or {}).get('state'))}"
        return Delivery(key=key, scope=scope, queue=key, manner="with a reply", body=body)
    return None


def team_of(body: Mapping[str, Any]) -> str | None:
    """The workspace where it happened, as `read` keys it."""
    team = body.get("team_id") or (body.get("team") or {}).get("id")
    if team:
        return str(team)
    return (body.get("user") or {}).get("team_id") if isinstance(body.get("user"), dict) else None


def scope_of(body: Mapping[str, Any]) -> str:
    """The installation that it came through: the workspace, or the enterprise for what happened in none. Slack's ids of the two never look alike."""
    through: Mapping[str, Any] = next(iter(body.get("authorizations") or ()), {})
    return str(through.get("team_id") or team_of(body) or through.get("enterprise_id") or enterprise_of(body) or "-")


def enterprise_of(body: Mapping[str, Any]) -> str | None:
    """The enterprise where it happened."""
    found = body.get("enterprise_id") or (body.get("enterprise") or {}).get("id")
    return str(found) if found else None


def _press(body: Mapping[str, Any], team: str | None, scope: str) -> Delivery | None:
    """A pressed button: the same answer to the same question is one job, however often and in whichever process it is pressed."""
    action = next(iter(body.get("actions") or ()), None)
    if not isinstance(action, Mapping):
        return None
    heard = read.press(body, action) if str(action.get("action_id")).startswith(f"{ANSWER}:") else None
    value = read.button_value(action)
    key = heard.key if heard is not None else f"slack:{team}:{body.get('trigger_id')}:{action.get('action_ts', '')}"
    queue = value["in"] if value is not None else key
    return Delivery(key=key, scope=scope, queue=queue, manner="at once", body=body)


def _event_queue(body: Mapping[str, Any]) -> str | None:
    """The conversation of a message to us; what may become a ticket waits for whatever else makes one of the same message."""
    event = body.get("event") or {}
    item = event.get("item") or {}
    if event.get("type") == "reaction_added":
        return _ticket(body, item.get("channel"), item.get("ts"))
    if event.get("type") == "message" and event.get("channel_type") != "im" and not event.get("thread_ts"):
        return _ticket(body, event.get("channel"), event.get("ts"))
    if event.get("type") not in ("app_mention", "message") or not event.get("channel") or not event.get("user"):
        return None
    thread = event.get("thread_ts") or (None if event.get("channel_type") == "im" else event.get("ts"))
    return read.conversation(SlackUser(user=str(event["user"]), team=team_of(body)), str(event["channel"]), thread)


def _ticket(body: Mapping[str, Any], channel: object, ts: object) -> str | None:
    return f"slack:{team_of(body)}:ticket:{channel}:{ts}" if channel and ts else None


def _digest(state: object) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]
