"""Slack payloads in, turns out: what was said, where, and which delivery it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insights.helpdesk import Attachment
from insights.organization import Organization
from insights.turns import Audience, Topic, Turn
from slackbot.blocks import ANSWER
from slackbot.escape import unescape, whole
from slackbot.identity import SlackUser

if TYPE_CHECKING:
    from insights.requests import Request
    from slackbot.audience import Listening

_MENTION = re.compile(r"<@(?P<user>[A-Z0-9]+)(?:\|[^<>]*)?>")
_EVERYBODY = re.compile(r"<!(?:here|channel|everyone)(?:\|[^<>]*)?>")
HELP = "help"
BROUGHT = "-"
"""The conversation of what is said without being asked: whoever presses something under it speaks in their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing said in Slack, before it is known by whom: `key` names the delivery.

    `answers` is set when a button of a question back was pressed: the turn that asked it; `about`, `request` and `topic` are those of the turn. `listening` is
    who reads along in a channel, None where it was not looked at.
    """

    text: str
    who: SlackUser
    channel: str
    audience: Audience
    conversation: str
    key: str
    thread: str | None = None
    answers: str | None = None
    about: str | None = None
    request: Request | None = None
    topic: Topic | None = None
    listening: Listening | None = None
    yes: bool = False
    files: tuple[Attachment, ...] = ()

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
            place="chat",
            confidence="account",
            listeners=self.listening.listeners if self.listening else None,
            strangers=self.listening.strangers if self.listening else 0,
            channel=self.channel or None,
            about=self.about,
            request=self.request,
            topic=self.topic,
            yes=self.yes,
            files=self.files,
        )


TOPICS: Mapping[str, Topic] = {"/room": "room", "/ticket": "ticket", "/meet": "meeting"}
"""The commands that say what they are about; any other, under whatever name it was installed, is a question."""


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
        topic=TOPICS.get(str(body.get("command"))),
    )


def message(event: Mapping[str, Any], *, event_id: str, who: SlackUser, ours: str | None, organization: Organization) -> Heard:
    """A mention in a channel, answered in its thread, or a direct message, answered where it was written."""
    channel, direct = str(event["channel"]), event.get("channel_type") == "im"
    thread = event.get("thread_ts") or (None if direct else event["ts"])
    return Heard(
        text=said(str(event.get("text") or ""), organization, ours=ours) or ("" if event.get("files") else HELP),
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
    """Whether a message event is something a person wrote or sent just now: not an edit, a deletion, a join, another bot or ourselves."""
    return event.get("subtype") in (None, "file_share") and not event.get("bot_id") and event.get("user") not in (None, "", ours)


def press(body: Mapping[str, Any], action: Mapping[str, Any]) -> Heard | None:
    """A button of ours; None when it is not one of ours or was put to somebody else.

    Pressing the same answer to a question twice is the same delivery; asking a suggested question again is not.
    """
    value, answers = button_value(action), str(action.get("action_id")).startswith(f"{ANSWER}:")
    container, channel, who = body.get("container") or {}, channel_of(body), presser(body)
    brought = value is not None and value["in"] == BROUGHT and not answers
    if value is None or not (brought or _belongs(value["in"], who, channel)):
        return None
    private, channel = is_private(body), channel or value["in"].split(":")[2]
    return Heard(
        text=value["say"],
        who=who,
        channel=channel,
        audience="private" if private else "channel",
        conversation=conversation(who, channel, container.get("thread_ts")) if brought else value["in"],
        key=f"{value['of']}:{value['say']}" if answers else f"slack:{who.team}:{body['trigger_id']}",
        thread=container.get("thread_ts"),
        answers=value["of"] if answers else None,
    )


def presser(body: Mapping[str, Any]) -> SlackUser:
    """Who pressed, chose or sent a form."""
    user, enterprise = body.get("user") or {}, body.get("enterprise") or {}
    return SlackUser(user=str(user.get("id")), team=user.get("team_id") or (body.get("team") or {}).get("id"), enterprise=enterprise.get("id"))


def channel_of(body: Mapping[str, Any]) -> str:
    """Where it was pressed; empty for a page of our own."""
    return str((body.get("channel") or {}).get("id") or "")


def is_private(body: Mapping[str, Any]) -> bool:
    """Whether only the presser sees the message that holds the button."""
    return bool((body.get("container") or {}).get("is_ephemeral")) or not channel_of(body) or channel_of(body).startswith("D")


def step(body: Mapping[str, Any], action: Mapping[str, Any], *, aside: bool) -> Heard | None:
    """A button that goes on with an answer, or does something with what it names; None when it is not one of ours.

    Anybody who sees it may press it: it is said for them, in a conversation of their own. `aside`: the reply is for the presser alone.
    """
    value = button_value(action) or _from_row(action)
    if value is None:
        return None
    who, channel, thread = presser(body), channel_of(body), (body.get("container") or {}).get("thread_ts")
    own = _belongs(value["in"], who, channel)
    private = aside or is_private(body) or not own
    return Heard(
        text=value["say"],
        who=who,
        channel=channel,
        audience="private" if private else "channel",
        conversation=value["in"] if own else conversation(who, channel or "home", thread),
        key=f"slack:{who.team}:{body.get('trigger_id')}:{action.get('action_ts', '')}",
        thread=thread,
        about=value["of"] or None,
    )


def request_in(value: Mapping[str, Any]) -> Request | None:
    """The request that a button carries; None for what is none. Whether it is allowed is decided like any other's."""
    from insights.contract import decode_request

    try:
        return decode_request(json.loads(str(value["request"])))
    except (KeyError, TypeError, ValueError):
        return None


def is_own(body: Mapping[str, Any], heard: Heard, action: Mapping[str, Any]) -> bool:
    """Whether the presser is the one who asked."""
    value = button_value(action) or _from_row(action)
    return value is not None and _belongs(value["in"], heard.who, channel_of(body))


def _from_row(action: Mapping[str, Any]) -> dict[str, str] | None:
    """What the row says of which answer a menu's options are about."""
    turn, bar, talk = str(action.get("block_id") or "").rpartition("|")
    return {"say": "", "of": turn, "in": talk} if bar and "selected_option" in action else None


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
    return len(parts) in (4, 5) and parts[0] == "slack" and parts[1] == (who.team or "-") and channel in ("", parts[2]) and parts[-1] == who.user


def said(text: str, organization: Organization, *, ours: str | None = None) -> str:
    """What the person typed, with people by name, without our own name in front and without whoever else was called: that is no part of what is asked."""

    def name(match: re.Match[str]) -> str:
        if match["user"] == ours:
            return " "
        person = organization.person_by_slack(match["user"])
        return person.name if person else match[0]

    return " ".join(unescape(_EVERYBODY.sub(" ", _MENTION.sub(name, whole(text)))).split())
