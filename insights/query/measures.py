"""What is measured: metrics, ad-hoc aggregates and formulas, as arithmetic over aggregates of facts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from insights.answers import Column, Definition
from insights.catalog.labels import inside, plural
from insights.catalog.model import Aggregation, Balance, Catalog, Earlier, Field, FieldId, MetricFormula, UpTo
from insights.catalog.money import marked
from insights.errors import NotAnswerable, NotPermitted, UnknownThing, nearest
from insights.query.about import define
from insights.query.linearity import is_linear
from insights.requests import AdHoc, Formula, Measure, MetricName, parse_measure

WORDS = {"sum": "total", "avg": "average", "median": "median", "min": "lowest", "max": "highest", "count": "number of", "count_distinct": "number of different"}
_FILLED = re.compile(r", (-?\d{1,15}(?:\.\d{1,15})?)\)")
OPERATORS = {"+": "plus", "-": "minus", "*": "times", "/": "per"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure of a question: `text` as the request writes it, and its meaning. `times` are the time fields its metrics are defined over.

    `additive` is what the catalog says of a metric.
    """

    text: str
    formula: MetricFormula
    definition: Definition
    times: tuple[FieldId, ...] = ()
    additive: bool = False

    @property
    def aggregations(self) -> tuple[Aggregation, ...]:
        """The distinct aggregates it is made of."""
        return tuple(dict.fromkeys(part for part in self.formula if isinstance(part, Aggregation)))

    @property
    def adds_up(self) -> bool:
        """Whether no rows mean zero and parts make a whole: sums and counts, added or subtracted, never divided."""
        words = "".join(part for part in self.formula if isinstance(part, str))
        return all(a.function in ("sum", "count") for a in self.aggregations) and not set(words) - set("+-() ")

    @property
    def stands(self) -> bool:
        """Whether it tells how things stood at the end of each period or at another time, so that periods do not add up."""
        return any(isinstance(a.over, UpTo | Balance | Earlier) for a in self.aggregations)

    @property
    def is_empty_zero(self) -> bool:
        """Whether no rows mean zero, as for sums and counts; a balance that nobody recorded is unknown, and so is an earlier time without rows."""
        return self.nature in ("sum", "distinct") and not any(isinstance(a.over, Balance | Earlier) for a in self.aggregations)

    @property
    def filled(self) -> int | float | None:
        """What a time without rows counts as, where the definition says another number than 0: `COALESCE(SUM(...), 1)`."""
        match self.formula:
            case ("COALESCE(", Aggregation(over=None), str(rest)) if found := _FILLED.fullmatch(rest):
                return float(found[1]) if "." in found[1] else int(found[1])
            case _:
                return None

    @property
    def nature(self) -> Literal["sum", "distinct", "other"]:
        """Whether its parts make a whole (sums and counts, scaled by constants), whether it is one distinct count, or neither."""
        if (
            len(self.formula) == 1
            and self.aggregations
            and self.aggregations[0].function == "count_distinct"
            and not isinstance(_figure(self.aggregations[0]), Balance)
        ):
            return "distinct"
        if any(a.function not in ("sum", "count") or (isinstance(over := _figure(a), Balance) and over.take in ("min", "max")) for a in self.aggregations):
            return "other"
        linear = is_linear(self.formula)
        return "sum" if self.adds_up or linear or (linear is None and self.additive) else "other"

    @property
    def column(self) -> Column:
        """Its column in the answer."""
        return Column(name=self.text, label=self.definition.label, role="metric", unit=self.definition.unit)


def _figure(part: Aggregation) -> object:
    """Over what an aggregate is, at whatever time."""
    return part.over.figure if isinstance(part.over, Earlier) else part.over


def measured(text: str, catalog: Catalog, allowed: Collection[str]) -> Measured:
    """The meaning of one measure, of metrics among `allowed`.

    Raises UnknownThing for a name that does not exist, NotPermitted for a metric that is not allowed, NotAnswerable for an aggregate nobody may ask for.
    """
    try:
        measure = parse_measure(text)
    except ValueError as mistake:
        raise UnknownThing(f"I don't know what '{text}' measures.", remedy=nearest(text, allowed)) from mistake
    return _meaning(text, measure, catalog, allowed)


def _meaning(text: str, measure: Measure, catalog: Catalog, allowed: Collection[str]) -> Measured:
    match measure:
        case MetricName(name):
            return _metric(text, name, catalog, allowed)
        case AdHoc():
            return _ad_hoc(text, measure, catalog)
        case Formula(left, operator, right):
            first, second = _meaning("", left, catalog, allowed), _meaning("", right, catalog, allowed)
            ending = ("NULLIF(", *second.formula, ", 0))") if operator == "/" else ("(", *second.formula, "))")
            return Measured(
                text=text,
                formula=("((", *first.formula, f") {operator} ", *ending),
                definition=Definition(
                    name=text,
                    label=f"{first.definition.label} {OPERATORS[operator]} {second.definition.label}",
                    expression=text,
                    unit=_unit(first.definition.unit, operator, second.definition.unit),
                    sensitivity=max((first.definition.sensitivity, second.definition.sensitivity), key=("public", "internal", "confidential").index),
                ),
                times=(*first.times, *second.times),
            )


def _metric(text: str, name: str, catalog: Catalog, allowed: Collection[str]) -> Measured:
    metric = catalog.metrics.get(name)
    if metric is None:
        raise UnknownThing(f"There is no metric '{name}' here.", remedy=nearest(name, allowed))
    if name not in allowed:
        raise NotPermitted(f"{metric.label} is not for you to see here.", remedy="Ask the data owner for access.")
    if metric.endpoint is not None:
        raise NotAnswerable(f"A model predicts {inside(metric.label)}, so I can't work with it.", remedy="Ask for it by itself, or over time.")
    return Measured(text=text, formula=metric.formula, definition=define(metric), times=(metric.time,) if metric.time else (), additive=metric.additive)


def _ad_hoc(text: str, asked: AdHoc, catalog: Catalog) -> Measured:
    dataset = catalog.datasets.get(asked.dataset)
    if dataset is None:
        raise UnknownThing(f"There is no dataset '{asked.dataset}' here.", remedy=nearest(asked.dataset, _open(catalog)))
    name, operand, unit = dataset.label or dataset.name.replace("_", " "), None, None
    if asked.field is not None:
        field = dataset.fields.get(asked.field)
        if field is None:
            raise UnknownThing(f"{name.capitalize()} have no '{asked.field}'.", remedy=nearest(asked.field, dataset.fields))
        if asked.function == "percentile" and field.percentiles:
            return _percentile(text, asked, field, catalog)
        if asked.function not in field.aggregates:
            what = f"the {WORDS.get(asked.function, asked.function)} {field.label}"
            options = [f"{WORDS[function]} {field.label}" for function in field.aggregates]
            raise NotAnswerable(f"I can't give {what}.", remedy="" if options else "Nothing but its values may be asked for.", options=options)
        name, operand, unit = field.label, field.id, field.unit
    elif asked.function != "count":
        raise NotAnswerable(f"I can count {name}, but a {WORDS[asked.function]} needs a field of them.")
    counts = asked.function in ("count", "count_distinct")
    counted = plural(inside(name)) if asked.function == "count_distinct" else name
    spelled = f"{asked.function}({asked.dataset}{'.' + asked.field if asked.field else ''})"
    return Measured(
        text=text,
        formula=marked((Aggregation(function=asked.function, dataset=asked.dataset, operand=(operand,) if operand else None),), unit, catalog),
        definition=Definition(
            name=text or spelled,
            label=_called(WORDS[asked.function], counted),
            expression=spelled,
            unit=counted if counts else unit,
            sensitivity=dataset.sensitivity,
        ),
    )


def _percentile(text: str, asked: AdHoc, field: Field, catalog: Catalog) -> Measured:
    """What so many in a hundred of the values are at most."""
    part = Aggregation(function="percentile", dataset=asked.dataset, operand=(field.id,), at=asked.at)
    spelled = f"p{round((asked.at or 0) * 100)}({field.id})"
    label = f"{formatted(asked.at or 0)} percentile of {inside(field.label)}"
    sensitivity = catalog.datasets[asked.dataset].sensitivity
    definition = Definition(name=text or spelled, label=label, expression=spelled, unit=field.unit, sensitivity=sensitivity)
    return Measured(text=text, formula=marked((part,), field.unit, catalog), definition=definition)


def formatted(fraction: float) -> str:
    """A fraction as the number of a percentile.

    >>> formatted(0.95), formatted(0.5), formatted(0.91), formatted(0.12)
    ('95th', '50th', '91st', '12th')
    """
    number = round(fraction * 100)
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _open(catalog: Catalog) -> list[str]:
    """The datasets that anybody may know of."""
    return [dataset.name for dataset in catalog.datasets.values() if dataset.sensitivity != "confidential"]


def _unit(left: str | None, operator: str, right: str | None) -> str | None:
    """The unit of a formula: that of the left side, unless equal units cancel or differ."""
    if operator == "/":
        return None if left == right else left
    if operator == "*":
        return left if right in (None, "percent") else right if left in (None, "percent") else None
    return left if left == right else None


def _called(function: str, name: str) -> str:
    """What an aggregate is called, written as a label is: "Average departure delay"; a name in capitals keeps them."""
    return f"{function[:1].upper()}{function[1:]} {inside(name)}"
