"""One exchange: what was said, by whom and where, and what is said back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from insights.answers import Answer, Chart
from insights.helpdesk import Attachment
from insights.requests import Choice, Request

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""The years that a turn can be in: from there periods can be counted back and forth."""

Audience = Literal["private", "room", "channel"]
Place = Literal["desk", "room", "screen", "chat", "shell"]
"""The kind of device: one person's own, a room's, a screen that others see, a chat, a command line."""
Confidence = Literal["unknown", "owner", "voice", "account"]
"""How sure it is who speaks: not at all, the owner of the device as it seems, a recognised voice, a signed-in account or a PIN."""
Topic = Literal["room", "meeting", "ticket"]
"""What a command says it is about, whatever words follow."""
Outcome = Literal["understood", "clarify", "confirm", "unsupported", "denied", "failed"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said (`text`), who said it, where, and how long we have.

    `person` is an id of `organization.yaml`; None is the unnamed local user, who has no role and no bypass. `device` names the room or desk.
    `audience` is who can hear or see the reply. `conversation` names the thread that follow-ups belong to; without it the turn stands alone.
    `id` makes the turn act once. `now` is the asker's local time without offset; None takes the assistant's clock. `deadline` is an instant of
    `time.monotonic()` by which the reply must be ready. `yes` confirms an action in advance. `locale` is BCP 47. `answers` is the id of the
    turn whose question back this replies to, where a button says so: a yes to an older question confirms nothing.

    What a door knows besides: the kind of device (`place`), how sure it is of the person (`confidence`), and of a channel its id (`channel`), its members as
    ids of `organization.yaml` (`listeners`; None: not known) and how many guests and others there are (`strangers`). None leaves it to what is usual: a device
    as `organization.yaml` has it, and a person who is who the door says.

    What a button or a form says in place of words: `about` is the id of the turn whose answer this goes on with, whatever was asked since; with no `text` it is
    that answer again, as it may be told here. `request` is a form that was filled in. `topic` is what a command is about ("/room ...").
    `files` came along with it.
    """

    text: str
    person: str | None = None
    device: str | None = None
    audience: Audience = "private"
    conversation: str | None = None
    id: str | None = None
    now: datetime | None = None
    deadline: float | None = None
    yes: bool = False
    locale: str | None = None
    answers: str | None = None
    place: Place | None = None
    confidence: Confidence | None = None
    listeners: tuple[str, ...] | None = None
    strangers: int = 0
    channel: str | None = None
    about: str | None = None
    request: Request | None = None
    topic: Topic | None = None
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said back, complete in `speech` and in `text`; facts in `answer`.

    `question` and `choices` are set for `clarify` and `confirm`; `reason` for `unsupported`, `denied` and `failed`. `suggestions` are utterances that
    can follow. `promised` is the key of what the outbox brings to the asker in
    place of an answer here. `timings` are seconds for understand, permit, plan, query and word.
    """

    outcome: Outcome
    utterance: str
    speech: str
    text: str
    request: Request | None = None
    answer: Answer | None = None
    chart: Chart | None = None
    assumed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    question: str | None = None
    reason: str | None = None
    suggestions: tuple[str, ...] = ()
    promised: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def expects_reply(self) -> bool:
        """Whether the conversation waits for the person (a question back or a confirmation)."""
        return self.outcome in ("clarify", "confirm")
