"""What `[alexa]` in insights.toml, or INSIGHTS_ALEXA__*, says about this door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from insights.errors import WrongSettings, nearest
from insights.settings import Settings
from skill.issuer import Issuer, acceptable
from skill.words import DEFAULT_NAME

SECTION = "alexa"
_KEYS = ("enabled", "skill_id", "name", "devices", "people", "issuer", "audience", "client_id", "client_secret", "scopes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """`devices` maps an Alexa unit, endpoint or device id to a device of the organization; `people` maps an Alexa person or user id to a person.

    `issuer` checks the tokens of linked accounts; None where accounts are not linked.
    """

    skill_id: str
    name: str = DEFAULT_NAME
    devices: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    issuer: Issuer | None = None


def wanted(settings: Settings) -> bool:
    """Whether the door is to be open: `alexa.enabled` decides, else that a skill id is set. A switch that is neither true nor false is found by `read`."""
    section = settings.section(SECTION)
    enabled = section.get("enabled")
    return bool(section.get("skill_id")) if enabled is None else enabled is not False


def read(settings: Settings) -> Configuration:
    """Check the section. Raises WrongSettings naming the setting that is missing or cannot be used."""
    section = settings.section(SECTION)
    for key in section:
        if key not in _KEYS:
            raise WrongSettings(f"Unknown setting {SECTION}.{key}.", remedy=nearest(key, _KEYS), options=_KEYS)
    if section.get("enabled") not in (None, True, False):
        raise WrongSettings(f"{SECTION}.enabled must be true or false, not {section['enabled']!r}.")
    skill_id = section.get("skill_id")
    if not skill_id or not isinstance(skill_id, str):
        raise WrongSettings(
            f"The setting {SECTION}.skill_id is missing.",
            remedy="Without it requests meant for any other skill would be answered. Set it, or INSIGHTS_ALEXA__SKILL_ID, to the amzn1.ask.skill... id.",
        )
    return Configuration(
        skill_id=skill_id,
        name=_text(section, "name") or DEFAULT_NAME,
        devices=_mapping(section, "devices"),
        people=_mapping(section, "people"),
        issuer=linked_by(section),
    )


def linked_by(section: Mapping[str, Any]) -> Issuer | None:
    """Whose sign-in accounts are linked by, None where they are not. Raises WrongSettings."""
    address, audience = _text(section, "issuer"), _text(section, "audience")
    if not address:
        return None
    if not acceptable(address):
        raise WrongSettings(f"{SECTION}.issuer must be an https address.", remedy="It is what the tokens name as `iss`.")
    if not audience:
        raise WrongSettings(
            f"The setting {SECTION}.audience is missing.", remedy="It is the tokens' `aud`: without it one meant for any other program would do."
        )
    return Issuer(address=address, audience=audience)


def _text(section: Mapping[str, Any], key: str) -> str:
    value = section.get(key, "")
    if not isinstance(value, str):
        raise WrongSettings(f"{SECTION}.{key} must be text, not {type(value).__name__}.")
    return value


def _mapping(section: Mapping[str, Any], key: str) -> Mapping[str, str]:
    value = section.get(key, {})
    if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
        raise WrongSettings(
            f"{SECTION}.{key} must map Alexa ids to ids of organization.yaml.", remedy=f'Write [{SECTION}.{key}] and lines like "amzn1..." = "id".'
        )
    return dict(value)
