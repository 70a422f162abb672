"""Which engines can answer a metric as it is defined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from insights.catalog.model import Catalog
from insights.catalog.values import EMPTY
from insights.errors import InsightsError
from insights.permit import Asker, Grant
from insights.query.dialects import dialect_of
from insights.query.emit import emit
from insights.query.plan import plan
from insights.requests import MetricQuestion
from insights.warehouse.port import Warehouse

UNLOAD = "Unload the rows to Parquet files, and name those in the definitions."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """The names of the engines that can answer a metric, why each other cannot, and the `way_out` where none can."""

    engines: tuple[str, ...]
    reasons: Mapping[str, str]
    way_out: str = ""


def answerable(catalog: Catalog, engines: Iterable[Warehouse]) -> Mapping[str, Answerable]:
    """For each metric of the catalog, whether each engine knows its sources and can spell it without giving it another meaning; nothing is run."""
    engines = tuple(engines)
    return {name: _answerable(name, catalog, engines) for name in catalog.metrics}


def _answerable(name: str, catalog: Catalog, engines: tuple[Warehouse, ...]) -> Answerable:
    able, reasons = [], {}
    for engine in engines:
        reason = _reason(name, catalog, engine)
        if reason is None:
            able.append(engine.name)
        else:
            reasons[engine.name] = reason
    return Answerable(engines=tuple(able), reasons=reasons, way_out="" if able else UNLOAD)


def _reason(name: str, catalog: Catalog, engine: Warehouse) -> str | None:
    """Why the engine cannot answer it, None where it can."""
    grant = Grant(asker=Asker(person=None, audience="private"), metrics=frozenset(catalog.metrics), datasets=frozenset(catalog.datasets))
    try:
        planned = plan(MetricQuestion(analysis="value", metrics=(name,)), grant, catalog, EMPTY)
        emit(planned, lambda source, span: engine.relation(source, span=span), limit=1, dialect=dialect_of(engine))
    except InsightsError as told:
        return told.args[0].splitlines()[0] if told.args else type(told).__name__
    return None
