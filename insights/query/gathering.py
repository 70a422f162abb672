"""What a metric comes to for the key of each row: other rows, as far as whoever asks may see them, aggregated by their key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from insights.catalog.model import Aggregation, Catalog, FieldId, Gathered
from insights.catalog.values import Contents
from insights.errors import NotPermitted
from insights.permit import Grant
from insights.query.algebra import Column, Gather, Rows, Stated
from insights.query.conditions import seen
from insights.query.joins import Joining, member_of


def joining_for(catalog: Catalog, fact: str, grant: Grant, contents: Contents, root: Callable[[str], Column] | None = None) -> Joining:
    """The joins of a fact in a question that is asked within `grant`."""
    return Joining(catalog, fact, contents.repeated, root, partial(_gathered, catalog, fact, grant, contents))


def _gathered(catalog: Catalog, fact: str, grant: Grant, contents: Contents, here: Joining, of: Gathered, one: Aggregation, key: FieldId) -> Gather:
    """One aggregate by the key of its rows. Raises NotPermitted where single people must not be told of: whose figure is how large would be."""
    touched = catalog.reachable(fact) | catalog.reachable(one.dataset)
    if grant.minimum_group is not None and any(catalog.datasets[name].personal for name in touched):
        raise NotPermitted(
            f"That goes by {of.name} of each {catalog.fields[of.key].label}, which could tell something about few people.", remedy="Ask for all of them."
        )
    there = joining_for(catalog, one.dataset, grant, contents)
    conditions = [*seen(catalog, one.dataset, grant, there), *([Stated(there.row(one.where))] if one.where is not None else [])]
    operand = there.row(one.operand) if one.operand is not None else None
    member = member_of(there, catalog, one.dataset, key)
    rows = Rows(source=catalog.datasets[one.dataset].source, alias=one.dataset, joins=there.joins, conditions=tuple(conditions))
    return Gather(
        alias="", key=member_of(here, catalog, fact, of.key), of=member, rows=rows, function=one.function, operand=operand, at=one.at, discrete=one.discrete
    )
