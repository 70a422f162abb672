"""Compiles declared metrics: the expressions of the model, and the ratios and derived metrics of the overlay, with their filters and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from insights.catalog import money, over_time
from insights.catalog.datasets import spoken
from insights.catalog.declared import NO_WORDS, Declared
from insights.catalog.expressions import CompiledMetric, compile_condition, compile_metric
from insights.catalog.gathering import GatheredScope, calls, gathered
from insights.catalog.inheriting import inherited_filter, inherited_sensitivity, inherited_unit
from insights.catalog.metric_times import timed
from insights.catalog.metric_words import expression_words, filter_words
from insights.catalog.model import (
    Aggregation,
    Catalog,
    ColumnRef,
    Endpoint,
    Field,
    FieldId,
    Gathered,
    Metric,
    MetricFormula,
    RowExpression,
)
from insights.catalog.notes import MetricNotes, Overlay
from insights.catalog.pieces import MetricScope, divided
from insights.catalog.scopes import ExpressionError, FieldScope, Parts, joined, listing
from insights.catalog.sections import Notebook
from insights.catalog.speakable import label_of
from insights.errors import nearest
from insights.lake.source import Kind


class _Wrong(Exception):
    """A metric that cannot be compiled; where that is said."""

    def __init__(self, *, notebook: Notebook, line: int, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.notebook, self.line, self.message, self.suggestion = notebook, line, message, suggestion


class _Told(Exception):
    """A metric is made of one whose mistake has been written down already: one mistake is one problem."""


class Metrics:
    """Compiles every metric once, in whatever order they refer to each other. `shape` is the catalog without its metrics."""

    def __init__(
        self, declared: Declared, overlay: Overlay, shape: Catalog, columns: Mapping[str, Mapping[str, Kind] | None], books: tuple[Notebook, Notebook]
    ) -> None:
        self._declared = declared
        self._overlay = overlay
        self._shape = shape
        self._model_book, self._overlay_book = books
        self._fields = {name: {field.id.name: field.kind for field in dataset.fields.values()} for name, dataset in shape.datasets.items()}
        self._columns = {name: known for name, known in columns.items() if known is not None}
        self.implied: dict[FieldId, Field] = {}
        self._done: dict[str, Metric | None] = {}
        self._doing: list[str] = []

    def all(self) -> Mapping[str, Metric]:
        """The metrics in the order of the model, then of the overlay; mistakes are in the notebooks."""
        names = dict.fromkeys((*self._declared.metrics, *self._overlay.metrics))
        made = {name: self._metric(name) for name in names}
        return {name: metric for name, metric in made.items() if metric is not None}

    def _metric(self, name: str) -> Metric | None:
        if name not in self._done:
            self._doing.append(name)
            try:
                self._done[name] = self._compile(name)
            except _Told:
                self._done[name] = None
            except _Wrong as wrong:
                self._done[name] = None
                wrong.notebook.report(wrong.line, f"metric '{name}': {wrong.message}", wrong.suggestion)
            finally:
                self._doing.pop()
        return self._done[name]

    def _compile(self, name: str) -> Metric | None:
        notes = self._overlay.metrics.get(name, MetricNotes(name=name, line=0))
        declared = self._declared.metrics.get(name)
        used: list[Metric] = []
        chosen: list[Metric] = []
        made = self._formula(name, notes, used)
        if made is None:
            return None
        formula = self._filtered(made.formula, notes, chosen)
        formula, time = self._timed(formula, notes)
        self._check_reach(name, formula)
        words, model_words = notes.words, declared.words if declared else NO_WORDS
        endpoint = self._endpoint(name)
        unit = notes.unit or (None if endpoint else inherited_unit(notes, used))
        formula = money.marked(formula, None if endpoint else unit, self._shape)
        report = None if endpoint else money.foreign(formula, unit, self._shape)
        if report:
            raise self._wrong(notes.line, f"is in {unit}, but its amounts are reported in {report}.", f"Write unit: {report}, or report another currency.")
        return Metric(
            name=name,
            label=words.label or label_of(name),
            formula=formula,
            type=notes.type or "simple",
            expression=self._text(name, notes),
            synonyms=spoken(name, words.label, words.synonyms, model_words.synonyms),
            description=words.description or model_words.description,
            unit=unit,
            good=notes.good,
            time=time,
            filter=filter_words(notes) or inherited_filter(used),
            owner=notes.owner,
            certified=notes.certified,
            sensitivity=notes.sensitivity or inherited_sensitivity([*used, *chosen]),
            additive=made.additive,
            fresh_within=notes.fresh_within,
            target=notes.target,
            endpoint=endpoint,
        )

    def _endpoint(self, name: str) -> Endpoint | None:
        model = self._overlay.models.get(name)
        return model.endpoint if model is not None else None

    def _formula(self, name: str, notes: MetricNotes, used: list[Metric]) -> CompiledMetric | None:
        """The formula before the overlay's filter and time; None when the reason has been written down already."""
        declared = self._declared.metrics.get(name)
        if self._endpoint(name) is not None:
            return self._predicted(name, notes, used)
        if declared is not None:
            if notes.type not in (None, "simple"):
                raise self._wrong(notes.type_line, f"is {notes.type} here but has an expression in the model.", "Keep one of the two, or rename this one.")
            if declared.expression is None:
                return None
            scope = self._scope(notes, used)
            try:
                return compile_metric(declared.expression.text, scope, dialect=declared.expression.dialect)
            except ExpressionError as error:
                raise _Wrong(notebook=self._model_book, line=declared.expression.line, message=error.message, suggestion=error.suggestion) from None
        if notes.type == "ratio":
            return self._ratio(notes, used)
        if notes.type in ("cumulative", "balance", "conversion", "percentile", "earlier"):
            return self._over_time(notes, used)
        if notes.type == "derived":
            if notes.expression is None:
                return None
            try:
                return compile_metric(notes.expression.text, self._scope(notes, used))
            except ExpressionError as error:
                raise self._wrong(notes.expression.line, error.message, error.suggestion) from None
        known = nearest(name, self._declared.metrics) or listing(self._declared.metrics)
        raise self._wrong(notes.line, "is not in the model.", known or "Add it to model.yaml, or give it a type (ratio, derived, cumulative, ...).")

    def _over_time(self, notes: MetricNotes, used: list[Metric]) -> CompiledMetric | None:
        """A metric that counts other rows than those of its period, or a percentile."""
        rows = self._rows(notes.time.dataset if notes.time else None)

        def other(name: str) -> Metric | None:
            found = self._other(name, used)
            return None if found is None else used[-1]

        try:
            if notes.type == "percentile":
                return over_time.percentile(notes, rows)
            if notes.type == "conversion":
                return over_time.conversion(notes, other, self._rows, self._shape)
            made = over_time.standing(notes, other)
            if made is not None:
                over_time.check_reach(made.formula, notes, self._shape, self._missing)
            return made
        except over_time.Misplaced as wrong:
            raise self._wrong(wrong.line, wrong.message, wrong.suggestion) from None
        except ExpressionError as error:
            raise self._wrong(notes.type_line, error.message, error.suggestion) from None

    def _missing(self, id_: FieldId) -> str:
        """What to say where a field does not exist, nothing where it does."""
        if id_ in self._shape.fields:
            return ""
        try:
            self._rows(None).resolve((id_.dataset, id_.name))
        except ExpressionError as error:
            return error.suggestion or error.message
        return ""

    def _predicted(self, name: str, notes: MetricNotes, used: list[Metric]) -> CompiledMetric | None:
        """What an endpoint's predictions are worked out from, so that they are as confidential as that, and grouped by what it reaches."""
        model = self._overlay.models[name]
        endpoint = model.endpoint
        if endpoint is None or not endpoint.metrics:
            return None  # the overlay's reader has said what is missing
        if name in self._declared.metrics or notes.type is not None:
            raise self._wrong(notes.line, "is predicted by an endpoint, and defined besides.", "Keep one of the two, or rename this one.")
        if notes.filter is not None or notes.time is not None:
            raise self._wrong(notes.line, "is predicted by an endpoint, whose inputs have filter and time of their own.", "Leave 'filter' and 'time' out.")
        formula: list[str | Aggregation] = [f"{endpoint.name}("]
        try:
            for one in dict.fromkeys((*endpoint.metrics, *([endpoint.weight] if endpoint.weight else []))):
                other = self._other(one, used)
                if other is None:
                    return None  # the overlay's reader has said that there is no such metric
                if one in self._overlay.metrics and self._overlay.metrics[one].hidden:
                    raise ExpressionError(f"takes '{one}', which is hidden.", "Inputs are asked for in the name of whoever asks: show it.")
                formula += [*([", "] if len(formula) > 1 else []), *(part for part in other[0] if isinstance(part, str | Aggregation))]
        except ExpressionError as error:
            raise self._wrong(model.inputs_line, error.message, error.suggestion) from None
        facts = dict.fromkeys(part.dataset for part in formula if isinstance(part, Aggregation))
        for id_ in endpoint.dimensions:
            far = next((fact for fact in facts if len(self._shape.paths(fact, id_.dataset)) != 1), None)
            if far is not None:
                raise self._wrong(model.inputs_line, f"takes '{id_}', which cannot be reached from '{far}', that its other inputs are of.", "Take it out.")
        return CompiledMetric((*formula, ")"), False)

    def _ratio(self, notes: MetricNotes, used: list[Metric]) -> CompiledMetric | None:
        sides: list[Parts] = []
        for part in (notes.numerator, notes.denominator):
            if part is None:
                return None
            try:
                other = self._other(part.text, used)
            except ExpressionError as error:
                raise self._wrong(part.line, error.message, error.suggestion) from None
            if other is None:
                return None  # the overlay's reader has said that there is no such metric
            sides.append(joined("(", other[0], ")") if len(other[0]) > 1 else other[0])
        formula = tuple(part for part in divided(*sides) if isinstance(part, str | Aggregation))
        return CompiledMetric(formula, False)

    def _scope(self, notes: MetricNotes, used: list[Metric]) -> MetricScope:
        described = {relationship.one for relationship in self._shape.relationships}
        facts = [name for name in self._fields if name not in described]
        rows = notes.time.dataset if notes.time else facts[0] if len(facts) == 1 else None
        return MetricScope(
            fields=self._rows(notes.time.dataset if notes.time else None),
            metric=lambda name: self._other(name, used),
            datasets=self._fields,
            rows=rows,
        )

    def _rows(self, prefer: str | None) -> FieldScope:
        return FieldScope(fields=self._fields, prefer=prefer, columns=self._columns, implied=self._implied)

    def _implied(self, dataset: str, column: str) -> FieldId:
        """A field for a column that only definitions read: people do not see it."""
        id_ = FieldId(dataset, column)
        kind = self._columns[dataset][column]
        self.implied[id_] = Field(id=id_, expression=(ColumnRef(column),), kind=kind, role="key", label=label_of(column))
        return id_

    def _other(self, name: str, used: list[Metric]) -> tuple[Parts, bool] | None:
        """The formula of another metric; None when there is none of that name."""
        if name not in self._declared.metrics and name not in self._overlay.metrics:
            return None
        if name in self._doing:
            raise ExpressionError(f"is defined by itself, by way of {' -> '.join([*self._doing[self._doing.index(name) :], name])}.", "Break the circle.")
        metric = self._metric(name)
        if metric is None:
            raise _Told(name)
        if metric.endpoint is not None:
            raise ExpressionError(f"is made of '{name}', which an endpoint predicts.", "Nothing can be made of that; ask for it by itself.")
        used.append(metric)
        return metric.formula, metric.additive

    def _wrong(self, line: int, message: str, suggestion: str = "") -> _Wrong:
        notes = self._overlay.metrics.get(self._doing[-1]) if self._doing else None
        return _Wrong(
            notebook=self._model_book if notes is not None and notes.of_model else self._overlay_book, line=line, message=message, suggestion=suggestion
        )

    def _text(self, name: str, notes: MetricNotes) -> str:
        """The definition as people wrote it."""
        declared, endpoint = self._declared.metrics.get(name), self._endpoint(name)
        if endpoint is not None:
            return f"{endpoint.name}({', '.join(endpoint.inputs)})"
        return expression_words(notes, declared.expression.text if declared and declared.expression else None, self._overlay.metrics)

    def _filtered(self, formula: MetricFormula, notes: MetricNotes, chosen: list[Metric]) -> MetricFormula:
        """The formula over the rows that the filter chooses; `chosen` takes the metrics that it chooses them by."""
        if notes.filter is None:
            return formula
        first = next(part.dataset for part in formula if isinstance(part, Aggregation))
        try:
            text, found = calls(notes.filter.text)
            scope = GatheredScope(self._rows(first), {name: self._gathered(call, notes.filter.line, first, chosen) for name, call in found.items()})
            condition = compile_condition(text, scope, dialect=notes.filter.dialect)
        except over_time.Misplaced as wrong:
            raise self._wrong(wrong.line, f"filter: {wrong.message}", wrong.suggestion) from None
        except ExpressionError as error:
            raise self._wrong(notes.filter.line, f"filter: {error.message}", error.suggestion) from None
        for part in formula:
            if isinstance(part, Aggregation):
                self._reach(part.dataset, condition, self._model_book if notes.of_model else self._overlay_book, notes.filter.line, "the filter")
        return tuple(replace(part, where=_both(part.where, condition)) if isinstance(part, Aggregation) else part for part in formula)

    def _gathered(self, call: tuple[str, str], line: int, dataset: str, chosen: list[Metric]) -> Gathered:
        """What METRIC(name, key) stands for in rows of `dataset`. Raises ExpressionError and Misplaced."""

        def other(name: str) -> Metric | None:
            return None if self._other(name, chosen) is None else chosen[-1]

        made = gathered(call, line, dataset, other, self._rows, self._shape)
        if made is None:
            raise ExpressionError(f"METRIC: there is no metric '{call[0]}'.", nearest(call[0], (*self._declared.metrics, *self._overlay.metrics)))
        return made

    def _timed(self, formula: MetricFormula, notes: MetricNotes) -> tuple[MetricFormula, FieldId | None]:
        try:
            return timed(formula, notes, self._shape)
        except over_time.Misplaced as wrong:
            raise self._wrong(wrong.line, wrong.message, wrong.suggestion) from None

    def _check_reach(self, name: str, formula: MetricFormula) -> None:
        declared = self._declared.metrics.get(name)
        line = declared.expression.line if declared and declared.expression else 0
        for part in formula:
            if isinstance(part, Aggregation) and declared is not None:
                self._reach(part.dataset, part.where or (), self._model_book, line, "a condition")

    def _reach(self, fact: str, condition: RowExpression, notebook: Notebook, line: int, what: str) -> None:
        for part in (one.key if isinstance(one, Gathered) else one for one in condition):
            if isinstance(part, FieldId):
                paths = self._shape.paths(fact, part.dataset)
                there = self._shape.datasets[part.dataset]
                direct = sum(len(path) < 2 for path in paths)
                ways = direct if there.calendar or (there.valid is not None and direct) else len(paths)
                if ways != 1:
                    how = "by several relationships, so it is not clear which" if ways else "from it without counting rows twice"
                    verb = "is reached" if ways else "cannot be reached"
                    raise _Wrong(
                        notebook=notebook,
                        line=line,
                        message=f"{what} reads '{part}', which {verb} {how}, for rows of '{fact}'.",
                        suggestion="Use a field of the fact itself.",
                    )


def _both(first: RowExpression | None, second: RowExpression) -> RowExpression:
    if first is None:
        return second
    return tuple(part for part in joined("(", first, ") AND (", second, ")") if isinstance(part, str | FieldId | Gathered))
