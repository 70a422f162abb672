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
    why will with without work works would you your yours allowed company find high big great large low small
    isnt wasnt arent didnt doesnt havent hasnt wont couldnt shouldnt wouldnt im ive id youre youve youd hes shes weve were theyre theyve lets whos wheres
    today tomorrow yesterday tonight next last week weeks anymore already yet again almost ever never later since though although because so lot lots bit bunch
    able anyway anywhere somewhere everywhere nothing none both either neither same different own around near nearby away back here end own fine okay sure
    think thought love hate hope wonder wondering believe guess suppose supposed seem seems remind explain understand hear heard talk talking said says saying
    ask asked asking put keep kept bring brought turn come coming came happen happened try tried trying stay staying left set sit sitting live lives wait
    waiting done made making list two three four five six seven eight nine ten eleven twelve second third fourth fifth""".split()
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
MOST_WORDS = 40
_LEAST_LETTERS, _MOST_LETTERS = 5, 30
_LONGEST = 2000
"""Characters of a question that are looked at."""


def told(question: str) -> tuple[str, ...]:
    """The words of a question that tell what it is about, each once, in order.

    >>> told("How many days of annual leave do I get?")
    ('annual', 'leave')
    """
    found = [word.casefold().replace("’", "'").removesuffix("'s") for word in _WORD.findall(question[:_LONGEST])]
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


def near(word: str, known: frozenset[str]) -> str | None:
    """The one known word that a misspelt one of five letters or more is a single slip away from: a letter more, less, other, or two swapped.

    >>> near("reciept", frozenset({"receipt", "recent"})), near("dog", frozenset({"dot"}))
    ('receipt', None)
    """
    if not _LEAST_LETTERS <= len(word) <= _MOST_LETTERS or word in known or not word.isalpha():
        return None
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    slips = {a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    slips |= {a + c + b[1:] for a, b in cuts if b for c in letters} | {a + c + b for a, b in cuts for c in letters}
    found = slips & known
    return found.pop() if len(found) == 1 else None


def words_of(text: str) -> frozenset[str]:
    """Every word of a text.

    >>> sorted(words_of("Tell reception."))
    ['reception', 'tell']
    """
    return frozenset(word.casefold().removesuffix("'s") for word in _WORD.findall(text))


def known_beside() -> frozenset[str]:
    """The words that are understood although they stand nowhere: those that mean the same as others."""
    return frozenset(word for group in _equivalents() for phrase in group for word in phrase.split())


def joined(question: str) -> Mapping[str, str]:
    """Phrases of a question that stand for one word of the equivalents, by the words they consist of.

    >>> joined("am I paid for days off")
    {'days off': 'days off'}
    """
    plain = " ".join(word.casefold() for word in _WORD.findall(question[:_LONGEST]))
    phrases = {phrase for group in _equivalents() for phrase in group if " " in phrase}
    return {phrase: phrase for phrase in sorted(phrases) if f" {phrase} " in f" {plain} "}
