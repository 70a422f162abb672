"""Rooms and the time people hold them, and the meetings of people."""

from insights.meetings.calendar import EmbeddedCalendars
from insights.meetings.embedded import EmbeddedRooms
from insights.meetings.ground import Ground
from insights.meetings.office import MeetingsOffice
from insights.meetings.port import Calendars, Meetings, Rooms

__all__ = ["Calendars", "EmbeddedCalendars", "EmbeddedRooms", "Ground", "Meetings", "MeetingsOffice", "Rooms"]
