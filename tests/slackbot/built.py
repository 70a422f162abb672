"""Messages put together again with slackblocks, whose classes check every part as they are made; what comes out must be what went in."""

import slackblocks as sb


def built(message):
    """The blocks of a message as slackblocks resolves them. Raises slackblocks.InvalidUsageError for what its checks refuse."""
    return sb.Message(channel="C01", text=message["text"], blocks=[_block(block) for block in message["blocks"]])._resolve()["blocks"]


def without_defaults(value):
    """JSON without block ids, and without what is false, empty or the builder's own default."""
    if isinstance(value, dict):
        kept = {name: without_defaults(inner) for name, inner in value.items() if name != "block_id"}
        return {name: inner for name, inner in kept.items() if inner not in (False, None) and (name, inner) != ("row_header_column_index", 0)}
    return [without_defaults(inner) for inner in value] if isinstance(value, list) else value


def _block(block):
    match block["type"]:
        case "section":
            return sb.SectionBlock(text=_text(block["text"]), accessory=_element(block["accessory"]) if "accessory" in block else None)
        case "header":
            return sb.HeaderBlock(text=_text(block["text"]))
        case "divider":
            return sb.DividerBlock()
        case "context":
            return sb.ContextBlock(elements=[_text(element) for element in block["elements"]])
        case "actions":
            return sb.ActionsBlock(elements=[_element(element) for element in block["elements"]])
        case "image":
            return sb.ImageBlock(image_url=block.get("image_url"), alt_text=block["alt_text"])
        case "data_table":
            return sb.DataTableBlock(rows=[[_cell(cell) for cell in row] for row in block["rows"]], caption=block["caption"], page_size=block["page_size"])
        case "data_visualization":
            chart = block["chart"]
            kind = {"line": sb.LineChart, "bar": sb.BarChart}[chart["type"]]
            series = [sb.DataSeries(one["name"], [sb.DataPoint(point["label"], point["value"]) for point in one["data"]]) for one in chart["series"]]
            return sb.DataVisualizationBlock(title=block["title"], chart=kind(series, sb.AxisConfig(chart["axis_config"]["categories"])))
    raise AssertionError(f"a block of type {block['type']} is not known here")


def _element(element):
    match element["type"]:
        case "button":
            extras = {name: element[name] for name in ("url", "style") if name in element}
            return sb.Button(text=_text(element["text"]), action_id=element["action_id"], value=element.get("value"), **extras)
        case "overflow":
            options = [sb.Option(text=_text(option["text"]), value=option["value"]) for option in element["options"]]
            return sb.OverflowMenu(action_id=element["action_id"], options=options)
        case "users_select":
            return sb.UserSelectMenu(action_id=element["action_id"], placeholder=_text(element["placeholder"]))
    raise AssertionError(f"an element of type {element['type']} is not known here")


def _cell(cell):
    return sb.RawNumber(cell["value"], cell["text"]) if cell["type"] == "raw_number" else sb.RawText(cell["text"])


def _text(text):
    if text["type"] == "plain_text":
        return sb.PlainText(text["text"], emoji=text.get("emoji", False))
    return sb.Markdown(text["text"], verbatim=text.get("verbatim", False))
