"""The picture that goes with an answer on a screen: its chart, its rows as a table, a room's day; none where a sentence says it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from insights.answers import Answer, Booking, CalendarAnswer, Chart, Column, Meeting, MetricAnswer, RoomStatusAnswer
from insights.pictures.draw import draw
from insights.pictures.shapes import Picture
from insights.pictures.table import TableColumn, table
from insights.pictures.timetable import Entry, timetable
from insights.requests import Scalar
from insights.wording.cells import cells, heading


def of_answer(answer: Answer | None, chart: Chart | None, *, alt: str, name: Callable[[Scalar, Column], str], locale: str) -> Picture | None:
    """`alt` holds the answer in words; `name` words a dimension's value or a time bucket."""
    if chart is not None:
        return draw(chart, locale)
    clock = "%-I:%M %p" if locale in ("en-US", "en-CA", "en-IN", "en-AU") else "%H:%M"
    match answer:
        case MetricAnswer() if len(answer.rows) > 1:
            return _table(answer, alt=alt, name=name, locale=locale)
        case RoomStatusAnswer():
            held = [_entry(one) for one in (answer.booking, answer.next) if one is not None]
            return timetable(answer.room_name, held, alt=alt, clock=clock, now=answer.at, free=_free(answer))
        case CalendarAnswer(entries=entries) if entries:
            return timetable(f"{entries[0].start:%A, %B} {entries[0].start.day}", [_entry(one) for one in entries], alt=alt, clock=clock)
        case _:
            return None


def _free(answer: RoomStatusAnswer) -> tuple[datetime, datetime] | None:
    """The time that the answer says is free: from now or from the end of what is on, to the next, or to the end of the day."""
    start = answer.at if answer.free else answer.booking.end if answer.booking is not None else None
    end = answer.next.start if answer.next is not None else answer.until if answer.free else None
    midnight = answer.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return None if start is None else (start, end or midnight)


def _table(answer: MetricAnswer, *, alt: str, name: Callable[[Scalar, Column], str], locale: str) -> Picture:
    columns = []
    for column in answer.columns:
        values = [row.get(column.name) for row in answer.rows]
        if column.role == "metric":
            columns.append(TableColumn(heading=heading(column), cells=cells(values, column.unit, locale), figures=True))
        else:
            columns.append(TableColumn(heading=column.label, cells=[name(value, column) for value in values]))
    title = ", ".join(column.label for column in answer.columns if column.is_figure) or "Records"
    return table(title, columns, alt=alt)


def _entry(one: Booking | Meeting) -> Entry:
    """Whose it is and what for, as far as the answer tells."""
    if isinstance(one, Booking):
        words = "Booked" if one.hidden else "Out of use" if one.block else one.title or one.person_name or "Booked"
    else:
        words = "Busy" if one.hidden else one.title
    return Entry(start=one.start, end=one.end, words=words)
