"""Calendars and rooms of Microsoft 365, over Microsoft Graph v1.0."""

from insights.meetings.calendars.graph.directory import GraphDirectory
from insights.meetings.calendars.graph.store import GraphCalendars

__all__ = ["GraphCalendars", "GraphDirectory"]
