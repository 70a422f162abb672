"""Forms and pages: modals with their fields, and what was filled in; within Slack's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from slackbot.blocks import Block, plain_text

TITLE, LABEL, PLACEHOLDER, OPTION_TEXT, METADATA, VIEW_BLOCKS, OPTIONS = 24, 2_000, 150, 75, 3_000, 100, 100
FIELD = "field"


def modal(title: str, callback: str, blocks: Sequence[Block], *, submit: str, waiting: str = "") -> dict[str, Any]:
    """A form. `waiting` comes back with what is filled in."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, TITLE),
        "submit": plain_text(submit, TITLE),
        "close": plain_text("Cancel", TITLE),
        "private_metadata": waiting[:METADATA],
        "blocks": [*blocks[:VIEW_BLOCKS]],
    }


def home(blocks: Sequence[Block]) -> dict[str, Any]:
    """The page of App Home."""
    return {"type": "home", "blocks": [*blocks[:VIEW_BLOCKS]]}


def entry(name: str, label: str, *, placeholder: str = "", given: str = "", longest: int = 3_000, lines: bool = False, optional: bool = False) -> Block:
    """A line to write in, or several `lines`."""
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": FIELD, "max_length": longest, "multiline": lines}
    if placeholder:
        element["placeholder"] = plain_text(placeholder, PLACEHOLDER)
    if given:
        element["initial_value"] = given[:longest]
    return _input(name, label, element, optional)


def choice(name: str, label: str, options: Sequence[tuple[str, str]], *, given: str | None = None, optional: bool = False) -> Block:
    """A menu of (label, value); the label is what people see."""
    made = [{"text": plain_text(said, OPTION_TEXT), "value": value} for said, value in options[:OPTIONS]]
    element: dict[str, Any] = {"type": "static_select", "action_id": FIELD, "options": made}
    chosen = next((one for one in made if one["value"] == given), None)
    return _input(name, label, element | ({"initial_option": chosen} if chosen else {}), optional)


def day(name: str, label: str, given: date) -> Block:
    """A date from a calendar."""
    return _input(name, label, {"type": "datepicker", "action_id": FIELD, "initial_date": given.isoformat()}, False)


def clock(name: str, label: str, given: datetime) -> Block:
    """A time of day."""
    return _input(name, label, {"type": "timepicker", "action_id": FIELD, "initial_time": f"{given:%H:%M}"}, False)


def people(name: str, label: str, *, optional: bool = False) -> Block:
    """People of the workspace."""
    return _input(name, label, {"type": "multi_users_select", "action_id": FIELD}, optional)


def channel(name: str, label: str, *, optional: bool = False) -> Block:
    """A channel of the workspace."""
    only = {"include": ["public", "private"], "exclude_bot_users": True, "exclude_external_shared_channels": True}
    return _input(name, label, {"type": "conversations_select", "action_id": FIELD, "filter": only}, optional)


def channels(name: str, label: str, given: Sequence[str]) -> Block:
    """Any number of channels of the workspace."""
    element: dict[str, Any] = {
        "type": "multi_conversations_select",
        "action_id": FIELD,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return _input(name, label, element | ({"initial_conversations": list(given[:OPTIONS])} if given else {}), True)


def filled(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, by the names of the fields: text, a value, a date or time as text, or ids; None for what was left empty."""
    values = (view.get("state") or {}).get("values") or {}
    return {name: _value(fields.get(FIELD) or {}) for name, fields in values.items()}


def _value(field: Mapping[str, Any]) -> Any:
    match field.get("type"):
        case "plain_text_input":
            return field.get("value")
        case "static_select":
            return (field.get("selected_option") or {}).get("value")
        case "datepicker":
            return field.get("selected_date")
        case "timepicker":
            return field.get("selected_time")
        case "multi_users_select":
            return tuple(field.get("selected_users") or ())
        case "multi_conversations_select":
            return tuple(field.get("selected_conversations") or ())
        case "conversations_select":
            return field.get("selected_conversation")
        case _:
            return None


def _input(name: str, label: str, element: Mapping[str, Any], optional: bool) -> Block:
    return {"type": "input", "block_id": name, "label": plain_text(label, LABEL), "element": element, "optional": optional}
