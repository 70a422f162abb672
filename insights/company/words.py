"""Which words of a question tell what it is about, and which others mean the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_EMPTY = frozenset(
    """a about actually after again all also am an and any anybody anyone anything are as ask at be because been before being but by can cant could day days
    did do does doing done dont down each else ever every everybody everyone exactly for from get gets getting give given go goes going got had happen happens
    has have having he hello help her here hey hi him his how i if in into is isnt it its just kind know let like long look make many may me mean more most much
    must my need needs no not now of off ok okay on once one only or other our out over own people person please possible quick re really right s say see shall
    she should so some somebody someone something soon sort still such sure t take tell than thank thanks that thats the their them then there these they thing
    things this those to too under until up us use used using very want wants was way we well were what whats when where whether which while who whom whos whose
    why will with without work works would you your yours allowed company find high big great large low small""".split()
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
MOST_WORDS = 40


def told(question: str) -> tuple[str, ...]:
    """The words of a question that tell what it is about, each once, in order.

    >>> told("How many days of annual leave do I get?")
    ('annual', 'leave')
    """
    found = [word.casefold().replace("’", "'").removesuffix("'s") for word in _WORD.findall(question)]
    return tuple(dict.fromkeys(word for word in found if word.replace("'", "") not in _EMPTY))[:MOST_WORDS]


@cache
def _equivalents() -> tuple[frozenset[str], ...]:
    lines = (Path(__file__).parent / "equivalents.txt").read_text(encoding="utf-8").splitlines()
    return tuple(
        frozenset(phrase or word for phrase, word in re.findall(r'"([^"]+)"|(\S+)', line)) for line in lines if line.strip() and not line.startswith("#")
    )


def alike(word: str) -> tuple[str, ...]:
    """The word and those that mean the same here.

    >>> "pto" in alike("vacation"), alike("zebra")
    (True, ('zebra',))
    """
    return tuple(dict.fromkeys((word, *sorted(other for group in _equivalents() if word in group for other in group))))


def joined(question: str) -> Mapping[str, str]:
    """Phrases of a question that stand for one word of the equivalents, by the words they consist of.

    >>> joined("am I paid for days off")
    {'days off': 'days off'}
    """
    plain = " ".join(word.casefold() for word in _WORD.findall(question))
    phrases = {phrase for group in _equivalents() for phrase in group if " " in phrase}
    return {phrase: phrase for phrase in sorted(phrases) if f" {phrase} " in f" {plain} "}
