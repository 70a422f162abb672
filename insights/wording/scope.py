"""Filters and periods as the phrases that every answer says back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from insights.catalog.labels import inside
from insights.requests import Filter
from insights.wording.formats import exact, listed
from insights.wording.groupings import cell, part_of, recurring, when

NO_UNITS: Mapping[str, str | None] = {}
_COMPARED = {">": "over", ">=": "at least", "<": "under", "<=": "at most"}


def phrase(condition: Filter, labels: Mapping[str, str], locale: str, units: Mapping[str, str | None] = NO_UNITS) -> str:
    """One filter in words, such as "Region is EMEA or APAC" or "Amount over 100"; `units` are those of metrics."""
    name = condition.dimension or condition.metric or ""
    label = labels.get(name, name)
    is_code = condition.metric is None and condition.op in ("=", "!=", "starts_with")
    part = part_of(condition)
    if part == "hour" and (timed := when(condition, part, locale)):
        return f"{label} {timed}"
    if part is not None:
        said = [recurring(value, part, locale) for value in condition.values]
    else:
        said = [(cell if is_code else partial(exact, unit=units.get(condition.metric or "")))(value, locale=locale) for value in condition.values]
    match condition.op:
        case "=":
            return f"{label} is {listed(said, 'or')}"
        case "!=":
            return f"{label} is not {listed(said, 'or')}"
        case ">" | ">=" | "<" | "<=":
            return f"{label} {_COMPARED[condition.op]} {listed(said, 'or')}"
        case "between":
            return f"{label} between {listed(said)}"
        case "starts_with":
            return f"{label} starts with {listed(said, 'or')}"
        case "is_null":
            return f"{label} is missing"
        case "not_null":
            return f"{label} is known"


def short(condition: Filter, locale: str, labels: Mapping[str, str]) -> str | None:
    """The filter as people would say it behind a metric: "for EMEA", "for origin city Paris" where other cities can be meant.

    None where only the whole phrase is clear.
    """
    part = part_of(condition)
    if part is not None:
        return when(condition, part, locale)
    said = [cell(value, locale) for value in condition.values]
    if condition.dimension is None or not said or any(not isinstance(value, str) or value.replace(".", "").isdigit() for value in condition.values):
        return None
    said_by = f"{inside(labels.get(condition.dimension, ''))} ".lstrip() if "." in condition.dimension else ""
    if condition.op == "=":
        return f"for {said_by}{listed(said, 'and')}"
    if condition.op == "!=":
        return f"without {said_by}{listed(said, 'and')}"
    return None


def scope(filters: tuple[Filter, ...], labels: Mapping[str, str], locale: str, units: Mapping[str, str | None] = NO_UNITS) -> str:
    """All filters as one phrase that follows a metric's name, with a leading blank; empty without filters."""
    parts = [short(condition, locale, labels) or f"where {phrase(condition, labels, locale, units)}" for condition in filters]
    return "".join(f" {part}" for part in parts)
