"""Conferences in Zoom, over its API with server-to-server OAuth; our reference stands in the agenda, where it can be looked for."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import quote

from insights.calls.port import Made
from insights.errors import OutsideFailed
from insights.systems import System

API, OAUTH = "https://api.zoom.us/v2", "https://zoom.us"
_EARLY = 60.0
"""Seconds before its end from which a token is not used any more."""
_MINUTES = 60


class ZoomMeetings:
    """Meetings of the user `host` of one account."""

    def __init__(
        self,
        *,
        account: str,
        client: str,
        secret: Callable[[], str],
        host: str,
        api: str = API,
        oauth: str = OAUTH,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._account = account
        self._client = client
        self._secret = secret
        self._host = host
        self._clock = clock
        self._lock = Lock()
        self._token: tuple[str, float] | None = None
        self._api = System(api, name="Zoom", headers=self._headers)
        self._oauth = System(oauth, name="Zoom")

    def make(self, title: str, *, key: str, now: datetime) -> Made:  # noqa: ARG002 # it begins when the first one comes
        """See the port: a look goes before, so that a repeated attempt does not make a second."""
        earlier = self.made(key)
        if earlier is not None:
            return earlier
        body = {
            "topic": title[:200] or "Call",
            "type": 2,
            "duration": _MINUTES,
            "agenda": _reference(key),
            "settings": {"join_before_host": True, "waiting_room": False, "jbh_time": 0},
        }
        return _made(self._send("POST", f"/users/{quote(self._host)}/meetings", json=body, acts=True))

    def made(self, key: str) -> Made | None:
        """See the port."""
        token = ""
        while True:
            params = {"type": "scheduled", "page_size": "300", **({"next_page_token": token} if token else {})}
            page = self._send("GET", f"/users/{quote(self._host)}/meetings", params=params)
            for meeting in page.get("meetings", []):
                if meeting.get("agenda") == _reference(key):
                    return _made(self._send("GET", f"/meetings/{quote(str(meeting['id']))}"))
            token = page.get("next_page_token") or ""
            if not token:
                return None

    def close(self) -> None:
        """Let go of the connections."""
        self._api.close()
        self._oauth.close()

    def _send(self, method: str, path: str, **content: Any) -> Mapping[str, Any]:
        """With a fresh token once more where the one we had is not accepted: whoever asks for another token ends this one."""
        reply = self._api.send(method, path, allowed=(401,), **content)
        if reply.status == 401:
            with self._lock:
                self._token = None
            reply = self._api.send(method, path, **content)
        if not isinstance(reply.body, Mapping):
            raise OutsideFailed("Zoom answered something that is no answer.", remedy="Try again later.", reference=path)
        return reply.body

    def _headers(self) -> Mapping[str, str]:
        with self._lock:
            if self._token is None or self._token[1] - _EARLY <= self._clock():
                basic = base64.b64encode(f"{self._client}:{self._secret()}".encode()).decode()
                form = {"grant_type": "account_credentials", "account_id": self._account}
                body = self._oauth.send("POST", "/oauth/token", data=form, headers={"Authorization": f"Basic {basic}"}).body
                self._token = (str(body["access_token"]), self._clock() + float(body["expires_in"]))
            return {"Authorization": f"Bearer {self._token[0]}"}


def _reference(key: str) -> str:
    return f"insights-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _made(document: Mapping[str, Any]) -> Made:
    numbers = document.get("settings", {}).get("global_dial_in_numbers") or []
    number = str(numbers[0]["number"]) if numbers else None
    dial_in = f"{number}, code {document['id']}" if number else None
    return Made(service="Zoom", link=str(document["join_url"]), dial_in=dial_in)
