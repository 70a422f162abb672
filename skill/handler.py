"""The Alexa skill on ask-sdk-core: every request gets a valid response, in time. `lambda_handler` is what AWS Lambda calls."""

from __future__ import annotations

import functools
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from typing import Any, TypeVar

from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils.predicate import is_intent_name, is_request_type
from ask_sdk_model.request_envelope import RequestEnvelope
from ask_sdk_model.response import Response

from insights.errors import AskerCanFix, OutsideFailed, WrongDefinition
from insights.turns import Reply
from skill import envelope, words
from skill.configuration import Configuration
from skill.read import Answers, read, utterance
from skill.reply import SILENCE, dress, say, spoken_alone
from skill.spoken import HELP, SpokenIntent

Made = TypeVar("Made")
log = logging.getLogger(__name__)

# Alexa waits 8 seconds. The core is asked to be ready after 6.5; if it overruns, the door itself answers a little later.
PATIENCE = 6.5
GRACE = 0.3
_STAY = "stay"
_CALLS_AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it arrived, which the SDK hands through to the handlers, and the instant by which the core must be ready."""

    event: object
    deadline: float


class Skill:
    """One skill. `handle` may be called from many threads; the assistant is opened once, by the first request that needs it."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        open_assistant: Callable[[], Answers],
        intents: Callable[[], Mapping[str, SpokenIntent]] | None = None,
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        self._configuration = configuration
        self._assistant = _once(open_assistant)
        self._intents = _once(intents or _declared)
        self._clock = clock
        self._patience = patience
        self._pool = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="alexa")
        self._sdk = self._built()

    def is_ours(self, event: object) -> bool:
        """Whether the request is meant for this skill and no other."""
        return envelope.application_id(event) == self._configuration.skill_id

    def handle(self, event: object, *, remaining: float | None = None) -> Mapping[str, Any]:
        """The response to one request, whatever it looks like; silence for another skill's. `remaining` are seconds left in this process."""
        patience = self._patience if remaining is None else max(0.0, min(self._patience, remaining - 2 * GRACE))
        deadline = self._clock() + patience
        try:
            if not self.is_ours(event):
                log.warning("a request for another skill was ignored")
                return SILENCE
            trimmed = envelope.trim(event, remembered=_remembered(event))
            if trimmed is None:
                return SILENCE
            request = self._sdk.serializer.deserialize(json.dumps(trimmed), RequestEnvelope)
            answered: Mapping[str, Any] = self._sdk.serializer.serialize(self._sdk.invoke(request, Call(event=event, deadline=deadline)))
        except Exception as error:  # whatever fails, the person must hear something
            return spoken_alone(_apology(error))
        return answered

    def _built(self) -> Any:
        builder = CustomSkillBuilder()
        setattr(builder, "skill_id", self._configuration.skill_id)  # noqa: B010  # typed as None
        builder.request_handler(is_request_type("LaunchRequest"))(self._launch)
        builder.request_handler(is_request_type("SessionEndedRequest"))(_ended)
        for name in ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent"):
            builder.request_handler(is_intent_name(name))(_goodbye)
        builder.request_handler(is_request_type("IntentRequest"))(self._intent)
        return builder.create()

    def _launch(self, handler_input: HandlerInput) -> Response:
        _kept(handler_input)[_STAY] = True
        welcome = words.WELCOME.format(name=self._configuration.name)
        return say(handler_input.response_builder, welcome, reprompt=words.WELCOME_REPROMPT).response

    def _intent(self, handler_input: HandlerInput) -> Response:
        call: Call = handler_input.context
        builder = handler_input.response_builder
        said = utterance(call.event, self._intents())
        if said is None:
            return say(builder, words.NOT_CAUGHT, reprompt=words.WELCOME_REPROMPT).response
        attributes = _kept(handler_input)
        helping = envelope.intent_name(call.event) == HELP
        if helping:
            attributes[_STAY] = True  # who asks for help is about to say something
        try:
            reply = self._reply(call, said)
        except TookTooLong:
            return say(builder, words.TOO_SLOW, reprompt=words.STILL_THERE if attributes.get(_STAY) else None).response
        invitation = words.AFTER_HELP if helping else words.ANYTHING_ELSE
        return dress(builder, reply, invitation=invitation if attributes.get(_STAY) else None, title=self._configuration.name).response

    def _reply(self, call: Call, said: str) -> Reply:
        """The core's reply. Raises TookTooLong when the core does not keep its deadline."""
        work = self._pool.submit(self._turn, call, said)
        try:
            return work.result(timeout=max(0.0, call.deadline + GRACE - self._clock()))
        except TookTooLong:
            work.cancel()
            raise

    def _turn(self, call: Call, said: str) -> Reply:
        assistant = self._assistant()
        return assistant.reply(read(call.event, said, assistant=assistant, configuration=self._configuration, deadline=call.deadline))


def lambda_handler(event: object, context: object) -> Mapping[str, Any]:
    """What AWS Lambda calls: one envelope in, one response out. Settings come from the environment."""
    try:
        skill = the_skill()
    except Exception as error:  # an exception would reach the person as Alexa's own words, and nobody would know whose fault it is
        return spoken_alone(_apology(error))
    left = getattr(context, "get_remaining_time_in_millis", None)
    return skill.handle(event, remaining=left() / 1000 if callable(left) else None)


@functools.cache
def the_skill() -> Skill:
    """The one skill of this process. Raises WrongSettings naming what is missing."""
    from insights import settings as insights_settings
    from skill.configuration import read as read_configuration

    settings = insights_settings.read()

    def opened() -> Answers:
        from insights.wiring import open_settings

        return open_settings(settings)

    return Skill(configuration=read_configuration(settings), open_assistant=opened)


def _once(make: Callable[[], Made]) -> Callable[[], Made]:
    """`make`, called by the first who asks while others wait; asked again after a failure."""
    cached = functools.cache(make)
    lock = threading.Lock()

    def made() -> Made:
        with lock:
            return cached()

    return made


def _declared() -> Mapping[str, SpokenIntent]:
    from insights.language.intents import load
    from skill.spoken import spoken

    return {intent.name: intent for intent in spoken(load())}


def _remembered(event: object) -> Mapping[str, Any]:
    """What is kept in the session: only whether the person opened the skill to stay."""
    return {_STAY: True} if envelope.attributes(event).get(_STAY) is True else {}


def _kept(handler_input: HandlerInput) -> dict[str, Any]:
    """The session's attributes, which go back to Alexa with the response."""
    kept = handler_input.attributes_manager.session_attributes
    assert kept is not None, "every envelope is trimmed to one with a session"
    return kept


def _goodbye(handler_input: HandlerInput) -> Response:
    return say(handler_input.response_builder, words.GOODBYE).response


def _ended(handler_input: HandlerInput) -> Response:
    error = envelope.part(handler_input.context.event, "request", "error")
    if error:
        log.error("Alexa ended the session: %s", str(error.get("type"))[:100])
    return handler_input.response_builder.response


def _apology(error: Exception) -> str:
    """What is said when no reply could be made; the log holds the rest."""
    if isinstance(error, AskerCanFix):
        return str(error)
    log.error("an Alexa request failed", exc_info=error)
    if isinstance(error, WrongDefinition):
        return words.NOT_SET_UP
    return words.OUTSIDE_FAILED if isinstance(error, OutsideFailed) else words.WENT_WRONG
