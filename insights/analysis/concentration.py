"""How concentrated a sum is over the values of a dimension: the share of the top, how few hold most of it, Herfindahl's index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from insights.analysis.comparison import adds_up
from insights.analysis.data import Data
from insights.answers import Column, MetricAnswer
from insights.catalog.model import Catalog, FieldId
from insights.errors import NotAnswerable
from insights.findings import Concentration
from insights.findings.spread import Tier
from insights.requests import MetricQuestion

_MOST = 0.8
_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Shares in order, the largest first; Herfindahl's index of them; how many hold the most, and how much that is."""

    shares: tuple[float, ...]
    index: float
    most: int
    most_share: float


def held(amounts: Sequence[float]) -> Held:
    """What amounts, the largest first, hold of their sum (Hirschman, 1945; Herfindahl, 1950).

    >>> held([50, 30, 20]).index, held([50, 30, 20]).most
    (0.38, 2)
    """
    total = sum(amounts)
    shares = tuple(amount / total for amount in amounts)
    so_far, most = 0.0, 0
    while most < len(shares) and so_far < _MOST - 1e-12:
        so_far, most = so_far + shares[most], most + 1
    return Held(shares=shares, index=sum(share * share for share in shares), most=most, most_share=so_far)


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The breakdown, with the share of each value and what they come to. Raises NotAnswerable for what has no shares."""
    if len(question.metrics) != 1 or len(question.group_by) != 1:
        raise NotAnswerable("I can tell how concentrated one figure is over one dimension.", remedy="Say both, as in 'how concentrated is revenue by region'.")
    (metric,), (dimension,) = question.metrics, question.group_by
    if not adds_up(metric, data):
        raise NotAnswerable("Only what adds up can be concentrated: a sum or a count.", remedy="Ask about one of those.")
    member = _member(dimension, data.catalog)
    if member is not None and data.catalog.datasets[member.dataset].personal:
        return _over_members(question, member, data)
    found = data.ask(replace(question, analysis="breakdown", order=None, limit=None, compare=None, grain=None))
    every = [(row, float(value)) for row in found.rows if isinstance(value := row[metric], (int, float))]
    rows = [(row, value) for row, value in every if row[dimension] is not None]
    if member is not None and found.total_rows != len(found.rows):
        return _over_members(question, member, data)
    if not rows or found.total_rows != len(found.rows):
        raise NotAnswerable("There are too many values, or none, to tell how concentrated that is.", remedy="Ask by another dimension, or about fewer rows.")
    if min(value for _, value in every) < 0 or sum(value for _, value in rows) <= 0:
        raise NotAnswerable("Some of it is below zero, so there are no shares.", remedy="Ask for the ranking.")
    rows.sort(key=lambda one: -one[1])
    counted = held([value for _, value in rows])
    whole = sum(value for _, value in every)
    unknown = whole - sum(value for _, value in rows)
    column = next(column for column in found.columns if column.name == dimension)
    finding = Concentration(
        dimension=dimension,
        label=column.label,
        values=len(rows),
        top=tuple((row[dimension], share) for (row, _), share in zip(rows[:_TOLD], counted.shares, strict=False)),
        index=counted.index,
        alike=1 / counted.index,
        most=counted.most,
        most_share=counted.most_share,
        tiers=(Tier(values=limit, share=sum(counted.shares[:limit])),) if (limit := question.limit) is not None and limit < len(rows) else (),
        nobody=unknown / whole if unknown > 0 and any(row[dimension] is None and value for row, value in every) else None,
    )
    told = tuple({**row, f"{metric}.share": share} for (row, _), share in zip(rows, counted.shares, strict=True))
    share = Column(name=f"{metric}.share", label="Share", role="metric", unit="percent")
    return replace(found, analysis="concentration", rows=told, columns=(*found.columns, share), total_rows=len(told), finding=finding)


def _member(dimension: str, catalog: Catalog) -> FieldId | None:
    """The key by which records are told apart that others refer to, such as customers; None for any other dimension."""
    ids = catalog.field_ids(dimension)
    id_ = ids[0] if len(ids) == 1 else None
    referred = id_ is not None and any(step.one == id_.dataset for step in catalog.relationships)
    return id_ if id_ is not None and referred and catalog.datasets[id_.dataset].primary_key == (id_.name,) else None


def _over_members(question: MetricQuestion, key: FieldId, data: Data) -> MetricAnswer:
    from insights.analysis import holders

    return holders.answer(question, key, data)
