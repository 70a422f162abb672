"""What an interaction model must keep beside the official schema: rules that Amazon's documentation states and its schema does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from skill.model import invocation_problem
from skill.spoken import sample_key

REQUIRED = ("AMAZON.CancelIntent", "AMAZON.FallbackIntent", "AMAZON.HelpIntent", "AMAZON.NavigateHomeIntent", "AMAZON.StopIntent")
# Free words may stand in one sample with nothing else: https://developer.amazon.com/docs/custom-skills/slot-type-reference.html#amazonsearchquery
PHRASES = ("AMAZON.SearchQuery",)
MOST_INTENTS, MOST_BYTES, LONGEST_VALUE = 250, 1_500_000, 140
_SLOT = re.compile(r"\{(\w*)\}")
_SAMPLE = re.compile(r"(?:[^\W\d_]|[ '.{}_-])+")


def problems(document: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with a model; none for a good one."""
    model = document["interactionModel"]
    language = model["languageModel"]
    found = list(_names(language))
    for intent in language["intents"]:
        found += _intent(intent)
    found += _duplicates(language)
    found += _types(language)
    found += _dialog(model)
    if len(json.dumps(document).encode()) > MOST_BYTES:
        found.append(f"it is over {MOST_BYTES} bytes")
    return found


def _names(language: Mapping[str, Any]) -> Iterator[str]:
    if problem := invocation_problem(language["invocationName"]):
        yield f"invocation name: {problem}"
    names = [intent["name"] for intent in language["intents"]]
    yield from (f"{name} is declared twice" for name in set(names) if names.count(name) > 1)
    yield from (f"{name} is required and missing" for name in REQUIRED if name not in names)
    if len(names) > MOST_INTENTS:
        yield f"{len(names)} intents, {MOST_INTENTS} are allowed"


def _intent(intent: Mapping[str, Any]) -> Iterator[str]:
    name, samples = intent["name"], intent.get("samples", [])
    slots = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
    if name.startswith("AMAZON."):
        yield from (f"{name}: '{sample}' has a slot, which built-in intents cannot have" for sample in samples if _SLOT.search(sample))
        if name == "AMAZON.FallbackIntent" and samples:
            yield "AMAZON.FallbackIntent has samples"
    elif not re.fullmatch(r"[A-Za-z_]+", name):
        yield f"{name} has a sign that names of intents cannot have"
    elif not samples:
        yield f"{name} has no sample"
    filled: set[str] = set()
    for sample in samples:
        inside = _SLOT.findall(sample)
        filled |= set(inside)
        yield from (f"{name}: {problem}" for problem in _sample(sample, inside, slots))
    yield from (f"{name}: no sample fills {{{slot}}}" for slot in slots if slot not in filled)


def _sample(sample: str, inside: list[str], slots: Mapping[str, str]) -> Iterator[str]:
    if not _SAMPLE.fullmatch(sample) or sample != sample.strip() or "  " in sample:
        yield f"'{sample}' has a sign that Alexa refuses"
    yield from (f"'{sample}' has {{{slot}}}, which is not declared" for slot in inside if slot not in slots)
    if len(inside) != len(set(inside)):
        yield f"'{sample}' has a slot twice"
    if any(slots.get(slot) in PHRASES for slot in inside):
        if len(inside) > 1:
            yield f"'{sample}' has free words beside another slot"
        if not _SLOT.sub("", sample).strip():
            yield f"'{sample}' has free words without a carrier"


def _duplicates(language: Mapping[str, Any]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for intent in language["intents"]:
        slots = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        for sample in intent.get("samples", ()):
            key = sample_key(sample, slots)
            if key in owners:
                yield f"'{sample}' of {intent['name']} is said for {owners[key]} already"
            owners[key] = intent["name"]


def _types(language: Mapping[str, Any]) -> Iterator[str]:
    types = {kind["name"]: kind for kind in language["types"]}
    used = {slot["type"] for intent in language["intents"] for slot in intent.get("slots", ())}
    yield from (f"type {name} is not declared" for name in used - set(types) if not name.startswith("AMAZON."))
    yield from (f"type {name} is not used" for name in set(types) - used)
    for name, kind in types.items():
        ids = [value["id"] for value in kind["values"]]
        said = [one.lower() for value in kind["values"] for one in (value["name"]["value"], *value["name"].get("synonyms", ()))]
        if not ids or len(ids) != len(set(ids)):
            yield f"type {name}: an id is there twice, or none is"
        yield from (f"type {name}: '{one}' means two things" for one in {one for one in said if said.count(one) > 1})
        yield from (f"type {name}: '{one[:40]}' is too long or empty" for one in said if not 0 < len(one.strip()) <= LONGEST_VALUE)


def _dialog(model: Mapping[str, Any]) -> Iterator[str]:
    prompts = {prompt["id"] for prompt in model.get("prompts", ())}
    intents = {intent["name"]: {slot["name"]: slot["type"] for slot in intent.get("slots", ())} for intent in model["languageModel"]["intents"]}
    asked: set[str] = set()
    for intent in model.get("dialog", {}).get("intents", ()):
        if intent["name"] not in intents:
            yield f"dialog: {intent['name']} is not declared"
            continue
        asked |= set(intent.get("prompts", {}).values())
        for slot in intent["slots"]:
            asked |= set(slot.get("prompts", {}).values())
            if intents[intent["name"]].get(slot["name"]) != slot["type"]:
                yield f"dialog: {intent['name']}.{slot['name']} is not declared so"
            if slot["elicitationRequired"] and "elicitation" not in slot.get("prompts", {}):
                yield f"dialog: {intent['name']}.{slot['name']} is asked for without a prompt"
    yield from (f"dialog: there is no prompt {prompt}" for prompt in asked - prompts)
    yield from (f"prompt {prompt} is used nowhere" for prompt in prompts - asked)
