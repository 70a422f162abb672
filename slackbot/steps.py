"""What stands under an answer: the ways to go on with it, each a button that carries the answer's id and nothing else of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from insights.answers import MetricAnswer
from insights.turns import Reply
from slackbot.blocks import STEP, Block, actions, button, carried, overflow
from slackbot.figures import chart
from slackbot.limits import BLOCK_ID

LABELS: Mapping[str, str] = {"share": "Share", "explain": "Explain", "break_down": "Break down", "why": "Why?", "follow": "Follow"}
MENU = "menu"
MENU_LABELS: Mapping[str, str] = {
    "correct": "That's not what I meant",
    "schedule": "Schedule this",
    "csv": "As a CSV file",
    "picture": "As a picture",
    "delete": "Delete this answer",
}
THUMBS: Mapping[str, str] = {"up": "👍", "down": "👎"}


def under(reply: Reply, *, turn: str, conversation: str, shareable: bool) -> Block | None:
    """The row under an answer; None where there is nothing to go on with, or no turn to go on from. `shareable`: only its asker sees it so far."""
    from insights.offers import SAID, steps

    possible = steps(reply.answer) if turn and reply.outcome == "understood" else ()
    if not possible:
        return None
    elements: list[dict[str, Any]] = []
    for name, label in LABELS.items():
        if name in possible or (name == "share" and shareable):
            value = carried(SAID.get(name, ""), of=turn, conversation=conversation)  # type: ignore[call-overload]  # what is no step of the core says nothing
            if value is not None:
                elements.append(button(label, f"{STEP}:{name}", value))
    value = carried("", of=turn, conversation=conversation)
    if value is None:
        return None
    elements += [button(label, f"{STEP}:{name}", value) for name, label in THUMBS.items()]
    # The options of a menu hold too little to say which answer they are about; the row does.
    block_id = f"{turn}|{conversation}"
    if len(block_id) > BLOCK_ID:
        return actions(elements)
    return actions([*elements, overflow(f"{STEP}:{MENU}", [(MENU_LABELS[name], name) for name in _menu(reply, possible)])], block_id=block_id)


def _menu(reply: Reply, possible: Collection[str]) -> list[str]:
    found = ["correct", *(["schedule"] if "follow" in possible else [])]
    if isinstance(reply.answer, MetricAnswer) and reply.answer.rows:
        found.append("csv")
    if reply.chart is not None and chart(reply.chart) is None:
        found.append("picture")
    return [*found, "delete"]
