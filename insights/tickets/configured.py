"""The ticket system that the settings under [tickets] name; the embedded one where they name none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Protocol

from insights.errors import WrongSettings, nearest
from insights.organization import Organization
from insights.tickets.embedded import EmbeddedTickets
from insights.tickets.port import TicketSystem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from insights.ledger.port import Ledger

PROVIDERS = ("embedded", "jira", "servicenow", "email")


class Options(Protocol):
    """What is read of the settings: a section, and a secret in it."""

    def section(self, name: str) -> Mapping[str, Any]:
        """The settings under `[name]`."""

    def secret(self, section: str, key: str) -> str | None:
        """A secret, resolved."""


def provider_of(options: Options | None, ledger: Callable[[], Ledger], organization: Organization, zone: tzinfo = UTC) -> TicketSystem:
    """The ticket system to file at. Raises WrongSettings naming what is missing; nothing is asked of it yet."""
    section = options.section("tickets") if options is not None else {}
    name = str(section.get("provider", "embedded"))
    types = organization.help_desk.types
    addresses = {person.id: person.email for person in organization.people.values() if person.email}
    if name == "embedded" or options is None:
        return EmbeddedTickets(ledger, types)
    if name not in PROVIDERS:
        raise WrongSettings(
            f"tickets.provider is '{name[:40]}', which is no ticket system here.", remedy=nearest(name, PROVIDERS) or f"There is {', '.join(PROVIDERS)}."
        )
    from insights.tickets.claiming import OneAtATime

    if name == "jira":
        from insights.tickets.jira import JiraTickets

        jira = JiraTickets(
            url=_needed(options, "url"),
            account=_needed(options, "account"),
            token=_secret(options, "token"),
            desk=_needed(options, "service_desk"),
            request_type=_needed(options, "request_type"),
            project=_needed(options, "project"),
            addresses=addresses,
            zone=zone,
        )
        return OneAtATime(jira, ledger)
    if name == "servicenow":
        from insights.tickets.servicenow import ServiceNowTickets

        now = ServiceNowTickets(
            url=_needed(options, "url"), user=_needed(options, "user"), password=_secret(options, "password"), types=types, addresses=addresses, zone=zone
        )
        return OneAtATime(now, ledger)
    from insights.tickets.email import EmailTickets

    return EmailTickets(
        ledger=ledger,
        host=_needed(options, "host"),
        port=_port(section.get("port", 587)),
        sender=_needed(options, "sender"),
        to=_needed(options, "to"),
        user=str(section["user"]) if section.get("user") else None,
        password=options.secret("tickets", "password"),
        security=_security(section.get("security", "starttls")),
        types=types,
    )


def _needed(options: Options, key: str) -> str:
    value = options.section("tickets").get(key)
    if value in (None, ""):
        raise WrongSettings(f"tickets.{key} is missing.", remedy=f"Set `{key}` in [tickets], or INSIGHTS_TICKETS__{key.upper()}.")
    return str(value)


def _secret(options: Options, key: str) -> Callable[[], str]:
    """Read when it is first needed: it may stand elsewhere. That it is set is checked now."""
    _needed(options, key)
    return lambda: options.secret("tickets", key) or ""


def _port(value: object) -> int:
    if not str(value).isdigit() or not 0 < int(str(value)) < 65536:
        raise WrongSettings(f"tickets.port is {value!r}, which is not a port.", remedy="Write a number from 1 to 65535.")
    return int(str(value))


def _security(value: object) -> str:
    if value not in ("starttls", "tls", "none"):
        raise WrongSettings(f"tickets.security is {value!r}.", remedy="Write starttls, tls or none.")
    return str(value)
