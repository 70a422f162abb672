"""Understands what somebody says with the names and values that they may know, so that no question back and no suggestion tells more."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from datetime import datetime
from threading import Lock

from insights.catalog.model import Catalog
from insights.catalog.speakable import label_of
from insights.catalog.values import Contents
from insights.language.lessons import NOTHING_TAUGHT, Lessons
from insights.language.lexicon import DatasetLink, FieldLink, Link, MetricLink, ValueLink
from insights.language.understand import Understander
from insights.permit import Grant
from insights.query.visible import Sight, View
from insights.requests import Errand, Reading, Request, Understood, Unsupported

_KEPT = 16


class Hearing:
    """One understander for everybody who may know the same. `make` builds one; safe to use from many threads."""

    def __init__(self, sight: Sight, make: Callable[[Catalog, Contents], Understander]) -> None:
        self._sight = sight
        self._make = make
        self._made: OrderedDict[int, tuple[Catalog, Understander]] = OrderedDict()
        self._apart: dict[int, tuple[Catalog, bool]] = {}
        self._taught: dict[tuple[int, int], tuple[Lessons, View, Lessons]] = {}
        self._lock = Lock()

    def view(self, grant: Grant) -> View:
        """What the grant lets its asker know."""
        return self._sight.of(grant)

    def understand(
        self, text: str, grant: Grant, *, now: datetime, previous: Request | None = None, room: str | None = None, taught: Lessons = NOTHING_TAUGHT
    ) -> Reading:
        """The reading of one utterance by somebody with this grant; what they ask for by name and may not have is understood, to be refused as such.

        `now` is local without offset, `previous` what the conversation is about, `room` the id of the room the device stands in, `taught` the lessons that
        hold for the asker: those about what they may not know are left out.
        """
        view = self.view(grant)
        if view.catalog.refused and (name := refused_in(text, view.catalog)) is not None:
            return Unsupported(reason=f"'{name}' is defined in a way that I can't answer yet.", suggestions=())
        taught = self._told(taught, view)
        before = previous if view.shows(previous) else None
        if not view.is_whole and view.names(before) and self._stands_apart(view) and not self._named(view).names_beyond(text, view.catalog, now=now):
            return self._understander(view.catalog, view.contents).understand(text, now=now, previous=before, room=room, taught=taught)
        reading = self._named(view).understand(text, now=now, previous=before, room=room, taught=taught)
        if view.is_whole or isinstance(reading, Understood):
            return reading
        before = before if view.names(before) else None
        return self._understander(view.catalog, view.contents).understand(text, now=now, previous=before, room=room, taught=taught)

    def complete(self, partial: Request, missing: str, text: str, grant: Grant, *, now: datetime) -> Reading:
        """The reading of a reply to a question back for the slot `missing` of `partial`."""
        view = self.view(grant)
        return self._understander(view.catalog, view.contents).complete(partial, missing, text, now=now)

    def amended(self, errand: Errand, text: str, grant: Grant, *, now: datetime) -> Reading | None:
        """An errand that waits for a yes as a short correction changes it; None for whatever is no correction of it."""
        view = self.view(grant)
        return self._understander(view.catalog, view.contents).amended(errand, text, now=now)

    def is_time(self, phrase: str, grant: Grant, *, now: datetime) -> bool:
        """Whether the whole of a phrase is one time of the calendar or of the clock."""
        view = self.view(grant)
        return self._understander(view.catalog, view.contents).is_time(phrase, now=now)

    def knows(self, meaning: Link | Request, grant: Grant) -> bool:
        """Whether somebody with this grant may hear of a name, a value, or a question and everything in it."""
        view = self.view(grant)
        return self._shows(meaning, view) if isinstance(meaning, Link) else view.names(meaning) and view.shows(meaning)

    @staticmethod
    def _shows(link: Link, view: View) -> bool:
        match link:
            case MetricLink(name):
                return name in view.catalog.metrics
            case DatasetLink(name):
                return name in view.catalog.datasets
            case FieldLink(id_):
                return id_ in view.catalog.fields
            case ValueLink(id_, value):
                return id_ in view.catalog.fields and (id_ not in view.policied or value in view.contents.values.get(id_, ()))

    def named(self, phrase: str, grant: Grant) -> tuple[Link, ...]:
        """What a whole phrase names exactly among what the grant lets its asker know."""
        view = self.view(grant)
        return self._understander(view.catalog, view.contents).named(phrase)

    def names_data(self, text: str, grant: Grant) -> bool:
        """Whether an utterance names a figure or records among what the grant lets its asker know."""
        view = self.view(grant)
        return self._understander(view.catalog, view.contents).names_data(text)

    def phrases_for(self, text: str, links: Collection[Link], grant: Grant) -> tuple[str, ...]:
        """The phrases of an utterance that were taken for one of `links`, the longest first."""
        view = self.view(grant)
        return self._understander(view.catalog, view.contents).phrases_for(text, links)

    def whole(self, grant: Grant) -> Understander:
        """The understander of everything that this grant lets be known."""
        view = self.view(grant)
        return self._understander(view.catalog, view.contents)

    def _told(self, taught: Lessons, view: View) -> Lessons:
        """The lessons about what the view shows; worked out once for each."""
        if not taught or (view.is_whole and not view.policied):
            return taught
        known = self._taught.get((id(taught), id(view)))
        if known is None or known[0] is not taught or known[1] is not view:
            seen = taught.only(lambda link: self._shows(link, view), lambda request: view.names(request) and view.shows(request))
            known = (taught, view, seen)
            with self._lock:
                if len(self._taught) >= _KEPT * _KEPT:
                    self._taught.clear()
                self._taught[id(taught), id(view)] = known
        return known[2]

    def _named(self, view: View) -> Understander:
        return self._understander(view.named, view.contents)

    def _stands_apart(self, view: View) -> bool:
        """Whether what is kept from the asker changes nothing in how the rest is read, so that one reading without it is enough."""
        known = self._apart.get(id(view.catalog))
        if known is None or known[0] is not view.catalog:
            known = (view.catalog, _is_apart(view.catalog, view.named))
            with self._lock:
                if len(self._apart) >= _KEPT:
                    self._apart.clear()
                self._apart[id(view.catalog)] = known
        return known[1]

    def _understander(self, catalog: Catalog, contents: Contents) -> Understander:
        with self._lock:
            known = self._made.get(id(catalog))
            if known is not None:
                self._made.move_to_end(id(catalog))
                return known[1]
        made = self._make(catalog, contents)
        with self._lock:
            self._made[id(catalog)] = (catalog, made)
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return made


def _is_apart(shown: Catalog, named: Catalog) -> bool:
    """Whether fields are written the same, datasets reached the same ways and records counted by the same metrics with the hidden names and without."""
    hidden = [metric for name, metric in named.metrics.items() if name not in shown.metrics]
    return (
        not any(part.operand is None and part.dataset in shown.datasets for metric in hidden for part in metric.aggregations)
        and all(named.written(id_) == shown.written(id_) for id_ in shown.fields)
        and all(named.paths(one, other) == shown.paths(one, other) for one in shown.datasets for other in shown.datasets)
    )


def refused_in(text: str, catalog: Catalog) -> str | None:
    """A metric that is named in the text, by two words at least, and is defined in a way that cannot be answered: nothing like it is answered in its place."""
    said = f" {label_of(text)} "
    known = [f" {label_of(phrase)} " for metric in catalog.metrics.values() for phrase in (metric.label, *metric.synonyms)]
    for name in sorted(catalog.refused, key=len, reverse=True):
        phrase = f" {label_of(name)} "
        if phrase.count(" ") > 2 and phrase in said and not any(phrase in one and one in said for one in known):
            return name
    return None
