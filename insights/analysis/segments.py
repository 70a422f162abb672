"""Few groups of members, named by what sets them apart: by how recently, how often and for how much they came, or by figures that are said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from insights.analysis.clusters import Floats, Ints, fifths, grouped, scaled
from insights.analysis.cohorts import key_of, said_of
from insights.analysis.data import Data
from insights.answers import Column, MetricAnswer, Row
from insights.catalog.labels import inside
from insights.catalog.model import Catalog, FieldId, Metric
from insights.errors import NotAnswerable
from insights.findings import Segment, Segments, Trait
from insights.query.about import define
from insights.query.courses import MOST_PROFILES, Event, Profiles, Within
from insights.requests import MetricQuestion, Period, Scalar

_LEAST_MEMBERS = 50
_SMALLEST = 0.02
"""Of all members, in a group that is worth a name."""
_TELLING = 0.4
"""How many deviations from everyone make a trait."""
_FAR = 2.0
_MOST_FIGURES = 6
RFM: tuple[tuple[str, Callable[[Ints, Ints], NDArray[np.bool_]]], ...] = (
    ("Best", lambda r, v: (r >= 4) & (v >= 4)),
    ("Loyal", lambda r, v: (r >= 3) & (v >= 3)),
    ("New or rare", lambda r, v: (r >= 4) & (v <= 2)),
    ("Slipping away", lambda r, v: (r <= 2) & (v >= 3)),
    ("Fading", lambda r, v: (r == 3) & (v <= 2)),
    ("Gone quiet", lambda r, v: (r <= 2) & (v <= 2)),
)
"""Names of the cells of recency by value (the mean of frequency and amount), in fifths from 1 to 5; the first that fits, and one always does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """A column: what it is, and each member's value."""

    name: str
    label: str
    unit: str | None
    values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Groups with their names, and how they were found."""

    names: tuple[str, ...]
    labels: Ints
    fit: float | None = None
    tried: tuple[tuple[int, float], ...] = ()
    apart: bool = True


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The groups with what sets them apart. Raises NotAnswerable for what has no members or no figures of them."""
    if question.group_by or question.grain is not None or question.compare is not None or any(one.metric for one in question.filters):
        raise NotAnswerable("I can form segments of all members or of one group of them.", remedy="Name the group, as in 'segment customers in EMEA'.")
    catalog, of = data.catalog, str(question.options.get("of", ""))
    key = key_of(of, catalog)
    metrics = [_metric(name, catalog) for name in question.metrics] or list(_usual(of, catalog))
    if len(metrics) > _MOST_FIGURES:
        raise NotAnswerable(f"I can form segments by {_MOST_FIGURES} figures at most.", remedy="Name fewer.")
    events = tuple(event_of(metric, of, catalog) for metric in metrics)
    covered = [data.contents.coverage[event.time].last for event in events if event.time in data.contents.coverage]
    through = min([max(covered), data.today]) if covered else data.today
    within = Within(filters=question.filters, period=question.period or Period(), through=through)
    drawn = data.course(replace(question, metrics=tuple(m.name for m in metrics)), Profiles(member=key, figures=events), within)
    if len(drawn.rows) > MOST_PROFILES:
        raise NotAnswerable(f"There are too many {said_of(of, catalog)} to be looked at one by one.", remedy="Ask about one group of them.")
    columns, last = _columns(drawn.rows, metrics)
    members = len(last)
    if members < _LEAST_MEMBERS:
        raise NotAnswerable(f"There are only {members} {said_of(of, catalog)}, too few for groups.", remedy="Ask over a longer period.")
    end = min(through, within.period.last or through)
    if question.metrics:
        made = _alike(columns, data.least)
    else:
        columns = [_Figure(name="recency", label="Days since the last", unit="days", values=end.toordinal() - last), *columns]
        made = _by_value(columns)
    least = _least(key, data)
    segments, hidden = _segments(made, columns, least)
    finding = Segments(
        members=said_of(of, catalog),
        method="alike" if question.metrics else "rfm",
        figures=tuple(one.label for one in columns),
        segments=segments,
        total=sum(one.members for one in segments),
        fit=made.fit,
        apart=made.apart,
        tried=made.tried,
        hidden=hidden,
    )
    return _told(drawn.answer, finding, columns, metrics)


def _metric(name: str, catalog: Catalog) -> Metric:
    if name not in catalog.metrics:
        raise NotAnswerable("I can form segments by metrics of the catalog.", remedy="Name them, as in 'segment customers by revenue and orders'.")
    return catalog.metrics[name]


def _usual(of: str, catalog: Catalog) -> tuple[Metric, Metric]:
    """How often and for how much: a count and a sum of money over the same rows of these members. Raises NotAnswerable where the catalog has none."""
    money = [m for m in catalog.metrics.values() if _is_plain(m, "sum", of, catalog) and m.unit is not None and len(m.unit) == 3 and m.unit.isupper()]
    money = [metric for metric in money if metric.good == "up"] or money
    for amount in sorted(money, key=lambda metric: (not metric.certified, metric.sensitivity != "internal")):
        fact = amount.aggregations[0].dataset
        counts = [m for m in catalog.metrics.values() if _is_plain(m, "count", of, catalog) and m.aggregations[0].dataset == fact and m.time == amount.time]
        if counts:
            return counts[0], amount
    raise NotAnswerable(
        f"I don't know by what to tell {said_of(of, catalog)} apart.", remedy="Say by which figures, as in 'segment customers by revenue and orders'."
    )


def _is_plain(metric: Metric, function: str, of: str, catalog: Catalog) -> bool:
    parts = metric.aggregations
    return (
        len(parts) == 1 and len(metric.formula) == 1 and parts[0].function == function and parts[0].over is None and of in catalog.reachable(parts[0].dataset)
    )


def event_of(metric: Metric, of: str, catalog: Catalog) -> Event:
    """The rows that a metric is worked out from for each member. Raises NotAnswerable for what cannot be told member by member."""
    parts = metric.aggregations
    facts = {part.dataset for part in parts}
    (fact,) = facts if len(facts) == 1 else (None,)
    if fact is None or any(part.over is not None or part.money is not None for part in parts):
        raise NotAnswerable(f"I can't tell {inside(metric.label)} member by member: it is put together from several things.", remedy="Name another figure.")
    times = {part.time or metric.time for part in parts}
    (time,) = times if len(times) == 1 else (None,)
    if time is None or time.dataset != fact or of not in catalog.reachable(fact):
        raise NotAnswerable(f"{metric.label} is not recorded for {said_of(of, catalog)} over time.", remedy="Name a figure that is.")
    return Event(dataset=fact, time=time, formula=metric.formula)


def _columns(rows: Sequence[Sequence[Scalar]], metrics: Sequence[Metric]) -> tuple[list[_Figure], Floats]:
    """A column for each figure, and the last day that each member was there. Who has nothing of a figure that adds up has none of it; else the mean."""
    place: dict[Scalar, int] = {}
    for row in sorted(rows, key=lambda one: str(one[1])):
        place.setdefault(row[1], len(place))
    last = np.zeros(len(place))
    cells = np.full((len(place), len(metrics)), np.nan)
    for number, member, amount, day in rows:
        at = place[member]
        if isinstance(amount, int | float):
            cells[at, int(str(number))] = float(amount)
        seen = day.date() if isinstance(day, datetime) else day
        if isinstance(seen, date):
            last[at] = max(last[at], seen.toordinal())
    figures = []
    for n, metric in enumerate(metrics):
        column = cells[:, n]
        known = column[~np.isnan(column)]
        nothing = 0.0 if metric.additive or not len(known) else float(known.mean())
        figures.append(_Figure(name=metric.name, label=metric.label, unit=metric.unit, values=np.where(np.isnan(column), nothing, column)))
    return figures, last


def _alike(columns: Sequence[_Figure], least: int) -> _Made:
    """Groups by k-means, with names of what sets them apart. Raises NotAnswerable where everybody is the same."""
    points = scaled(np.stack([one.values for one in columns], axis=1))
    found = grouped(points, least=max(least, round(_SMALLEST * len(points)))) if points.any() else None
    if found is None:
        raise NotAnswerable("They do not fall into groups by that.", remedy="Ask by other figures.")
    names: list[str] = []
    for n in range(int(found.labels.max()) + 1):
        names.append(_named(points[found.labels == n].mean(axis=0), columns, names))
    return _Made(names=tuple(names), labels=found.labels, fit=found.fit, tried=found.tried, apart=found.apart)


def _named(centre: Floats, columns: Sequence[_Figure], taken: Sequence[str]) -> str:
    """What sets a group apart, in as many words as tell it from those before."""
    order = sorted(range(len(columns)), key=lambda at: -abs(centre[at]))
    telling = [at for at in order if abs(centre[at]) >= _TELLING] or order[:1]
    for most in range(1, len(order) + 1):
        used = telling[:most] if most <= len(telling) else order[:most]
        words = " and ".join(f"{_level(centre[at])} {inside(columns[at].label)}" for at in used)
        name = words[:1].upper() + words[1:]
        if name not in taken and (most >= min(2, len(telling))):
            return name
    return f"{name} ({len(taken) + 1})"


def _level(apart: float) -> str:
    size = abs(apart)
    if size < _TELLING:
        return "middling"
    return ("very " if size >= _FAR else "") + ("high" if apart > 0 else "low")


def _by_value(columns: Sequence[_Figure]) -> _Made:
    """The cells of recency by value that have a name."""
    recency, often, amount = columns
    r = 6 - fifths(recency.values)
    v = np.floor((fifths(often.values) + fifths(amount.values)) / 2 + 0.5).astype(np.int64)
    labels = np.full(len(r), -1, dtype=np.int64)
    for n, (_, fits) in enumerate(RFM):
        labels = np.where((labels < 0) & fits(r, v), n, labels)
    assert (labels >= 0).all()
    return _Made(names=tuple(name for name, _ in RFM), labels=labels)


def _least(key: FieldId, data: Data) -> int:
    """The fewest members that a group may be told of."""
    catalog = data.catalog
    personal = any(catalog.datasets[name].personal for name in catalog.reachable(key.dataset) if name in catalog.datasets)
    return data.least if personal else 1


def _segments(made: _Made, columns: Sequence[_Figure], least: int) -> tuple[tuple[Segment, ...], int]:
    """The groups, the largest first, and how many are not told because too few are in them, or because they would tell those."""
    names, labels = made.names, made.labels
    sizes = {n: int((labels == n).sum()) for n in range(len(names))}
    order = sorted((n for n, size in sizes.items() if size), key=lambda n: (-sizes[n], n))
    hidden = [n for n in order if sizes[n] < least]
    while hidden and sum(sizes[n] for n in hidden) < 2 * least and len(hidden) < len(order):
        hidden.append(next(n for n in reversed(order) if n not in hidden))
    shown = [n for n in order if n not in hidden]
    if not shown:
        raise NotAnswerable("Too few are in each group to say anything about it.", remedy="Ask over a longer period.")
    inside_shown = np.isin(labels, shown)
    total = int(inside_shown.sum())
    found = []
    for n in shown:
        mine = labels == n
        traits = []
        for one in columns:
            everyone, deviation = float(one.values[inside_shown].mean()), float(one.values[inside_shown].std())
            mean = float(one.values[mine].mean())
            apart = (mean - everyone) / deviation if deviation > 0 else 0.0
            traits.append(Trait(name=one.name, label=one.label, unit=one.unit, mean=mean, everyone=everyone, apart=apart))
        found.append(Segment(name=names[n], members=sizes[n], share=sizes[n] / total, traits=tuple(traits)))
    return tuple(found), len(hidden)


def _told(drawn: MetricAnswer, found: Segments, columns: Sequence[_Figure], metrics: Sequence[Metric]) -> MetricAnswer:
    shown = (
        Column(name="segment", label="Segment", role="dimension"),
        Column(name="members", label=found.members.capitalize(), role="metric", unit=found.members),
        Column(name="members.share", label="Share", role="metric", unit="percent"),
        *(Column(name=one.name, label=f"{one.label}, mean", role="metric", unit=one.unit) for one in columns),
    )
    rows: tuple[Row, ...] = tuple(
        {"segment": one.name, "members": one.members, "members.share": one.share, **{trait.name: trait.mean for trait in one.traits}} for one in found.segments
    )
    definitions = tuple(define(metric) for metric in metrics)
    return replace(
        drawn, analysis="segments", unit=None, columns=shown, rows=rows, total_rows=len(rows), definition=definitions, hidden=found.hidden, finding=found
    )
