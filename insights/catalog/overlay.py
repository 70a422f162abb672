"""Reads assistant.yaml: how the assistant may use the definitions. Everything in it is optional, nothing unknown is let pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from insights.catalog.declared import Words
from insights.catalog.documents import Node
from insights.catalog.model import Currency, FieldId, Good, Length, MetricType, Rate, Sensitivity, StartOf, Take, Validity
from insights.catalog.names import Names
from insights.catalog.notes import METRIC_TYPES, DatasetNotes, FieldNotes, MetricNotes, Overlay, Part
from insights.catalog.predicting import read_models
from insights.catalog.rates import WrongRates, read_rates
from insights.catalog.regional import read_regional, read_timezone
from insights.catalog.sections import Notebook, Section
from insights.catalog.usage import SENSITIVITIES, read_access, read_experiments, read_funnels, read_policies, read_rollups, read_verified
from insights.errors import nearest
from insights.requests import AGGREGATES, AggregateFunction, Scalar

_GOOD: tuple[Good, ...] = ("up", "down", "neither")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LENGTH = re.compile(r"(\d{1,6}) (hour|day|week|month|quarter|year)s?")
_UNITS: tuple[Literal["hour", "day", "week", "month", "quarter", "year"], ...] = ("hour", "day", "week", "month", "quarter", "year")
_LONGEST = 100_000
_TAKE: tuple[Take, ...] = ("last", "first", "average", "min", "max")
_SPAN = re.compile(r"\d+ (?:minute|hour|day|week|month)s?")
_KEYS: Mapping[MetricType, tuple[str, ...]] = {
    "simple": (),
    "ratio": ("numerator", "denominator"),
    "derived": ("expression",),
    "cumulative": ("of", "window", "to_date", "period_agg", "with_data"),
    "balance": ("of", "take", "per", "carried"),
    "conversion": ("from", "to", "by", "within", "same", "counts"),
    "percentile": ("of", "at", "discrete"),
    "earlier": ("of", "ago", "start_of"),
}
_OPTIONAL = ("period_agg", "with_data", "take", "per", "carried", "to_date", "window", "within", "same", "counts", "discrete", "ago", "start_of")
_TOLD: tuple[Literal["last", "first", "average"], ...] = ("last", "first", "average")
_START_OF: tuple[StartOf, ...] = ("week", "month", "quarter", "year")
_TO_DATE: tuple[Literal["month", "quarter", "year"], ...] = ("month", "quarter", "year")


def read_overlay(root: Node, notebook: Notebook, names: Names) -> Overlay:
    """Read the overlay of the model whose `names` are given; every mistake goes into the notebook."""
    top = Section(root, notebook, "assistant.yaml")
    version = top.whole("version", least=1)
    if version not in (None, 1):
        top.report("version", f"version {version} of assistant.yaml cannot be read.", "Write version: 1.")
    overlay = Overlay(
        file=notebook.file,
        regional=read_regional(top),
        metrics={name: _metric(name, section, names) for name, section in top.each("metrics", "metric")},
        datasets=_datasets(top, names),
        fields=_fields(top, names),
        access=read_access(top),
        policies=read_policies(top, names),
        minimum_group=top.whole("minimum_group", least=1),
        verified=read_verified(top, names),
        funnels=read_funnels(top, names),
        models=read_models(top, names),
        experiments=read_experiments(top, names),
        owner=top.text("owner"),
        rollups=read_rollups(top, names),
    )
    top.node("sources")  # read with the model: where the tables of a dbt manifest lie
    top.done()
    return overlay


def _words(section: Section) -> Words:
    label = section.text("label")
    synonyms = tuple(s.strip() for s in section.texts("synonyms") if s.strip())
    return Words(label=label.strip() or None if label else None, synonyms=synonyms, description=(section.text("description") or "").strip())


def _sensitivity(section: Section) -> Sensitivity | None:
    return section.choice("sensitivity", SENSITIVITIES)


def _metric(name: str, section: Section, names: Names) -> MetricNotes:
    type_ = section.choice("type", METRIC_TYPES)
    time = section.text("time")
    fresh = section.text("fresh_within")
    if fresh is not None and not _SPAN.fullmatch(fresh):
        section.report("fresh_within", f"'{fresh[:40]}' is not a length of time.", "Write one such as 1 day or 6 hours.")
    notes = MetricNotes(
        name=name,
        line=section.line,
        words=_words(section),
        type=type_,
        type_line=section.line_of("type"),
        unit=section.text("unit"),
        good=section.choice("good", _GOOD) or "neither",
        time=names.field(time, section.line_of("time"), section.what) if time else None,
        time_line=section.line_of("time"),
        filter=_part(section, "filter"),
        target=_target(section, names),
        owner=section.text("owner"),
        certified=section.flag("certified") or False,
        sensitivity=_sensitivity(section),
        fresh_within=fresh,
        of_model=False,
        hidden=section.flag("hidden") or False,
        **_computed(section, type_, names),
    )
    section.done()
    return notes


def _part(section: Section, key: str) -> Part | None:
    text = section.text(key)
    return Part(text=text, line=section.line_of(key)) if text is not None else None


def _computed(section: Section, type_: MetricType | None, names: Names) -> dict[str, Any]:
    """What the metric is made of; keys of another type are unknown keys."""
    keys = _KEYS[type_ or "simple"]
    for key in keys:
        if key not in _OPTIONAL:
            section.required(key)
    if type_ is None:
        wanting = next((t for t, keys in _KEYS.items() for key in keys if key in section), None)
        if wanting is not None:
            section.report(None, f"{section.what} does not say its 'type'.", f"Add type: {wanting}.")
            for key in _KEYS[wanting]:
                section.node(key)
    match type_:
        case "ratio" | "derived":
            return {key: _named(section, key, names) if type_ == "ratio" else _part(section, key) for key in keys}
        case "cumulative":
            window, to_date = length_of(section, "window"), section.choice("to_date", _TO_DATE)
            if "window" in section and "to_date" in section:
                section.report("to_date", f"{section.what} has a window and a to_date.", "Keep one: a window goes with the day, a to_date starts anew.")
            told = section.choice("period_agg", _TOLD) or "last"
            return {
                "of": _named(section, "of", names),
                "window": window,
                "to_date": to_date,
                "period_agg": told,
                "with_data": section.flag("with_data") is not False,
            }
        case "balance":
            per = tuple(Part(text=text, line=section.line_of("per")) for text in section.texts("per"))
            carried = section.flag("carried")
            return {"of": _named(section, "of", names), "take": section.choice("take", _TAKE) or "last", "per": per, "carried": carried is not False}
        case "conversion":
            sides = {"base": _named(section, "from", names), "goal": _named(section, "to", names), "by": _part(section, "by")}
            return sides | {"within": length_of(section, "within"), "same": _pairs(section, "same"), "counts": section.flag("counts") or False}
        case "percentile":
            return {"of": _part(section, "of"), "at": _fraction(section, "at"), "discrete": section.flag("discrete") or False}
        case "earlier":
            if ("ago" in section) == ("start_of" in section):
                section.report(None, f"{section.what} must say 'ago' or 'start_of'.", "Write one, such as ago: 1 month.")
            return {"of": _named(section, "of", names), "ago": length_of(section, "ago"), "start_of": section.choice("start_of", _START_OF)}
        case _:
            return {}


def _pairs(section: Section, key: str) -> tuple[tuple[Part, Part], ...]:
    """Fields of two sides by each other."""
    if key not in section:
        return ()
    inner = section.section(key, f"the '{key}' of {section.what}")
    found = tuple((Part(text=name, line=inner.line_of(name)), other) for name in inner.entries() if (other := _part(inner, name)) is not None)
    inner.done()
    return found


def _named(section: Section, key: str, names: Names) -> Part | None:
    """The name of another metric."""
    part = _part(section, key)
    if part is not None:
        names.metric(part.text, part.line, f"{section.what}, {key}")
    return part


def length_of(section: Section, key: str) -> Length | None:
    """A length of time such as 28 days."""
    text = section.text(key)
    if text is None:
        return None
    found = _LENGTH.fullmatch(text.strip().casefold())
    unit = next((unit for unit in _UNITS if found is not None and unit == found[2]), None)
    if found is None or unit is None or not 0 < int(found[1]) < _LONGEST:
        section.report(key, f"{section.what}: '{key}' must be a length of time, not '{text[:40]}'.", "Write one such as 28 days, 3 months or 12 hours.")
        return None
    return Length(int(found[1]), unit)


def _fraction(section: Section, key: str) -> float | None:
    """A number from 0 to 1."""
    node = section.node(key)
    if node is None:
        return None
    value = node.scalar if node.is_scalar else None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    near = f"Write {value / 100:g}." if isinstance(value, int | float) and 1 < value <= 100 else "Write one such as 0.95."
    section.report(key, f"{section.what}: '{key}' must be a number from 0 to 1, not '{node.text[:40] if node.is_scalar else 'a list'}'.", near)
    return None


def _target(section: Section, names: Names) -> Scalar | Mapping[str, Scalar]:
    """A number, numbers by period, the name of a metric, or the path of a table."""
    node = section.node("target")
    if node is None:
        return None
    if node.entries is not None:
        numbers: dict[str, Scalar] = {}
        for period, value in node.entries.items():
            if value.is_scalar and isinstance(value.scalar, int | float) and not isinstance(value.scalar, bool):
                numbers[period] = value.scalar
            else:
                section.notebook.report(value.line, f"{section.what}: the target of {period[:40]} must be a number.")
        return numbers
    if node.is_scalar and isinstance(node.scalar, str):
        if "/" in node.text or "." in node.text:
            names.file(node.text, node.line, f"{section.what}, target")
        else:
            names.metric(node.text, node.line, f"{section.what}, target")
        return node.text
    if node.is_scalar and isinstance(node.scalar, int | float) and not isinstance(node.scalar, bool):
        return node.scalar
    section.report("target", f"{section.what}: 'target' must be a number, numbers by period, a metric or a table.")
    return None


def _datasets(top: Section, names: Names) -> Mapping[str, DatasetNotes]:
    found = {}
    for name, section in top.each("datasets", "dataset"):
        known = names.dataset(name, section.line, "datasets")
        time = section.text("time")
        notes = DatasetNotes(
            words=_words(section),
            sensitivity=_sensitivity(section) or "internal",
            timezone=read_timezone(section),
            currency=_currency(section, names, known),
            personal=section.flag("personal") or False,
            calendar=section.flag("calendar") or False,
            valid=_valid(section, names, known),
            time=names.field(time.removeprefix(f"{known}."), section.line_of("time"), section.what, prefer=known) if time and known else None,
        )
        section.done()
        if known is not None:
            found[known] = notes
    return found


def _valid(outer: Section, names: Names, dataset: str | None) -> Validity | None:
    """From when until when each row holds."""
    if outer.node("valid") is None:
        return None
    section = outer.section("valid", f"the valid of {outer.what}")
    first, after, by_day = section.required("from"), section.required("to"), section.flag("by_day") or False
    section.done()
    fields = [names.field(name, section.line, section.what, prefer=dataset) for name in (first, after) if name is not None]
    found = [field.name for field in fields if field is not None and field.dataset == dataset]
    return Validity(found[0], found[1], by_day) if len(found) == 2 else None


def _currency(outer: Section, names: Names, dataset: str | None) -> Currency | None:
    if outer.node("currency") is None:
        return None
    section = outer.section("currency", f"the currency of {outer.what}")
    field, rates, report = section.required("field"), section.required("rates"), section.required("report")
    amounts = [names.field(name.removeprefix(f"{dataset}."), section.line_of("amounts"), section.what, prefer=dataset) for name in section.texts("amounts")]
    section.done()
    if report is not None and not _CURRENCY.fullmatch(report):
        section.report("report", f"'{report[:20]}' is not a currency.", "Write its ISO 4217 code, such as USD.")
    if rates is not None:
        names.file(rates, section.line_of("rates"), section.what)
    if field is None or rates is None or report is None or dataset is None:
        return None
    known = names.field(field.removeprefix(f"{dataset}."), section.line_of("field"), section.what, prefer=dataset)
    if known is None:
        return None
    dated = _rates(rates, section, names)
    return Currency(field=known, rates=rates, report=report, amounts=tuple(id_.name for id_ in amounts if id_ is not None), dated=dated)


def _rates(rates: str, section: Section, names: Names) -> tuple[Rate, ...]:
    path = names.folder / rates
    if "://" not in rates and not path.exists():
        return ()  # that has been said
    try:
        if "://" in rates:
            raise WrongRates("is an address; rates are read with the definitions")
        return read_rates(path)
    except WrongRates as wrong:
        section.report("rates", f"{section.what}: '{rates[:80]}' {wrong}.", "Write a CSV file beside assistant.yaml: date, currency, rate.")
        return ()


def _fields(top: Section, names: Names) -> Mapping[FieldId, FieldNotes]:
    found: dict[FieldId, FieldNotes] = {}
    for name, section in top.each("fields", "field"):
        known = names.field(name, section.line, "fields")
        notes = FieldNotes(
            line=section.line,
            words=_words(section),
            values=_values(section),
            aggregates=_aggregates(section),
            percentiles="percentile" in [word.casefold() for word in section.texts("aggregate")],
            unit=section.text("unit"),
            hidden=section.flag("hidden") or False,
        )
        section.done()
        if known in found:
            section.report(None, f"{section.what} is described twice, first in line {found[known].line}.", "Keep one of them.")
        elif known is not None:
            found[known] = notes
    return found


def _values(section: Section) -> Mapping[str, tuple[str, ...]]:
    outer = section.section("values", f"the values of {section.what}")
    return {value: tuple(word.strip() for word in outer.texts(value) if word.strip()) for value in outer.entries()}


def _aggregates(section: Section) -> tuple[AggregateFunction, ...] | None:
    if "aggregate" not in section:
        return None
    found: list[AggregateFunction] = []
    for word in section.texts("aggregate"):
        if word.casefold() == "percentile":
            continue  # which one is said when it is asked for
        function = next((known for known in AGGREGATES if known == word.casefold()), None)
        if function is None:
            section.report("aggregate", f"{section.what}: '{word[:40]}' is no aggregate.", nearest(word, AGGREGATES) or f"There is {', '.join(AGGREGATES)}.")
        else:
            found.append(function)
    return tuple(dict.fromkeys(found))
