"""What goes wrong with files: they changed, they are damaged, they cannot be reached; all of it is told without a number."""

from __future__ import annotations

from insights.errors import OutsideFailed


class Damaged(OutsideFailed):
    """A file is not what the manifest says it is."""


class Replaced(OutsideFailed):
    """A file was changed or removed after it was listed; listing again and reading again may work."""


class Unreachable(OutsideFailed):
    """The store did not answer, or not in time, after every attempt."""


def ago(seconds: float) -> str:
    """An age in words.

    >>> ago(30), ago(60), ago(7200), ago(200_000)
    ('less than a minute ago', '1 minute ago', '2 hours ago', '2 days ago')
    """
    for length, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        count = int(seconds // length)
        if count:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "less than a minute ago"
