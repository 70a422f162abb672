"""What can be asked and what things mean, from the catalog alone; only what the grant lets the asker see."""

from __future__ import annotations

from insights.answers import AboutAnswer, Definition
from insights.catalog.model import Catalog, Dataset, Field, FieldId, Metric
from insights.catalog.values import Contents
from insights.errors import UnknownThing, nearest
from insights.permit import Grant

SHOWN_VALUES = 8


def define(metric: Metric) -> Definition:
    """The definition of a metric as every answer carries it."""
    return Definition(
        name=metric.name,
        label=metric.label,
        expression=metric.expression,
        description=metric.description,
        filter=metric.filter,
        unit=metric.unit,
        good=metric.good,
        owner=metric.owner,
        certified=metric.certified,
        sensitivity=metric.sensitivity,
        prediction=metric.prediction,
    )


def about(topic: str | None, grant: Grant, catalog: Catalog, contents: Contents) -> AboutAnswer:
    """What is known about a metric, a dimension or a dataset (its name), or about everything that may be asked (None).

    Raises UnknownThing for a topic that is none of these.
    """
    if topic is None:
        return _everything(grant, catalog, contents)
    if topic in catalog.metrics:
        return _metric(catalog.metrics[topic], catalog, contents)
    if topic in catalog.datasets:
        return _dataset(catalog.datasets[topic], grant, catalog, contents)
    try:
        return _field(catalog.fields[catalog.resolve(topic)], grant, catalog, contents)
    except KeyError:
        known = [*catalog.metrics, *catalog.datasets, *(id_.name for id_ in catalog.fields)]
        raise UnknownThing(f"I know nothing about '{topic}'.", remedy=nearest(topic, known)) from None


def groupings(fact: str, catalog: Catalog) -> tuple[Field, ...]:
    """The dimensions a fact can be grouped by, its own first."""
    near = sorted(catalog.reachable(fact), key=lambda name: (name != fact, name))
    return tuple(field for name in near for field in catalog.datasets[name].fields.values() if field.role == "dimension")


def _metric(metric: Metric, catalog: Catalog, contents: Contents) -> AboutAnswer:
    coverage = contents.coverage.get(metric.time) if metric.time else None
    dimensions = {field.label: () for field in groupings(metric.datasets[0], catalog)} if metric.datasets else {}
    return AboutAnswer(
        topic=metric.label,
        definition=(define(metric),),
        dimensions=dimensions,
        source=", ".join(metric.datasets),
        data_from=coverage.first if coverage else None,
        data_through=coverage.last if coverage else None,
    )


def _dataset(dataset: Dataset, grant: Grant, catalog: Catalog, contents: Contents) -> AboutAnswer:
    metrics = [m for m in catalog.metrics.values() if m.name in grant.metrics and any(dataset.name in catalog.reachable(d) for d in m.datasets)]
    covered = [contents.coverage[field.id] for field in dataset.time_fields if field.id in contents.coverage]
    return AboutAnswer(
        topic=dataset.label or dataset.name,
        metrics=tuple(metric.label for metric in metrics),
        dimensions={f.label: _values(f.id, grant, contents) for f in dataset.fields.values() if f.role == "dimension"},
        source=dataset.name,
        data_from=min((c.first for c in covered), default=None),
        data_through=max((c.last for c in covered), default=None),
    )


def _field(field: Field, grant: Grant, catalog: Catalog, contents: Contents) -> AboutAnswer:
    reading = [m for m in catalog.metrics.values() if m.name in grant.metrics and any(field.id.dataset in catalog.reachable(d) for d in m.datasets)]
    return AboutAnswer(
        topic=field.label,
        metrics=tuple(metric.label for metric in reading),
        dimensions={field.label: _values(field.id, grant, contents)} if field.role == "dimension" else {},
        source=field.id.dataset,
    )


def _everything(grant: Grant, catalog: Catalog, contents: Contents) -> AboutAnswer:
    metrics = [metric for metric in catalog.metrics.values() if metric.name in grant.metrics]
    facts = dict.fromkeys(dataset for metric in metrics for dataset in metric.datasets)
    fields = {field.id: field for fact in facts for field in groupings(fact, catalog)}
    covered = [contents.coverage[metric.time] for metric in metrics if metric.time and metric.time in contents.coverage]
    return AboutAnswer(
        topic=None,
        metrics=tuple(metric.label for metric in metrics),
        dimensions={field.label: _values(field.id, grant, contents)[:4] for field in fields.values()},
        source=", ".join(facts),
        data_from=min((c.first for c in covered), default=None),
        data_through=max((c.last for c in covered), default=None),
    )


def _values(id_: FieldId, grant: Grant, contents: Contents) -> tuple[str, ...]:
    """Some of the values that `contents` lets be told, none where row policies restrict the dataset itself."""
    return () if id_.dataset in grant.rows else contents.values.get(id_, ())[:SHOWN_VALUES]
