"""The Alexa skill on ask-sdk-core: every request gets a valid response, in time. `lambda_handler` is what AWS Lambda calls."""

from __future__ import annotations

import functools
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils.predicate import is_intent_name, is_request_type
from ask_sdk_model.request_envelope import RequestEnvelope
from ask_sdk_model.response import Response

from insights.errors import AskerCanFix, OutsideFailed, WrongDefinition
from skill import envelope, words
from skill.configuration import Configuration
from skill.conversing import Call, Conversing
from skill.memory import recalled
from skill.progress import Send, send
from skill.read import Answers
from skill.reply import SILENCE, dress, say, spoken_alone
from skill.spoken import SpokenIntent
from skill.told import Told
from skill.waiting import GRACE, PATIENCE, Waiting

Made = TypeVar("Made")
log = logging.getLogger(__name__)


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
        sender: Send = send,
    ) -> None:
        self._configuration = configuration
        self._clock = clock
        self._patience = patience
        waiting = Waiting(clock=clock, sender=sender)
        self._conversing = Conversing(configuration=configuration, assistant=_once(open_assistant), intents=_once(intents or _declared), waiting=waiting)
        self._sdk = self._built()

    def is_ours(self, event: object) -> bool:
        """Whether the request is meant for this skill and no other."""
        return envelope.application_id(event) == self._configuration.skill_id

    def handle(self, event: object, *, remaining: float | None = None) -> Mapping[str, Any]:
        """The response to one request, whatever it looks like; silence for another skill's. `remaining` are seconds left in this process."""
        patience = self._patience if remaining is None else max(0.0, min(self._patience, remaining - 3 * GRACE))
        deadline = self._clock() + patience
        try:
            if not self.is_ours(event):
                log.warning("a request for another skill was ignored")
                return SILENCE
            memory = recalled(envelope.attributes(event))
            trimmed = envelope.trim(event, remembered=memory.written())
            if trimmed is None:
                return SILENCE
            request = self._sdk.serializer.deserialize(json.dumps(trimmed), RequestEnvelope)
            call = Call(event=event, deadline=deadline, memory=memory)
            answered: Mapping[str, Any] = self._sdk.serializer.serialize(self._sdk.invoke(request, call))
        except Exception as error:  # whatever fails, the person must hear something
            return spoken_alone(_apology(error))
        return answered

    def _built(self) -> Any:
        builder = CustomSkillBuilder()
        setattr(builder, "skill_id", self._configuration.skill_id)  # noqa: B010  # typed as None
        builder.request_handler(is_request_type("LaunchRequest"))(self._launch)
        builder.request_handler(is_request_type("SessionEndedRequest"))(_ended)
        for name in ("AMAZON.StopIntent", "AMAZON.NavigateHomeIntent"):
            builder.request_handler(is_intent_name(name))(_goodbye)
        builder.request_handler(is_request_type("IntentRequest"))(self._intent)
        return builder.create()

    def _launch(self, handler_input: HandlerInput) -> Response:
        return self._dressed(handler_input, self._conversing.launched(handler_input.context))

    def _intent(self, handler_input: HandlerInput) -> Response:
        return self._dressed(handler_input, self._conversing.heard(handler_input.context))

    def _dressed(self, handler_input: HandlerInput, told: Told) -> Response:
        memory, builder = dress(handler_input.response_builder, told, title=self._configuration.name)
        kept = handler_input.attributes_manager.session_attributes
        assert kept is not None, "every envelope is trimmed to one with a session"
        kept.clear()
        kept.update(memory.written())
        return builder.response


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
