"""How Alexa sends people to the company's own sign-in: `accountLinking.json`, made from what the issuer says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from insights.errors import OutsideFailed, WrongSettings
from insights.settings import Settings
from skill.configuration import SECTION, linked_by

FILE = "accountLinking.json"
_USUAL, _STAYING = ("openid", "email"), "offline_access"
COMMAND = "ask smapi update-account-linking-info -s SKILL_ID -g development --account-linking-request file:{path}"


def linking(settings: Settings) -> Mapping[str, Any] | None:
    """The request as `ask smapi update-account-linking-info` takes it, the client's secret included; None where no issuer or no client is configured.

    Raises WrongSettings naming the setting that is missing, OutsideFailed when the issuer does not tell where people sign in.
    """
    section = settings.section(SECTION)
    issuer, client, secret = linked_by(section), section.get("client_id"), settings.secret(SECTION, "client_secret")
    if issuer is None or not (client or secret):
        return None
    for name, value in (("client_id", client), ("client_secret", secret)):
        if not value or not isinstance(value, str):
            raise WrongSettings(f"The setting {SECTION}.{name} is missing.", remedy=f"Alexa signs in at {issuer.address} as this client; register one there.")
    try:
        told = issuer.discovery()
        addresses = [str(told[name]) for name in ("authorization_endpoint", "token_endpoint")]
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{issuer.address} does not tell where people sign in ({type(error).__name__})."
        raise OutsideFailed(problem, remedy="Try again, or correct alexa.issuer.") from None
    for address in addresses:
        if not address.startswith("https://"):
            raise WrongSettings(f"Alexa takes no sign-in at '{address[:80]}'.", remedy="It must be an https address.")
    basic = "client_secret_basic" in _texts(told.get("token_endpoint_auth_methods_supported")) or "token_endpoint_auth_methods_supported" not in told
    asked = {
        "type": "AUTH_CODE",
        "authorizationUrl": addresses[0],
        "accessTokenUrl": addresses[1],
        "accessTokenScheme": "HTTP_BASIC" if basic else "REQUEST_BODY_CREDENTIALS",
        "clientId": client,
        "clientSecret": secret,
        "scopes": _scopes(section.get("scopes"), _texts(told.get("scopes_supported"))),
        "skipOnEnablement": True,  # a room is used without signing in, and a voice can be known by a code
    }
    return {"accountLinkingRequest": asked}


def _scopes(wanted: object, supported: Sequence[str]) -> list[str]:
    """Those of the settings; else who it is and their address, and to stay signed in where the issuer knows that."""
    if wanted is None:
        return [*_USUAL, *((_STAYING,) if _STAYING in supported else ())]
    found = list(_texts(wanted.split() if isinstance(wanted, str) else wanted))
    if not found or len(found) > 15:
        raise WrongSettings(f"{SECTION}.scopes must be one to fifteen names.", remedy='Write scopes = ["openid", "email"].')
    return found


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, Sequence) and not isinstance(value, str) else ()
