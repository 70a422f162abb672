"""Behind the gate: a signed request becomes a job, and Slack is told that it was received; where it cannot be written down, Slack is asked to try again."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from insights.errors import InsightsError
from slackbot.post.deliveries import body_of

if TYPE_CHECKING:
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

    from slackbot.post.office import Office

_log = logging.getLogger(__name__)


class Reception:
    """An ASGI application for requests that the gate let through."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Receive one request. The gate hands its whole body over at once."""
        raw = (await receive())["body"].decode()
        headers = {name.lower(): value for name, value in scope["headers"]}
        body = body_of(raw, headers.get(b"content-type", b"").decode("latin-1"))
        try:
            response = await self._office.receive(body)
        except InsightsError as error:
            _log.error("A delivery cannot be written down: %s", error)
            await _respond(send, 503, json.dumps({"error": "try again"}), [(b"content-type", b"application/json"), (b"retry-after", b"1")])
            return
        sent = [(name.encode(), value.encode()) for name, values in response.headers.items() for value in values]
        await _respond(send, response.status, response.body or "", sent)


async def _respond(send: Any, status: int, body: str, headers: list[tuple[bytes, bytes]]) -> None:
    data = body.encode()
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"content-length", str(len(data)).encode())]})
    await send({"type": "http.response.body", "body": data, "more_body": False})


async def from_socket(office: Office, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
    """Receive one envelope of Socket Mode; one that cannot be written down is not acknowledged, so Slack delivers it again."""
    from slack_bolt.adapter.socket_mode.async_internals import send_async_response

    try:
        response = await office.receive(dict(request.payload))
    except InsightsError as error:
        _log.error("A delivery cannot be written down: %s", error)
        return
    await send_async_response(client, request, response, 0.0)
