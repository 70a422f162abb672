"""Utterance -> reading: what was meant, a question back, or why it cannot be done."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from insights.catalog.model import Catalog
from insights.catalog.values import Contents, Coverage
from insights.catalog.ways import roles_of, roles_played, spoken, told
from insights.language import refusals, usage
from insights.language.about import About
from insights.language.actions import Actions
from insights.language.colleagues import Colleagues
from insights.language.draft import Setting
from insights.language.edits import Edits
from insights.language.followups import base_of, corrected, corrected_softly, keeps_rows, set_against
from insights.language.handbook import look_up
from insights.language.index import Index
from insights.language.lattice import Lattice
from insights.language.lessons import NOTHING_TAUGHT, Lessons, TaughtLexicon
from insights.language.lexicon import DatasetLink, FieldLink, Lexicon, Link, MetricLink, ValueLink
from insights.language.listening import listen
from insights.language.named_tests import declared_names
from insights.language.numbers import STARTS, number
from insights.language.patterns import Pattern
from insights.language.periods.model import Found
from insights.language.phrasing import Phrasing
from insights.language.pieces import words_of
from insights.language.places import Rooms
from insights.language.questions import Questions
from insights.language.racing import Race, race
from insights.language.rebooking import put as put_right
from insights.language.replies import Replies
from insights.language.slots import Heard
from insights.language.times import Times
from insights.language.timing import calendar_of, is_fine
from insights.language.unfinished import completed, unfinished
from insights.language.verified import VerifiedQuestions
from insights.language.vocabulary import COMMANDS, FILLERS, FUNCTION_WORDS, NEUTRAL, OPENING, TURNING, markers
from insights.language.words import tokenise
from insights.requests import BookRoom, Errand, FindRoom, Help, MetricQuestion, MyCalendar, RaiseTicket, Reading, Request, TicketStatus, Understood, Unsupported

_WHETHER = Pattern(r"^\W*(?:so |and |but )?(?:is|was|isn't|isnt) it (?:really )?(?:true|right|correct|the case) that ", re.IGNORECASE)
_UNITS_OF_TIME = frozenset("second seconds minute minutes min mins hour hours day days week weeks month months".split())

_DEEDS = frozenset({"ending", "starting", "beginning"})


class Understander:
    """Understands what people say about one catalog. Immutable after construction: safe to call from many threads.

    `rooms` are names by room id, `equipment` the words that rooms are described with, `buildings` where they are, `people` names by person id, `index`
    that of all values, of which `contents` may show a part. `categories` are those of tickets, ids by what people call them.
    """

    def __init__(
        self,
        catalog: Catalog,
        contents: Contents,
        *,
        rooms: Mapping[str, str] | None = None,
        equipment: Iterable[str] = (),
        buildings: Iterable[str] = (),
        people: Mapping[str, str] | None = None,
        index: Index | None = None,
        categories: Mapping[str, str] | None = None,
    ) -> None:
        self._catalog = catalog = spoken(catalog)
        self._contents = contents = told(catalog, contents)
        self._lexicon = Lexicon(catalog, contents, index)
        self._calendar = calendar_of(catalog, _widest(contents))
        self._rooms = known = Rooms(rooms or {}, equipment, buildings)
        self._labels = {name: metric.label for name, metric in catalog.metrics.items()}
        self._actions = Actions(known, Colleagues(people or {}), self._calendar, refusals.not_asked(catalog), categories or {}, self._unit)
        self._replies = Replies(known, Colleagues(people or {}), self._calendar, categories or {})
        self._about = About(catalog, self._lexicon)
        self._declared = declared_names(catalog)
        self._edits = Edits(catalog)
        self._verified = VerifiedQuestions(catalog, self._calendar)

    def understand(self, text: str, *, now: datetime, previous: Request | None = None, room: str | None = None, taught: Lessons = NOTHING_TAUGHT) -> Reading:
        """The reading of one utterance; the same text always gives the same reading, and no text raises.

        `now` is local without offset, `previous` what the conversation is about, `room` the id of the room the device stands in, `taught` what the speaker
        and the data owners have taught: it goes before what the catalog says.
        """
        if len(text) > refusals.LONGEST:
            return refusals.too_long(len(text))
        text = _WHETHER.sub("", text)
        tokens = tokenise(text)
        words = words_of(tokens)
        if not words:
            return refusals.nothing_said(self._catalog)
        if (refusal := refusals.too_much(len(words), len(tokens))) is not None:
            return refusal
        if (known := self._known([word.text for word in words], now, taught)) is not None:
            return known
        if (used := usage.put(" ".join(word.text for word in words), self._rooms.names.values(), self._labels)) is not None:
            text, words = used, words_of(tokenise(used))
        if (again := put_right(text, previous, now=now, calendar=self._calendar, rooms=self._rooms)) is not None:
            text, words = again, words_of(tokenise(again))
        lexicon = TaughtLexicon(self._lexicon, taught, roles_of(self._catalog)) if taught.phrases else self._lexicon
        return listen(
            text,
            words,
            lambda said: self._read(said, now=now, previous=previous, room=room, taught=taught, lexicon=lexicon),
            lexicon=lexicon,
            find=lambda said: Times(said, now=now, calendar=self._calendar).found,
            phrasing=Phrasing(self._catalog),
        )

    def _known(self, texts: Sequence[str], now: datetime, taught: Lessons) -> Reading | None:
        """The reading of a question that was taught or verified word for word."""
        if (question := taught.question(texts)) is not None:
            known = self._verified.reading(question.item, now)
            return replace(known, assumed=(question.assumed, *known.assumed))
        return self._verified.read(texts, now)

    def _asked(self, text: str, inside: bool, *, now: datetime, previous: Request | None, room: str | None, taught: Lessons, lexicon: Lexicon) -> Reading:
        """The reading of a question inside a chore ("email me ..."), which holds no further chore."""
        if inside:
            return refusals.nested()
        return self._read(text, now=now, previous=previous, room=room, taught=taught, lexicon=lexicon, inside=True)

    def _read(
        self, text: str, *, now: datetime, previous: Request | None, room: str | None, taught: Lessons, lexicon: Lexicon, inside: bool = False
    ) -> Reading:
        """The reading of a text as it is written; `inside` says that it stands in a chore."""
        tokens = tokenise(text)
        words = words_of(tokens)
        if not words:
            return refusals.nothing_said(self._catalog)
        texts = [word.text for word in words]
        if (known := self._known(texts, now, taught)) is not None:
            return known
        before = unfinished(previous)
        previous = None if before is not None else previous
        heard = Heard(
            text=text,
            words=words,
            tokens=tokens,
            now=now,
            room=room,
            names_data=lambda: self._names_data(texts, lexicon),
            names_value=lambda: self._names_value(texts, lexicon),
            begins_with_name=lambda: any(True for _ in lexicon.at(texts, texts, 0)),
            question=lambda said: self._asked(said, inside, now=now, previous=previous, room=room, taught=taught, lexicon=lexicon),
            previous=previous,
        )
        reading = (
            self._changed(text, texts, previous, now, taught, lexicon)
            or self._actions.read(heard)
            or self._asked_about(texts, previous, lexicon, taught)
            or look_up(heard)
        )
        if reading is not None:
            return reading
        times = Times(tokens, now=now, calendar=self._calendar)
        found = _of_deeds([found for found in times.found if found.certain or not is_fine(found)], text, times, lexicon)
        lattice = Lattice(words, tokens, found, lexicon, self._declared)
        setting = Setting(catalog=self._catalog, contents=self._contents, now=now, times=times)
        return completed(Questions(setting, lexicon).read(lattice, plain=" ".join(texts), base=base_of(previous, self._catalog), before=before), before)

    def _changed(self, text: str, texts: Sequence[str], previous: Request | None, now: datetime, taught: Lessons, lexicon: Lexicon) -> Reading | None:
        """What a word about the question before makes of it; None for anything that has to be read by the grammar."""
        if not isinstance(previous, MetricQuestion):
            return None
        if (reading := self._edits.read(texts, previous, now)) is not None:
            return reading
        match race(texts, previous, Phrasing(self._catalog)):
            case Race() as raced:
                return raced.told(self._read(raced.text, now=now, previous=raced.base, room=None, taught=taught, lexicon=lexicon))
            case Unsupported() as refusal:
                return refusal
        again = corrected(text) or self._edits.reworded(texts) or set_against(texts, previous, lambda said: self.is_time(said, now=now))
        if again is not None and previous.analysis == "about" and previous.options.get("topic") and self.named(meant := again.removeprefix("instead ")):
            return self._asked_about([word.text for word in words_of(tokenise(f"how is {meant} defined"))], previous, lexicon, taught)
        if again is not None:
            return self._read(again, now=now, previous=previous, room=None, taught=taught, lexicon=lexicon)
        if (softly := corrected_softly(text)) is not None:
            reading = self._read(softly, now=now, previous=previous, room=None, taught=taught, lexicon=lexicon)
            return reading if keeps_rows(reading, previous) else None
        return None

    def _asked_about(self, texts: Sequence[str], previous: Request | None, lexicon: Lexicon, taught: Lessons) -> Reading | None:
        """A question about the data itself, with the taught phrases in it said."""
        if lexicon is self._lexicon:
            return self._about.read(texts, previous)
        reading = About(self._catalog, lexicon).read(texts, previous)
        return replace(reading, assumed=taught.said_in(texts)) if isinstance(reading, Understood) else reading

    @property
    def verified(self) -> VerifiedQuestions:
        """Reads questions as the overlay writes them."""
        return self._verified

    def named(self, phrase: str) -> tuple[Link, ...]:
        """What the whole of a phrase names exactly, as declared or stored; nothing when it is longer than a name."""
        words = [word.text for word in words_of(tokenise(phrase[: refusals.LONGEST]))]
        found = self._lexicon.at(words, words, 0) if words else ()
        links = (link for named in found if named.length == len(words) and named.how in ("exact", "inflected") for link in named.links)
        return tuple(link for link in links if not isinstance(link, FieldLink | ValueLink) or link.id not in roles_played(self._catalog))

    def names_data(self, text: str) -> bool:
        """Whether an utterance names a metric, a dataset, a fact, a funnel or an experiment."""
        return self._names_data([word.text for word in words_of(tokenise(text[: refusals.LONGEST]))], self._lexicon)

    def is_nameable(self, phrase: str, *, now: datetime) -> bool:
        """Whether a phrase has no meaning of its own in questions: no time, no number, no word that only shapes a sentence."""
        tokens = tokenise(phrase[: refusals.LONGEST])
        words = tuple(word.text for word in words_of(tokens))
        plain = " ".join(words)
        shaping = FUNCTION_WORDS | COMMANDS | NEUTRAL | OPENING | TURNING
        if not words or all(word in shaping for word in words) or words in markers() or plain in FILLERS or number(tokens, 0) is not None:
            return False
        return not self.is_time(phrase, now=now)

    def is_time(self, phrase: str, *, now: datetime) -> bool:
        """Whether the whole of a phrase is one time of the calendar or of the clock: "last month", "the launch"."""
        tokens = tokenise(phrase[: refusals.LONGEST])
        spans = [(found.first, found.last) for found in Times(tokens, now=now, calendar=self._calendar).found if found.certain]
        return bool(tokens) and any(first <= tokens[0].start and last >= tokens[-1].end for first, last in spans)

    def phrases_for(self, text: str, links: Collection[Link]) -> tuple[str, ...]:
        """The phrases of an utterance that were taken for one of `links`, also in part or misspelt, the longest first."""
        if len(text) > refusals.LONGEST:
            return ()
        words = [word.text for word in words_of(tokenise(text))][: refusals.MOST_WORDS]
        found: list[str] = []
        for place, word in enumerate(words):
            meant = self._lexicon.respelt(word) or word
            said = [*words[:place], meant, *words[place + 1 :]]
            loose = [part] if (part := self._lexicon.part(words, place)) is not None else []
            for named in (*self._lexicon.at(said, said, place), *loose):
                if set(links) & set(named.links):
                    found.append(" ".join(words[place : place + named.length]))
        return tuple(sorted(dict.fromkeys(found), key=lambda phrase: -phrase.count(" ")))

    def names_beyond(self, text: str, catalog: Catalog, *, now: datetime) -> bool:
        """Whether any words of an utterance can name what is in this understander's catalog and not in `catalog`, or are a verified question."""
        if len(text) > refusals.LONGEST:
            return False
        texts = [word.text for word in words_of(tokenise(text))]
        if len(texts) > refusals.MOST_WORDS:
            return False
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
                return self._replies.chore(partial, missing, text, now)

    def amended(self, errand: Errand, text: str, *, now: datetime) -> Reading | None:
        """An errand that waits for a yes with the one thing that a short correction puts right: "no, at four"; None for whatever is no correction of it."""
        changed = self._replies.amended(errand, text, now) if len(text) <= refusals.LONGEST else None
        return Understood(request=changed) if changed is not None else None

    def _names_data(self, texts: Sequence[str], lexicon: Lexicon) -> bool:
        """Whether a metric, a dataset, a fact, a funnel or an experiment is named; thirty minutes are a time, whatever a fact is called."""
        said = f" {' '.join(texts)} "
        return any(f" {' '.join(phrase)} " in said for phrase in self._declared) or any(
            self._is_measured(link)
            for place in range(len(texts))
            for named in lexicon.at(texts, texts, place)
            if not (named.length == 1 and texts[place] in _UNITS_OF_TIME and place and (texts[place - 1].isdigit() or texts[place - 1] in STARTS))
            for link in named.links
        )

    def _names_value(self, texts: Sequence[str], lexicon: Lexicon) -> bool:
        """Whether any words are a value, none of the language's own."""
        return any(isinstance(link, ValueLink) for place in range(len(texts)) for named in lexicon.at(texts, texts, place) for link in named.links)

    def _unit(self, metric: str) -> str | None:
        """The unit of a metric of the catalog."""
        return self._catalog.metrics[metric].unit if metric in self._catalog.metrics else None

    def _is_measured(self, link: Link) -> bool:
        return isinstance(link, MetricLink | DatasetLink) or (isinstance(link, FieldLink) and self._catalog.fields[link.id].role == "fact")


def _of_deeds(found: Sequence[Found], text: str, times: Times, lexicon: Lexicon) -> list[Found]:
    """The periods, without a deed at their beginning: "trials ending this month" are those that end in it, where the end of a trial is recorded."""
    kept = []
    for one in found:
        deed = text[one.first : one.last].partition(" ")[0].casefold()
        links = [link for named in lexicon.at((deed,), (deed,), 0) for link in named.links] if deed in _DEEDS else []
        place = one.first + len(deed)
        rest = times.reread(text[place : one.last]) if any(isinstance(link, FieldLink) for link in links) else None
        kept.append(one if rest is None else replace(rest, first=place + rest.first, last=place + rest.last))
    return kept


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
