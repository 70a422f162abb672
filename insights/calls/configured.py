"""The conference service and the room systems that the settings under [calls] name; Jitsi's public server where they name none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from insights.calls.jitsi import PUBLIC, JitsiRooms, kept_secret
from insights.calls.links import Hosts
from insights.calls.port import Conferences, RoomSystem
from insights.errors import WrongSettings, nearest
from insights.organization import Organization

SERVICES = ("jitsi", "zoom")
KEY = Path("calls", "secret")


class Options(Protocol):
    """What is read of the settings: a section, and a secret in it."""

    def section(self, name: str) -> Mapping[str, Any]:
        """The settings under `[name]`."""

    def secret(self, section: str, key: str) -> str | None:
        """A secret, resolved."""


def conferences_of(options: Options | None, home: Path) -> Conferences:
    """The service that makes conferences. Raises WrongSettings naming what is missing; nothing is asked of it yet."""
    section = options.section("calls") if options is not None else {}
    name = str(section.get("service", "jitsi"))
    if name == "jitsi" or options is None:
        return JitsiRooms(partial(kept_secret, home / KEY), str(section.get("jitsi_url", PUBLIC)))
    if name != "zoom":
        raise WrongSettings(f"calls.service is '{name[:40]}', which is no service here.", remedy=nearest(name, SERVICES) or "There is jitsi and zoom.")
    from insights.calls.zoom import API, OAUTH, ZoomMeetings

    return ZoomMeetings(
        account=_needed(section, "zoom_account"),
        client=_needed(section, "zoom_client"),
        secret=_secret(options, "zoom_secret"),
        host=str(section.get("zoom_host", "me")),
        api=str(section.get("zoom_api", API)),
        oauth=str(section.get("zoom_oauth", OAUTH)),
    )


def room_systems_of(options: Options | None, organization: Organization) -> Mapping[str, RoomSystem]:
    """The systems by room id. Raises WrongSettings naming a room that does not exist."""
    section = options.section("calls") if options is not None else {}
    addresses = section.get("rooms", {})
    if options is None or not addresses:
        return {}
    if not isinstance(addresses, Mapping):
        raise WrongSettings("calls.rooms must be a table of addresses by room.", remedy='Write [calls.rooms] and then fern = "https://...".')
    from insights.calls.webhook import WebhookRoom

    for room in addresses:
        if room not in organization.rooms:
            raise WrongSettings(f"calls.rooms names '{str(room)[:40]}', which is no room.", remedy=nearest(str(room), organization.rooms))
    secret = _secret(options, "room_secret")
    return {str(room): WebhookRoom(room=str(room), url=str(url), secret=secret) for room, url in addresses.items()}


def hosts_of(options: Options | None) -> Hosts:
    """The hosts that links are accepted from besides the known ones: `hosts`, and the server that we make conferences at."""
    section = options.section("calls") if options is not None else {}
    own = [str(host).casefold() for host in section.get("hosts", ())]
    server = str(section.get("jitsi_url", "")).casefold().removeprefix("https://").partition("/")[0]
    return Hosts({"The company's": tuple(own)} | ({"Jitsi": (server,)} if server else {}))


def _needed(section: Mapping[str, Any], key: str) -> str:
    if section.get(key) in (None, ""):
        raise WrongSettings(f"calls.{key} is missing.", remedy=f"Set `{key}` in [calls], or INSIGHTS_CALLS__{key.upper()}.")
    return str(section[key])


def _secret(options: Options, key: str) -> Callable[[], str]:
    _needed(options.section("calls"), key)
    return lambda: options.secret("calls", key) or ""
