"""The office: the capabilities that act, each on its provider and all on one ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from insights.catalog.model import Catalog
from insights.organization import Organization
from insights.parts import Office
from insights.permit import Permit
from insights.settings import Settings
from insights.wiring.places import LEARNED, SNAPSHOTS
from insights.wording import Wording

if TYPE_CHECKING:
    from insights.calls.desk import CallDesk
    from insights.language.periods.model import Calendar
    from insights.ledger.port import Ledger
    from insights.meetings import MeetingsOffice
    from insights.meetings.calendars.opening import Systems
    from insights.meetings.port import Calendars
    from insights.tickets import TicketDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the office is made of. `settings` None: everything is kept in our own ledger."""

    ledger: Callable[[], Ledger]
    organization: Organization
    catalog: Catalog
    home: Path
    wording: Wording
    settings: Settings | None
    permit: Permit
    systems: Callable[[], Systems]
    calendar: Callable[[], Calendar]

    def office(self) -> Office:
        """The office, with the ledger opened."""
        from insights.company import CompanyDesk
        from insights.delivery.snapshots import Snapshot, write
        from insights.following import FollowDesk, ReminderDesk, ShareDesk
        from insights.meetings.figures import snapshot as room_figures
        from insights.tickets.figures import snapshot

        calendars = self._calendars()
        meetings, tickets, calls = self._meetings(calendars), self._tickets(), self._calls(calendars)
        follows = FollowDesk(ledger=self.ledger, organization=self.organization, catalog=self.catalog, calendar=self.calendar)
        reminders = ReminderDesk(ledger=self.ledger, organization=self.organization, timezone=self.catalog.timezone)
        shares = ShareDesk(ledger=self.ledger, organization=self.organization, catalog=self.catalog, permit=self.permit)
        snapshots: tuple[Snapshot, ...] = (
            snapshot(self.ledger, self.organization),
            room_figures(self.ledger, self.organization, self._zone),
        )  # what the office's figures are read from: add that of a capability here
        return Office(
            ledger=self.ledger(),
            meetings=meetings,
            tickets=tickets,
            calls=calls,
            company=CompanyDesk(organization=self.organization, permit=self.permit, holidays=self.catalog.holidays),
            follows=follows,
            reminders=reminders,
            shares=shares,
            witnesses={
                "follow": follows.following.witness(),
                "following": follows.managing.witness(),
                "remind": reminders.reminding.witness(),
                "reminders": reminders.ending.witness(),
                "before_meetings": reminders.telling.witness(),
                "share": shares.sharing.witness(),
                **meetings.witnesses,
                "raise_ticket": tickets,
                "update_ticket": tickets.changing,
                "announce_outage": tickets.outages,
                "start_call": calls,
                "join_call": calls,
            },
            catch_up=lambda now: tickets.catch_up(now=now),
            snapshots=lambda: write(snapshots, self.home / SNAPSHOTS),
        )

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.catalog.timezone)

    def _calendars(self) -> Calendars:
        from insights.meetings import EmbeddedCalendars

        return self.systems().calendars(EmbeddedCalendars(self.ledger, self.organization), self.organization, self.catalog.timezone, self.ledger)

    def _meetings(self, calendars: Calendars) -> MeetingsOffice:
        from insights.meetings import EmbeddedRooms, Ground, MeetingsOffice
        from insights.meetings.working import days_off

        ground = Ground(
            rooms=self.systems().rooms(lambda: EmbeddedRooms(self.ledger), self.organization, self.catalog.timezone),
            calendars=calendars,
            ledger=self.ledger,
            organization=self.organization,
            zone=self._zone,
            locale=self.catalog.locale,
            holidays=days_off(self.catalog.holidays, self.catalog.country),
            bring=self.systems().bring,
        )
        return MeetingsOffice(ground)

    def _tickets(self) -> TicketDesk:
        from insights.tickets import TicketDesk
        from insights.tickets.configured import provider_of
        from insights.tickets.triage import triage

        return TicketDesk(
            provider=provider_of(self.settings, self.ledger, self.organization, self._zone),
            ledger=self.ledger,
            organization=self.organization,
            wording=self.wording,
            judge=cache(lambda: triage(self.organization.help_desk, self.home / LEARNED)),
            holidays=self.catalog.holidays,
        )

    def _calls(self, calendars: Calendars) -> CallDesk:
        from insights.calls.configured import conferences_of, hosts_of, room_systems_of
        from insights.calls.desk import CallDesk

        return CallDesk(
            events=calendars.events,
            conferences=conferences_of(self.settings, self.home),
            room_systems=room_systems_of(self.settings, self.organization),
            ledger=self.ledger,
            organization=self.organization,
            wording=self.wording,
            timezone=self.catalog.timezone,
            hosts=hosts_of(self.settings),
        )
