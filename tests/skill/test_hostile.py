"""Envelopes and words that mean harm, or make no sense: always a valid response."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.turns import Reply
from skill.handler import Skill
from skill.spoken import spoken
from tests.skill.conftest import DECLARED, FakeAssistant, _check_response, answered

CASES = int(os.environ.get("CASES", "600"))
ENVELOPES = [json.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "envelopes").glob("*.json"))]
ODD = st.sampled_from(
    ["", "\ud800", "\x00", "PRESENT_REF", "2026-13-45T99:99:99Z", "9" * 400, "AMAZON.YesIntent", "IntentRequest", "LaunchRequest", "Alexa.New.Type", "NEW_ENUM"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | ODD | st.text(max_size=30)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8)
HOSTILE = [
    *("<speak>hi</speak>", "</speak><audio src='https://x'/>", "a & b < c > d \"e\" 'f'", "&amp; &#0; &#xD800;", "]]>", "<!--", "<![CDATA["),
    *("\x00\x01\x1b[31m", "\ud800 \udfff lone", "\ufffe\uffff", "{{ 7*7 }}", "{% raw %}", "'; DROP TABLE orders; --", "\n\t\r "),
    *("a" * 100_000, "é" * 50_000, "😀" * 50_000, "&" * 50_000),
]


def paths(value, here=()):
    """Every place in a JSON value."""
    yield here
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*here, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*here, index))


@st.composite
def broken_envelopes(draw):
    """A real envelope in which one to three places are replaced or missing."""
    broken = copy.deepcopy(draw(st.sampled_from(ENVELOPES)))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from([p for p in paths(broken) if p] or [()]))
        if not place:
            return draw(JSON)
        holder = broken
        for key in place[:-1]:
            holder = holder[key]
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[place[-1]]
        else:
            holder[place[-1]] = draw(JSON)
    return broken


@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(envelope=broken_envelopes() | JSON)
def test_whatever_arrives_gets_a_valid_response(envelope, skill):
    """Missing parts, wrong types, unknown types, new enum values and odd timestamps never raise."""
    _check_response(skill.handle(envelope))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_of_the_core_are_only_spoken(text, event, skill, assistant, check_response):
    """Nothing that the core says can become markup, break the document or outgrow it."""
    for outcome in ("understood", "clarify"):
        assistant.answer = lambda turn, o=outcome: Reply(outcome=o, utterance="", speech=text + "x", text=text + "x", question=text + "x")
        check_response(skill.handle(event("ask_in_session")))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
def test_hostile_words_of_a_person_reach_the_core_as_text(text, event, skill, assistant, check_response):
    """A transcript is data: it is passed on as it is."""
    question = event("ask")
    question["request"]["intent"]["slots"]["query"]["value"] = text
    check_response(skill.handle(question))
    assert [turn.text for turn in assistant.turns] == [text.strip()]


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=300), question=st.none() | st.text(alphabet=st.characters(), max_size=50))
def test_any_text_makes_well_formed_speech(text, question):
    """All of Unicode, lone surrogates and control characters included."""
    from skill.reply import render

    _check_response(render(Reply(outcome="clarify" if question else "understood", utterance="", speech=text + ".", text=text + ".", question=question)))


def test_ids_that_are_no_ids_do_not_reach_the_ledger(event, skill, assistant):
    """A session or request id with a lone surrogate, or a book in it, is replaced by its digest; the same id by the same digest."""
    question = event("ask")
    question["session"]["sessionId"] = "\ud800" + "x" * 5000
    question["request"]["requestId"] = "a\x00b"
    skill.handle(question)
    skill.handle(question)
    first, second = assistant.turns
    assert (first.id, first.conversation) == (second.id, second.conversation)
    assert first.id.isalnum()
    assert len(first.id) == 64
    assert len(first.conversation) < 80


def test_a_core_of_another_make_is_enough(event, configuration, catalog, organization, check_response):
    """The door asks nothing of the core but a catalog, an organization and replies."""
    core = FakeAssistant(catalog=catalog, organization=organization, answer=answered)
    bare = Skill(configuration=configuration, open_assistant=lambda: core, intents=lambda: {i.name: i for i in spoken(DECLARED)})
    assert check_response(bare.handle(event("metric")))
