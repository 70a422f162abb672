"""Tables that are joined in several roles, as people say them: the city of the origin and the city of the target are two things to ask by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from insights.catalog.labels import inside
from insights.catalog.model import Catalog, ColumnRef, Dataset, Field, FieldId, Relationship
from insights.catalog.speakable import label_of, singular_of
from insights.catalog.values import Contents

_SILENT = ("id", "key", "code", "number", "sk", "fk")
_NAMING = ("name", "title", "label")

Path = tuple[Relationship, ...]
Ways = Mapping[str, Mapping[str, tuple[Path, ...]]]


@dataclass(frozen=True, kw_only=True)
class Spoken(Catalog):
    """A catalog in which each role is a dataset of its own, named by its relationship, so that `origin.city` is a field like any other.

    Utterances are read with it, and what is asked by its names means the same to the catalog it was made of. `ways` are its many-to-one chains; `real`
    holds the field that one of a role stands for. Rows are counted in the tables alone, never in a role.
    """

    ways: Ways = field(default_factory=dict)
    real: Mapping[FieldId, FieldId] = field(default_factory=dict)

    @cached_property
    def _paths(self) -> Ways:
        return self.ways

    @cached_property
    def played(self) -> Mapping[FieldId, tuple[FieldId, ...]]:
        """The fields of roles by the one that they stand for."""
        found: dict[FieldId, tuple[FieldId, ...]] = {}
        for id_, real in self.real.items():
            found[real] = (*found.get(real, ()), id_)
        return found


def spoken(catalog: Catalog) -> Catalog:
    """The catalog as utterances are read with it; itself where no table is joined in several roles."""
    ways = {fact: {there: catalog.paths(fact, there) for there in catalog.reachable(fact)} for fact in catalog.datasets}
    led: dict[str, dict[str, int]] = {}
    for fact in catalog.datasets:
        for there, paths in sorted(ways[fact].items()):
            roles = _roles(catalog, paths)
            for role, path in roles.items():
                behind = led.setdefault(role, {})
                behind[there] = min(len(path), behind.get(there, len(path)))
                known = ways[fact].get(role)
                ways[fact][role] = min((known or (path,)), (path,), key=lambda found: len(found[0]))
            if roles:
                del ways[fact][there]
    if not led:
        return catalog
    real: dict[FieldId, FieldId] = {}
    datasets = dict(catalog.datasets)
    for role, behind in led.items():
        datasets[role] = _played(catalog, role, sorted(behind, key=lambda there: behind[there]), real)
        ways[role] = {role: ((),)}
    own = {item.name: getattr(catalog, item.name) for item in catalog.__dataclass_fields__.values()}
    return Spoken(**{**own, "datasets": datasets, "ways": ways, "real": real})


def told(catalog: Catalog, contents: Contents) -> Contents:
    """The contents with those of each role, for `catalog` as `spoken` made it."""
    if not isinstance(catalog, Spoken):
        return contents
    values = {id_: contents.values[real] for id_, real in catalog.real.items() if real in contents.values}
    covered = {id_: contents.coverage[real] for id_, real in catalog.real.items() if real in contents.coverage}
    many = frozenset(id_ for id_, real in catalog.real.items() if real in contents.too_many)
    return replace(contents, values={**contents.values, **values}, coverage={**contents.coverage, **covered}, too_many=contents.too_many | many)


def roles_played(catalog: Catalog) -> Mapping[FieldId, FieldId]:
    """The fields of roles in a catalog as `spoken` made it, with the ones that they stand for."""
    return catalog.real if isinstance(catalog, Spoken) else {}


def roles_of(catalog: Catalog) -> Mapping[FieldId, tuple[FieldId, ...]]:
    """The fields that stand for one in its roles."""
    return catalog.played if isinstance(catalog, Spoken) else {}


def part_of(catalog: Catalog, role: Relationship) -> str:
    """The part that a relationship says, in words: its own name, else (where that only says which tables it joins) what its fields are called.

    "origin" for `origin`, for `origin_airport` that leads to airports, and for `flights_origin_id`.
    """
    name = label_of(role.name)
    things = {singular_of(label_of(said)) for said in (role.many, catalog.datasets[role.many].label or role.many)} | {label_of(role.many)}
    if any(name.startswith(f"{thing} ") or name == thing for thing in things):
        many = catalog.datasets[role.many]
        labels = [_of_whom(f.label) for column in role.many_columns for f in many.fields.values() if f.expression == (ColumnRef(column),)]
        name = inside(" and ".join(labels)) or name
    return name.removesuffix(f" {_thing(catalog, role.one)}") or name


def called(catalog: Catalog, role: Relationship, of: Field) -> str:
    """What people call a field by way of a role: the origin city; of a name the thing itself, the origin airport."""
    part, label, thing = part_of(catalog, role), inside(of.label), _thing(catalog, of.id.dataset)
    if label.startswith(f"{part} ") or label == part:
        return label
    return f"{part} {thing}" if label in _NAMING or label == f"{thing} name" else f"{part} {label}"


def _thing(catalog: Catalog, dataset: str) -> str:
    return singular_of(inside(catalog.datasets[dataset].label or label_of(dataset)))


def _of_whom(label: str) -> str:
    """What a key refers to: the origin, and not its id."""
    head, _, last = label.rpartition(" ")
    return head if head and last.casefold() in _SILENT else label


def _roles(catalog: Catalog, paths: tuple[Path, ...]) -> dict[str, Path]:
    """The relationship that tells each of several ways from the others; none where one way is meant, or where they cannot all be told apart."""
    if len(paths) < 2 or sum(len(path) <= 1 for path in paths) == 1:
        return {}
    found: dict[str, Path] = {}
    for path in paths:
        role = next((step.name for step in reversed(path) if step.name not in catalog.datasets and _tells(step, path, paths)), None)
        if role is None or role in found:
            return {}
        found[role] = path
    parts = [part_of(catalog, next(r for r in catalog.relationships if r.name == role)) for role in found]
    return found if len(set(parts)) == len(parts) else {}


def _tells(step: Relationship, path: Path, paths: tuple[Path, ...]) -> bool:
    """Whether naming the step leaves this one way."""
    through = [other for other in paths if step in other]
    shortest = min(len(other) for other in through)
    return [other for other in through if len(other) == shortest] == [path]


def _played(catalog: Catalog, role: str, behind: list[str], real: dict[FieldId, FieldId]) -> Dataset:
    """What a role leads to: the fields of the tables behind it, the nearest first, as they are called by way of it."""
    leading = next(r for r in catalog.relationships if r.name == role)
    part, fields, taken = part_of(catalog, leading), dict[str, Field](), set[str]()
    for there in behind:
        thing = _thing(catalog, there)
        for own in catalog.datasets[there].fields.values():
            key = own.role == "key"
            if (
                (key and (own.id.name,) != catalog.datasets[there].primary_key)
                or own.id.name in fields
                or catalog.field_ids(f"{role}.{own.id.name}") != (own.id,)
            ):
                continue
            label = called(catalog, leading, own)
            if label in taken:
                label = f"{part} {thing} {inside(own.label)}"
            taken.add(label)
            names = [said for name in (inside(own.label), *own.synonyms) for said in (f"{part} {name}", f"{name} of {part}")]
            bare = [] if own.role == "fact" else [inside(own.label), label_of(own.id.name), *own.synonyms]
            if (key or label == f"{part} {thing}") and own.role != "fact":
                bare.append(thing)
            if there == behind[0] and own.role == "dimension" and own.kind == "text":
                bare.append(part)  # "by destination": by one of what is known of it
            id_ = FieldId(role, own.id.name)
            real[id_] = own.id
            synonyms = tuple(name for name in dict.fromkeys((*names, *bare)) if name != label)
            use = "dimension" if own.role == "time" else own.role
            fields[own.id.name] = replace(own, id=id_, label=label, synonyms=synonyms, role=use, aggregates=(), percentiles=False)
    table = catalog.datasets[behind[0]]
    return replace(table, name=role, fields=fields, primary_key=(), unique_keys=(), label=f"{part} {_thing(catalog, behind[0])}", synonyms=(), time=None)
