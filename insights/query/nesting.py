"""Which groups lie wholly within wider ones, as a city lies in one region: a wider group less the others in it tells the last of them."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations

from insights.catalog.model import Catalog, FieldId
from insights.catalog.values import Contents
from insights.errors import AskerCanFix, NotPermitted
from insights.permit import Asker, Grant
from insights.query.dialects import dialect_of
from insights.query.emit import emit
from insights.query.joins import Joining
from insights.query.plan import plan
from insights.query.readings import readings
from insights.query.writing import written
from insights.requests import MetricQuestion, PlainField, Scalar, parse_group
from insights.warehouse.choosing import Engines, home_of
from insights.warehouse.port import Query, Warehouse
from insights.warehouse.quoting import identifier

MOST_VALUES = 5_000
"""A field with more values is not told value by value where people are counted."""
MOST_TABLES = 16
"""Wider groups are looked at as long as no more choices of keys than these have to be read."""

SAMPLE = 2_000
"""Rows of a dataset that are looked at first: they tell of most fields that these do not lie within one another."""

Within = Mapping[FieldId, frozenset[FieldId]]
"""The fields whose groups hold each group of a field whole."""


def nested(catalog: Catalog, warehouse: Warehouse, contents: Contents) -> Within:
    """What lies within what, in the rows as they are now; nothing where no people are counted. Raises OutsideFailed when the engine fails."""
    if catalog.minimum_group is None:
        return {}
    everything = Grant(
        asker=Asker(person=None, audience="private"), metrics=frozenset(catalog.metrics), datasets=frozenset(catalog.datasets)
    )  # fmt: skip
    found: dict[FieldId, frozenset[FieldId]] = {}
    for narrow, wider in _pairs(catalog, warehouse):
        likely = _may_hold(len(contents.values.get(wider, ())), len(contents.values.get(narrow, ())))
        if likely and _lies_within(narrow, wider, catalog, warehouse, contents, everything):
            found[narrow] = found.get(narrow, frozenset()) | {wider}
    return found


def _may_hold(wider: int, narrow: int) -> bool:
    """Whether groups so many can hold others whole, so many of them; 0 where their values are not known."""
    return narrow <= MOST_VALUES and (not wider or not narrow or 1 < wider <= narrow)


def _pairs(catalog: Catalog, warehouse: Warehouse) -> Iterator[tuple[FieldId, FieldId]]:
    """Fields that can lie within others: of the same dataset, and of what a dataset that others refer to belongs to."""
    counted = {name for fact in catalog.datasets if any(catalog.datasets[one].personal for one in catalog.reachable(fact)) for name in catalog.reachable(fact)}
    for name in sorted(counted):
        described = any(step.one == name for step in catalog.relationships)
        beyond = [one for one in catalog.reachable(name) if one == name or (described and len(catalog.paths(name, one)) == 1)]
        apart = _apart(catalog, warehouse, name)
        for narrow in _dimensions(catalog, name):
            yield from ((narrow, wider) for one in sorted(beyond) for wider in _dimensions(catalog, one) if wider != narrow and (narrow, wider) not in apart)


def _apart(catalog: Catalog, warehouse: Warehouse, dataset: str) -> frozenset[tuple[FieldId, FieldId]]:
    """Pairs of fields of a dataset of which some rows tell that the first does not lie within the second."""
    fields = _dimensions(catalog, dataset)
    if len(fields) < 3:
        return frozenset()  # looking at all rows once or twice costs as little
    source = catalog.datasets[dataset].source
    engine, joining = home_of(warehouse, source), Joining(catalog, dataset)
    selected = ", ".join(written(joining.field(id_, ()), dialect_of(engine)) for id_ in fields)
    rows = engine.run(Query(sql=f"SELECT {selected} FROM {engine.relation(source)} AS {identifier(dataset)} LIMIT {SAMPLE:d}")).rows
    return frozenset((fields[a], fields[b]) for a, b in permutations(range(len(fields)), 2) if _are_apart(rows, a, b))


def _are_apart(rows: Sequence[Sequence[Scalar]], narrow: int, wider: int) -> bool:
    """Whether some value of one column comes with two of the other."""
    held: dict[Scalar, Scalar] = {}
    return any(row[narrow] is not None and row[wider] is not None and held.setdefault(row[narrow], row[wider]) != row[wider] for row in rows)


def _dimensions(catalog: Catalog, dataset: str) -> list[FieldId]:
    return [field.id for field in catalog.datasets[dataset].fields.values() if field.role == "dimension"]


def _lies_within(narrow: FieldId, wider: FieldId, catalog: Catalog, warehouse: Warehouse, contents: Contents, grant: Grant) -> bool:
    """Whether each known value of one field comes with one value of the other, and not all with the same."""
    question = MetricQuestion(analysis="breakdown", metrics=(f"count({narrow.dataset})",), group_by=(str(narrow), str(wider)))
    try:
        planned = plan(question, grant, catalog, contents)
    except (AskerCanFix, NotPermitted):
        return False
    engine = warehouse.near(readings(planned)) if isinstance(warehouse, Engines) else warehouse
    made = emit(planned, lambda source, span: engine.relation(source, span=span), limit=MOST_VALUES + 1, dialect=dialect_of(engine))
    pairs = [(row[0], row[1]) for row in engine.run(made).rows]
    known = [one for one, other in pairs if one is not None and other is not None]
    return len(pairs) <= MOST_VALUES and len(known) == len(set(known)) and len({other for _, other in pairs if other is not None}) > 1


def widened(names: Sequence[str], facts: Sequence[str], catalog: Catalog, within: Within, *, timed: bool) -> Mapping[str, frozenset[str]]:
    """Each of the names, and of those that they lie within, with the names that it lies within itself.

    `facts` must reach what is added in one way, and `timed` says that a bucket of time is a key besides.
    """
    ids = {name: _field(name, catalog) for name in names}
    known = {id_: name for name, id_ in ids.items() if id_ is not None}
    wider = sorted({one for id_ in known for one in within.get(id_, ())} - known.keys())
    for id_ in (one for one in wider if all(len(catalog.paths(fact, one.dataset)) == 1 for fact in facts)):
        more = known | {id_: catalog.written(id_)}
        if len(choices(_holding(more, names, within), timed=timed)) <= MOST_TABLES:
            known = more
    return _holding(known, names, within)


def _holding(known: Mapping[FieldId, str], names: Sequence[str], within: Within) -> Mapping[str, frozenset[str]]:
    found = {name: frozenset[str]() for name in names}
    return found | {name: frozenset(known[one] for one in within.get(id_, ()) if one in known) for id_, name in known.items()}


def choices(holding: Mapping[str, frozenset[str]], *, timed: bool) -> list[frozenset[str]]:
    """The choices of the names that hold all that each of them lies within: with the city comes its region, for that is known of it.

    >>> [sorted(one) for one in choices({"city": frozenset({"region"}), "region": frozenset()}, timed=False)]
    [[], ['region'], ['city', 'region']]
    """
    every = [frozenset(some) for n in range(len(holding) + 1) for some in combinations(holding, n)]
    closed = [some for some in every if all(holding[name] <= some for name in some)]
    return closed * 2 if timed else closed


def _field(name: str, catalog: Catalog) -> FieldId | None:
    """The field that a key names by itself; None for parts of time, steps, and what is reached in one of several ways."""
    group = parse_group(name)
    if not isinstance(group, PlainField) or catalog.role(name) is not None:
        return None
    try:
        return catalog.resolve(group.field)
    except KeyError:
        return None
