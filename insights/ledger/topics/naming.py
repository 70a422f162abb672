"""The names that people call rows by: B-1001 is row 1."""

from __future__ import annotations

FIRST = 1000


def name_of(prefix: str, number: int) -> str:
    """What people call a row.

    >>> name_of("S-", 1)
    'S-1001'
    """
    return f"{prefix}{FIRST + number}"


def number_of(prefix: str, name: str) -> int | None:
    """The row that people call so, letter case aside; None when nothing can be.

    >>> number_of("S-", " s-1001"), number_of("S-", "S-x")
    (1, None)
    """
    digits = name.strip().upper().removeprefix(prefix)
    return int(digits) - FIRST if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
