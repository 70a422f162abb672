"""Whether the configured conference service lets us in and the systems of rooms answer: for whoever runs the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from insights.calls.configured import Options, conferences_of, room_systems_of
from insights.calls.jitsi import PUBLIC
from insights.calls.zoom import ZoomMeetings
from insights.errors import InsightsError
from insights.organization import Organization
from insights.systems import System

_ANSWERS = (400, 401, 403, 404, 405, 501)
"""What a web server says to somebody who only looks whether it is there."""


def examined(options: Options, organization: Organization, home: Path) -> Iterator[tuple[str, str, str]]:
    """Subject, detail and remedy of each part under [calls]; an empty remedy is all well. Nothing is begun and no room is asked to join."""
    section = options.section("calls")
    try:
        conferences = conferences_of(options, home)
        if isinstance(conferences, ZoomMeetings):
            with closing(conferences):
                conferences.made("doctor")
            yield "calls", "Zoom lets us in and lists its meetings", ""
        elif section.get("jitsi_url"):
            _look(str(section["jitsi_url"]), "The Jitsi server")
            yield "calls", f"{section['jitsi_url']} answers", ""
        else:
            yield "calls", f"links to {PUBLIC}", ""
    except InsightsError as error:
        yield "calls", error.problem, error.remedy or "Look at [calls] in insights.toml."
    try:
        systems = room_systems_of(options, organization)
    except InsightsError as error:
        yield "room systems", error.problem, error.remedy or "Look at [calls.rooms] in insights.toml."
        return
    for room in systems:
        subject = f"room system of {organization.rooms[room].name}"
        try:
            _look(str(section["rooms"][room]), "The room system")
            yield subject, "answers", ""
        except InsightsError as error:
            yield subject, error.problem, error.remedy or "Look at its address under [calls.rooms]."


def _look(url: str, name: str) -> None:
    """Raises OutsideFailed when nobody answers there."""
    web = System(url, name=name, patience=2.0)
    try:
        web.send("GET", "", allowed=_ANSWERS)
    finally:
        web.close()
