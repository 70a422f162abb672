"""Who we are to another system: a password, or a token that is asked for when needed and kept until shortly before it ends."""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from insights.errors import WrongSettings
from insights.web import Answer, Web, refused

_EARLY = 60.0
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Password:
    """HTTP Basic. The password is looked up when it is first needed."""

    def __init__(self, user: str, password: Callable[[], str]) -> None:
        self._user = user
        self._password = password
        self._known: str | None = None

    def headers(self, until: float) -> Mapping[str, str]:  # noqa: ARG002 # nothing is asked for
        """See the port."""
        if self._known is None:
            self._known = b64encode(f"{self._user}:{self._password()}".encode()).decode()
        return {"authorization": f"Basic {self._known}"}

    def renew(self) -> bool:
        """See the port: a password that was refused is refused again."""
        return False

    def close(self) -> None:
        """See the port: there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token and the instant of `time.monotonic()` at which it ends."""

    text: str
    ends: float


class Tokens:
    """OAuth 2.0. `ask` fetches a token through `web` by that deadline; one at a time, however many threads need it."""

    def __init__(self, web: Web, ask: Callable[[float], Token]) -> None:
        self._web = web
        self._ask = ask
        self._lock = threading.Lock()
        self._known: Token | None = None

    def headers(self, until: float) -> Mapping[str, str]:
        """See the port."""
        with self._lock:
            if self._known is None or self._known.ends - _EARLY < time.monotonic():
                self._known = self._ask(until)
            return {"authorization": f"Bearer {self._known.text}"}

    def renew(self) -> bool:
        """See the port: it may have been revoked before its time."""
        with self._lock:
            self._known = None
        return True

    def close(self) -> None:
        """See the port."""
        self._web.close()


def client_credentials(web: Web, address: str, *, client: str, secret: Callable[[], str], scope: str) -> Tokens:
    """The application itself, by its secret (RFC 6749, section 4.4)."""

    def ask(until: float) -> Token:
        return _asked(web, address, {"grant_type": "client_credentials", "client_id": client, "client_secret": secret(), "scope": scope}, until)

    return Tokens(web, ask)


def refreshed(web: Web, address: str, *, client: str, secret: Callable[[], str], refresh: Callable[[], str]) -> Tokens:
    """A user who agreed once (RFC 6749, section 6)."""

    def ask(until: float) -> Token:
        return _asked(web, address, {"grant_type": "refresh_token", "client_id": client, "client_secret": secret(), "refresh_token": refresh()}, until)

    return Tokens(web, ask)


def service_account(web: Web, document: Callable[[], Mapping[str, Any]], *, scopes: tuple[str, ...], subject: str | None, address: str | None = None) -> Tokens:
    """A service account, by a statement signed with its key (RFC 7523), acting for `subject` where one is named. Needs PyJWT and cryptography."""
    return Tokens(web, lambda until: _signed(web, document(), scopes, subject, address, until))


def _signed(web: Web, document: Mapping[str, Any], scopes: tuple[str, ...], subject: str | None, address: str | None, until: float) -> Token:
    try:
        import jwt
    except ImportError:
        raise WrongSettings("A service account needs PyJWT and cryptography.", remedy='Install them: pip install "insights-assistant[server]".') from None
    try:
        where = address or str(document["token_uri"])
        now = int(time.time())
        claims = {"iss": document["client_email"], "scope": " ".join(scopes), "aud": where, "iat": now, "exp": now + 3600}
        signed = jwt.encode(
            claims | ({"sub": subject} if subject else {}), str(document["private_key"]), "RS256", {"kid": str(document.get("private_key_id", ""))}
        )
    except (KeyError, ValueError, TypeError, jwt.PyJWTError) as error:
        raise WrongSettings(
            f"The key of the service account cannot be used: {type(error).__name__}.", remedy="Give the JSON document that Google makes for it, whole."
        ) from None
    return _asked(web, where, {"grant_type": _JWT_BEARER, "assertion": signed}, until)


def _asked(web: Web, address: str, form: Mapping[str, str], until: float) -> Token:
    """Ask for a token; asking twice does no harm."""
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    answer = web.send("POST", address, until=until, harmless=True, headers=headers, content=urlencode(form).encode())
    if answer.status != 200:
        raise _denied(answer)
    found = answer.json()
    text, seconds = found.get("access_token"), found.get("expires_in", 3600)
    if not isinstance(text, str) or not text:
        raise _denied(answer)
    return Token(text=text, ends=time.monotonic() + (float(seconds) if isinstance(seconds, int | float) else 3600.0))


def _denied(answer: Answer) -> Exception:
    if answer.status in (400, 401, 403):
        return WrongSettings(f"{answer.system} does not accept our credentials.", remedy=f"Check them in the settings. It says: {answer.text[:200]}")
    return refused(answer, "give us a token")
