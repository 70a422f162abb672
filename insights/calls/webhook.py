"""Room systems behind a webhook: one signed request that a controller in the building takes and carries out once."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import datetime

from insights.errors import OutcomeUnknown, OutsideFailed
from insights.systems import System

TRIES = 3


class WebhookRoom:
    """The system of one room. The body is signed with the shared secret together with the time, `v1=HMAC-SHA256("<timestamp>.<body>")` in hexadecimal.

    The controller refuses a wrong signature, a timestamp older than five minutes, and does nothing twice for the same `Idempotency-Key`: so it is safe to
    send again when nobody answered.
    """

    def __init__(self, *, room: str, url: str, secret: Callable[[], str], clock: Callable[[], float] = time.time, web: System | None = None) -> None:
        self._room = room
        self._secret = secret
        self._clock = clock
        self._web = web or System(url, name="The room system", patience=3.0)

    def join(self, *, link: str | None, dial_in: str | None, title: str | None, key: str, now: datetime) -> None:
        """See the port."""
        document = {"id": key, "action": "join", "room": self._room, "link": link, "dial_in": dial_in, "title": title, "at": now.isoformat(timespec="seconds")}
        body = json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()
        for left in range(TRIES - 1, -1, -1):
            try:
                self._web.send("POST", "", content=body, headers=self._signed(body, key), acts=True)
            except OutcomeUnknown as error:
                if not left:
                    raise OutsideFailed("The room system did not answer.", remedy="Join from the panel in the room.", reference=error.reference) from None
            else:
                return

    def close(self) -> None:
        """Let go of the connections."""
        self._web.close()

    def _signed(self, body: bytes, key: str) -> dict[str, str]:
        stamp = str(int(self._clock()))
        digest = hmac.new(self._secret().encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Content-Type": "application/json", "Idempotency-Key": key, "X-Insights-Timestamp": stamp, "X-Insights-Signature": f"v1={digest}"}
