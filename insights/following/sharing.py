"""Answers that are passed on: to oneself, to people, into a channel. Written down here; found anew and permitted when they are sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from insights.answers import ShareAnswer
from insights.catalog.model import Catalog
from insights.delivery import outbox
from insights.errors import NotAnswerable, NotPermitted
from insights.following.acting import Act, Doing
from insights.following.desk import said
from insights.ledger.port import Ledger
from insights.organization import Organization, Person
from insights.permit import Asker, Permit
from insights.requests import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareDesk:
    """Puts answers into the outbox for those who may have them."""

    ledger: Callable[[], Ledger]
    organization: Organization
    catalog: Catalog
    permit: Permit

    @property
    def sharing(self) -> Doing[ShareAnswer]:
        """Passing an answer on."""
        return Doing(answer_type=ShareAnswer, ledger=self.ledger, attempt=self._share, found=self._shared, undone_words="nothing was sent")

    def send(self, request: Share, *, asker: Asker, key: str, now: datetime) -> ShareAnswer:
        """Write it down for everybody it goes to. Raises NotPermitted where one of them may not have it."""
        if asker.person is None:
            raise NotAnswerable("I need to know who sends it.", remedy="Say who you are with --as, or link your account.")
        return self.sharing.once(Act(request=request, person=asker.person.id, key=key, now=now))

    def settle(self, request: Share) -> Share:
        """The request as it can be carried out. Raises NotAnswerable where there is nothing to send or no way to send it."""
        if request.what is None:
            raise NotAnswerable("There is no answer to send yet.", remedy="Ask for a figure first.")
        if request.through == "email":
            raise NotAnswerable("I can't send e-mail.", remedy="I can send it to your Slack: say 'send it to my Slack'.")
        return request

    def _share(self, act: Act) -> ShareAnswer:
        request, by = act.request, self.organization.people[act.person]
        assert isinstance(request, Share)
        assert request.what is not None
        receivers = [self._receiver(id_) for id_ in request.people] or ([by] if request.channel is None else [])
        for one in receivers:  # nobody is sent it where somebody may not have it
            self.permit.share(request.what, by=by, to=one)
        for one in receivers:
            outbox.share(self.ledger(), key=f"{act.key}:{one.id}", by=by.id, to=one.id, request=request.what)
        if request.channel is not None:
            outbox.share(self.ledger(), key=f"{act.key}:#{request.channel}", by=by.id, to=by.id, request=request.what, channel=request.channel)
        return self._answer(request, by)

    def _shared(self, act: Act) -> ShareAnswer | None:
        request = act.request
        assert isinstance(request, Share)
        last = f"#{request.channel}" if request.channel is not None else request.people[-1] if request.people else act.person
        by = self.organization.people[act.person]
        return self._answer(request, by) if self.ledger().work_with(f"{act.key}:{last}") is not None else None

    def _answer(self, request: Share, by: Person) -> ShareAnswer:
        assert request.what is not None
        about = said(request.what, self.catalog)
        names = tuple(self.organization.people[id_].name for id_ in request.people if id_ != by.id)
        return ShareAnswer(about=about, people=names, channel=request.channel, own=request.channel is None and not names)

    def _receiver(self, id_: str) -> Person:
        person = self.organization.people.get(id_)
        if person is None or not person.active:
            raise NotPermitted(f"{person.name if person else id_} is no longer active here.", remedy="Ask an administrator.")
        if not (person.slack or person.email):
            raise NotAnswerable(f"I have no way to reach {person.name}.", remedy="Ask them to link their account.")
        return person
