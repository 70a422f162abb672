"""The interaction model: valid for Alexa, complete, the same each time, and silent about what only some may know."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from insights.language.intents import load
from skill.door import door
from skill.model import BUILT_INS, DEFAULT_INVOCATION, invocation_problem, model, written
from skill.spoken import sample_key, spoken

TOP = Path(__file__).resolve().parents[2]
SPECIFICATION = TOP / "tests" / "node" / "node_modules" / "ask-smapi-model" / "spec.json"
COMMITTED = TOP / "interaction-models" / "en-US.json"
REQUIRED = {"AMAZON.CancelIntent", "AMAZON.FallbackIntent", "AMAZON.HelpIntent", "AMAZON.NavigateHomeIntent", "AMAZON.StopIntent"}
SLOT = re.compile(r"\{(\w+)\}")


def language_model(document):
    """The part of the document that holds intents and types."""
    return document["interactionModel"]["languageModel"]


def models():
    """The committed models, and the one of this directory's small catalog."""
    return ["small", *(str(path.relative_to(TOP)) for path in sorted((TOP / "interaction-models").glob("*.json")))]


@pytest.fixture
def document(request, catalog, declared):
    """A model by its name."""
    return model(catalog, declared) if request.param == "small" else json.loads((TOP / request.param).read_text("utf-8"))


@pytest.mark.parametrize("document", models(), indirect=True)
def test_the_model_follows_the_official_schema(document):
    """`spec.json` of ask-smapi-model describes what the skill management API accepts."""
    if not SPECIFICATION.is_file():
        assert not os.environ.get("CI"), f"{SPECIFICATION} is missing: run npm install in tests/node"
        pytest.skip("ask-smapi-model is not installed: run npm install in tests/node")
    specification = json.loads(SPECIFICATION.read_text("utf-8"))
    schema = {"$ref": "#/definitions/v1.skill.interactionModel.InteractionModelData", "definitions": specification["definitions"]}
    jsonschema.Draft4Validator(schema).validate(document)


@pytest.mark.parametrize("document", models(), indirect=True)
def test_the_model_keeps_the_rules_that_the_schema_does_not_have(document):
    """Names, characters, duplicates, slots and the required built-ins."""
    found = language_model(document)
    assert invocation_problem(found["invocationName"]) is None
    intents = {intent["name"]: intent for intent in found["intents"]}
    assert len(intents) == len(found["intents"]), "two intents have the same name"
    assert set(intents) >= REQUIRED
    assert len(intents) <= 250
    types = {kind["name"]: kind for kind in found["types"]}
    used = {slot["type"] for intent in intents.values() for slot in intent.get("slots", ())}
    assert set(types) == {kind for kind in used if not kind.startswith("AMAZON.")}, "types are declared where they are used, and only there"
    for intent in intents.values():
        check_intent(intent)
    for kind in types.values():
        check_type(kind)


def check_intent(intent):
    """The rules for one intent."""
    name = intent["name"]
    if name.startswith("AMAZON."):
        assert name == "AMAZON.HelpIntent" or intent["samples"] == []
        assert not any(SLOT.search(sample) for sample in intent["samples"])
        return
    assert re.fullmatch(r"[A-Za-z_]+", name), name
    slots = {slot["name"]: slot["type"] for slot in intent["slots"]}
    assert intent["samples"], name
    filled = set()
    for sample in intent["samples"]:
        assert re.fullmatch(r"(?:[^\W\d_]|[ '.{}_-])+", sample), f"{name}: {sample!r} has a character that Alexa refuses"
        inside = SLOT.findall(sample)
        assert set(inside) <= set(slots), f"{name}: {sample!r} has a slot that is not declared"
        assert len(inside) == len(set(inside))
        filled |= set(inside)
        if "AMAZON.SearchQuery" in [slots[slot] for slot in inside]:
            assert len(inside) == 1, f"{name}: {sample!r} has a search query and another slot"
            assert SLOT.sub("", sample).strip(), f"{name}: {sample!r} is a search query without a carrier"
    assert filled == set(slots), f"{name}: a slot that no sample fills"


def check_type(kind):
    """The rules for one slot type."""
    assert re.fullmatch(r"[A-Za-z_]+", kind["name"])
    ids = [value["id"] for value in kind["values"]]
    assert len(ids) == len(set(ids)) > 0
    names = [name.lower() for value in kind["values"] for name in (value["name"]["value"], *value["name"]["synonyms"])]
    assert len(names) == len(set(names)), f"{kind['name']}: a name that means two things"
    assert all(0 < len(name) <= 140 for name in names)


@pytest.mark.parametrize("document", models(), indirect=True)
def test_no_two_intents_are_meant_by_the_same_words(document):
    """Alexa would take either."""
    keys = []
    for intent in language_model(document)["intents"]:
        slots = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        keys += [sample_key(sample, slots) for sample in intent["samples"]]
    assert len(keys) == len(set(keys))


def names_of(document, kind):
    """Everything that a slot type would make Alexa listen for, ids included."""
    found = [t for t in language_model(document)["types"] if t["name"] == kind]
    return {n for t in found for v in t["values"] for n in (v["id"], v["name"]["value"], *v["name"]["synonyms"])}


def test_nothing_confidential_and_no_value_behind_a_policy_gets_into_the_model(catalog, declared):
    """The model is read by anyone who may build the skill, and its words are heard in every room."""
    text = written(catalog, declared).lower()
    for secret in ("payroll", "wage bill", "pay_band", "pay band", "directors", "emea", "europe"):
        assert secret not in text
    assert "starter" in text, "values that everybody may know are in it"


def test_a_dataset_that_leads_to_policied_rows_keeps_its_values_too(catalog, declared):
    """Row filters reach every fact with a many-to-one path, so that its values are not for everyone either."""
    from insights.catalog.model import Relationship

    leads = Relationship(name="x", many="plans", one="customers", many_columns=("a",), one_columns=("a",))
    assert "starter" not in written(replace(catalog, relationships=(leads,)), declared)


def test_personal_values_stay_out(catalog, declared):
    """A dataset about persons gives its dimensions, never its values."""
    datasets = {**catalog.datasets, "plans": replace(catalog.datasets["plans"], personal=True)}
    document = model(replace(catalog, datasets=datasets), declared)
    assert "plan" in names_of(document, "DIMENSION")
    assert names_of(document, "FILTER_VALUE") == set()


def test_a_metric_over_a_confidential_dataset_is_confidential(catalog, declared):
    """Whatever its own mark says."""
    from insights.catalog.model import Aggregation, Metric

    leak = Metric(name="average_pay", label="Average pay", formula=(Aggregation(function="avg", dataset="salaries"),))
    document = model(replace(catalog, metrics={**catalog.metrics, "average_pay": leak}), declared)
    assert not {n for n in names_of(document, "METRIC") if "pay" in n}


def test_a_name_of_two_things_belongs_to_neither(catalog, declared):
    """ "sales" is a synonym of revenue and of orders here: Alexa must not choose."""
    document = model(catalog, declared)
    assert names_of(document, "METRIC") == {"revenue", "turnover", "orders", "the orders"}


def test_an_empty_catalog_still_makes_a_model(catalog, declared):
    """Intents whose slot types have no values are left out; free words remain."""
    bare = replace(catalog, datasets={}, metrics={}, policies=())
    found = language_model(model(bare, declared))
    assert {kind["name"] for kind in found["types"]} == {"CHOICE"}
    assert {"AskIntent", "ChooseIntent", "TimeIntent"} <= {intent["name"] for intent in found["intents"]}
    assert "MetricIntent" not in {intent["name"] for intent in found["intents"]}


def test_every_custom_intent_of_the_model_can_be_read(catalog, declared):
    """What Alexa sends back, with every slot filled, the door turns into words."""
    readable = {intent.name: intent for intent in spoken(declared)}
    for intent in language_model(model(catalog, declared))["intents"]:
        if intent["name"] not in BUILT_INS:
            assert readable[intent["name"]].text({slot["name"]: "x" for slot in intent["slots"]})


def test_the_committed_model_is_the_one_that_the_definitions_make(halcyon):
    """What is deployed listens for what the demo company and the intents declare."""
    made = door.generate(halcyon)
    stale = [name for name, content in made.items() if not (TOP / name).is_file() or (TOP / name).read_text("utf-8") != content]
    assert stale == [], "renew with: make models"


def test_every_declared_utterance_is_listened_for_and_comes_back_whole():
    """The intents that the core declares: each carrier with free words, and each utterance without slots, survives Alexa and the way back."""
    intents = spoken(load())
    heard = {sample: intent for intent in intents for sample in intent.samples if set(SLOT.findall(sample)) <= {"query"}}
    for declaration in load():
        for carrier in declaration.carriers:
            form = carrier if "{query}" in carrier else f"{carrier} {{query}}"
            text = heard[form].text({"query": "this"})
            assert text in (form.replace("{query}", "this"), "this" if heard[form].name == "AskIntent" else None)
        for sample in declaration.samples:
            if not SLOT.search(sample) and sample != "help":
                assert heard[sample].text({}) == ("help" if declaration.kind == "help" else sample)


def test_the_model_is_the_same_each_time(catalog, declared):
    """In another order of definitions too: a diff shows what changed, and nothing else."""
    shuffled = replace(catalog, metrics=dict(reversed(catalog.metrics.items())), datasets=dict(reversed(catalog.datasets.items())))
    assert written(shuffled, declared) == written(catalog, declared)
    assert written(catalog, declared).endswith("}\n")


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        (DEFAULT_INVOCATION, True),
        ("halcyon media", True),
        ("ada's numbers", True),
        ("a. b. c. insights", True),
        ("insights", False),
        ("the insights", False),
        ("Company Insights", False),
        ("company insights 2", False),
        ("ask insights", False),
        ("alexa insights", False),
        ("company skill", False),
        ("insights about sales", False),
        ("company insights!", False),
        ("", False),
        ("x" * 60 + " y", False),
    ],
)
def test_invocation_names_follow_amazons_rules(name, fine):
    """Two words at least, small letters, no wake word, launch phrase or connecting word."""
    assert (invocation_problem(name) is None) is fine
