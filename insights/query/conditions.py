"""Which rows count: the filters of a question, its period, and the rows that the asker may see."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from typing import overload
from zoneinfo import ZoneInfo

from insights.catalog.model import Catalog, Field, FieldId
from insights.errors import NotAnswerable, NotPermitted
from insights.permit import Grant
from insights.query.algebra import Between, Compared, Condition, Either, Every, Expression
from insights.query.joins import Joining, Path, zone_of
from insights.requests import Filter, Period, Scalar

YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def within(catalog: Catalog, id_: FieldId, period: Period, joining: Joining) -> Condition:
    """The time field lies in the days of the period, by the company's clock: a half-open interval of what is stored."""
    # The ends of the calendar are no ends, and no zone can be applied to them.
    first = None if period.first is None or period.first.year == MINYEAR else period.first
    after = None if period.last is None or period.last.year == MAXYEAR else period.last + timedelta(days=1)
    return Between(joining.stored(id_), start_of(catalog, id_, first), start_of(catalog, id_, after))


@overload
def start_of(catalog: Catalog, id_: FieldId, day: date) -> date: ...


@overload
def start_of(catalog: Catalog, id_: FieldId, day: None) -> None: ...


@overload
def start_of(catalog: Catalog, id_: FieldId, day: date | None) -> date | None: ...


def start_of(catalog: Catalog, id_: FieldId, day: date | None) -> date | None:
    """The first instant of a day (or an instant) of the company's clock as the field stores it: bounds are converted, so that engines can skip files."""
    if day is None or catalog.fields[id_].kind != "timestamp":
        return day
    midnight, zone = day if isinstance(day, datetime) else datetime.combine(day, time()), zone_of(catalog, id_)
    return midnight if zone is None else midnight.replace(tzinfo=ZoneInfo(catalog.timezone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def asked(expression: Expression, field: Field, condition: Filter) -> Condition:
    """The condition of a question on a field; values are read as the field's kind.

    Raises NotAnswerable for a value that the field cannot have or an operator without the values it needs.
    """
    values = tuple(dict.fromkeys(_value(value, field) for value in condition.values))
    if any(isinstance(value, date) and value.year == MAXYEAR for value in values):
        raise NotAnswerable(f"{field.label.capitalize()} cannot be compared with the year {MAXYEAR}.")
    _enough(condition, field.label)
    if condition.op == "between":
        values = tuple(_value(value, field) for value in condition.values)
    if condition.op == "starts_with" and field.kind != "text":
        raise NotAnswerable(f"{field.label.capitalize()} is a {field.kind}, so it cannot start with letters.")
    if field.kind == "timestamp" and any(type(value) is date for value in values):
        compared = _whole_days(expression, condition.op, values)
    else:
        compared = Compared(expression, condition.op, values)
    if condition.op == "!=" and None not in values:
        return Either((compared, Compared(expression, "is_null", ())))  # "without Japan" leaves out Japan, not what nobody knows
    return compared


def _whole_days(expression: Expression, op: str, values: tuple[Scalar, ...]) -> Condition:
    """A condition on instants whose values are whole days."""
    days = [value for value in values if isinstance(value, date)]
    first, last = _bounds(days[0])[0], _bounds(days[-1])[1]
    match op:
        case "=":
            return Either(tuple(Between(expression, *_bounds(day)) for day in days))
        case "!=":
            outside = (Either((Between(expression, None, _bounds(day)[0]), Between(expression, _bounds(day)[1], None))) for day in days)
            return Every(tuple(outside))
        case "between":
            return Between(expression, first, last)
        case ">":
            return Between(expression, last, None)
        case ">=":
            return Between(expression, first, None)
        case "<":
            return Between(expression, None, first)
        case _:
            return Between(expression, None, last)


def _bounds(day: date) -> tuple[datetime, datetime]:
    """A day's (or an instant's own) half-open interval."""
    if isinstance(day, datetime):
        return day, day + timedelta(microseconds=1)
    start = datetime.combine(day, time())
    return start, start + timedelta(days=1)


def _value(value: Scalar, field: Field) -> Scalar:
    """The value as the field's kind has it; None stays None (an unknown value)."""
    if value is None:
        return None
    try:
        match field.kind:
            case "text":
                return str(value).encode(errors="backslashreplace").decode()  # half a character cannot be bound, and is no value either
            case "number":
                return _number(value)
            case "boolean":
                return value if isinstance(value, bool) else YES_NO[str(value).casefold()]
            case "date":
                return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else date.fromisoformat(str(value))
            case "timestamp":
                return value if isinstance(value, date) else _instant(str(value))
            case _:
                return value
    except (ValueError, KeyError) as mistake:
        raise NotAnswerable(f"{field.label.capitalize()} cannot be '{str(value)[:60]}': it is a {field.kind}.") from mistake


def _number(value: Scalar) -> int | float:
    """A number that engines can hold. Raises ValueError for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    number = float(str(value))
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number to compare with")
    return int(number) if number.is_integer() and abs(number) < 2**53 and not isinstance(value, float) else number


def _instant(text: str) -> date:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def seen(catalog: Catalog, fact: str, grant: Grant, joining: Joining) -> tuple[Condition, ...]:
    """The rows of `fact` that the asker may see: every policy, along every way from the fact to what it protects.

    Raises NotPermitted when a policy lets nothing through.
    """
    conditions: list[Condition] = []
    for dataset, filters in grant.rows.items():
        paths = catalog.paths(fact, dataset) if dataset in catalog.datasets else ()
        if paths and not filters:
            raise NotPermitted("You may not see any of the rows this needs.", remedy="Ask the data owner for access.")
        for path in paths:
            conditions.append(Either(tuple(_held(one, path, joining) for one in filters)))
    return tuple(conditions)


def _held(wanted: Mapping[FieldId, tuple[Scalar, ...]], path: Path, joining: Joining) -> Condition:
    """Every field has one of its values; a field with none to have lets nothing through."""
    return Every(tuple(Compared(joining.field(id_, path), "=", values) if values else Either(()) for id_, values in wanted.items()))


def result_values(condition: Filter) -> tuple[Scalar, ...]:
    """The numbers that a condition on a result compares with. Raises NotAnswerable for anything but numbers."""
    try:
        numbers = tuple(None if value is None else _number(value) for value in condition.values)
    except ValueError as mistake:
        raise NotAnswerable(f"{condition.metric} can only be compared with numbers.") from mistake
    if condition.op == "starts_with":
        raise NotAnswerable(f"{condition.metric} can only be compared with numbers.")
    _enough(condition, str(condition.metric))
    return numbers


def _enough(condition: Filter, what: str) -> None:
    """Check that the operator has the values it needs."""
    given = len(condition.values)
    match condition.op:
        case "is_null" | "not_null":
            fits = given == 0
        case "between":
            fits = given == 2 and None not in condition.values
        case "=" | "!=" | "starts_with":
            fits = given > 0
        case _:
            fits = given == 1 and None not in condition.values
    if not fits:
        raise NotAnswerable(f"I need {'two values' if condition.op == 'between' else 'a value'} to compare {what} with.")
