"""Zoom and a room's controller, on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from tests.contract.fakes.faulty import Faulty


class FakeZoom(Faulty):
    """One user's meetings; a token works until another is asked for."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.meetings: list[dict[str, Any]] = []
        self.tokens = 0

    def acts(self, method: str, path: str) -> bool:
        """Making a meeting does; asking for a token does not count."""
        return method == "POST" and path.endswith("/meetings")

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        """As Zoom does."""
        if path == "/oauth/token":
            if headers.get("authorization") != "Basic " + base64.b64encode(b"client:hush").decode() or "grant_type=account_credentials" not in str(body):
                return 401, {"reason": "Invalid client_id or client_secret"}
            self.tokens += 1
            return 200, {"access_token": f"token-{self.tokens}", "expires_in": 3600, "token_type": "bearer"}
        if headers.get("authorization") != f"Bearer token-{self.tokens}":
            return 401, {"code": 124, "message": "Invalid access token."}
        if path == "/users/me/meetings" and method == "POST":
            number = 80000000000 + len(self.meetings)
            made = {
                **body,
                "id": number,
                "join_url": f"https://zoom.us/j/{number}?pwd=x",
                "settings": {"global_dial_in_numbers": [{"number": "+1 6465588656"}]},
            }
            self.meetings.append(made)
            return 201, made
        if path == "/users/me/meetings":
            start = int(query.get("next_page_token") or 0)
            return 200, {"meetings": self.meetings[start : start + 1], "next_page_token": str(start + 1) if start + 1 < len(self.meetings) else ""}
        found = next((one for one in self.meetings if path == f"/meetings/{one['id']}"), None)
        return (200, found) if found else (404, {"code": 3001, "message": "Meeting does not exist"})


class FakeController(Faulty):
    """A room's controller: takes what is signed with `secret` and recent, once for each key."""

    def __init__(self, secret: str, **more: Any) -> None:
        super().__init__(**more)
        self.secret = secret
        self.joined: dict[str, dict[str, Any]] = {}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        """As docs/office.md tells whoever builds one."""
        stamp = headers.get("x-insights-timestamp", "0")
        raw = json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()
        wanted = "v1=" + hmac.new(self.secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, headers.get("x-insights-signature", "")) or abs(time.time() - int(stamp)) > 300:
            return 403, {"error": "signature"}
        self.joined.setdefault(headers["idempotency-key"], body)
        return 200, {"ok": True}
