"""Text as Slack must get it: data never becomes a mention, a link or a command."""

from __future__ import annotations

import re

# What Slack writes for what people mention; any other "<" is a less-than sign.
_REFERENCE = re.compile(r"<(?P<kind>[@#!]|https?:|mailto:|tel:)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_OPENS_REFERENCE = re.compile(r"<(?=[@#!]|https?:|mailto:|tel:)")
# Slack refuses C0 controls in some fields and draws none of them.
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,20}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def whole(text: str) -> str:
    """Text that can be encoded: lone surrogates become "?", controls other than tab and line ends are dropped."""
    return _CONTROL.sub("", text.encode("utf-8", "replace").decode("utf-8"))


def mrkdwn(text: str) -> str:
    """Text for a mrkdwn field or a message's `text`: the three characters that Slack interprets are escaped.

    >>> mrkdwn("a < b & <!channel>")
    'a &lt; b &amp; &lt;!channel&gt;'
    """
    return whole(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Text for fields that Slack shows as they are (headers, buttons, table cells): should one ever be interpreted, there is still no mention in it.

    >>> literal("<18 & <!here>")
    '<18 & ‹!here>'
    """
    return _OPENS_REFERENCE.sub("‹", whole(text))


def channel_link(channel: str) -> str:
    """A channel as Slack shows it to whoever may see it: by its name. What is no id of one is text.

    >>> channel_link("C024BE91L"), channel_link("<!here>")
    ('<#C024BE91L>', '#&lt;!here&gt;')
    """
    return f"<#{channel}>" if _CHANNEL.fullmatch(channel) else f"#{mrkdwn(channel)}"


def unescape(text: str) -> str:
    """What a person typed, from what Slack made of it: mentions and links become their labels, entities their characters.

    A channel keeps its mark; where Slack leaves its name out, its id stands for it.

    >>> unescape("revenue &gt; 100 for <@U01|ada> in <#C01|general>")
    'revenue > 100 for ada in #general'
    """
    plain = _REFERENCE.sub(_label, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _label(match: re.Match[str]) -> str:
    kind, target, label = match["kind"], match["target"], match["label"]
    if kind == "#":
        return f"#{label or target}"
    if label:
        return label
    # "<!here>", "<!subteam^S1>": what is addressed, never again as a mention.
    return target.partition("^")[0] if kind in "@!" else (f"{kind}{target}" if kind.startswith("http") else target)
