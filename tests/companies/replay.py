"""Questions about two companies that were written apart from the grammar, and what a reading of one is worth.

An entry says `ask` and the `request` that is meant (in the short form of tests/language/expectation.py) or the honest `outcome`; `also` are other right
readings, `also_kind` is a chore that would do as well, `free` names fields that do not decide, `any` says that whatever is said is fine. Two requests that
mean the same are equal: a field with or without its dataset, conditions in any order, a period that is still running with its end or today.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from insights.assistant import Assistant
from insights.language.understand import Understander
from insights.requests import Clarify, Request, Understood
from insights.turns import Turn
from insights.wiring import open_catalog
from tests.language.expectation import actual, expected
from tests.verdicts import Verdict

HERE = Path(__file__).parent
NOW = {"hospital": datetime(2025, 10, 15, 10, 0), "energy": datetime(2025, 3, 10, 10, 0)}
ENTRIES = {"hospital": ("hospital", "hospital2", "chores"), "energy": ("energy",)}
_QUALIFIED = re.compile(r"\b([a-z_]+)\.([a-z_]\w*)\b")
Judged = tuple[str, str, Verdict, str]
"""The family, what was asked, the verdict, and what was said or how the reading differs."""


def entries(name: str) -> list[dict[str, Any]]:
    """The entries of one file, each with its family as `kind`."""
    found = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return [{"kind": name, **entry} for entry in found]


class Company:
    """One company, ready to be asked."""

    def __init__(self, name: str, home: Path) -> None:
        self.name, self.now = name, NOW[name]
        self.assistant: Assistant = open_catalog(HERE / name, home=home, now=self.now)
        organization, self.catalog = self.assistant.organization, self.assistant.catalog
        self.understander = Understander(
            self.catalog,
            self.assistant.contents,
            rooms={room.id: room.name for room in organization.rooms.values()},
            people={person.id: person.name for person in organization.people.values()},
            equipment=frozenset(thing for room in organization.rooms.values() for thing in room.equipment),
        )
        self._holders = Counter(field for dataset in self.catalog.datasets.values() for field in dataset.fields)

    def singles(self) -> Iterator[Judged]:
        """Every question by itself, read and judged."""
        for file in ENTRIES[self.name]:
            for entry in entries(file):
                reading = self.understander.understand(entry["ask"], now=self.now)
                if isinstance(reading, Understood):
                    yield self._judged(entry, "understood", reading.request, "")
                elif isinstance(reading, Clarify):
                    yield self._judged(entry, "clarify", None, f"asked about {reading.about!r}: {[choice.label for choice in reading.choices]}")
                else:
                    yield self._judged(entry, "unsupported", None, f"refused: {reading.reason}")

    def dialogues(self) -> Iterator[Judged]:
        """Every turn of every conversation of this company, answered and judged."""
        for number, dialogue in enumerate(entries("dialogues")):
            if dialogue["company"] == self.name:
                yield from self._dialogue(dialogue, number)

    def _dialogue(self, dialogue: Mapping[str, Any], number: int) -> Iterator[Judged]:
        before: Request | None = None
        said: list[str] = []
        for place, turn in enumerate(dialogue["turns"]):
            said.append(turn["ask"])
            asked = Turn(turn["ask"], conversation=f"d{number}", person=dialogue.get("person"), id=f"d{number}-{place}", now=self.now)
            reply = self.assistant.reply(asked)
            outcome, request = _outcome(reply.outcome, reply.request), reply.request
            if outcome == "unsupported" and (reply.reason or reply.text).startswith("I understood"):  # of a later version: read again for what it understood
                reading = self.understander.understand(turn["ask"], now=self.now, previous=before)
                if isinstance(reading, Understood):
                    outcome, request = "understood", reading.request
            before = request or before
            entry = {**turn, "ask": " / ".join(said), "kind": "dialogues"}
            yield self._judged(entry, outcome, request, f"{reply.outcome}: {reply.text!r}")

    def _judged(self, entry: Mapping[str, Any], outcome: str, request: Request | None, said: str) -> Judged:
        verdict, why = self._verdict(entry, outcome, request, said)
        return f"{self.name} {entry['kind']}", entry["ask"], verdict, why

    def _verdict(self, entry: Mapping[str, Any], outcome: str, request: Request | None, said: str) -> tuple[Verdict, str]:
        if entry.get("any"):
            return "right", said
        if outcome == "understood" and request is not None:
            if entry.get("also_kind") == actual(request)["kind"]:
                return "right", ""
            if "request" not in entry:
                return "wrong", f"answered {actual(request)}"
            fewest = min((self.differences(meant, entry.get("free", ()), request) for meant in (entry["request"], *entry.get("also", ()))), key=len)
            return ("wrong", str(fewest)) if fewest else ("right", "")
        if outcome in entry.get("outcome", ()):
            return "right", said
        return ("asked" if outcome == "clarify" else "refused"), said

    def differences(self, meant: Mapping[str, Any], free: Any, request: Request) -> dict[str, Any]:
        """The fields of the request that are not as meant."""
        found, kind = actual(request), meant.get("kind", "metric_question")
        if kind != found["kind"]:
            return {"kind": (kind, found["kind"])}
        wanted, found = self._plain(expected(meant)), self._plain(found)
        skipped = {"kind", *free}
        if kind == "metric_question":
            skipped |= set() if meant.get("time_field") else {"time_field"}
            if "horizon" not in wanted["options"]:
                found["options"].pop("horizon", None)
        return {key: (wanted[key], found[key]) for key in wanted if key not in skipped and wanted[key] != found[key]}

    def _plain(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A request with one way to write what means the same."""
        plain: dict[str, Any] = self._bare(request)
        if "period" in plain:
            plain["period"] = self._running(plain["period"])
        if isinstance(plain.get("compare"), dict) and "values" in plain["compare"]:
            plain["compare"]["values"] = sorted(map(str, plain["compare"]["values"]))
        if isinstance(plain.get("filters"), list):
            plain["filters"] = sorted(map(_condition, plain["filters"]), key=str)
        if plain.get("analysis") == "correlation":
            plain["metrics"] = sorted(plain["metrics"])
        if plain.get("analysis") == "about":
            plain["options"] = {"topic": plain["options"].get("topic")}
        if isinstance(plain.get("title"), str):
            plain["title"] = plain["title"].casefold()
        return plain

    def _running(self, period: Any) -> Any:
        """A period that today lies in, with its end taken off: whether "this year" ends today is not for these questions to decide."""
        today = self.now.date().isoformat()
        if isinstance(period, dict) and period["first"] and period["first"] <= today and (period["last"] is None or period["last"] >= today):
            return {**period, "last": "now"}
        return period

    def _bare(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._bare(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._bare(item) for item in value]
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str):
            return _QUALIFIED.sub(lambda found: found[2] if self._holders[found[2]] == 1 else found[0], value)
        return value


def _outcome(outcome: str, request: Request | None) -> str:
    """What became of a turn as far as understanding goes: a refusal of rights or an action that waits was understood."""
    if outcome in ("denied", "failed", "confirm"):
        return "understood" if request is not None else "unsupported"
    return "unsupported" if outcome == "understood" and request is None else "understood" if outcome == "unsupported" and request is not None else outcome


def _condition(short: Mapping[str, Any]) -> dict[str, Any]:
    named = {key: value for key, value in short.items() if value is not None}
    values = [str(value).casefold() for value in named.get("values", ())] if named["op"] == "starts_with" else list(named.get("values") or ())
    return {**named, "values": values if named["op"] == "between" else sorted(values, key=str)}
