"""A turn in its conversation: what it continues, what it replies to, and what is remembered of it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from insights import topics
from insights.asked_elsewhere import AskedElsewhere
from insights.conversation import Asked, Pending, State, encoded, restore, waiting_for
from insights.errors import NotAnswerable, NotPermitted, OutsideFailed
from insights.exchange import Exchange
from insights.language.lessons import Lessons
from insights.parts import Parts
from insights.permit import Asker, Grant
from insights.pointing import Pointing, Scene
from insights.reactions import Picked, Reaction, react
from insights.requests import (
    BookRoom,
    Clarify,
    FindRoom,
    Follow,
    Following,
    Help,
    LookUp,
    MetricQuestion,
    RaiseTicket,
    Reading,
    Request,
    RoomStatus,
    Share,
    Understood,
    Unsupported,
)
from insights.turns import Turn

_BOOK_IT = re.compile(
    r"(?:please |can you |then |ok(?:ay)?,? )*(?:book|reserve|take|hold)(?: me)? (?:it|that|one|any|one of them|any of them)(?: for (?:me|us))?(?: please)?"
)
_LATEST = "latest:"
_ANSWER = "answer:"
_AGGREGATES = frozenset("average mean median total sum minimum maximum lowest highest".split())
_A_REPLY = 4
"""How many words a reply to a question back has, where it is no sentence of its own."""
_PLACED = frozenset({"start", "minutes", "room", "slot", "reason"})
"""What an errand waits for that is said in few words: when it is, where, and why."""
_WHOLE = 3
"""How many words a whole errand has at least."""
_LATELY = timedelta(days=1)
"""How long what somebody asked can be gone on with elsewhere."""


class Dialogue:
    """Reads turns in their conversations, with what their askers may know; keeps nothing itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._asked_elsewhere = AskedElsewhere(lambda: parts.office().ledger, self._restored)

    def recall(self, turn: Turn) -> State:
        """The conversation that a turn belongs to, a fresh one for a turn that stands alone."""
        return self._restored(self._parts.office().ledger.load_conversation(turn.conversation)) if turn.conversation else State()

    def _restored(self, text: str | None) -> State:
        """A conversation that was kept, without what is not defined any more."""
        return restore(text).within(self.defined)

    def defined(self, request: Request | None) -> bool:
        """Whether everything that a request names is in the definitions as they are now."""
        try:
            return self._parts.hearing.view(self._parts.permit.unrestricted()).names(request)
        except ValueError:  # it is written in a form that there is no more
            return False

    def remember(self, exchange: Exchange, state: State, *, answered: bool = False, assumed: tuple[str, ...] = ()) -> None:
        """Keep how the conversation stands after this turn; and what it `answered`, under the turn, where buttons can stand under an answer."""
        turn, speaker = exchange.turn, exchange.speaker
        under_answer = answered and turn.place == "chat" and turn.id is not None
        if not turn.conversation and not under_answer:
            return
        is_about_data, whole = isinstance(state.request, MetricQuestion), encoded(state)
        talk = {**whole, "pending": None, "done": []}  # what was said goes on elsewhere, what was asked for does not
        documents = {turn.conversation: json.dumps(whole)} if turn.conversation else {}
        if turn.conversation and speaker is not None and is_about_data and state.request != exchange.begun:
            documents[_LATEST + speaker] = json.dumps({"at": exchange.now.isoformat(), "talk": json.dumps({**talk, "asked": []})})
        if turn.conversation and speaker is not None:
            documents |= self._asked_elsewhere.noted(state, person=speaker, conversation=turn.conversation, turn=turn.id, now=exchange.now)
        if under_answer and is_about_data:
            kept = json.dumps({**talk, "asked": whole["asked"][-1:]})
            documents[f"{_ANSWER}{turn.id}"] = json.dumps({"talk": kept, "assumed": list(assumed)})
        if documents:
            self._parts.office().ledger.save_conversations(documents, person=speaker, now=exchange.now)

    def come_back(self, exchange: Exchange) -> tuple[MetricQuestion, tuple[str, ...]]:
        """Go on with the answer that the turn is about, as whoever says so may know it; the question, and what was taken for granted.

        Raises NotAnswerable when it is not kept any more, NotPermitted for what they may not know.
        """
        text = self._parts.office().ledger.load_conversation(f"{_ANSWER}{exchange.turn.about}")
        try:
            document = json.loads(text) if text else {}
            talk, assumed = self._restored(document.get("talk")), tuple(str(one) for one in document.get("assumed", ()))
        except ValueError:
            talk, assumed = State(), ()
        if not isinstance(talk.request, MetricQuestion):
            raise NotAnswerable("I don't have that answer any more.", remedy="Ask the question again.")
        self._parts.permit.weigh(talk.request, exchange.asker)
        if not self._parts.hearing.view(self._parts.permit.grant(exchange.asker.alone)).shows(talk.request):
            raise NotPermitted("That answer is not for you.", remedy="Ask the question yourself.")
        exchange.state = replace(talk, done=exchange.state.done)
        return talk.request, assumed

    def _elsewhere(self, exchange: Exchange) -> State | None:
        """How the speaker's talk stood last, wherever that was; None after a day, and for the unnamed."""
        named = exchange.speaker is not None and exchange.turn.conversation is not None
        text = self._parts.office().ledger.load_conversation(f"{_LATEST}{exchange.speaker}") if named else None
        if text is None:
            return None
        try:
            document = json.loads(text)
            age = exchange.now - datetime.fromisoformat(document["at"])
            return self._restored(document["talk"]) if timedelta(0) <= age <= _LATELY else None
        except (KeyError, TypeError, ValueError):
            return None

    def remember_asked(self, exchange: Exchange, state: State, request: Request | None = None, *, sure: bool = True) -> None:
        """Keep it with what was asked in this turn and how it was read."""
        self.remember(exchange, self.heard(exchange, state, request, sure=sure))

    def remember_promised(self, exchange: Exchange, request: Request, assumed: tuple[str, ...]) -> None:
        """Keep what an answer was promised to: the conversation goes on from there while the answer is on its way."""
        self.remember(exchange, self.heard(exchange, exchange.state.promised(request), request, assumed=assumed))

    @staticmethod
    def heard(exchange: Exchange, state: State, request: Request | None, *, sure: bool = True, assumed: tuple[str, ...] = ()) -> State:
        """The state with what was asked in this turn, how it was read, and what was taken for granted."""
        return state.heard(Asked(text=exchange.turn.text, person=exchange.speaker, request=request, sure=sure, assumed=assumed))

    def let_go(self, exchange: Exchange) -> None:
        """What was refused took the place of the action that was proposed before: a yes that follows is not meant for that any more.

        An action that was agreed to and failed is still proposed, so that a second yes tries it again.
        """
        waiting = exchange.state.pending
        if waiting is None or waiting.action is None or react(exchange.turn.text, waiting) is not None:
            return
        with suppress(OutsideFailed):  # a ledger that cannot be written to takes no yes either
            self.remember(exchange, replace(exchange.state, pending=None))

    def waiting(self, exchange: Exchange) -> Pending | None:
        """What the conversation waits for, if the speaker may know what it is about: somebody else may have been asked."""
        waiting = exchange.state.pending
        if waiting is None:
            return None
        view = self._parts.hearing.view(self._parts.permit.grant(exchange.asker))
        return waiting if all(view.shows(request) for request in (waiting.partial, *(choice.request for choice in waiting.choices))) else None

    def asked_elsewhere(self, exchange: Exchange) -> Pending | None:
        """The question back that the speaker was asked last, in another conversation, where what they say here answers it; the conversation goes on here.

        A number or a place that can be that of a list here is left to the list, and what stands in a conversation that is under way to that.
        """
        turn, speaker, state = exchange.turn, exchange.speaker, exchange.state
        if speaker is None or turn.conversation is None or state.pending is not None or len(turn.text.split()) > 2 * _A_REPLY:
            return None
        asked = self._asked_elsewhere.last(speaker, conversation=turn.conversation, now=exchange.now)
        if asked is None or not self._answers(exchange, asked.pending):
            return None
        exchange.state = replace(asked.state, done=state.done, asked=(*state.asked, *asked.state.asked), pending=asked.pending)
        waiting = self.waiting(exchange)
        if waiting is None:
            exchange.state = state
            return None
        self._asked_elsewhere.taken(asked, person=speaker, now=exchange.now)
        return waiting

    def _answers(self, exchange: Exchange, pending: Pending) -> bool:
        text, state = exchange.turn.text, exchange.state
        if pending.kind == "choice":
            picked = react(text, pending)
            named = any(text.strip(" .!?").casefold() == choice.label.casefold() for choice in pending.choices)
            return isinstance(picked, Picked) and (named or state.shown is None)
        if pending.partial is None or pending.missing is None or state.request is not None or len(text.split()) > _A_REPLY:
            return False
        hearing, grant = self._parts.hearing, self._parts.permit.grant(exchange.asker)
        alone = hearing.understand(text, grant, now=exchange.now, room=exchange.asker.room)
        if not isinstance(alone, Unsupported):
            return False  # it says something by itself
        read = hearing.complete(pending.partial, pending.missing, text, grant, now=exchange.now)
        return isinstance(read, Understood) and not isinstance(read.request, MetricQuestion)

    def read(self, exchange: Exchange, waiting: Pending | None, reaction: Reaction) -> Reading | None:
        """What the turn means: the choice it names, the question it completes, what it points at, or something new; None when it starts over."""
        hearing, text, grant = self._parts.hearing, exchange.turn.text, self._parts.permit.grant(exchange.asker)
        if isinstance(reaction, Picked) and waiting is not None:
            return Understood(request=reaction.choice.request, assumed=waiting.assumed, ignored=waiting.ignored)
        if reaction == "which" and waiting is not None:
            return waiting.question
        if waiting is not None and (any_of := _any_room(text, waiting)) is not None:
            return any_of
        if waiting is not None and waiting.action is not None and waiting.person in (None, exchange.speaker):
            amended = hearing.amended(waiting.action, text, grant, now=exchange.now)
            if amended is not None:
                return amended
        missed: Unsupported | None = None
        if waiting is not None and waiting.kind == "slot" and waiting.partial is not None and waiting.missing is not None:
            if (errand := self._another_errand(exchange, waiting.partial, waiting.missing, grant)) is not None:
                return errand
            completed = hearing.complete(waiting.partial, waiting.missing, text, grant, now=exchange.now)
            if isinstance(completed, Clarify) and (another := self._another_subject(exchange, grant)) is not None:
                return another
            if not isinstance(completed, Unsupported):
                return self.granted(completed, exchange.asker)
            missed = None if isinstance(waiting.partial, MetricQuestion) or len(text.split()) > _A_REPLY else completed
        if reaction == "again" and waiting is not None:
            return Clarify(
                about="reading",
                choices=waiting.choices,
                missing=waiting.missing,
                partial=waiting.partial,
                assumed=("these can't be put together, so I need one of them",),
            )
        taught = self.taught(exchange.asker)
        topic = exchange.turn.topic

        def hear(said: str, previous: Request | None) -> Reading:
            return hearing.understand(said, grant, now=exchange.now, previous=previous, room=exchange.asker.room, taught=taught)

        if topic is not None:
            return self.granted(topics.read(topic, text, lambda said: hear(said, None)), exchange.asker)
        if waiting is not None and waiting.missing == "aggregate" and exchange.state.asked and text.strip(" .!?").casefold() in _AGGREGATES:
            return self.granted(hear(f"{text} {exchange.state.asked[-1].text}", exchange.state.request), exchange.asker)
        scene = Scene(text=text, state=exchange.state, asker=exchange.asker, hear=hear, elsewhere=lambda: self._elsewhere(exchange))
        found = Pointing(self._parts).read(scene)
        if found is not None:
            exchange.state = found.state
            return self.granted(found.reading, exchange.asker) if found.reading is not None else None
        unfinished = waiting.partial if waiting is not None and waiting.missing == "metric" else None
        heard = hear(text, unfinished or exchange.state.request)
        if missed is not None and isinstance(heard, Unsupported):
            return replace(missed, firm=True)  # a short reply that says nothing: the question stays, and what it wants is said
        return self.granted(heard, exchange.asker)

    def _another_subject(self, exchange: Exchange, grant: Grant) -> Reading | None:
        """A whole question about data, in place of what was waited for; None for whatever may still be meant as the reply."""
        hearing, text = self._parts.hearing, exchange.turn.text
        if not hearing.names_data(text, grant):
            return None
        reading = hearing.understand(text, grant, now=exchange.now, room=exchange.asker.room, taught=self.taught(exchange.asker))
        whole = isinstance(reading, Understood) and isinstance(reading.request, MetricQuestion) and not reading.ignored
        return self.granted(reading, exchange.asker) if whole else None

    def _another_errand(self, exchange: Exchange, partial: Request, missing: str, grant: Grant) -> Reading | None:
        """A whole errand of another kind, in place of the time or place that one waits for; None for what may still be meant as the reply.

        A wish for a room, or what somebody writes in their own words (a reason, a note, a report), says how the errand that waits is meant.
        """
        text = exchange.turn.text
        if isinstance(partial, MetricQuestion) or missing not in _PLACED or len(text.split()) < _WHOLE:
            return None
        reading = self._parts.hearing.understand(text, grant, now=exchange.now, room=exchange.asker.room, taught=self.taught(exchange.asker))
        if (
            not isinstance(reading, Understood)
            or reading.ignored
            or isinstance(reading.request, MetricQuestion | Help | FindRoom | RoomStatus | LookUp | RaiseTicket)
        ):
            return None
        return self.granted(reading, exchange.asker) if type(reading.request) is not type(partial) else None

    def follow(self, exchange: Exchange) -> tuple[Reading, State]:
        """What a turn means after those before it, and the conversation after it, when nothing is done and nothing kept."""
        waiting = self.waiting(exchange)
        reaction = react(exchange.turn.text, waiting)
        state = exchange.state
        if reaction in ("yes", "no", "else"):
            return Unsupported(reason="Nothing is asked by that; say what you want to know."), replace(state, pending=None)
        reading = self.read(exchange, waiting, reaction)
        if reading is None:
            return Unsupported(reason="That starts over; say what you want to know."), exchange.state
        match reading:
            case Understood(request=request):
                return reading, exchange.state.answered(request, None)
            case Clarify():
                return reading, replace(exchange.state, pending=waiting_for(reading, exchange.turn.id))
            case _:
                return reading, exchange.state

    def taught(self, asker: Asker) -> Lessons:
        """The corrections that hold for somebody."""
        return self._parts.teaching.lessons.of(asker.person.id if asker.person else None)

    def granted(self, reading: Reading, asker: Asker) -> Reading:
        """The reading without choices that the asker may not have; a choice that is the only one left is taken, and that is said."""
        if not isinstance(reading, Clarify) or not reading.choices:
            return reading
        allowed = tuple(choice for choice in reading.choices if self._allowed(choice.request, asker))
        if len(allowed) == len(reading.choices):
            return reading
        if not allowed:
            return Understood(request=reading.choices[0].request)  # `decide` refuses it with the reason
        if len(allowed) == 1:
            taken = f"I took '{reading.about}' as {allowed[0].label}"
            return Understood(request=allowed[0].request, assumed=(*reading.assumed, taken), ignored=reading.ignored)
        return replace(reading, choices=allowed)

    def permitted(self, reading: Reading, asker: Asker) -> Reading:
        """The reading, or why its asker may not have it: a reading names the definition that the words mean, which may be more than they may know."""
        request = reading.request if isinstance(reading, Understood) else None
        question = request.what if isinstance(request, Follow | Following | Share) else request
        if isinstance(question, MetricQuestion):
            try:
                self._parts.permit.decide(question, asker)
            except NotPermitted as refused:
                return Unsupported(reason=str(refused))
        return reading

    def _allowed(self, request: Request, asker: Asker) -> bool:
        try:
            self._parts.permit.decide(request, asker)
        except NotPermitted:
            return False
        return True


def _any_room(text: str, waiting: Pending) -> Reading | None:
    """ "Book it" where several rooms were listed: the best of them, which is read back; None where there is no such list."""
    first = waiting.choices[0].request if waiting.kind == "choice" and waiting.choices and not waiting.about else None
    if not isinstance(first, BookRoom) or _BOOK_IT.fullmatch(text.casefold().strip(" .!?")) is None:
        return None
    return Understood(request=replace(first, room=None) if len(waiting.choices) > 1 else first)
