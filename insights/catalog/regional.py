"""Reads what assistant.yaml says about language, clock and calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from insights.catalog.documents import Node
from insights.catalog.notes import Regional
from insights.catalog.sections import Section, day_of
from insights.errors import nearest

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_LOCALE = re.compile(r"[a-z]{2,3}(?:[-_][A-Z][a-z]{3})?(?:[-_](?:[A-Z]{2}|[0-9]{3}))?")
_COUNTRY = re.compile(r"[A-Z]{2,3}(?:-[A-Z0-9]{1,3})?")


def read_regional(top: Section) -> Regional:
    """The regional keys of the overlay."""
    locale = top.text("locale")
    if locale is not None and not _LOCALE.fullmatch(locale):
        top.report("locale", f"'{locale[:40]}' is not a locale.", "Write one such as en-US or de-DE.")
    month = top.choice("fiscal_year_starts", _MONTHS)
    return Regional(
        locale=locale.replace("_", "-") if locale and _LOCALE.fullmatch(locale) else "en-US",
        timezone=read_timezone(top) or "UTC",
        week_starts=top.choice("week_starts", ("monday", "sunday", "saturday")) or "monday",
        fiscal_year_starts=_MONTHS.index(month) + 1 if month else 1,
        fiscal_periods=top.choice("periods", ("calendar", "fiscal")) == "fiscal",
        today=top.day("today"),
        holidays=_holidays(top),
        country=_country(top),
        events={name: day for name, node in top.section("events", "'events'").entries().items() if (day := day_of(node, top.notebook, f"event '{name}'"))},
    )


def read_timezone(section: Section) -> str | None:
    """A time zone of the IANA database."""
    import zoneinfo

    name = section.text("timezone")
    if name is None:
        return None
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = nearest(name, zoneinfo.available_timezones()) or "Write one such as America/New_York."
        section.report("timezone", f"'{name[:60]}' is not a time zone.", hint)
        return None
    return name


def _holidays(top: Section) -> Mapping[date, str]:
    """Dates of one's own, as a list or as name and date in either order; a country's code may stand among them (`_country`)."""
    node = top.node("holidays")
    if node is None:
        return {}
    found: dict[date, str] = {}
    for name, day in _named_days(node):
        if name == "country" or (not name and _COUNTRY.fullmatch(day.text if day.is_scalar else "")):
            if not (day.is_scalar and _COUNTRY.fullmatch(day.text)):
                top.notebook.report(day.line, "the country of 'holidays' must be a code such as US or DE-BY.")
            continue
        if _is_day(name):
            found[date.fromisoformat(name)] = day.text if day.is_scalar else ""
        elif (parsed := day_of(day, top.notebook, f"holiday '{name}'" if name else "a holiday")) is not None:
            found[parsed] = name
    return found


def _country(top: Section) -> str | None:
    """The code of the country whose holidays are meant: "US", "DE-BY" (its holidays are those of the whole country)."""
    node = top.node("holidays")
    codes = (day.text for name, day in _named_days(node) if name in ("country", "") and day.is_scalar) if node is not None else iter(())
    found = next((code for code in codes if _COUNTRY.fullmatch(code)), None)
    return found.partition("-")[0] if found else None


def _named_days(node: Node) -> Iterator[tuple[str, Node]]:
    """Name (or empty) and node of everything under `holidays`."""
    if node.entries is not None:
        yield from node.entries.items()
    elif node.items is not None:
        for item in node.items:
            if item.entries is not None:
                yield from item.entries.items()
            else:
                yield "", item
    else:
        yield "", node


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
