"""What a question touches: the metrics and datasets that it reads or asks about, however they are named."""

from __future__ import annotations

from insights.catalog.model import Catalog
from insights.requests import AdHoc, Formula, Measure, MetricName, MetricQuestion, named_in


def touched(request: MetricQuestion, catalog: Catalog) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The metrics and the datasets that the request reads or asks about."""
    named = named_in(request)
    metrics = [name for measure in named.measures for name in _metrics(measure)]
    datasets = [*named.datasets, *(name for measure in named.measures for name in _datasets(measure))]
    fields = [*named.fields, *(name for name in metrics if name not in catalog.metrics)]  # what is correlated or distributed may be a bare field
    if named.topic is not None:
        metrics.append(named.topic)
        datasets.append(named.topic)
        fields += [] if named.topic in catalog.metrics or named.topic in catalog.datasets else [named.topic]
    tests = (catalog.experiments.get(str(request.options.get("experiment"))), catalog.funnels.get(str(request.options.get("funnel"))))
    datasets += [tests[0].dataset] if tests[0] is not None else []
    steps = [] if tests[1] is None else [tests[1].by, *tests[1].meanings]
    metrics += [name for name in steps if name in catalog.metrics]
    fields += [name for name in steps if name not in catalog.metrics]
    for name in fields:
        datasets += [id_.dataset for id_ in catalog.field_ids(name)]
    return tuple(metrics), tuple(datasets)


def _metrics(measure: Measure) -> list[str]:
    match measure:
        case MetricName(name):
            return [name]
        case AdHoc():
            return []
        case Formula(left, _, right):
            return _metrics(left) + _metrics(right)


def _datasets(measure: Measure) -> list[str]:
    match measure:
        case MetricName():
            return []
        case AdHoc(_, dataset, _):
            return [dataset]
        case Formula(left, _, right):
            return _datasets(left) + _datasets(right)
