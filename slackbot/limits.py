"""Slack's published limits, and how a message is kept within them.

Sources: docs.slack.dev/reference/block-kit/blocks, .../data-table-block, .../data-visualization-block, chat.postMessage.
"""

from __future__ import annotations

from collections.abc import Callable

from slackbot.escape import mrkdwn

MESSAGE_TEXT = 40_000
BLOCKS = 50
SECTION_TEXT = 3_000
HEADER_TEXT = 150
CONTEXT_TEXT = 2_000
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BLOCK_ID = 255
OPTIONS = 5
"""Of the menu behind three dots."""
TABLE_ROWS = 100
"""Rows of data; the header comes on top."""
TABLE_COLUMNS = 20
TABLE_CHARACTERS = 10_000
"""Across all tables of one message."""
TASK_TITLE = 256
"""Of a card in a message that is streamed: Slack publishes this for its other texts."""
CHART_TITLE = 50
CHART_SERIES = 6
CHART_POINTS = 20
CHART_LABEL = 20
BLOCKS_TEXT = 12_000
"""Ours: Slack refuses messages whose blocks are too long together (`msg_blocks_too_long`) without publishing where that begins."""


def shorten(text: str, limit: int, *, escaped: Callable[[str], str] = str) -> str:
    """The escaped text, cut with an ellipsis so that it has at most `limit` characters and no entity is cut in two.

    >>> shorten("a < b < c", 8, escaped=mrkdwn)
    'a &lt; …'
    """
    whole = escaped(text)
    if len(whole) <= limit:
        return whole
    kept, room = [], limit - 1
    for character in text[:limit]:
        room -= len(escaped(character))
        if room < 0:
            break
        kept.append(character)
    return escaped("".join(kept)) + "…"


def lines_within(text: str, limit: int) -> str:
    """Whole lines of mrkdwn-escaped text as far as `limit` characters go; what is left out is counted.

    >>> lines_within("one\\ntwo\\nthree\\nfour\\nfive\\nsix\\nseven", 22)
    'one\\nand 6 more lines'
    """
    lines = [mrkdwn(line) for line in text.split("\n")]
    if len("\n".join(lines)) <= limit:
        return "\n".join(lines)
    kept: list[str] = []
    used = len(more(len(lines), "line")) + 1
    for line in lines:
        used += len(line) + 1
        if used > limit:
            break
        kept.append(line)
    if not kept:
        return shorten(text.replace("\n", " "), limit, escaped=mrkdwn)
    return "\n".join([*kept, more(len(lines) - len(kept), "line")])


def more(count: int, noun: str = "") -> str:
    """What was left out, said.

    >>> more(12), more(1, "line")
    ('and 12 more', 'and 1 more line')
    """
    return f"and {count:d} more" + (f" {noun}{'s' if count != 1 else ''}" if noun else "")
