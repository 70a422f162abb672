"""What an asker may know of: the names that the grant leaves and the values in the rows that it lets through."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock

from insights.catalog.model import Catalog, Dataset, FieldId
from insights.catalog.values import Contents
from insights.errors import AskerCanFix, NotPermitted
from insights.permit import Grant
from insights.query.contents import MOST_VALUES, as_value
from insights.query.dialects import dialect_of
from insights.query.emit import emit
from insights.query.plan import plan
from insights.query.readings import readings
from insights.requests import (
    AdHoc,
    CompareValues,
    Filter,
    Follow,
    Following,
    Formula,
    Measure,
    MetricName,
    MetricQuestion,
    PlainField,
    Request,
    Share,
    named_in,
    parse_group,
)
from insights.warehouse.choosing import Engines
from insights.warehouse.port import Warehouse

_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The definitions and the contents as one asker may know them.

    `catalog` names only what is granted. `named` names every metric and dataset still, so that what is asked for by its name can be refused as what it is;
    both hold only the values that the asker's rows have. `policied` are the fields whose values were looked up for this asker.
    """

    catalog: Catalog
    named: Catalog
    contents: Contents
    policied: frozenset[FieldId]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is kept from the asker."""
        return self.catalog is self.named

    def shows(self, request: Request | None) -> bool:
        """Whether a request names nothing that the asker may not know: what somebody else asked for is not told by going on from it."""
        if isinstance(request, Follow | Following | Share):
            return self.shows(request.what)
        if not isinstance(request, MetricQuestion):
            return True
        conditions = list(request.filters)
        if isinstance(request.compare, CompareValues):
            conditions.append(Filter(dimension=request.compare.dimension, values=request.compare.values))
        return all(self._knows(condition) for condition in conditions)

    def names(self, request: Request | None) -> bool:
        """Whether a request is about granted metrics and datasets only."""
        if isinstance(request, Follow | Following | Share):
            return self.names(request.what)
        if not isinstance(request, MetricQuestion):
            return True
        named = named_in(request)
        known = {*self.catalog.metrics, *self.catalog.datasets}
        topic = named.topic
        return (
            all(self._grants(measure) for measure in named.measures)
            and all(self.catalog.field_ids(name) for name in named.fields)
            and all(name in self.catalog.datasets for name in named.datasets)
            and (topic is None or topic in known or bool(self.catalog.field_ids(topic)))
        )

    def _grants(self, measure: Measure) -> bool:
        match measure:
            case MetricName(name):
                return name in self.catalog.metrics or bool(self.catalog.field_ids(name))
            case AdHoc(_, dataset, _):
                return dataset in self.catalog.datasets
            case Formula(left, _, right):
                return self._grants(left) and self._grants(right)

    def _knows(self, condition: Filter) -> bool:
        group = parse_group(condition.dimension) if condition.dimension else None
        if not isinstance(group, PlainField):
            return True  # a weekday or an hour tells no value of the rows
        kept = self.policied.intersection(self.named.field_ids(group.field))
        known = {value for id_ in kept for value in self.contents.values.get(id_, ())}
        return not kept or all(value is None or as_value(value) in known for value in condition.values)


class Sight:
    """Makes the view of each grant, and keeps the last few. Safe to use from many threads."""

    def __init__(self, catalog: Catalog, contents: Contents, warehouse: Warehouse) -> None:
        self._catalog = catalog
        self._contents = contents
        self._warehouse = warehouse
        self._views: OrderedDict[tuple[object, ...], View] = OrderedDict()
        self._lock = Lock()

    def of(self, grant: Grant) -> View:
        """The view of what `grant` leaves; the values are looked up the first time. Raises OutsideFailed when the engine fails."""
        key = grant.key[:-2]  # the audience and the minimum group change no name and no value by themselves
        with self._lock:
            known = self._views.get(key)
            if known is not None:
                self._views.move_to_end(key)
                return known
        view = self._seen_through(grant)
        with self._lock:
            self._views[key] = view
            if len(self._views) > _KEPT:
                self._views.popitem(last=False)
        return view

    def _seen_through(self, grant: Grant) -> View:
        catalog = self._catalog
        policied = frozenset(id_ for id_ in catalog.fields if catalog.reachable(id_.dataset) & grant.rows.keys())
        closed = frozenset(id_ for id_ in catalog.fields if id_.dataset not in grant.datasets)
        if not policied and not closed and grant.metrics == catalog.metrics.keys():
            return View(catalog=catalog, named=catalog, contents=self._contents, policied=frozenset())
        values = {id_: found for id_, found in self._contents.values.items() if id_ not in closed}
        values |= {id_: self._values(id_, grant) for id_ in policied & values.keys()}
        contents = replace(self._contents, values=values, too_many=self._contents.too_many - policied - closed)
        named = _with_values(catalog, {id_: frozenset(values.get(id_, ())) for id_ in policied | closed})
        whole = not closed and grant.metrics == catalog.metrics.keys()
        return View(catalog=named if whole else _narrowed(named, grant), named=named, contents=contents, policied=policied)

    def _values(self, id_: FieldId, grant: Grant) -> tuple[str, ...]:
        """The distinct values in the rows that the grant lets through; none where it lets none through or where that cannot be told."""
        question = MetricQuestion(analysis="breakdown", metrics=(f"count({id_.dataset})",), group_by=(str(id_),))
        try:
            planned = plan(question, replace(grant, minimum_group=None), self._catalog, self._contents)
        except (NotPermitted, AskerCanFix):
            return ()
        engine = self._warehouse.near(readings(planned)) if isinstance(self._warehouse, Engines) else self._warehouse
        table = engine.run(emit(planned, lambda source, span: engine.relation(source, span=span), limit=MOST_VALUES, dialect=dialect_of(engine)))
        return tuple(sorted(as_value(row[0]) for row in table.rows if row[0] is not None))


def _with_values(catalog: Catalog, known: Mapping[FieldId, frozenset[str]]) -> Catalog:
    """The catalog with other words only for values that are known; fields not in `known` keep all of theirs."""

    def told(dataset: Dataset) -> Dataset:
        fields = {
            name: replace(field, values={value: said for value, said in field.values.items() if value in known[field.id]}) if field.id in known else field
            for name, field in dataset.fields.items()
        }
        return replace(dataset, fields=fields)

    return replace(catalog, datasets={name: told(dataset) for name, dataset in catalog.datasets.items()})


def _narrowed(catalog: Catalog, grant: Grant) -> Catalog:
    """The catalog without metrics and datasets that are not granted."""
    return replace(
        catalog,
        metrics={name: metric for name, metric in catalog.metrics.items() if name in grant.metrics},
        datasets={name: dataset for name, dataset in catalog.datasets.items() if name in grant.datasets},
        relationships=tuple(r for r in catalog.relationships if {r.many, r.one} <= grant.datasets),
        policies=tuple(policy for policy in catalog.policies if policy.dataset in grant.datasets),
        verified=(),
        experiments={name: test for name, test in catalog.experiments.items() if test.dataset in grant.datasets},
        funnels={name: funnel for name, funnel in catalog.funnels.items() if all(_granted(one, catalog, grant) for one in (funnel.by, *funnel.meanings))},
    )


def _granted(name: str, catalog: Catalog, grant: Grant) -> bool:
    """Whether a metric or a field is one that may be told of."""
    return name in grant.metrics if name in catalog.metrics else all(id_.dataset in grant.datasets for id_ in catalog.field_ids(name))
