"""Files for one person: an answer as CSV, or as a picture with its finding in words for those who do not see it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.answers import MetricAnswer
from insights.errors import WrongSettings

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from insights.turns import Reply

_ALT, _TITLE = 1_000, 150
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to send; `alt` says what a picture shows."""

    name: str
    title: str
    content: bytes
    alt: str | None = None


def as_csv(reply: Reply) -> File | None:
    """The rows of an answer; None where there are none."""
    from insights.wording.commas import commas

    if not isinstance(reply.answer, MetricAnswer) or not reply.answer.rows:
        return None
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    return File(name="answer.csv", title=_title(reply), content=b"\xef\xbb\xbf" + commas(reply.answer).encode())


def as_picture(reply: Reply, locale: str) -> File | None:
    """The chart of an answer as PNG; None where there is none. Raises WrongSettings where pictures cannot be rendered."""
    from insights.pictures import draw, png

    if reply.chart is None:
        return None
    return File(name="answer.png", title=_title(reply), content=png(draw(reply.chart, locale)), alt=(reply.chart.alt or _title(reply))[:_ALT])


async def send(client: AsyncWebClient, file: File, *, to: str, channel: str = "", thread: str | None = None) -> bool:
    """Bring a file to a direct message with a person (their user id), or to the `channel` that it is; whether it arrived."""
    from aiohttp import ClientError
    from slack_sdk.errors import SlackApiError, SlackRequestError

    try:
        if not channel.startswith("D"):
            channel, thread = str((await client.conversations_open(users=to))["channel"]["id"]), None
        await client.files_upload_v2(
            filename=file.name, content=file.content, title=file.title, alt_txt=file.alt, channel=channel, thread_ts=thread, request_file_info=False
        )
    except (SlackApiError, SlackRequestError, ClientError, TimeoutError, OSError) as error:
        _log.error("A file did not arrive: %r", error)
        return False
    return True


def _title(reply: Reply) -> str:
    return reply.text.split("\n", 1)[0].strip(": ")[:_TITLE] or "Answer"


__all__ = ["File", "WrongSettings", "as_csv", "as_picture", "send"]
