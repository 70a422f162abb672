"""What "top", "worst" and "most" mean for a metric: the order, and how many are shown."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog
from insights.language.candidates import Decisions
from insights.language.checks import UnknownWords
from insights.language.chunks import Ranked, Sorted
from insights.language.draft import Draft, Key
from insights.language.stuck import Ambiguous, Meaning
from insights.requests import MetricName, Order, parse_measure

USUAL = 5
_BIG = frozenset({"largest", "biggest", "smallest"})
_SIZES = frozenset({"longest", "shortest", "largest", "biggest", "smallest"})


def order(draft: Draft, ranked: Sequence[Ranked], sort: Sequence[Sorted], catalog: Catalog, decisions: Decisions) -> None:
    """Set the order and limit of a ranking. Raises Ambiguous for the best of what is neither good nor bad."""
    if ranked:
        _check_size(ranked[0], catalog)
        draft.ranking = True
        first = ranked[0]
        draft.order = _direction(first, draft, catalog, decisions)
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


def _check_size(ranked: Ranked, catalog: Catalog) -> None:
    """The longest of what is counted is not the most of it. Raises UnknownWords for a size that the metric does not measure."""
    if ranked.of is None or ranked.words not in _SIZES:
        return
    for name in ranked.of.metrics:
        if ranked.of.datasets and ranked.words in _BIG and _counts_members(name, catalog):
            continue  # "our biggest customers" are ranked by a figure that is yet to be said
        counts = {part.function for part in catalog.metrics[name].aggregations} <= {"count", "count_distinct"}
        if counts and len(catalog.metrics[name].formula) == 1 and not ranked.of.fields:
            raise UnknownWords((ranked.words,))


def _counts_members(name: str, catalog: Catalog) -> bool:
    return {part.function for part in catalog.metrics[name].aggregations} == {"count_distinct"}


def _direction(ranked: Ranked, draft: Draft, catalog: Catalog, decisions: Decisions) -> Order:
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
    if good == "neither":  # the worst delay is the longest, the worst score the lowest: the definitions do not say which kind this is
        decided = decisions.get(("direction", ranked.words))
        if decided in ("asc", "desc"):
            return decided
        raise Ambiguous(ranked.words, [Meaning("the highest", "desc"), Meaning("the lowest", "asc")], ("direction", ranked.words))
    return "desc" if ranked.direction == "best" else "asc"


def within(draft: Draft, outer: Sequence[Key], catalog: Catalog, *, each: bool = False) -> None:
    """ "The top 3 products in each region": what comes behind "each" or "by" are the groups to rank within, and stands first.

    `each` says that a unit of time was said like that too: "the top 3 products in each month".
    """
    inner = [key for key in draft.group_by if key not in outer]
    time = [str(draft.time_field)] if each and draft.grain is not None and draft.time_field is not None else []
    times = bool(outer) and draft.grain is not None and not time  # "the best day in each market": what is ranked are times
    if not draft.ranking or draft.limit is None or draft.analysis is not None or not (outer or time) or not (inner or times):
        return
    draft.group_by = [*outer, *inner]
    if time:
        draft.options["within"] = ",".join([*time, *(key.written(catalog) for key in outer)])
        draft.assume(f"I ranked within each {draft.grain}")
        return
    names = [key.written(catalog) for key in outer]
    draft.options["within"] = ",".join(names)
    draft.assume(f"I ranked within each {' and '.join(names).replace('_', ' ')}")
