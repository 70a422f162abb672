"""Cuts SQL into its smallest parts, and knows which words of it are taken."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.\d*|\.\d+|\d+)(?![\w.]))|(?P<string>'(?:[^'\\]|'')*')|(?P<name>[A-Za-z_]\w*|\"(?:[^\"]|\"\")+\")|(?P<sign><>|!=|<=|>=|\|\||[-+*/%(),.<>=])|(?P<end>$))",
    re.ASCII,
)
_WORDS = frozenset(
    (
        "ALL AND ANY AS ASC AT BETWEEN BY CASE CAST COLLATE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATE DESC DISTINCT DIV ELSE END "
        "ESCAPE EXISTS EXTRACT FALSE FILTER FROM GROUP HAVING ILIKE IN INTERVAL IS ISNULL LIKE LIMIT LOCALTIME LOCALTIMESTAMP MOD NOT NOTNULL NULL OR "
        "ORDER OVER PIVOT QUALIFY REGEXP RLIKE SELECT SIMILAR SOME THEN TIME TIMESTAMP TRUE UNION UNKNOWN USING VALUES WHEN WHERE WITH WITHIN XOR"
    ).split()
)


class NotSimple(Exception):
    """Not of the shapes read here: it may still be good SQL."""


def tokens_of(text: str) -> list[str]:
    """The tokens, an empty one at the end. Raises NotSimple for characters that plain expressions do not need, and for comments."""
    if "--" in text or "/*" in text:
        raise NotSimple
    tokens: list[str] = []
    position = 0
    while True:
        match = _TOKEN.match(text, position)
        if match is None or len(tokens) > 2000:
            raise NotSimple
        tokens.append(match.group().strip())
        position = match.end()
        if match.lastgroup == "end":
            return tokens


def is_name(token: str, *, dotted: bool = False) -> bool:
    """Whether the token names something; after a dot (`dotted`) taken words are names too."""
    return token.startswith('"') or ((token[:1].isalpha() or token[:1] == "_") and (dotted or token.upper() not in _WORDS))


def is_plain(name: str) -> bool:
    """Whether SQL may name it without quotes."""
    return re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) is not None and name.upper() not in _WORDS


def unquoted(token: str) -> str:
    """The name without its quotes."""
    return token[1:-1].replace('""', '"') if token.startswith('"') else token
