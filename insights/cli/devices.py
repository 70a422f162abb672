"""`insights devices`: where devices stand."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from insights.cli.arguments import target_options
from insights.cli.people import opened, somebody
from insights.cli.terminal import printable
from insights.errors import UnknownThing, WrongSettings

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.ledger.identity import KnownDevice

EPILOG = """\b
Examples:
  insights devices list
  insights devices map D-1001 --room fern
  insights devices map D-1002 --person ada
  insights devices remove D-1001
"""


@click.group(epilog=EPILOG)
def devices() -> None:
    """Where devices stand: one that was never met asks which room it is in, and an administrator confirms it here."""


@devices.command("list", epilog="\b\nExamples:\n  insights devices list\n")
@target_options
def list_(**target: Any) -> None:
    """List the devices that were met, those that wait for a decision first, and those of organization.yaml."""
    with closing(opened(**target)) as assistant:
        met = assistant.ledger.known_devices()
        for device in met:
            click.echo(printable(f"{device.id}  {_told(device, assistant)}  {device.device}"))
        for listed in assistant.organization.devices.values():
            where = f"room {listed.room}" if listed.room else f"desk of {listed.person}"
            click.echo(printable(f"in organization.yaml  {where}  {listed.id}"))
        if not met and not assistant.organization.devices:
            click.echo("No device was met yet.")


@devices.command("map", epilog="\b\nExamples:\n  insights devices map D-1001 --room fern\n  insights devices map D-1002 --person ada\n")
@click.argument("device")
@click.option("--room", default=None, help="The room it stands in; a public place.")
@click.option("--person", default=None, help="Whose desk it stands on.")
@target_options
def map_(device: str, room: str | None, person: str | None, **target: Any) -> None:
    """Confirm or say where DEVICE stands, by its number (D-1001) or its own id."""
    if (room is None) == (person is None):
        raise WrongSettings("A device stands in a room or on somebody's desk.", remedy="Give either --room or --person.")
    with closing(opened(**target)) as assistant:
        where = assistant.organization.room_called(room).id if room is not None else None
        who = somebody(assistant, person).id if person is not None else None
        mapped = assistant.ledger.map_device(device, room=where, person=who, now=assistant.now())
        click.echo(printable(f"{mapped.id}  {_told(mapped, assistant)}"))


@devices.command(epilog="\b\nExamples:\n  insights devices remove D-1001\n")
@click.argument("device")
@target_options
def remove(device: str, **target: Any) -> None:
    """Forget DEVICE: when it speaks again, it is asked where it is."""
    with closing(opened(**target)) as assistant:
        if not assistant.ledger.remove_device(device, now=assistant.now()):
            raise UnknownThing(f"There is no device {device[:60]}.", remedy="`insights devices list` shows those that were met.")
        click.echo(printable(f"{device} removed."))


def _told(device: KnownDevice, assistant: Assistant) -> str:
    room = assistant.organization.rooms.get(device.room or "")
    where = f"desk of {device.person}" if device.person else f"room {room.name if room else device.room}"
    match device.state:
        case "mapped":
            return where
        case "pending":
            return f"pending: {where}, said by {device.asked_by or 'somebody unknown'}"
        case "unknown":
            return "unknown"
