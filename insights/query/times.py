"""Which time field a period or a bucket applies to, and the buckets of a period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from insights.answers import Column
from insights.catalog.model import Aggregation, Catalog, FieldId
from insights.errors import NotAnswerable, UnknownThing, nearest
from insights.query.joins import said
from insights.query.measures import Measured
from insights.requests import Grain, MetricQuestion

MONTHS = {"month": 1, "quarter": 3, "year": 12}
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
WEEK_SHIFT = {"monday": 0, "sunday": 1, "saturday": 2}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekdays(starts: str) -> tuple[str, ...]:
    """The days of the week in the company's order.

    >>> weekdays("sunday")[:2]
    ('sunday', 'monday')
    """
    first = WEEKDAYS.index(starts)
    return WEEKDAYS[first:] + WEEKDAYS[:first]


def time_of(catalog: Catalog, question: MetricQuestion, measure: Measured, aggregation: Aggregation, first: Measured, *, needed: bool) -> FieldId | None:
    """The time field of one aggregate: the one asked for where its rows have it, else its own.

    In a question about several facts the field asked for is usually just the first metric's own; the other facts keep theirs.
    Raises UnknownThing for a field that does not exist and, when a time is `needed`, NotAnswerable when the rows have none or several that could be meant.
    """
    asked = time_asked(catalog, question)
    own = _own(catalog, measure, aggregation)
    if asked is not None and asked != own and catalog.paths(aggregation.dataset, asked.dataset):
        default = own is not None and measure is not first and asked in (_own(catalog, first, a) for a in first.aggregations)
        return own if default and own is not None else asked
    if own is not None or not needed:
        return own
    fields = catalog.datasets[aggregation.dataset].dated
    who = said(catalog, aggregation.dataset)
    if not fields:
        raise NotAnswerable(f"{measure.definition.label} has no dates, so I can't limit it to a period.", remedy="Ask without one.")
    raise NotAnswerable(f"{who.capitalize()} have several dates.", remedy="Say which one you mean.", options=[field.label for field in fields])


def time_asked(catalog: Catalog, question: MetricQuestion) -> FieldId | None:
    """The time field that the question names, if any. Raises UnknownThing for one that does not exist, NotAnswerable for one that is no date."""
    if question.time_field is None:
        return None
    try:
        id_ = catalog.resolve(question.time_field)
    except KeyError:
        names = [catalog.written(field.id) for field in catalog.fields.values() if field.role == "time"]
        raise UnknownThing(f"There is no time field '{question.time_field}' here.", remedy=nearest(question.time_field, names), options=names[:8]) from None
    if catalog.fields[id_].kind not in ("date", "timestamp"):
        raise NotAnswerable(f"{catalog.fields[id_].label.capitalize()} is not a date.")
    return id_


def _own(catalog: Catalog, measure: Measured, aggregation: Aggregation) -> FieldId | None:
    """The time field of the aggregate by its metric's definition, else that of its dataset."""
    declared = [aggregation.time] if aggregation.time else [id_ for id_ in measure.times if catalog.paths(aggregation.dataset, id_.dataset)]
    here = [id_ for id_ in declared if id_.dataset == aggregation.dataset] or declared
    if here:
        return here[0]
    dataset = catalog.datasets[aggregation.dataset]
    return dataset.time or (dataset.dated[0].id if len(dataset.dated) == 1 else None)


def bucketed(catalog: Catalog, id_: FieldId, name: str, grain: Grain) -> Column:
    """The answer's column of time buckets. Raises NotAnswerable for hours of a field that has only days."""
    field = catalog.fields[id_]
    if grain == "hour" and field.kind != "timestamp":
        raise NotAnswerable(f"{field.label.capitalize()} has days, not hours.", remedy="Ask by day.")
    return Column(name=name, label=field.label, role="time", grain=grain)


def bucket_of(day: date, grain: Grain, catalog: Catalog) -> date:
    """The first day of the bucket that `day` lies in, by the company's calendar.

    For hours, the first instant of the day.
    """
    if grain == "hour":
        return datetime.combine(day, time())
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=(day.weekday() + WEEK_SHIFT[catalog.week_starts]) % 7)
    shift = catalog.fiscal_year_starts - 1 if catalog.fiscal_periods and grain != "month" else 0
    months = day.year * 12 + day.month - 1 - shift
    months = months - months % MONTHS[grain] + shift
    return date(months // 12, months % 12 + 1, 1)


def buckets(first: date, last: date, grain: Grain, catalog: Catalog) -> Iterator[date]:
    """Every bucket from the one `first` lies in to the one `last` lies in; no hour that the company's clock leaves out when summer time begins."""
    here = bucket_of(first, grain, catalog)
    end: date = datetime.combine(last, time.max) if grain == "hour" else last
    while here <= end:
        if not isinstance(here, datetime) or _is_on_the_clock(here, catalog.timezone):
            yield here
        here = following(here, grain)


def _is_on_the_clock(hour: datetime, zone: str) -> bool:
    """Whether there is such an hour of the day.

    >>> _is_on_the_clock(datetime(2024, 3, 10, 2), "America/New_York"), _is_on_the_clock(datetime(2024, 3, 11, 2), "America/New_York")
    (False, True)
    """
    local = ZoneInfo(zone)
    return hour.replace(tzinfo=local).astimezone(UTC).astimezone(local).replace(tzinfo=None) == hour


def following(start: date, grain: Grain) -> date:
    """The bucket after the one that begins at `start`."""
    if grain in MONTHS:
        months = start.year * 12 + start.month - 1 + MONTHS[grain]
        return date(months // 12, months % 12 + 1, 1)
    return start + STEPS[grain]
