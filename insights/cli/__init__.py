"""`insights`: every command, loaded when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from insights.errors import InsightsError, OutsideFailed

_COMMANDS = {
    "ask": ("insights.cli.asking", "Ask one question, or many with --batch."),
    "chat": ("insights.cli.chatting", "Hold a conversation in the terminal."),
    "understand": ("insights.cli.reading", "Show how utterances are read; never acts or writes."),
    "when": ("insights.cli.reading", "Show which times an utterance names."),
    "audit": ("insights.cli.copies", "Check and export the audit log."),
    "backup": ("insights.cli.copies", "Write the whole ledger to a file."),
    "catalog": ("insights.cli.cataloguing", "Scaffold, check and describe catalogs."),
    "demo": ("insights.cli.demonstrating", "Make the demo company and talk with it."),
    "devices": ("insights.cli.devices", "Confirm where devices stand."),
    "doctor": ("insights.cli.serving", "Check every door, provider, lake and catalog."),
    "generate": ("insights.cli.generating", "Renew the files made from the catalog, the intents and the gallery."),
    "people": ("insights.cli.people", "Link accounts, set PINs, export and forget people."),
    "restore": ("insights.cli.copies", "Put a backup of the ledger back; nothing is done twice."),
    "rollups": ("insights.cli.keeping", "Build what is kept ready, and say what would be worth keeping."),
    "rooms": ("insights.cli.rooms", "Import rooms into organization.yaml."),
    "lake": ("insights.cli.lake", "Vouch for the files behind a catalog, and check them."),
    "serve": ("insights.cli.serving", "Host the doors that are configured."),
    "teach": ("insights.cli.teaching", "Judge corrections, answer the data team's questions."),
    "tickets": ("insights.cli.desk", "Train the judge of tickets, and see what it makes of a report."),
    "work": ("insights.cli.serving", "Do what is due: deliveries and what a crash left open."),
}
EPILOG = """\b
Examples:
  insights demo
  insights ask --data flights.csv "average departure delay by carrier in July"
  insights ask --catalog catalog "why did revenue fall in May?" --format json
  insights chat --catalog catalog --as ada
"""


class _Lazy(click.Group):
    """Commands by name, imported one at a time: `insights when` pays for nothing that `insights serve` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        return getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)  # type: ignore[no-any-return]  # each module names its command so

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=_Lazy, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="insights-assistant")
def group() -> None:
    """Ask the company's data a question, or get an office chore done."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command. Every InsightsError becomes a message on stderr and status 2; nothing that was typed ends in a traceback."""
    from insights.cli.arguments import spread_paths

    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")  # a question may hold what the terminal cannot show
    try:
        group.main(spread_paths(sys.argv[1:] if arguments is None else arguments), prog_name="insights", standalone_mode=False)
    except click.exceptions.Abort:
        raise SystemExit(130) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except InsightsError as error:
        click.echo(f"insights: {error}", err=True)
        if isinstance(error, OutsideFailed) and error.reference:
            click.echo(f"  {error.reference}", err=True)  # who runs commands is who can look into it
        raise SystemExit(2) from None
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; there is nobody left to tell
        raise SystemExit(0) from None
