"""Cuts an utterance into normalised words that remember where they stood in it."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["word", "number", "date", "clock", "punctuation", "hesitation"]


class Token(NamedTuple):
    """One word, number, date, clock time or mark of an utterance.

    `text` is normalised (NFKC, case folded, straight quotes); `raw` is what stands at `[start, end)` of the utterance, in characters.
    It is a named tuple because there are many: that is made three times as fast as a frozen dataclass.
    """

    text: str
    start: int
    end: int
    raw: str
    kind: Kind = "word"


HESITATIONS = frozenset("ah ahem eh er erm err hm hmm hmmm mhm mm uh uhh uhm um umm".split())

_MARKS = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f"
# At most 30 marks belong to one character (Unicode's stream-safe form): ordering them is quadratic.
_CLUSTER = re.compile(rf"[\x00-\x7f]+(?![{_MARKS}])|[^{_MARKS}][{_MARKS}]{{0,30}}|[{_MARKS}]{{1,30}}")
_ALIKE = {ord(mark): "'" for mark in "‘’‚‛ʼʹ′＇`´"}
_ALIKE |= {ord(mark): '"' for mark in "“”„‟″«»"}
_ALIKE |= {ord(mark): "-" for mark in "‐‑‒–—―−﹣－"}
_ALIKE |= {ord("⁄"): "/", ord("∕"): "/"}
_ALIKE |= dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), "")

# Every repetition whose match may be given up again is bounded, which keeps the whole linear.
_TOKEN = re.compile(
    r"""
      (?P<date> \d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2})?(?!\d)
              | \d{4}-w\d{1,2}(?![\w-])
              | \d{4}(?P<a>[-/.])\d{1,2}(?P=a)\d{1,2}(?!\w|(?P=a)\d)
              | \d{1,2}(?P<b>[-/.])\d{1,2}(?P=b)(?:\d{4}|\d{2})(?!\w|(?P=b)\d)
              | \d{1,2}/\d{1,2}(?!\w|[/.,]\d) )
    | (?P<clock> \d{1,2}(?: : \d{2}(?: : \d{2})? | \.\d{2})?(?: [ap]\.m\.? | am/?pm | [ap]m? )(?![^\W_])
              | \d{1,2}:\d{2}(?: : \d{2})?(?![\d:]) )
    | (?P<number> [$€£¥₹]?(?: \d{1,3}(?: ,\d{3}){1,6}(?![\d]) | \d+ | (?<![\w.])\.(?=\d))(?: (?<=\.)\d+ | \.\d+ )?
                  (?: (?: % | k | m | mn | mm | b | bn | t | tn | st | nd | rd | th)(?![^\W_]) )? )
    | (?P<meridiem> [ap]\.m\.?(?![^\W_]) )
    | (?P<letters> (?: [a-z]\.){2,10} )
    | (?P<word> [^\W\d_][^\W_]*(?: '[^\W\d_]+)* | '(?: s|re|ve|ll|d|m)(?![^\W_]) )
    | (?P<other> [^\s\x00-\x1f\x7f-\x9f] )
    """,
    re.VERBOSE,
)
_CLITICS = frozenset("s re ve ll d m".split())
_SHORTENED = {"ca": "can", "wo": "will", "sha": "shall"}
_WHOLE = frozenset({"o'clock", "ma'am"})


@lru_cache(maxsize=16)  # one utterance is looked at by several readers
def tokenise(text: str) -> tuple[Token, ...]:
    """Return the words, numbers and marks of `text` in order; white space and control characters stand for themselves nowhere.

    Any text is accepted, in time linear in its length.

    >>> [token.text for token in tokenise("What's Ada's revenue, since 2026-05-01 (in $1,500)?")]
    ['what', "'s", 'ada', "'s", 'revenue', ',', 'since', '2026-05-01', '(', 'in', '$1,500', ')', '?']
    """
    folded, starts, ends = _folded(text)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(folded):
        begin, stop = match.span()
        if match.lastgroup == "other" and not starts:
            tokens.append(Token(match.group(), begin, stop, text[begin:stop], "punctuation"))
            continue
        for word, first, last, kind in _pieces(match.lastgroup or "other", match.group(), begin, stop):
            start, end = (starts[first], ends[last - 1]) if starts else (first, last)
            raw = text[start:end]
            if word in HESITATIONS and not raw.isupper():
                kind = "hesitation"
            tokens.append(Token(word, start, end, raw, kind))
    return tuple(tokens)


def _pieces(group: str, word: str, begin: int, stop: int) -> tuple[tuple[str, int, int, Kind], ...]:
    """What one match stands for: `(normalised, first, last, kind)` of each token in it."""
    if group == "word":
        if "'" in word:
            return _contraction(word, begin, stop)
        return ((word, begin, stop, "word"),)
    if group == "number":
        return ((word, begin, stop, "number"),)
    if group == "clock":
        return ((_clock(word), begin, stop, "clock"),)
    if group in ("date", "a", "b"):
        return ((word, begin, stop, "date"),)
    if group == "meridiem":
        return ((word.replace(".", ""), begin, stop, "word"),)
    if group == "letters":
        return ((word, begin, stop, "word"),)
    return ((word, begin, stop, "punctuation"),)


def _clock(word: str) -> str:
    """A clock time with colons and without other dots: '8.30p.m.' is '8:30pm', '7am/pm' is '7'."""
    head = word.rstrip("apm./")
    if word.endswith(("ampm", "am/pm")):
        return head.replace(".", ":")
    return head.replace(".", ":") + word[len(head) :].replace(".", "")


def _contraction(word: str, begin: int, stop: int) -> tuple[tuple[str, int, int, Kind], ...]:
    """Split off the last clitic: "what's" is what + 's, "can't" is can + not; "o'brien" and "o'clock" stay whole."""
    head, _, tail = word.rpartition("'")
    if word in _WHOLE:
        return ((word, begin, stop, "word"),)
    if tail == "t" and head.endswith("n") and len(head) > 1:
        cut = stop - 3
        stem = head[:-1]
        return ((_SHORTENED.get(stem, stem), begin, cut, "word"), ("not", cut, stop, "word"))
    if tail in _CLITICS and head:
        cut = stop - len(tail) - 1
        return ((head, begin, cut, "word"), ("'" + tail, cut, stop, "word"))
    return ((word, begin, stop, "word"),)


def _folded(text: str) -> tuple[str, list[int], list[int]]:
    """The normalised text and, for each of its characters, where its original starts and ends (both empty: they are equal)."""
    if text.isascii():
        return text.lower(), [], []
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        begin, stop = match.span()
        raw = match.group()
        if raw.isascii():
            pieces.append(raw.lower())
            starts.extend(range(begin, stop))
            ends.extend(range(begin + 1, stop + 1))
        else:
            piece = _normal(raw)
            pieces.append(piece)
            starts.extend([begin] * len(piece))
            ends.extend([stop] * len(piece))
    return "".join(pieces), starts, ends


def _normal(cluster: str) -> str:
    """One character with its marks: compatible forms made one, case folded, quotes and dashes made plain."""
    plain = unicodedata.normalize("NFKC", cluster.translate(_ALIKE)).casefold().replace("i\u0307", "i")
    normal = unicodedata.normalize("NFKC", plain).translate(_ALIKE)
    # "2½" is two and a half, not twenty-one halves.
    return f" {normal}" if "/" in normal and len(normal) > 1 else normal
