"""What an utterance does to the conversation rather than says in it: "go back", "start over", "continue", "drop that"; "the second one" of what was shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from insights.language.patterns import Pattern
from insights.language.pieces import words_of
from insights.language.words import tokenise

Move = Literal["back", "restart", "continue", "drop"]

_LEAD = (
    r"(?:(?:ok|okay|so|and|now|then|but|please|well|oh|no|hey|alright|great|thanks|thank you|actually|can you|could you|would you|can we|let s|let us"
    r"|i want to"
    r"|i would like to|i d like to|alexa) )*"
)
_TAIL = r"(?: please| now| then| again)*"
_NUMBER = {"once": 1, "one": 1, "two": 2, "twice": 2, "three": 3, "four": 4, "five": 5} | {str(n): n for n in range(1, 10)}
_HOW_FAR = r"(?P<far>once|twice|one|two|three|four|five|\d)"
_QUESTION = r"(?:question|questions|answer|answers|one|query|step|steps|result|screen|turn)"
_MOVES: dict[Move, Pattern] = {
    "back": Pattern(
        rf"{_LEAD}(?:(?:go|step|take me|jump|move|bring me|get) back(?: (?:{_HOW_FAR}(?: {_QUESTION}| times)?"
        rf"|a {_QUESTION}))?(?: to (?:the )?(?:previous|last|earlier|other|first)"
        rf" {_QUESTION}| to (?:what|where) (?:i|we) (?:asked|had|were|was)(?: before)?)?|back|(?:one|a) step back|undo(?: that| it)?"
        rf"|(?:the )?(?:previous|last|earlier)"
        rf" (?:question|answer)|back to (?:the )?(?:previous|last|earlier) {_QUESTION}|return(?: to (?:the )?(?:previous|last) {_QUESTION})?"
        rf"|what (?:did|was) i (?:ask|asking) before(?: that)?)"
        rf"{_TAIL}"
    ),
    "restart": Pattern(
        rf"{_LEAD}(?:start (?:over|again|afresh|fresh|anew|from scratch|from the beginning|new)|(?:from the|new) (?:beginning|conversation|topic"
        rf"|start)|restart|begin again|reset"
        r"|(?:forget|clear|drop|reset|scrap) (?:everything|all of it|it all|all|all that|all of that|the conversation|our conversation"
        r"|what we (?:said|talked about))"
        rf"|(?:change|different|another) (?:the |of )?(?:subject|topic)|new subject|something (?:completely |entirely )?different){_TAIL}"
    ),
    "continue": Pattern(
        rf"{_LEAD}(?:(?:continue|go on|carry on|resume|pick up|keep going|proceed)(?: (?:it|that|this|here|there|from before|where (?:i"
        rf"|we) (?:left off|were|stopped)"
        r"|(?:with |from )?(?:that|this|it|(?:the |my |our )(?:last |previous |earlier |other )?(?:conversation|question|chat|talk|thread|session"
        r"|one))|(?:with )?what (?:i|we) (?:\w+ ){1,4}?)"
        r"|(?: with)? what (?:i|we) (?:just )?(?:asked|was asking|were asking|talked|were talking|was talking|said|had|did)(?: you)?(?: about| before)?)?"
        r"(?: (?:on|from|in|at|over|by|with) (?:the |my )?(?:echo|alexa|slack|phone|voice|desk|desk device|chat|shell|terminal|console|speaker"
        r"|other device|computer|laptop|meeting room"
        r"|room|voice assistant))*(?: (?:before|earlier|today|yesterday|just now))?"
        r"|where (?:were|was) (?:we|i)|what (?:was i|were we) (?:asking|talking about)|what did (?:i|we) (?:last ask|ask last|just ask)(?: (?:on|from"
        r"|in) (?:the |my )?\w+)?)"
        rf"{_TAIL}"
    ),
    "drop": Pattern(
        rf"{_LEAD}(?:(?:drop|remove|undo|lose|delete|scrap|discard|leave out|take out|get rid of|skip|without|not) (?:that|it|this|the last (?:one"
        rf"|thing|change|bit|part|filter|condition))"
        rf"|(?:take|leave) (?:that|it|this) (?:out|away|off|back)){_TAIL}"
    ),
}
_FIRST = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10, "last": -1, "final": -1,
}  # fmt: skip
_SIZES = {
    "biggest": "highest",
    "largest": "highest",
    "highest": "highest",
    "greatest": "highest",
    "smallest": "lowest",
    "lowest": "lowest",
    "top": "highest",
    "bottom": "lowest",
}
_ORDINAL = "|".join((*_FIRST, *_SIZES))
_ONE = r"(?:one|ones|row|rows|result|item|entry|line|place|of (?:them|these|those))"
_COUNT = r"two|three|four|five|six|seven|eight|nine|ten|[2-9]|10"
_COUNTS = dict(zip("two three four five six seven eight nine ten".split(), range(2, 11), strict=True)) | {str(n): n for n in range(2, 11)} | {"one": 1}
_PICKS = (
    Pattern(rf"\bthe (?P<many>first|last) (?P<count>{_COUNT})(?: {_ONE})?(?=$| (?:over|by|in|for|only|please|compared|versus|as|last|this)\b)"),
    Pattern(rf"\b(?:the |that |this |just |only )+(?P<list>(?:{_ORDINAL})(?:(?: one)?(?: and| or) (?:the )?(?:{_ORDINAL}))*) {_ONE}\b"),
    Pattern(
        rf"^(?:(?:and|what about|how about|only|just|show me|ok|now|for|in) )*(?:the )?"
        rf"(?P<list>(?:{_ORDINAL})(?: and (?:the )?(?:{_ORDINAL}))*)(?: please| only)?$"
    ),
    Pattern(r"^(?:the )?(?P<number>[1-9]|[12]\d)$"),
    Pattern(r"\bnumber (?P<number>one|two|three|four|five|six|seven|eight|nine|ten|\d\d?)\b"),
    Pattern(r"^(?:(?:and|what about|how about|only|just|show me|ok|now|for|in) )*(?P<both>both(?: of (?:them|these|those))?)(?: please)?$"),
)
_JUDGED = {"weakest": "worst", "worst": "worst", "poorest": "worst", "strongest": "best", "best": "best"}
_LEFT_OUT = Pattern(
    rf"{_LEAD}(?:drop|remove|without|leave out|exclude|excluding|take out|get rid of|hide|skip|lose|ignore|except(?: for)?|leave) "
    rf"(?:the )?(?P<which>{_ORDINAL}|{'|'.join(_JUDGED)})(?: (?!filters?\b|conditions?\b|change\b|thing\b|part\b)(?P<name>\w+(?: \w+)?))?(?: out)?{_TAIL}"
)
_THAT = Pattern(r"\b(?:that|this|the same|those|these) (?P<name>(?:one|ones)\b|\w+(?: \w+)?)")


@dataclass(frozen=True, slots=True)
class Moved:
    """A move, and how many questions back."""

    move: Move
    steps: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Which of the rows shown are meant: `places` from 1 (negative: from the end), the `highest` or `lowest`, or (`name`) the only one of that name.

    `rest` is the utterance without these words, empty when nothing else was said. `judged` are "best" and "worst", which are the highest or the lowest
    depending on the figure.
    """

    places: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()
    every: int = 0
    name: str = ""
    rest: str = ""
    judged: str = ""


def move(text: str) -> Moved | None:
    """The move that the whole of an utterance makes; None when it says something."""
    if len(text) > 120:
        return None
    plain = _plain(text)[0]
    for name, pattern in _MOVES.items():
        match = pattern.fullmatch(plain)
        if match is not None:
            return Moved(name, _NUMBER.get(match.groupdict().get("far") or "", 1))
    return None


def pick(text: str) -> Pick | None:
    """What an utterance points at in what was shown, by place; None when it points at nothing."""
    if len(text) > 200:
        return None
    plain, starts = _plain(text)
    for pattern in _PICKS:
        match = pattern.search(plain)
        if match is not None:
            return _picked(match, text, plain, starts)
    return None


def left_out(text: str) -> Pick | None:
    """The one row that the whole of an utterance leaves out: "drop the weakest", "without the second market"; None when it leaves out something else.

    >>> left_out("drop the weakest"), left_out("drop the plan filter")
    (Pick(places=(), sizes=(), every=0, name='', rest='', judged='worst'), None)
    """
    if len(text) > 120 or (match := _LEFT_OUT.fullmatch(_plain(text)[0])) is None:
        return None
    word, name = match["which"], "" if re.fullmatch(_ONE, match["name"] or "one") else match["name"]
    if word in _JUDGED:
        return Pick(judged=_JUDGED[word], name=name)
    return Pick(places=(_FIRST[word],), name=name) if word in _FIRST else Pick(sizes=(_SIZES[word],), name=name)


def pointed(text: str) -> list[tuple[str, str]]:
    """Each "that region" of an utterance: the name, and the utterance without it."""
    plain, starts = _plain(text[:200])
    found: list[tuple[str, str]] = []
    for match in _THAT.finditer(plain):
        first, _, second = match["name"].partition(" ")
        for name in (f"{first} {second}", first) if second else (first,):  # the longer name first
            end = match.start("name") + len(name)
            found.append((name, _without(match.start(), end, plain, text, starts)))
    return found


def _picked(match: re.Match[str], text: str, plain: str, starts: list[tuple[int, int]]) -> Pick:
    rest = _without(match.start(), match.end(), plain, text, starts)
    named = {key: value for key, value in match.groupdict().items() if value}
    if "both" in named:
        return Pick(every=2, rest=rest)
    if "number" in named:
        word = named["number"]
        return Pick(places=(int(word) if word.isdigit() else _COUNTS.get(word, 1),), rest=rest)
    if "many" in named:
        count = _COUNTS[named["count"]]
        first = named["many"] == "first"
        return Pick(places=tuple(range(1, count + 1)) if first else tuple(range(-count, 0)), rest=rest)
    words = [word for word in named["list"].split() if word in _FIRST or word in _SIZES]
    return Pick(places=tuple(_FIRST[word] for word in words if word in _FIRST), sizes=tuple(_SIZES[word] for word in words if word in _SIZES), rest=rest)


_SAYS_NOTHING = frozenset(
    "and what about how only just show me us tell more ok okay now for in of the please give a on so then is was with s it at see let to".split()
)


def _without(first: int, last: int, plain: str, text: str, starts: list[tuple[int, int]]) -> str:
    """The utterance without the words of `plain[first:last]`; empty when what is left says nothing."""
    begin, end = plain[:first].count(" ") + (0 if first == 0 or plain[first - 1] == " " else 1), plain[:last].count(" ") + 1
    kept = [word for place, word in enumerate(plain.split(" ")) if not begin <= place < end]
    if all(word in _SAYS_NOTHING for word in kept):
        return ""
    before = text[: starts[begin][0]].rstrip()
    while before.casefold().endswith((" of", " for", " in", " about", " with", " from")):  # "revenue of the second one"
        before = before.rpartition(" ")[0].rstrip()
    return f"{before} {text[starts[end - 1][1] :].strip()}".strip()


def _plain(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The words of an utterance, and where each of them stands."""
    words = words_of(tokenise(text))
    return " ".join("s" if word.text == "'s" else word.text.replace("'", "-").replace(" ", "-") for word in words), [(word.start, word.end) for word in words]
