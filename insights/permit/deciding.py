"""Decides from the catalog's sensitivity, access and policies, the organization's roles, and the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from insights.catalog.model import Catalog, Metric, Sensitivity
from insights.errors import NotPermitted, UnknownThing, nearest
from insights.organization import Device, Organization, Person
from insights.permit.asking import LEVELS, Asker, Grant, identify
from insights.permit.rows import covers, rows_of
from insights.permit.table import Subject, Verdict
from insights.permit.touching import touched
from insights.requests import (
    Follow,
    Following,
    Help,
    LookUp,
    MetricQuestion,
    MyCalendar,
    Reminders,
    Request,
    RoomStatus,
    Share,
    TicketStatus,
)
from insights.turns import Audience, Confidence, Place

_WORST: tuple[Verdict, ...] = ("here", "privately", "no")


class Permit:
    """Decides from the catalog's sensitivity, access and policies and the organization's roles; without state."""

    def __init__(self, catalog: Catalog, organization: Organization) -> None:
        self._catalog = catalog
        self._organization = organization
        self._datasets = {name: dataset.sensitivity for name, dataset in catalog.datasets.items()}
        self._metrics = {name: self._of_metric(metric) for name, metric in catalog.metrics.items()}
        self._named: dict[frozenset[Sensitivity], tuple[frozenset[str], frozenset[str]]] = {}

    def asker(
        self,
        *,
        person: str | None,
        device: str | Device | None,
        audience: Audience,
        place: Place | None = None,
        confidence: Confidence | None = None,
        listeners: tuple[str, ...] | None = None,
        strangers: int = 0,
    ) -> Asker:
        """Who is asking: the named person, else the owner of the desk device; a device in a room makes the audience a room.

        A `device` that organization.yaml does not have, and an administrator confirmed, comes as such.

        `listeners` are the members of a channel: those whom nobody knows here, or who are not active, count as strangers.

        Raises UnknownThing for a person or device that does not exist here, NotPermitted for someone inactive.
        """
        room = None
        if device is not None:
            known = device if isinstance(device, Device) else self._organization.devices.get(device)
            if known is None:
                assert isinstance(device, str)
                raise UnknownThing(
                    f"I don't know the device '{device}'.",
                    remedy=nearest(device, self._organization.devices) or "Map it to a room in organization.yaml.",
                )
            room = known.room
            confidence = confidence or ("owner" if person is None and known.person is not None else None)
            person = person or known.person
            audience = "room" if room is not None and audience == "private" else audience
            place = place or ("room" if room is not None else "desk")
        members = [self._organization.people.get(one) for one in listeners or ()]
        found = tuple(one for one in members if one is not None and one.active)
        return Asker(
            person=identify(person, self._organization),
            audience=audience,
            room=room,
            place=place,
            confidence=confidence,
            listeners=None if listeners is None else found,
            strangers=strangers + len(members) - len(found),
        )

    def grant(self, asker: Asker) -> Grant:
        """Everything this asker may have before a question is known: what may be named in questions back, suggestions and help."""
        seen = frozenset(level for level in LEVELS if self._visible(level, asker))
        if seen not in self._named:
            metrics = frozenset(name for name, level in self._metrics.items() if level in seen)
            self._named[seen] = (metrics, frozenset(name for name, level in self._datasets.items() if level in seen))
        metrics, datasets = self._named[seen]
        return Grant(asker=asker, metrics=metrics, datasets=datasets, rows=rows_of(asker, self._catalog), minimum_group=self._catalog.minimum_group)

    def unrestricted(self) -> Grant:
        """Everything there is: for checks of the definitions themselves, never for what anybody hears."""
        return Grant(asker=Asker(person=None, audience="private"), metrics=frozenset(self._metrics), datasets=frozenset(self._datasets))

    def decide(self, request: Request, asker: Asker) -> Grant:
        """The grant for this request, to be answered here. Raises NotPermitted with what the asker can do instead."""
        grant = self.weigh(request, asker)
        if grant.instead is not None:
            raise self._elsewhere(request)
        return grant

    def weigh(self, request: Request, asker: Asker) -> Grant:
        """The grant for this request, with `instead` set where its answer is for the asker alone and must not be told here.

        Raises NotPermitted with what the asker can do instead. What is sent is decided again then, for who it is sent to.
        """
        grant = self.grant(asker)
        if isinstance(request, Follow | Share) and request.what is not None:
            self.decide(request.what, asker)
        found = max((self._gets(subject, request, asker) for subject in self._subjects(request, asker)), key=_WORST.index)
        match found:
            case "here":
                return grant
            case "privately":
                if not self.has_address(asker):
                    raise self._elsewhere(request)
                return replace(grant, instead=asker.alone)
            case "no":
                raise self._refusal(request, asker)
            case _:
                assert_never(found)

    def share(self, request: MetricQuestion, *, by: Person, to: Person) -> Asker:
        """Whose question the answer is when somebody sends it to somebody: both must be allowed to have it, and every row of it.

        It is found with the rows of whoever sends it; a receiver who may not see all of them is not sent it. Raises NotPermitted.
        """
        sender, receiver = Asker(person=by, audience="private").alone, Asker(person=to, audience="private").alone
        self.decide(request, sender)
        if to.id == by.id:
            return sender
        datasets, own, theirs = self._policied(*touched(request, self._catalog)), rows_of(sender, self._catalog), rows_of(receiver, self._catalog)
        try:
            self.decide(request, receiver)
            allowed = all(any(covers(other, one) for other in theirs[dataset]) for dataset in datasets for one in own[dataset])
        except NotPermitted:
            allowed = False
        if not allowed:
            raise NotPermitted(f"{to.name} may not see all of that.", remedy="They can ask for it themselves, and get what is theirs.")
        return sender

    def post(self, request: MetricQuestion, *, by: Person, listeners: tuple[str, ...] | None, strangers: int) -> Asker:
        """Whose question the answer is when somebody has it posted where others read along: everybody there must be allowed to have it. Raises NotPermitted."""
        asker = self.asker(
            person=by.id, device=None, audience="channel", place="chat", confidence="account", listeners=listeners, strangers=strangers
        )  # fmt: skip
        self.decide(request, asker.alone)
        self.decide(request, asker)
        return asker

    def meant_for(self, metric: str) -> str:
        """Whom a metric is for, in words."""
        level = self._metrics[metric]
        return self._for_roles(level) if level == "confidential" else "everybody who is known"

    def _for_roles(self, level: Sensitivity) -> str:
        return " or ".join(sorted(self._catalog.access.get(level, ()))) or "nobody yet"

    def has_address(self, asker: Asker) -> bool:
        """Whether something can be sent to the asker, privately and later."""
        return asker.person is not None and bool(asker.person.slack or asker.person.email)

    def may(self, subject: Subject, asker: Asker) -> bool:
        """Whether the asker may be told this here: what a private event is about, a passage for some roles."""
        return self._alone_here(asker) or asker.gets(subject) == "here"

    def _alone_here(self, asker: Asker) -> bool:
        """Whether nobody is listed here at all: then whoever sits at the machine is the only one."""
        return asker.person is None and not self._organization.people

    def _subjects(self, request: Request, asker: Asker) -> tuple[Subject, ...]:
        """What of the table a request is about."""
        match request:
            case MetricQuestion():
                metrics, datasets = touched(request, self._catalog)
                level = self._sensitivity(metrics, datasets)
                more: tuple[Subject, ...] = ("briefing",) if request.analysis == "briefing" else ()
                return (level, *more, *(("limited",) if self._policied(metrics, datasets) else ()))
            case Help() | LookUp():  # what of the handbook may be told is decided for each passage
                return ("help",)
            case MyCalendar() | TicketStatus() | Following(act="list") | Reminders(act="list"):
                return ("own",)
            case RoomStatus(room=room) if self._shows_its_status(asker) and room in (None, asker.room):
                return ("occupancy",)
            case _:
                return ("act",)

    def _shows_its_status(self, asker: Asker) -> bool:
        """Whether the room in which it is asked tells anybody when it is free."""
        room = self._organization.rooms.get(asker.room or "")
        return room is not None and room.policy.status == "anyone"

    def _gets(self, subject: Subject, request: Request, asker: Asker) -> Verdict:
        if subject in ("own", "act", "occupancy", "briefing") and self._alone_here(asker):
            return "here"
        if subject == "confidential" and not self._has_role("confidential", asker):
            return "no"
        if subject == "limited" and isinstance(request, MetricQuestion) and self._all_see_the_same(request, asker):
            return "here"
        return asker.gets(subject)

    def _all_see_the_same(self, request: MetricQuestion, asker: Asker) -> bool:
        """Whether everybody in the channel is known, and may see every row that the asker may."""
        if asker.audience != "channel" or asker.listeners is None or asker.strangers:
            return False
        datasets, own = self._policied(*touched(request, self._catalog)), rows_of(asker, self._catalog)
        others = [rows_of(Asker(person=person, audience="channel"), self._catalog) for person in asker.listeners]
        return all(one in rows[dataset] for dataset in datasets for one in own[dataset] for rows in others)

    def _policied(self, metrics: Iterable[str], datasets: Iterable[str]) -> frozenset[str]:
        """The datasets with row policies that these metrics and datasets are read by way of."""
        catalog = self._catalog
        facts = {*datasets, *(name for metric in metrics if metric in catalog.metrics for name in catalog.metrics[metric].datasets)}
        reached = {one for fact in facts if fact in catalog.datasets for one in catalog.reachable(fact)}
        return frozenset(policy.dataset for policy in catalog.policies) & reached

    def may_read(self, asker: Asker, *, roles: frozenset[str], private: bool) -> bool:
        """Whether a passage of the handbook may be told to this asker, here. What is for some roles, or private, is told to a known person in private only."""
        if not roles and not private:
            return True
        known = asker.person is not None and asker.person.active and self.may("restricted", asker)
        return known and (not roles or (asker.person is not None and bool(roles & asker.person.roles)))

    def owners(self, metrics: Iterable[str], datasets: Iterable[str] = ()) -> tuple[Person, ...]:
        """The active people who answer for all of these definitions, and may see them: nobody else judges what is taught about them.

        A metric's `owner` is a role or a person; where nobody is meant by it, and for what has none, the catalog's `owner` answers. Without that, those who
        own a metric over a dataset answer for the dataset. Nothing named: the catalog's `owner`.
        """
        metrics, datasets = tuple(metrics), tuple(datasets)
        sides = [self._answering(self._catalog.metrics[name].owner) for name in metrics if name in self._catalog.metrics]
        sides += [self._answering_for(name) for name in datasets] if not sides else []
        chosen = set.intersection(*sides) if sides else self._answering(None)
        level = self._sensitivity(metrics, datasets)
        found = [person for person in self._organization.people.values() if person.id in chosen]
        return tuple(person for person in found if self._visible(level, Asker(person=person, audience="private")))

    def owners_of(self, request: Request | None) -> tuple[Person, ...]:
        """Those who answer for everything that a question names (see `owners`); for what is no question, whom the catalog's `owner` means, and without one
        those who own the most metrics."""
        if isinstance(request, MetricQuestion):
            return self.owners(*touched(request, self._catalog))
        if named := self.owners(()):
            return named
        for owner, _ in Counter(metric.owner for metric in self._catalog.metrics.values() if metric.owner).most_common():
            if chosen := self._answering(owner):
                return tuple(person for person in self._organization.people.values() if person.id in chosen)
        return ()

    def _answering(self, owner: str | None) -> set[str]:
        """The ids of the active people whom an `owner` means, else those whom the catalog's means."""
        found = {p.id for p in self._organization.people.values() if p.active and owner and _plain(owner) in {_plain(p.id), *map(_plain, p.roles)}}
        return found if found or owner == self._catalog.owner else self._answering(self._catalog.owner)

    def _answering_for(self, dataset: str) -> set[str]:
        if self._catalog.owner is not None:
            return self._answering(None)
        near = [metric for metric in self._catalog.metrics.values() if dataset in metric.datasets]
        near = near or [m for m in self._catalog.metrics.values() if any(dataset in self._catalog.reachable(fact) for fact in m.datasets)]
        return {id_ for metric in near for id_ in self._answering(metric.owner)}

    def _sensitivity(self, metrics: Iterable[str], datasets: Iterable[str]) -> Sensitivity:
        """The highest sensitivity among metrics (with every dataset they read) and datasets."""
        levels = [self._metrics[name] for name in metrics if name in self._metrics]
        levels += [self._datasets[name] for name in datasets if name in self._datasets]
        return max(levels, key=LEVELS.index, default="public")

    def _of_metric(self, metric: Metric) -> Sensitivity:
        """The highest sensitivity of a metric and every dataset that it reads."""
        read = [id_ for a in metric.aggregations for id_ in (*a.fields, a.time)]
        datasets = {*metric.datasets, *(id_.dataset for id_ in (*read, metric.time) if id_ is not None)}
        return max((metric.sensitivity, *(self._datasets[name] for name in datasets if name in self._datasets)), key=LEVELS.index)

    def _visible(self, sensitivity: Sensitivity, asker: Asker) -> bool:
        return asker.gets(sensitivity) == "here" and self._has_role(sensitivity, asker)

    def _has_role(self, sensitivity: Sensitivity, asker: Asker) -> bool:
        """Whether the asker has a role that what is confidential is for; anything else needs none."""
        allowed = frozenset(self._catalog.access.get(sensitivity, ()))
        return sensitivity != "confidential" or (asker.person is not None and bool(allowed & asker.person.roles))

    def _refusal(self, request: Request, asker: Asker) -> NotPermitted:
        if not isinstance(request, MetricQuestion):
            if asker.person is not None:
                return self._elsewhere(request)
            spoken = asker.place in ("desk", "room", "screen")
            remedy = "Ask an administrator for a code, and say: my code is, and the code." if spoken else "Say who you are with --as, or link your account."
            return NotPermitted("I need to know who is asking before I do that.", remedy=remedy)
        sensitivity = self._sensitivity(*touched(request, self._catalog))
        if sensitivity != "confidential" or self._has_role(sensitivity, asker):
            return self._elsewhere(request)
        return NotPermitted(f"That is {sensitivity}: it is for {self._for_roles(sensitivity)}.", remedy="Ask the data owner for access.")

    def _elsewhere(self, request: Request) -> NotPermitted:
        """The refusal of what is not for everybody here."""
        level = self._sensitivity(*touched(request, self._catalog)) if isinstance(request, MetricQuestion) else "internal"
        what = "That is confidential" if level == "confidential" else "That is not for everybody here"
        return NotPermitted(f"{what} and others can hear or see this.", remedy="Ask me in private.")


def _plain(name: str) -> str:
    """A role as it may be written in two files: "ad sales" is ad_sales."""
    return name.casefold().replace("_", " ").replace("-", " ").strip()
