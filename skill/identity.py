"""Who is speaking, from which device, and who else can hear it, as far as an Alexa request tells."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from insights.organization import Device, Organization
from insights.turns import Audience, Confidence
from skill.configuration import Configuration
from skill.envelope import text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Ids of the organization; None where a person or device cannot be placed. An account is the household's, so it is as sure as the device's owner."""

    person: str | None
    device: str | None
    audience: Audience
    confidence: Confidence = "unknown"


def identify(envelope: object, organization: Organization, configuration: Configuration) -> Speaker:
    """Place the device and the voice.

    A device that cannot be placed, or that stands in a room, is a public place. A desk is private, but only to its owner: when another known voice
    speaks there, others can hear. An account stands for a person only away from rooms, because everyone in a room shares the room's account.
    """
    device = _device(envelope, organization, configuration)
    voice_id = text(envelope, "context", "System", "person", "personId")
    voice = configuration.people.get(voice_id)
    if device is None:
        person = voice or (None if voice_id else _account(envelope, configuration))
        return Speaker(person=person, device=None, audience="room", confidence=_confidence(voice, person))
    if device.room is not None:
        return Speaker(person=voice, device=device.id, audience="room", confidence=_confidence(voice, voice))
    if voice is None and voice_id and _has_voice(device.person, configuration):
        # The owner's voice is known and this is not it: a visitor, who must not borrow the owner's rights.
        return Speaker(person=None, device=None, audience="room")
    account = None if voice_id else _account(envelope, configuration)
    person = voice or device.person or account
    audience: Audience = "private" if device.person is not None and person == device.person else "room"
    return Speaker(person=person, device=device.id, audience=audience, confidence=_confidence(voice, person))


def _confidence(voice: str | None, person: str | None) -> Confidence:
    return "voice" if voice is not None else "owner" if person is not None else "unknown"


def _device(envelope: object, organization: Organization, configuration: Configuration) -> Device | None:
    alexa_id = text(envelope, "context", "System", "device", "deviceId")
    name = configuration.devices.get(alexa_id, alexa_id)
    device = organization.devices.get(name)
    if device is None and name != alexa_id:
        log.warning("[alexa.devices] names '%s', which organization.yaml does not have; the device is treated as a public place", name)
    return device


def _account(envelope: object, configuration: Configuration) -> str | None:
    user = text(envelope, "context", "System", "user", "userId") or text(envelope, "session", "user", "userId")
    return configuration.people.get(user)


def _has_voice(person: str | None, configuration: Configuration) -> bool:
    return person is not None and any(ours == person and theirs.startswith("amzn1.ask.person.") for theirs, ours in configuration.people.items())
