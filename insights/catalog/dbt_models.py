"""Reads the semantic models of a dbt manifest: entities become keys and relationships, dimensions become fields, measures wait for metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from insights.catalog.dbt_measures import Measure, read_measure
from insights.catalog.dbt_pieces import Shelf, relation_of, unknown_keys, words_of
from insights.catalog.dbt_where import GRAINS, Reference
from insights.catalog.declared import DeclaredDataset, DeclaredField, DeclaredKey, DeclaredRelationship, Expression
from insights.catalog.documents import Node
from insights.catalog.model import FieldId, Validity
from insights.catalog.scopes import ExpressionError, listing
from insights.catalog.sections import Section
from insights.catalog.tokens import is_plain
from insights.errors import nearest

_KEYS = ("name", "defaults", "description", "node_relation", "primary_entity", "entities", "measures", "dimensions", "label", "metadata", "config", "model")
_ONE = ("primary", "unique")
STORED = ("week", "month", "quarter", "year")
"""Granularities that a time is truncated to where it is read, so that it need not be again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What rows can be joined by: `column` is where it stands, None where it is computed."""

    name: str
    kind: str
    column: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SemanticModel:
    """One semantic model; `prefix` is the entity that its own dimensions are written with."""

    dataset: DeclaredDataset
    entities: Mapping[str, Entity]
    dimensions: frozenset[str]
    measures: Mapping[str, Measure]
    prefix: str | None = None
    grains: Mapping[str, str] = field(default_factory=dict)
    default_time: str | None = None

    @property
    def one_time(self) -> bool:
        """Whether everything measured of it is reported by its default time, which is one of days."""
        times = {measure.time.name for measure in self.measures.values() if measure.time is not None}
        return bool(self.measures) and times == {self.default_time} and self.grains.get(str(self.default_time)) == "day"

    @property
    def name(self) -> str:
        """Of the dataset."""
        return self.dataset.name

    def identifies(self, entity: str) -> bool:
        """Whether each row is one of that entity."""
        known = self.entities.get(entity)
        held = known is not None and known.kind == "natural" and self.dataset.valid is not None
        return entity == self.prefix or held or (known is not None and known.kind in _ONE)


class SemanticModels:
    """All semantic models, and what the names in filters stand for."""

    def __init__(self, nodes: list[Node], shelf: Shelf) -> None:
        self._shelf = shelf
        self.all: dict[str, SemanticModel] = {}
        self.calendars: dict[tuple[FieldId, str], FieldId] = {}
        for node in nodes:
            section = Section(node, shelf.wrong, "a semantic model")
            name = section.required("name")
            if name is None:
                continue
            section.what = f"semantic model '{name[:80]}'"
            if name in self.all:
                section.report("name", f"{section.what} is declared twice, first in line {self.all[name].dataset.line}.", "Keep one of them.")
            else:
                self.all[name] = _model(name, section, shelf)
        self.measures = {measure.name: measure for model in self.all.values() for measure in model.measures.values()}

    def add(self, measure: Measure) -> Measure:
        """Take up a measure that a metric holds itself; it comes back with the name of its field."""
        model = self.all[measure.model]
        named = replace(measure, field=_spare(measure.name, model.dataset.fields))
        fields = {**model.dataset.fields, named.field: named.declared(named.field)}
        self.all[model.name] = replace(model, dataset=replace(model.dataset, fields=fields), measures={**model.measures, named.name: named})
        return named

    def relationships(self) -> Iterator[DeclaredRelationship]:
        """A many-to-one relationship for each entity that one model mentions and another is identified by."""
        for many in self.all.values():
            for entity in many.entities.values():
                if entity.kind == "natural":
                    continue
                for one in self.all.values():
                    target = one.entities.get(entity.name)
                    if one is many or target is None or (target.kind not in _ONE and not self._holds_for(one, target, many)):
                        continue
                    if entity.column is None or target.column is None:
                        name = many.name if entity.column is None else one.name
                        self._shelf.leave_out(
                            entity.line, f"{many.name} is not joined to {one.name}: the entity '{entity.name}' of {name} is computed.", "Give it a column."
                        )
                        continue
                    yield DeclaredRelationship(
                        name=f"{many.name}_{entity.name}_{one.name}",
                        line=entity.line,
                        many=many.name,
                        one=one.name,
                        many_columns=(entity.column,),
                        one_columns=(target.column,),
                    )

    def _holds_for(self, one: SemanticModel, target: Entity, many: SemanticModel) -> bool:
        """Whether rows of `many` mean the row of `one` that held at their time."""
        if target.kind != "natural" or one.dataset.valid is None or not many.measures:
            return False
        if not many.one_time:
            said = f"{many.name} is not joined to {one.name}, whose rows are valid for a time: it is not measured by one time of days."
            self._shelf.leave_out(many.dataset.line, said, "Give its measures one agg_time_dimension of days.")
        return many.one_time

    def field(self, reference: Reference, measure: Measure) -> tuple[FieldId, str | None]:
        """The field that a filter on a measure means, with its own granularity when it is a time. Raises ExpressionError."""
        model = self.all[measure.model]
        if reference.grain in self._shelf.grains:
            return self._of_calendar(reference, measure), None
        if reference.kind == "dimension" and reference.name == "metric_time" and not reference.path:
            if measure.time is None:
                raise ExpressionError(f"'metric_time' is asked for, but the measure '{measure.name}' has no time.", "Give it agg_time_dimension.")
            return measure.time, model.grains.get(measure.time.name)
        holders = [model]
        for entity in reference.path:
            holders = [after for before in holders for after in self._along(before, entity)]
        named = [holder for holder in dict.fromkeys(h.name for h in holders) if _has(self.all[holder], reference)]
        if model.name in named and len(reference.path) < 2:
            named = [model.name]
        if len(named) == 1:
            holder = self.all[named[0]]
            return FieldId(holder.name, reference.name), holder.grains.get(reference.name)
        if named:
            raise ExpressionError(f"'{reference}' could be of {' or '.join(named)}.", "Rename one of the dimensions.")
        known = {f"{'__'.join(reference.path)}__{name}".removeprefix("__") for h in holders for name in h.dimensions}
        raise ExpressionError(f"there is no '{reference}' for the rows of {model.name}.", nearest(str(reference), known) or listing(known))

    def _of_calendar(self, reference: Reference, measure: Measure) -> FieldId:
        """The field of a granularity of the project's own, which figures have by the time that they are reported by. Raises ExpressionError."""
        time = measure.time
        named = reference.name == "metric_time" or (
            time is not None and reference.name == time.name and set(reference.path) <= {self.all[measure.model].prefix}
        )
        found = self.calendars.get((time, str(reference.grain))) if time is not None and named else None
        if found is None or reference.part is not None:
            said = f"the granularity '{str(reference.grain)[:40]}' of {reference} is the project's own, and is known for the time of '{measure.name}' only."
            raise ExpressionError(said, "Use metric_time, or a standard granularity.")
        return found

    def check_entity(self, entity: str, measure: Measure) -> None:
        """Raises ExpressionError where rows of the measure are told apart by no such entity."""
        known = self.all[measure.model].entities
        if entity not in known:
            raise ExpressionError(f"rows of {measure.model} have no entity '{entity[:80]}'.", nearest(entity, known) or listing(known))

    def _along(self, model: SemanticModel, entity: str) -> list[SemanticModel]:
        """Where an entity leads from a model: to itself where its rows are that entity, and to the others that are."""
        here = [model] if model.identifies(entity) else []
        there = [
            other for other in self.all.values() if entity in model.entities and other is not model and entity in other.entities and other.identifies(entity)
        ]
        return here + there


def _has(model: SemanticModel, reference: Reference) -> bool:
    return reference.name in (model.entities if reference.kind == "entity" else model.dimensions)


def _model(name: str, section: Section, shelf: Shelf) -> SemanticModel:
    defaults = section.section("defaults", f"the defaults of {section.what}")
    default_time = defaults.text("agg_time_dimension")
    entities = _named(section, "entities", shelf)
    dimensions = _named(section, "dimensions", shelf)
    fields: dict[str, DeclaredField] = {}
    found: dict[str, Entity] = {}
    for entity, inner in entities.items():
        fields[entity] = _field(entity, inner, shelf, grouped=False)
        text = inner.text("expr") or entity
        found[entity] = Entity(name=entity, kind=(inner.required("type") or "").casefold(), column=text if is_plain(text) else None, line=inner.line)
    grains: dict[str, str] = {}
    for dimension, inner in dimensions.items():
        made, grain = _dimension(dimension, inner, shelf)
        if made is not None:
            fields.setdefault(dimension, made)
        if grain is not None:
            grains[dimension] = grain
    relation = relation_of(section)
    measures = {}
    for measure_name, inner in _named(section, "measures", shelf).items():
        measure = read_measure(measure_name, name, inner, default_time, shelf)
        measures[measure_name] = replace(measure, field=_spare(measure_name, fields))
        fields[measures[measure_name].field] = measure.declared(measures[measure_name].field)
    keys = {kind: [DeclaredKey(columns=(e.column,), line=e.line) for e in found.values() if e.kind == kind and e.column] for kind in _ONE}
    prefix = section.text("primary_entity") or next((e.name for e in found.values() if e.kind == "primary"), None)
    words = words_of(section)
    unknown_keys(section, _KEYS, shelf)
    dataset = DeclaredDataset(
        name=name,
        line=section.line,
        source=relation,
        source_line=section.line_of("node_relation"),
        fields=fields,
        primary_key=keys["primary"][0] if keys["primary"] else None,
        unique_keys=tuple(keys["unique"]),
        words=words,
        time=default_time if default_time in grains else None,
        valid=_validity(dimensions, grains, shelf),
    )
    return SemanticModel(
        dataset=dataset,
        entities=found,
        dimensions=frozenset(dimensions) & fields.keys(),
        measures=measures,
        prefix=prefix,
        grains=grains,
        default_time=default_time,
    )


def _validity(dimensions: Mapping[str, Section], grains: Mapping[str, str], shelf: Shelf) -> Validity | None:
    """Between which of its dimensions each row is valid, None for no such thing."""
    ends: dict[str, str] = {}
    for name, section in dimensions.items():
        params = section.section("type_params", f"the type_params of {section.what}")
        inner = params.section("validity_params", f"the validity_params of {section.what}")
        ends |= {key: name for key in ("is_start", "is_end") if inner.flag(key)}
    if not ends:
        return None
    if len(ends) < 2 or {grains.get(name) for name in ends.values()} != {"day"}:
        line = next(iter(dimensions.values())).line
        shelf.leave_out(line, "rows that are valid for a time are joined by days only, from an is_start until an is_end.", "Give both the granularity day.")
        return None
    return Validity(ends["is_start"], ends["is_end"], by_day=True)


def _spare(name: str, taken: Mapping[str, DeclaredField]) -> str:
    """A name for a measure's field that nothing else has."""
    while name in taken:
        name += "_measure"
    return name


def _named(section: Section, key: str, shelf: Shelf) -> dict[str, Section]:
    """The entries of a list by their names."""
    found: dict[str, Section] = {}
    for node in section.items(key):
        inner = Section(node, shelf.wrong, f"an entry of the {key} of {section.what}")
        name = inner.required("name")
        if name is not None:
            inner.what = f"'{name[:80]}' of the {key} of {section.what}"
            if found.setdefault(name, inner) is not inner:
                inner.report("name", f"{inner.what} is declared twice.", "Keep one of them.")
    return found


def _field(name: str, section: Section, shelf: Shelf, *, grouped: bool, is_time: bool | None = None, text: str | None = None) -> DeclaredField:
    expression = Expression(text=text or section.text("expr") or name, dialect=shelf.dialect, line=section.line_of("expr"))
    return DeclaredField(name=name, line=section.line, expression=expression, grouped=grouped, is_time=is_time, words=words_of(section))


def _dimension(name: str, section: Section, shelf: Shelf) -> tuple[DeclaredField | None, str | None]:
    """The field and, for a time, its granularity."""
    kind = (section.required("type") or "").casefold()
    if kind == "categorical":
        return _field(name, section, shelf, grouped=True, is_time=False), None
    if kind != "time":
        shelf.leave_out(section.line_of("type"), f"{section.what}: a dimension of the type '{kind[:40]}' is not known.", "There is categorical and time.")
        return None, None
    params = section.section("type_params", f"the type_params of {section.what}")
    grain = (params.text("time_granularity") or "day").casefold()
    if grain not in GRAINS:
        shelf.leave_out(section.line, f"{section.what}: there is no granularity '{grain[:40]}'.", nearest(grain, GRAINS))
        return None, None
    text = section.text("expr") or name
    if grain in STORED:
        text = shelf.truncated(grain, f"({text})")
    return _field(name, section, shelf, grouped=True, is_time=True, text=text), grain
