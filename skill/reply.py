"""A Reply -> an Alexa response: escaped speech, a card with the exact figures, and whether the microphone stays open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ask_sdk_core.response_helper import ResponseFactory
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model.response_envelope import ResponseEnvelope
from ask_sdk_model.ui.simple_card import SimpleCard

from insights.turns import Reply
from skill import words
from skill.ssml import clean, cut, escape

# Alexa refuses a response over 24 KB; these three together, with the envelope around them, stay below it in any script.
MOST_SPEECH = 6_000
MOST_REPROMPT = 1_500
MOST_CARD = 7_500
_MOST_TITLE = 300
SILENCE: Mapping[str, Any] = {"version": "1.0", "response": {}}


def say(factory: ResponseFactory, speech: str, *, reprompt: str | None = None) -> ResponseFactory:
    """Put plain text into the response. With a reprompt the session stays open and Alexa listens; without one it ends."""
    factory.speak(escape(cut(speech, MOST_SPEECH)))
    if reprompt is None:
        return factory.set_should_end_session(True)
    return factory.ask(escape(cut(reprompt, MOST_REPROMPT)))


def dress(factory: ResponseFactory, reply: Reply, *, invitation: str | None, title: str) -> ResponseFactory:
    """Put a reply into the response.

    A question back keeps the session open. An answer ends it, unless the person opened the skill to stay: then the door asks for more (`invitation`).
    """
    speech = _first_audible(reply.speech, reply.text, words.WENT_WRONG)
    if reply.expects_reply:
        say(factory, speech, reprompt=_first_audible(reply.question or "", words.STILL_WAITING))
    elif invitation is not None:
        say(factory, f"{_sentence(speech)} {invitation}", reprompt=words.STILL_THERE)
    else:
        say(factory, speech)
    if clean(reply.text).strip():
        factory.set_card(SimpleCard(title=cut(clean(title), _MOST_TITLE), content=cut(clean(reply.text), MOST_CARD)))
    return factory


def render(reply: Reply) -> Mapping[str, Any]:
    """The reply as a whole response, as one question asked in passing gets it."""
    return response(dress(ResponseFactory(), reply, invitation=None, title=words.DEFAULT_NAME))


def spoken_alone(speech: str) -> Mapping[str, Any]:
    """A response that says one sentence and ends the session; for when the SDK cannot be reached."""
    return response(say(ResponseFactory(), speech))


def response(factory: ResponseFactory) -> Mapping[str, Any]:
    """The response in its envelope, as JSON values."""
    serialized: Any = DefaultSerializer().serialize(ResponseEnvelope(version="1.0", response=factory.response))
    return dict(serialized)


def _first_audible(*texts: str) -> str:
    """The first text that leaves something to say once it is escaped."""
    return next(text.strip() for text in texts if escape(text))


def _sentence(speech: str) -> str:
    """The speech with an end, so that what follows is heard as another sentence."""
    return speech if speech[-1:] in ".!?…" else speech + "."
