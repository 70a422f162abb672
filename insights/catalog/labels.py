"""Labels as they stand inside a sentence, and counted."""

from __future__ import annotations


def inside(label: str) -> str:
    """A label inside a phrase: a name in capitals keeps them.

    >>> inside("Watch hours"), inside("IMDB rating"), inside("iPhone sales")
    ('watch hours', 'IMDB rating', 'iPhone sales')
    """
    return label if any(letter.isupper() for letter in label.split(" ")[0][1:]) else label[:1].lower() + label[1:]


def plural(noun: str) -> str:
    """The plural of a label, by the rules that hold for nearly all of them.

    >>> plural("region"), plural("country"), plural("class"), plural("sales"), plural("month of the year")
    ('regions', 'countries', 'classes', 'sales', 'months of the year')
    """
    head, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(head)} of {rest}"
    if noun.endswith("s"):
        return noun + "es" if noun.endswith("ss") else noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("x", "ch", "sh")) else "s")
