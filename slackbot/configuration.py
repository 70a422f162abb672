"""The `[slack]` section of the settings: what is there, what is missing, and whether the door is on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from insights.doors import Finding
from insights.errors import InsightsError, WrongSettings, nearest
from insights.permit import Places
from insights.settings import Settings
from slackbot.places import Intake

SECTION = "slack"
KNOWN = (
    "enabled",
    "signing_secret",
    "bot_token",
    "app_token",
    "base_url",
    "answer_within",
    "channels_allowed",
    "channels_denied",
    "client_id",
    "client_secret",
    "encryption_key",
    "teams",
    "public_url",
    "ticket_reaction",
    "ticket_channels",
)
SLACK_API = "https://slack.com/api/"
_PREFIX = {"bot_token": ("xoxb-", "xoxe.xoxb-"), "app_token": ("xapp-",)}
_WHERE_FROM = {
    "signing_secret": "Slack shows it under Basic Information, App Credentials",
    "bot_token": "Slack shows it under OAuth & Permissions once the app is installed; it starts with xoxb-",
    "app_token": "make one under Basic Information, App-Level Tokens, with the scope connections:write; it starts with xapp-",
}
_INSTALLING = {
    "client_secret": "Slack shows it under Basic Information, App Credentials",
    "encryption_key": "32 random bytes in base64, or kms:KEY of AWS KMS: what tokens are kept with",
    "teams": "the ids of the workspaces that may install the app, such as T0123ABCD",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What is needed to talk to a workspace, with its `bot_token`, or to those of `teams` that install the app, with a `client_id`.

    With an `app_token` it is Socket Mode, with a `signing_secret` HTTP; both may be.
    """

    bot_token: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    encryption_key: str | None = field(default=None, repr=False)
    teams: tuple[str, ...] = ()
    public_url: str = ""
    signing_secret: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    base_url: str = SLACK_API
    answer_within: float = 25.0
    api_timeout: int = 10
    places: Places = field(default_factory=lambda: Places())
    intake: Intake = field(default_factory=lambda: Intake())

    def web_client(self) -> dict[str, Any]:
        """Arguments for slack_sdk's clients."""
        return {"base_url": self.base_url, "timeout": self.api_timeout}


def is_on(settings: Settings) -> bool:
    """Whether Slack is meant to work: not switched off, and switched on or at least partly configured."""
    section = settings.section(SECTION)
    return section.get("enabled") is not False and bool(section)


def read(settings: Settings) -> Configuration:
    """The configuration. Raises WrongSettings naming the setting that is missing or wrong."""
    for finding in findings(settings):
        if finding.state == "wrong":
            raise WrongSettings(f"{finding.detail}.", remedy=finding.remedy)
    section = settings.section(SECTION)
    return Configuration(
        bot_token=settings.secret(SECTION, "bot_token"),
        client_id=settings.secret(SECTION, "client_id"),
        client_secret=settings.secret(SECTION, "client_secret"),
        encryption_key=settings.secret(SECTION, "encryption_key"),
        teams=teams_of(section),
        public_url=str(section.get("public_url") or "").rstrip("/"),
        signing_secret=settings.secret(SECTION, "signing_secret"),
        app_token=settings.secret(SECTION, "app_token"),
        base_url=str(section.get("base_url") or SLACK_API).rstrip("/") + "/",
        places=Places(allowed=_channels(section, "channels_allowed"), denied=_channels(section, "channels_denied")),
        intake=Intake(reaction=str(section.get("ticket_reaction", "ticket")).strip(":"), channels=_channels(section, "ticket_channels")),
        answer_within=float(section.get("answer_within", Configuration.__dataclass_fields__["answer_within"].default)),
    )


def findings(settings: Settings) -> tuple[Finding, ...]:
    """What is configured and what is wrong, in the words of whoever runs it."""
    section = settings.section(SECTION)
    if not is_on(settings):
        detail = "switched off (slack.enabled is false)" if section else "not configured"
        return (Finding(subject=SECTION, state="off", detail=detail, remedy="See docs/slack.md to connect a workspace."),)
    wrong = [*_unknown(section), *_missing(settings), *_malformed(section)]
    if wrong:
        return tuple(wrong)
    ways = [way for key, way in (("signing_secret", "HTTP at /slack/events"), ("app_token", "Socket Mode")) if section.get(key)]
    return (Finding(subject=SECTION, state="ok", detail=f"configured for {' and '.join(ways)}"),)


def _unknown(section: Any) -> list[Finding]:
    return [_wrong(f"slack.{key} is not a setting", nearest(key, KNOWN) or f"There is {', '.join(KNOWN)}.") for key in section if key not in KNOWN]


def _missing(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    values: dict[str, str | None] = {}
    for key in ("bot_token", "signing_secret", "app_token"):
        try:
            values[key] = settings.secret(SECTION, key)
        except InsightsError as error:
            found.append(_wrong(str(error).rstrip("."), _remedy(key)))
            values[key] = "unreadable"
    if values["bot_token"] is None and settings.section(SECTION).get("client_id"):
        found += _installable(settings)
    elif values["bot_token"] is None:
        found.append(_wrong("slack.bot_token is not set", _remedy("bot_token")))
    if values["signing_secret"] is None and values["app_token"] is None:
        found.append(_wrong("slack.signing_secret is not set", _remedy("signing_secret") + " For Socket Mode set slack.app_token instead."))
    for key, prefixes in _PREFIX.items():
        value = values[key]
        if value is not None and value != "unreadable" and not value.startswith(prefixes):
            found.append(_wrong(f"slack.{key} does not look like one: it must start with {prefixes[0]}", _remedy(key)))
    return found


def teams_of(section: Any) -> tuple[str, ...]:
    """The workspaces and enterprises that may install the app, by their ids; one text may hold several, separated by commas."""
    said = section.get("teams") or ()
    return tuple(part.strip() for part in (said.split(",") if isinstance(said, str) else map(str, said)) if part.strip())


def _installable(settings: Settings) -> list[Finding]:
    """What keeps a workspace from installing the app itself."""
    from slackbot.vault import vault_of

    section, found = settings.section(SECTION), []
    for key, where in _INSTALLING.items():
        if not section.get(key):
            found.append(_wrong(f"slack.{key} is not set", f"Set it under [slack] in insights.toml or INSIGHTS_SLACK__{key.upper()}; {where}."))
    if not found:
        try:
            vault_of(settings.secret(SECTION, "encryption_key") or "")
        except InsightsError as error:
            found.append(_wrong(error.problem.rstrip("."), error.remedy))
    return found


def _malformed(section: Any) -> list[Finding]:
    within = section.get("answer_within", 1)
    try:
        right = 0 < float(within) <= 1500
    except (TypeError, ValueError):
        right = False
    found = [] if right else [_wrong(f"slack.answer_within is {within!r}", "Give the seconds a question may take, up to 1500.")]
    for key in ("channels_allowed", "channels_denied", "ticket_channels"):
        named = sorted(one for one in _channels(section, key) if not re.fullmatch(r"[CG][A-Z0-9]{2,}", one))
        if named:
            found.append(_wrong(f"slack.{key} names {named[0]!r}, which is no id of a channel", "Give ids such as C024BE91L, from a channel's details."))
    if section.get("base_url") and not str(section["base_url"]).startswith(("https://", "http://")):
        found.append(_wrong(f"slack.base_url is {section['base_url']!r}", f"Give an address such as {SLACK_API}, or leave it out."))
    return found


def _channels(section: Any, key: str) -> frozenset[str]:
    """Ids of channels, from a list or from text with commas."""
    given = section.get(key) or ()
    return frozenset(one.strip() for one in (given.split(",") if isinstance(given, str) else map(str, given)) if one.strip())


def _wrong(detail: str, remedy: str) -> Finding:
    return Finding(subject=SECTION, state="wrong", detail=detail, remedy=remedy)


def _remedy(key: str) -> str:
    return f"Set {key} under [slack] in insights.toml or INSIGHTS_SLACK__{key.upper()}; {_WHERE_FROM[key]}."
