"""Singular and plural of English nouns, enough to recognise a name said in the other number."""

from __future__ import annotations

from functools import lru_cache

_IRREGULAR = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "feet": "foot",
    "mice": "mouse",
    "indices": "index",
    "matrices": "matrix",
}
_IRREGULAR |= {
    "criteria": "criterion",
    "analyses": "analysis",
    "bases": "basis",
    "crises": "crisis",
    "movies": "movie",
    "cookies": "cookie",
    "series": "series",
}
_IRREGULAR |= {"ties": "tie", "pies": "pie", "buses": "bus", "lives": "life", "leaves": "leaf", "shelves": "shelf", "halves": "half", "statuses": "status"}
_IRREGULAR |= {
    "news": "news",
    "gas": "gas",
    "bus": "bus",
    "status": "status",
    "campus": "campus",
    "species": "species",
    "sales": "sale",
    "lens": "lens",
    "plus": "plus",
}
_IRREGULAR |= {
    "gases": "gas",
    "lenses": "lens",
    "bonuses": "bonus",
    "viruses": "virus",
    "campuses": "campus",
    "caches": "cache",
    "axes": "axis",
    "heroes": "hero",
    "tomatoes": "tomato",
    "potatoes": "potato",
    "cargoes": "cargo",
    "vetoes": "veto",
    "echoes": "echo",
}
_IRREGULAR |= {"spent": "spend", "spending": "spend", "spends": "spend"}
_PLURALS = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "foot": "feet", "mouse": "mice", "index": "indices", "criterion": "criteria",
    "analysis": "analyses", "life": "lives", "leaf": "leaves", "half": "halves", "shelf": "shelves", "series": "series", "species": "species",
    "tomato": "tomatoes", "potato": "potatoes", "hero": "heroes", "cargo": "cargoes", "veto": "vetoes", "echo": "echoes",
}  # fmt: skip


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """The singular of a noun; a word that is singular already comes back as it is.

    >>> [singular(word) for word in ("countries", "boxes", "orders", "glass", "people", "status")]
    ['country', 'box', 'order', 'glass', 'person', 'status']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 3 or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=8192)
def plural(word: str) -> str:
    """The plural of a noun.

    >>> [plural(word) for word in ("country", "box", "order", "day", "person")]
    ['countries', 'boxes', 'orders', 'days', 'people']
    """
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("y") and len(word) > 1 and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"
