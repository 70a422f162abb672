"""Account linking by OAuth: access tokens that the company's OpenID Connect issuer signed, checked by its published keys."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from skill.calling import call

if TYPE_CHECKING:
    from jwt import PyJWK

log = logging.getLogger(__name__)

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_KEPT_FOR, _NOT_AGAIN_FOR = 3600.0, 30.0
_TIMEOUT = 2.0
_LONGEST = 16_384
_LEEWAY = 30


def fetched(url: str) -> Any:
    """The JSON at an address; no redirect is followed. Raises OSError and ValueError."""
    return json.loads(call("GET", url, timeout=_TIMEOUT))


@dataclass(slots=True, kw_only=True)
class Issuer:
    """Keys are fetched when they are first needed, once an hour, and sooner for a key that is not known (twice a minute at most). Safe for many threads."""

    address: str
    audience: str
    fetch: Callable[[str], Any] = fetched
    clock: Callable[[], float] = time.monotonic
    _keys: Mapping[str, PyJWK] = field(default_factory=dict)
    _fetched: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def claims(self, token: str) -> Mapping[str, Any] | None:
        """What a token says, when this issuer signed it for us and it holds now; None for any other, and while the keys cannot be had."""
        import jwt

        if len(token) > _LONGEST:
            return None
        try:
            header = jwt.get_unverified_header(token)
            key = self._key(str(header.get("kid", "")))
            if key is None or header.get("alg") not in _ALGORITHMS:
                return None
            return dict(
                jwt.decode(
                    token,
                    key,
                    algorithms=[header["alg"]],
                    audience=self.audience,
                    issuer=self.address,
                    leeway=_LEEWAY,
                    options={"require": ["exp", "iss", "aud", "sub"]},
                )
            )
        except (jwt.PyJWTError, ValueError, TypeError) as refused:
            log.warning("a linked account's token was refused: %s", type(refused).__name__)
            return None

    def discovery(self) -> Mapping[str, Any]:
        """What the issuer says of itself (OpenID Connect Discovery 1.0). Raises OSError, and ValueError where it calls itself something else."""
        found = self.fetch(self.address.rstrip("/") + "/.well-known/openid-configuration")
        if not isinstance(found, Mapping) or found.get("issuer") != self.address:
            raise ValueError("the issuer's document names another issuer")
        return found

    def _key(self, kid: str) -> PyJWK | None:
        with self._lock:
            age = None if self._fetched is None else self.clock() - self._fetched
            if age is None or age > _KEPT_FOR or (kid not in self._keys and age > _NOT_AGAIN_FOR):
                self._renew()
            return self._keys.get(kid)

    def _renew(self) -> None:
        """Fetch the keys; those known stay when that fails."""
        from jwt import PyJWK, PyJWTError

        self._fetched = self.clock()
        try:
            found = self.discovery()
            if not acceptable(str(found["jwks_uri"])):
                raise ValueError("the issuer's keys are not on https")
            keys: dict[str, PyJWK] = {}
            for one in self.fetch(str(found["jwks_uri"]))["keys"]:
                if isinstance(one, Mapping) and one.get("kty") in ("RSA", "EC", "OKP") and one.get("use", "sig") == "sig" and one.get("kid"):
                    keys[str(one["kid"])] = PyJWK.from_dict(dict(one))
            self._keys = keys
        except (OSError, ValueError, KeyError, TypeError, PyJWTError) as error:
            log.warning("the keys of %s cannot be had: %s", self.address, type(error).__name__)


def acceptable(address: str) -> bool:
    """Whether keys may come from there: over https, or from this machine itself.

    >>> acceptable("https://login.halcyon.example"), acceptable("http://login.halcyon.example"), acceptable("http://127.0.0.1:8080")
    (True, False, True)
    """
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")))
    except ValueError:
        return False
