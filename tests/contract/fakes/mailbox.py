"""A mail server on loopback that takes messages, refuses them, or takes them and says nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """`arrived` is everything that came, `messages` what a reader sees: one for each Message-ID. `faults` happen to the next messages, one each."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.faults: deque[str] = deque()
        self.on_commit: Callable[[str], None] = lambda _: None
        self._controller = Controller(self, hostname="127.0.0.1", port=_free_port())
        self._controller.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    @property
    def messages(self) -> dict[str, EmailMessage]:
        """By Message-ID."""
        return {str(one["Message-ID"]): one for one in self.arrived}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 # the name is aiosmtpd's
        """Take a message as told."""
        fault = self.faults.popleft() if self.faults else ""
        if fault in ("503", "429"):
            return "451 4.3.0 Try again later"
        if fault == "dropped before":
            server.transport.close()
            return "421 closing"
        self.arrived.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.on_commit("message")
        if fault in ("dropped after", "502 after", "slow"):
            server.transport.close()
            return "421 closing"
        return "250 taken"

    def close(self) -> None:
        """Stop listening."""
        self._controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
