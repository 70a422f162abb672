"""Whether a request to the web endpoint really comes from Alexa, now, and for this skill. There is no way to turn it off.

Rules: https://developer.amazon.com/docs/custom-skills/host-a-custom-skill-as-a-web-service.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from skill.certificates import BadChainUrl, Chains, Fetch, chain_url, download, public_roots
from skill.envelope import application_id, text

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from cryptography.x509.verification import Store

SIGNER = "echo-api.amazon.com"
TOLERANCE = 150.0
MOST_SEEN = 100_000
_URL_HEADER = "signaturecertchainurl"
_SIGNATURE_HEADER = "signature-256"


class NotFromAlexa(Exception):
    """The request is refused; the message says which rule it breaks, for the log and never for the caller."""


class Verifier:
    """Checks requests of one skill. Safe to use from many threads.

    `fetch` downloads certificates and `roots` are the authorities that are trusted; tests bring their own of both.
    """

    def __init__(
        self,
        *,
        skill_id: str,
        fetch: Fetch = download,
        roots: Callable[[], Sequence[Certificate]] = public_roots,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._skill_id = skill_id
        self._chains = Chains(fetch)
        self._roots = roots
        self._clock = clock
        self._store: Store | None = None
        self._seen: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def verify(self, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """Return the envelope. `headers` have names in lower case.

        Raises NotFromAlexa; nothing of the request may be used then. The cheap checks come first, so that strangers cost little.
        """
        now = self._clock()
        url, signature = self._signed_by(headers)
        envelope = self._parsed(body)
        self._timely(envelope, now)
        if application_id(envelope) != self._skill_id:
            raise NotFromAlexa("it is for another skill")
        self._signed(self._signer(url, now), signature, body)
        self._first_time(signature + body, now)
        return envelope

    def _signed_by(self, headers: Mapping[str, str]) -> tuple[str, bytes]:
        try:
            url = chain_url(headers.get(_URL_HEADER, ""))
            signature = base64.b64decode(headers.get(_SIGNATURE_HEADER, ""), validate=True)
        except BadChainUrl as error:
            raise NotFromAlexa(f"SignatureCertChainUrl: {error}") from None
        except (binascii.Error, ValueError):
            raise NotFromAlexa("Signature-256 is not base64") from None
        if not signature:
            raise NotFromAlexa("Signature-256 is missing")
        return url, signature

    def _parsed(self, body: bytes) -> Mapping[str, Any]:
        try:
            envelope = json.loads(body)
        except (ValueError, RecursionError):
            raise NotFromAlexa("the body is not JSON") from None
        if not isinstance(envelope, dict):
            raise NotFromAlexa("the body is not an object")
        return envelope

    def _timely(self, envelope: Mapping[str, Any], now: datetime) -> None:
        try:
            sent = datetime.fromisoformat(text(envelope, "request", "timestamp"))
            sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
            age = abs((now - sent).total_seconds())
        except (ValueError, OverflowError):
            raise NotFromAlexa("the timestamp cannot be read") from None
        if age > TOLERANCE:
            raise NotFromAlexa(f"the timestamp is {age:.0f} seconds away")

    def _signer(self, url: str, now: datetime) -> Certificate:
        """The signing certificate, its chain checked to a trusted root, for the signer's name and this moment."""
        from cryptography.x509 import DNSName
        from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

        from insights.errors import OutsideFailed

        if self._store is None:
            self._store = Store(list(self._roots()))
        try:
            signer, *intermediates = self._chains.at(url)
            PolicyBuilder().store(self._store).time(now).build_server_verifier(DNSName(SIGNER)).verify(signer, intermediates)
        except (VerificationError, ValueError, OutsideFailed) as error:
            raise NotFromAlexa(f"the certificate is not trusted: {error}") from None
        return signer

    def _signed(self, signer: Certificate, signature: bytes, body: bytes) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.hashes import SHA256

        key = signer.public_key()
        if not isinstance(key, RSAPublicKey):
            raise NotFromAlexa("the certificate's key is not RSA")
        try:
            key.verify(signature, body, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise NotFromAlexa("the signature does not fit the body") from None

    def _first_time(self, signed: bytes, now: datetime) -> None:
        """Remember what was accepted for as long as its timestamp could be, and refuse it the second time."""
        digest = hashlib.sha256(signed).digest()
        instant = now.timestamp()
        with self._lock:
            while self._seen and (len(self._seen) >= MOST_SEEN or instant - next(iter(self._seen.values())) > 2 * TOLERANCE):
                self._seen.popitem(last=False)
            if digest in self._seen:
                raise NotFromAlexa("it was sent before")
            self._seen[digest] = instant
