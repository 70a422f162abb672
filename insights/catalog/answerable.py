"""Which engines can answer which metrics: those that have all the rows a metric reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from insights.catalog.model import Catalog, Metric
from insights.errors import InsightsError
from insights.lake.source import Source

WAY_OUT = "Unload what it reads to Parquet and name the files as its source, or configure the engine that has the tables."


def answerable(catalog: Catalog, engines: Mapping[str, Callable[[Source], object]]) -> Mapping[str, tuple[str, ...]]:
    """The engines that can answer each metric; `engines` gives for each name how to look at a source, which raises where it cannot be read."""
    known: dict[tuple[str, Source], bool] = {}
    for dataset in catalog.datasets.values():
        for name, look in engines.items():
            known.setdefault((name, dataset.source), _reads(look, dataset.source))
    return {
        metric.name: tuple(name for name in engines if all(known[name, source] for source in _sources(catalog, metric))) for metric in catalog.metrics.values()
    }


def told(found: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A line for each set of engines, and for what none can answer the way out."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for metric, engines in found.items():
        groups.setdefault(engines, []).append(metric)
    if len(groups) == 1 and all(groups):
        return tuple(f"{' and '.join(engines)} can answer all {len(metrics)} metrics" for engines, metrics in groups.items())
    return tuple(_line(engines, metrics) for engines, metrics in groups.items())


def _line(engines: tuple[str, ...], metrics: list[str]) -> str:
    named = ", ".join(metrics)
    return f"{' and '.join(engines)} can answer {named}" if engines else f"no configured engine can answer {named}. {WAY_OUT}"


def _sources(catalog: Catalog, metric: Metric) -> list[Source]:
    """Where the rows are that it always reads: its facts, and what its own conditions are on."""
    datasets = dict.fromkeys((*metric.datasets, *(field.dataset for part in metric.aggregations for field in part.fields)))
    return [catalog.datasets[name].source for name in datasets]


def _reads(look: Callable[[Source], object], source: Source) -> bool:
    try:
        look(source)
    except (InsightsError, OSError):
        return False
    return True
