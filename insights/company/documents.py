"""Folders of Markdown and HTML as passages; what is said at the top of a document holds for all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from insights.company.passages import Passage, Sheet, from_markdown
from insights.errors import Problem, WrongCatalog

SUFFIXES = (".md", ".markdown", ".html", ".htm")
MOST_BYTES = 2_000_000
"""Bytes of one document; a larger one is an error, not read in part."""
_KNOWN = ("owner", "updated", "roles", "audience", "about", "rooms", "title")
_BREAKS = frozenset("p li br tr div section article table ul ol dl dd dt blockquote pre".split())
_SKIPPED = frozenset("script style nav footer template noscript".split())


def files_in(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Every document, in order; hidden files and folders are left out."""
    found = ((path, path.relative_to(folder).parts) for folder in folders for path in ([folder] if folder.is_file() else folder.rglob("*")))
    return tuple(sorted(path for path, parts in found if path.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in parts)))


def read(folders: Sequence[Path]) -> tuple[Passage, ...]:
    """The passages of every document. Raises WrongCatalog with every document that cannot be read, each with its line."""
    problems: list[Problem] = []
    passages: list[Passage] = []
    for folder in folders:
        if not folder.exists():
            problems.append(Problem(file=str(folder), line=0, message="there is no such folder.", suggestion="'handbook' in organization.yaml names it."))
            continue
        for path in files_in((folder,)):
            passages += _document(path, folder if folder.is_dir() else folder.parent, problems)
    if problems:
        raise WrongCatalog(problems)
    return tuple(passages)


def _document(path: Path, folder: Path, problems: list[Problem]) -> tuple[Passage, ...]:
    if path.stat().st_size > MOST_BYTES:
        problems.append(Problem(file=str(path), line=0, message=f"the document has more than {MOST_BYTES:,} bytes.", suggestion="Cut it into several."))
        return ()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(file=str(path), line=0, message=f"the document cannot be read: {error}.", suggestion="Save it as UTF-8."))
        return ()
    updated = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
    name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    sheet = Sheet(source=name, title=path.stem.replace("-", " ").replace("_", " ").capitalize(), updated=updated)
    if path.suffix.lower().startswith(".htm"):
        page = _Page()
        page.feed(text)
        page.close()
        return from_markdown(page.text, replace(_headed(page.meta, sheet, str(path), problems), title=page.title or sheet.title))
    head, body = _front_matter(text, str(path), problems)
    return from_markdown(body, _headed(head, sheet, str(path), problems))


def _front_matter(text: str, file: str, problems: list[Problem]) -> tuple[Mapping[str, Any], str]:
    """What stands between two lines of three dashes at the top, and the rest."""
    found = re.match(r"---\s*\n(.*?)\n---\s*(?:\n|$)", text, flags=re.DOTALL)
    if found is None:
        return {}, text
    import yaml

    try:
        head = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        problems.append(
            Problem(file=file, line=1, message=f"the head of the document is no YAML: {str(error).splitlines()[0]}.", suggestion="Mend or remove it.")
        )
        return {}, text[found.end() :]
    return head if isinstance(head, dict) else {}, text[found.end() :]


def _headed(head: Mapping[str, Any], sheet: Sheet, file: str, problems: list[Problem]) -> Sheet:
    """What the head says; a restriction that cannot be read is an error, never no restriction."""
    audience = head.get("audience", "all")
    if audience not in ("all", "private"):
        problems.append(Problem(file=file, line=1, message=f"'audience: {audience}' is not known.", suggestion="Write all or private."))
    unknown = [key for key in ("role", "private", "sensitivity", "access") if key in head]
    for key in unknown:
        problems.append(Problem(file=file, line=1, message=f"'{key}' is not known in the head of a document.", suggestion=f"Known: {', '.join(_KNOWN)}."))
    return replace(
        sheet,
        title=str(head.get("title") or sheet.title),
        owner=str(head["owner"]) if head.get("owner") else None,
        updated=_day(head.get("updated"), file, problems) or sheet.updated,
        roles=frozenset(_texts(head.get("roles"))),
        private=audience == "private",
        about=_texts(head.get("about")),
        rooms=_texts(head.get("rooms")),
    )


def _day(value: object, file: str, problems: list[Problem]) -> date | None:
    """When a document was last looked at, None where it does not say."""
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.append(Problem(file=file, line=1, message=f"'updated: {str(value)[:40]}' is no day.", suggestion="Write one such as 2026-03-15."))
        return None


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(one) for one in value) if isinstance(value, list) else tuple(part.strip() for part in str(value).split(",") if part.strip())


class _Page(HTMLParser):
    """HTML as the few marks of Markdown that matter here: headings, paragraphs, items."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.meta: dict[str, str] = {}
        self._pieces: list[str] = []
        self._hidden: list[str] = []
        self._in_title = False

    @property
    def text(self) -> str:
        """What was read."""
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        given = dict(attrs)
        if tag == "title":
            self._in_title = True
        elif tag == "meta" and given.get("name") in _KNOWN:
            self.meta[str(given["name"])] = given.get("content") or ""
        elif tag in _SKIPPED:
            self._hidden.append(tag)
        elif re.fullmatch(r"h[1-6]", tag):
            self._pieces.append(f"\n\n{'#' * int(tag[1])} ")
        elif tag == "li":
            self._pieces.append("\n- ")
        elif tag in ("td", "th"):
            self._pieces.append(", " if self._pieces and not self._pieces[-1].endswith("\n") else "")
        elif tag in _BREAKS:
            self._pieces.append("\n\n" if tag != "br" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag == "title":
            self._in_title = False
        elif tag in self._hidden:
            self._hidden.remove(tag)
        elif tag in _BREAKS or re.fullmatch(r"h[1-6]", tag):
            self._pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if self._in_title:
            self.title += data.strip()
        elif not self._hidden:
            self._pieces.append(re.sub(r"\s+", " ", data))


def stamp(folders: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """What changes when a document does: its path, size and time."""

    def marks() -> Iterator[tuple[str, int, int]]:
        for path in files_in([folder for folder in folders if folder.exists()]):
            status = path.stat()
            yield str(path), status.st_size, status.st_mtime_ns

    return tuple(marks())
