"""YAML as values that know their line: nothing is guessed, nothing is run, and every mistake is a Problem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from insights.errors import Problem
from insights.requests import Scalar

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the parser of C where it was built: five times faster
_LARGEST = 4_000_000
_DEEPEST = 40
_MOST = 400_000
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STRING_TAGS = (None, "!", "tag:yaml.org,2002:str")


@dataclass(slots=True)
class Node:
    """One value of a document: a list, a mapping by key text, or a scalar whose `text` is as it was written.

    `line` counts from 1: that of the key where the node is a mapping's value, else of the value itself.
    """

    line: int
    items: list[Node] | None = None
    entries: dict[str, Node] | None = None
    text: str = ""
    plain: bool = False

    @property
    def scalar(self) -> Scalar:
        """The value of a scalar: only true, false, null, numbers and dates are more than text, and only where they are not quoted."""
        return _resolved(self.text) if self.plain else self.text

    @property
    def is_scalar(self) -> bool:
        """Neither a list nor a mapping."""
        return self.items is None and self.entries is None

    @property
    def is_null(self) -> bool:
        """Nothing was written."""
        return self.is_scalar and self.plain and self.text in ("", "~", "null", "Null", "NULL")


Plain: TypeAlias = Scalar | list[Any] | dict[Any, Any]


def _resolved(text: str) -> Scalar:
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def load(path: Path, problems: list[Problem]) -> Node | None:
    """Read one file; what is wrong with it as YAML is added to `problems` and None comes back when nothing can be used."""
    text = text_of(path, problems, largest=_LARGEST, meant="a file of definitions", form="YAML")
    return None if text is None else parse(text, str(path), problems)


def text_of(path: Path, problems: list[Problem], *, largest: int, meant: str, form: str) -> str | None:
    """What a file of at most `largest` bytes holds, in UTF-8; None with a problem added where it cannot be had. `meant` and `form` are what it should be."""
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problems.append(Problem(file=str(path), line=0, message=f"cannot be read: {reason}.", suggestion="Check the path and its permissions."))
        return None
    if len(content) > largest:
        problems.append(Problem(file=str(path), line=0, message=f"is larger than {largest // 1_000_000} MB.", suggestion=f"Is this really {meant}?"))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.append(Problem(file=str(path), line=line, message="is not UTF-8 text.", suggestion=f"Save it as UTF-8; is this really a {form} file?"))
        return None


def parse(text: str, file: str, problems: list[Problem]) -> Node | None:
    """Read one YAML document; see `load`."""
    composer = _Composer(file)
    root = None
    try:
        root = composer.compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "nesting depth" in str(error.problem):
            composer.report(mark.line + 1 if mark else 0, "is nested deeper than can be read.", "Is this really a file of definitions?")
            problems.extend(composer.problems)
            return root
        composer.report(mark.line + 1 if mark else 0, f"is not valid YAML: {error.problem or error.context}.", "Check indentation, quotes and colons there.")
    except (yaml.YAMLError, UnicodeError) as error:
        line = text[: error.position].count("\n") + 1 if isinstance(error, yaml.reader.ReaderError) and isinstance(error.position, int) else 0
        composer.report(line, "holds characters that YAML does not allow.", "Is this really a YAML file?")
    except _Unusable as error:
        composer.report(error.line, error.message, error.suggestion)
    problems.extend(composer.problems)
    return root


class _Unusable(Exception):
    def __init__(self, line: int, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.line, self.message, self.suggestion = line, message, suggestion


@dataclass(slots=True)
class _Open:
    """A list or mapping that has not ended; `key` is the mapping's key that waits for its value."""

    node: Node
    key: str | None = None
    key_line: int = 0


class _Composer:
    """Builds nodes from parser events without recursion, so that hostile nesting cannot exhaust the stack."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._stack: list[_Open] = []
        self._root: Node | None = None
        self._count = 0

    def report(self, line: int, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(file=self.file, line=line, message=message, suggestion=suggestion))

    def compose(self, text: str) -> Node:
        for event in yaml.parse(text, Loader=_PARSER):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.ScalarEvent):
                if event.tag not in _STRING_TAGS:
                    raise _Unusable(line, f"the tag {event.tag[:60]} is not read here.", "Write the plain value without a tag.")
                self._scalar(event.value, event.implicit[0] and event.tag is None, line)
            elif isinstance(event, yaml.MappingStartEvent):
                self._start(Node(line, entries={}))
            elif isinstance(event, yaml.SequenceStartEvent):
                self._start(Node(line, items=[]))
            elif isinstance(event, yaml.CollectionEndEvent):
                self._stack.pop()
            elif isinstance(event, yaml.AliasEvent):
                raise _Unusable(line, "aliases (*name) are not read here.", "Write the value out.")
            elif isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
                raise _Unusable(line, "a second document starts here.", "Keep one document to a file: remove the '---'.")
        return self._root or Node(1, plain=True)

    def _start(self, node: Node) -> None:
        if self._stack and self._stack[-1].node.entries is not None and self._stack[-1].key is None:
            raise _Unusable(node.line, "a key must be a word, not a list or mapping.", "Quote it if it is text.")
        if len(self._stack) >= _DEEPEST:
            raise _Unusable(node.line, f"is nested deeper than {_DEEPEST} levels.", "Is this really a file of definitions?")
        self._place(node)
        self._stack.append(_Open(node))

    def _scalar(self, text: str, plain: bool, line: int) -> None:
        if self._stack:
            top = self._stack[-1]
            if top.node.entries is not None and top.key is None:
                if plain and text == "<<":
                    raise _Unusable(line, "merge keys (<<) are not read here.", "Write the keys out.")
                top.key, top.key_line = text, line
                return
        self._place(Node(line, text=text, plain=plain))

    def _place(self, node: Node) -> None:
        self._count += 1
        if self._count > _MOST:
            raise _Unusable(node.line, f"holds more than {_MOST:,} values.", "Is this really a file of definitions?")
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        if top.node.items is not None:
            top.node.items.append(node)
            return
        assert top.node.entries is not None
        assert top.key is not None
        node.line = top.key_line
        before = top.node.entries.get(top.key)
        if before is not None:
            self.report(top.key_line, f"the key '{top.key[:80]}' is given twice, first in line {before.line}.", "Keep one of them.")
        else:
            top.node.entries[top.key] = node
        top.key = None


def of(value: Plain) -> Node:
    """The node for a value that is already in memory; all its lines are 0.

    Dates and numbers keep their kind; text stays text, whatever it looks like.
    """
    if isinstance(value, dict):
        return Node(0, entries={str(key): of(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return Node(0, items=[of(inner) for inner in value])
    if isinstance(value, str):
        return Node(0, text=value)
    if value is None or isinstance(value, bool):
        return Node(0, text=str(value).lower() if value is not None else "", plain=True)
    return Node(0, text=str(value), plain=True)
