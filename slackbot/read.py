"""Slack payloads in, turns out: what was said, where, and which delivery it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from insights.organization import Organization
from insights.turns import Audience, Turn
from slackbot.blocks import ANSWER
from slackbot.escape import unescape, whole
from slackbot.identity import SlackUser

_MENTION = re.compile(r"<@(?P<user>[A-Z0-9]+)(?:\|[^<>]*)?>")
HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing said in Slack, before it is known by whom: `key` names the delivery.

    `answers` is set when a button of a question back was pressed: the turn that asked it.
    """

    text: str
    who: SlackUser
    channel: str
    audience: Audience
    conversation: str
    key: str
    thread: str | None = None
    answers: str | None = None

    def turn(self, person: str, *, deadline: float) -> Turn:
        """The turn that this person takes."""
        return Turn(
            text=self.text,
            person=person,
            audience=self.audience,
            conversation=self.conversation,
            id=self.key,
            deadline=deadline,
            answers=self.answers,
        )


def command(body: Mapping[str, Any], organization: Organization) -> Heard:
    """A slash command; nothing behind it asks for help."""
    who = SlackUser(user=body["user_id"], team=body.get("team_id"), enterprise=body.get("enterprise_id"))
    channel = str(body["channel_id"])
    return Heard(
        text=said(str(body.get("text") or ""), organization) or HELP,
        who=who,
        channel=channel,
        audience="private",
        conversation=conversation(who, channel),
        key=f"slack:{who.team}:{body['trigger_id']}",
    )


def message(event: Mapping[str, Any], *, event_id: str, who: SlackUser, ours: str | None, organization: Organization) -> Heard:
    """A mention in a channel, answered in its thread, or a direct message, answered where it was written."""
    channel, direct = str(event["channel"]), event.get("channel_type") == "im"
    thread = event.get("thread_ts") or (None if direct else event["ts"])
    return Heard(
        text=said(str(event.get("text") or ""), organization, ours=ours) or HELP,
        who=who,
        channel=channel,
        audience="private" if direct else "channel",
        conversation=conversation(who, channel, thread),
        key=f"slack:{who.team}:{event_id}",
        thread=thread,
    )


def our_user(body: Mapping[str, Any]) -> str | None:
    """The user id of our own bot, which every event's envelope names."""
    authorizations = body.get("authorizations") or [{}]
    return authorizations[0].get("user_id") if authorizations[0].get("is_bot", True) else None


def is_for_us(event: Mapping[str, Any], ours: str | None) -> bool:
    """Whether a message event is something a person wrote just now: not an edit, a deletion, a join, another bot or ourselves."""
    return event.get("subtype") is None and not event.get("bot_id") and event.get("user") not in (None, "", ours)


def press(body: Mapping[str, Any], action: Mapping[str, Any]) -> Heard | None:
    """A button of ours; None when it is not one of ours or was put to somebody else.

    Pressing the same answer to a question twice is the same delivery; asking a suggested question again is not.
    """
    value, answers = button_value(action), str(action.get("action_id")).startswith(f"{ANSWER}:")
    user, container, channel = body.get("user") or {}, body.get("container") or {}, str((body.get("channel") or {}).get("id") or "")
    who = SlackUser(
        user=str(user.get("id")), team=user.get("team_id") or (body.get("team") or {}).get("id"), enterprise=(body.get("enterprise") or {}).get("id")
    )
    if value is None or not _belongs(value["in"], who, channel):
        return None
    private = bool(container.get("is_ephemeral")) or channel.startswith("D")
    return Heard(
        text=value["say"],
        who=who,
        channel=channel,
        audience="private" if private else "channel",
        conversation=value["in"],
        key=f"{value['of']}:{value['say']}" if answers else f"slack:{who.team}:{body['trigger_id']}",
        thread=container.get("thread_ts"),
        answers=value["of"] if answers else None,
    )


def button_value(action: Mapping[str, Any]) -> dict[str, str] | None:
    """What a button of ours carries: `say`, the text it stands for; `of`, the turn it answers; `in`, the conversation."""
    try:
        value = json.loads(str(action.get("value")))
    except ValueError:
        return None
    if not isinstance(value, dict) or any(not isinstance(value.get(key), str) for key in ("say", "of", "in")):
        return None
    return {key: value[key] for key in ("say", "of", "in")}


def conversation(who: SlackUser, channel: str, thread: str | None = None) -> str:
    """Who talks with us where: everyone has their own thread of thought, in a shared thread too, so nobody confirms for another."""
    return ":".join(["slack", who.team or "-", channel, *([thread] if thread else []), who.user])


def _belongs(to: str, who: SlackUser, channel: str) -> bool:
    parts = to.split(":")
    return len(parts) in (4, 5) and parts[0] == "slack" and parts[1] == (who.team or "-") and parts[2] == channel and parts[-1] == who.user


def said(text: str, organization: Organization, *, ours: str | None = None) -> str:
    """What the person typed, with people by name and without our own name in front."""

    def name(match: re.Match[str]) -> str:
        if match["user"] == ours:
            return " "
        person = organization.person_by_slack(match["user"])
        return person.name if person else match[0]

    return " ".join(unescape(_MENTION.sub(name, whole(text))).split())
