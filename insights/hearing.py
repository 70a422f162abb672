"""Understands what somebody says with the names and values that they may know, so that no question back and no suggestion tells more."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.language.understand import Understander
from insights.permit import Grant
from insights.query.visible import Sight, View
from insights.requests import Reading, Request, Understood

_KEPT = 16


class Hearing:
    """One understander for everybody who may know the same. `make` builds one; safe to use from many threads."""

    def __init__(self, sight: Sight, make: Callable[[Catalog, Contents], Understander]) -> None:
        self._sight = sight
        self._make = make
        self._made: OrderedDict[int, tuple[Catalog, Understander]] = OrderedDict()
        self._lock = Lock()

    def view(self, grant: Grant) -> View:
        """What the grant lets its asker know."""
        return self._sight.of(grant)

    def understand(self, text: str, grant: Grant, *, now: datetime, previous: Request | None = None, room: str | None = None) -> Reading:
        """The reading of one utterance by somebody with this grant; what they ask for by name and may not have is understood, to be refused as such.

        `now` is local without offset, `previous` what the conversation is about, `room` the id of the room the device stands in.
        """
        view = self.view(grant)
        before = previous if view.shows(previous) else None
        reading = self._understander(view.named, view.contents).understand(text, now=now, previous=before, room=room)
        if view.is_whole or isinstance(reading, Understood):
            return reading
        before = before if view.names(before) else None
        return self._understander(view.catalog, view.contents).understand(text, now=now, previous=before, room=room)

    def complete(self, partial: Request, missing: str, text: str, grant: Grant, *, now: datetime) -> Reading:
        """The reading of a reply to a question back for the slot `missing` of `partial`."""
        view = self.view(grant)
        return self._understander(view.catalog, view.contents).complete(partial, missing, text, now=now)

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
