"""A reply as a Slack message: text that is complete by itself, and blocks that show the same with a chart, a table and buttons."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from insights.answers import FollowAnswer, MetricAnswer
from insights.turns import Reply
from slackbot import steps, things
from slackbot.blocks import ANSWER, ASK, Block, buttons, context, section
from slackbot.escape import channel_link
from slackbot.figures import chart, table
from slackbot.limits import BLOCKS, BLOCKS_TEXT, MESSAGE_TEXT, lines_within, more

Message = dict[str, Any]
_ID = re.compile(r"[CG][A-Z0-9]{7,20}")
YES, NO = "yes", "no"
_SMALL_PRINT = ("Period: ", "Compared with: ", "Definition: ", "Source: ", "Assumed: ", "Not used: ")
_ENTRY = re.compile(r"• |\d+\. |and \d+ more$")
"""How the lines that repeat a table's rows begin."""


def dress(reply: Reply, *, turn: str = "", conversation: str = "", locale: str = "en-US", shareable: bool = False) -> Message:
    """`text` and `blocks` for chat.postMessage, a response_url or `--format slack`.

    `turn` and `conversation` are what its buttons refer to when they are pressed; without them there are none that go on with the answer.
    """
    blocks = _body(reply, locale)
    kind = ANSWER if reply.expects_reply else ASK
    pressable = buttons(offered(reply), kind=kind, of=turn, conversation=conversation, primary=reply.outcome == "confirm")
    # What is offered beside the choices of a question back is asked anew, whatever becomes of the question.
    beside = buttons([(one, one) for one in reply.suggestions], kind=ASK, of=turn, conversation=conversation) if reply.expects_reply else None
    on = steps.under(reply, turn=turn, conversation=conversation, shareable=shareable)
    more_to_do = things.under(reply, conversation=conversation)
    added = [block for block in (on, *more_to_do, pressable, beside) if block is not None and block["elements"]]
    if added:
        blocks = [*blocks[: BLOCKS - len(added)], *added]
    channels = _channels(reply)
    blocks = [_named(block, channels) for block in blocks] if channels else blocks
    # Slack refuses a message without text: where nothing of it can be shown, a dash stands for it.
    return {"text": _linked(lines_within(reply.text, MESSAGE_TEXT), channels) or "-", "blocks": list(blocks[:BLOCKS])}


def _channels(reply: Reply) -> frozenset[str]:
    """The ids of channels that a reply names, as its own facts and its request say: what only looks like one in a text is none."""
    answer, request = reply.answer, reply.request
    followed = (*getattr(answer, "followed", ()),) if isinstance(answer, FollowAnswer) else (getattr(answer, "followed", None),)
    named = [getattr(one, "channel", None) for one in (answer, request, *followed)]
    return frozenset(one for one in named if isinstance(one, str) and _ID.fullmatch(one))


def _linked(text: str, channels: Collection[str]) -> str:
    """Escaped text in which Slack shows these channels by their names."""
    for channel in channels:
        text = re.sub(rf"#{channel}\b", channel_link(channel), text)
    return text


def _named(block: Block, channels: Collection[str]) -> Block:
    """A section or small print in which these channels have their names."""
    match block:
        case {"type": "section", "text": {"type": "mrkdwn", "text": str(text)}}:
            return {**block, "text": {**block["text"], "text": _linked(text, channels)}}
        case {"type": "context", "elements": list(elements)}:
            return {**block, "elements": [{**one, "text": _linked(one["text"], channels)} if one["type"] == "mrkdwn" else one for one in elements]}
        case _:
            return block


def plain(text: str) -> Message:
    """A sentence of the door's own."""
    return {"text": lines_within(text, MESSAGE_TEXT) or "-", "blocks": [section(text)]}


def without_blocks(message: Mapping[str, Any]) -> Message:
    """The same message as text only, for when Slack refuses the blocks."""
    return {key: value for key, value in message.items() if key != "blocks"}


def offered(reply: Reply) -> list[tuple[str, str]]:
    """What can be pressed, as (label, what it says): the choices of a question back, yes and no, or what can be asked next."""
    if reply.outcome == "confirm":
        return [("Yes", YES), ("No", NO)]
    if reply.outcome == "clarify":
        return [(choice.label, str(number)) for number, choice in enumerate(reply.choices, start=1)]
    return [(suggestion, suggestion) for suggestion in reply.suggestions]


def _body(reply: Reply, locale: str) -> list[Block]:
    """Headline, chart, table or lines, and the small print."""
    headline, *rest = reply.text.split("\n")
    small = [line for line in rest if line.startswith(_SMALL_PRINT)]
    lines = [line for line in rest if not line.startswith(_SMALL_PRINT)]
    blocks: list[Block] = [section(headline, bold=isinstance(reply.answer, MetricAnswer))]
    drawn = chart(reply.chart) if reply.chart else None
    if drawn:
        blocks.append(drawn)
    shown = table(reply.answer, caption=headline, locale=locale) if isinstance(reply.answer, MetricAnswer) else None
    if shown:
        block, left_out = shown
        lines = [line for line in lines if not _ENTRY.match(line)]
        blocks.append(block)
        if left_out:
            lines.append(more(left_out))
    blocks += _paragraphs("\n".join(lines))
    if small:
        blocks.append(context(small))
    return blocks


def _paragraphs(text: str) -> list[Block]:
    """Text in as many sections as it takes, together no longer than a message may be."""
    blocks: list[Block] = []
    part = ""
    for line in _within_budget(text):
        if part and len(part) + len(line) + 1 > 2_000:
            blocks.append(section(part))
            part = ""
        part = f"{part}\n{line}" if part else line
    return [*blocks, section(part)] if part.strip() else blocks


def _within_budget(text: str) -> list[str]:
    """The lines that fit into a message's blocks, the rest counted."""
    lines, used = text.split("\n"), 0
    for number, line in enumerate(lines):
        used += len(line) + 1
        if used > BLOCKS_TEXT:
            return [*lines[:number], more(len(lines) - number, "line")]
    return lines
