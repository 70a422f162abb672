"""The declared intents: every example and sample works, and leads to the kind it is declared for."""

from __future__ import annotations

import pytest

from insights.contract import KINDS, kind_of
from insights.language.attaching import without_file
from insights.language.intents import load
from insights.requests import Clarify, Understood
from tests.language.company import NOW

INTENTS = load()


def test_every_kind_of_request_is_declared_once():
    """Each kind has one intent, with examples to offer."""
    assert sorted(intent.kind for intent in INTENTS) == sorted(KINDS)
    assert all(intent.examples and intent.description for intent in INTENTS)


@pytest.mark.parametrize(
    ("intent", "said"),
    [pytest.param(intent, said, id=said) for intent in INTENTS for said in dict.fromkeys((*intent.examples, *intent.samples)) if "{" not in said],
)
def test_what_is_offered_is_understood(understander, intent, said):
    """An example or sample without slots is understood as its kind, or asked for what it lacks; a file is handed over otherwise."""
    reading = understander.understand(said, now=NOW, room="fern")
    if reading == without_file():
        assert "attach" in said.split()  # a file cannot be said: how it is handed over is told
        return
    request = reading.request if isinstance(reading, Understood) else reading.partial if isinstance(reading, Clarify) else None
    assert request is not None, reading
    assert kind_of(request) == intent.kind


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.name)
def test_every_slot_of_a_sample_is_declared(intent):
    """A slot in a sample has a type."""
    import re

    used = {name for sample in intent.samples for name in re.findall(r"{(\w+)}", sample)}
    assert used <= set(intent.slots)
