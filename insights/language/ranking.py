"""What "top", "worst" and "most" mean for a metric: the order, and how many are shown."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog
from insights.language.chunks import Ranked, Sorted
from insights.language.draft import Draft
from insights.requests import MetricName, Order, parse_measure

USUAL = 5


def order(draft: Draft, ranked: Sequence[Ranked], sort: Sequence[Sorted], catalog: Catalog) -> None:
    """Set the order and limit of a ranking."""
    if ranked:
        draft.ranking = True
        first = ranked[0]
        draft.order = _direction(first, draft, catalog)
        draft.limit = first.count
        if first.position is not None and first.position > 1:
            draft.assume(f"number {first.position} is the last of these {first.position}")
        if draft.limit is None:
            draft.limit = USUAL if first.plural else 1
            if first.plural:
                draft.assume(f"'{first.words}' shows the first {USUAL}")
    elif sort and draft.group_by:
        said = [chunk.order for chunk in sort if chunk.order]
        draft.ranking = True
        draft.order = "asc" if said and said[0] == "asc" else "desc"


def _direction(ranked: Ranked, draft: Draft, catalog: Catalog) -> Order:
    """Top and bottom are of size; best and worst depend on which way the metric is good."""
    if ranked.direction in ("top", "bottom"):
        return "desc" if ranked.direction == "top" else "asc"
    measure = parse_measure(draft.measures[0]) if draft.measures else None
    metric = catalog.metrics.get(measure.name) if isinstance(measure, MetricName) else None
    good = metric.good if metric is not None else "neither"
    label = metric.label if metric is not None else "that"
    if good == "down":
        draft.assume(f"less {label} is better")
        return "asc" if ranked.direction == "best" else "desc"
    if good == "neither":
        draft.assume(f"'{ranked.words}' is the {'highest' if ranked.direction == 'best' else 'lowest'}")
    return "desc" if ranked.direction == "best" else "asc"
