"""Reading a mapping of a definitions file strictly: each key is asked for by name and kind; keys nobody asked for are mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, TypeVar

from insights.catalog.documents import Node
from insights.errors import Problem, nearest
from insights.requests import Scalar

Choice = TypeVar("Choice", bound=str)
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


class Notebook:
    """Collects the problems of one file, and remarks on it that need nobody to mend them."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.remarks: list[str] = []

    def report(self, line: int, message: str, suggestion: str = "") -> None:
        """Write a problem down."""
        self.problems.append(Problem(file=self.file, line=line, message=message, suggestion=suggestion))


class Section:
    """One mapping of a file. `what` says in words which ("metric 'revenue'"); `done` reports the keys nobody asked for."""

    def __init__(self, node: Node | None, notebook: Notebook, what: str) -> None:
        self.notebook = notebook
        self.what = what
        self.line = node.line if node is not None else 0
        self._entries: Mapping[str, Node] = {}
        self._asked: dict[str, None] = {}
        if node is None or node.is_null:
            return
        if node.entries is None:
            notebook.report(node.line, f"{what} must be a mapping of keys to values, not {_kind(node)}.")
        else:
            self._entries = node.entries

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def node(self, key: str) -> Node | None:
        """The value of `key`, None when it is not there or null."""
        self._asked[key] = None
        node = self._entries.get(key)
        return None if node is None or node.is_null else node

    def line_of(self, key: str) -> int:
        """The line of `key`, or that of the section."""
        node = self._entries.get(key)
        return node.line if node is not None else self.line

    def report(self, key: str | None, message: str, suggestion: str = "") -> None:
        """Write a problem down at `key`, or at the section's first line."""
        self.notebook.report(self.line_of(key) if key else self.line, message, suggestion)

    def text(self, key: str) -> str | None:
        """A text (numbers and words such as no are taken as they are written); None without one."""
        node = self.node(key)
        if node is None:
            return None
        if not node.is_scalar:
            self._wrong(key, node, "a text")
            return None
        return node.text

    def required(self, key: str, *, example: str = "") -> str | None:
        """A text that must be there and not be empty."""
        text = self.text(key)
        node = self._entries.get(key)
        if node is None or node.is_null or (node.is_scalar and not node.text.strip()):
            self.report(key if key in self else None, f"{self.what} needs '{key}'.", f"Add {example or key + ': ...'}.")
            return None
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        node = self.node(key)
        return () if node is None else self._texts(key, node)

    def lists(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts."""
        return tuple(self._texts(key, item) for item in self.items(key))

    def _texts(self, key: str, node: Node) -> tuple[str, ...]:
        if node.is_scalar:
            return (node.text,)
        found = []
        for item in node.items or ():
            if item.is_scalar and not item.is_null:
                found.append(item.text)
            else:
                self.notebook.report(item.line, f"{self.what}: '{key}' must be a list of texts; one of them is {_kind(item)}.")
        if node.items is None:
            self._wrong(key, node, "a list of texts")
        return tuple(found)

    def items(self, key: str) -> Sequence[Node]:
        """The values of a list."""
        node = self.node(key)
        if node is None:
            return ()
        if node.items is None:
            self._wrong(key, node, "a list")
            return ()
        return node.items

    def flag(self, key: str) -> bool | None:
        """True or false; None without it."""
        node = self.node(key)
        if node is None:
            return None
        word = node.text.casefold() if node.is_scalar else ""
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        self._wrong(key, node, "true or false")
        return None

    def choice(self, key: str, options: Sequence[Choice]) -> Choice | None:
        """One of a closed set of words."""
        node = self.node(key)
        if node is None:
            return None
        text = node.text.casefold() if node.is_scalar else ""
        for option in options:
            if option == text:
                return option
        near = nearest(text, options) if node.is_scalar else ""
        self.report(key, f"{self.what}: '{key}' must be {_either(options)}, not {_shown(node)}.", near)
        return None

    def whole(self, key: str, *, least: int = 0) -> int | None:
        """A whole number of at least `least`."""
        node = self.node(key)
        if node is None:
            return None
        value = node.scalar if node.is_scalar else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self._wrong(key, node, f"a whole number from {least}")
        return None

    def day(self, key: str) -> date | None:
        """A date as YYYY-MM-DD."""
        node = self.node(key)
        return None if node is None else day_of(node, self.notebook, f"{self.what}: '{key}'")

    def section(self, key: str, what: str) -> Section:
        """The mapping under `key`; an empty one when it is not there."""
        return Section(self.node(key), self.notebook, what)

    def each(self, key: str, what: str) -> Iterator[tuple[str, Section]]:
        """Name and mapping of every entry under `key`; `what` is put before the name."""
        outer = self.section(key, f"'{key}'")
        for name, node in outer.entries().items():
            yield name, Section(node if not node.is_null else Node(node.line, entries={}), self.notebook, f"{what} '{name[:80]}'")

    def entries(self) -> Mapping[str, Node]:
        """Everything in it, for mappings whose keys are names."""
        self._asked.update(dict.fromkeys(self._entries))
        return self._entries

    def done(self) -> None:
        """Report every key that nobody asked for, with the nearest that is known."""
        for key, node in self._entries.items():
            if key not in self._asked:
                hint = nearest(key, self._asked) or "Known are " + ", ".join(sorted(self._asked)) + "."
                self.notebook.report(node.line, f"{self.what} has no key '{key[:80]}'.", hint)

    def ignore_rest(self) -> None:
        """Keys nobody asked for are fine here: they belong to a later draft. That they are not read is remarked."""
        for key, node in self._entries.items():
            if key not in self._asked:
                self.notebook.remarks.append(f"{self.notebook.file}:{node.line}: {self.what}: '{key[:80]}' is not read by this version.")
        self._asked.update(dict.fromkeys(self._entries))

    def _wrong(self, key: str, node: Node, wanted: str) -> None:
        self.report(key, f"{self.what}: '{key}' must be {wanted}, not {_shown(node)}.")


def day_of(node: Node, notebook: Notebook, what: str) -> date | None:
    """A date as YYYY-MM-DD, quoted or not."""
    if node.is_scalar:
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            pass
    notebook.report(node.line, f"{what} must be a date such as 2025-03-01, not {_shown(node)}.")
    return None


def scalars_of(node: Node, notebook: Notebook, what: str) -> tuple[Scalar, ...]:
    """One plain value, or a list of them."""
    if node.is_scalar:
        return (node.scalar,)
    found = []
    for item in node.items or (node,):
        if item.is_scalar:
            found.append(item.scalar)
        else:
            notebook.report(item.line, f"{what} must be a plain value or a list of them, not {_kind(item)}.")
    return tuple(found)


def plain_of(node: Node) -> object:
    """The whole value as lists, dicts and scalars, without lines."""
    if node.entries is not None:
        return {key: plain_of(inner) for key, inner in node.entries.items()}
    if node.items is not None:
        return [plain_of(inner) for inner in node.items]
    return node.scalar


def _kind(node: Node) -> Literal["a list", "a mapping", "nothing", "a plain value"]:
    if node.items is not None:
        return "a list"
    if node.entries is not None:
        return "a mapping"
    return "nothing" if node.is_null else "a plain value"


def _shown(node: Node) -> str:
    return f"'{node.text[:60]}'" if node.is_scalar and not node.is_null else _kind(node)


def _either(options: Iterable[str]) -> str:
    *most, last = options
    return f"{', '.join(most)} or {last}" if most else last
