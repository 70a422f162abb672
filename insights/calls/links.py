"""The conference of a meeting: structured fields first, then addresses of known hosts in its texts. Addresses are parsed, never searched for as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_LONGEST = 20_000
"""Characters of a text that are looked at."""
_CANDIDATE = re.compile(r"https://[^\s<>\"'`]{1,2000}", re.IGNORECASE)
_DIAL = re.compile(r"(?<![\w+])(\+\d[\d\s().-]{5,20}\d)(?!\d)")
_CODE = re.compile(r"\b(?:pin|passcode|access code|conference id|meeting id|code)\b\s*:?\s*#?\s*([\d ]{3,16}\d)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+")

HOSTS: Mapping[str, tuple[str, ...]] = {
    "Zoom": ("zoom.us", ".zoom.us", "zoom.com", ".zoom.com", "zoomgov.com", ".zoomgov.com"),
    "Google Meet": ("meet.google.com",),
    "Microsoft Teams": ("teams.microsoft.com", "teams.live.com", "teams.microsoft.us", "teams.cloud.microsoft"),
    "Webex": (".webex.com",),
    "Jitsi": ("meet.jit.si", "8x8.vc"),
}
"""Hosts by service; one that begins with a dot stands for everything below it. A company adds its own."""
_PATHS: Mapping[str, re.Pattern[str]] = {
    "Zoom": re.compile(r"/(?:j|my|s|w|wc/join)/[\w.-]+"),
    "Google Meet": re.compile(r"/(?:lookup/)?[a-z0-9-]{3,64}"),
    "Microsoft Teams": re.compile(r"/(?:l/meetup-join/|meet/).+"),
    "Webex": re.compile(r"/(?:meet|join|[\w.-]+/j\.php|[\w.-]+/meet|wbxmjs|webappng|[\w.-]+/k2)(?:/.*)?|/[\w.-]+/j\.php"),
    "Jitsi": re.compile(r"/[^/\s]+(?:/[^/\s]+)?"),
}
"""What the path of a conference looks like: the home page of a service is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What a calendar knows of a meeting's conference. `structured` are addresses of fields made for it (CONFERENCE, conferenceData, onlineMeeting), in order;
    `dial_in` is a number with its code from such a field."""

    structured: tuple[str, ...] = ()
    dial_in: str | None = None
    location: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference:
    """Where to join. `found_in` is "structured", "location" or "description"."""

    service: str
    link: str | None = None
    dial_in: str | None = None
    found_in: str = "structured"


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that conferences are accepted from; `own` are the company's, by what the service is called."""

    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def service(self, address: str) -> str | None:
        """The service that an address is a conference of; None for every other address, whatever it looks like."""
        host, path = _host_and_path(address)
        if host is None:
            return None
        for service, hosts in self.own.items():
            if _is_one_of(host, hosts) and path not in ("", "/"):
                return service
        for service, hosts in HOSTS.items():
            if _is_one_of(host, hosts) and _PATHS[service].fullmatch(path):
                return service
        return None


def conference(texts: Texts, hosts: Hosts) -> Conference | None:
    """The conference of a meeting, or None. A structured field wins over the place, the place over the description."""
    places = (("structured", texts.structured), ("location", tuple(_addresses(texts.location))), ("description", tuple(_addresses(texts.description))))
    for found_in, addresses in places:
        for address in addresses:
            service = hosts.service(address)
            if service is not None:
                return Conference(
                    service=service, link=address, dial_in=texts.dial_in or dial_in(texts.description) or dial_in(texts.location), found_in=found_in
                )
    number = texts.dial_in or dial_in(texts.location) or dial_in(texts.description)
    if number is None:
        return None
    return Conference(service="Phone", dial_in=number, found_in="structured" if texts.dial_in else "location" if dial_in(texts.location) else "description")


def dial_in(text: str) -> str | None:
    """An international number with the code said beside it, or None: a number without + could be anything."""
    number = _DIAL.search(text[:_LONGEST])
    if number is None or sum(char.isdigit() for char in number[1]) < 8:
        return None
    code = _CODE.search(text[:_LONGEST])
    said = " ".join(number[1].split())
    return f"{said}, code {' '.join(code[1].split())}" if code else said


def _addresses(text: str) -> Iterator[str]:
    for match in _CANDIDATE.finditer(text[:_LONGEST]):
        yield match[0].rstrip(".,;:!?)]}>*_|")


def _host_and_path(address: str) -> tuple[str | None, str]:
    """Of an https address without user, password or another port; everything else is not joined."""
    if any(ord(char) <= 32 or ord(char) == 127 for char in address) or "\\" in address:
        return None, ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None, ""
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme.lower() != "https" or port not in (None, 443) or parts.username is not None or parts.password is not None:
        return None, ""
    return (host, parts.path) if host.isascii() and _HOST.fullmatch(host) else (None, "")


def _is_one_of(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host.endswith(known) and len(host) > len(known) if known.startswith(".") else host == known for known in hosts)
