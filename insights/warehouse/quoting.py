"""Names and values of the catalog and the file system as SQL; nothing a person asked for passes here."""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    """A quoted identifier.

    >>> identifier('an "odd" name')
    '"an ""odd"" name"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted text.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def listing(texts: Iterable[str]) -> str:
    """A list of quoted texts.

    >>> listing(["a", "b"])
    "['a', 'b']"
    """
    return f"[{', '.join(map(literal, texts))}]"
