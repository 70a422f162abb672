"""Puts a small catalog beside a company's own: the figures of the office beside those of the business."""

from __future__ import annotations

from dataclasses import replace

from insights.catalog.model import Catalog


def beside(catalog: Catalog, added: Catalog) -> Catalog:
    """The company's catalog with the datasets and metrics of another; where both use a name or a label, the company's stands and the other is left out."""
    taken = {said.casefold() for metric in catalog.metrics.values() for said in (metric.name, metric.label, *metric.synonyms)}
    taken |= {said.casefold() for dataset in catalog.datasets.values() for said in (dataset.name, dataset.label, *dataset.synonyms)}
    datasets = {name: dataset for name, dataset in added.datasets.items() if name.casefold() not in taken}
    metrics = {
        name: replace(metric, synonyms=tuple(said for said in metric.synonyms if said.casefold() not in taken))
        for name, metric in added.metrics.items()
        if not {name.casefold(), metric.label.casefold()} & taken and set(metric.datasets) <= set(datasets)
    }
    return replace(
        catalog,
        version=f"{catalog.version}+{added.version}",
        datasets={**catalog.datasets, **datasets},
        metrics={**catalog.metrics, **metrics},
        relationships=(*catalog.relationships, *(r for r in added.relationships if {r.many, r.one} <= set(datasets))),
    )
