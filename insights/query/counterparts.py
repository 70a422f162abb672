"""What figures with a filter of their own leave out: who asks for the same without the filter learns that as well, by taking one from the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from insights.catalog.model import Catalog, Followed, RowExpression
from insights.permit import Grant
from insights.query.measures import Measured, measured
from insights.requests import MetricQuestion


def measures_of(question: MetricQuestion, grant: Grant, catalog: Catalog) -> tuple[Measured, ...]:
    """Everything that a question measures, conditions on its result included. Raises as `measured` does."""
    texts = dict.fromkeys((*question.metrics, *(one.metric for one in question.filters if one.metric)))
    return tuple(measured(text, catalog, grant.metrics) for text in texts)


def counterparts(measures: Iterable[Measured]) -> tuple[Measured, ...]:
    """For each filter that is a part of a metric, the rows that it leaves out, counted; one for each fact and filter.

    What followed an event has no such counterpart: its filter says which events are meant.
    """
    found: dict[tuple[str, RowExpression], Measured] = {}
    for one in measures:
        for own in one.aggregations:
            if own.where is None or isinstance(own.over, Followed):
                continue
            others: RowExpression = ("NOT coalesce((", *own.where, "), false)")
            left = replace(own, function="count", operand=None, where=others, at=None, discrete=False, money=None)
            found.setdefault((own.dataset, own.where), replace(one, formula=(left,)))
    return tuple(found.values())
