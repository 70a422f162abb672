"""Who is speaking, where, and who else hears it."""

from __future__ import annotations

from datetime import datetime

import pytest

from insights.introductions import Introductions
from skill.identity import Speaker, identify
from tests.skill.conftest import ADAS_ACCOUNT, ADAS_DESK, ADAS_VOICE, FERN, SAMS_VOICE, NobodyKnown

STRANGER = "amzn1.ask.person.SOMEBODY"


def known(organization):
    """Whom the organization has, and nobody else."""
    return Introductions(organization, NobodyKnown, datetime.now)


def envelope(device=None, voice=None, account=None):
    """The part of an envelope that tells who and where."""
    system = {}
    if device:
        system["device"] = {"deviceId": device}
    if voice:
        system["person"] = {"personId": voice}
    if account:
        system["user"] = {"userId": account}
    return {"context": {"System": system}}


@pytest.mark.parametrize(
    ("device", "voice", "account", "person", "placed", "audience"),
    [
        (FERN, None, None, None, "echo-fern", "room"),
        (FERN, ADAS_VOICE, None, "ada", "echo-fern", "room"),
        (FERN, STRANGER, None, None, "echo-fern", "room"),
        (FERN, None, ADAS_ACCOUNT, None, "echo-fern", "room"),
        (ADAS_DESK, None, None, "ada", "echo-ada", "private"),
        (ADAS_DESK, ADAS_VOICE, None, "ada", "echo-ada", "private"),
        (ADAS_DESK, SAMS_VOICE, None, "sam", "echo-ada", "room"),
        (ADAS_DESK, STRANGER, None, None, None, "room"),
        (ADAS_DESK, STRANGER, ADAS_ACCOUNT, None, None, "room"),
        ("amzn1.ask.device.NEW", None, None, None, None, "room"),
        ("amzn1.ask.device.NEW", ADAS_VOICE, None, "ada", None, "room"),
        ("amzn1.ask.device.NEW", None, ADAS_ACCOUNT, "ada", None, "room"),
        ("amzn1.ask.device.NEW", STRANGER, ADAS_ACCOUNT, None, None, "room"),
        (None, None, None, None, None, "room"),
        ("echo-fern", None, None, None, "echo-fern", "room"),
    ],
)
def test_rights_follow_the_voice_and_the_place(device, voice, account, person, placed, audience, organization, configuration):
    """The table of device, voice and account: private only for the owner of a desk, at that desk."""
    found = identify(envelope(device, voice, account), known(organization), configuration)
    sure = "voice" if voice in (ADAS_VOICE, SAMS_VOICE) else "owner" if person else "unknown"
    assert found == Speaker(person=person, device=placed, audience=audience, confidence=sure)


def test_an_unlinked_voice_at_a_desk_is_the_owner_until_the_owner_has_a_voice(organization, configuration):
    """Alexa knows a voice that we do not: where the owner never linked one it cannot be told apart from the owner's."""
    unlinked = type(configuration)(skill_id="x", devices=configuration.devices, people={})
    found = identify(envelope(ADAS_DESK, STRANGER), known(organization), unlinked)
    assert found == Speaker(person="ada", device="echo-ada", audience="private", confidence="owner")


def test_a_mapping_to_a_device_that_is_gone_is_a_public_place(organization, configuration):
    """A typing mistake in the settings never makes a device private."""
    wrong = type(configuration)(skill_id="x", devices={ADAS_DESK: "echo-adda"}, people={})
    assert identify(envelope(ADAS_DESK), known(organization), wrong) == Speaker(person=None, device=None, audience="room")
