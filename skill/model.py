"""Catalog and intents -> the interaction model: what Alexa listens for. Nothing that only some people may know gets into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from insights.catalog.model import Catalog, Field
from insights.organization import Room
from skill.locales import DEFAULT, variants
from skill.spoken import CHOICE, DIMENSION, METRIC, PHRASE, ROOM, VALUE, Declared, Phrase, SpokenIntent, phrases, speakable, spoken

DEFAULT_INVOCATION = "company insights"
BUILT_INS = (
    *("AMAZON.CancelIntent", "AMAZON.FallbackIntent", "AMAZON.HelpIntent", "AMAZON.NavigateHomeIntent", "AMAZON.NoIntent", "AMAZON.RepeatIntent"),
    *("AMAZON.StopIntent", "AMAZON.YesIntent"),
)
# The intent that is listened for after a question back, and what Alexa would ask if it were left to it.
ELICITED, ELICITED_SLOT, PROMPT = "AnswerIntent", "query", "Elicit.Slot.AnswerIntent.query"
_CHOICES = {
    "1": ("one", "first", "the first", "the former"),
    "2": ("two", "second", "the second", "the latter"),
    "3": ("three", "third", "the third", "the last"),
}
# https://developer.amazon.com/docs/custom-skills/choose-the-invocation-name-for-a-custom-skill.html
_WAKE_WORDS = frozenset("alexa amazon echo computer ziggy skill app".split())
_LAUNCH_WORDS = frozenset("ask begin do enable launch load open play resume run start talk tell use".split())
_CONNECTING_WORDS = frozenset("about and by for from if in into out of on that to up using when whether with".split())
_ARTICLES = frozenset("a an the".split())
_MOST_VALUES = 500
_LONGEST = 140


def written(catalog: Catalog, declared: Iterable[Declared], *, rooms: Iterable[Room] = (), locale: str = DEFAULT, invocation: str = DEFAULT_INVOCATION) -> str:
    """The model as the text of its file: sorted keys, two spaces, a newline at the end."""
    found = model(catalog, declared, rooms=rooms, locale=locale, invocation=invocation)
    return json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def model(
    catalog: Catalog, declared: Iterable[Declared], *, rooms: Iterable[Room] = (), locale: str = DEFAULT, invocation: str = DEFAULT_INVOCATION
) -> Mapping[str, Any]:
    """The model as JSON values. An intent whose slot type has no values is left out."""
    declared = tuple(declared)
    types = {name: values for name, values in _types(catalog, phrases(declared), rooms, locale).items() if values}
    intents = [intent for intent in spoken(declared) if all(kind.startswith("AMAZON.") or kind in types for kind in intent.slots.values())]
    used = {kind for intent in intents for kind in intent.slots.values()}
    return {
        "interactionModel": {
            "dialog": _dialog(),
            "languageModel": {
                "intents": _built_in(intents, locale) + [_intent(i, locale) for i in sorted(intents, key=lambda i: i.name) if i.name not in BUILT_INS],
                "invocationName": invocation,
                "modelConfiguration": {"fallbackIntentSensitivity": {"level": "LOW"}},
                "types": [{"name": name, "values": values} for name, values in sorted(types.items()) if name in used],
            },
            "prompts": [{"id": PROMPT, "variations": [{"type": "PlainText", "value": "What is your answer?"}]}],
        }
    }


def _dialog() -> Mapping[str, Any]:
    """Without a dialog model Alexa takes no Dialog directive; the skill leads every dialog itself."""
    slot = {
        "name": ELICITED_SLOT,
        "type": "AMAZON.SearchQuery",
        "confirmationRequired": False,
        "elicitationRequired": True,
        "prompts": {"elicitation": PROMPT},
    }
    intent = {"name": ELICITED, "confirmationRequired": False, "prompts": {}, "slots": [slot], "delegationStrategy": "SKILL_RESPONSE"}
    return {"delegationStrategy": "SKILL_RESPONSE", "intents": [intent]}


def invocation_problem(name: str) -> str | None:
    """Which of Amazon's rules the invocation name breaks; None when it is fine.

    >>> invocation_problem("company insights"), invocation_problem("insights")
    (None, 'it must have two words or more')
    """
    parts = name.split()
    if not 2 <= len(name) <= 50 or not re.fullmatch(r"(?:[a-z][a-z']*|[a-z]\.)(?: (?:[a-z][a-z']*|[a-z]\.))*", name):
        return "it must be small letters, spaces and apostrophes, and initials with a full stop; 2 to 50 of them"
    if len(parts) < 2:
        return "it must have two words or more"
    if reserved := sorted((_WAKE_WORDS | _LAUNCH_WORDS | _CONNECTING_WORDS) & set(parts)):
        return f"it must not hold '{reserved[0]}', which Alexa keeps for itself"
    if len(parts) == 2 and _ARTICLES & set(parts):
        return "a name of two words must not hold an article"
    return None


def _built_in(intents: Iterable[SpokenIntent], locale: str) -> list[Mapping[str, Any]]:
    """Amazon's own intents, which know what people say; ours add to it."""
    more = {intent.name: sorted(variants(intent.samples, locale)) for intent in intents}
    return [{"name": name, "samples": more.get(name, [])} for name in BUILT_INS]


def _intent(intent: SpokenIntent, locale: str) -> Mapping[str, Any]:
    return {
        "name": intent.name,
        "samples": sorted(variants(intent.samples, locale)),
        "slots": [{"name": name, "type": kind} for name, kind in sorted(intent.slots.items())],
    }


def _types(catalog: Catalog, said: Iterable[Phrase], rooms: Iterable[Room], locale: str) -> Mapping[str, list[Mapping[str, Any]]]:
    return {
        METRIC: _values(_metric_names(catalog)),
        DIMENSION: _values(_dimension_names(catalog)),
        VALUE: _values(_value_names(catalog)),
        CHOICE: [{"id": key, "name": {"value": names[0], "synonyms": list(names[1:])}} for key, names in _CHOICES.items()],
        PHRASE: _values((one.text.replace(" ", "_"), variants((one.text, *one.others), locale)) for one in said),
        ROOM: _values((room.id, (room.name, f"{room.name} room", f"the {room.name} room")) for room in rooms),
    }


def _open_datasets(catalog: Catalog) -> frozenset[str]:
    """Datasets that are confidential to nobody."""
    return frozenset(name for name, dataset in catalog.datasets.items() if dataset.sensitivity != "confidential")


def _metric_names(catalog: Catalog) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Id and names of every metric that is not confidential, by itself or by what it reads."""
    open_datasets = _open_datasets(catalog)
    for name, metric in sorted(catalog.metrics.items()):
        if metric.sensitivity != "confidential" and open_datasets.issuperset(metric.datasets):
            yield name, (metric.label, name.replace("_", " "), *metric.synonyms)


def _dimension_names(catalog: Catalog) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Id and names of what people can group by."""
    for field in _dimensions(catalog):
        yield catalog.written(field.id), (field.label, field.id.name.replace("_", " "), *field.synonyms)


def _value_names(catalog: Catalog) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Id and names of values that everyone may know: not of personal data, nor of rows that a policy keeps from anyone."""
    policied = {policy.dataset for policy in catalog.policies}
    for field in _dimensions(catalog):
        if catalog.datasets[field.id.dataset].personal or policied & catalog.reachable(field.id.dataset):
            continue
        for value, others in sorted(field.values.items()):
            yield f"{catalog.written(field.id)}={value}", (value, *others)


def _dimensions(catalog: Catalog) -> Iterator[Field]:
    open_datasets = _open_datasets(catalog)
    return (field for id_, field in sorted(catalog.fields.items()) if field.role == "dimension" and id_.dataset in open_datasets)


def _values(named: Iterable[tuple[str, tuple[str, ...]]]) -> list[Mapping[str, Any]]:
    """Slot values; a name that two things share belongs to neither, so that it is heard as it was said and asked about.

    The schema wants a synonym for each value, so one that has none gets the name with its article.
    """
    spelled = [(key, tuple(dict.fromkeys(s for name in names if (s := speakable(name)) and len(s) <= _LONGEST))) for key, names in named]
    owners: dict[str, set[str]] = {}
    for key, names in spelled:
        for name in names:
            owners.setdefault(name, set()).add(key)
    values: list[Mapping[str, Any]] = []
    for key, names in spelled:
        own = [name for name in names if owners[name] == {key}]
        if own and len(values) < _MOST_VALUES:
            values.append({"id": key, "name": {"value": own[0], "synonyms": own[1:] or [f"the {own[0]}"]}})
    return values
