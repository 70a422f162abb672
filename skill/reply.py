"""A Reply -> an Alexa response: escaped speech, a card with the exact figures, and whether the microphone stays open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ask_sdk_core.response_helper import ResponseFactory
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model.interfaces.alexa.presentation.apl.render_document_directive import RenderDocumentDirective
from ask_sdk_model.response_envelope import ResponseEnvelope
from ask_sdk_model.ui.link_account_card import LinkAccountCard
from ask_sdk_model.ui.reprompt import Reprompt
from ask_sdk_model.ui.simple_card import SimpleCard
from ask_sdk_model.ui.ssml_output_speech import SsmlOutputSpeech

from insights.turns import Reply
from skill import directives, words
from skill.memory import Memory
from skill.ssml import clean, cut, escape, speak
from skill.told import Told

if TYPE_CHECKING:
    from insights.pictures.shapes import Picture

# Alexa refuses a response over 24 KB; these three together, with the envelope around them, stay below it in any script.
MOST_SPEECH = 6_000
MOST_REPROMPT = 1_500
MOST_CARD = 7_500
_MOST_TITLE = 300
MOST_RESPONSE = 24 * 1024
_ENVELOPE = 3_500  # session attributes, and what stands around a response and a document
SILENCE: Mapping[str, Any] = {"version": "1.0", "response": {}}


def say(factory: ResponseFactory, speech: str, *, reprompt: str | None = None, slow: bool = False) -> ResponseFactory:
    """Put plain text into the response. With a reprompt the session stays open and Alexa listens; without one it ends."""
    heard = speak(cut(speech, MOST_SPEECH), slow=slow)
    factory.response.output_speech = SsmlOutputSpeech(ssml=heard)
    if reprompt is None:
        return factory.set_should_end_session(True)
    factory.response.reprompt = Reprompt(output_speech=SsmlOutputSpeech(ssml=speak(cut(reprompt, MOST_REPROMPT), slow=slow)))
    return factory.set_should_end_session(False)


def dress(factory: ResponseFactory, told: Told, *, title: str) -> tuple[Memory, ResponseFactory]:
    """Put what is told into the response, with a card of the exact figures, and a picture where there is a screen. Gives what is remembered after it."""
    speech = _first_audible(told.speech, words.WENT_WRONG)
    say(factory, speech, reprompt=None if told.reprompt is None else _first_audible(told.reprompt, words.STILL_WAITING), slow=told.slow)
    memory, reply = told.memory, told.reply
    if reply is not None and clean(reply.text).strip():
        factory.set_card(SimpleCard(title=cut(clean(title), _MOST_TITLE), content=cut(clean(reply.text), MOST_CARD)))
    if told.link:
        factory.set_card(LinkAccountCard())
    if told.elicit and told.reprompt is not None:
        factory.add_directive(directives.any_answer())
    names = directives.choices(reply.choices) if reply is not None and reply.choices and told.reprompt is not None else None
    if names is not None:
        factory.add_directive(names)
    elif memory.named:
        factory.add_directive(directives.no_choices())
    if told.picture is not None:
        _show(factory, told.picture)
    return replace(memory, named=names is not None), factory


def _show(factory: ResponseFactory, picture: Picture) -> None:
    """Add the picture, unless the response has no room for it."""
    from skill import apl

    shown = apl.document(picture)
    if apl.weight(shown) <= _room(factory):
        factory.add_directive(RenderDocumentDirective(token=apl.TOKEN, document=shown))


def _room(factory: ResponseFactory) -> int:
    """Bytes that a picture may have beside what is in the response already."""
    return MOST_RESPONSE - _ENVELOPE - len(json.dumps(DefaultSerializer().serialize(factory.response)))


def render(reply: Reply) -> Mapping[str, Any]:
    """The reply as a whole response, as one question asked in passing gets it."""
    reprompt = (reply.question or "") if reply.expects_reply else None
    told = Told(speech=reply.speech if reply.speech.strip() else reply.text, memory=Memory(), reprompt=reprompt, reply=reply)
    return response(dress(ResponseFactory(), told, title=words.DEFAULT_NAME)[1])


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
