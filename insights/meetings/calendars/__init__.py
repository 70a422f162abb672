"""Calendars kept elsewhere: fetched, expanded here, and booked in with care for those who book there directly."""
