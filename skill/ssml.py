"""Text made safe for the ear: the only way into a <speak> element, because the SDK escapes nothing."""

from __future__ import annotations

import json
import re

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})
_SPACE = re.compile(r"\s+")
# Everything outside the characters of XML 1.0: control characters, lone surrogates, U+FFFE and U+FFFF.
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELLIPSIS = "…"


def clean(text: str) -> str:
    """Return the text without the characters that neither XML nor UTF-8 can hold.

    >>> clean("a\\x00b\\ud800c")
    'a b c'
    """
    return _NOT_XML.sub(" ", text)


def escape(text: str) -> str:
    """Return the text as character data of XML, on one line.

    >>> escape("Q&A <b>\\n5 > 3")
    'Q&amp;A &lt;b&gt; 5 &gt; 3'
    """
    return _SPACE.sub(" ", clean(text)).strip().translate(_ENTITIES)


def speak(text: str, *, slow: bool = False) -> str:
    """The text as a whole SSML document; slowly for who asks for that.

    >>> speak("5 > 3"), speak("once more", slow=True)
    ('<speak>5 &gt; 3</speak>', '<speak><prosody rate="slow">once more</prosody></speak>')
    """
    said = escape(text)
    return f'<speak><prosody rate="slow">{said}</prosody></speak>' if slow else f"<speak>{said}</speak>"


def weight(text: str) -> int:
    """Bytes of the text inside a JSON document, at worst (every character beyond ASCII written as an escape)."""
    return len(json.dumps(text)) - 2


def cut(text: str, most: int) -> str:
    """Return the text, shortened at a word so that its escaped form weighs at most `most` bytes in JSON.

    >>> cut("one two three", 10)
    'one…'
    """
    if weight(escape(text)) <= most and weight(text) <= most:
        return text
    most -= weight(_ELLIPSIS)
    taken, size = 0, 0
    for character in text:
        size += max(weight(character.translate(_ENTITIES)), weight(character))
        if size > most:
            break
        taken += 1
    kept = text[:taken]
    words = kept.rsplit(None, 1)
    return (words[0] if len(words) == 2 else kept).rstrip() + _ELLIPSIS
