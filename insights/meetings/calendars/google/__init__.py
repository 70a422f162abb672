"""Calendars and rooms of Google Workspace, over the Calendar API v3 and the Directory API."""

from insights.meetings.calendars.google.directory import GoogleDirectory
from insights.meetings.calendars.google.store import GoogleCalendars, throttled

__all__ = ["GoogleCalendars", "GoogleDirectory", "throttled"]
