"""Which engines can answer a metric as it is defined: those that have all the rows it reads, and can spell it without giving it another meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from insights.catalog.model import Catalog
from insights.catalog.values import EMPTY
from insights.errors import InsightsError, NotAnswerable
from insights.lake.source import Source
from insights.permit import Asker, Grant
from insights.query.algebra import Plan
from insights.query.dialects import dialect_of
from insights.query.emit import emit
from insights.query.plan import plan
from insights.query.readings import readings
from insights.requests import MetricQuestion, Period
from insights.warehouse.port import Warehouse

WAY_OUT = "Unload what it reads to Parquet and name the files as its source, or configure the engine that has the tables."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """The names of the engines that can answer a metric, and why each other cannot."""

    engines: tuple[str, ...]
    reasons: Mapping[str, str]


def answerable(catalog: Catalog, engines: Iterable[Warehouse]) -> Mapping[str, Answerable]:
    """For each metric of the catalog, what each engine can do; their tables are looked at, no rows are read."""
    engines = tuple(engines)
    looked: dict[tuple[str, Source], str | None] = {}
    return {name: _answerable(name, catalog, engines, looked) for name in catalog.metrics}


def told(found: Mapping[str, Answerable]) -> tuple[str, ...]:
    """A line for each set of engines; where some cannot, why; and for what none can answer the way out."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for metric, one in found.items():
        groups.setdefault(one.engines, []).append(metric)
    if len(groups) == 1 and all(groups):
        return tuple(f"{' and '.join(engines)} can answer all {len(metrics)} metrics" for engines, metrics in groups.items())
    lines = []
    for engines, metrics in groups.items():
        named = ", ".join(metrics)
        lines.append(f"{' and '.join(engines)} can answer {named}" if engines else f"no configured engine can answer {named}. {WAY_OUT}")
    whys: dict[tuple[str, str], list[str]] = {}
    for metric, one in found.items():
        for engine, reason in one.reasons.items():
            whys.setdefault((engine, reason), []).append(metric)
    return (*lines, *(f"{engine} cannot answer {', '.join(metrics)}: {reason}" for (engine, reason), metrics in whys.items()))


def _answerable(name: str, catalog: Catalog, engines: tuple[Warehouse, ...], looked: dict[tuple[str, Source], str | None]) -> Answerable:
    reasons = {engine.name: reason for engine in engines if (reason := _reason(name, catalog, engine, looked)) is not None}
    return Answerable(engines=tuple(engine.name for engine in engines if engine.name not in reasons), reasons=reasons)


def _reason(name: str, catalog: Catalog, engine: Warehouse, looked: dict[tuple[str, Source], str | None]) -> str | None:
    """Why the engine cannot answer it, None where it can."""
    try:
        planned = _planned(name, catalog)
        for source in dict.fromkeys(reading.source for reading in readings(planned)):
            if (engine.name, source) not in looked:
                looked[engine.name, source] = _unreadable(engine, source)
            missing = looked[engine.name, source]
            if missing is not None:
                return missing
        emit(planned, lambda source, span: engine.relation(source, span=span), limit=1, dialect=dialect_of(engine))
    except InsightsError as error:
        return _said(error)
    return None


def _planned(name: str, catalog: Catalog) -> Plan:
    """The metric by itself, or day by day where it needs to know of which time. Raises NotAnswerable."""
    grant = Grant(asker=Asker(person=None, audience="private"), metrics=frozenset(catalog.metrics), datasets=frozenset(catalog.datasets))
    try:
        return plan(MetricQuestion(analysis="value", metrics=(name,)), grant, catalog, EMPTY)
    except NotAnswerable:
        try:
            by_day = MetricQuestion(analysis="series", metrics=(name,), grain="day", period=Period(first=date(2024, 1, 1), last=date(2024, 1, 31)))
            return plan(by_day, grant, catalog, EMPTY)
        except InsightsError:
            pass  # why it cannot be told by itself says more
        raise


def _unreadable(engine: Warehouse, source: Source) -> str | None:
    """Why the engine cannot read a source, None where it can."""
    try:
        engine.columns(source)
    except InsightsError as error:
        return _said(error)
    return None


def _said(error: InsightsError) -> str:
    return str(error).splitlines()[0]
