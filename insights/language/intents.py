"""What people can ask for as declared in intents.yaml: the one source of help and of what the front ends listen for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the parser of C where it was built: many times faster


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One thing to ask for. `kind` is that of the request.

    `carriers` stand around free words ("book", "{query} is broken"), `samples` are whole utterances with {slots}, `examples` work as they stand,
    `afterwards` only after an answer or a question back. `slots` gives each slot's type.
    """

    name: str
    kind: str
    description: str = ""
    carriers: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    afterwards: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)


@cache
def load() -> tuple[Intent, ...]:
    """Every declared intent, in the order of the file."""
    text = (Path(__file__).parent / "intents.yaml").read_text(encoding="utf-8")
    return tuple(_intent(entry) for entry in yaml.load(text, _LOADER))  # noqa: S506 - both are safe loaders


def _intent(entry: Mapping[str, Any]) -> Intent:
    lists = {name: tuple(entry.get(name, ())) for name in ("carriers", "samples", "examples", "afterwards")}
    return Intent(name=entry["name"], kind=entry["kind"], description=entry.get("description", ""), slots=entry.get("slots", {}), **lists)
