"""Rooms and the time people hold them."""

from insights.meetings.desk import RoomDesk
from insights.meetings.embedded import EmbeddedRooms
from insights.meetings.port import Meetings, Rooms

__all__ = ["EmbeddedRooms", "Meetings", "RoomDesk", "Rooms"]
