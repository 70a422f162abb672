"""Block Kit blocks, each within its limits; text comes in as it is and goes out escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from slackbot.escape import literal, mrkdwn
from slackbot.limits import ACTIONS_ELEMENTS, BUTTON_TEXT, BUTTON_VALUE, CONTEXT_TEXT, HEADER_TEXT, SECTION_TEXT, lines_within, shorten

Block = Mapping[str, Any]
ANSWER = "answer"
ASK = "ask"
"""How the action ids of our buttons begin: an answer to a question back, and a question that can follow."""


def header(text: str) -> Block:
    """A large line."""
    return {"type": "header", "text": {"type": "plain_text", "text": shorten(text, HEADER_TEXT, escaped=literal), "emoji": False}}


def section(text: str, *, bold: bool = False) -> Block:
    """A paragraph; `verbatim` keeps Slack from making links and mentions of what looks like them."""
    # A bold line must not hold asterisks of its own, or the markup would end early.
    if bold and "*" not in text and "\n" not in text and text.strip():
        return _section(f"*{shorten(text.strip(), SECTION_TEXT - 2, escaped=mrkdwn)}*")
    return _section(lines_within(text, SECTION_TEXT))


def preformatted(text: str) -> Block:
    """Lines whose columns must stay aligned."""
    return _section("```\n" + lines_within(text.replace("```", "'''"), SECTION_TEXT - 8) + "\n```")


def context(lines: Iterable[str]) -> Block:
    """Small print: one element, one line each."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": lines_within("\n".join(lines), CONTEXT_TEXT), "verbatim": True}]}


def buttons(said: Sequence[tuple[str, str]], *, kind: str, of: str, conversation: str, primary: bool = False) -> Block:
    """Buttons as (label, the text it stands for), of the kind ANSWER or ASK; `primary` paints the first.

    One whose reference is too long to carry is left out.
    """
    elements: list[dict[str, Any]] = []
    for number, (label, say) in enumerate(said[:ACTIONS_ELEMENTS], start=1):
        # Nobody sees a value; that no payload holds a mention, whatever its field, can be checked by looking for one.
        value = json.dumps({"say": say, "of": of, "in": conversation}, separators=(",", ":")).replace("<", "\\u003c")
        if len(value) > BUTTON_VALUE:
            continue
        text = {"type": "plain_text", "text": shorten(label, BUTTON_TEXT, escaped=literal) or "-", "emoji": False}
        element: dict[str, Any] = {"type": "button", "action_id": f"{kind}:{number}", "text": text, "value": value}
        if primary and number == 1:
            element["style"] = "primary"
        elements.append(element)
    return {"type": "actions", "elements": elements}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text or " ", "verbatim": True}}
