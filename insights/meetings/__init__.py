"""Rooms and the time people hold them."""

from insights.meetings.desk import RoomDesk
from insights.meetings.embedded import EmbeddedRooms

__all__ = ["EmbeddedRooms", "RoomDesk"]
