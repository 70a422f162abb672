"""What Slack takes: its published limits counted by hand, apart from the code, and the checks of a builder that no one here wrote."""

import json

from tests.slackbot.built import built

# As published: docs.slack.dev/reference/block-kit/blocks and its pages on data tables and data visualizations. Counted here apart from the code.
TYPES = {"header", "section", "context", "actions", "data_table", "data_visualization"}


def problems(message):
    """What Slack would refuse in a message, as sentences."""
    blocks, found = message["blocks"], []
    if not message["text"] or len(message["text"]) > 40_000:
        found.append("text is empty or too long")
    if not 1 <= len(blocks) <= 50:
        found.append(f"{len(blocks)} blocks")
    if {block["type"] for block in blocks} - TYPES:
        found.append("unknown block")
    for block in blocks:
        match block["type"]:
            case "header":
                found += _text(block["text"], 1, 150)
            case "section":
                found += _text(block["text"], 1, 3_000)
            case "context":
                found += [] if 1 <= len(block["elements"]) <= 10 else ["context elements"]
                found += [problem for element in block["elements"] for problem in _text(element, 1, 2_000)]
            case "actions":
                found += [] if 1 <= len(block["elements"]) <= 25 else ["actions elements"]
                found += [] if len(block.get("block_id", "")) <= 255 else ["block id"]
                for element in block["elements"]:
                    found += _element(element)
            case "data_table":
                found += _table(block)
            case "data_visualization":
                found += _chart(block)
    ids = [button["action_id"] for block in blocks if block["type"] == "actions" for button in block["elements"]]
    if len(set(ids)) != len(ids):
        found.append("action ids repeat")
    if sum(block["type"] == "data_visualization" for block in blocks) > 2:
        found.append("charts")
    tables = [block for block in blocks if block["type"] == "data_table"]
    if sum(len(cell["text"]) for block in tables for row in block["rows"] for cell in row) > 10_000:
        found.append("table characters")
    json.dumps(message, allow_nan=False).encode()
    return found


def _element(element):
    match element["type"]:
        case "overflow":
            return _menu(element)
        case "users_select":
            return _text(element["placeholder"], 1, 150)
        case _:
            return _button(element)


def _button(button):
    carried = len(button.get("value", "")) <= 2_000 and len(button.get("url", "")) <= 3_000
    return _text(button["text"], 1, 75) + ([] if carried and 1 <= len(button["action_id"]) <= 255 else ["button value or action id"])


def _menu(menu):
    found = [] if 1 <= len(menu["options"]) <= 5 and 1 <= len(menu["action_id"]) <= 255 else ["menu"]
    return found + [problem for one in menu["options"] for problem in _text(one["text"], 1, 75) + ([] if len(one["value"]) <= 150 else ["option value"])]


def _text(field, least, most):
    return [] if least <= len(field["text"]) <= most else [f"{field['type']} of {len(field['text'])} characters"]


def _table(block):
    rows, found = block["rows"], []
    if not 2 <= len(rows) <= 101 or not 1 <= len(rows[0]) <= 20 or len({len(row) for row in rows}) != 1:
        found.append("table shape")
    if not block["caption"] or not 1 <= block["page_size"] <= 100:
        found.append("caption or page size")
    for row in rows:
        for cell in row:
            number = cell["type"] == "raw_number" and isinstance(cell["value"], (int, float))
            if not (number or cell["type"] == "raw_text") or not cell["text"]:
                found.append(f"cell {cell}")
    return found + (["header cells"] if any(cell["type"] != "raw_text" for cell in rows[0]) else [])


def _chart(block):
    drawn, found = block["chart"], []
    categories, series = drawn["axis_config"]["categories"], drawn["series"]
    if not 1 <= len(block["title"]) <= 50 or drawn["type"] not in ("bar", "line"):
        found.append("chart title or type")
    if not 1 <= len(series) <= 6 or len({one["name"] for one in series}) != len(series):
        found.append("chart series")
    if not 1 <= len(categories) <= 20 or len(set(categories)) != len(categories):
        found.append("chart categories")
    for one in series:
        if [point["label"] for point in one["data"]] != categories or not 1 <= len(one["name"]) <= 20:
            found.append("chart points")
    return found + [f"label {label!r}" for label in categories if not 1 <= len(label) <= 20]


def refused(message):
    """What Slack, or slackblocks, would refuse of a message as it was sent, where arguments may be JSON in a form."""
    blocks = message.get("blocks")
    if not blocks:
        return [] if message.get("text") else ["a message without text"]
    whole = {"text": message.get("text", ""), "blocks": json.loads(blocks) if isinstance(blocks, str) else blocks}
    built(whole)
    return problems(whole)
