"""Reads the metrics of a dbt manifest into what the model and the overlay would say of them, one small metric for each filtered part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from insights.catalog.dbt_measures import Measure, read_measure
from insights.catalog.dbt_models import STORED, SemanticModels
from insights.catalog.dbt_pieces import Shelf, owner_of, says_something, unknown_keys, words_of
from insights.catalog.dbt_where import Reference, template_of
from insights.catalog.declared import NO_WORDS, DeclaredMetric, Expression, Words
from insights.catalog.documents import Node
from insights.catalog.model import Length, Take
from insights.catalog.notes import MetricNotes, Part
from insights.catalog.scopes import ExpressionError, listing
from insights.catalog.sections import Section
from insights.catalog.speakable import label_of
from insights.errors import nearest

_KEYS = ("name", "description", "type", "type_params", "filter", "metadata", "label", "config", "time_granularity", "datatype")
_BEHIND = re.compile(r"\s*\([^()]*\)$")
_NAME = re.compile(r"'(?:[^']|'')*'|[A-Za-z_]\w*")
TO_DATE: tuple[Literal["month", "quarter", "year"], ...] = ("month", "quarter", "year")
_UNITS: tuple[Literal["hour", "day", "week", "month", "quarter", "year"], ...] = ("hour", "day", "week", "month", "quarter", "year")
Filters = tuple[Part, ...]


class _LeftOut(Exception):
    """A metric that cannot be answered by this version."""

    def __init__(self, line: int, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.line, self.message, self.suggestion = line, message, suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a metric is made of: a measure or another metric, by name, with what is said about it there."""

    name: str
    line: int
    alias: str
    filters: Filters = ()
    fill: str | None = None
    spined: bool = False
    offset: tuple[int, str] | None = None
    to_grain: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The metrics by name, as the model says them, with notes as the overlay would have them; `refused` says why others are not there."""

    metrics: dict[str, DeclaredMetric]
    notes: dict[str, MetricNotes]
    refused: dict[str, str]


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
            except _LeftOut as left:
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
            raise _LeftOut(0, f"there is no metric '{name[:80]}'.", nearest(name, self._sections) or listing(self._sections))
        if name in self._doing:
            raise _LeftOut(section.line, f"it is defined by itself, by way of {' -> '.join((*self._doing, name))}.", "Break the circle.")
        if name in self.made.refused:
            raise _LeftOut(section.line, f"it is made of '{name}', which is left out.")
        self._doing.append(name)
        try:
            own = name if not extra and not known else self._spare(name)
            self._build(own, section, (*_filters(section, "filter"), *extra), known=known)
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
            raise _LeftOut(section.line, "it has keys that this version does not know.")
        kind = (section.required("type") or "").casefold()
        params = section.section("type_params", f"the type_params of {section.what}")
        if kind == "simple":
            self._simple_metric(name, section, params, filters, known=known)
        elif kind in ("ratio", "derived"):
            self._computed(name, kind, section, params, filters)
        elif kind == "cumulative":
            self._cumulative(name, section, params, filters)
        elif kind == "conversion":
            self._conversion(name, section, params, filters)
        else:
            raise _LeftOut(section.line_of("type"), f"metrics of the type '{kind[:40]}' cannot be answered by this version.")

    def _simple_metric(self, name: str, section: Section, params: Section, filters: Filters, *, known: bool) -> None:
        given, measure = self._of(section, params)
        if given.spined and given.fill not in (None, "0"):
            raise _LeftOut(given.line, f"a period without rows counts as {given.fill} (fill_nulls_with, join_to_timespine), which cannot be said here.")
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
        given = self._input(params, "measure")
        return given, self._measure(given)

    def _rows(self, name: str, filters: Filters, through: tuple[str, ...] = ()) -> set[tuple[str, Filters]]:
        """Whose rows a metric reads: the semantic models, each with the filters."""
        section = self._sections.get(name)
        if section is None:
            return set()
        filters = (*_filters(section, "filter"), *filters)
        params = section.section("type_params", f"the type_params of {section.what}")
        kind = (section.text("type") or "").casefold()
        if kind == "simple":
            given, measure = self._of(section, params)
            return {(measure.model, tuple(Part(text=one.text.strip(), line=0) for one in (*given.filters, *filters)))}
        if kind in ("ratio", "derived") and name not in through:
            return {rows for part in self._inputs(params, kind) for rows in self._rows(part.name, (*part.filters, *filters), (*through, name))}
        return {(name, filters)}

    def _simple(self, name: str, measure: Measure, filters: Filters, fill: str | None, *, words: Words, section: Section | None = None) -> None:
        """A metric of one measure."""
        if measure.refused:
            raise _LeftOut(measure.line, f"its measure '{measure.name}': {measure.refused}")
        if measure.non_additive is not None:
            self._balance(name, measure, filters, fill, words=words, section=section)
            return
        condition = self._condition(filters, measure)
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
            filter=condition,
            owner=owner_of(section) if section else None,
            of_model=True,
            hidden=name not in self._sections and section is not None,
        )

    def _notes(self, name: str, section: Section) -> MetricNotes:
        """What is said of every metric, however it is computed."""
        line, words = section.line, words_of(section)
        hidden = name not in self._sections
        return MetricNotes(name=name, line=line, type_line=line, words=words, owner=owner_of(section), of_model=True, hidden=hidden)

    def _balance(self, name: str, measure: Measure, filters: Filters, fill: str | None, *, words: Words, section: Section | None) -> None:
        """A metric of a measure that does not add up along time: the rows of the first or the last instant, for each of its groupings."""
        one = measure.non_additive
        assert one is not None
        if measure.time is None or one.name != measure.time.name:
            raise _LeftOut(measure.line, f"its measure '{measure.name}' does not add up along '{one.name}', which is not the time it is reported by.")
        if one.choice not in ("min", "max"):
            raise _LeftOut(measure.line, f"its measure '{measure.name}' takes the {one.choice[:20]} of a time.", "There is min and max.")
        of = self._hidden(name, replace(measure, non_additive=None), filters, fill)
        per = tuple(Part(text=f"{measure.model}.{grouping}", line=measure.line) for grouping in one.groupings)
        notes = self._notes(name, section) if section is not None else MetricNotes(name=name, line=measure.line, words=words, of_model=True)
        take: Take = "last" if one.choice == "max" else "first"
        self.made.notes[name] = replace(notes, type="balance", of=of, take=take, per=per, carried=False, time=measure.time, time_line=measure.line)

    def _hidden(self, name: str, measure: Measure, filters: Filters, fill: str | None = None) -> Part:
        """A part of a metric that has no name of its own."""
        own = self._spare(name)
        self._simple(own, measure, filters, fill, words=NO_WORDS)
        self.made.metrics[own] = replace(self.made.metrics[own], hidden=True)
        self.made.notes[own] = replace(self.made.notes[own], hidden=True)
        return Part(text=own, line=measure.line)

    def _event(self, name: str, params: Section, measure: str, metric: str, filters: Filters) -> Part:
        """The metric that a cumulative or a conversion is of: made of a measure, or (in newer manifests) another metric."""
        if params.node(metric) is not None:
            part = self._input(params, metric)
            return Part(text=self._part(part, filters), line=part.line)
        given = self._input(params, measure)
        return self._hidden(name, self._measure(given), (*given.filters, *filters), given.fill)

    def _cumulative(self, name: str, section: Section, params: Section, filters: Filters) -> None:
        """Everything up to the end of a period: all of it, a window, or since the start of a larger one."""
        own = params.section("cumulative_type_params", f"the cumulative_type_params of {section.what}")
        node = own.node("window") or params.node("window")
        grain = own.text("grain_to_date") or params.text("grain_to_date")
        window = self._length(node) if node is not None else None
        of = self._event(name, own if own.node("metric") is not None else params, "measure", "metric", filters)
        told: Literal["first", "last", "average"] | None = own.choice("period_agg", ("first", "last", "average")) if own.node("period_agg") else "first"
        if told is None:
            raise _LeftOut(own.line_of("period_agg"), "what is told of a longer period (period_agg) is not known.", "There is first, last and average.")
        to_date = next((known for known in TO_DATE if known == (grain or "").casefold()), None)
        if grain is not None and to_date is None:
            raise _LeftOut(
                own.line_of("grain_to_date"), f"it starts anew each {grain[:40]}, which cannot be answered by this version.", f"There is {', '.join(TO_DATE)}."
            )
        self.made.notes[name] = replace(self._notes(name, section), type="cumulative", of=of, window=window, to_date=to_date, period_agg=told, with_data=False)

    def _conversion(self, name: str, section: Section, params: Section, filters: Filters) -> None:
        """How many events of one kind were followed by one of another."""
        own = params.section("conversion_type_params", f"the conversion_type_params of {section.what}")
        constant = own.node("constant_properties")
        if constant is not None and says_something(constant):
            raise _LeftOut(
                own.line_of("constant_properties"),
                "what must stay the same (constant_properties) cannot be said here.",
                "Leave it out, or follow the events by another entity.",
            )
        node, calculation = own.node("window"), (own.text("calculation") or "conversion_rate").casefold()
        if calculation not in ("conversion_rate", "conversions"):
            raise _LeftOut(own.line_of("calculation"), f"the calculation '{calculation[:40]}' is not known.", "There is conversion_rate and conversions.")
        base = self._event(name, own, "base_measure", "base_metric", filters)
        goal = self._event(name, own, "conversion_measure", "conversion_metric", ())
        by = Part(text=own.required("entity") or "", line=own.line_of("entity"))
        within = self._length(node) if node is not None else None
        self.made.notes[name] = replace(
            self._notes(name, section), type="conversion", base=base, goal=goal, by=by, within=within, counts=calculation == "conversions"
        )  # fmt: skip

    def _length(self, node: Node) -> Length:
        count, grain = window_of(node)
        unit = next((unit for unit in _UNITS if unit == grain), None)
        if unit is None:
            raise _LeftOut(node.line, f"a window of {count} {grain[:40]} cannot be answered.", f"There is {', '.join(_UNITS)}.")
        return Length(count, unit)

    def _own_measure(self, section: Section, params: Section) -> Measure:
        """The aggregate that a newer manifest writes into the metric itself."""
        inner = params.section("metric_aggregation_params", f"the metric_aggregation_params of {section.what}")
        model = self._models.all.get(inner.required("semantic_model") or "")
        if model is None:
            raise _LeftOut(inner.line, "its semantic model does not exist.", listing(self._models.all))
        name = section.text("name") or ""
        if model.measures.get(name) is not None:
            return model.measures[name]
        measure = read_measure(name, model.name, inner, model.default_time, self._shelf, within=True)
        operand = params.text("expr") or inner.text("expr") or name
        operand = f"CASE WHEN {operand} THEN 1 ELSE 0 END" if measure.aggregate == "sum_boolean" else operand
        return self._models.add(replace(measure, operand="1" if operand.strip() == "*" else operand, line=section.line))

    def _measure(self, given: Input) -> Measure:
        measure = self._models.measures.get(given.name)
        if measure is None:
            raise _LeftOut(
                given.line, f"there is no measure '{given.name[:80]}'.", nearest(given.name, self._models.measures) or listing(self._models.measures)
            )
        return measure

    def _computed(self, name: str, kind: str, section: Section, params: Section, filters: Filters) -> None:
        """A ratio or a formula of other metrics; the filters of the whole hold for each of its parts."""
        parts = self._inputs(params, kind)
        known = kind == "derived" and len({rows for part in parts for rows in self._rows(part.name, (*part.filters, *filters))}) > 1
        used = {part.alias: Part(text=self._part(part, filters, known=known), line=part.line) for part in parts}
        notes = self._notes(name, section)
        if kind == "ratio":
            top, bottom = (Part(text=self._part(part, filters), line=part.line) for part in parts)
            self.made.notes[name] = replace(notes, type="ratio", numerator=top, denominator=bottom)
            return
        text = params.required("expr") or ""
        written = _NAME.sub(lambda found: used[found[0]].text if found[0] in used else found[0], text)
        self.made.notes[name] = replace(notes, type="derived", expression=Part(text=written, line=params.line_of("expr")))

    def _part(self, part: Input, filters: Filters, *, known: bool = False) -> str:
        if part.offset is not None or part.to_grain is not None:
            raise _LeftOut(part.line, f"'{part.name}' of another time (offset) cannot be answered by this version.")
        return self._metric(part.name, (*part.filters, *filters), known=known)

    def _inputs(self, params: Section, kind: str) -> list[Input]:
        if kind == "ratio":
            return [self._input(params, "numerator"), self._input(params, "denominator")]
        found = [self._read_input(Section(node, self._shelf.wrong, f"a part of {params.what}")) for node in params.items("metrics")]
        if not found:
            raise _LeftOut(params.line, "it names no metrics that it is derived from.")
        return found

    def _input(self, params: Section, key: str) -> Input:
        if params.node(key) is None:
            raise _LeftOut(params.line, f"it has no '{key}'.")
        return self._read_input(params.section(key, f"the {key} of {params.what}"))

    def _read_input(self, section: Section) -> Input:
        name = section.required("name") or ""
        fill, window = section.node("fill_nulls_with"), section.node("offset_window")
        return Input(
            name=name,
            line=section.line,
            alias=section.text("alias") or name,
            filters=_filters(section, "filter"),
            fill=fill.text if fill is not None else None,
            spined=section.flag("join_to_timespine") or False,
            offset=window_of(window) if window is not None else None,
            to_grain=section.text("offset_to_grain"),
        )

    def _condition(self, filters: Filters, measure: Measure) -> Part | None:
        """The filters in the fields of the model. Raises _LeftOut for what they cannot say."""
        written = []
        for part in dict.fromkeys(filters):
            try:
                written.append("".join(self._piece(piece, measure) for piece in template_of(part.text.strip(), self._shelf.grains)))
            except ExpressionError as error:
                raise _LeftOut(part.line, error.message, error.suggestion) from None
        if not written:
            return None
        text = written[0] if len(written) == 1 else " AND ".join(f"({one})" for one in written)
        return Part(text=text, line=filters[0].line, dialect=self._shelf.dialect)

    def _piece(self, piece: str | Reference, measure: Measure) -> str:
        if not isinstance(piece, Reference):
            return piece
        field, own = self._models.field(piece, measure)
        grain = piece.grain or own
        text = str(field)
        if grain is not None and piece.kind == "dimension" and not (grain == own and grain in STORED):
            text = self._shelf.truncated(grain, text)
        return _EXTRACTED[piece.part].format(text) if piece.part is not None else text


_EXTRACTED: Mapping[str, str] = {part: f"EXTRACT({part.upper()} FROM {{}})" for part in ("year", "quarter", "month", "day", "doy")} | {
    "dow": "EXTRACT(ISODOW FROM {})"
}


def _filters(section: Section, key: str) -> Filters:
    """The conditions of a filter, however old the manifest: a text, a list, or a mapping of `where_filters`."""
    node = section.node(key)
    if node is None or not says_something(node):
        return ()
    if node.entries is not None and "where_filters" in node.entries:
        node = node.entries["where_filters"]
    found = []
    for item in node.items if node.items is not None else [node]:
        text = (item.entries or {}).get("where_sql_template") if item.entries is not None else item
        if text is None or not text.is_scalar:
            section.report(key, f"{section.what}: a filter must be a text.")
        else:
            found.append(Part(text=text.text, line=item.line))
    return tuple(found)


def window_of(node: Node) -> tuple[int, str]:
    """Count and granularity of a window, `7 days` or {count, granularity}. Raises _LeftOut."""
    if node.entries is not None:
        count, grain = node.entries.get("count"), node.entries.get("granularity")
        words = [count.text if count else "", grain.text if grain else ""]
    else:
        words = node.text.split()
    if len(words) != 2 or not words[0].isdigit() or not words[1]:
        raise _LeftOut(node.line, f"'{' '.join(words)[:40]}' is no window of time.", "Write one such as 7 days.")
    return int(words[0]), words[1].casefold().removesuffix("s")
