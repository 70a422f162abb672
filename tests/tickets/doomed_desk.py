"""A process that files tickets in children which are killed: reads `kind ledger address key step later` a line, tells the child's pid, then how it ended."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from insights.errors import InsightsError
from insights.ledger.sqlite import open_ledger
from insights.organization import Organization, Person, Room
from insights.permit import Asker
from insights.requests import RaiseTicket
from insights.tickets import TicketDesk
from tests.contract.desks import ADDRESSES, NOW, system_of

ADA = Person(id="ada", name="Ada Okafor", email=ADDRESSES["ada"])
FERN = Organization(people={"ada": ADA}, rooms={"fern": Room(id="fern", name="Fern", capacity=6)})
ASKER = Asker(person=ADA, audience="private")


def fault(key: str) -> RaiseTicket:
    """A report that is like no other, so that only the key tells two attempts apart from two reports."""
    return RaiseTicket(what=f"The projector is dark {key}.", room="fern", new=True)


def desk_of(kind, ledger, address, *, step=lambda _: None, later=0.0):
    """The desk over a provider of a kind."""
    system = system_of(kind, ledger, address, step=step, patience=0.2, clock=lambda: time.time() + later, within=5.0)
    return TicketDesk(provider=system, ledger=lambda: ledger, organization=FERN)


def child(kind: str, file: str, address: str, key: str, fatal: str, later: float) -> None:
    """File it, and die at the fatal step without a chance to tidy up."""

    def step(name: str) -> None:
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    desk = desk_of(kind, open_ledger(Path(file)), address, step=step, later=later)
    try:
        desk.raise_ticket(fault(key), asker=ASKER, now=NOW, key=key, step=step)
    except InsightsError:
        os._exit(3)
    os._exit(0)


def main() -> None:
    """Fork for each line."""
    for line in sys.stdin:
        kind, file, address, key, fatal, later = line.split()
        pid = os.fork()
        if pid == 0:
            try:
                time.sleep(0.005)  # until our pid is known
                child(kind, file, "" if address == "-" else address, key, fatal, float(later))
            finally:
                os._exit(4)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
