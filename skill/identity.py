"""Who is speaking, from which device, and who else can hear it, as far as an Alexa request tells."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.ledger.identity import Account
from insights.organization import Device
from insights.turns import Audience, Confidence
from skill.configuration import Configuration
from skill.envelope import part, text

if TYPE_CHECKING:
    from insights.introductions import Introductions

log = logging.getLogger(__name__)

VOICE, ACCOUNT = "alexa voice", "alexa account"
# What Alexa says about a voice: 300 it was recognised, 400 the speaker also gave the PIN of their profile. Less is no more than whose device it is.
RECOGNISED, CONFIRMED = 300, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Ids of the organization; None where a person or device cannot be placed. An account is the household's, so it is as sure as the device's owner."""

    person: str | None
    device: str | None
    audience: Audience
    confidence: Confidence = "unknown"


def identify(envelope: object, introductions: Introductions, configuration: Configuration, *, proven: str = "") -> Speaker:
    """Place the device and the voice. `proven` is the person who gave their PIN in this session.

    A device that cannot be placed, or that stands in a room, is a public place. A desk is private, but only to its owner: when another known voice
    speaks there, others can hear. An account stands for a person only away from rooms, because everyone in a room shares the room's account.
    """
    device = placed(envelope, introductions, configuration)
    voice_id = text(envelope, "context", "System", "person", "personId")
    voice = _voice(envelope, voice_id, introductions, configuration)
    sure = _surely(envelope)
    if device is None:
        person = voice or (None if voice_id else _account(envelope, introductions, configuration))
        return Speaker(person=person, device=None, audience="room", confidence=_confidence(voice, person, sure, proven))
    if device.room is not None:
        return Speaker(person=voice, device=device.id, audience="room", confidence=_confidence(voice, voice, sure, proven))
    if voice is None and voice_id and _has_voice(device.person, introductions, configuration):
        # The owner's voice is known and this is not it: a visitor, who must not borrow the owner's rights.
        return Speaker(person=None, device=None, audience="room")
    account = None if voice_id else _account(envelope, introductions, configuration)
    person = voice or device.person or account
    audience: Audience = "private" if device.person is not None and person == device.person else "room"
    return Speaker(person=person, device=device.id, audience=audience, confidence=_confidence(voice, person, sure, proven))


def placed(envelope: object, introductions: Introductions, configuration: Configuration) -> Device | None:
    """The device that was confirmed for the unit of Smart Properties, the endpoint or the device itself, in this order; None for one that nobody placed."""
    found = []
    for alexa_id in device_ids(envelope):
        name = configuration.devices.get(alexa_id, alexa_id)
        found.append(name)
        if name != alexa_id and introductions.device((name,)) is None:
            log.warning("[alexa.devices] names '%s', which nobody has placed; the device is treated as a public place", name)
    return introductions.device(found)


def device_ids(envelope: object) -> tuple[str, ...]:
    """What the device is called, what lasts the longest first: a unit keeps its room when its Echo is exchanged."""
    system = part(envelope, "context", "System")
    ids = (text(system, "unit", "persistentUnitId"), text(system, "unit", "unitId"), text(system, "device", "persistentEndpointId"))
    return tuple(dict.fromkeys(one for one in (*ids, text(system, "device", "deviceId")) if one))


def account_to_link(envelope: object, device: Device | None) -> Account | None:
    """What a link code said here binds: the recognised voice; the account only where it is one person's, not in rooms nor in units that share it."""
    voice = text(envelope, "context", "System", "person", "personId")
    if voice:
        return Account(kind=VOICE, id=voice)
    user = _user(envelope)
    shared = (device is not None and device.room is not None) or bool(part(envelope, "context", "System", "unit"))
    return None if shared or not user else Account(kind=ACCOUNT, id=user)


def _confidence(voice: str | None, person: str | None, sure: Confidence, proven: str) -> Confidence:
    if person is None:
        return "unknown"
    if proven == person:
        return "account"
    return sure if voice is not None else "owner"


def _surely(envelope: object) -> Confidence:
    """How sure Alexa is of the voice: read from the raw request, because the SDK drops it. A request without a level was recognised."""
    level = part(envelope, "context", "System", "person", "authenticationConfidenceLevel").get("level", RECOGNISED)
    if isinstance(level, bool) or not isinstance(level, int | float):
        return "owner"
    return "account" if level >= CONFIRMED else "voice" if level >= RECOGNISED else "owner"


def _voice(envelope: object, voice_id: str, introductions: Introductions, configuration: Configuration) -> str | None:
    """The person of a recognised voice: by the settings, the code they said, or the company's own sign-in."""
    if not voice_id:
        return None
    known = configuration.people.get(voice_id) or introductions.person(Account(kind=VOICE, id=voice_id))
    return known or _signed_in(text(envelope, "context", "System", "person", "accessToken"), introductions, configuration)


def _account(envelope: object, introductions: Introductions, configuration: Configuration) -> str | None:
    user = _user(envelope)
    known = configuration.people.get(user) or (introductions.person(Account(kind=ACCOUNT, id=user)) if user else None)
    token = text(envelope, "context", "System", "user", "accessToken") or text(envelope, "session", "user", "accessToken")
    return known or _signed_in(token, introductions, configuration)


def _user(envelope: object) -> str:
    return text(envelope, "context", "System", "user", "userId") or text(envelope, "session", "user", "userId")


def _signed_in(token: str, introductions: Introductions, configuration: Configuration) -> str | None:
    """The person of a linked account, by a token that the company's issuer signed."""
    if not token or configuration.issuer is None:
        return None
    claims = configuration.issuer.claims(token)
    return None if claims is None else introductions.holder(claims, issuer=configuration.issuer.address)


def _has_voice(person: str | None, introductions: Introductions, configuration: Configuration) -> bool:
    if person is None:
        return False
    mapped = any(ours == person and theirs.startswith("amzn1.ask.person.") for theirs, ours in configuration.people.items())
    return mapped or introductions.has(person, VOICE)
