"""Where signing certificates come from: the URL rules, the download over HTTPS, and the roots that are trusted."""

from __future__ import annotations

import contextlib
import posixpath
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from insights.errors import OutsideFailed

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Fetch = Callable[[str], bytes]
"""The bytes at an HTTPS URL. Raises OSError when they cannot be had."""

HOST = "s3.amazonaws.com"
PATH = "/echo.api/"
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_MOST_BYTES = 100_000
_TIMEOUT = 3.0
_KEPT = 16
_KEPT_FOR = 3600.0


class BadChainUrl(ValueError):
    """The URL is not one that Amazon's certificates are served from."""


def chain_url(url: str) -> str:
    """Check a SignatureCertChainUrl and return it normalised.

    >>> chain_url("HTTPS://S3.amazonaws.com:443/echo.api/../echo.api/cert.pem")
    'https://s3.amazonaws.com/echo.api/cert.pem'

    Raises BadChainUrl, saying which rule it breaks: https, the host in any letter case, the path from /echo.api/ in this case, port 443 if any.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadChainUrl("it cannot be read") from None
    path = posixpath.normpath(unquote(parts.path))
    if parts.scheme.lower() != "https":
        raise BadChainUrl("it is not https")
    if parts.username is not None or (parts.hostname or "").lower() != HOST:
        raise BadChainUrl("the host is not Amazon's")
    if port not in (None, 443):
        raise BadChainUrl("the port is not 443")
    if not path.startswith(PATH) or not all(32 < ord(c) < 127 for c in path) or "%" in path or parts.query or parts.fragment:
        raise BadChainUrl("the path is not Amazon's")
    return f"https://{HOST}{path}"


class Chains:
    """Certificate chains by URL, downloaded once an hour at most. Safe to use from many threads."""

    def __init__(self, fetch: Fetch, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, list[Certificate]]] = OrderedDict()

    def at(self, url: str) -> list[Certificate]:
        """The certificates at a checked URL, the signer's first; empty when there is none in it. Raises OutsideFailed when it cannot be downloaded."""
        with self._lock:
            found = self._kept.get(url)
        if found is not None and self._clock() - found[0] < _KEPT_FOR:
            return found[1]
        try:
            certificates = readable(self._fetch(url))
        except OSError as error:
            raise OutsideFailed(f"The signing certificate at {url} cannot be downloaded: {type(error).__name__}.") from None
        with self._lock:
            self._kept[url] = (self._clock(), certificates)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return certificates


def download(url: str) -> bytes:
    """The bytes at an HTTPS URL; no redirect is followed. Raises OSError when they cannot be had."""
    import http.client
    import ssl

    import certifi

    parts = urlsplit(url)
    connection = http.client.HTTPSConnection(parts.hostname or "", timeout=_TIMEOUT, context=ssl.create_default_context(cafile=certifi.where()))
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        body = answer.read(_MOST_BYTES + 1)
    except http.client.HTTPException as error:
        raise OSError(f"unreadable answer: {type(error).__name__}") from None
    finally:
        connection.close()
    if answer.status != 200 or len(body) > _MOST_BYTES:
        raise OSError(f"status {answer.status}, {len(body)} bytes")
    return body


def public_roots() -> list[Certificate]:
    """The certificate authorities that browsers trust."""
    from pathlib import Path

    import certifi

    return readable(Path(certifi.where()).read_bytes())


def readable(pem: bytes) -> list[Certificate]:
    """The certificates of a PEM file in their order, without those that this cryptography cannot read, or will not for long (serial number 0)."""
    import warnings

    from cryptography.utils import CryptographyDeprecationWarning
    from cryptography.x509 import load_pem_x509_certificate

    certificates: list[Certificate] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        for one in _PEM.findall(pem):
            with contextlib.suppress(ValueError, CryptographyDeprecationWarning):
                certificates.append(load_pem_x509_certificate(one))
    return certificates
