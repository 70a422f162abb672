"""The interaction model: valid for Alexa, complete, the same each time, and silent about what only some may know."""

from __future__ import annotations

import copy
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
from skill.spoken import phrases, spoken
from tests.skill.linter import problems

TOP = Path(__file__).resolve().parents[2]
SPECIFICATION = TOP / "tests" / "node" / "node_modules" / "ask-smapi-model" / "spec.json"
COMMITTED = TOP / "interaction-models" / "en-US.json"
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
    """Names, characters, duplicates, slots, types, prompts, the required built-ins and the limits."""
    assert problems(document) == []


def spoil(document, place, change):
    """A copy of the model in which something at a place is changed."""
    spoilt = copy.deepcopy(document)
    holder = spoilt["interactionModel"]
    for key in place:
        holder = holder[key]
    change(holder)
    return spoilt


INTENT = {"name": "XIntent", "samples": ["one two"], "slots": []}
FREE = [{"name": "query", "type": "AMAZON.SearchQuery"}]
DATE = [{"name": "d", "type": "AMAZON.DATE"}]


@pytest.mark.parametrize(
    ("place", "change", "problem"),
    [
        (("languageModel",), lambda m: m.update(invocationName="Insights"), "invocation name"),
        (("languageModel", "intents"), lambda i: i.append({**INTENT, "samples": ["{query}"], "slots": FREE}), "without a carrier"),
        (("languageModel", "intents"), lambda i: i.append({**INTENT, "samples": ["x {query} {d}"], "slots": FREE + DATE}), "beside another"),
        (("languageModel", "intents"), lambda i: i.append({**INTENT, "samples": ["top 10"]}), "sign that Alexa refuses"),
        (("languageModel", "intents"), lambda i: i.append({**INTENT, "samples": ["what {is}"]}), "not declared"),
        (("languageModel", "intents"), lambda i: i.append({**INTENT, "slots": FREE}), "no sample fills"),
        (("languageModel", "intents"), lambda i: i.append({**INTENT, "samples": ["Book  {query}"], "slots": FREE}), "said for BookRoomIntent"),
        (("languageModel", "intents"), lambda i: i.append({**INTENT, "name": "X1"}), "names of intents"),
        (("languageModel", "intents"), lambda i: i.extend([INTENT, INTENT]), "declared twice"),
        (("languageModel", "intents"), lambda i: i.extend({**INTENT, "name": "X" + "x" * n} for n in range(250)), "are allowed"),
        (("languageModel", "intents"), lambda i: i.remove({"name": "AMAZON.StopIntent", "samples": []}), "required and missing"),
        (("languageModel", "types"), lambda t: t.append({"name": "Y", "values": []}), "not used"),
        (("languageModel", "types"), lambda t: t[0]["values"].append(t[0]["values"][0]), "means two things"),
        (("prompts",), lambda p: p.clear(), "there is no prompt"),
        (("prompts",), lambda p: p.append({"id": "p", "variations": []}), "used nowhere"),
        (("dialog", "intents"), lambda i: i.append({"name": "Z", "slots": []}), "not declared"),
        (("dialog", "intents", 0, "slots", 0), lambda s: s.update(prompts={}), "without a prompt"),
    ],
)  # fmt: skip
def test_the_linter_finds_what_is_wrong(place, change, problem, catalog, declared):
    """A rule that cannot fail is none: each is broken once."""
    assert any(problem in found for found in problems(spoil(model(catalog, declared), place, change)))


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
    assert {kind["name"] for kind in found["types"]} == {"CHOICE", "PHRASE"}
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
    intents, whole = spoken(load()), {phrase.text for phrase in phrases(load())}
    heard = {sample: intent for intent in intents for sample in intent.samples if set(SLOT.findall(sample)) <= {"query"}}
    for declaration in load():
        for carrier in declaration.carriers:
            form = carrier if "{query}" in carrier else f"{carrier} {{query}}"
            text = heard[form].text({"query": "this"})
            assert text in (form.replace("{query}", "this"), "this" if heard[form].name == "AskIntent" else None)
        for sample in (*declaration.samples, *declaration.afterwards):
            if not SLOT.search(sample) and sample != "help":
                assert heard[sample].text({}) == "help" if declaration.kind == "help" else sample in whole


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
