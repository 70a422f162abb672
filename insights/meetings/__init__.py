"""Rooms and the time people hold them, and the meetings of people."""

from insights.meetings.calendar import EmbeddedCalendars
from insights.meetings.desk import RoomDesk
from insights.meetings.embedded import EmbeddedRooms
from insights.meetings.port import Calendars, Meetings, Rooms

__all__ = ["Calendars", "EmbeddedCalendars", "EmbeddedRooms", "Meetings", "RoomDesk", "Rooms"]
