"""Who may ask, see, hear and do what: the one place that decides. Everything below only enforces the grant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from insights.catalog.model import Catalog, FieldId, Sensitivity
from insights.errors import NotPermitted, UnknownThing, nearest
from insights.organization import Organization, Person
from insights.requests import AdHoc, Follow, Formula, Help, LookUp, Measure, MetricName, MetricQuestion, Request, Scalar, named_in
from insights.turns import Audience

LEVELS: tuple[Sensitivity, ...] = ("public", "internal", "confidential")

RowFilter = Mapping[FieldId, tuple[Scalar, ...]]
"""Every field must hold one of its values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who is asking, as far as it is known, and who else hears the reply. `person` None: the unnamed local user, without role or bypass."""

    person: Person | None
    audience: Audience
    room: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What this asker may have, here. It is a part of every cache key.

    `metrics` and `datasets` are the names that may be told. `rows[dataset]` lists the row filters of which one must hold (OR); a dataset without an entry
    is not restricted; an empty tuple lets no row through. It holds for the dataset and for every fact that has a many-to-one path to it. `minimum_group`
    is the fewest rows of a personal dataset behind a shown number. `instead` says that the answer is to go to the person privately, not to this audience.
    """

    asker: Asker
    metrics: frozenset[str]
    datasets: frozenset[str] = frozenset()
    rows: Mapping[str, tuple[RowFilter, ...]] = field(default_factory=dict)
    minimum_group: int | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What distinguishes this grant from others in a cache."""
        rows = tuple((dataset, tuple(tuple(sorted((str(f), v) for f, v in one.items())) for one in filters)) for dataset, filters in sorted(self.rows.items()))
        return (tuple(sorted(self.metrics)), tuple(sorted(self.datasets)), rows, self.minimum_group, self.asker.audience)


def identify(person: str | None, organization: Organization) -> Person | None:
    """The person with this id, None for the unnamed local user.

    Raises UnknownThing for an id that does not exist and NotPermitted for someone who is no longer active.
    """
    if person is None:
        return None
    known = organization.people.get(person)
    if known is None:
        raise UnknownThing(
            f"I don't know a person '{person}' here.",
            remedy=nearest(person, organization.people) or "People are listed in organization.yaml.",
        )
    if not known.active:
        raise NotPermitted(f"{known.name} is no longer active here.", remedy="Ask an administrator.")
    return known


class Permit:
    """Decides from the catalog's sensitivity, access and policies and the organization's roles; without state."""

    def __init__(self, catalog: Catalog, organization: Organization) -> None:
        self._catalog = catalog
        self._organization = organization
        self._metrics = {name: self._sensitivity((name,), ()) for name in catalog.metrics}
        self._datasets = {name: self._sensitivity((), (name,)) for name in catalog.datasets}

    def asker(self, *, person: str | None, device: str | None, audience: Audience) -> Asker:
        """Who is asking: the named person, else the owner of the desk device; a device in a room makes the audience a room.

        Raises UnknownThing for a person or device that does not exist here, NotPermitted for someone inactive.
        """
        room = None
        if device is not None:
            known = self._organization.devices.get(device)
            if known is None:
                raise UnknownThing(
                    f"I don't know the device '{device}'.",
                    remedy=nearest(device, self._organization.devices) or "Map it to a room in organization.yaml.",
                )
            room = known.room
            person = person or known.person
            audience = "room" if room is not None and audience == "private" else audience
        return Asker(person=identify(person, self._organization), audience=audience, room=room)

    def grant(self, asker: Asker) -> Grant:
        """Everything this asker may have before a question is known: what may be named in questions back, suggestions and help."""
        seen = {level for level in LEVELS if self._visible(level, asker)}
        metrics = frozenset(name for name, level in self._metrics.items() if level in seen)
        datasets = frozenset(name for name, level in self._datasets.items() if level in seen)
        return Grant(asker=asker, metrics=metrics, datasets=datasets, rows=self._rows(asker), minimum_group=self._catalog.minimum_group)

    def unrestricted(self) -> Grant:
        """Everything there is: for checks of the definitions themselves, never for what anybody hears."""
        return Grant(asker=Asker(person=None, audience="private"), metrics=frozenset(self._metrics), datasets=frozenset(self._datasets))

    def decide(self, request: Request, asker: Asker) -> Grant:
        """The grant for this request. Raises NotPermitted with what the asker can do instead; help and the asker's own chores are granted."""
        grant = self.grant(asker)
        if isinstance(request, Follow) and request.what is not None:
            self.decide(request.what, asker)
        if isinstance(request, MetricQuestion):
            sensitivity = self._sensitivity(*self._touched(request))
            if not self._visible(sensitivity, asker):
                raise self._refusal(sensitivity, asker)
        elif not isinstance(request, Help | LookUp) and asker.person is None and self._organization.people:
            raise NotPermitted("I need to know who is asking before I do that.", remedy="Say who you are with --as, or link your account.")
        return grant

    def may_read(self, asker: Asker, *, roles: frozenset[str], private: bool) -> bool:
        """Whether a passage of the handbook may be told to this asker, here. What is for some roles, or private, is told to a known person in private only."""
        if not roles and not private:
            return True
        known = asker.person is not None and asker.person.active and asker.audience == "private"
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
        """Those who answer for everything that a question names (see `owners`); for what is no question, whom the catalog's `owner` means."""
        return self.owners(*self._touched(request)) if isinstance(request, MetricQuestion) else self.owners(())

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

    def _touched(self, request: MetricQuestion) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The metrics and the datasets that the request reads or asks about."""
        named = named_in(request)
        metrics = [name for measure in named.measures for name in _metrics(measure)]
        datasets = [*named.datasets, *(name for measure in named.measures for name in _datasets(measure))]
        fields = [*named.fields, *(name for name in metrics if name not in self._catalog.metrics)]  # what is correlated or distributed may be a bare field
        if named.topic is not None:
            metrics.append(named.topic)
            datasets.append(named.topic)
            fields += [] if named.topic in self._catalog.metrics or named.topic in self._catalog.datasets else [named.topic]
        tests = (self._catalog.experiments.get(str(request.options.get("experiment"))), self._catalog.funnels.get(str(request.options.get("funnel"))))
        datasets += [tests[0].dataset] if tests[0] is not None else []
        fields += [tests[1].by] if tests[1] is not None else []
        for name in fields:
            datasets += [id_.dataset for id_ in self._catalog.field_ids(name)]
        return tuple(metrics), tuple(datasets)

    def _sensitivity(self, metrics: Iterable[str], datasets: Iterable[str]) -> Sensitivity:
        """The highest sensitivity among metrics (with every dataset they read) and datasets."""
        catalog, found = self._catalog, {*datasets}
        levels: list[Sensitivity] = ["public"]
        for metric in (catalog.metrics[name] for name in metrics if name in catalog.metrics):
            levels.append(metric.sensitivity)
            read = [id_ for a in metric.aggregations for id_ in (*a.fields, a.time)]
            found |= {*metric.datasets, *(id_.dataset for id_ in (*read, metric.time) if id_ is not None)}
        levels += [catalog.datasets[name].sensitivity for name in found if name in catalog.datasets]
        return max(levels, key=LEVELS.index)

    def _visible(self, sensitivity: Sensitivity, asker: Asker) -> bool:
        if sensitivity != "confidential":
            return True
        allowed = frozenset(self._catalog.access.get(sensitivity, ()))
        return asker.audience == "private" and asker.person is not None and bool(allowed & asker.person.roles)

    def _refusal(self, sensitivity: Sensitivity, asker: Asker) -> NotPermitted:
        allowed = frozenset(self._catalog.access.get(sensitivity, ()))
        if asker.person is not None and allowed & asker.person.roles:
            return NotPermitted(f"That is {sensitivity} and others can hear or see this.", remedy="Ask me in private.")
        who = " or ".join(sorted(allowed)) or "nobody yet"
        return NotPermitted(f"That is {sensitivity}: it is for {who}.", remedy="Ask the data owner for access.")

    def _rows(self, asker: Asker) -> Mapping[str, tuple[RowFilter, ...]]:
        rows: dict[str, tuple[RowFilter, ...]] = {policy.dataset: () for policy in self._catalog.policies}
        if asker.person is None:
            return rows
        for policy in self._catalog.policies:
            if asker.person.roles & frozenset(policy.roles):
                filters: dict[FieldId, tuple[Scalar, ...]] = {}
                for name, wanted in policy.where.items():
                    filters[FieldId(policy.dataset, name)] = _resolved(wanted, asker.person)
                rows[policy.dataset] = (*rows[policy.dataset], filters)
        return rows


def _plain(name: str) -> str:
    """A role as it may be written in two files: "ad sales" is ad_sales."""
    return name.casefold().replace("_", " ").replace("-", " ").strip()


def _metrics(measure: Measure) -> list[str]:
    match measure:
        case MetricName(name):
            return [name]
        case AdHoc():
            return []
        case Formula(left, _, right):
            return _metrics(left) + _metrics(right)


def _datasets(measure: Measure) -> list[str]:
    match measure:
        case MetricName():
            return []
        case AdHoc(_, dataset, _):
            return [dataset]
        case Formula(left, _, right):
            return _datasets(left) + _datasets(right)


def _resolved(wanted: Scalar | tuple[Scalar, ...], person: Person) -> tuple[Scalar, ...]:
    """The values a policy asks for, with `{person.x}` replaced by the attribute; an attribute the person lacks fits nothing."""
    values: list[Scalar] = []
    for value in wanted if isinstance(wanted, tuple) else (wanted,):
        if isinstance(value, str) and value.startswith("{person.") and value.endswith("}"):
            attribute = person.attributes.get(value[len("{person.") : -1], ())
            values += [attribute] if isinstance(attribute, str) else attribute
        else:
            values.append(value)
    return tuple(values)
