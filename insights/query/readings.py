"""What a plan reads: its sources, the days of each, and the physical columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from insights.query.algebra import Among, Column, Gather, Join, Led, Part, Plan, Rows
from insights.query.writing import span_of
from insights.warehouse.choosing import Reading


def readings(plan: Plan) -> tuple[Reading, ...]:
    """One reading for each time that a source is read."""
    return tuple(dict.fromkeys(reading for one in _scans(plan) for reading in _read(one)))


def _read(rows: Part | Rows) -> Iterator[Reading]:
    used: dict[str, set[str]] = {}
    for column in _columns(rows):
        used.setdefault(column.alias, set()).add(column.name)
    yield Reading(source=rows.source, span=span_of(rows), columns=frozenset(used.get(rows.alias, ())))
    joins = [*rows.joins, *(rows.regrouping.joins if isinstance(rows, Part) and rows.regrouping is not None else ())]
    for join in joins:
        if isinstance(join, Join):
            yield Reading(source=join.source, columns=frozenset(used.get(join.alias, ())))


def _scans(node: Any) -> Iterator[Part | Rows]:
    """Every scan, those within conditions included."""
    for one in _nodes(node):
        if isinstance(one, Part | Rows):
            yield one


def _columns(rows: Part | Rows) -> Iterator[Column]:
    """The columns that a scan itself reads; those of scans within it are theirs."""
    stack: list[Any] = [getattr(rows, field.name) for field in fields(rows)]
    while stack:
        node = stack.pop()
        if isinstance(node, Column):
            yield node
        elif isinstance(node, Among):
            stack.append(node.member)
        elif isinstance(node, Gather):
            stack.append(node.key)
        elif isinstance(node, Led):
            stack += [node.at, node.member, *node.counts]
        elif not isinstance(node, Rows | Part):
            stack += _inside(node)


def _nodes(node: Any) -> Iterator[Any]:
    stack = [node]
    while stack:
        one = stack.pop()
        yield one
        stack += _inside(one)


def _inside(node: Any) -> list[Any]:
    if isinstance(node, tuple):
        return list(node)
    return [getattr(node, field.name) for field in fields(node)] if is_dataclass(node) and not isinstance(node, type) else []
