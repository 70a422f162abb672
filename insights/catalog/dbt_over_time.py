"""Reads the dbt metrics that count other rows than those of the period itself: balances, cumulative ones and conversions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, Protocol

from insights.catalog.dbt_inputs import Filters, Input, LeftOut, Made, input_of, length_of
from insights.catalog.dbt_measures import Measure
from insights.catalog.declared import Words
from insights.catalog.model import StartOf, Take
from insights.catalog.notes import MetricNotes, Part
from insights.catalog.sections import Section

START_OF: tuple[StartOf, ...] = ("week", "month", "quarter", "year")
_NAMES = re.compile(r"[A-Za-z_]\w*")
TO_DATE: tuple[Literal["month", "quarter", "year"], ...] = ("month", "quarter", "year")


class Builder(Protocol):
    """What builds the metrics that these are made of."""

    made: Made

    def notes_of(self, name: str, section: Section) -> MetricNotes:
        """What is said of every metric, however it is computed."""

    def hidden(self, measure: Measure, filters: Filters, fill: str | None = None) -> Part:
        """A part of a metric that has no name of its own."""

    def part(self, part: Input, filters: Filters, *, known: bool = False) -> str:
        """The name of a metric with filters."""

    def measure_of(self, given: Input) -> Measure:
        """The measure of an input. Raises LeftOut without one."""


def balance(made: Builder, name: str, measure: Measure, filters: Filters, fill: str | None, *, words: Words, section: Section | None) -> None:
    """A metric of a measure that does not add up along time: the rows of the first or the last instant, for each of its groupings."""
    one = measure.non_additive
    assert one is not None
    if measure.time is None or one.name != measure.time.name:
        raise LeftOut(measure.line, f"its measure '{measure.name}' does not add up along '{one.name}', which is not the time it is reported by.")
    if one.choice not in ("min", "max"):
        raise LeftOut(measure.line, f"its measure '{measure.name}' takes the {one.choice[:20]} of a time.", "There is min and max.")
    of = made.hidden(replace(measure, non_additive=None), filters, fill)
    per = tuple(Part(text=f"{measure.model}.{grouping}", line=measure.line) for grouping in one.groupings)
    notes = made.notes_of(name, section) if section is not None else MetricNotes(name=name, line=measure.line, words=words, of_model=True)
    take: Take = "last" if one.choice == "max" else "first"
    made.made.notes[name] = replace(notes, type="balance", of=of, take=take, per=per, carried=False, time=measure.time, time_line=measure.line)


def earlier(made: Builder, of: str, part: Input, name: str) -> str:
    """The name of a part that is the metric `of` at an earlier time (offset_window, offset_to_grain). Raises LeftOut."""
    if part.offset is not None and part.to_grain is not None:
        raise LeftOut(part.line, f"'{part.name}' has an offset_window and an offset_to_grain.", "Keep one of them.")
    layered = _layered(of, made.made.notes)
    if layered is not None:
        raise LeftOut(part.line, f"'{part.name}' is or holds {layered}, of which another time (offset) cannot be answered by this version.")
    start_of = next((known for known in START_OF if known == (part.to_grain or "").casefold()), None)
    if part.to_grain is not None and start_of is None:
        raise LeftOut(part.line, f"the start of a {part.to_grain[:40]} (offset_to_grain) cannot be answered.", f"There is {', '.join(START_OF)}.")
    notes = MetricNotes(name=name, line=part.line, type_line=part.line, type="earlier", of=Part(text=of, line=part.line), of_model=True, hidden=True)
    made.made.notes[name] = replace(notes, ago=length_of(part.offset) if part.offset is not None else None, start_of=start_of)
    return name


def _layered(name: str, notes: Mapping[str, MetricNotes]) -> str | None:
    """What a metric, or one that it is made of, is that is not told of another time; None for nothing of the kind."""
    one = notes.get(name)
    if one is None:
        return None
    if one.type == "conversion":
        return "a conversion metric"
    parts = [part.text for part in (one.numerator, one.denominator, one.of) if part is not None]
    parts += [word for word in _NAMES.findall(one.expression.text) if word in notes] if one.expression is not None else []
    return next((found for part in parts if (found := _layered(part, notes)) is not None), None)


def _event(made: Builder, params: Section, measure: str, metric: str, filters: Filters, *, known: bool = False) -> Part:
    """The metric that a cumulative or a conversion is of: made of a measure, or (in newer manifests) another metric."""
    if params.node(metric) is not None:
        part = input_of(params, metric)
        return Part(text=made.part(part, filters, known=known), line=part.line)
    given = input_of(params, measure)
    return made.hidden(replace(made.measure_of(given), known=known and given.fill is None), (*given.filters, *filters), given.fill)


def cumulative(made: Builder, name: str, section: Section, params: Section, filters: Filters, *, known: bool = False) -> None:
    """Everything up to the end of a period: all of it, a window, or since the start of a larger one."""
    own = params.section("cumulative_type_params", f"the cumulative_type_params of {section.what}")
    node = own.node("window") or params.node("window")
    grain = own.text("grain_to_date") or params.text("grain_to_date")
    window = length_of(node) if node is not None else None
    of = _event(made, own if own.node("metric") is not None else params, "measure", "metric", filters, known=known)
    told: Literal["first", "last", "average"] | None = own.choice("period_agg", ("first", "last", "average")) if own.node("period_agg") else "first"
    if told is None:
        raise LeftOut(own.line_of("period_agg"), "what is told of a longer period (period_agg) is not known.", "There is first, last and average.")
    to_date = next((known for known in TO_DATE if known == (grain or "").casefold()), None)
    if grain is not None and to_date is None:
        raise LeftOut(
            own.line_of("grain_to_date"), f"it starts anew each {grain[:40]}, which cannot be answered by this version.", f"There is {', '.join(TO_DATE)}."
        )
    made.made.notes[name] = replace(made.notes_of(name, section), type="cumulative", of=of, window=window, to_date=to_date, period_agg=told, with_data=False)


def conversion(made: Builder, name: str, section: Section, params: Section, filters: Filters) -> None:
    """How many events of one kind were followed by one of another."""
    own = params.section("conversion_type_params", f"the conversion_type_params of {section.what}")
    same = tuple(_constant(Section(one, own.notebook, "a constant property")) for one in own.items("constant_properties"))
    node, calculation = own.node("window"), (own.text("calculation") or "conversion_rate").casefold()
    if calculation not in ("conversion_rate", "conversions"):
        raise LeftOut(own.line_of("calculation"), f"the calculation '{calculation[:40]}' is not known.", "There is conversion_rate and conversions.")
    base = _event(made, own, "base_measure", "base_metric", filters)
    goal = _event(made, own, "conversion_measure", "conversion_metric", ())
    by = Part(text=own.required("entity") or "", line=own.line_of("entity"))
    within = length_of(node) if node is not None else None
    made.made.notes[name] = replace(
        made.notes_of(name, section), type="conversion", base=base, goal=goal, by=by, within=within, same=same, counts=calculation == "conversions"
    )  # fmt: skip


def _constant(section: Section) -> tuple[Part, Part]:
    """What must be the same of both events. Raises LeftOut for anything else that is said of it."""
    named = [section.required(key) or "" for key in ("base_property", "conversion_property")]
    if len(section.entries()) != len(named) or not all(named):
        raise LeftOut(section.line, "what must stay the same (constant_properties) is said in a way that is not known.")
    one, other = (Part(text=name, line=section.line) for name in named)
    return one, other
