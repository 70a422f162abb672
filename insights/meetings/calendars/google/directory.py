"""The rooms of a Google Workspace, from its Directory API (resources of the category CONFERENCE_ROOM)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from insights.errors import OutsideFailed
from insights.meetings.calendars.store import Place
from insights.web import Web, refused

DIRECTORY = "https://admin.googleapis.com/admin/directory/v1"
_PAGES = 100


class GoogleDirectory:
    """See Directory. Needs the scope admin.directory.resource.calendar.readonly, for an administrator."""

    def __init__(self, web: Web, *, base: str = DIRECTORY) -> None:
        self._web = web
        self._base = base.rstrip("/")

    def rooms(self, *, until: float) -> tuple[Place, ...]:
        """See the port."""
        found: list[Place] = []
        token = ""
        for _ in range(_PAGES):
            asked = {"maxResults": "500"} | ({"pageToken": token} if token else {})
            answer = self._web.send("GET", f"{self._base}/customer/my_customer/resources/calendars", until=until, params=asked)
            if answer.status != 200:
                raise refused(answer, "list the rooms")
            page = answer.json()
            found += [
                _place(one)
                for one in page.get("items") or ()
                if one.get("resourceEmail") and one.get("resourceCategory", "CONFERENCE_ROOM") == "CONFERENCE_ROOM"
            ]
            token = str(page.get("nextPageToken") or "")
            if not token:
                return tuple(sorted(found, key=lambda one: (one.name, one.address)))
        raise OutsideFailed(f"{self._web.name} never comes to the end of its rooms.", remedy="Try again.")


def _place(one: Mapping[str, Any]) -> Place:
    features = [str((each.get("feature") or {}).get("name", "")) for each in one.get("featureInstances") or () if isinstance(each, dict)]
    capacity = one.get("capacity")
    return Place(
        address=str(one["resourceEmail"]),
        name=str(one.get("resourceName") or one["resourceEmail"]),
        capacity=capacity if isinstance(capacity, int) and capacity > 0 else None,
        equipment=tuple(sorted({feature.casefold() for feature in features if feature})),
        floor=str(one["floorName"]) if one.get("floorName") else None,
        building=str(one["buildingId"]) if one.get("buildingId") else None,
    )
