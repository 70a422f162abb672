"""What is said about what was said: corrections that are learned, the way to a person who knows, and what is kept of a refusal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insights.conversation import Asked, Pending
from insights.dialogue import Dialogue
from insights.errors import NotAnswerable, NotPermitted
from insights.exchange import Exchange
from insights.language.corrections import Remark, meant_softly, remark
from insights.language.lexicon import DatasetLink, FieldLink, Link, MetricLink, ValueLink
from insights.language.phrasing import Phrasing
from insights.parts import Parts
from insights.permit import Grant
from insights.requests import Clarify, MetricName, MetricQuestion, Reading, Request, Understood, Unsupported, named_in
from insights.teaching.judging import spoken
from insights.teaching.meanings import Meaning, label, owners
from insights.turns import Reply
from insights.wording import Said

ASK_TEAM = "ask the data team"
WRONG = "that's wrong"
FORGET = "forget that"
MEANING = "meaning"
"""The slot that the question "What did you mean instead?" waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What comes of a remark: something `said`, or a `reading` to go on with as any other."""

    said: Said | None = None
    reading: Reading | None = None
    asks_back: bool = False
    suggestions: tuple[str, ...] = ()


class Remarks:
    """Hears remarks in conversations with what their speakers may know."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._dialogue = Dialogue(parts)
        self._wording = parts.wording

    def hear(self, exchange: Exchange, waiting: Pending | None) -> Response | None:
        """The response to a remark; None when the turn is none. Raises NotPermitted, NotAnswerable and UnknownThing with what to do instead."""
        found = remark(exchange.turn.text)
        if waiting is not None and waiting.missing == MEANING and (found is None or found.form == "wrong"):
            found = Remark(form="meant", meaning=meant_softly(exchange.turn.text) or exchange.turn.text.strip())
        if found is None:
            return None
        match found.form:
            case "means":
                return self._means(exchange, found)
            case "meant":
                return self._meant(exchange, found.meaning, keep=True)
            case "wrong":
                return self._wrong(exchange)
            case "remember":
                return self._remember(exchange)
            case "forget":
                return self._forget(exchange, found, waiting)
            case "ask_team":
                return self._ask_team(exchange, found.meaning)
            case "reply":
                return self._reply(exchange, found)

    def reading(self, exchange: Exchange) -> Reading | None:
        """How a remark would be read, for whoever wants to know without anything being done; None for what is none."""
        found = remark(exchange.turn.text)
        if found is None or (found.form == "means" and not found.firm and not self._parts.hearing.named(found.meaning, self._grant(exchange))):
            return None
        if found.form == "meant":
            return self._reread(exchange, found.meaning, None)
        if found.form in ("forget", "remember", "wrong") and not exchange.turn.conversation:
            return None
        return Unsupported(reason="That is no question but something to learn or to pass on; say it to me in a conversation.")

    def _grant(self, exchange: Exchange) -> Grant:
        return self._parts.permit.grant(exchange.asker)

    def _identified(self, exchange: Exchange) -> None:
        if exchange.speaker is None and self._parts.organization.people:
            raise NotPermitted("I need to know who is asking before I learn anything.", remedy="Say who you are with --as, or link your account.")

    def _key(self, exchange: Exchange) -> str:
        turn = exchange.turn.id
        return f"lesson:turn:{turn}" if turn else f"lesson:{self._parts.new_id()}"

    def _means(self, exchange: Exchange, found: Remark) -> Response | None:
        """ "When I say sales I mean net revenue": a phrase for one thing, or a whole question."""
        grant = self._grant(exchange)
        links = self._choice(self._parts.hearing.named(found.meaning, grant))
        if not links and all(self._parts.hearing.is_time(phrase, grant, now=exchange.now) for phrase in (found.said, found.meaning)):
            return self._time_meant(exchange, found)
        if not links and not found.firm:
            return None
        self._identified(exchange)
        if len(links) > 1:
            options = " or ".join(self._full(link) for link in links[:3])
            raise NotAnswerable(f"'{found.meaning}' can be {options}.", remedy="Say which of them you mean.")
        if links:
            return self._taught(exchange, found.said, links[0])
        reading = self._parts.hearing.understand(found.meaning, grant, now=exchange.now)
        if not isinstance(reading, Understood) or not isinstance(reading.request, MetricQuestion) or reading.request.analysis == "about" or reading.ignored:
            raise NotAnswerable(
                f"I don't know what '{found.meaning[:60]}' is, so I have learned nothing.", remedy="Name a figure, a field or a value that I know."
            )
        self._parts.permit.decide(reading.request, exchange.asker)
        self._parts.teaching.lessons.teach_question(found.said, reading.request, person=exchange.speaker, key=self._key(exchange), now=exchange.now)
        return Response(said=self._confirmed(found.said, reading.request, exchange, whole=True), suggestions=(FORGET,))

    def _time_meant(self, exchange: Exchange, found: Remark) -> Response:
        """ "Last month means April": the question before for that time; what times mean is never learned, because they go on."""
        last = next(reversed(self._own(exchange)), None)
        kept = f"I don't learn what times mean: '{found.said}' follows the calendar"
        if last is None or not isinstance(last.request, MetricQuestion):
            return Response(reading=Unsupported(reason=f"{kept}. Say '{found.meaning}' in the question.", firm=True))
        reading = self._dialogue.granted(self._reread(exchange, found.meaning, last), exchange.asker)
        if isinstance(reading, Understood):
            reading = replace(reading, assumed=(*reading.assumed, f"{kept}, so this holds for this question alone"))
        return Response(reading=reading)

    def _taught(self, exchange: Exchange, phrase: str, link: Link) -> Response:
        lessons = self._parts.teaching.lessons
        if link in self._parts.hearing.named(phrase, self._grant(exchange)) and len(self._parts.hearing.named(phrase, self._grant(exchange))) == 1:
            raise NotAnswerable(f"I take '{phrase}' as {self._label(link)} already.", remedy="")
        if not lessons.is_heeded(phrase, link, now=exchange.now):
            raise NotAnswerable(f"I can't take '{phrase}' as a name: it has a meaning of its own in questions.", remedy="Choose another word.")
        earlier = next((one for one in reversed(self._own(exchange)) if _holds(one.text, phrase)), None)
        before = lessons.before(exchange.speaker, phrase)
        was = lessons.told(before, self._parts.organization.people.get(exchange.speaker or "")) if before is not None else ""
        lessons.teach_phrase(
            phrase, link, person=exchange.speaker, context=earlier.text if earlier else exchange.turn.text, key=self._key(exchange), now=exchange.now
        )  # fmt: skip
        was = was if was != self._label(link) else ""
        return Response(said=self._confirmed(phrase, link, exchange, was=was), suggestions=(*((earlier.text,) if earlier else ()), FORGET))

    def _confirmed(self, said: str, meaning: Meaning, exchange: Exchange, *, whole: bool = False, was: str = "") -> Said:
        people = [self._parts.organization.people[id_].name for id_ in sorted(owners(meaning, self._parts.permit)) if id_ != exchange.speaker]
        return self._wording.told("taught", said=said, means=self._label(meaning), owners=people[:3], whole=whole, was=was)

    def _meant(self, exchange: Exchange, meaning: str, *, keep: bool) -> Response:
        """ "That's wrong, I meant net revenue": the last question anew, and what is learned from it."""
        last = next(reversed(self._own(exchange)), None)
        reading = self._dialogue.granted(self._reread(exchange, meaning, last), exchange.asker)
        if not isinstance(reading, Understood) or not isinstance(reading.request, MetricQuestion) or last is None or not keep:
            return Response(reading=reading)
        self._parts.permit.decide(reading.request, exchange.asker)
        told = self._learn(exchange, meaning, last, reading.request)
        return Response(reading=replace(reading, assumed=(*reading.assumed, told)), suggestions=(FORGET,))

    def _reread(self, exchange: Exchange, meaning: str, last: Asked | None) -> Reading:
        previous = last.request if last is not None and last.request is not None else exchange.state.request
        taught = self._parts.teaching.lessons.of(exchange.speaker)
        reading: Reading = Unsupported(reason="I don't know what you mean.")
        for text in (f"I meant {meaning}", meaning):
            reading = self._parts.hearing.understand(text, self._grant(exchange), now=exchange.now, previous=previous, room=exchange.asker.room, taught=taught)
            if isinstance(reading, Understood) and not reading.ignored:
                break
        return reading

    def _learn(self, exchange: Exchange, meaning: str, last: Asked, request: MetricQuestion) -> str:
        """Keep what a correction teaches; a sentence that says what, or why nothing."""
        if exchange.speaker is None and self._parts.organization.people:
            return "I don't know who you are, so I did not remember that"
        if isinstance(last.request, MetricQuestion) and last.request.analysis == "about":
            return "I did not remember that as a correction: say which word means what to teach me"
        lessons, grant = self._parts.teaching.lessons, self._grant(exchange)
        links = self._choice(self._parts.hearing.named(meaning, grant))
        gone = _links(last.request, self._parts) - _links(request, self._parts)
        for asked in reversed(self._own(exchange)) if len(links) == 1 and not isinstance(links[0], ValueLink) else ():
            for phrase in self._parts.hearing.phrases_for(asked.text, gone, grant):
                if not self._is_own_name(phrase, gone) and lessons.is_heeded(phrase, links[0], now=exchange.now):
                    lessons.teach_phrase(phrase, links[0], person=exchange.speaker, context=asked.text, key=self._key(exchange), now=exchange.now)
                    return f'from now on I take "{phrase}" as {self._label(links[0])} when you ask; say "{FORGET}" to undo it'
        alone = self._parts.hearing.understand(last.text, grant, now=exchange.now)
        stands_alone = last.request is None or (isinstance(alone, Understood) and alone.request == last.request) or not last.sure
        if not stands_alone or any(isinstance(link, ValueLink) for link in links):
            return "I did not remember that as a correction: say which word means what to teach me"
        lessons.teach_question(last.text, request, person=exchange.speaker, key=self._key(exchange), now=exchange.now)
        return f'from now on I read "{last.text}" as {self._label(request)} when you ask; say "{FORGET}" to undo it'

    def _is_own_name(self, phrase: str, links: set[Link]) -> bool:
        """Whether a phrase is the very name or label of what was wrong: that was a slip in one question rather than another name."""
        catalog = self._parts.catalog
        names: set[str] = set()
        for link in links:
            if isinstance(link, MetricLink) and link.name in catalog.metrics:
                names |= {link.name, catalog.metrics[link.name].label}
            elif isinstance(link, FieldLink) and link.id in catalog.fields:
                names |= {link.id.name, catalog.fields[link.id].label}
        return any(spoken(name.replace("_", " ")) == spoken(phrase) for name in names)

    def _wrong(self, exchange: Exchange) -> Response | None:
        last = next(reversed(self._own(exchange)), None)
        if last is None:
            return None
        self._dialogue.remember(
            exchange, replace(exchange.state, pending=Pending(kind="slot", partial=last.request, missing=MEANING, turn=exchange.turn.id))
        )  # fmt: skip
        return Response(said=self._wording.told("meant"), asks_back=True, suggestions=self.offer(exchange, last.request))

    def _remember(self, exchange: Exchange) -> Response | None:
        """ "Remember that", after "I meant net revenue": what was only read anew is learned."""
        own = self._said(exchange)
        meaning = meant_softly(own[-1].text) if own else ""
        if len(own) < 2 or not meaning or not isinstance(own[-1].request, MetricQuestion):
            return None
        self._identified(exchange)
        before = replace(exchange, state=replace(exchange.state, asked=tuple(own[:-1])))
        told = self._learn(before, meaning, own[-2], own[-1].request)
        return Response(said=Said(f"{told[0].upper()}{told[1:]}.", f"{told[0].upper()}{told[1:]}."), suggestions=(FORGET,))

    def _forget(self, exchange: Exchange, found: Remark, waiting: Pending | None) -> Response | None:
        if waiting is not None and not found.said:
            return None
        forgotten = self._parts.teaching.lessons.forget(exchange.speaker, found.said, now=exchange.now)
        if forgotten is not None:
            means = self._parts.teaching.lessons.told(forgotten, exchange.asker.person)
            return Response(said=self._wording.told("forgotten", said=forgotten.said, means=means))
        return None if found.said else Response(said=self._wording.told("nothing_to_forget"))

    def _ask_team(self, exchange: Exchange, text: str) -> Response:
        """Send the last question, or the one that is said, to who answers for it."""
        last = next(reversed(self._own(exchange)), None)
        if text:
            last = self._asked_after(exchange, text, last)
        if last is None:
            return Response(said=self._wording.told("asked_nothing"))
        request = last.request
        if isinstance(request, MetricQuestion):
            self._parts.permit.decide(request, exchange.asker)
        sent = self._parts.teaching.enquiries.ask(last.text, request, sure=last.sure, asker=exchange.asker, now=exchange.now)
        said = self._wording.told("asked", to=[person.name for person in sent.to], id=sent.enquiry.id, again=sent.again)
        return Response(said=said)

    def _asked_after(self, exchange: Exchange, text: str, last: Asked | None) -> Asked:
        """What is to be asked; with the question before it where it says nothing alone ("why search is so high")."""
        grant = self._grant(exchange)
        alone = self._parts.hearing.understand(text, grant, now=exchange.now)
        if isinstance(alone, Understood) or last is None or not isinstance(last.request, MetricQuestion):
            return Asked(text=text, request=_likely(alone), sure=isinstance(alone, Understood))
        reading = self._parts.hearing.understand(text, grant, now=exchange.now, previous=exchange.state.request)
        read = isinstance(reading, Understood) and isinstance(reading.request, MetricQuestion) and not reading.ignored
        request = reading.request if isinstance(reading, Understood) and read else last.request
        return Asked(text=f"{text} (after: {last.text})", request=request, sure=read or last.sure)

    def _reply(self, exchange: Exchange, found: Remark) -> Response:
        kept = self._parts.teaching.enquiries.answer(found.said, found.meaning, exchange.asker.person, now=exchange.now)
        asker = self._parts.organization.people.get(kept.person)
        return Response(said=self._wording.told("answered", who=asker.name if asker else kept.person, id=kept.id))

    def offer(self, exchange: Exchange, request: Request | None) -> tuple[str, ...]:
        """The way to a person, where there is one who can be asked and somebody known who asks."""
        question = request if isinstance(request, MetricQuestion) else None
        return (ASK_TEAM,) if exchange.asker.person is not None and self._parts.teaching.enquiries.answering(question) else ()

    def doubted(self, exchange: Exchange, reply: Reply) -> Reply:
        """The reply with the ways out of a doubt: a person to ask, and a correction."""
        data = isinstance(reply.request, MetricQuestion) or reply.request is None
        guessed = reply.outcome == "understood" and data and (bool(reply.ignored) or any(said.startswith("I took") for said in reply.assumed))
        if not guessed and reply.outcome not in ("clarify", "unsupported"):
            return reply
        chores = (reply.request is not None and not data) or exchange.errand
        request = reply.request or next((choice.request for choice in reply.choices), None)
        asks = () if chores else self.offer(exchange, request)
        if reply.outcome == "understood":
            asks = asks if reply.ignored else ()
            wrong = (WRONG,) if exchange.turn.conversation and self._can_learn(exchange) else ()
            return _with(reply, (*asks, *wrong), self._wording.told("offer") if asks else None)
        return _with(reply, asks, self._wording.told("offer") if asks else None)

    def _can_learn(self, exchange: Exchange) -> bool:
        return exchange.speaker is not None or not self._parts.organization.people

    def assumed(self, exchange: Exchange) -> Said:
        """What was taken for granted in what this speaker was told last."""
        last = next(reversed(self._said(exchange)), None)
        return self._wording.aside("nothing_said") if last is None else self._wording.told("assumed", assumed=last.assumed)

    def _own(self, exchange: Exchange) -> list[Asked]:
        """What this speaker asked in the conversation, oldest first, corrections put into what they correct."""
        found: list[Asked] = []
        for asked in self._said(exchange):
            corrects = meant_softly(asked.text) or ((about := remark(asked.text)) is not None and about.form == "meant")
            if corrects and found:
                found[-1] = replace(asked, text=found[-1].text)
            else:
                found.append(asked)
        return found

    def _said(self, exchange: Exchange) -> list[Asked]:
        """What this speaker said in the conversation, oldest first: nobody corrects or passes on what another said."""
        view = self._parts.hearing.view(self._grant(exchange))
        return [asked for asked in exchange.state.asked if asked.person == exchange.speaker and view.shows(asked.request)]

    def _choice(self, links: tuple[Link, ...]) -> tuple[Link, ...]:
        """What a name means first: a figure, then what is grouped by, then what things are called, then their records."""
        for kind in (MetricLink, FieldLink, ValueLink, DatasetLink):
            found = tuple(link for link in links if isinstance(link, kind))
            if found:
                return found
        return ()

    def _label(self, meaning: Meaning) -> str:
        return label(meaning, self._parts.catalog)

    def _full(self, link: Link) -> str:
        return Phrasing(self._parts.catalog).field(link.id, full=True) if isinstance(link, FieldLink) else self._label(link)


def _with(reply: Reply, suggestions: tuple[str, ...], offer: Said | None) -> Reply:
    added = tuple(one for one in suggestions if one not in reply.suggestions)
    if offer is None:
        return replace(reply, suggestions=(*reply.suggestions, *added))
    speech, text = f"{reply.speech} {offer.speech}", f"{reply.text}\n{offer.text}"
    return replace(reply, speech=speech, text=text, suggestions=(*reply.suggestions, *added))


def _likely(reading: Reading) -> Request | None:
    match reading:
        case Understood(request=request):
            return request
        case Clarify(choices=choices, partial=partial):
            return partial or next((choice.request for choice in choices), None)
        case Unsupported():
            return None


def _holds(text: str, phrase: str) -> bool:
    among, said = spoken(text), spoken(phrase)
    return any(among[place : place + len(said)] == said for place in range(len(among)))


def _links(request: Request | None, parts: Parts) -> set[Link]:
    """Everything that a question names, as the lexicon would link it."""
    if not isinstance(request, MetricQuestion):
        return set()
    names = named_in(request)
    found: set[Link] = {MetricLink(measure.name) for measure in names.measures if isinstance(measure, MetricName)}
    found |= {FieldLink(id_) for name in request.group_by for id_ in parts.catalog.field_ids(name)}
    for condition in request.filters:
        ids = parts.catalog.field_ids(condition.dimension) if condition.dimension else ()
        found |= {ValueLink(id_, str(value)) for id_ in ids for value in condition.values}
    return found
