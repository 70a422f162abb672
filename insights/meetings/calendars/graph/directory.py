"""The rooms of Microsoft 365, from Graph's places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from insights.meetings.calendars.graph.store import BASE, pages
from insights.meetings.calendars.store import Place
from insights.web import Web

_DEVICES = {"audioDeviceName": "phone", "videoDeviceName": "video", "displayDeviceName": "screen"}


class GraphDirectory:
    """See Directory. Needs the application permission Place.Read.All."""

    def __init__(self, web: Web, *, base: str = BASE) -> None:
        self._web = web
        self._base = base.rstrip("/")

    def rooms(self, *, until: float) -> tuple[Place, ...]:
        """See the port."""
        found = pages(self._web, f"{self._base}/places/microsoft.graph.room", {"$top": "100"}, until, "list the rooms")
        return tuple(sorted((_place(one) for one in found if one.get("emailAddress")), key=lambda one: (one.name, one.address)))


def _place(one: Mapping[str, Any]) -> Place:
    floor = one.get("floorLabel") or one.get("floorNumber")
    capacity = one.get("capacity")
    equipment = {name for key, name in _DEVICES.items() if one.get(key)} | {str(tag).casefold() for tag in one.get("tags") or ()}
    return Place(
        address=str(one["emailAddress"]),
        name=str(one.get("displayName") or one["emailAddress"]),
        capacity=capacity if isinstance(capacity, int) and capacity > 0 else None,
        equipment=tuple(sorted(equipment)),
        floor=str(floor) if floor is not None else None,
        building=str(one["building"]) if one.get("building") else None,
    )
