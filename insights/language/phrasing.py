"""Names of metrics, fields and requests as choices show them, in the company's own words."""

from __future__ import annotations

from datetime import date, timedelta

from insights.catalog.labels import inside
from insights.catalog.model import Catalog, FieldId
from insights.catalog.ways import called
from insights.language.forms import plural
from insights.requests import (
    AdHoc,
    Bin,
    ComparePeriod,
    CompareValues,
    Filter,
    Formula,
    Measure,
    MetricName,
    MetricQuestion,
    Period,
    PlainField,
    Scalar,
    TimePart,
    parse_group,
    parse_measure,
)

_FUNCTIONS = {"sum": "total", "avg": "average", "median": "median", "min": "lowest", "max": "highest", "count_distinct": "number of different"}
_MOVED = {"up": "what grew most", "down": "what fell most", "least": "what grew least", "most": "what changed most"}
_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def _ordinal(number: int) -> str:
    """A number in order: 21st, 90th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


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
            case AdHoc("percentile", dataset, str() as name, float() as at):
                return f"{_ordinal(round(at * 100))} percentile of {inside(self.field(FieldId(dataset, name)))}"
            case AdHoc(function, dataset, str() as name):
                return f"{_FUNCTIONS.get(function, function)} {inside(self.field(FieldId(dataset, name)))}"
            case Formula(left, operator, right):
                return f"{self._measure(left)} {_SIGNS[operator]} {self._measure(right)}"
            case _:
                raise ValueError(f"{measure} is no measure")

    def group(self, text: str) -> str:
        """What a request groups by or filters on, as it is said."""
        match parse_group(text):
            case PlainField(field) if (role := self._catalog.role(field)) is not None:
                return called(self._catalog, role, self._catalog.fields[self._catalog.resolve(field)])
            case PlainField(field):
                return self.field(self._catalog.resolve(field))
            case TimePart(part, field):
                return f"{_PARTS[part]} of {self.field(self._catalog.resolve(field))}"
            case Bin(field):
                return f"{self.field(self._catalog.resolve(field))} in steps"

    def request(self, request: MetricQuestion) -> str:
        """A question in a few words: the analysis, what is measured, by what, for which values and when."""
        parts = [_ANALYSES.get(request.analysis, ""), self._subject(request)]
        if request.limit:
            parts.insert(0, "top" if request.order != "asc" else "bottom")
            parts.insert(1, str(request.limit))
        inner = str(request.options.get("within", "")).split(",")
        grouped = [self.group(name) for name in request.group_by if name not in inner]
        if request.grain:
            grouped.append(" ".join(str(part) for part in (request.options.get("calendar"), request.grain) if part))
        if grouped:
            parts.append("by " + " and ".join(grouped))
        parts += [f"within each {self.group(name)}" for name in inner if name]
        parts += [self._condition(condition) for condition in request.filters]
        if isinstance(request.compare, CompareValues):
            parts.append("comparing " + " and ".join(_shown(value) for value in request.compare.values))
        if request.period is not None:
            parts.append(f"in {said(request.period)}" if request.period.days != 1 else f"on {said(request.period)}")
        parts += self._further(request)
        return " ".join(part for part in parts if part)

    def _subject(self, request: MetricQuestion) -> str:
        measured = ", ".join(self.measure(metric) for metric in request.metrics)
        dataset = request.options.get("dataset") or request.options.get("of")
        if measured or (dataset is None and not request.columns):
            return measured
        shown = [self.group(name) for name in request.columns or ()]
        named = self.dataset(str(dataset)) if dataset is not None else ""
        return f"{named} with {', '.join(shown)}" if shown and named else named or ", ".join(shown)

    def _condition(self, condition: Filter) -> str:
        values = " or ".join(_shown(value) for value in condition.values)
        if condition.dimension is None:
            return f"with {self.measure(condition.metric or '')} {condition.op} {values}"
        sign = "" if condition.op == "=" else "not " if condition.op == "!=" else f"{condition.op.replace('_', ' ')} "
        return f"for {self.group(condition.dimension)} {sign}{values}".rstrip()

    def _further(self, request: MetricQuestion) -> list[str]:
        """What stands in the options."""
        options, parts = request.options, []
        if options.get("part") is not None:
            figures = {condition.metric for condition in request.filters}
            names = (self.measure(name) if name in figures else self.group(name) for name in str(options["part"]).split(","))
            parts.append("as a share of all " + " and ".join(names))
        if options.get("running"):
            parts.append("added up")
        if options.get("moving"):
            parts.append(f"as a moving average over {options['moving']} {request.grain or 'step'}s")
        if options.get("average"):
            parts.append("on average")
        if options.get("change") is not None:
            parts.append("as growth from the year before" if options["change"] == "year" else "as growth from one to the next")
        for side, words in (("not", "and not"), ("also", "and also")):
            if f"{side}_first" in options:
                other = Period(first=_as_day(options[f"{side}_first"]), last=_as_day(options.get(f"{side}_last")))
                parts.append(f"{words} {said(other)}")
        if options.get("by") is not None:
            parts.append(f"ordered by {self.group(str(options['by']))}")
        if options.get("movers") is not None:
            parts.append(f"by {_MOVED.get(str(options['movers']), 'what moved')}")
        if options.get("target") is not None:
            parts.append(f"against {options['target']:,}" if isinstance(options["target"], int | float) else "against the target")
        for key in ("funnel", "experiment"):
            if options.get(key) is not None:
                parts.append(str(options[key]).replace("_", " "))
        if isinstance(request.compare, ComparePeriod):
            parts.append(f"compared to {said(request.compare.period)}")
        return parts


_PARTS = {
    "weekday": "day of the week",
    "hour": "hour",
    "day_of_month": "day of the month",
    "month_of_year": "month of the year",
    "quarter_of_year": "quarter of the year",
}
_ANALYSES = {
    "share": "share of",
    "drivers": "reasons for",
    "forecast": "forecast of",
    "anomalies": "what is unusual in",
    "trend": "trend of",
    "concentration": "concentration of",
    "segments": "segments of",
    "cohorts": "cohorts of",
    "funnel": "funnel",
    "experiment": "experiment",
    "pace": "pace of",
    "list": "list of",
    "briefing": "briefing",
    "correlation": "correlation of",
    "distribution": "distribution of",
}


def _as_day(value: Scalar) -> date | None:
    return value if isinstance(value, date) else None


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
