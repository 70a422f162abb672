"""Calendars on a CalDAV server (RFC 4791): Nextcloud, Radicale, Xandikos, Zimbra, iCloud and others."""

from insights.meetings.calendars.caldav.store import CalDav

__all__ = ["CalDav"]
