"""What the last answer showed, by name: the rows that "the second one" and "that region" point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from insights.catalog.model import Catalog
from insights.language.forms import singular
from insights.language.leaving import fitting
from insights.language.moves import Pick
from insights.language.phrasing import said
from insights.language.timing import around, following, that_begins
from insights.requests import CompareValues, Filter, Grain, MetricQuestion, Period, PlainField, Scalar, TimePart, parse_group

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Names of rows in the order shown. `names` are as the request writes them, `labels` as people say them; `time` is the name of the time column, in `grain`.

    `highest` and `lowest` are places of rows by the first figure; the figures themselves are not kept.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    time: str | None = None
    grain: Grain | None = None
    highest: int | None = None
    lowest: int | None = None
    cut: bool = False

    def places(self, pick: Pick) -> tuple[int, ...] | None:
        """The rows that are meant, from 0; None when there are no such rows."""
        count = len(self.rows)
        if pick.every:
            return tuple(range(count)) if count == pick.every else None
        sizes = {"highest": self.highest, "lowest": self.lowest}
        chosen = [place - 1 if place > 0 else count + place for place in pick.places] + [sizes[size] for size in pick.sizes]
        if any(place is None or not 0 <= place < count for place in chosen) or (self.cut and any(place < 0 for place in pick.places)):
            return None
        return tuple(place for place in chosen if place is not None)

    def bucket(self, value: Scalar, catalog: Catalog) -> str:
        """A bucket of time in words."""
        return said(_bucket(value, self.grain, None, catalog)) if value is not None and self.grain is not None else "unknown"

    def called(self, name: str) -> bool:
        """Whether the rows are named so: "region", "regions", "one"."""
        words = tuple(singular(word) for word in name.split())
        return words == ("one",) or any(words == tuple(singular(word) for word in label.casefold().split()) for label in self.labels)


def without(request: MetricQuestion, shown: Shown, place: int) -> MetricQuestion | None:
    """The question without one row of its answer, and as many of the others as were shown. None where its rows go by times, or by several names at once."""
    name = shown.names[0]
    if len(shown.names) != 1 or name == shown.time or request.limit == 1 or not isinstance(parse_group(name), PlainField | TimePart):
        return None
    value = shown.rows[place][0]
    fewer = None if request.limit is None else request.limit - 1
    if fewer is not None and place == len(shown.rows) - 1 == fewer:
        return replace(request, limit=fewer)  # the last of some: the others come first without it
    out = Filter(dimension=name, op="not_null") if value is None else Filter(dimension=name, op="!=", values=(value,))
    return replace(request, limit=fewer, filters=(*request.filters, out))


def narrowed(request: MetricQuestion, shown: Shown, places: Sequence[int], catalog: Catalog) -> MetricQuestion | None:
    """The question for these rows of its answer alone: what named them becomes conditions. None where rows are not known by a name."""
    filters, period = list(request.filters), request.period
    kept = list(request.group_by)
    for column, name in enumerate(shown.names):
        values = tuple(dict.fromkeys(shown.rows[place][column] for place in places))
        if name == shown.time:
            if len(values) > 1 or shown.grain is None or values[0] is None:
                return None
            period = _bucket(values[0], shown.grain, request.period, catalog)
            continue
        if not isinstance(parse_group(name), PlainField | TimePart) or (None in values and len(values) > 1):
            return None
        filters = [condition for condition in filters if condition.dimension != name]
        filters.append(Filter(dimension=name, op="is_null") if values == (None,) else Filter(dimension=name, values=values))
        if len(values) == 1 and name in kept:
            kept.remove(name)
    grain = None if shown.time is not None else request.grain
    compare = None if isinstance(request.compare, CompareValues) and request.compare.dimension in shown.names else request.compare
    base = replace(
        request, compare=compare, filters=tuple(filters), period=period, group_by=tuple(kept), grain=grain, limit=None, order=None, columns=None, options={}
    )
    if base.analysis == "compare" and compare is None:
        base = replace(base, analysis="breakdown" if base.group_by else "value")
    if base.analysis == "ranking" and base.group_by:
        base = replace(base, analysis="breakdown")
    return fitting(
        replace(base, analysis="value") if base.analysis in ("share", "breakdown", "ranking", "series") and not base.group_by and not base.grain else base
    )


def _bucket(value: Scalar, grain: Grain, within: Period | None, catalog: Catalog) -> Period:
    """The days of a bucket that the question covered."""
    first = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    whole = around(first, grain, that_begins(first, grain, catalog))
    last = following(Period(first=first, last=first), "").first if whole.last is None else whole.last
    if within is not None:
        first = max(first, within.first) if within.first else first
        last = min(last, within.last) if within.last and last else last
    return Period(first=first, last=last, words=f"that {grain}")


def _kept(value: Scalar) -> Scalar:
    return value.isoformat() if isinstance(value, date) else value


def of_rows(
    names: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Scalar]], *, figure: str | None, time: str | None, grain: Grain | None
) -> Shown | None:
    """What an answer's rows are called; `names` with labels, `figure` the name of the first figure. None when rows have no names."""
    if not names or not rows:
        return None
    figures = [(row.get(figure), place) for place, row in enumerate(rows[:MOST])] if figure is not None else []
    numbers = [(value, place) for value, place in figures if isinstance(value, int | float) and not isinstance(value, bool)]
    whole = len(rows) <= MOST
    return Shown(
        names=tuple(name for name, _ in names),
        labels=tuple(label for _, label in names),
        rows=tuple(tuple(_kept(row.get(name)) for name, _ in names) for row in rows[:MOST]),
        time=time,
        grain=grain,
        highest=max(numbers)[1] if numbers and whole else None,
        lowest=min(numbers)[1] if numbers and whole else None,
        cut=not whole,
    )
