"""A passage of what the company knows, and how a document is cut into passages: one for each heading, with what is said of the document above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

LONGEST = 4000
"""Characters of one passage; a longer one is cut between its paragraphs."""
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"\s*(```|~~~)")
_RULE = re.compile(r"\s*\|?[\s:|-]+\|?\s*$")
_MARKUP = (
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+|[^>\s@]+@[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^>]*>"), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)[*_](?=\S)([^*_]+?)(?<=\S)[*_](?!\w)"), r"\1"),
    (re.compile(r"`([^`]+)`"), r"\1"),
)
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A few sentences under one heading. `source` is where they stand, `title` what the document is called, `about` other words for what they are about.

    Empty `roles`: for everybody; else for people with one of them, in private. `private` is not said where others hear it. `rooms` (ids): said where it is
    asked in, or about, one of them. `updated` is when it was last looked at, `owner` who answers for it (a person, role or team).
    """

    source: str
    title: str
    text: str
    heading: str | None = None
    about: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    private: bool = False
    owner: str | None = None
    updated: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What holds for a whole document."""

    source: str
    title: str
    updated: date | None = None
    owner: str | None = None
    roles: frozenset[str] = frozenset()
    private: bool = False
    about: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)


def from_markdown(text: str, sheet: Sheet) -> tuple[Passage, ...]:
    """The passages of a Markdown document, its first heading being its title.

    >>> [(p.title, p.heading, p.text) for p in from_markdown("# Leave\\n\\n25 days.\\n\\n## Sick\\nTell **us**.", Sheet(source="a", title="a"))]
    [('Leave', None, '25 days.'), ('Leave', 'Sick', 'Tell us.')]
    """
    title, parts = None, [(None, [])]  # type: tuple[str | None, list[tuple[str | None, list[str]]]]
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
            continue
        found = None if fenced else _HEADING.match(line)
        if found is None:
            parts[-1][1].append(line if fenced else _plain(line))
        elif title is None and len(found[1]) == 1 and not any(any(lines) for _, lines in parts):
            title = _plain(found[2])
        else:
            parts.append((_plain(found[2]), []))
    return tuple(passage for heading, lines in parts for passage in _cut(heading, lines, sheet, title or sheet.title))


def _plain(line: str) -> str:
    """A line without its markup; the line between the head and the body of a table is nothing."""
    if "|" in line and _RULE.fullmatch(line) and "-" in line:
        return ""
    for pattern, kept in _MARKUP:
        line = pattern.sub(kept, line)
    if line.strip().startswith("|"):
        line = ", ".join(cell.strip() for cell in line.strip().strip("|").split("|") if cell.strip())
    return line.strip().lstrip(">").strip()


def _cut(heading: str | None, lines: list[str], sheet: Sheet, title: str) -> Iterator[Passage]:
    """One passage, or several where there is too much for one."""
    piece: list[str] = []
    for paragraph in _paragraphs(lines):
        if piece and sum(map(len, piece)) + len(paragraph) > LONGEST:
            yield _passage(heading, piece, sheet, title)
            piece = []
        piece.append(paragraph[:LONGEST])
    if piece:
        yield _passage(heading, piece, sheet, title)


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines that belong together as one; each item of a list is a sentence of its own."""
    kept: list[str] = []
    for line in [*lines, ""]:
        bullet = _BULLET.match(line)
        if (not line.strip() or bullet) and kept:
            yield " ".join(kept)
            kept = []
        if line.strip():
            kept.append(_BULLET.sub("", line, count=1) if bullet else line)


def _passage(heading: str | None, paragraphs: list[str], sheet: Sheet, title: str) -> Passage:
    text = "\n".join(paragraphs)
    return Passage(
        source=sheet.source,
        title=title,
        heading=heading,
        text=text,
        about=sheet.about,
        rooms=sheet.rooms,
        roles=sheet.roles,
        private=sheet.private,
        owner=sheet.owner,
        updated=sheet.updated,
    )


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a passage, in order.

    >>> sentences("Ring extension 4100. A new badge costs 15.50 dollars, e.g. after a loss.")
    ('Ring extension 4100.', 'A new badge costs 15.50 dollars, e.g. after a loss.')
    """
    pieces = [piece for line in text.splitlines() for piece in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])", line)]
    joined: list[str] = []
    for piece in pieces:
        if joined and re.search(r"\b(?:e\.g|i\.e|etc|no|approx|Mr|Mrs|Ms|Dr|St)\.$", joined[-1]):
            joined[-1] += f" {piece}"
        elif piece.strip():
            joined.append(piece.strip())
    return tuple(joined)
