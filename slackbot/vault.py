"""Tokens at rest: each sealed with a key of its own, which is wrapped by a master key from the environment or by AWS KMS."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from insights.errors import OutsideFailed, WrongSettings

KMS = "kms:"
_REMEDY = "Make one with: python -c 'import secrets, base64; print(base64.b64encode(secrets.token_bytes(32)).decode())', or name a key of AWS KMS as kms:KEY."
Context = Mapping[str, str]
"""What a sealed text belongs to; it opens for nothing else."""


class Master(Protocol):
    """Wraps data keys of 32 bytes. Both raise OutsideFailed when it cannot be reached or the wrapped key is not of this master and context."""

    @property
    def name(self) -> str:
        """Which master it is, without telling anything of it."""

    def wrap(self, data_key: bytes, context: Context) -> bytes:
        """The data key as it may be stored."""

    def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        """The data key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalMaster:
    """A key of 32 bytes from the settings: AES-256-GCM."""

    key: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The beginning of its digest."""
        return hashlib.sha256(b"insights master key" + self.key).hexdigest()[:12]

    def wrap(self, data_key: bytes, context: Context) -> bytes:
        """See Master."""
        return _encrypt(self.key, data_key, _bytes(context))

    def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        """See Master."""
        return _decrypt(self.key, wrapped, _bytes(context))


@dataclass(frozen=True, slots=True, kw_only=True)
class KmsMaster:
    """A symmetric key that never leaves AWS KMS; the context is its encryption context, and so in CloudTrail."""

    key: str
    client: Any = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """As the settings name it."""
        return f"{KMS}{self.key}"

    def wrap(self, data_key: bytes, context: Context) -> bytes:
        """See Master."""
        return bytes(self._call("encrypt", KeyId=self.key, Plaintext=data_key, EncryptionContext=_named(context))["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        """See Master."""
        return bytes(self._call("decrypt", KeyId=self.key, CiphertextBlob=wrapped, EncryptionContext=_named(context))["Plaintext"])

    def _call(self, operation: str, **arguments: Any) -> Any:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self.client or boto3.client("kms"), operation)(**arguments)
        except (BotoCoreError, ClientError) as error:
            remedy = "Check slack.encryption_key and what this server may do with that key (kms:Encrypt, kms:Decrypt)."
            raise OutsideFailed(f"AWS KMS did not {operation} a key: {type(error).__name__}.", remedy=remedy) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """Seals with the first master and opens with any of them: a new key goes in front, the old one stays behind until everything is sealed anew."""

    masters: Sequence[Master]

    def seal(self, text: str, context: Context) -> str:
        """Encrypt; a data key is never used twice."""
        data_key, master = secrets.token_bytes(32), self.masters[0]
        sealed = {"key": master.name, "wrapped": master.wrap(data_key, context), "text": _encrypt(data_key, text.encode(), _bytes(context))}
        return json.dumps({name: base64.b64encode(value).decode() if isinstance(value, bytes) else value for name, value in sealed.items()})

    def open(self, sealed: str, context: Context) -> str:
        """Decrypt. Raises OutsideFailed for another context, another key, and what was changed."""
        try:
            found = json.loads(sealed)
            key, wrapped, text = found["key"], base64.b64decode(found["wrapped"]), base64.b64decode(found["text"])
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise _changed() from None
        master = next((one for one in self.masters if one.name == key), None)
        if master is None:
            raise OutsideFailed("A token was sealed with a key that is not there any more.", remedy="Add that key to slack.encryption_key, or install again.")
        return _decrypt(master.unwrap(wrapped, context), text, _bytes(context)).decode()

    def is_current(self, sealed: str) -> bool:
        """Whether it was sealed with the first master."""
        try:
            return bool(json.loads(sealed)["key"] == self.masters[0].name)
        except (ValueError, KeyError, TypeError):
            return False


def vault_of(setting: str) -> Vault:
    """The vault of `slack.encryption_key`: keys of 32 bytes in base64, or `kms:KEY`, separated by commas. Raises WrongSettings."""
    parts = [part.strip() for part in setting.split(",") if part.strip()]
    if not parts:
        raise WrongSettings("slack.encryption_key is empty.", remedy=_REMEDY)
    return Vault(masters=tuple(_master(part) for part in parts))


def _master(part: str) -> Master:
    if part.startswith(KMS):
        return KmsMaster(key=part.removeprefix(KMS))
    try:
        key = base64.b64decode(part, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != 32:
        raise WrongSettings("slack.encryption_key is not 32 bytes in base64.", remedy=_REMEDY)
    return LocalMaster(key=key)


def _encrypt(key: bytes, plain: bytes, context: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def _decrypt(key: bytes, sealed: bytes, context: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], context)
    except (InvalidTag, ValueError):
        raise _changed() from None


def _changed() -> OutsideFailed:
    return OutsideFailed("A sealed token was changed, or belongs to somebody else.", remedy="Install the app again.")


def _bytes(context: Context) -> bytes:
    return json.dumps(dict(context), sort_keys=True).encode()


def _named(context: Context) -> dict[str, str]:
    """As KMS takes it: no empty values."""
    return {name: value for name, value in context.items() if value}
