"""Sets over time: members who were there in one period, and were or were not in another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from insights.answers import Again
from insights.catalog.model import Catalog
from insights.errors import NotAnswerable
from insights.query.joins import dimension
from insights.query.parts import Repeated
from insights.requests import MetricQuestion, Period, Scalar

_KINDS = (("not_first", "not_last", True), ("also_first", "also_last", False))


def repeated(question: MetricQuestion, catalog: Catalog, facts: Sequence[str]) -> tuple[Repeated, ...]:
    """What else the members must have done, as the options say. Raises NotAnswerable where members or the other period are missing."""
    options = question.options
    if options.get("members") is None:
        if any(options.get(key) is not None for kind in _KINDS for key in kind[:2]):
            raise NotAnswerable("I need to know who is meant.", remedy="Say whom, as in 'customers who bought in May and not since'.")
        return ()
    member = dimension(catalog, str(options["members"]), facts)
    found = []
    for first, last, negated in _KINDS:
        ends = _day(options.get(first)), _day(options.get(last))
        if ends != (None, None):
            if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]  # neither is None
                raise NotAnswerable("The other period ends before it starts.", remedy="Turn it round.")
            found.append(Repeated(member=member, period=Period(first=ends[0], last=ends[1]), negated=negated))
    if not found:
        raise NotAnswerable("I need the other period.", remedy="Say when else, as in 'and not since'.")
    return tuple(found)


def told(again: Sequence[Repeated], catalog: Catalog) -> tuple[Again, ...]:
    """The same for the answer."""
    return tuple(Again(members=catalog.fields[one.member].label, period=one.period, negated=one.negated) for one in again)


def _day(value: Scalar) -> date | None:
    """An end of a period as options give it: a day, or its ISO 8601 text. Raises NotAnswerable for anything else."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value))
    except ValueError as mistake:
        raise NotAnswerable(f"'{str(value)[:40]}' is no day.", remedy="Days are written as 2026-06-01.") from mistake
