"""From what was heard to what is sent back: who it is, what the assistant replies, how the message looks. A conversation in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4
from weakref import WeakValueDictionary

from insights.organization import Organization, Person
from insights.permit import Places
from insights.underway import Watcher, watched
from slackbot.audience import Audiences, Channels
from slackbot.connecting import refusal
from slackbot.identity import Identities, SlackUser
from slackbot.places import Intake
from slackbot.read import Heard
from slackbot.reply import Message, dress, plain

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.delivery.port import Messenger
    from insights.ledger.identity import Account
    from insights.turns import Reply, Turn

ANSWER_WITHIN = 25.0
"""Seconds a question may take unless `slack.answer_within` says otherwise."""
_AT_ONCE = 16
_NOT_HERE = "I am not to answer in this channel. Ask me in a direct message, or with /insights."
T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What to send, and whether it is for the asker's eyes only, wherever it was asked; `reply` and `person` where it was somebody known who asked."""

    message: Message
    private: bool = False
    reply: Reply | None = None
    person: Person | None = None


@dataclass(slots=True, kw_only=True, weakref_slot=True)
class Desk:
    """Answers what is heard in Slack; for one event loop. The assistant is called in a thread."""

    assistant: Assistant
    within: float = ANSWER_WITHIN
    clock: Callable[[], float] = time.monotonic
    places: Places = field(default_factory=lambda: Places())
    intake: Intake = field(default_factory=lambda: Intake())
    messenger: Messenger | None = None
    identities: Identities = field(init=False)
    audiences: Audiences = field(init=False)
    asked: OrderedDict[str, str] = field(default_factory=OrderedDict)
    # Not the loop's own pool: slow questions must not keep its name look-ups, and so the answers to others, waiting.
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="slack-turn"))
    sending: set[Future[None]] = field(default_factory=set)
    locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def __post_init__(self) -> None:
        """Accounts that were linked are looked up in the ledger."""
        self.identities = Identities(bound=self._bound)
        self.audiences = Audiences(self.identities)

    def _bound(self, account: Account) -> str | None:
        return self.assistant.ledger.bound(account)

    @property
    def organization(self) -> Organization:
        """Who there is, as the assistant knows it now."""
        return self.assistant.organization

    async def listening(self, heard: Heard, channels: Channels, *, anew: bool = False) -> Heard:
        """With who reads along, where it is asked in a channel."""
        if heard.audience != "channel":
            return heard
        found = await self.audiences.of(heard.channel, heard.who, organization=self.organization, channels=channels, anew=anew)
        return replace(heard, listening=found)

    async def person(self, who: SlackUser, accounts: Channels) -> Person | None:
        """Who somebody is; None for whom we don't know."""
        return await self.identities.person(who, organization=self.organization, accounts=accounts)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Have something done that takes time, without keeping the others waiting."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

    async def answer(self, heard: Heard, accounts: Channels, *, watcher: Watcher | None = None) -> Answered:
        """The message for one thing heard; what goes wrong is said, with a reference to the log. `watcher` is told, in another thread, what is being done."""
        deadline = self.clock() + self.within
        lock = self.locks.setdefault(heard.conversation, asyncio.Lock())
        try:
            person = await self.person(heard.who, accounts)
            if person is None:
                return Answered(message=refusal(heard), private=True)
            if heard.audience == "channel" and not self.places.allow(heard.channel):
                return Answered(message=plain(_NOT_HERE), private=True, person=person)
            if heard.listening is None:
                heard = await self.listening(heard, accounts)
            async with lock:
                if self._is_stale(heard):
                    return Answered(message=plain("That question is no longer open. Please ask again."), private=True)
                turn = heard.turn(person.id, deadline=deadline)
                reply = await self.in_thread(lambda: self._replied(turn, watcher))
                self._remember(heard, reply)
        except Exception:
            # The door's last line: whatever failed below, the person hears of it and the log has it.
            reference = uuid4().hex[:8]
            _log.exception("A Slack turn failed (reference %s).", reference)
            return Answered(message=plain(f"Something went wrong on our side. Please try again; if it stays, report reference {reference}."), private=True)
        message = dress(
            reply, turn=heard.key, conversation=heard.conversation, locale=self.assistant.catalog.locale, shareable=heard.audience == "private"
        )  # fmt: skip
        self._bring(reply)
        return Answered(message=message, private=reply.outcome in ("denied", "failed"), reply=reply, person=person)

    def _replied(self, turn: Turn, watcher: Watcher | None) -> Reply:
        with watched(watcher):
            return self.assistant.reply(turn)

    def _bring(self, reply: Reply) -> None:
        """What was promised to the asker alone is sent at once, without waiting for a worker; whoever dies in between leaves it to the worker."""
        key, messenger = reply.promised, self.messenger
        if key is None or messenger is None:
            return
        from insights.delivery.worker import send_now

        assistant = self.assistant

        def send() -> None:
            try:
                send_now(assistant.ledger, key, {messenger.name: messenger}, assistant.organization.people, assistant.now, compose=assistant.compose)
            except Exception:
                _log.exception("A promised answer could not be sent now; the worker sends it.")

        sending = self.threads.submit(send)
        self.sending.add(sending)
        sending.add_done_callback(self.sending.discard)

    async def brought(self) -> None:
        """Wait until everything that is being brought has been: for a host that stands still after its answer."""
        await asyncio.gather(*map(asyncio.wrap_future, tuple(self.sending)))

    def _is_stale(self, heard: Heard) -> bool:
        """Whether a button answers a question that is no longer the last one here: its "yes" would confirm something else."""
        return heard.answers is not None and self.asked.get(heard.conversation, heard.answers) != heard.answers

    def _remember(self, heard: Heard, reply: Reply) -> None:
        self.asked[heard.conversation] = heard.key if reply.expects_reply else ""
        self.asked.move_to_end(heard.conversation)
        while len(self.asked) > 10_000:
            self.asked.popitem(last=False)
