"""Metrics and groups as a question writes them, and everything of the catalog that a question names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from insights.requests.questions import AGGREGATES, AggregateFunction, CompareValues, MetricQuestion


@dataclass(frozen=True, slots=True)
class MetricName:
    """A metric of the catalog."""

    name: str


@dataclass(frozen=True, slots=True)
class AdHoc:
    """An aggregate that no metric declares, over `dataset.field`; `count(orders)` has only the dataset (`field` None).

    A percentile such as `p95(orders.amount)` is that of the fraction `at`.
    """

    function: AggregateFunction | Literal["percentile"]
    dataset: str
    field: str | None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic of two measures, never certified."""

    left: Measure
    operator: Literal["+", "-", "*", "/"]
    right: Measure


Measure = MetricName | AdHoc | Formula
Part = Literal["weekday", "hour", "day_of_month", "month_of_year", "quarter_of_year"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, slots=True)
class PlainField:
    """A field by its own values, as a request names it: bare, or `dataset.field`."""

    field: str


@dataclass(frozen=True, slots=True)
class TimePart:
    """A recurring part of a time field: `weekday` ("monday".."sunday"), `hour` (0..23), `day_of_month`, `month_of_year`, `quarter_of_year` (from 1)."""

    part: Part
    field: str


@dataclass(frozen=True, slots=True)
class Bin:
    """A numeric field in steps of one width."""

    field: str


GroupKey = PlainField | TimePart | Bin
_READ = 4096
"""How many texts are remembered as they were read: rights are decided several times on every question."""


@lru_cache(_READ)
def parse_measure(text: str) -> Measure:
    """Read a metric as a request writes it.

    >>> parse_measure("avg(orders.discount)")
    AdHoc(function='avg', dataset='orders', field='discount', at=None)
    >>> parse_measure("revenue / customers")
    Formula(left=MetricName(name='revenue'), operator='/', right=MetricName(name='customers'))

    Raises ValueError when the text is none of the three forms.
    """
    tokens = text.split(" ")
    if len(tokens) == 3 and tokens[1] in ("+", "-", "*", "/"):
        operator: Literal["+", "-", "*", "/"] = tokens[1]  # type: ignore[assignment]  # narrowed by the line above
        return Formula(parse_measure(tokens[0]), operator, parse_measure(tokens[2]))
    if text.endswith(")") and not _is_bare_field(text.partition("(")[0]):
        function, _, inner = text[:-1].partition("(")
        if function[:1] == "p" and function[1:].isascii() and function[1:].isdigit() and 0 < int(function[1:]) < 100 and _is_bare_field(inner):
            of, _, value = inner.partition(".")
            return AdHoc("percentile", of, value, int(function[1:]) / 100)
        if function not in AGGREGATES or not inner:
            raise ValueError(f"{text!r} is not an aggregate of a field; there is {', '.join(AGGREGATES)}")
        dataset, dot, name = inner.partition(".")
        return AdHoc(function, dataset, name if dot else None)
    if not _is_bare_field(text) and not text.replace("_", "").replace("-", "").replace(".", "").isalnum():
        raise ValueError(f"{text!r} is not the name of a metric")
    return MetricName(text)


def _is_bare_field(text: str) -> bool:
    """Whether it is `dataset.field`, whose field may be called as a column of a file is, with white space and marks."""
    dataset, _, name = text.partition(".")
    return bool(name.strip()) and dataset.replace("_", "").replace("-", "").isalnum()


@lru_cache(_READ)
def parse_group(text: str) -> GroupKey:
    """Read what a request groups by, filters on or lists: a field, a part of a time field, or a numeric field in bins.

    >>> parse_group("region")
    PlainField(field='region')
    >>> parse_group("weekday(orders.ordered_on)")
    TimePart(part='weekday', field='orders.ordered_on')
    >>> parse_group("bin(orders.amount)")
    Bin(field='orders.amount')

    Raises ValueError when the text is none of the three forms.
    """
    if not text.endswith(")"):
        if not text or "(" in text:
            raise ValueError(f"{text!r} is not the name of a field")
        return PlainField(text)
    name, _, inner = text[:-1].partition("(")
    if not inner or "(" in inner or ")" in inner:
        raise ValueError(f"{text!r} is not a part of a field")
    if name == "bin":
        return Bin(inner)
    for part in PARTS:
        if name == part:
            return TimePart(part, inner)
    raise ValueError(f"{text!r} is not a part of a field; there is bin, {', '.join(PARTS)}")


_FIELD_OPTIONS = ("part", "within", "members", "by")
_DATASET_OPTIONS = ("dataset", "of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Everything of the catalog that a question names: measures, fields (as the request writes them, without their part or bin), datasets.

    A bare field that is correlated or distributed stands among the measures as a `MetricName`. `topic` is what an `about` is about: any of the three.
    """

    measures: tuple[Measure, ...] = ()
    fields: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    topic: str | None = None


def named_in(question: MetricQuestion) -> Named:
    """What a question names, wherever it stands: rights are decided on this, so every form of a question must be read here.

    Raises ValueError when a metric or a group is written in no form that exists.
    """
    options = question.options
    measures = [parse_measure(text) for text in (*question.metrics, *(f.metric for f in question.filters if f.metric))]
    written = [*question.group_by, *(f.dimension for f in question.filters if f.dimension), *(question.columns or ()), *filter(None, (question.time_field,))]
    if isinstance(question.compare, CompareValues):
        written.append(question.compare.dimension)
    for key in _FIELD_OPTIONS:
        written += [name for name in str(options[key]).split(",") if name] if options.get(key) is not None else []
    datasets = [str(options[key]) for key in _DATASET_OPTIONS if options.get(key) is not None]
    topic = options.get("topic")
    return Named(
        measures=tuple(measures),
        fields=tuple(dict.fromkeys(parse_group(name).field for name in written)),
        datasets=tuple(dict.fromkeys(datasets)),
        topic=topic if isinstance(topic, str) else None,
    )
