"""Outages: announced once by the help desk, told to everybody who asks or reports the same, and over for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from insights.answers import Outage, OutageAnswer, TicketsAnswer
from insights.contract import encode
from insights.errors import InsightsError, NotAnswerable, NotPermitted, UnknownThing
from insights.ledger.helpdesk import StoredOutage
from insights.ledger.once import once
from insights.ledger.port import Ledger
from insights.organization import Organization
from insights.permit import Asker
from insights.requests import AnnounceOutage
from insights.tickets import known
from insights.tickets.telling import Telling

KIND = "announce_outage"
_LONGEST = 500


class Outages:
    """Outages of one organization."""

    def __init__(self, *, ledger: Callable[[], Ledger], organization: Organization, telling: Telling, category: Callable[[str], str]) -> None:
        self._ledger = ledger
        self._organization = organization
        self._telling = telling
        self._category = category

    def met(self, what: str, room: str | None, category: str) -> StoredOutage | None:
        """The outage that a report belongs to."""
        return known.outage(what, room, category, self._ledger().outages())

    def asked(self, about: str, *, asker: Asker) -> TicketsAnswer:
        """What is known about something, or at all; whoever asked hears when it is over."""
        found = known.about(about, self._ledger().outages(), self._category(about) if about else "")
        for one in found:
            if asker.person is not None:
                self._ledger().watch(one.id, asker.person.id)
        return TicketsAnswer(tickets=(), outages=tuple(self.told(one) for one in found), about=about)

    def propose(self, request: AnnounceOutage, *, asker: Asker, now: datetime) -> OutageAnswer:
        """What would be told. Raises NotPermitted for whoever is not of the help desk."""
        self._check(asker)
        room = self._room(request, asker)
        what = self._what(request)
        return OutageAnswer(status="proposed", outage=Outage(id="", what=what, room=room, room_name=self._name(room), since=now))

    def announce(self, request: AnnounceOutage, *, asker: Asker, now: datetime, key: str) -> OutageAnswer:
        """Announce it, or end it, once per key."""
        self._check(asker)
        result = once(
            self._ledger(),
            key=key,
            kind=KIND,
            request=json.dumps(encode(request)),
            person=asker.person.id if asker.person else None,
            now=now,
            attempt=lambda: self._end(request, now) if request.over else self._begin(request, asker, now, key),
            found=lambda: None,
        )
        return self.answer(result)

    def _begin(self, request: AnnounceOutage, asker: Asker, now: datetime, key: str) -> str:
        what = self._what(request)
        made = StoredOutage(
            id="",
            key=key,
            person=asker.person.id if asker.person else None,
            what=what,
            category=self._category(what),
            room=self._room(request, asker),
            since=now,
        )
        stored = self._ledger().announce(made)
        concerned = [
            one
            for one in self._ledger().registered_since(now - timedelta(days=1), only_open=True)
            if known.outage(one.what, one.room, one.category, (stored,)) is not None
        ]
        for ticket in concerned:
            if ticket.person is not None:
                self._ledger().watch(stored.id, ticket.person)
        answer = OutageAnswer(status="announced", outage=self.told(stored))
        told = self._telling.tell([ticket.person for ticket in concerned], answer, key=f"{stored.id}:announced", but=made.person)
        return json.dumps(encode(OutageAnswer(status="announced", outage=self.told(stored), told=told)))

    def _end(self, request: AnnounceOutage, now: datetime) -> str:
        lasting = self._ledger().outages()
        meant = [one for one in lasting if request.outage is None or one.id == request.outage]
        if request.what:
            meant = list(known.about(request.what, meant, self._category(request.what)))
        if not meant:
            raise UnknownThing("No such outage is announced.", options=[one.id for one in lasting][:5])
        if len(meant) > 1:
            raise NotAnswerable(
                "Several outages are announced.", remedy="Say which is over, such as 'the outage O-2 is over'.", options=[one.id for one in meant][:5]
            )
        ended = self._ledger().end_outage(meant[0].id, now=now)
        assert ended is not None
        answer = OutageAnswer(status="over", outage=self.told(ended))
        told = self._telling.tell(self._ledger().watchers(ended.id), answer, key=f"{ended.id}:over")
        return json.dumps(encode(OutageAnswer(status="over", outage=self.told(ended), told=told)))

    def told(self, outage: StoredOutage) -> Outage:
        """The outage as an answer tells it."""
        return Outage(
            id=outage.id, what=outage.what, room=outage.room, room_name=self._name(outage.room), since=outage.since, ended=outage.ended
        )  # fmt: skip

    def found(self, key: str) -> str | None:
        """The outage announced under this key, or None: for reconciliation."""
        stored = next((one for one in self._ledger().outages(since=datetime.min) if one.key == key), None)
        return None if stored is None else json.dumps(encode(OutageAnswer(status="announced", outage=self.told(stored))))

    def answer(self, result: str) -> OutageAnswer:
        """The answer that a recorded result stands for."""
        facts = json.loads(result)
        outage = facts["outage"]
        times = {name: datetime.fromisoformat(outage[name]) if outage.get(name) else None for name in ("since", "ended")}
        return OutageAnswer(status=facts["status"], outage=Outage(**{**outage, **times}), told=facts["told"])

    def undone(self, request: str) -> InsightsError:  # noqa: ARG002 # nothing of it is to be repeated aloud
        """What to tell the person whose announcement was interrupted."""
        return NotAnswerable("I was interrupted, and nothing was announced.", remedy="Announce it again.")

    def _check(self, asker: Asker) -> None:
        desk = self._organization.help_desk
        if self._organization.people and (asker.person is None or not asker.person.roles & desk.agents):
            raise NotPermitted("Outages are announced by the help desk.", remedy="Report it, and they will see to it.")

    def _what(self, request: AnnounceOutage) -> str:
        what = " ".join("".join(char if char.isprintable() else " " for char in request.what).split())[:_LONGEST]
        if not what:
            raise NotAnswerable("An outage needs to say what is out of order.", remedy="Say for example 'announce that the wifi is down'.")
        return what

    def _room(self, request: AnnounceOutage, asker: Asker) -> str | None:
        return self._organization.room_called(request.room, here=asker.room).id if request.room else None

    def _name(self, room: str | None) -> str | None:
        known_room = self._organization.rooms.get(room or "")
        return known_room.name if known_room is not None else room
