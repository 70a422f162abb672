"""What is told to one request: the core's reply, what the door answers by itself, and what is said when time is up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from insights.errors import AskerCanFix, OutsideFailed
from insights.turns import Reply, Turn
from skill import envelope, spoken, words
from skill.acquainting import Acquainting
from skill.configuration import Configuration
from skill.identity import device_ids
from skill.memory import Memory
from skill.read import Answers, read, utterance
from skill.spoken import HELP, REPEAT, SpokenIntent
from skill.told import Told
from skill.waiting import Waiting

if TYPE_CHECKING:
    from insights.pictures.shapes import Picture

log = logging.getLogger(__name__)

CANCEL = "AMAZON.CancelIntent"
_NEVER_MIND = "never mind"
_LONGEST_LATER = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it arrived, which the SDK hands through to the handlers, and the instant by which the core must be ready."""

    event: object
    deadline: float
    memory: Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversing:
    """Everything it needs is opened when it is first needed."""

    configuration: Configuration
    assistant: Callable[[], Answers]
    intents: Callable[[], Mapping[str, SpokenIntent]]
    waiting: Waiting

    def launched(self, call: Call) -> Told:
        """ "Open company insights": a greeting, and the question where we are on a device that was never met."""
        stay = replace(call.memory, stay=True)
        welcome = Told(speech=words.WELCOME.format(name=self.configuration.name), reprompt=words.WELCOME_REPROMPT, memory=stay)
        ids = device_ids(call.event)
        if not ids or any(one in self.configuration.devices for one in ids):
            return welcome
        unplaced = self.waiting.quickly(lambda: self._acquainting(call).unplaced())
        if unplaced is None:
            return welcome
        return Told(speech=f"{welcome.speech} {words.NOT_MET}", reprompt=words.WHICH_ROOM, memory=replace(stay, placing=True), elicit=True)

    def heard(self, call: Call) -> Told:
        """What is told to an intent."""
        name, memory = envelope.intent_name(call.event), call.memory
        if name == CANCEL and not (memory.waiting or memory.later or memory.placing):
            return Told(speech=words.GOODBYE, memory=memory)
        said = _NEVER_MIND if name == CANCEL else utterance(call.event, self.intents())
        if said is None:
            return self._not_caught(call)
        if name == HELP:
            call = replace(call, memory=replace(memory, stay=True))  # who asks for help is about to say something
        try:
            return self.waiting.until(call.deadline, lambda: self._told(call, name, said), event=call.event)
        except TookTooLong:
            return self._too_slow(call, "" if name in (spoken.LINK, spoken.PIN) else said)

    def _told(self, call: Call, name: str, said: str) -> Told:
        memory, fresh = call.memory, replace(call.memory, placing=False, later="", later_id="")
        if memory.later and said in ("yes", "no", _NEVER_MIND):
            return self._later(call, fresh, agreed=said == "yes")
        match name:
            case spoken.LINK:
                return self._acquainting(call).link(said)
            case spoken.PIN:
                return self._acquainting(call).prove(said)
            case "PlaceIntent":
                return self._acquainting(call).place(said)
            case "RoomIntent" | "AnswerIntent" if memory.placing:
                return self._acquainting(call).place(said)
            case "AMAZON.CancelIntent" | "AMAZON.NoIntent" if memory.placing:
                return self._open(words.LEFT, fresh)
        if name in (REPEAT, "SlowerIntent"):
            return self._again(call, fresh, slow=name != REPEAT)
        return self._asked(call, fresh, said, helping=name == HELP)

    def _asked(self, call: Call, memory: Memory, said: str, *, helping: bool) -> Told:
        assistant = self.assistant()
        turn = self._turn(call, said)
        reply = assistant.reply(turn)
        if ids := device_ids(call.event):
            try:
                assistant.recalling.keep(turn, reply, place=ids[0])
            except OutsideFailed as error:  # an answer that cannot be said again is still one
                log.warning("an answer was not kept to be said again: %s", error.problem)
        told = self._replied(reply, memory, invitation=words.AFTER_HELP if helping else words.ANYTHING_ELSE)
        return replace(told, picture=self._picture(reply, turn.locale)) if envelope.has_screen(call.event) else told

    def _picture(self, reply: Reply, locale: str | None) -> Picture | None:
        """What a screen shows beside the words; an answer without its picture is still one."""
        from insights.pictures.of_answer import of_answer

        try:
            wording = self.assistant().wording.speaking(locale)
            return of_answer(reply.answer, reply.chart, alt=reply.speech, name=wording.name, locale=wording.locale)
        except Exception:
            log.exception("a picture could not be drawn")
            return None

    def _again(self, call: Call, memory: Memory, *, slow: bool) -> Told:
        """What was said last here to whoever asks for it."""
        ids = device_ids(call.event)
        try:
            reply = self.assistant().recalling.again(self._turn(call, "say that again"), place=ids[0] if ids else "")
        except AskerCanFix as refused:
            return self._open(str(refused), memory)
        return replace(self._replied(reply, memory, invitation=words.ANYTHING_ELSE), slow=slow)

    def _replied(self, reply: Reply, memory: Memory, *, invitation: str) -> Told:
        """A question back keeps the session open. An answer ends it, unless the person opened the skill to stay: then the door asks for more."""
        speech = reply.speech if reply.speech.strip() else reply.text
        nobody = reply.outcome == "denied" and self.configuration.issuer is not None
        if reply.expects_reply:
            told = Told(speech=speech, reprompt=reply.question or "", memory=replace(memory, waiting=True), elicit=reply.outcome == "clarify")
        elif memory.stay:
            told = Told(speech=f"{_sentence(speech)} {invitation}", reprompt=words.STILL_THERE, memory=replace(memory, waiting=False))
        else:
            told = Told(speech=speech, memory=replace(memory, waiting=False))
        return replace(told, reply=reply, link=nobody)

    def _later(self, call: Call, memory: Memory, *, agreed: bool) -> Told:
        """The answer to the offer to send what took too long."""
        if not agreed:
            return self._open(words.LEFT, memory)
        turn = replace(self._turn(call, call.memory.later), id=call.memory.later_id or None)
        return self._replied(self.assistant().recalling.later(turn), memory, invitation=words.ANYTHING_ELSE)

    def _too_slow(self, call: Call, said: str) -> Told:
        """The core overran its deadline. What can be sent later is offered to be; of a secret (`said` is empty) nothing is kept."""
        memory = replace(call.memory, placing=False, later="", later_id="")
        if 0 < len(said) <= _LONGEST_LATER and self.waiting.quickly(lambda: self.assistant().recalling.can_wait(self._turn(call, said))):
            offered = replace(memory, later=said, later_id=str(envelope.text(call.event, "request", "requestId"))[:255])
            return Told(speech=words.SEND_LATER, reprompt=words.SEND_LATER_REPROMPT, memory=offered)
        return Told(speech=words.TOO_SLOW, reprompt=words.STILL_THERE if memory.stay else None, memory=memory)

    def _not_caught(self, call: Call) -> Told:
        """Nothing that can be said to the core. What was asked before still waits."""
        return Told(speech=words.NOT_CAUGHT, reprompt=words.STILL_WAITING if call.memory.waiting else words.WELCOME_REPROMPT, memory=call.memory)

    def _open(self, speech: str, memory: Memory) -> Told:
        """Said on the side: the session goes on for who opened the skill."""
        if not memory.stay:
            return Told(speech=speech, memory=memory)
        return Told(speech=f"{_sentence(speech)} {words.ANYTHING_ELSE}", reprompt=words.STILL_THERE, memory=memory)

    def _turn(self, call: Call, said: str) -> Turn:
        proven = call.memory.proven
        return read(call.event, said, assistant=self.assistant(), configuration=self.configuration, deadline=call.deadline, proven=proven)

    def _acquainting(self, call: Call) -> Acquainting:
        return Acquainting(event=call.event, introductions=self.assistant().introductions, configuration=self.configuration, memory=call.memory)


def _sentence(speech: str) -> str:
    """The speech with an end, so that what follows is heard as another sentence."""
    return speech if speech[-1:] in ".!?…" else speech + "."
