"""What a question groups by and filters on: fields, recurring parts of a time, and numbers in steps; as columns, as SQL and as conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from insights.answers import Column
from insights.catalog.model import Catalog, Field, FieldId
from insights.catalog.ways import called
from insights.errors import NotAnswerable, UnknownThing
from insights.query.algebra import Condition, Expression, Recurring, Stepped
from insights.query.conditions import asked
from insights.query.joins import Joining, dimension
from insights.query.times import WEEK_SHIFT, weekdays
from insights.requests import PARTS, Bin, Filter, PlainField, Scalar, TimePart, parse_group
from insights.requests import Part as PartOfTime

LABELS: dict[PartOfTime, str] = {
    "weekday": "Weekday",
    "hour": "Hour of the day",
    "day_of_month": "Day of the month",
    "month_of_year": "Month of the year",
    "quarter_of_year": "Quarter of the year",
}
BOUNDS: dict[PartOfTime, tuple[int, int]] = {"weekday": (0, 6), "hour": (0, 23), "day_of_month": (1, 31), "month_of_year": (1, 12), "quarter_of_year": (1, 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How a number is cut: steps of `width` from `start`; with `most`, that many, the last one closed."""

    width: float
    start: float = 0
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """One thing to group by or to filter on, by the `name` the request gives it. `own` says that every fact takes its own time in place of `field`.

    `role` names the relationship by way of which it is reached, where that was said.
    """

    name: str
    field: FieldId
    part: PartOfTime | None = None
    steps: Steps | None = None
    own: bool = False
    role: str | None = None

    @property
    def is_ordered(self) -> bool:
        """Whether its values have an order of their own, which people expect them in."""
        return self.part is not None or self.steps is not None

    def of(self, time: FieldId | None) -> FieldId:
        """The field it reads for a fact whose own time is `time`."""
        return time if self.own and time is not None else self.field


def grouping(catalog: Catalog, name: str, facts: Sequence[str], *, times: Sequence[FieldId] = (), steps: Steps | None = None) -> Grouping:
    """What `name` means in a question about `facts`, whose figures have `times`.

    Raises UnknownThing for a name that does not exist, NotAnswerable for what cannot be read from these facts like this.
    """
    try:
        key = parse_group(name)
    except ValueError as mistake:
        raise UnknownThing(f"I don't know what '{name}' is.", remedy=f"A part of a time is one of {', '.join(PARTS)}.") from mistake
    match key:
        case PlainField(field):
            role = catalog.role(field)
            return Grouping(name=name, field=dimension(catalog, field, facts), role=role.name if role is not None else None)
        case TimePart(part, field):
            own = [id_ for id_ in catalog.field_ids(field) if id_ in times]
            id_ = own[0] if len(own) == 1 else dimension(catalog, field, facts)
            _check_time(catalog.fields[id_], part)
            return Grouping(name=name, field=id_, part=part, own=id_ in times and len(set(times)) > 1)
        case Bin(field):
            id_ = dimension(catalog, field, facts)
            if catalog.fields[id_].kind != "number":
                raise NotAnswerable(f"{catalog.fields[id_].label.capitalize()} is no number, so it has no steps.", remedy="Ask by its values instead.")
            refuse_closed(catalog.fields[id_])
            return Grouping(name=name, field=id_, steps=steps or Steps(width=1))
        case _:
            assert_never(key)


def refuse_closed(field: Field) -> None:
    """Refuse the values of a number that its owner lets nobody aggregate: they would tell what the aggregates would. Raises NotAnswerable."""
    if field.kind == "number" and field.aggregates_declared and not field.aggregates:
        raise NotAnswerable(f"{field.label.capitalize()} may not be asked for.", remedy="Its owner has closed it.")


def _check_time(field: Field, part: PartOfTime) -> None:
    if field.kind not in ("date", "timestamp"):
        raise NotAnswerable(f"{field.label.capitalize()} is not a date.")
    if part == "hour" and field.kind == "date":
        raise NotAnswerable(f"{field.label.capitalize()} is recorded by day, so there is no hour to tell apart.", remedy="Ask by weekday or by day.")


def expression(catalog: Catalog, group: Grouping, time: FieldId | None, joining: Joining) -> Expression:
    """The grouping as seen from a fact whose own time is `time`."""
    of = joining.along(group.field, group.role) if group.role is not None else joining.of_time(group.of(time), time)
    if group.part is not None:
        shift = catalog.fiscal_year_starts - 1 if catalog.fiscal_periods else 0
        return Recurring(of=of, part=group.part, week_shift=WEEK_SHIFT[catalog.week_starts], month_shift=shift)
    if group.steps is not None:
        return Stepped(of=of, width=group.steps.width, start=group.steps.start, most=group.steps.most)
    return of


def column(catalog: Catalog, group: Grouping, times: Sequence[FieldId]) -> Column:
    """The grouping's column in the answer."""
    field = catalog.fields[group.field]
    if group.part is not None:
        return Column(name=group.name, label=label(catalog, group, times), role="dimension", part=group.part)
    if group.steps is not None:
        return Column(name=group.name, label=field.label, role="dimension", unit=field.unit, width=group.steps.width)
    return Column(name=group.name, label=label(catalog, group, times), role="time" if field.role == "time" else "dimension", unit=field.unit)


def label(catalog: Catalog, group: Grouping, times: Sequence[FieldId]) -> str:
    """What people call it; a part of another time than the figures' own says of which."""
    field = catalog.fields[group.field]
    if group.role is not None and (role := catalog.role(group.name)) is not None:
        said = called(catalog, role, field)
        return f"{said[:1].upper()}{said[1:]}"
    if group.part is None:
        return field.label
    named = LABELS[group.part]
    return named if group.own or group.field in times else f"{named} of {field.label[:1].lower()}{field.label[1:]}"


def condition(catalog: Catalog, group: Grouping, wanted: Filter, time: FieldId | None, joining: Joining) -> Condition:
    """The filter as a condition on the rows of a fact whose own time is `time`.

    Raises NotAnswerable for a value that it cannot have or an operator without the values it needs.
    """
    seen = expression(catalog, group, time, joining)
    if group.part is None:
        return asked(seen, catalog.fields[group.field], wanted)
    title = LABELS[group.part]
    values = tuple(_value(catalog, group.part, value) for value in wanted.values)
    stand_in = replace(catalog.fields[group.field], kind="number", label=title)
    if group.part == "weekday" and wanted.op in ("<", "<=", ">", ">="):
        raise NotAnswerable("A weekday is not more or less than another.", remedy="Name the days.")
    if wanted.op == "between" and len(values) == 2 and None not in values:
        return asked(seen, stand_in, replace(wanted, op="=", values=_around(group.part, *values)))
    return asked(seen, stand_in, replace(wanted, values=values))


def _value(catalog: Catalog, part: PartOfTime, value: Scalar) -> Scalar:
    """A value of a filter as the number that stands for it."""
    if value is None:
        return None
    if part == "weekday":
        days = weekdays(catalog.week_starts)
        if str(value).casefold() not in days:
            raise NotAnswerable(f"'{str(value)[:60]}' is no weekday.", options=days)
        return days.index(str(value).casefold())
    least, most = BOUNDS[part]
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if not least <= number <= most + (part == "hour"):
        raise NotAnswerable(f"'{str(value)[:60]}' is no {LABELS[part].lower()}: it goes from {least} to {most}.")
    return number


def _around(part: PartOfTime, first: Scalar, last: Scalar) -> tuple[Scalar, ...]:
    """Every value from the first to the last, past the end and on from the beginning where it must: from Friday to Monday, from 22 to 5."""
    assert isinstance(first, int)
    assert isinstance(last, int)
    least, most = BOUNDS[part]
    return tuple(range(first, last + 1)) if first <= last else (*range(first, most + 1), *range(least, last + 1))
