"""Where an answer comes from, through when, and what to bear in mind with it."""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from insights.catalog.model import Catalog, FieldId
from insights.catalog.values import Contents
from insights.query.algebra import Plan
from insights.query.joins import said
from insights.query.leading import ties_within
from insights.query.remarks import remarks
from insights.requests import Period, Scalar


def source(catalog: Catalog, datasets: Sequence[str]) -> str:
    """The datasets and where their rows are, without the folders above them."""
    return ", ".join(f"{said(catalog, name)} ({_place(catalog, name)})" for name in datasets)


def warnings(catalog: Catalog, datasets: Sequence[str]) -> tuple[str, ...]:
    """What those who make the data found wrong with it: tests that failed, sources that are stale."""
    return tuple(dict.fromkeys(said for name in datasets for said in catalog.datasets[name].warnings))


def _place(catalog: Catalog, name: str) -> str:
    where = catalog.datasets[name].source
    if where.table is not None:
        return where.table
    if len(where.paths) > 1:
        return f"{len(where.paths)} files"
    path = where.paths[0]
    if not glob.has_magic(path):
        return os.path.basename(path)
    parts = path.split(os.sep)
    first = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    return "/".join(parts[max(0, first - 1) :])


def data_through(planned: Plan, catalog: Catalog, contents: Contents) -> date | None:
    """The last day that the data covers; never after the company's today, whatever dates the rows have."""
    days = [contents.coverage[id_].last for id_ in planned.times if id_ in contents.coverage]
    return min([*days, *([catalog.today] if catalog.today else [])]) if days else None


def after_today(planned: Plan, catalog: Catalog, contents: Contents) -> tuple[str, ...]:
    """A sentence where rows are counted that are dated after the company's today: bookings for later, or wrong dates."""
    last = max((contents.coverage[id_].last for id_ in planned.times if id_ in contents.coverage), default=None)
    until = planned.period.last if planned.period is not None else None
    if last is None or catalog.today is None or min(last, until or last) <= catalog.today:
        return ()
    return (f"Rows dated after today are counted, up to {_day(min(last, until or last))}.",)


def data_from(planned: Plan, contents: Contents) -> date | None:
    """The first day that the data covers, whichever of its time fields starts first."""
    return min((contents.coverage[id_].first for id_ in planned.times if id_ in contents.coverage), default=None)


def notes(planned: Plan, read: Sequence[Sequence[Scalar]], limit: int, rows: Sequence[Mapping[str, Scalar]], contents: Contents) -> tuple[str, ...]:
    """Sentences: what the asker may not see, where the data does not cover the period, what ties at the limit, what was cut, and how figures are to be read.

    `read` are the rows of the engine, `rows` the answer's.
    """
    said_ = ["This counts only what you may see." if planned.partial else ""]
    said_ += [_uncovered(period, planned.times, contents) for period in (planned.period, planned.before, *(one.period for one in planned.again))]
    if planned.within:
        said_.append("Others tie with the last one listed." if ties_within(planned, read) else "")
    elif planned.limit is not None and len(read) > limit and planned.sorting is not None and planned.sorting.output is not None:
        at = len(planned.keys) + planned.sorting.output
        said_.append("Others tie with the last one listed." if read[limit][at] == read[limit - 1][at] else "")
    if planned.limit is None and len(read) > limit:
        said_.append(f"Only the first {limit:,} {'records' if planned.listing else 'rows'} are listed.")
    said_ += remarks(planned, rows)
    return tuple(dict.fromkeys(note for note in said_ if note))


def is_beyond(period: Period | None, times: Sequence[FieldId], contents: Contents) -> bool:
    """Whether the period lies wholly outside what the data covers: then nothing is known, which is not the same as nothing having happened."""
    covered = [contents.coverage[id_] for id_ in times if id_ in contents.coverage]
    if period is None or not covered:
        return False
    first, last = min(c.first for c in covered), max(c.last for c in covered)
    return (period.first is not None and period.first > last) or (period.last is not None and period.last < first)


def _latest(period: Period, last: date) -> str:
    """The last whole period of the same kind that the data covers, in words; empty where the period is of no usual length."""
    days = period.days or 0
    if days == 1:
        return f"The last day it covers is {_day(last)}."
    if 28 <= days <= 31:
        month = last if (last + timedelta(days=1)).day == 1 else last.replace(day=1) - timedelta(days=1)
        return f"The last whole month it covers is {month:%B %Y}."
    if 365 <= days <= 366:
        return f"The last whole year it covers is {last.year if (last.month, last.day) == (12, 31) else last.year - 1}."
    return ""


def _uncovered(period: Period | None, times: Sequence[FieldId], contents: Contents) -> str:
    """A sentence about the days of the period that the data does not reach."""
    covered = [contents.coverage[id_] for id_ in times if id_ in contents.coverage]
    if period is None or not covered:
        return ""
    first, last = max(c.first for c in covered), min(c.last for c in covered)
    if period.first is not None and period.first > last:
        return f"The data ends on {_day(last)}, before {_day(period.first)}. {_latest(period, last)}".strip()
    if period.last is not None and period.last < first:
        return f"The data starts only on {_day(first)}."
    if period.last is not None and period.last > last:
        return f"The data ends on {_day(last)}."
    if period.first is not None and period.first < first:
        return f"The data starts only on {_day(first)}."
    return ""


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
