"""Files that people send along with a message, brought from Slack; only from Slack, and never more than is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from insights.errors import NotAnswerable, OutsideFailed
from insights.helpdesk import Attachment

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

MOST = 10
"""Files of one message."""
LARGEST = 10_000_001
"""Bytes that are read of one: one more than is kept, so that what is too large is refused where that is decided."""
_SECONDS = 10.0
_log = logging.getLogger(__name__)


async def brought(client: AsyncWebClient, files: Iterable[Mapping[str, Any]]) -> tuple[Attachment, ...]:
    """What was sent along. Raises NotAnswerable for what Slack does not hand over, OutsideFailed when it does not answer."""
    found = list(files)
    if len(found) > MOST:
        raise NotAnswerable(f"These are more than {MOST} files.", remedy="Send fewer at a time.")
    return tuple([await _one(client, file) for file in found])


async def _one(client: AsyncWebClient, file: Mapping[str, Any]) -> Attachment:
    from aiohttp import ClientError, ClientSession, ClientTimeout

    name, address = str(file.get("name") or "file"), str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(address, client.base_url):
        raise NotAnswerable(f"Slack does not let me read {name[:80]}.", remedy="Send it to me in a direct message.")
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=_SECONDS), headers={"authorization": f"Bearer {client.token}"}) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            data = await response.content.read(LARGEST) if response.status == 200 else b""
            while response.status == 200 and len(data) < LARGEST and (more := await response.content.read(LARGEST - len(data))):
                data += more
            refused = response.status != 200 or (response.content_type == "text/html" and not str(file.get("mimetype", "")).startswith("text/html"))
    except (ClientError, TimeoutError, OSError) as error:
        _log.error("A file could not be read: %r", error)
        raise OutsideFailed(f"Slack did not hand over {name[:80]}.", remedy="Send it again in a minute.") from None
    if refused:  # without the right to read files Slack shows a page to sign in
        raise NotAnswerable(f"Slack does not let me read {name[:80]}.", remedy="An administrator has to add the scope files:read and install me again.")
    return Attachment(name=name, type=str(file.get("mimetype") or "application/octet-stream"), data=data)


def _is_slacks(address: str, api: str) -> bool:
    """Whether our token may go there: to Slack's own files, or to where the Web API is."""
    there, ours = urlsplit(address), urlsplit(api)
    host = there.hostname or ""
    return (there.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))) or (there.scheme, there.netloc) == (ours.scheme, ours.netloc)
