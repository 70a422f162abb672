"""Patterns that are compiled when they are first used: there are hundreds, and a process that starts to answer one question needs few of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_NAMES = frozenset({"match", "fullmatch", "search", "sub", "findall", "finditer"})


class Pattern:
    """A regular expression with the methods of `re.Pattern`; once compiled they are the compiled pattern's own, so that no call costs more."""

    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    sub: Callable[..., str]
    findall: Callable[..., list[str]]
    finditer: Callable[..., Iterator[re.Match[str]]]

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source, self.flags = source, flags

    def __getattr__(self, name: str) -> object:
        """Compile at the first use; two threads that do so at once only compile twice."""
        if name not in _NAMES:
            raise AttributeError(f"a pattern has no {name!r}")
        made = re.compile(self.source, self.flags)
        self.__dict__ |= {each: getattr(made, each) for each in _NAMES}
        return self.__dict__[name]
