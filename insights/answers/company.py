"""What the company knows, and what works here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySource:
    """A passage of the handbook or the like: `source` is where it stands, `updated` when it was last looked at."""

    source: str
    title: str
    text: str
    heading: str | None = None
    owner: str | None = None
    updated: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyAnswer:
    """What the company knows: `answered` with an extract of the first source, a choice of `sources` where none is clearly the one, or `unknown`.

    `keeper` is who can be asked; `offered` says that a yes asks them.
    """

    status: Literal["answered", "sources", "unknown"]
    question: str
    extract: str | None = None
    sources: tuple[CompanySource, ...] = ()
    keeper: str | None = None
    offered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAnswer:
    """What works here: groups of things to say, each with examples."""

    groups: Mapping[str, tuple[str, ...]]
