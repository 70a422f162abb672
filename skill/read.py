"""An Alexa envelope -> a Turn: the words that were said, by whom, where and when."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from insights.catalog.model import Catalog
from insights.turns import Reply, Turn
from skill import slots
from skill.configuration import Configuration
from skill.envelope import intent_name, text
from skill.envelope import slots as filled_slots
from skill.identity import identify
from skill.spoken import HELP, SpokenIntent

if TYPE_CHECKING:
    from insights.introductions import Introductions
    from insights.recalling import Recalling
    from insights.wording import Wording

BUILT_IN = {"AMAZON.YesIntent": "yes", "AMAZON.NoIntent": "no", HELP: "help"}
PAST = "past"
"""The slot whose date has been."""
_ONE_DAY = timedelta(days=1)
_ID = re.compile(r"[A-Za-z0-9._:#/+=-]{1,255}")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Answers(Protocol):
    """What this door needs of the core."""

    @property
    def catalog(self) -> Catalog:
        """The definitions; its time zone is where people are."""

    @property
    def introductions(self) -> Introductions:
        """Who speaks, and where."""

    @property
    def recalling(self) -> Recalling:
        """What was said last, and what can be sent later."""

    @property
    def wording(self) -> Wording:
        """Words in the catalog's locale."""

    def now(self) -> datetime:
        """The core's clock: local time, without offset."""

    def reply(self, turn: Turn) -> Reply:
        """The reply to one turn."""


def utterance(envelope: object, intents: Mapping[str, SpokenIntent]) -> str | None:
    """What was said, with the words that Alexa stripped; None when the intent holds nothing that can be said to the core."""
    name = intent_name(envelope)
    if name in BUILT_IN:
        return BUILT_IN[name]
    intent = intents.get(name)
    if intent is None:
        return None
    sent, locale = _instant(text(envelope, "request", "timestamp")), text(envelope, "request", "locale")
    values: dict[str, str] = {}
    for key, slot in filled_slots(envelope).items():
        today = sent.date() if key == PAST and sent is not None else None
        if said := slots.words(slot, intent.slots.get(key, ""), locale=locale, past_from=today):
            values[key] = said
    return intent.text(values)


def read(envelope: object, said: str, *, assistant: Answers, configuration: Configuration, deadline: float, proven: str = "") -> Turn:
    """The turn for `said`. The session is the conversation; the request's id makes it act once; `proven` is who gave their PIN in this session."""
    speaker = identify(envelope, assistant.introductions, configuration, proven=proven)
    locale = text(envelope, "request", "locale")
    return Turn(
        text=said,
        person=speaker.person,
        device=speaker.device,
        audience=speaker.audience,
        place="room" if speaker.device is None else None,
        confidence=speaker.confidence,
        conversation=conversation(envelope),
        id=_id(text(envelope, "request", "requestId")) or None,
        now=local_time(text(envelope, "request", "timestamp"), assistant.catalog.timezone, assistant.now()),
        deadline=deadline,
        locale=locale if _LOCALE.fullmatch(locale) else None,
    )


def conversation(envelope: object) -> str | None:
    """The thread that follow-ups belong to: the session."""
    session = _id(text(envelope, "session", "sessionId"))
    return f"alexa:{session}" if session else None


def _id(found: str) -> str:
    """An id as it is; a digest of what is too long or too odd to be one, because it goes into the ledger."""
    if not found or _ID.fullmatch(found):
        return found
    return hashlib.sha256(found.encode("utf-8", "backslashreplace")).hexdigest()


def local_time(timestamp: str, timezone: str, clock: datetime) -> datetime | None:
    """When it was said, in the catalog's time zone, without offset.

    None, which leaves it to the core's clock, for what is no timestamp and for one of another day: then the clock is fixed on purpose (a demo), or the
    request is a recorded one.
    """
    instant = _instant(timestamp)
    try:
        local = instant.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) if instant is not None else None
    except (ValueError, OverflowError):
        return None
    return local if local is not None and abs(local - clock) < _ONE_DAY else None


def _instant(timestamp: str) -> datetime | None:
    """A timestamp of Alexa, None for what is none."""
    try:
        instant = datetime.fromisoformat(timestamp)
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
