"""Names of metrics, fields and requests as choices show them, in the company's own words."""

from __future__ import annotations

from datetime import date, timedelta

from insights.catalog.labels import inside
from insights.catalog.model import Catalog, FieldId
from insights.language.forms import plural
from insights.requests import AdHoc, CompareValues, Formula, Measure, MetricName, MetricQuestion, Period, Scalar, parse_measure

_FUNCTIONS = {"sum": "total", "avg": "average", "median": "median", "min": "lowest", "max": "highest", "count_distinct": "number of different"}
_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


class Phrasing:
    """Says things of one catalog in its own labels."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def field(self, id_: FieldId, *, full: bool = False) -> str:
        """The label of a field, with its dataset when asked for."""
        label = self._catalog.fields[id_].label or id_.name.replace("_", " ")
        return f"{label} of {self.dataset(id_.dataset)}" if full else label

    def dataset(self, name: str) -> str:
        """The label of a dataset."""
        return (self._catalog.datasets[name].label or name.replace("_", " ")).lower()

    def measure(self, text: str) -> str:
        """A metric, an aggregate or a formula as it is said."""
        return self._measure(parse_measure(text))

    def _measure(self, measure: Measure) -> str:
        match measure:
            case MetricName(name) if name not in self._catalog.metrics:
                return inside(self.field(self._catalog.resolve(name)))
            case MetricName(name):
                return self._catalog.metrics[name].label or name
            case AdHoc(_, dataset, None):
                return f"number of {plural(self.dataset(dataset)) if not self.dataset(dataset).endswith('s') else self.dataset(dataset)}"
            case AdHoc(function, dataset, str() as name):
                return f"{_FUNCTIONS.get(function, function)} {inside(self.field(FieldId(dataset, name)))}"
            case Formula(left, operator, right):
                return f"{self._measure(left)} {_SIGNS[operator]} {self._measure(right)}"
            case _:
                raise ValueError(f"{measure} is no measure")

    def request(self, request: MetricQuestion) -> str:
        """A question in a few words: what is measured, by what, for which values and when."""
        parts = [", ".join(self.measure(metric) for metric in request.metrics)]
        if request.limit:
            parts.insert(0, "top" if request.order != "asc" else "bottom")
            parts.insert(1, str(request.limit))
        grouped = [self.field(self._catalog.resolve(name)) for name in request.group_by]
        if request.grain:
            grouped.append(request.grain)
        if grouped:
            parts.append("by " + " and ".join(grouped))
        for condition in request.filters:
            if condition.dimension is not None:
                sign = "" if condition.op == "=" else "not " if condition.op == "!=" else f"{condition.op} "
                values = " or ".join(_shown(value) for value in condition.values)
                parts.append(f"for {self.field(self._catalog.resolve(condition.dimension))} {sign}{values}".rstrip())
        if isinstance(request.compare, CompareValues):
            parts.append("comparing " + " and ".join(_shown(value) for value in request.compare.values))
        if request.period is not None:
            parts.append(f"in {said(request.period)}" if request.period.days != 1 else f"on {said(request.period)}")
        return " ".join(part for part in parts if part)


def _shown(value: Scalar) -> str:
    return str(value)


def said(period: Period) -> str:
    """The days of a period in words, as short as they are clear.

    >>> said(Period(first=date(2026, 7, 1), last=date(2026, 9, 30))), said(Period(first=date(2026, 7, 1), last=date(2026, 7, 1)))
    ('July to September 2026', 'July 1, 2026')
    """
    first, last = period.first, period.last
    if first is None and last is None:
        return "all time"
    if first is None or last is None:
        return f"from {_day(first)} on" if first is not None else f"up to {_day(last)}" if last is not None else ""
    if first == last:
        return _day(first)
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        return _months(first, last)
    if first.year == last.year:
        return f"{_MONTHS[first.month - 1]} {first.day} to {_day(last)}"
    return f"{_day(first)} to {_day(last)}"


def _months(first: date, last: date) -> str:
    start, end = _MONTHS[first.month - 1], _MONTHS[last.month - 1]
    if first.month == 1 and last.month == 12:
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    if first.year == last.year:
        return f"{start} {first.year}" if first.month == last.month else f"{start} to {end} {last.year}"
    return f"{start} {first.year} to {end} {last.year}"


def _day(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
