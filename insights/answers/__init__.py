"""What comes back: facts with their units, periods and sources; no sentences."""

from __future__ import annotations

from insights.answers.calls import Call, CallAnswer
from insights.answers.charts import Chart, ChartBand, ChartMark, ChartSeries
from insights.answers.company import CompanyAnswer, CompanySource, HelpAnswer
from insights.answers.figures import AboutAnswer, Again, Average, Column, Comparison, Definition, MetricAnswer, Prediction, Row
from insights.answers.meetings import CalendarAnswer, Meeting, MeetingAnswer
from insights.answers.onward import DigestAnswer, FollowAnswer, Followed, Reminder, ReminderAnswer, ShareAnswer
from insights.answers.rooms import Booking, BookingAnswer, RoomsAnswer, RoomStatusAnswer
from insights.answers.tickets import KnownFix, OtherRoom, Outage, OutageAnswer, Ticket, TicketAnswer, TicketsAnswer

Answer = (
    MetricAnswer
    | AboutAnswer
    | RoomsAnswer
    | BookingAnswer
    | RoomStatusAnswer
    | MeetingAnswer
    | CalendarAnswer
    | TicketAnswer
    | TicketsAnswer
    | OutageAnswer
    | CallAnswer
    | CompanyAnswer
    | FollowAnswer
    | DigestAnswer
    | ReminderAnswer
    | ShareAnswer
    | HelpAnswer
)


def taken_for_granted(answer: Answer) -> tuple[str, ...]:
    """What whoever made the answer took for granted (sentences)."""
    found: tuple[str, ...] = getattr(answer, "assumed", ())
    return found


__all__ = [
    "AboutAnswer",
    "Again",
    "Answer",
    "Average",
    "Booking",
    "BookingAnswer",
    "CalendarAnswer",
    "Call",
    "CallAnswer",
    "Chart",
    "ChartBand",
    "ChartMark",
    "ChartSeries",
    "Column",
    "CompanyAnswer",
    "CompanySource",
    "Comparison",
    "Definition",
    "DigestAnswer",
    "FollowAnswer",
    "Followed",
    "HelpAnswer",
    "KnownFix",
    "Meeting",
    "MeetingAnswer",
    "MetricAnswer",
    "OtherRoom",
    "Outage",
    "OutageAnswer",
    "Prediction",
    "Reminder",
    "ReminderAnswer",
    "RoomStatusAnswer",
    "RoomsAnswer",
    "Row",
    "ShareAnswer",
    "Ticket",
    "TicketAnswer",
    "TicketsAnswer",
    "taken_for_granted",
]
