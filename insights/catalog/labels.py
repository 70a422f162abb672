"""Labels as they stand inside a sentence."""

from __future__ import annotations


def inside(label: str) -> str:
    """A label inside a phrase: a name in capitals keeps them.

    >>> inside("Watch hours"), inside("IMDB rating"), inside("iPhone sales")
    ('watch hours', 'IMDB rating', 'iPhone sales')
    """
    return label if any(letter.isupper() for letter in label.split(" ")[0][1:]) else label[:1].lower() + label[1:]
