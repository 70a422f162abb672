"""Settings -> Assistant: the only builder of adapters."""

from __future__ import annotations

from insights.collecting import paused

with paused():
    from insights.wiring.engines import open_lake
    from insights.wiring.examining import check, export, remarked, scaffold
    from insights.wiring.opening import open_catalog, open_data, open_settings
    from insights.wiring.places import HOME, LEARNED, LEDGER, ORGANIZATION, calendar_systems, ledger_place, retention
    from insights.wiring.working import work_once

__all__ = [
    "HOME",
    "LEARNED",
    "LEDGER",
    "ORGANIZATION",
    "calendar_systems",
    "check",
    "export",
    "ledger_place",
    "open_catalog",
    "open_data",
    "open_lake",
    "open_settings",
    "remarked",
    "retention",
    "scaffold",
    "work_once",
]
