"""What a dbt metric is made of: measures or other metrics, with the filters, windows and fillers that are said of them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from insights.catalog.dbt_pieces import Shelf, says_something
from insights.catalog.declared import DeclaredMetric
from insights.catalog.documents import Node
from insights.catalog.model import Length
from insights.catalog.notes import MetricNotes, Part
from insights.catalog.sections import Section

_UNITS: tuple[Literal["hour", "day", "week", "month", "quarter", "year"], ...] = ("hour", "day", "week", "month", "quarter", "year")
Filters = tuple[Part, ...]


class LeftOut(Exception):
    """A metric that cannot be answered by this version."""

    def __init__(self, line: int, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.line, self.message, self.suggestion = line, message, suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a metric is made of: a measure or another metric, by name, with what is said about it there."""

    name: str
    line: int
    alias: str
    filters: Filters = ()
    fill: str | None = None
    spined: bool = False
    offset: Node | None = None
    to_grain: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The metrics by name, as the model says them, with notes as the overlay would have them; `refused` says why others are not there."""

    metrics: dict[str, DeclaredMetric]
    notes: dict[str, MetricNotes]
    refused: dict[str, str]


def inputs_of(params: Section, kind: str, shelf: Shelf) -> list[Input]:
    """The metrics that a ratio or a derived one is made of. Raises LeftOut."""
    if kind == "ratio":
        return [input_of(params, "numerator"), input_of(params, "denominator")]
    found = [_read(Section(node, shelf.wrong, f"a part of {params.what}")) for node in params.items("metrics")]
    if not found:
        raise LeftOut(params.line, "it names no metrics that it is derived from.")
    return found


def input_of(params: Section, key: str) -> Input:
    """The one under `key`. Raises LeftOut without one."""
    if params.node(key) is None:
        raise LeftOut(params.line, f"it has no '{key}'.")
    return _read(params.section(key, f"the {key} of {params.what}"))


def _read(section: Section) -> Input:
    name = section.required("name") or ""
    fill, window = section.node("fill_nulls_with"), section.node("offset_window")
    return Input(
        name=name,
        line=section.line,
        alias=section.text("alias") or name,
        filters=filters_of(section, "filter"),
        fill=fill.text if fill is not None else None,
        spined=section.flag("join_to_timespine") or False,
        offset=window if window is not None and says_something(window) else None,
        to_grain=section.text("offset_to_grain"),
    )


def filters_of(section: Section, key: str) -> Filters:
    """The conditions of a filter, however old the manifest: a text, a list, or a mapping of `where_filters`."""
    node = section.node(key)
    if node is None or not says_something(node):
        return ()
    if node.entries is not None and "where_filters" in node.entries:
        node = node.entries["where_filters"]
    found = []
    for item in node.items if node.items is not None else [node]:
        text = (item.entries or {}).get("where_sql_template") if item.entries is not None else item
        if text is None or not text.is_scalar:
            section.report(key, f"{section.what}: a filter must be a text.")
        else:
            found.append(Part(text=text.text, line=item.line))
    return tuple(found)


def window_of(node: Node) -> tuple[int, str]:
    """Count and granularity of a window, `7 days` or {count, granularity}. Raises LeftOut."""
    if node.entries is not None:
        count, grain = node.entries.get("count"), node.entries.get("granularity")
        words = [count.text if count else "", grain.text if grain else ""]
    else:
        words = node.text.split()
    if len(words) != 2 or not words[0].isdigit() or not words[1]:
        raise LeftOut(node.line, f"'{' '.join(words)[:40]}' is no window of time.", "Write one such as 7 days.")
    return int(words[0]), words[1].casefold().removesuffix("s")


def length_of(node: Node) -> Length:
    """The window as a length of time. Raises LeftOut for a granularity of the project's own."""
    count, grain = window_of(node)
    unit = next((unit for unit in _UNITS if unit == grain), None)
    if unit is None:
        raise LeftOut(node.line, f"a window of {count} {grain[:40]} cannot be answered.", f"There is {', '.join(_UNITS)}.")
    return Length(count, unit)
