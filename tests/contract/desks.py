"""Every kind of ticket system with its server on loopback, as tests and campaigns use them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from insights.ledger.once import Step, silent
from insights.ledger.sqlite import open_ledger
from insights.systems import System
from insights.tickets.claiming import OneAtATime
from insights.tickets.email import EmailTickets
from insights.tickets.embedded import EmbeddedTickets
from insights.tickets.jira import JiraTickets
from insights.tickets.servicenow import ServiceNowTickets
from tests.contract.fakes.jira import FakeJira
from tests.contract.fakes.mailbox import Mailbox
from tests.contract.fakes.servicenow import FakeServiceNow

NOW = datetime(2026, 12, 1, 10, 5, 30)
ADDRESSES = {id_: f"{id_}@halcyon.example" for id_ in ("ada", "sam")}
KINDS = ("embedded", "jira", "servicenow", "email")
SECONDS = 0.5
"""How long a server may take here; a slow one takes longer."""


@dataclass
class Opened:
    """A ticket system under test; what is asked of it goes to `system`."""

    kind: str
    system: Any
    server: Any
    ledger: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.system, name)

    @property
    def faults(self) -> Any:
        """What happens to the next requests that act."""
        return self.server.faults

    def count(self) -> int:
        """How many tickets there are where they are kept in the end."""
        match self.kind:
            case "jira":
                return len(self.server.requests)
            case "servicenow":
                return len(self.server.tables["incident"])
            case "email":
                return len(self.server.messages)
            case _:
                return len(self.ledger.open_tickets_of("ada")) + len(self.ledger.open_tickets_of("sam"))

    def tick(self, now: datetime) -> None:
        """The server's clock."""
        if hasattr(self.server, "now"):
            self.server.now = now


def server_of(kind: str, **more: Any) -> Any:
    """The server of a kind, None for the embedded one."""
    match kind:
        case "jira":
            return FakeJira(ADDRESSES, NOW, **more)
        case "servicenow":
            return FakeServiceNow(ADDRESSES, NOW, **more)
        case "email":
            return Mailbox()
        case _:
            return None


def system_of(kind: str, ledger: Any, address: str, *, step: Step = silent, patience: float = 2.0, clock: Any = time.time, within: float = SECONDS) -> Any:
    """The adapter of a kind over a server at an address (for e-mail a port)."""
    web = System(address, name=kind, patience=within)
    match kind:
        case "jira":
            made: Any = JiraTickets(url=address, account="bot", token=lambda: "t", desk="1", request_type="10", project="IT", addresses=ADDRESSES, web=web)
        case "servicenow":
            made = ServiceNowTickets(url=address, user="bot", password=lambda: "p", types=(), addresses=ADDRESSES, web=web)
        case "email":
            return EmailTickets(
                ledger=lambda: ledger, host="127.0.0.1", port=int(address), sender="desk@halcyon.example", to="help@halcyon.example", security="none",
                seconds=2.0, step=step, clock=clock,
            )  # fmt: skip
        case _:
            return EmbeddedTickets(lambda: ledger)
    web._headers = made._headers
    return OneAtATime(made, lambda: ledger, step=step, patience=patience, clock=clock)


@contextmanager
def opened(kind: str, file: Path, **more: Any) -> Iterator[Opened]:
    """A ticket system with its server, both closed afterwards."""
    ledger, server = open_ledger(file), server_of(kind, **more)
    address = str(server.port) if kind == "email" else server.url if server is not None else ""
    system = system_of(kind, ledger, address)
    try:
        yield Opened(kind, system, server, ledger)
    finally:
        system.close()
        ledger.close()
        if server is not None:
            server.close()
