"""Every sample of every intent in every locale, its slots filled, is heard as that intent and gets a response that Alexa accepts."""

from __future__ import annotations

import json
from datetime import date
from itertools import cycle

import pytest

from insights.language.intents import load
from skill.handler import Skill
from skill.locales import LOCALES
from skill.spoken import spoken
from tests.skill.conftest import answered
from tests.skill.simulator import Echo, Model
from tests.skill.test_model import SLOT, TOP, language_model

TODAY = date(2026, 11, 23)
SAID = {
    "AMAZON.SearchQuery": ("purple elephants of the sea",),
    "AMAZON.DATE": ("july", "yesterday", "the third quarter", "this weekend", "2024", "last month"),
    "AMAZON.TIME": ("four pm", "half past three", "noon"),
    "AMAZON.DURATION": ("thirty minutes", "an hour and a half"),
}


def expanded(language):
    """Utterances with the intent they are a sample of: every sample once, and every value of every type in some sample."""
    values = {kind["name"]: [n for v in kind["values"] for n in (v["name"]["value"], *v["name"]["synonyms"])] for kind in language["types"]}
    turns = {kind: cycle(said) for kind, said in {**SAID, **values}.items()}
    for intent in language["intents"]:
        kinds = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        for sample in intent["samples"]:
            yield intent["name"], SLOT.sub(lambda slot, kinds=kinds: next(turns[kinds[slot[1]]]), sample)
    slots = [(intent, slot) for intent in language["intents"] for slot in intent.get("slots", ())]
    alone = {slot["type"]: intent["name"] for intent, slot in slots if f"{{{slot['name']}}}" in intent["samples"]}
    for kind, name in alone.items():
        for said in values.get(kind, ()):
            yield name, said


@pytest.fixture(scope="module")
def models():
    """The committed models."""
    return {locale: json.loads((TOP / "interaction-models" / f"{locale}.json").read_text("utf-8")) for locale in LOCALES}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sample_is_heard_as_its_intent_and_answered(locale, models, assistant, configuration, check_response):
    """The simulator hears the intent whose sample it is; the handler hears the same and answers validly, the microphone rule kept."""
    model, language = Model(models[locale]), language_model(models[locale])
    intents = {intent.name: intent for intent in spoken(load())}
    skill = Skill(configuration=configuration, open_assistant=lambda: assistant, intents=lambda: intents)
    echo = Echo(model, skill.handle, locale=locale)
    heard, wrong = 0, []
    for name, said in expanded(language):
        found = model.hear(said, TODAY)
        if found is None or found.intent != name:
            wrong.append((said, name, found and found.intent))
            continue
        echo.session = None
        echo.intend(found)
        check_response(echo.last)
        heard += 1
    # A name that is said for a figure and for a field is one of both to Alexa as well: free words, and the core asks.
    same = [one for one in wrong if {one[1], one[2]} <= {"MetricIntent", "ValueIntent", "PhraseIntent", "RoomIntent", "ChooseIntent", "TimeIntent"}]
    assert [one for one in wrong if one not in same] == []
    assert len(same) <= 5, same
    assert heard > 600


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_heard_is_told_to_the_core_in_its_own_words(locale, models, assistant, configuration):
    """Each whole utterance of the declarations, as it is said in this locale, reaches the core as it was declared."""
    model = Model(models[locale])
    intents = {intent.name: intent for intent in spoken(load())}
    skill = Skill(configuration=configuration, open_assistant=lambda: assistant, intents=lambda: intents)
    for value in model.values["PHRASE"]:
        for said in (value["name"]["value"], *value["name"]["synonyms"]):
            echo = Echo(model, skill.handle, locale=locale)
            assistant.turns.clear()
            echo.say(said)
            assert [turn.text for turn in assistant.turns] == [value["name"]["value"]], said


def test_what_nothing_fits_is_the_fallback(models, assistant, configuration, check_response):
    """Words that no sample has are not guessed at: the door asks again, and listens."""
    assistant.answer = answered
    skill = Skill(configuration=configuration, open_assistant=lambda: assistant)
    echo = Echo(Model(models["en-US"]), skill.handle)
    echo.say("colourless green ideas")
    assert "did not catch" in check_response(echo.last)
    assert echo.session is not None
    assert assistant.turns == []
