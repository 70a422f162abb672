"""Utterance -> reading: what was meant, a question back, or why it cannot be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from insights.catalog.model import Catalog
from insights.catalog.values import Contents, Coverage
from insights.language import refusals
from insights.language.about import About
from insights.language.actions import Actions, Heard
from insights.language.draft import Setting
from insights.language.followups import base_of
from insights.language.index import Index
from insights.language.lattice import Lattice
from insights.language.lexicon import DatasetLink, FieldLink, Lexicon, Link, MetricLink, ValueLink
from insights.language.pieces import words_of
from insights.language.places import Rooms
from insights.language.questions import Questions
from insights.language.replies import Replies
from insights.language.times import Times
from insights.language.timing import calendar_of, is_fine
from insights.language.verified import VerifiedQuestions
from insights.language.words import tokenise
from insights.requests import BookRoom, FindRoom, Help, MetricQuestion, MyCalendar, RaiseTicket, Reading, Request, TicketStatus, Unsupported


class Understander:
    """Understands what people say about one catalog. Immutable after construction: safe to call from many threads.

    `rooms` are names by room id, `equipment` the words that rooms are described with, `index` that of all values, of which `contents` may show a part.
    """

    def __init__(
        self, catalog: Catalog, contents: Contents, *, rooms: Mapping[str, str] | None = None, equipment: Iterable[str] = (), index: Index | None = None
    ) -> None:
        self._catalog = catalog
        self._contents = contents
        self._lexicon = Lexicon(catalog, contents, index)
        self._calendar = calendar_of(catalog, _widest(contents))
        known = Rooms(rooms or {}, equipment)
        self._actions = Actions(known, self._calendar, refusals.not_asked(catalog))
        self._replies = Replies(known, self._calendar)
        self._about = About(catalog, self._lexicon)
        self._verified = VerifiedQuestions(catalog, self._calendar)

    def understand(self, text: str, *, now: datetime, previous: Request | None = None, room: str | None = None) -> Reading:
        """The reading of one utterance; the same text always gives the same reading, and no text raises.

        `now` is local without offset, `previous` what the conversation is about, `room` the id of the room the device stands in.
        """
        if len(text) > refusals.LONGEST:
            return refusals.too_long(len(text))
        tokens = tokenise(text)
        words = words_of(tokens)
        if not words:
            return refusals.nothing_said(self._catalog)
        texts = [word.text for word in words]
        verified = self._verified.read(texts, now)
        if verified is not None:
            return verified
        heard = Heard(text=text, words=words, tokens=tokens, now=now, room=room, names_data=lambda: self._names_data(texts))
        reading = self._actions.read(heard) or self._about.read(texts, previous)
        if reading is not None:
            return reading
        times = Times(tokens, now=now, calendar=self._calendar)
        lattice = Lattice(words, tokens, [found for found in times.found if found.certain or not is_fine(found)], self._lexicon)
        setting = Setting(catalog=self._catalog, contents=self._contents, now=now, times=times)
        return Questions(setting, self._lexicon).read(lattice, plain=" ".join(texts), base=base_of(previous))

    def names_beyond(self, text: str, catalog: Catalog, *, now: datetime) -> bool:
        """Whether any words of an utterance can name what is in this understander's catalog and not in `catalog`, or are a verified question."""
        if len(text) > refusals.LONGEST:
            return False
        texts = [word.text for word in words_of(tokenise(text))]
        return self._verified.read(texts, now) is not None or any(not _is_in(catalog, link) for link in self._lexicon.names_in(texts))

    def complete(self, partial: Request, missing: str, text: str, *, now: datetime) -> Reading:
        """The reading of a reply to a question back for the slot `missing` of `partial`; Unsupported when the reply says nothing of the kind."""
        if len(text) > refusals.LONGEST:
            return refusals.too_long(len(text))
        match partial:
            case BookRoom():
                return self._replies.booking(partial, missing, text, now)
            case FindRoom():
                return self._replies.finding(partial, missing, text, now)
            case RaiseTicket():
                return self._replies.ticket(partial, missing, text)
            case MetricQuestion():
                return self.understand(text, now=now, previous=partial)
            case MyCalendar() | TicketStatus() | Help():
                return Unsupported(reason="I didn't catch that.")
            case _:
                assert_never(partial)

    def _names_data(self, texts: Sequence[str]) -> bool:
        """Whether a metric or a dataset is named."""
        return any(
            isinstance(link, MetricLink | DatasetLink) for place in range(len(texts)) for named in self._lexicon.at(texts, texts, place) for link in named.links
        )


def _is_in(catalog: Catalog, link: Link) -> bool:
    match link:
        case MetricLink(name):
            return name in catalog.metrics
        case DatasetLink(name):
            return name in catalog.datasets
        case FieldLink(id_) | ValueLink(id_, _):
            return id_.dataset in catalog.datasets


def _widest(contents: Contents) -> Coverage | None:
    """From the first to the last day that any time field covers."""
    covers = list(contents.coverage.values())
    return Coverage(first=min(c.first for c in covers), last=max(c.last for c in covers)) if covers else None
