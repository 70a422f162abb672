"""Reads the time spines of a dbt project that have granularities of its own: each is a calendar, which models refer to by their times."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from insights.catalog.dbt_models import SemanticModel, SemanticModels
from insights.catalog.dbt_pieces import Shelf, relation_of
from insights.catalog.declared import DeclaredDataset, DeclaredField, DeclaredKey, DeclaredRelationship, Expression
from insights.catalog.model import FieldId
from insights.catalog.sections import Section
from insights.catalog.tokens import is_plain

_COARSE = ("week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spine:
    """A calendar with the granularities of the project that are its columns; `day` is the column of its days."""

    dataset: DeclaredDataset
    grains: Collection[str]
    day: str


def spines_of(top: Section, taken: Collection[str], shelf: Shelf) -> tuple[Spine, ...]:
    """The time spines by day that have granularities of the project's own; what cannot be read of others is left out by name."""
    configuration = top.section("project_configuration", "the project_configuration")
    found: list[Spine] = []
    for node in configuration.items("time_spines"):
        section = Section(node, top.notebook, "a time spine")
        grains = dict(_columns(section))
        if not grains:
            continue
        primary = section.section("primary_column", "the primary_column of a time spine")
        day, fine = primary.text("name"), primary.text("time_granularity")
        relation = relation_of(section) if section.node("node_relation") is not None else None
        if day is None or relation is None or fine != "day":
            shelf.leave_out(
                section.line, f"the granularities {', '.join(grains)} are left out: their time spine is no table of days.", "Give it one row per day."
            )
            continue
        found.append(_spine(relation, day, grains, section.line, taken, shelf))
    return tuple(found)


def _columns(section: Section) -> Iterator[tuple[str, str]]:
    for node in section.items("custom_granularities"):
        inner = Section(node, section.notebook, "a granularity")
        name = inner.text("name")
        if name:
            yield name.casefold(), inner.text("column_name") or name


def _spine(relation: str, day: str, grains: Mapping[str, str], line: int, taken: Collection[str], shelf: Shelf) -> Spine:
    name = relation.rpartition(".")[2]
    while name in taken:
        name = f"{name}_calendar"
    written = {grain: Expression(text=column, dialect=shelf.dialect, line=line) for grain, column in grains.items()}
    fields = {grain: DeclaredField(name=grain, line=line, expression=text, grouped=True, is_time=False) for grain, text in written.items()}
    if day not in fields:
        fields[day] = DeclaredField(name=day, line=line, expression=Expression(text=day, dialect=shelf.dialect, line=line), hidden=True)
    dataset = DeclaredDataset(
        name=name, line=line, source=relation, source_line=line, fields=fields, primary_key=DeclaredKey(columns=(day,), line=line), calendar=True
    )
    return Spine(dataset=dataset, grains=tuple(grains), day=day)


def linked(models: SemanticModels, spines: Collection[Spine], shelf: Shelf) -> tuple[DeclaredRelationship, ...]:
    """A relationship to each calendar for each time that figures of a model are reported by; `models` learn which fields those granularities are."""
    made = []
    for model in models.all.values():
        for time in _times(model):
            column = model.dataset.fields[time.name].expression
            if column is None or not is_plain(column.text) or model.grains[time.name] in _COARSE:
                names = ", ".join(grain for spine in spines for grain in spine.grains)
                shelf.leave_out(model.dataset.line, f"{time} has no {names}: it is computed, or coarser than a day.", "Give it a column of days.")
                continue
            for spine in spines:
                name = f"{model.name}_{time.name}_{spine.dataset.name}"
                columns = {"many_columns": (column.text,), "one_columns": (spine.day,)}
                made.append(DeclaredRelationship(name=name, line=model.dataset.line, many=model.name, one=spine.dataset.name, **columns))
                models.calendars |= {(time, grain): FieldId(spine.dataset.name, grain) for grain in spine.grains}
    return tuple(made)


def _times(model: SemanticModel) -> tuple[FieldId, ...]:
    """The times that the figures of a model are reported by."""
    named = [FieldId(model.name, model.default_time)] if model.default_time else []
    named += [measure.time for measure in model.measures.values() if measure.time is not None]
    return tuple(time for time in dict.fromkeys(named) if time.name in model.grains and time.name in model.dataset.fields)
