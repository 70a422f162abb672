"""Block Kit blocks, each within its limits; text comes in as it is and goes out escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from slackbot.escape import channel_link, literal, mrkdwn
from slackbot.limits import ACTIONS_ELEMENTS, BUTTON_TEXT, BUTTON_VALUE, CONTEXT_TEXT, HEADER_TEXT, SECTION_TEXT, lines_within, more, shorten

Block = Mapping[str, Any]
ANSWER = "answer"
ASK = "ask"
STEP = "step"
ACT = "act"
"""How the action ids of our buttons begin: an answer to a question back, a question that can follow, a step from an answer, something to do with a booking, a
meeting or a ticket."""


def header(text: str) -> Block:
    """A large line."""
    return {"type": "header", "text": {"type": "plain_text", "text": shorten(text, HEADER_TEXT, escaped=literal), "emoji": False}}


def section(text: str, *, bold: bool = False) -> Block:
    """A paragraph; `verbatim` keeps Slack from making links and mentions of what looks like them."""
    # A bold line must not hold asterisks of its own, or the markup would end early.
    if bold and "*" not in text and "\n" not in text and text.strip():
        return _section(f"*{shorten(text.strip(), SECTION_TEXT - 2, escaped=mrkdwn)}*")
    return _section(lines_within(text, SECTION_TEXT))


def linked(text: str, channels: Sequence[str]) -> Block:
    """A line that ends with channels, each by its name; 20 of them at most."""
    links = [channel_link(channel) for channel in channels[:20]]
    return _section(f"{mrkdwn(text)} {', '.join(links)}{f' {more(len(channels) - 20)}' if len(channels) > 20 else ''}".strip())


def context(lines: Iterable[str]) -> Block:
    """Small print: one element, one line each."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": lines_within("\n".join(lines), CONTEXT_TEXT), "verbatim": True}]}


def buttons(said: Sequence[tuple[str, str]], *, kind: str, of: str, conversation: str, primary: bool = False) -> Block:
    """Buttons as (label, the text it stands for), of the kind ANSWER or ASK; `primary` paints the first.

    One whose reference is too long to carry is left out.
    """
    elements: list[dict[str, Any]] = []
    for number, (label, say) in enumerate(said[:ACTIONS_ELEMENTS], start=1):
        value = carried(say, of=of, conversation=conversation)
        if value is not None:
            elements.append(button(label, f"{kind}:{number}", value, primary=primary and number == 1))
    return {"type": "actions", "elements": elements}


def carried(say: str, *, of: str, conversation: str, **more: str) -> str | None:
    """What a button carries; None where it is too long to carry. Nobody sees it; that there is no mention in it can be checked by looking."""
    value = json.dumps({"say": say, "of": of, "in": conversation, **more}, separators=(",", ":")).replace("<", "\\u003c")
    return value if len(value) <= BUTTON_VALUE else None


def button(label: str, action: str, value: str | None = None, *, primary: bool = False, danger: bool = False, url: str | None = None) -> dict[str, Any]:
    """One button; `url` opens a page."""
    made: dict[str, Any] = {"type": "button", "action_id": action, "text": plain_text(label, BUTTON_TEXT)}
    if value is not None:
        made["value"] = value
    if url is not None:
        made["url"] = url
    if primary or danger:
        made["style"] = "primary" if primary else "danger"
    return made


def overflow(action: str, options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The menu behind three dots: at most five labels with their values, of 150 characters each."""
    return {
        "type": "overflow",
        "action_id": action,
        "options": [{"text": plain_text(label, BUTTON_TEXT), "value": value} for label, value in options[:5]],
    }


def actions(elements: Sequence[Mapping[str, Any]], *, block_id: str = "") -> Block:
    """A row of buttons and menus."""
    made: dict[str, Any] = {"type": "actions", "elements": [*elements[:ACTIONS_ELEMENTS]]}
    return {**made, "block_id": block_id} if block_id else made


def plain_text(text: str, limit: int) -> dict[str, Any]:
    """Text that Slack shows as it is."""
    return {"type": "plain_text", "text": shorten(text, limit, escaped=literal) or "-", "emoji": False}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text or " ", "verbatim": True}}
