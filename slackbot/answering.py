"""From what was heard to what is sent back: who it is, what the assistant replies, how the message looks. A conversation in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakValueDictionary

from insights.organization import Organization
from slackbot.identity import Accounts, Identities
from slackbot.read import Heard
from slackbot.reply import Message, dress, plain

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.turns import Reply

ANSWER_WITHIN = 25.0
"""Seconds a question may take unless `slack.answer_within` says otherwise."""
_AT_ONCE = 16
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What to send, and whether it is for the asker's eyes only, wherever it was asked."""

    message: Message
    private: bool = False


@dataclass(slots=True, kw_only=True, weakref_slot=True)
class Desk:
    """Answers what is heard in Slack; for one event loop. The assistant is called in a thread."""

    assistant: Assistant
    within: float = ANSWER_WITHIN
    clock: Callable[[], float] = time.monotonic
    identities: Identities = field(default_factory=Identities)
    asked: OrderedDict[str, str] = field(default_factory=OrderedDict)
    # Not the loop's own pool: slow questions must not keep its name look-ups, and so the answers to others, waiting.
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="slack-turn"))
    locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @property
    def organization(self) -> Organization:
        """Who there is, as the assistant knows it now."""
        return self.assistant.organization

    async def answer(self, heard: Heard, accounts: Accounts) -> Answered:
        """The message for one thing heard; what goes wrong is said, with a reference to the log."""
        deadline = self.clock() + self.within
        lock = self.locks.setdefault(heard.conversation, asyncio.Lock())
        try:
            person = await self.identities.person(heard.who, organization=self.organization, accounts=accounts)
            if person is None:
                return Answered(message=plain(_unknown(heard)), private=True)
            async with lock:
                if self._is_stale(heard):
                    return Answered(message=plain("That question is no longer open. Please ask again."), private=True)
                turn = heard.turn(person.id, deadline=deadline)
                reply = await asyncio.get_running_loop().run_in_executor(self.threads, self.assistant.reply, turn)
                self._remember(heard, reply)
        except Exception:
            # The door's last line: whatever failed below, the person hears of it and the log has it.
            reference = uuid4().hex[:8]
            _log.exception("A Slack turn failed (reference %s).", reference)
            return Answered(message=plain(f"Something went wrong on our side. Please try again; if it stays, report reference {reference}."), private=True)
        message = dress(reply, turn=heard.key, conversation=heard.conversation, locale=self.assistant.catalog.locale)
        return Answered(message=message, private=reply.outcome in ("denied", "failed"))

    def _is_stale(self, heard: Heard) -> bool:
        """Whether a button answers a question that is no longer the last one here: its "yes" would confirm something else."""
        return heard.answers is not None and self.asked.get(heard.conversation, heard.answers) != heard.answers

    def _remember(self, heard: Heard, reply: Reply) -> None:
        self.asked[heard.conversation] = heard.key if reply.expects_reply else ""
        self.asked.move_to_end(heard.conversation)
        while len(self.asked) > 10_000:
            self.asked.popitem(last=False)


def _unknown(heard: Heard) -> str:
    return (
        f"I don't know who you are at this company, so I can't answer. Ask whoever runs this assistant to add your Slack user id ({heard.who.user}) "
        "or your e-mail address to organization.yaml; then ask again."
    )
