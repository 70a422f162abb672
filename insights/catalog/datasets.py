"""Compiles declared datasets against the columns that are really there: sources, fields with their roles, keys and relationships."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Literal

from insights.catalog.declared import Declared, DeclaredDataset, DeclaredField, DeclaredRelationship
from insights.catalog.expressions import CompiledField, compile_field
from insights.catalog.model import ColumnRef, Dataset, Field, FieldId, Relationship
from insights.catalog.notes import DatasetNotes, FieldNotes, Overlay
from insights.catalog.scopes import ColumnScope, ExpressionError, Named, found, listing
from insights.catalog.sections import Notebook
from insights.catalog.sources import source_of
from insights.catalog.speakable import label_of, says_birth, synonyms_of
from insights.errors import DeadlinePassed, InsightsError, OutsideFailed, WrongCatalog, nearest
from insights.lake.failures import Damaged, Unreachable
from insights.lake.source import Kind, Source
from insights.requests import AggregateFunction

Columns = Callable[[Source], Mapping[str, Kind]]
Role = Literal["dimension", "fact", "time", "key"]
_UP = "Check that it is up, and that the settings say how it is reached."
_AD_HOC: Mapping[Role, tuple[AggregateFunction, ...]] = {
    "fact": ("sum", "avg", "median", "min", "max"),
    "dimension": ("count_distinct",),
    "key": ("count_distinct",),
    "time": (),
}


class Tables:
    """The datasets of a model with the physical columns behind them. Mistakes go into the notebook of the model file."""

    def __init__(self, declared: Declared, folder: Path, columns: Columns, notebook: Notebook, sources: Mapping[str, Source]) -> None:
        self._declared = declared
        self._notebook = notebook
        self._given = sources
        self._valid: Collection[str] = ()
        self.sources: dict[str, Source] = {}
        self.columns: dict[str, Mapping[str, Kind] | None] = {}
        for dataset in declared.datasets.values():
            self.columns[dataset.name] = self._look(dataset, folder, columns)
        self.compiled = {dataset.name: _Fields(dataset, self.columns[dataset.name], notebook).all() for dataset in declared.datasets.values()}

    def _look(self, dataset: DeclaredDataset, folder: Path, columns: Columns) -> Mapping[str, Kind] | None:
        """The columns of the dataset's source, None when they cannot be read."""
        if dataset.source is None:
            return None
        report = self._notebook.report
        try:
            self.sources[dataset.name] = source = self._given.get(dataset.name) or source_of(dataset.source, folder)
            return columns(source)
        except ExpressionError as error:
            report(dataset.source_line, f"dataset '{dataset.name}': {error.message}", error.suggestion)
        except WrongCatalog as error:
            for problem in error.problems:
                said = f"dataset '{dataset.name}': the source cannot be read: {problem.file}: {problem.message}"
                report(dataset.source_line, said, problem.suggestion)
        except OutsideFailed as error:
            why = f" ({error.reference.splitlines()[0][:200]})" if error.reference else ""
            said = f"dataset '{dataset.name}': the source '{dataset.source[:200]}' cannot be read: {error.problem.rstrip('.')}{why}."
            report(dataset.source_line, said, error.remedy if isinstance(error, Damaged | Unreachable | DeadlinePassed) else _UP)
        except (InsightsError, OSError) as error:
            said = error.problem if isinstance(error, InsightsError) else str(error)
            report(dataset.source_line, f"dataset '{dataset.name}': the source '{dataset.source[:200]}' cannot be read: {said}", getattr(error, "remedy", ""))
        return None

    def relationships(self, valid: Collection[str] = ()) -> tuple[Relationship, ...]:
        """The relationships whose datasets and columns exist. Rows of the datasets `valid` hold for a time, so that no key need tell them apart."""
        self._valid = {*valid, *(name for name, dataset in self._declared.datasets.items() if dataset.valid is not None)}
        checked = (self._relationship(declared) for declared in self._declared.relationships)
        return tuple(relationship for relationship in checked if relationship is not None)

    def _relationship(self, declared: DeclaredRelationship) -> Relationship | None:
        report, what = self._notebook.report, f"relationship '{declared.name}'"
        datasets = self._declared.datasets
        missing = [name for name in (declared.many, declared.one) if name and name not in datasets]
        for name in missing:
            report(declared.line, f"{what}: there is no dataset '{name}'.", nearest(name, datasets) or listing(datasets))
        if missing or not (declared.many and declared.one and declared.many_columns and declared.one_columns):
            return None
        if len(declared.many_columns) != len(declared.one_columns):
            report(
                declared.line,
                f"{what} joins {len(declared.many_columns)} columns to {len(declared.one_columns)}.",
                "Give as many 'to_columns' as 'from_columns'.",
            )
            return None
        many = tuple(self.physical(declared.many, column, declared.line, what) for column in declared.many_columns)
        one = tuple(self.physical(declared.one, column, declared.line, what) for column in declared.one_columns)
        if declared.one not in self._valid:
            self._check_unique(declared, what)
        if None in many or None in one:
            return None
        return Relationship(
            name=declared.name,
            many=declared.many,
            one=declared.one,
            many_columns=tuple(column for column in many if column),
            one_columns=tuple(column for column in one if column),
        )

    def _check_unique(self, declared: DeclaredRelationship, what: str) -> None:
        """A join onto columns that do not identify a row would count rows twice."""
        one = self._declared.datasets[declared.one]
        keys = [key.columns for key in (one.primary_key, *one.unique_keys) if key is not None]
        if keys and not any({c.casefold() for c in key} <= {c.casefold() for c in declared.one_columns} for key in keys):
            columns = ", ".join(declared.one_columns)
            suggestion = f"Join on its key ({', '.join(keys[0])}), or add unique_keys: [[{columns}]] if that is one."
            self._notebook.report(declared.line, f"{what}: {columns} is no key of '{declared.one}'.", suggestion)

    def physical(self, dataset: str, name: str, line: int, what: str) -> str | None:
        """The physical column that a key names: a column, or the field that stands for one."""
        columns = self.columns[dataset]
        if columns is None:
            return None
        column = found(name, columns)
        if column is None:
            field = found(name, self.compiled[dataset])
            expression = self.compiled[dataset][field].expression if field else ()
            column = expression[0].name if len(expression) == 1 and isinstance(expression[0], ColumnRef) else None
        if column is None:
            self._notebook.report(line, f"{what}: the column '{name}' does not exist in {dataset}.", nearest(name, columns) or listing(columns))
        return column

    def datasets(self, relationships: tuple[Relationship, ...], overlay: Overlay) -> Mapping[str, Dataset]:
        """Everything compiled, with what the overlay adds."""
        joined: dict[str, set[str]] = {name: set() for name in self._declared.datasets}
        for relationship in relationships:
            joined[relationship.many].update(relationship.many_columns)
            joined[relationship.one].update(relationship.one_columns)
        return {name: self._dataset(declared, joined[name], overlay) for name, declared in self._declared.datasets.items()}

    def _dataset(self, declared: DeclaredDataset, joined: set[str], overlay: Overlay) -> Dataset:
        name = declared.name
        notes = overlay.datasets.get(name, DatasetNotes())
        what = f"dataset '{name}'"
        primary = [self.physical(name, c, declared.primary_key.line, what) for c in declared.primary_key.columns] if declared.primary_key else []
        unique = [tuple(self.physical(name, c, key.line, what) or c for c in key.columns) for key in declared.unique_keys]
        key_columns = joined | {column for column in primary if column is not None and (len(primary) == 1 or self._kind(name, column) != "text")}
        notes_of = {field.name: overlay.fields.get(FieldId(name, field.name), FieldNotes()) for field in declared.fields.values()}
        meant = {label_of(field) for field in declared.fields}
        meant |= {phrase.casefold() for field in declared.fields.values() for words in (notes_of[field.name].words, field.words) for phrase in words.phrases}
        fields = {
            field.name: _field(field, name, self.compiled[name][field.name], key_columns, notes_of[field.name], meant) for field in declared.fields.values()
        }
        times = [field.id for field in fields.values() if field.role == "time"]
        usual = [id_ for id_ in times if not says_birth(id_.name, fields[id_.name].label)]
        words = notes.words
        return Dataset(
            name=name,
            source=self.sources.get(name, Source()),
            fields=fields,
            primary_key=tuple(column for column in primary if column is not None),
            unique_keys=tuple(unique),
            label=words.label or label_of(name),
            synonyms=spoken(name, words.label, words.synonyms, declared.words.synonyms),
            description=words.description or declared.words.description,
            personal=notes.personal,
            calendar=notes.calendar or declared.calendar,
            valid=notes.valid or declared.valid,
            sensitivity=notes.sensitivity,
            timezone=notes.timezone,
            currency=notes.currency,
            time=notes.time or next((t for t in times if t.name == declared.time), usual[0] if len(usual) == 1 else None),
        )

    def _kind(self, dataset: str, column: str) -> Kind:
        return (self.columns[dataset] or {}).get(column, "unknown")


class _Fields:
    """Compiles the fields of one dataset; a field may name another one, which is then written in its place."""

    def __init__(self, dataset: DeclaredDataset, columns: Mapping[str, Kind] | None, notebook: Notebook) -> None:
        self._dataset = dataset
        self._columns = columns
        self._notebook = notebook
        self._done: dict[str, CompiledField] = {}
        self._doing: list[str] = []

    def all(self) -> Mapping[str, CompiledField]:
        return {field.name: self._compiled(field) for field in self._dataset.fields.values()}

    def _compiled(self, field: DeclaredField) -> CompiledField:
        if field.name not in self._done:
            self._doing.append(field.name)
            self._done[field.name] = self._compile(field)
            self._doing.pop()
        return self._done[field.name]

    def _compile(self, field: DeclaredField) -> CompiledField:
        if self._columns is None or field.expression is None:
            return CompiledField((), field.kind or "unknown")
        scope = ColumnScope(dataset=self._dataset.name, columns=self._columns, sibling=self._sibling)
        try:
            made = compile_field(field.expression.text, scope, dialect=field.expression.dialect)
        except ExpressionError as error:
            self._notebook.report(field.expression.line, f"field '{self._dataset.name}.{field.name}': {error.message}", error.suggestion)
            return CompiledField((), field.kind or "unknown")
        return CompiledField(made.expression, made.kind if made.kind != "unknown" else field.kind or "unknown")

    def _sibling(self, name: str) -> Named | None:
        known = found(name, self._dataset.fields)
        if known is None:
            return None
        if known in self._doing:
            there = self._columns or {}
            raise ExpressionError(
                f"there is no column '{name}' in {self._dataset.name}, so that the field '{known}' is defined by itself.",
                f"Name a column. {nearest(name, there) or listing(there)}".strip(),
            )
        made = self._compiled(self._dataset.fields[known])
        return Named(made.expression, made.kind)


def _field(declared: DeclaredField, dataset: str, made: CompiledField, key_columns: set[str], notes: FieldNotes, meant: Collection[str]) -> Field:
    hidden = declared.hidden or notes.hidden
    role: Role = "key" if hidden else _role(declared, made, key_columns)
    label = notes.words.label or declared.words.label
    return Field(
        id=FieldId(dataset, declared.name),
        expression=made.expression,
        kind=made.kind,
        role=role,
        label=label or label_of(declared.name),
        synonyms=spoken(declared.name, label, notes.words.synonyms, declared.words.synonyms, meant=meant),
        description=notes.words.description or declared.words.description,
        values=notes.values,
        aggregates=() if hidden else _AD_HOC[role] if notes.aggregates is None else notes.aggregates,
        aggregates_declared=notes.aggregates is not None,
        percentiles=notes.percentiles or (notes.aggregates is None and role == "fact" and not declared.hidden),
        unit=notes.unit,
    )


def _role(declared: DeclaredField, made: CompiledField, key_columns: set[str]) -> Role:
    """A time where it is said and the values are points in time; a key where it joins, unless it is a code people group by; a number is a fact."""
    if declared.is_time and made.kind in ("date", "timestamp", "unknown"):
        return "time"
    column = made.expression[0] if len(made.expression) == 1 else None
    if isinstance(column, ColumnRef) and column.name in key_columns:
        return "dimension" if declared.grouped and made.kind == "text" else "key"
    return "fact" if made.kind == "number" and not declared.grouped else "dimension"


def spoken(name: str, label: str | None, *said: tuple[str, ...], meant: Collection[str] = ()) -> tuple[str, ...]:
    """The synonyms of a thing: those people wrote, then what its name says where the label says something else.

    What its name only suggests gives way to what is meant by others: names and words that people wrote, in lower case.
    """
    own = label_of(name)
    guessed = [phrase for phrase in synonyms_of(name) if phrase.casefold() not in meant]
    phrases = [synonym for group in said for synonym in group] + ([own] if label else []) + guessed
    shown = (label or own).casefold()
    return tuple({phrase.casefold(): phrase for phrase in reversed(phrases) if phrase.casefold() != shown}.values())[::-1]
