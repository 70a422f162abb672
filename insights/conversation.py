"""What "it", "the second one" and "go back" refer to: the state that follow-ups stand on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from insights.answers import Answer, MetricAnswer
from insights.contract import decode_request, encode
from insights.language.shown import Shown, of_rows
from insights.requests import Choice, Clarify, Errand, MetricQuestion, Onward, Request

REMEMBERED = 20
CORRECTABLE = 5
GOES_BACK = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What we wait for: a `choice` among `choices`, a `slot` of `partial`, or a yes to `action` (then `key` makes it act once).

    `turn` is the id of the turn that asked, `person` whom it asked. `assumed` and `ignored` belong to whatever is chosen. Picking a choice of an `offer`
    agrees to it. `about` and `prompt` are those of the question back.
    """

    kind: Literal["choice", "slot", "confirm"]
    choices: tuple[Choice, ...] = ()
    partial: Request | None = None
    missing: str | None = None
    action: Errand | None = None
    key: str = ""
    turn: str | None = None
    person: str | None = None
    assumed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    offer: bool = False
    about: str = ""
    prompt: str | None = None

    @property
    def question(self) -> Clarify | None:
        """The question back once more; None where we wait for something else."""
        if not self.about:
            return None
        return Clarify(
            about=self.about,
            choices=self.choices,
            missing=self.missing,
            partial=self.partial,
            assumed=self.assumed,
            ignored=self.ignored,
            prompt=self.prompt,
            offer=self.offer,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What `person` said, and how it was read: None when it was not understood; when it is not `sure`, this is one of the choices of a question back.

    `assumed` is what was taken for granted in the answer.
    """

    text: str
    person: str | None = None
    request: Request | None = None
    sure: bool = True
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A conversation so far. `done` remembers which turn carried out which action, so that a turn that arrives twice is answered, not repeated.

    `asked` are the last things that were asked, the newest last: what a correction corrects, and what the data team can be asked. `before` are the questions
    before `request`, the newest last. `shown` names the rows of an answer, and `listed` is the question that they answered. `thing` is the id of the booking or
    meeting that was last told of, which "it" means.
    """

    request: Request | None = None
    pending: Pending | None = None
    done: tuple[tuple[str, str], ...] = ()
    asked: tuple[Asked, ...] = ()
    before: tuple[MetricQuestion, ...] = ()
    shown: Shown | None = None
    listed: MetricQuestion | None = None
    thing: str | None = None

    def key_of(self, turn: str | None) -> str | None:
        """The key of the action that this turn has carried out already."""
        return next((key for id_, key in self.done if id_ == turn), None) if turn else None

    def acted(self, turn: str | None, key: str) -> State:
        """After an action: nothing is pending, and the turn is remembered."""
        done = (*self.done, (turn, key))[-REMEMBERED:] if turn else self.done
        return replace(self, pending=None, done=done)

    def answered(self, request: Request, shown: Shown | None) -> State:
        """After an answer: nothing is pending, and the question before can be gone back to. What is done about an answer leaves it what is talked of."""
        if isinstance(request, Onward):
            return replace(self, pending=None)
        known = self.request
        before = (*self.before, known)[-GOES_BACK:] if isinstance(known, MetricQuestion) and known != request else self.before
        after = replace(self, request=request, pending=None, before=before)
        if shown is None or not isinstance(request, MetricQuestion):
            return after
        points = self.shown is not None and set(shown.names) <= {shown.time} and {f.dimension for f in request.filters} >= set(self.shown.names)
        return after if points else replace(after, shown=shown, listed=request)  # "the second one over time" leaves the list of which it was the second

    def promised(self, request: Request) -> State:
        """After an answer was promised: it is what is talked of, and the list that was shown before is not, for nothing is shown of it yet."""
        after = self.answered(request, None)
        return replace(after, shown=None, listed=None) if isinstance(request, MetricQuestion) else after

    def within(self, defined: Callable[[Request | None], bool]) -> State:
        """Without what names something that is not defined any more: definitions can change while people talk."""
        pending = self.pending
        if pending is not None and not all(map(defined, (pending.partial, pending.action, *(choice.request for choice in pending.choices)))):
            pending = None
        listed = self.listed if defined(self.listed) else None
        return replace(
            self,
            request=self.request if defined(self.request) else None,
            pending=pending,
            asked=tuple(one if defined(one.request) else replace(one, request=None) for one in self.asked),
            before=tuple(filter(defined, self.before)),
            shown=self.shown if listed is self.listed else None,
            listed=listed,
        )

    def gone_back(self, steps: int) -> State | None:
        """As it was so many questions ago; None when there were not so many."""
        if steps > len(self.before):
            return None
        return replace(self, request=self.before[-steps], before=self.before[:-steps], pending=None)

    @property
    def came_from(self) -> MetricQuestion | None:
        """The question that the last one went on from: about the same, or the same about something else."""
        now, then = self.request, self.before[-1] if self.before else None
        if not isinstance(now, MetricQuestion) or then is None or then.analysis == "about":
            return None
        goes_on = bool(set(now.metrics) & set(then.metrics)) or replace(now, metrics=(), time_field=None) == replace(then, metrics=(), time_field=None)
        return then if goes_on else None

    def heard(self, asked: Asked) -> State:
        """After something was asked."""
        return replace(self, asked=(*self.asked, asked)[-CORRECTABLE:])


def named_rows(answer: Answer) -> Shown | None:
    """What the rows of an answer are called; None where they are records, or one figure."""
    if not isinstance(answer, MetricAnswer) or answer.analysis == "list":
        return None
    named = [column for column in answer.columns if column.role != "metric"]
    figure = next((column.name for column in answer.columns if column.is_figure), None)
    time = next((column for column in named if column.role == "time"), None)
    return of_rows(
        [(column.name, column.label) for column in named],
        answer.rows,
        figure=figure,
        time=time.name if time else None,
        grain=time.grain if time else None,
    )


def waiting_for(reading: Clarify, turn: str | None) -> Pending:
    """What the question back of a turn waits for."""
    return Pending(
        kind="choice" if reading.choices else "slot",
        choices=reading.choices,
        partial=reading.partial,
        missing=reading.missing,
        turn=turn,
        assumed=reading.assumed,
        ignored=reading.ignored,
        offer=reading.offer,
        about=reading.about,
        prompt=reading.prompt,
    )


def encoded(state: State) -> dict[str, Any]:
    """The state as JSON data."""
    document: dict[str, Any] = encode(state)
    return document


def dump(state: State) -> str:
    """The state as JSON text."""
    return json.dumps(encoded(state))


def restore(text: str | None) -> State:
    """The state from JSON text; a state that an older version wrote and that no longer fits starts afresh."""
    if not text:
        return State()
    try:
        document = json.loads(text)
        return State(
            request=_request(document["request"]),
            pending=_pending(document["pending"]),
            done=tuple((str(turn), str(key)) for turn, key in document["done"]),
            asked=tuple(
                Asked(
                    text=asked["text"],
                    person=asked["person"],
                    request=_request(asked["request"]),
                    sure=asked["sure"],
                    assumed=tuple(asked.get("assumed", ())),
                )
                for asked in document["asked"]
            ),
            before=tuple(_request(request) for request in document["before"]),
            shown=_shown(document["shown"]),
            listed=_request(document["listed"]),
            thing=document.get("thing"),
        )
    except (KeyError, TypeError, ValueError):
        return State()


def _request(document: Any) -> Any:
    return None if document is None else decode_request(document)


def _shown(document: Any) -> Shown | None:
    if document is None:
        return None
    lists = {name: tuple(document[name]) for name in ("names", "labels")}
    rows = tuple(tuple(row) for row in document["rows"])
    return Shown(**{**document, **lists, "rows": rows})


def _pending(document: Any) -> Pending | None:
    if document is None:
        return None
    return Pending(
        kind=document["kind"],
        choices=tuple(Choice(label=choice["label"], request=decode_request(choice["request"])) for choice in document["choices"]),
        partial=_request(document["partial"]),
        missing=document["missing"],
        action=_request(document["action"]),
        key=document["key"],
        turn=document["turn"],
        person=document["person"],
        assumed=tuple(document["assumed"]),
        ignored=tuple(document["ignored"]),
        offer=document.get("offer", False),
        about=document.get("about", ""),
        prompt=document.get("prompt"),
    )
