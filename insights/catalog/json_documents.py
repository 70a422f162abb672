"""JSON as values that know their line, as `documents` does for YAML: what dbt writes is read without guessing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from insights.catalog.documents import Node, text_of
from insights.errors import Problem

_LARGEST = 64_000_000
_DEEPEST = 60
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_DECODER: Any = json.JSONDecoder()
_WORDS = ("true", "false", "null")


def load(path: Path, problems: list[Problem]) -> Node | None:
    """Read one file; what is wrong with it as JSON is added to `problems` and None comes back."""
    text = text_of(path, problems, largest=_LARGEST, meant="a manifest", form="JSON")
    if text is None:
        return None
    try:
        return _quickly(text.strip()) or _Reader(text).whole()
    except _Broken as broken:
        problems.append(
            Problem(file=str(path), line=broken.line, message=f"is not valid JSON: {broken}.", suggestion="Was it written to the end? Make it again.")
        )
    return None


def _quickly(text: str) -> Node | None:
    """A document of one line, as programs write it: every value stands in line 1. None when it takes a closer look."""
    if "\n" in text:
        return None
    try:
        return _node(json.loads(text, object_pairs_hook=_unique, parse_float=_Number, parse_int=_Number, parse_constant=_Number), 0)
    except (ValueError, RecursionError):
        return None


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _node(value: Any, depth: int) -> Node:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        return Node(1, entries={key: _node(inner, depth + 1) for key, inner in value.items()})
    if isinstance(value, list):
        return Node(1, items=[_node(inner, depth + 1) for inner in value])
    if value is None or isinstance(value, bool):
        return Node(1, text="null" if value is None else str(value).lower(), plain=True)
    if isinstance(value, _Number):
        if not _NUMBER.fullmatch(value):
            raise ValueError("no number")
        return Node(1, text=str(value), plain=True)
    return Node(1, text=value)


class _Broken(Exception):
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class _Reader:
    """One document; `line` counts the line ends up to where it stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0

    def whole(self) -> Node:
        node = self._value(0)
        if self._peek():
            raise self._broken("something follows the end")
        return node

    def _value(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise self._broken(f"it is nested deeper than {_DEEPEST} levels")
        char, line = self._peek(), self._here()
        if char == "{":
            return self._mapping(line, depth)
        if char == "[":
            return self._list(line, depth)
        if char == '"':
            return Node(line, text=self._string())
        word = next((word for word in _WORDS if self._text.startswith(word, self._at)), None)
        if word is None:
            number = _NUMBER.match(self._text, self._at)
            if number is None:
                raise self._broken("a value is missing" if char else "it ends too early")
            word = number[0]
        self._at += len(word)
        return Node(line, text=word, plain=True)

    def _mapping(self, line: int, depth: int) -> Node:
        entries: dict[str, Node] = {}
        self._at += 1
        while self._peek() != "}":
            if entries:
                self._expect(",")
            if self._peek() != '"':
                raise self._broken("a key is missing" if self._peek() else "it ends too early")
            key_line = self._here()
            key = self._string()
            self._expect(":")
            value = self._value(depth + 1)
            value.line = key_line
            if key in entries:
                raise self._broken(f"the key '{key[:80]}' is given twice")
            entries[key] = value
        self._at += 1
        return Node(line, entries=entries)

    def _list(self, line: int, depth: int) -> Node:
        items: list[Node] = []
        self._at += 1
        while self._peek() != "]":
            if items:
                self._expect(",")
            items.append(self._value(depth + 1))
        self._at += 1
        return Node(line, items=items)

    def _string(self) -> str:
        try:
            text, self._at = _DECODER.parse_string(self._text, self._at + 1, True)
        except json.JSONDecodeError as error:
            raise self._broken(error.msg.lower()) from None
        return str(text)

    def _peek(self) -> str:
        space = _SPACE.match(self._text, self._at)
        assert space is not None
        self._at = space.end()
        return self._text[self._at : self._at + 1]

    def _expect(self, char: str) -> None:
        if self._peek() != char:
            raise self._broken(f"'{char}' is missing" if self._peek() else "it ends too early")
        self._at += 1

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _broken(self, message: str) -> _Broken:
        return _Broken(message, self._here())
