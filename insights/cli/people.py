"""`insights people`: accounts, PINs, and what is held about somebody, for whoever runs this."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from insights.cli.arguments import Target, moment, target_options
from insights.errors import UnknownThing, WrongSettings, nearest

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.organization import Person

EPILOG = """\b
Examples:
  insights people list
  insights people link ada
  insights people pin ada
  insights people export ada > ada.json
  insights people forget ada --yes
  insights people import users.json groups.json --role "Finance team=finance"
"""


def opened(catalog: Any, data: tuple[str, ...], today: Any, now: Any) -> Assistant:
    """The assistant that the shared options name."""
    return Target(catalog=catalog, data=data, now=moment(today, now)).open()


def somebody(assistant: Assistant, person: str) -> Person:
    """The active person with this id. Raises UnknownThing and WrongSettings."""
    people = assistant.organization.people
    if person not in people:
        raise UnknownThing(f"There is nobody called {person[:60]} in organization.yaml.", remedy=nearest(person, people) or "Ids of people are listed there.")
    if not people[person].active:
        raise WrongSettings(f"{people[person].name} is not active, and can be given no access.", remedy="Set `active: true` in organization.yaml first.")
    return people[person]


@click.group(epilog=EPILOG)
def people() -> None:
    """Accounts and PINs of people, and what is held about them."""


@people.command(
    "import",
    epilog="\b\nExamples:\n  insights people import users.json groups.json --role 'Finance team=finance' --into catalog\n"
    "  insights people import export/users.json\n",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="The folder of organization.yaml; by default that of the configured catalog.")
@click.option("--role", "roles", multiple=True, metavar="GROUP=ROLE", help="Give the members of a SCIM group a role, and take it from everybody else listed.")
@click.option("--attribute", "attributes", multiple=True, help="Take this of a SCIM user for an attribute, such as department.")
@click.option("--complete", is_flag=True, help="Whoever is not in the files is not active any more.")
def import_(files: tuple[Path, ...], into: Path | None, roles: tuple[str, ...], attributes: tuple[str, ...], complete: bool) -> None:
    """Take up people from FILES: SCIM 2.0 list responses of /Users and /Groups (JSON), or users.json of a Slack export.

    Somebody who is known by their Slack account, address or id is brought up to date, and keeps what the files say nothing of. Groups give rights only where
    --role says so. Nothing is changed when anything of it is wrong.
    """
    from insights import settings
    from insights.catalog.company import ORGANIZATION, read_organization
    from insights.catalog.rewriting import put
    from insights.company import importing

    folder = into or settings.read().catalog
    if folder is None:
        raise WrongSettings("I don't know where organization.yaml is.", remedy="Name its folder with --into.")
    folder = folder if folder.is_dir() or not folder.suffix else folder.parent
    given = dict(_pair(one) for one in roles)
    for name in attributes:
        if name not in importing.ATTRIBUTES:
            raise WrongSettings(
                f"A SCIM user has no '{name[:40]}'.", remedy=nearest(name, importing.ATTRIBUTES) or f"There is {', '.join(importing.ATTRIBUTES)}."
            )
    known = read_organization(folder).people
    entries, left_out = importing.entries(importing.read(files), known, roles=given, attributes=attributes, complete=complete)
    new, replaced = put("people", entries, folder, merge=True)
    click.echo(f"{new} new, {replaced} brought up to date in {folder / ORGANIZATION}")
    for line in left_out:
        click.echo(f"Left out: {line}", err=True)


def _pair(text: str) -> tuple[str, str]:
    group, equals, role = text.rpartition("=")
    if not equals or not group.strip() or not role.strip():
        raise WrongSettings(f"'{text[:60]}' gives no group a role.", remedy='Write --role "Finance team=finance".')
    return group.strip(), role.strip()


@people.command("list", epilog="\b\nExamples:\n  insights people list\n  insights people list --format json\n")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to write it.")
@target_options
def list_(form: str, **target: Any) -> None:
    """List people with their roles and the accounts that are theirs."""
    with closing(opened(**target)) as assistant:
        for person in assistant.organization.people.values():
            accounts = assistant.ledger.bindings_of(person.id)
            if form == "json":
                bound = [{"kind": one.account.kind, "scope": one.account.scope, "account": one.account.id} for one in accounts]
                click.echo(json.dumps({"id": person.id, "name": person.name, "active": person.active, "roles": sorted(person.roles), "accounts": bound}))
                continue
            kinds = ", ".join(sorted({one.account.kind for one in accounts})) or "no account linked"
            roles = ", ".join(sorted(person.roles)) or "no role"
            click.echo(f"{person.id}  {person.name}: {roles}; {kinds}" + ("" if person.active else "; not active"))
        if not assistant.organization.people and form == "text":
            click.echo("Nobody is listed in organization.yaml.")


@people.command(epilog='\b\nExamples:\n  insights people link ada\n  then: "Alexa, tell the assistant to link code 1234 5678"\n')
@click.argument("person")
@click.option("--minutes", type=click.IntRange(1, 1440), default=15, show_default=True, help="How long it works.")
@target_options
def link(person: str, minutes: int, **target: Any) -> None:
    """Print a code that links an account (a voice, an Alexa or Slack account) to PERSON: said or typed there, once, before it expires."""
    with closing(opened(**target)) as assistant:
        who = somebody(assistant, person)
        code = assistant.ledger.new_code(who.id, now=assistant.now(), lasts=timedelta(minutes=minutes))
        click.echo(f"{code[:4]} {code[4:]}")
        click.echo(f"It links one account to {who.name}, within {minutes} minutes.", err=True)


@people.command(epilog="\b\nExamples:\n  insights people unlink ada\n  insights people unlink ada --kind slack\n")
@click.argument("person")
@click.option("--kind", default=None, help="Only accounts of this kind, such as slack.")
@target_options
def unlink(person: str, kind: str | None, **target: Any) -> None:
    """Take the linked accounts off PERSON."""
    with closing(opened(**target)) as assistant:
        found = [one for one in assistant.ledger.bindings_of(person) if kind is None or one.account.kind == kind]
        unlinked = sum(assistant.ledger.unbind(one.account, now=assistant.now()) for one in found)
        click.echo(f"{unlinked} account{'' if unlinked == 1 else 's'} unlinked.")


@people.command(epilog="\b\nExamples:\n  insights people pin ada\n  insights people pin ada --clear\n")
@click.argument("person")
@click.option("--clear", is_flag=True, help="Take the PIN away.")
@target_options
def pin(person: str, clear: bool, **target: Any) -> None:
    """Set the PIN of PERSON, asked for without showing it (or read from what is piped in); it also ends a lock."""
    with closing(opened(**target)) as assistant:
        if clear:
            click.echo("The PIN was taken away." if assistant.ledger.clear_pin(person, now=assistant.now()) else "There was no PIN.")
            return
        who = somebody(assistant, person)
        said = click.prompt("PIN", hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else sys.stdin.readline().strip()
        assistant.ledger.set_pin(who.id, said, now=assistant.now())
        click.echo(f"{who.name} has a PIN now.")


@people.command(epilog="\b\nExamples:\n  insights people export ada > ada.json\n")
@click.argument("person")
@target_options
def export(person: str, **target: Any) -> None:
    """Write everything that is held about PERSON as JSON, by table, secrets left out."""
    with closing(opened(**target)) as assistant:
        click.echo(json.dumps({"person": person, "held": assistant.ledger.held_about(person)}, indent=1, ensure_ascii=False))


@people.command(epilog="\b\nExamples:\n  insights people forget ada --yes\n")
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@target_options
def forget(person: str, yes: bool, **target: Any) -> None:
    """Erase what is held about PERSON, and take name and words off what others need. It cannot be undone."""
    with closing(opened(**target)) as assistant:
        if not yes:
            click.confirm(f"Erase everything about {person}, and give back every room they hold?", abort=True)
        done = assistant.ledger.forget(person, now=assistant.now())
        click.echo(f"{sum(done.values())} rows forgotten." if done else f"Nothing is held about {person}.")
        if person in assistant.organization.people:
            click.echo(f"{person} still stands in organization.yaml: take them out there as well.")
