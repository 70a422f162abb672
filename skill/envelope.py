"""A request of Alexa as it really arrives: read with tolerance, and trimmed to what the SDK can read without failing.

The SDK deserialises outside its own exception handlers, and fails there on request types, enum values and timestamps that it does not know. So
it is given a copy that holds only parts we know, each of the right type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KNOWN_TYPES = ("LaunchRequest", "IntentRequest", "SessionEndedRequest")
_NOTHING: Mapping[str, Any] = {}


def part(envelope: object, *path: str) -> Mapping[str, Any]:
    """The object at `path`; empty where anything else, or nothing, stands."""
    for key in path:
        envelope = envelope.get(key) if isinstance(envelope, Mapping) else None
    return envelope if isinstance(envelope, Mapping) else _NOTHING


def text(envelope: object, *path: str) -> str:
    """The text at `path`; empty where anything else, or nothing, stands."""
    value = part(envelope, *path[:-1]).get(path[-1])
    return value if isinstance(value, str) else ""


def application_id(envelope: object) -> str:
    """Which skill the request is for; empty unless every place that names one agrees."""
    named = {text(envelope, "context", "System", "application", "applicationId"), text(envelope, "session", "application", "applicationId")} - {""}
    return named.pop() if len(named) == 1 else ""


def request_type(envelope: object) -> str:
    """The type of the request, such as "IntentRequest"."""
    return text(envelope, "request", "type")


def intent_name(envelope: object) -> str:
    """The name of the intent; empty for other requests."""
    return text(envelope, "request", "intent", "name")


def slots(envelope: object) -> Mapping[str, Mapping[str, Any]]:
    """The slots that have a value, as they arrived."""
    found = part(envelope, "request", "intent", "slots")
    return {str(name): slot for name, slot in found.items() if isinstance(slot, Mapping) and isinstance(slot.get("value"), str) and slot["value"].strip()}


def has_screen(envelope: object) -> bool:
    """Whether the device shows APL documents."""
    return "Alexa.Presentation.APL" in part(envelope, "context", "System", "device", "supportedInterfaces")


def attributes(envelope: object) -> Mapping[str, Any]:
    """What this door remembered in the session."""
    return part(envelope, "session", "attributes")


def trim(envelope: object, *, remembered: Mapping[str, Any]) -> dict[str, Any] | None:
    """The envelope that the SDK is given, or None for a request type that this skill has no answer to.

    `remembered` replaces the session's attributes: nobody else's are carried on.
    """
    kind = request_type(envelope)
    if kind not in KNOWN_TYPES:
        return None
    request: dict[str, Any] = {"type": kind, "requestId": text(envelope, "request", "requestId")}
    if kind == "IntentRequest":
        request["intent"] = {"name": intent_name(envelope)}
    application = {"applicationId": application_id(envelope)}
    # The SDK raises when a handler asks for the attributes of a request that came without a session.
    session = {"sessionId": text(envelope, "session", "sessionId"), "application": application, "attributes": dict(remembered)}
    return {"version": "1.0", "session": session, "request": request, "context": {"System": {"application": application}}}
