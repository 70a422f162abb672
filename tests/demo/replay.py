"""Questions about the demo company that were written before the grammar, and what a reading of one is worth.

An entry says `ask` and either the `request` that is meant, in the short form of tests/language/expectation.py, or the `outcome` that is honest: `clarify`
(with `choices` that must be offered, by label or name), `unsupported` (with a word that the `reason` must hold) or both in a list, where it is as good to
ask about that very word. `free` names fields of the request that
do not decide. Two requests that mean the same are equal: a field may be written with its dataset, conditions may stand in any order, the figures that are
correlated too, and the horizon of a forecast follows from its period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from insights import demo
from insights.requests import Clarify, MetricQuestion, Reading, Understood, Unsupported
from tests.language.expectation import actual, expected
from tests.verdicts import Verdict

HERE = Path(__file__).parent
NOW = datetime(2026, 5, 31, 10, 0)
"""The day on which the data of the demo company ends, a Sunday."""
_QUALIFIED = re.compile(r"\b([a-z_]+)\.([a-z_]+)\b")


@cache
def questions() -> Mapping[str, Mapping[str, Any]]:
    """Every entry by what is asked, with the `kind` that its file is named for."""
    files = sorted((HERE / "asked").glob("*.yaml"))
    return {entry["ask"]: {**entry, "kind": file.stem} for file in files for entry in yaml.safe_load(file.read_text(encoding="utf-8"))}


def judge(entry: Mapping[str, Any], reading: Reading) -> Verdict:
    """What a reading is worth beside what the entry expects."""
    if isinstance(reading, Understood):
        return "right" if "request" in entry and not differences(entry, reading) else "wrong"
    honest = entry.get("outcome", ())
    if isinstance(reading, Clarify):
        named = "unsupported" not in honest or entry["reason"].casefold() in reading.about.casefold()
        return "right" if "clarify" in honest and named and all(_offered(name, reading) for name in entry.get("choices", ())) else "asked"
    return "right" if "unsupported" in honest and entry.get("reason", "").casefold() in reading.reason.casefold() else "refused"


def differences(entry: Mapping[str, Any], reading: Understood) -> dict[str, tuple[Any, Any]]:
    """The fields of the request that are not as expected: what was meant, and what was found."""
    wanted, found = _wanted(entry), actual(reading.request)
    if not isinstance(reading.request, MetricQuestion):
        return {"kind": ("metric_question", found["kind"])}
    wanted, found = _plain(wanted), _plain(found)
    if "horizon" not in wanted["options"]:
        found["options"].pop("horizon", None)
    if wanted["analysis"] == "about":
        found["options"] = {"topic": found["options"].get("topic")}
    free = {"kind", *entry.get("free", ())} | (set() if wanted["time_field"] else {"time_field"})
    return {key: (wanted[key], found[key]) for key in wanted if key not in free and wanted[key] != found[key]}


def told(entry: Mapping[str, Any], reading: Reading) -> str:
    """One line for a question that did not go right."""
    if isinstance(reading, Understood):
        why = str(differences(entry, reading)) if "request" in entry else f"answered {actual(reading.request)}"
    elif isinstance(reading, Unsupported):
        why = f"refused: {reading.reason}"
    else:
        why = f"asked about {reading.about!r}: {[choice.label for choice in reading.choices]}"
    return f"{judge(entry, reading)}: {entry['ask']!r} ({entry['kind']}) {why}"


def _wanted(entry: Mapping[str, Any]) -> dict[str, Any]:
    short = entry["request"]
    time = short.get("time_field") or _time_of(tuple(short.get("metrics", ())))
    whole = expected({**short, "time_field": time or "?"})
    whole["time_field"] = time if _timed(whole) or "time_field" in short else None
    return whole


def _timed(request: Mapping[str, Any]) -> bool:
    return bool(request["period"] or request["grain"])


def _offered(name: str, reading: Clarify) -> bool:
    """Whether a choice says the name, or is of the metric or field of that name."""
    said = [text for choice in reading.choices for text in (choice.label, str(actual(choice.request)))]
    return any(name.casefold() in text.casefold() for text in said)


def _plain(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request with one way to write what means the same."""
    plain = _unqualified(request)
    plain["filters"] = sorted(
        ({**one, "values": one["values"] if one["op"] == "between" else sorted(one["values"], key=str)} for one in map(_condition, plain["filters"])), key=str
    )
    if plain["analysis"] == "correlation":
        plain["metrics"] = sorted(plain["metrics"])
    return plain


def _condition(short: Mapping[str, Any]) -> dict[str, Any]:
    named = {key: short[key] for key in ("dimension", "metric") if short.get(key) is not None}
    return {**named, "op": short["op"], "values": list(short["values"])}


def _unqualified(value: Any) -> Any:
    """The value with fields bare where one dataset alone has them, and dates as text."""
    if isinstance(value, Mapping):
        return {key: _unqualified(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_unqualified(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _QUALIFIED.sub(lambda found: found[2] if _holders().get(found[2]) == 1 else found[0], value)
    return value


@cache
def _definitions() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The model and the overlay of the demo company, as they are written."""
    model, overlay = (yaml.safe_load((Path(demo.__file__).parent / name).read_text(encoding="utf-8")) for name in ("model.yaml", "assistant.yaml"))
    return model["semantic_model"][0], overlay


@cache
def _holders() -> Mapping[str, int]:
    """How many datasets have a field of each name."""
    names = [field["name"] for dataset in _definitions()[0]["datasets"] for field in dataset["fields"]]
    return {name: names.count(name) for name in names}


@cache
def _time_of(metrics: tuple[str, ...]) -> str | None:
    """The time that all of these figures have; None when there are several, or none."""
    times = {time for metric in metrics for time in _times(metric)}
    return times.pop() if len(times) == 1 else None


def _times(measure: str) -> Iterator[str]:
    """The times of everything a measure is made of."""
    model, overlay = _definitions()
    for name in re.findall(r"[a-z_.]+", measure):
        notes = overlay["metrics"].get(name, {})
        if measure != f"count({name})" and "time" in notes:
            yield notes["time"]
        elif measure != f"count({name})" and notes:
            for part in ("numerator", "denominator", "expression"):
                yield from _times(notes.get(part, ""))
        for dataset in model["datasets"]:
            if dataset["name"] == name.partition(".")[0] and (not notes or measure == f"count({name})"):
                own = [f"{name.partition('.')[0]}.{field['name']}" for field in dataset["fields"] if field.get("dimension", {}).get("is_time")]
                yield from own if len(own) == 1 else ()
