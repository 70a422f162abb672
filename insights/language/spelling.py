"""Finds what a word with one wrong letter can be, where it is neither of the catalog nor of English."""

from __future__ import annotations

from functools import lru_cache

from insights.language.vocabulary import english

SHORTEST = 5
LONGEST = 24
SHORTENED = {
    "acct": "account", "amt": "amount", "cust": "customer", "dept": "department", "desc": "description", "disc": "discount", "dist": "distance",
    "emp": "employee", "govt": "government", "hrs": "hours", "intl": "international", "inv": "inventory", "loc": "location", "max": "maximum",
    "mfr": "manufacturer", "mgr": "manager", "mgmt": "management", "mins": "minutes", "natl": "national", "num": "number", "pct": "percent",
    "pop": "population", "prod": "production", "qty": "quantity", "reg": "region", "rev": "revenue", "subcat": "subcategory", "temp": "temperature",
    "wt": "weight", "ht": "height", "ww": "worldwide", "yr": "year", "yrs": "years", "cat": "category", "orig": "origin",
}  # fmt: skip
"""Common abbreviations: taken for the whole word where a name of the catalog holds it and nothing else fits."""
QUALITIES = {
    "long": ("length", "duration"), "heavy": ("weight",), "old": ("age",), "big": ("size",), "large": ("size",), "tall": ("height",), "high": ("height",),
    "expensive": ("price", "cost"), "fast": ("speed",), "wide": ("width",), "deep": ("depth",), "far": ("distance",), "strong": ("strength",),
}  # fmt: skip
"""What "how" and an adjective ask for."""
DEEDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("sell", "sells", "sold", "selling"), ("sales",)),
    **dict.fromkeys(("earn", "earns", "earned"), ("earnings",)),
    **dict.fromkeys(("spend", "spends", "spent"), ("spend", "spending", "expenses")),
    **dict.fromkeys(("pay", "pays", "paid"), ("payments",)),
    **dict.fromkeys(("weigh", "weighs", "weighed"), ("weight",)),
    **dict.fromkeys(("owe", "owes", "owed"), ("debt",)),
    "lost": ("losses",),
}
"""What "how much" and a verb ask for."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=16)  # a word is looked for among names, then among the words of the grammar
def nearby(word: str) -> frozenset[str]:
    """Everything of four letters or more that is one edit away: a letter added, lost, changed, or two swapped.

    Nothing for words under five letters and words of English: they are never mended.

    >>> "region" in nearby("regoin"), nearby("plane"), nearby("sails")
    (True, frozenset(), frozenset())
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or word in english():
        return frozenset()
    return frozenset(_edits(word)) - {word}


def mistyped(word: str) -> frozenset[str]:
    """Everything one edit away from a word, English or not; of four letters only with two swapped. Only to ask whether it was meant, never to take it so.

    >>> "budget" in mistyped("budge"), "imdb" in mistyped("imbd"), mistyped("sum")
    (True, True, frozenset())
    """
    if not SHORTEST - 1 <= len(word) <= LONGEST or not word.isalpha():
        return frozenset()
    if len(word) < SHORTEST:
        return frozenset(word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)) - {word}
    return frozenset(_edits(word)) - {word}


def _edits(word: str) -> set[str]:
    """Everything one edit away, the word itself too; of hundreds of texts few are names, so that they are made in as few steps as can be."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    edits = {head + letter + tail for head, tail in cuts for letter in _LETTERS}
    edits |= {head + letter + tail[1:] for head, tail in cuts[:-1] for letter in _LETTERS}
    edits |= {head + tail[1:] for head, tail in cuts[:-1]}
    edits |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts[:-2]}
    return edits
