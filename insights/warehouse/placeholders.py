"""The `?` of a query in the ways other engines have for values."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\?""")


def replaced(sql: str, placeholder: Callable[[int], str]) -> str:
    """The query with `placeholder` of each number (from 0) in the place of its `?`; those within texts and names stay.

    >>> replaced("SELECT '?', \\"?\\" WHERE a = ? OR b = ?", lambda n: f"<{n}>")
    'SELECT \\'?\\', "?" WHERE a = <0> OR b = <1>'
    """
    number = iter(range(len(sql)))
    return _TOKEN.sub(lambda found: placeholder(next(number)) if found[0] == "?" else found[0], sql)


def numbered(sql: str) -> str:
    """The query with $1, $2, ...

    >>> numbered("a = ? OR b = ?")
    'a = $1 OR b = $2'
    """
    return replaced(sql, lambda number: f"${number + 1}")
