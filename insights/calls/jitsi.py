"""Conferences that need no account: a Jitsi address that nobody can guess."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from insights.calls.port import Made

PUBLIC = "https://meet.jit.si"


class JitsiRooms:
    """A room of the server at `url` is its name, and whoever knows the name is in: it holds 192 bits made from the key and a secret of ours.

    The same key gives the same room, so that a repeated attempt does not split those who were invited.
    """

    def __init__(self, secret: Callable[[], bytes], url: str = PUBLIC) -> None:
        self._secret = secret
        self._url = url.rstrip("/")

    def make(self, title: str, *, key: str, now: datetime) -> Made:  # noqa: ARG002 # the address tells nothing of the meeting
        """See the port."""
        digest = hmac.new(self._secret(), key.encode("utf-8", "replace"), hashlib.sha256).digest()[:24]
        return Made(service="Jitsi", link=f"{self._url}/{base64.urlsafe_b64encode(digest).decode()}")

    def made(self, key: str) -> Made | None:
        """See the port: a name is always there."""
        return self.make("", key=key, now=datetime.min)


def kept_secret(file: Path) -> bytes:
    """The secret in a file that only its owner reads, made when it is missing."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f".{file.name}.{os.getpid()}")
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(secrets.token_urlsafe(32).encode())
        try:
            os.link(made, file)  # whoever is first; the others use what is there
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return file.read_bytes()
