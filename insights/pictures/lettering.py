"""How wide text is without a font at hand, and how it is made to fit."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate, repeat

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile(r"[\s\u2028\u2029]+")
# Thousandths of the size, as the Adobe font metrics of Helvetica give them; Arial and Liberation Sans have the same.
_BY_WIDTH = {191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[]\\ft", 333: "()-`r", 334: "{}", 355: '"', 389: "*", 469: "^", 500: "Jckvxyzs"}
_BY_WIDTH |= {
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTHS = {letter: width for width, letters in _BY_WIDTH.items() for letter, width in zip(letters, repeat(width), strict=False)}
_OTHER, _WIDE, _BOLD = 667, 1000, 1.08


def clean(text: str) -> str:
    """Text on one line, without what XML cannot hold.

    >>> clean("a\\x00b\\n c")
    'ab c'
    """
    return _SPACES.sub(" ", _NOT_XML.sub("", text)).strip()


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how many pixels a line of text is wide.

    >>> width("Will", 10), width("東京", 10)
    (16.1, 20.0)
    """
    thousandths = sum(_WIDTHS.get(letter) or _width(letter) for letter in text)
    return round(thousandths * size / 1000 * (_BOLD if bold else 1), 4)


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    plain = unicodedata.normalize("NFD", letter)[0]
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _WIDTHS.get(plain, _OTHER)


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """As much of the text as the room allows, with an ellipsis where some is left out; nothing where not even one letter fits.

    >>> fitted("Europe, Middle East and Africa", 80, 11)
    'Europe, Middl…'
    """
    text = clean(text)[:400]
    if width(text, size, bold=bold) <= room:
        return text
    room -= width("…", size, bold=bold)
    kept = sum(reached <= room for reached in accumulate(width(letter, size, bold=bold) for letter in text))
    return text[:kept].rstrip() + "…" if kept else ""
