"""Alexa, as far as a skill notices: the generated model decides which intent an utterance is, slots are typed and resolved, sessions and directives carried on.

It is stricter than Alexa: what no sample fits is the fallback, and a slot of our own types takes only values of the model, or dynamic entities.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.skill.alexa_dates import day_value, digits, duration_value, number, time_value

ENVELOPE = json.loads((Path(__file__).parent / "envelopes" / "ask.json").read_text("utf-8"))
_SLOT = re.compile(r"\{(\w+)\}")
_BUILT_IN = {
    "AMAZON.YesIntent": ("yes", "yeah", "sure", "ok"),
    "AMAZON.NoIntent": ("no", "nope", "no thanks"),
    "AMAZON.StopIntent": ("stop", "quit"),
    "AMAZON.CancelIntent": ("cancel", "never mind", "forget it"),
    "AMAZON.HelpIntent": ("help",),
    "AMAZON.RepeatIntent": ("repeat", "repeat that"),
    "AMAZON.NavigateHomeIntent": ("go home",),
}


@dataclass(frozen=True)
class Heard:
    """An intent with its slots as they stand in a request."""

    intent: str
    slots: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Sample:
    intent: str
    pattern: re.Pattern[str]
    kinds: Mapping[str, str]
    literal: int


class Model:
    """An interaction model, ready to be spoken to."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        language = document["interactionModel"]["languageModel"]
        self.intents = {intent["name"]: {slot["name"]: slot["type"] for slot in intent.get("slots", ())} for intent in language["intents"]}
        self.values = {kind["name"]: kind["values"] for kind in language["types"]}
        self.elicitable = {(i["name"], s["name"]) for i in document["interactionModel"].get("dialog", {}).get("intents", ()) for s in i["slots"]}
        self._names: dict[str, dict[str, list[tuple[str, str]]]] = {kind: _index(values) for kind, values in self.values.items()}
        self._samples = [self._sample(i["name"], s) for i in language["intents"] for s in i.get("samples", ())]
        self._samples += [self._sample(name, said) for name, all_said in _BUILT_IN.items() if name in self.intents for said in all_said]

    def _sample(self, intent: str, sample: str) -> _Sample:
        kinds = self.intents[intent]
        parts = _SLOT.split(sample.lower())
        pattern = "".join(re.escape(part) if n % 2 == 0 else f"(?P<{part}>.+?)" for n, part in enumerate(parts))
        return _Sample(intent, re.compile(pattern), {name: kinds[name] for name in parts[1::2]}, len(_SLOT.sub("", sample)))

    def hear(self, said: str, today: date, dynamic: Mapping[str, Any] | None = None) -> Heard | None:
        """The intent whose sample accounts for most of the words; None where none fits."""
        said = " ".join(said.lower().split())
        best: tuple[tuple[int, int], Heard] | None = None
        for sample in self._samples:
            found = sample.pattern.fullmatch(said)
            if found is None:
                continue
            slots = {name: self.filled(name, kind, found[name], today, dynamic) for name, kind in sample.kinds.items()}
            if any(slot is None for slot in slots.values()):
                continue
            known = sum(len(found[name]) for name, kind in sample.kinds.items() if kind != "AMAZON.SearchQuery")
            rank = (sample.literal + known, sample.literal)
            if best is None or rank > best[0]:
                best = (rank, Heard(sample.intent, {n: s for n, s in slots.items() if s is not None}))
        return best[1] if best else None

    def filled(self, name: str, kind: str, said: str, today: date, dynamic: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """The slot with what was said in it; None where its type does not fit."""
        typed: dict[str, Callable[[str], Any]] = {
            "AMAZON.SearchQuery": lambda s: s,
            "AMAZON.DATE": lambda s: day_value(s, today),
            "AMAZON.TIME": time_value,
            "AMAZON.DURATION": duration_value,
            "AMAZON.NUMBER": lambda s: digits(s) or number(s),
            "AMAZON.FOUR_DIGIT_NUMBER": lambda s: d if (d := digits(s)) and len(d) == 4 else None,
        }
        slot: dict[str, Any] = {"name": name, "confirmationStatus": "NONE", "source": "USER"}
        if kind in typed:
            value = typed[kind](said)
            return None if value is None else {**slot, "value": str(value)}
        spelled = said.replace("’", "'")
        matches = [("static", m) for m in self._names.get(kind, {}).get(spelled, ())]
        matches += [("dynamic", m) for m in (_index(dynamic[kind]).get(spelled, ()) if dynamic and kind in dynamic else ())]
        if not matches:
            return None
        authorities = [_authority(source, kind, [m for s, m in matches if s == source]) for source in ("static", "dynamic")]
        return {**slot, "value": said, "resolutions": {"resolutionsPerAuthority": authorities}}


def _index(values: Any) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for value in values:
        for name in dict.fromkeys((value["name"]["value"], *value["name"].get("synonyms", ()))):
            found.setdefault(name.lower(), []).append((value["id"], value["name"]["value"]))
    return found


def _authority(source: str, kind: str, matches: list[tuple[str, str]]) -> dict[str, Any]:
    code = "ER_SUCCESS_MATCH" if matches else "ER_SUCCESS_NO_MATCH"
    prefix = "amzn1.er-authority.echo-sdk." + ("dynamic." if source == "dynamic" else "")
    values = [{"value": {"name": name, "id": id_}} for id_, name in matches]
    return {"authority": f"{prefix}amzn1.ask.skill.1.{kind}", "status": {"code": code}, "values": values}


@dataclass
class Echo:
    """One device and who speaks to it. `send` brings an envelope to the skill and its response back."""

    model: Model
    send: Callable[[dict[str, Any]], Mapping[str, Any]]
    device: str = "amzn1.ask.device.AFERNROOM"
    voice: str | None = None
    account: str = "amzn1.ask.account.AGZ7TESTUSER"
    unit: str | None = None
    level: int | None = None
    token: str | None = None
    screen: bool = False
    locale: str = "en-US"
    now: datetime = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
    session: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    dynamic: dict[str, Any] = field(default_factory=dict)
    eliciting: tuple[str, str] | None = None
    sent: int = 0
    sessions: int = 0
    last: Mapping[str, Any] = field(default_factory=dict)

    def open(self) -> str:
        """ "Alexa, open company insights"."""
        self.session = None
        return self._exchange({"type": "LaunchRequest"})

    def say(self, said: str) -> str:
        """What is answered to an utterance: in the open session, else as "Alexa, ask company insights ..."."""
        heard = self.model.hear(said, self.now.date(), self.dynamic)
        if self.eliciting is not None and (heard is None or heard.intent == "AMAZON.FallbackIntent"):
            intent, name = self.eliciting
            slot = self.model.filled(name, self.model.intents[intent][name], said.lower(), self.now.date(), self.dynamic)
            heard = Heard(intent, {name: slot}) if slot is not None else heard
        return self.intend(heard or Heard("AMAZON.FallbackIntent"))

    def intend(self, heard: Heard) -> str:
        """What is answered to an intent."""
        slots = {name: heard.slots.get(name, {"name": name, "confirmationStatus": "NONE"}) for name in self.model.intents.get(heard.intent, {})}
        intent = {"name": heard.intent, "confirmationStatus": "NONE", **({"slots": slots} if slots else {})}
        return self._exchange({"type": "IntentRequest", "intent": intent, "dialogState": "STARTED"})

    def silence(self) -> str:
        """Nobody says anything: the reprompt, then the session ends."""
        assert self.session is not None, "nobody is listening"
        return self._exchange({"type": "SessionEndedRequest", "reason": "EXCEEDED_MAX_REPROMPTS"}, ended=True)

    def again(self) -> str:
        """The last request arrives once more, exactly as it was."""
        return self._take(self.send(copy.deepcopy(self._envelope)), ended=False)

    def _exchange(self, request: dict[str, Any], *, ended: bool = False) -> str:
        new = self.session is None
        if new:
            self.sessions += 1
            self.session, self.attributes, self.eliciting, self.dynamic = f"amzn1.echo-api.session.{self.device}.{id(self):x}.{self.sessions}", {}, None, {}
        self.sent += 1
        envelope = copy.deepcopy(ENVELOPE)
        envelope["session"] |= {"new": new, "sessionId": self.session, "attributes": dict(self.attributes)}
        system = envelope["context"]["System"]
        system["device"]["deviceId"] = self.device
        system["device"]["supportedInterfaces"] = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": "2024.2"}}} if self.screen else {}
        for holder in (system["user"], envelope["session"]["user"]):
            holder["userId"] = self.account
            if self.token:
                holder["accessToken"] = self.token
        if self.voice:
            system["person"] = {"personId": self.voice}
            if self.level is not None:
                system["person"]["authenticationConfidenceLevel"] = {"level": self.level}
        if self.unit:
            system["unit"] = {"unitId": f"{self.unit}.volatile", "persistentUnitId": self.unit}
        stamp = self.now.isoformat().replace("+00:00", "Z")
        envelope["request"] = {**request, "requestId": f"amzn1.echo-api.request.{id(self):x}.{self.sent}", "timestamp": stamp, "locale": self.locale}
        self._envelope = envelope
        return self._take(self.send(copy.deepcopy(envelope)), ended=ended)

    def _take(self, response: Mapping[str, Any], *, ended: bool) -> str:
        self.last = response
        body = response.get("response", {})
        self.attributes = response.get("sessionAttributes") or {}
        self.eliciting = None
        for directive in body.get("directives", ()):
            self._heed(directive)
        if ended or body.get("shouldEndSession", True) is not False:
            self.session = None
        return str(body.get("outputSpeech", {}).get("ssml", ""))

    def _heed(self, directive: Mapping[str, Any]) -> None:
        match directive["type"]:
            case "Dialog.ElicitSlot":
                intent, slot = directive["updatedIntent"]["name"], directive["slotToElicit"]
                assert (intent, slot) in self.model.elicitable, f"{intent}.{slot} is not in the dialog model"
                self.eliciting = (intent, slot)
            case "Dialog.UpdateDynamicEntities":
                if directive["updateBehavior"] == "CLEAR":
                    self.dynamic = {}
                else:
                    assert sum(1 + len(v["name"].get("synonyms", ())) for t in directive["types"] for v in t["values"]) <= 100
                    self.dynamic = {kind["name"]: kind["values"] for kind in directive["types"]}
            case "Alexa.Presentation.APL.RenderDocument":
                assert self.screen, "a document for a device that has no screen"
            case other:
                raise AssertionError(f"a directive that Alexa does not know: {other}")
