"""What `insights doctor` looks at: settings, catalog, data, ledger, doors."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from insights import doors, wiring
from insights.doors import Finding
from insights.errors import InsightsError, WrongCatalog

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.settings import Settings

_SERVER_PACKAGES = ("uvicorn", "starlette", "aiohttp", "cryptography")


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Everything that is configured, looked at once; never raises for what it finds wrong."""
    findings = [
        Finding(subject="settings", state="ok", detail=str(settings.where))
        if settings.where
        else Finding(subject="settings", state="off", detail="no insights.toml; the environment and the options of each command apply")
    ]
    findings += [*_definitions(settings), *_kept(settings)]
    for door in doors.load().values():
        try:
            findings += door.findings(settings)
        except InsightsError as error:
            findings.append(_wrong(door.name, error))
    missing = [name for name in _SERVER_PACKAGES if find_spec(name) is None]
    findings.append(
        Finding(subject="server", state="off", detail=f"not installed: {', '.join(missing)}", remedy="`insights serve` needs insights-assistant[server].")
        if missing
        else Finding(subject="server", state="ok", detail="packages for `insights serve` are installed")
    )
    return tuple(findings)


def _wrong(subject: str, error: InsightsError) -> Finding:
    return Finding(subject=subject, state="wrong", detail=error.problem, remedy=error.remedy)


def _definitions(settings: Settings) -> list[Finding]:
    if settings.catalog is None and not settings.data:
        return [Finding(subject="catalog", state="wrong", detail="none is configured", remedy="Set `catalog` in insights.toml, or try `insights demo`.")]
    try:
        with closing(wiring.open_settings(settings)) as assistant:
            return [
                *_catalog(assistant),
                *_data(assistant),
                _ledger(assistant),
                *_calendars(settings, assistant),
                *_tickets(settings, assistant),
                *_calls(settings, assistant),
            ]
    except WrongCatalog as error:
        return [Finding(subject="catalog", state="wrong", detail=str(problem), remedy="") for problem in error.problems]
    except InsightsError as error:
        return [_wrong("catalog", error)]


def _kept(settings: Settings) -> list[Finding]:
    """Whether a running program goes on with older definitions than the files hold."""
    from insights.catalog.watching import NOTE, kept_in

    kept = kept_in(settings.home / "cache" / NOTE, settings.catalog.absolute()) if settings.catalog is not None else None
    if kept is None:
        return []
    detail = f"version {kept.version[:12]} goes on since {kept.at:%Y-%m-%d %H:%M}, because the files cannot be used: {kept.problem.splitlines()[0]}"
    return [Finding(subject="catalog in use", state="wrong", detail=detail, remedy="Mend the files; the running server takes them up by itself.")]


def _catalog(assistant: Assistant) -> list[Finding]:
    catalog = assistant.catalog
    said = f"{catalog.name}: {len(catalog.metrics)} metrics over {len(catalog.datasets)} datasets"
    people = f"{len(assistant.organization.people)} people, {len(assistant.organization.rooms)} rooms, {len(assistant.organization.devices)} devices"
    return [
        Finding(subject="catalog", state="ok", detail=said),
        Finding(subject="organization", state="ok" if assistant.organization.people else "off", detail=people),
    ]


def _data(assistant: Assistant) -> list[Finding]:
    """Whether each dataset has rows, and through when."""
    findings = []
    for dataset in assistant.catalog.datasets.values():
        covered = [assistant.contents.coverage[field.id] for field in dataset.time_fields if field.id in assistant.contents.coverage]
        if covered:
            detail = f"from {min(c.first for c in covered)} through {max(c.last for c in covered)}"
            findings.append(Finding(subject=f"data {dataset.name}", state="ok", detail=detail))
        elif dataset.time_fields:
            where = ", ".join(dataset.source.paths) or dataset.source.table or ""
            findings.append(Finding(subject=f"data {dataset.name}", state="wrong", detail="it has no rows with a time", remedy=f"Look at {where}."))
        else:
            findings.append(Finding(subject=f"data {dataset.name}", state="ok", detail="readable"))
        findings += [Finding(subject=f"data {dataset.name}", state="wrong", detail=said, remedy="Answers from it say so.") for said in dataset.warnings]
    return findings


def _ledger(assistant: Assistant) -> Finding:
    try:
        broken = assistant.ledger.first_broken()
    except InsightsError as error:
        return _wrong("ledger", error)
    if broken is not None:
        return Finding(subject="ledger", state="wrong", detail=f"entry {broken} of the audit log was changed", remedy="Restore the ledger from a backup.")
    return Finding(subject="ledger", state="ok", detail="writable, audit log whole")


def _calendars(settings: Settings, assistant: Assistant) -> list[Finding]:
    """Whether the configured calendar system answers, room by room; nothing where rooms are kept in the ledger."""
    from insights.meetings.calendars.examining import problems

    try:
        with closing(wiring.calendar_systems(settings)) as systems:
            if systems.provider == "embedded":
                return []
            found = list(problems(systems, assistant.organization, assistant.catalog.timezone, now=datetime.now(UTC)))
            whole = Finding(subject="calendars", state="ok", detail=f"{len(assistant.organization.rooms)} rooms on {systems.provider} can be read")
            return [Finding(subject=subject, state="wrong", detail=detail, remedy=remedy) for subject, detail, remedy in found] or [whole]
    except InsightsError as error:
        return [_wrong("calendars", error)]


def _tickets(settings: Settings, assistant: Assistant) -> list[Finding]:
    """Whether the configured ticket system answers, lets us in and has the forms that are named; nothing where tickets are kept in the ledger."""
    from insights.tickets.configured import provider_of

    if settings.section("tickets").get("provider", "embedded") == "embedded":
        return []
    try:
        with closing(provider_of(settings, lambda: assistant.ledger, assistant.organization)) as system:
            return [Finding(subject="tickets", state="ok", detail=f"{system.name}: {system.examine()}")]
    except InsightsError as error:
        return [_wrong("tickets", error)]


def _calls(settings: Settings, assistant: Assistant) -> list[Finding]:
    """Whether the conference service and the systems of rooms answer; nothing where none is configured."""
    from insights.calls.examining import examined

    if not settings.section("calls"):
        return []
    found = examined(settings, assistant.organization, settings.home)
    return [Finding(subject=subject, state="wrong" if remedy else "ok", detail=detail, remedy=remedy) for subject, detail, remedy in found]
