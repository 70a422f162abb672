"""The JSON Schema of what `insights understand`, `ask` and `when` write, made from the types themselves."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from insights.answers import Answer
from insights.contract import KINDS
from insights.requests import Filter
from insights.turns import Outcome

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """One schema for a line of `insights ask --format json` and of `insights understand` (which has no `answer` and no `timings`)."""
    definitions: dict[str, Any] = {}
    request = {"oneOf": [_record(kind_type, definitions, kind=kind) for kind, kind_type in KINDS.items()]}
    answer = {"anyOf": [_record(answer_type, definitions, spoken=True) for answer_type in get_args(Answer)]}
    strings = {"type": "array", "items": {"type": "string"}}
    nullable_string = {"type": ["string", "null"]}
    alternative = _object({"label": {"type": "string"}, "request": {"$ref": "#/$defs/Request"}})
    line = {
        "text": {"type": "string"},
        "outcome": {"enum": list(get_args(Outcome))},
        "request": {"anyOf": [{"$ref": "#/$defs/Request"}, {"type": "null"}]},
        "assumed": strings,
        "ignored": strings,
        "alternatives": {"type": "array", "items": alternative, "maxItems": 3},
        "question": nullable_string,
        "reason": nullable_string,
        "suggestions": strings,
        "answer": {"anyOf": [{"$ref": "#/$defs/Answer"}, {"type": "null"}]},
        "timings": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    }
    required = ["text", "outcome", "request", "assumed", "ignored", "alternatives", "question", "reason"]
    top = {"$schema": DRAFT, "title": "A line of `insights ask` or `insights understand`", **_object(line, required=required)}
    return {**top, "$defs": {"Request": request, "Answer": answer, "When": _when(), **dict(sorted(definitions.items()))}}


def _when() -> dict[str, Any]:
    """A line of `insights when`."""
    found = {
        "span": {"type": "string"},
        "kind": {"enum": ["interval", "duration", "recurrence"]},
        "start": {"type": ["string", "null"]},
        "end": {"type": ["string", "null"]},
        "grain": {"type": ["string", "null"]},
        "minutes": {"type": ["number", "null"]},
        "rrule": {"type": ["string", "null"]},
        "alternatives": {"type": "array"},
    }
    item = {"type": "object", "properties": found, "required": ["span", "kind"]}
    return _object({"text": {"type": "string"}, "found": {"type": "array", "items": item}})


def _object(properties: Mapping[str, Any], *, required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _record(of: type, definitions: dict[str, Any], *, kind: str | None = None, spoken: bool = False) -> dict[str, Any]:
    """A dataclass as an object; a request has its `kind`, an answer its `speech` and `text`."""
    properties: dict[str, Any] = {"kind": {"const": kind}} if kind else {}
    hints = get_type_hints(of)
    for part in dataclasses.fields(of):
        properties[part.name] = _of(hints[part.name], definitions)
    if spoken:
        properties |= {"speech": {"type": "string"}, "text": {"type": "string"}}
    if of is Filter:
        required = [name for name in properties if name not in ("dimension", "metric")]
        return {**_object(properties, required=required), "oneOf": [{"required": ["dimension"]}, {"required": ["metric"]}]}
    return _object(properties)


_KINDS: Mapping[type, str] = {kind_type: kind for kind, kind_type in KINDS.items()}
_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    datetime: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$"},
    type(None): {"type": "null"},
    object: {},
}


def _of(wanted: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if wanted in _PLAIN:
        return _PLAIN[wanted]
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        if wanted.__name__ not in definitions:
            definitions[wanted.__name__] = {}  # stands there while its parts refer to it
            definitions[wanted.__name__] = _record(wanted, definitions, kind=_KINDS.get(wanted))
        return {"$ref": f"#/$defs/{wanted.__name__}"}
    origin, parts = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(part, definitions) for part in parts]}
    if origin is tuple:
        return {"type": "array", "items": _of(parts[0], definitions)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(parts[1], definitions)}
    raise TypeError(f"{wanted} has no JSON Schema")
