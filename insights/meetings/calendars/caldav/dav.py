"""The XML that CalDAV speaks: questions out, answers in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

from insights.errors import OutsideFailed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # for its type only; what is parsed goes through defusedxml

D, C = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_OPEN = '<?xml version="1.0" encoding="utf-8"?>'
_SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'

PRINCIPAL = f"{_OPEN}<d:propfind {_SPACES}><d:prop><d:current-user-principal/><c:calendar-home-set/></d:prop></d:propfind>".encode()
CALENDARS = (f"{_OPEN}<d:propfind {_SPACES}><d:prop><d:resourcetype/><d:displayname/><c:supported-calendar-component-set/></d:prop></d:propfind>").encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One resource of an answer: where it is, and the properties that it has."""

    href: str
    properties: dict[str, Element]

    def text(self, name: str) -> str:
        """The text of a property, empty when there is none."""
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def link(self, name: str) -> str:
        """The address within a property, empty when there is none."""
        found = self.properties.get(name)
        return (found.findtext(f"{D}href") or "").strip() if found is not None else ""

    def holds_events(self) -> bool:
        """Whether it is a calendar for events."""
        kind, parts = self.properties.get(f"{D}resourcetype"), self.properties.get(f"{C}supported-calendar-component-set")
        names = [] if parts is None else [part.get("name", "").upper() for part in parts]
        return kind is not None and kind.find(f"{C}calendar") is not None and (not names or "VEVENT" in names)


def between(start: datetime, end: datetime) -> bytes:
    """The question for the events at some time between two instants, whole, with their repetitions as rules."""
    first, last = (moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for moment in (start, end))
    wanted = "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
    span = f'<c:comp-filter name="VEVENT"><c:time-range start="{first}" end="{last}"/></c:comp-filter>'
    return f'{_OPEN}<c:calendar-query {_SPACES}>{wanted}<c:filter><c:comp-filter name="VCALENDAR">{span}</c:comp-filter></c:filter></c:calendar-query>'.encode()


def items(body: bytes, *, system: str) -> Iterator[Item]:
    """The resources of a multi-status answer, with the properties that were found. Raises OutsideFailed for what is none."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise OutsideFailed(
            f"{system} gave an answer that cannot be read.", remedy="Try again in a minute.", reference=f"{type(error).__name__}: {body[:80]!r}"
        ) from None
    if root.tag != f"{D}multistatus":
        raise OutsideFailed(
            f"{system} gave an answer that cannot be read.", remedy="Check that the address is that of a CalDAV server.", reference=str(root.tag)[:80]
        )
    for response in root.iter(f"{D}response"):
        properties: dict[str, Element] = {}
        for status in response.iter(f"{D}propstat"):
            if " 200 " in f"{status.findtext(f'{D}status') or ''} ":
                properties |= {part.tag: part for part in status.find(f"{D}prop") or ()}
        yield Item(href=(response.findtext(f"{D}href") or "").strip(), properties=properties)


def address(base: str, href: str) -> str:
    """The address that an answer means, percent-encoded in one way, so that two spellings of one address are equal.

    >>> address("https://dav.example/x/", "/cal/a%20b/"), address("https://dav.example/x/", "/cal/a b/")
    ('https://dav.example/cal/a%20b/', 'https://dav.example/cal/a%20b/')
    """
    there = urlsplit(urljoin(base, href))
    return f"{there.scheme}://{there.netloc}{quote(unquote(there.path), safe='/@:$&,;=+!*~()')}"
