"""Reads the metrics of a dbt manifest into what the model and the overlay would say of them, one small metric for each filtered part."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from insights.catalog import dbt_over_time as over_time
from insights.catalog.dbt_conditions import condition
from insights.catalog.dbt_inputs import Filters, Input, LeftOut, Made, filters_of, input_of, inputs_of
from insights.catalog.dbt_measures import Measure, read_measure
from insights.catalog.dbt_models import SemanticModels
from insights.catalog.dbt_pieces import Shelf, owner_of, unknown_keys, words_of
from insights.catalog.declared import NO_WORDS, DeclaredMetric, Expression, Words
from insights.catalog.documents import Node
from insights.catalog.notes import MetricNotes, Part
from insights.catalog.scopes import listing
from insights.catalog.sections import Section
from insights.catalog.speakable import label_of
from insights.errors import nearest

_KEYS = ("name", "description", "type", "type_params", "filter", "metadata", "label", "config", "time_granularity", "datatype")
_BEHIND = re.compile(r"\s*\([^()]*\)$")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NAME = re.compile(r"'(?:[^']|'')*'|[A-Za-z_]\w*")


class DbtMetrics:
    """Builds every metric once for each set of filters it is used with."""

    def __init__(self, nodes: list[Node], models: SemanticModels, shelf: Shelf) -> None:
        self._models = models
        self._shelf = shelf
        self._sections: dict[str, Section] = {}
        self._doing: list[str] = []
        self._variants: dict[tuple[str, Filters, bool], str] = {}
        self.made = Made({}, {}, {})
        for node in nodes:
            section = Section(node, shelf.wrong, "a metric")
            name = section.required("name")
            if name is None:
                continue
            section.what = f"metric '{name[:80]}'"
            if self._sections.setdefault(name, section) is not section:
                section.report("name", f"{section.what} is declared twice.", "Keep one of them.")

    def all(self) -> Made:
        """Every metric, and one for each measure that makes its own."""
        for name, section in self._sections.items():
            try:
                self._metric(name, ())
            except LeftOut as left:
                self.made.refused[name] = left.message
                self._shelf.leave_out(left.line or section.line, f"metric '{name[:80]}' is left out: {left.message}", left.suggestion)
        for measure in self._models.measures.values():
            if measure.create_metric and measure.name not in self._sections:
                self._simple(measure.name, measure, (), None, words=measure.words)
        self._shorten()
        return self.made

    def _shorten(self) -> None:
        """What stands in parentheses behind a label ("Revenue (USD)") need not be said where the rest is nobody else's name."""
        shown = {name: notes for name, notes in self.made.notes.items() if not notes.hidden}
        said = Counter(label_of(name) for name in shown)
        said.update(notes.words.label.casefold() for notes in shown.values() if notes.words.label)
        short = {name: _BEHIND.sub("", notes.words.label) for name, notes in shown.items() if notes.words.label and _BEHIND.search(notes.words.label)}
        said.update(label.casefold() for name, label in short.items() if label.casefold() != label_of(name))
        for name, label in short.items():
            if label and said[label.casefold()] == 1:
                words = replace(shown[name].words, synonyms=(*shown[name].words.synonyms, label))
                self.made.notes[name] = replace(shown[name], words=words)

    def _metric(self, name: str, extra: Filters, *, known: bool = False) -> str:
        """The name of the metric with more filters, made now if it was not; where it must be `known`, a sum of no rows is no 0."""
        if (name, extra, known) in self._variants:
            return self._variants[name, extra, known]
        section = self._sections.get(name)
        if section is None:
            raise LeftOut(0, f"there is no metric '{name[:80]}'.", nearest(name, self._sections) or listing(self._sections))
        if name in self._doing:
            raise LeftOut(section.line, f"it is defined by itself, by way of {' -> '.join((*self._doing, name))}.", "Break the circle.")
        if name in self.made.refused:
            raise LeftOut(section.line, f"it is made of '{name}', which is left out.")
        self._doing.append(name)
        try:
            own = name if not extra and not known else self._spare(name)
            self._build(own, section, (*filters_of(section, "filter"), *extra), known=known)
            self._variants[name, extra, known] = own
            return own
        finally:
            self._doing.pop()

    def _spare(self, name: str) -> str:
        """A name for a part that nothing else has."""
        number = 1
        while (made := f"{name}__{number}") in self.made.notes or made in self._sections:
            number += 1
        return made

    def _build(self, name: str, section: Section, filters: Filters, *, known: bool) -> None:
        if unknown_keys(section, _KEYS, self._shelf):
            raise LeftOut(section.line, "it has keys that this version does not know.")
        kind = (section.required("type") or "").casefold()
        params = section.section("type_params", f"the type_params of {section.what}")
        if kind == "simple":
            self._simple_metric(name, section, params, filters, known=known)
        elif kind in ("ratio", "derived"):
            self._computed(name, kind, section, params, filters, known=known)
        elif kind == "cumulative":
            over_time.cumulative(self, name, section, params, filters, known=known)
        elif kind == "conversion":
            over_time.conversion(self, name, section, params, filters)
        else:
            raise LeftOut(section.line_of("type"), f"metrics of the type '{kind[:40]}' cannot be answered by this version.")

    def _simple_metric(self, name: str, section: Section, params: Section, filters: Filters, *, known: bool) -> None:
        given, measure = self._of(section, params)
        if given.fill is not None and not _NUMBER.fullmatch(given.fill):
            raise LeftOut(given.line, f"no rows count as '{given.fill[:40]}' (fill_nulls_with), which is no number.")
        if known and given.fill is None and measure.non_additive is None:
            measure = replace(measure, known=True)
        self._simple(name, measure, (*given.filters, *filters), given.fill, words=words_of(section), section=section)

    def _of(self, section: Section, params: Section) -> tuple[Input, Measure]:
        """What a simple metric is of."""
        if params.node("metric_aggregation_params") is not None:
            measure = self._own_measure(section, params)
            given = Input(name=measure.name, line=section.line, alias=measure.name)
            fill = params.node("fill_nulls_with")
            return replace(given, fill=fill.text if fill is not None else None, spined=params.flag("join_to_timespine") or False), measure
        given = input_of(params, "measure")
        return given, self.measure_of(given)

    def _rows(self, name: str, filters: Filters, through: tuple[str, ...] = ()) -> set[tuple[str, Filters]]:
        """Whose rows a metric reads: the semantic models, each with the filters."""
        section = self._sections.get(name)
        if section is None:
            return set()
        filters = (*filters_of(section, "filter"), *filters)
        params = section.section("type_params", f"the type_params of {section.what}")
        kind = (section.text("type") or "").casefold()
        if kind == "simple":
            given, measure = self._of(section, params)
            return {(measure.model, tuple(Part(text=one.text.strip(), line=0) for one in (*given.filters, *filters)))}
        if kind in ("ratio", "derived") and name not in through:
            return {rows for part in inputs_of(params, kind, self._shelf) for rows in self._rows(part.name, (*part.filters, *filters), (*through, name))}
        return {(name, filters)}

    def _simple(self, name: str, measure: Measure, filters: Filters, fill: str | None, *, words: Words, section: Section | None = None) -> None:
        """A metric of one measure."""
        if measure.refused:
            raise LeftOut(measure.line, f"its measure '{measure.name}': {measure.refused}")
        if measure.non_additive is not None:
            over_time.balance(self, name, measure, filters, fill, words=words, section=section)
            return
        where = condition(filters, measure, self._models, self._shelf, lambda other: self._metric(other, ()))
        text = measure.formula if fill is None else f"COALESCE({measure.formula}, {fill})"
        self.made.metrics[name] = DeclaredMetric(
            name=name, line=section.line if section else measure.line, expression=Expression(text=text, dialect="ANSI_SQL", line=measure.line), words=words,
            hidden=name not in self._sections and section is not None,
        )  # fmt: skip
        self.made.notes[name] = MetricNotes(
            name=name,
            line=section.line if section else measure.line,
            words=Words(label=words.label),
            time=measure.time,
            time_line=measure.line,
            filter=where,
            owner=owner_of(section) if section else None,
            of_model=True,
            hidden=name not in self._sections and section is not None,
        )

    def notes_of(self, name: str, section: Section) -> MetricNotes:
        """What is said of every metric, however it is computed."""
        line, words = section.line, words_of(section)
        hidden = name not in self._sections
        return MetricNotes(name=name, line=line, type_line=line, words=words, owner=owner_of(section), of_model=True, hidden=hidden)

    def hidden(self, measure: Measure, filters: Filters, fill: str | None = None) -> Part:
        """A part of a metric that has no name of its own."""
        own = self._spare(measure.name)
        self._simple(own, measure, filters, fill, words=NO_WORDS)
        self.made.metrics[own] = replace(self.made.metrics[own], hidden=True)
        self.made.notes[own] = replace(self.made.notes[own], hidden=True)
        return Part(text=own, line=measure.line)

    def _own_measure(self, section: Section, params: Section) -> Measure:
        """The aggregate that a newer manifest writes into the metric itself."""
        inner = params.section("metric_aggregation_params", f"the metric_aggregation_params of {section.what}")
        model = self._models.all.get(inner.required("semantic_model") or "")
        if model is None:
            raise LeftOut(inner.line, "its semantic model does not exist.", listing(self._models.all))
        name = section.text("name") or ""
        if model.measures.get(name) is not None:
            return model.measures[name]
        measure = read_measure(name, model.name, inner, model.default_time, self._shelf, within=True)
        operand = params.text("expr") or inner.text("expr") or name
        operand = f"CASE WHEN {operand} THEN 1 ELSE 0 END" if measure.aggregate == "sum_boolean" else operand
        return self._models.add(replace(measure, operand="1" if operand.strip() == "*" else operand, line=section.line))

    def measure_of(self, given: Input) -> Measure:
        """The measure of an input. Raises LeftOut without one."""
        measure = self._models.measures.get(given.name)
        if measure is None:
            raise LeftOut(given.line, f"there is no measure '{given.name[:80]}'.", nearest(given.name, self._models.measures) or listing(self._models.measures))
        return measure

    def _computed(self, name: str, kind: str, section: Section, params: Section, filters: Filters, *, known: bool) -> None:
        """A ratio or a formula of other metrics; the filters of the whole hold for each of its parts."""
        parts = inputs_of(params, kind, self._shelf)
        shifted = any(part.offset is not None or part.to_grain is not None for part in parts)
        several = kind == "derived" and len({rows for part in parts for rows in self._rows(part.name, (*part.filters, *filters))}) > 1
        known = known or shifted or several
        made = [Part(text=self.part(part, filters, known=known), line=part.line) for part in parts]
        notes = self.notes_of(name, section)
        if kind == "ratio":
            self.made.notes[name] = replace(notes, type="ratio", numerator=made[0], denominator=made[1])
            return
        used = {part.alias: one.text for part, one in zip(parts, made, strict=True)}
        text = params.required("expr") or ""
        written = _NAME.sub(lambda found: used[found[0]] if found[0] in used else found[0], text)
        self.made.notes[name] = replace(notes, type="derived", expression=Part(text=written, line=params.line_of("expr")))

    def part(self, part: Input, filters: Filters, *, known: bool = False) -> str:
        """The name of another metric with filters, made now if it was not. Raises LeftOut for what cannot be answered."""
        name = self._metric(part.name, (*part.filters, *filters), known=known)
        return name if part.offset is None and part.to_grain is None else over_time.earlier(self, name, part, self._spare(f"{part.name}_before"))
