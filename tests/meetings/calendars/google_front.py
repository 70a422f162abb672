"""What myworld's Google Calendar leaves out: tokens for a service account, If-Match, and the directory of rooms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt

from tests.meetings.calendars.front import Forwarding, Reply


@dataclass
class GoogleFront:
    """Stands before a world of myworld: what comes for `/calendar/v3` is passed on, with its token in place of ours."""

    base: str
    token: str
    key: Any
    rooms: list[dict[str, Any]] = field(default_factory=list)
    subjects: list[str | None] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._world = Forwarding(self.base)

    def close(self) -> None:
        """Let go of connections."""
        self._world.close()

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request."""
        if path == "/token":
            return self._tokens(body)
        if headers.get("authorization") != "Bearer google-token":
            return _json(401, {"error": {"code": 401, "status": "UNAUTHENTICATED"}})
        if "/resources/calendars" in path:
            return self._directory(path)
        where = path.removeprefix("/calendar/v3")
        passed = {**headers, "authorization": f"Bearer {self.token}"}
        with self.lock:  # myworld answers etags and does not heed them: looking and writing must be one step
            if "if-match" in headers:
                now = self._world("GET", f"/gw/www.googleapis.com/calendar/v3{urlsplit(where).path}", {"authorization": passed["authorization"]}, b"")
                if now[0] == 200 and json.loads(now[2]).get("etag") != headers["if-match"]:
                    return _json(412, {"error": {"code": 412, "errors": [{"reason": "conditionNotMet"}]}})
            return self._world(method, f"/gw/www.googleapis.com/calendar/v3{where}", passed, body)

    def _tokens(self, body: bytes) -> Reply:
        form = parse_qs(body.decode())
        try:
            claims = jwt.decode(form["assertion"][0], self.key, ["RS256"], audience=None, options={"verify_aud": False})
        except (KeyError, jwt.PyJWTError):
            return _json(400, {"error": "invalid_grant"})
        self.subjects.append(claims.get("sub"))
        return _json(200, {"access_token": "google-token", "expires_in": 3600, "token_type": "Bearer"})

    def _directory(self, path: str) -> Reply:
        skip = int(parse_qs(urlsplit(path).query).get("pageToken", ["0"])[0])
        page: dict[str, Any] = {"items": self.rooms[skip : skip + 2]}
        if len(self.rooms) > skip + 2:
            page["nextPageToken"] = str(skip + 2)
        return _json(200, page)


def world(base: str, calendars: tuple[str, ...]) -> str:
    """Make a world with these calendars; the token to reach it with."""
    seed = {
        "user": {"email": "service@halcyon.example", "name": "Service"},
        "timeZone": "America/New_York",
        "calendars": [{"id": address, "summary": address, "accessRole": "writer"} for address in calendars],
        "events": [],
    }
    answer = httpx.post(f"{base}envs", json={"spec": {"name": "office", "servers": {"calendar": {"seed": seed}}}, "time": "realtime"}, timeout=60)
    answer.raise_for_status()
    found = answer.json()["credentials"]
    return str(next(iter(found.values()))["google_access_token"])


def _json(status: int, document: Any) -> Reply:
    return status, {"content-type": "application/json"}, json.dumps(document).encode()
