"""What "it", "the second one" and "yes" refer to: the state that follow-ups stand on, and how a reply to a question back is read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from insights.contract import decode_request, encode
from insights.requests import Action, Choice, Clarify, Request

YES = frozenset(
    {
        "yes", "yeah", "yep", "yup", "sure", "ok", "okay", "please do", "do it", "go ahead", "confirm", "correct", "right", "yes please", "that's right",
        "book it", "file it", "sounds good",
    }
)  # fmt: skip
NO = frozenset(
    {"no", "nope", "nah", "cancel", "never mind", "nevermind", "stop", "don't", "do not", "no thanks", "forget it", "none", "none of them", "neither"}
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "one": 1, "two": 2, "three": 3, "1st": 1, "2nd": 2, "3rd": 3}
_PICK = re.compile(r"(?:the |number |option |choice )*(\w+)(?: one| option| choice)?")
REMEMBERED = 20
CORRECTABLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What we wait for: a `choice` among `choices`, a `slot` of `partial`, or a yes to `action` (then `key` makes it act once).

    `turn` is the id of the turn that asked, `person` whom it asked. `assumed` and `ignored` belong to whatever is chosen.
    """

    kind: Literal["choice", "slot", "confirm"]
    choices: tuple[Choice, ...] = ()
    partial: Request | None = None
    missing: str | None = None
    action: Action | None = None
    key: str = ""
    turn: str | None = None
    person: str | None = None
    assumed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What `person` said, and how it was read: None when it was not understood; when it is not `sure`, this is one of the choices of a question back."""

    text: str
    person: str | None = None
    request: Request | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A conversation so far. `done` remembers which turn carried out which action, so that a turn that arrives twice is answered, not repeated.

    `asked` are the last things that were asked, the newest last: what a correction corrects, and what the data team can be asked.
    """

    request: Request | None = None
    pending: Pending | None = None
    done: tuple[tuple[str, str], ...] = ()
    asked: tuple[Asked, ...] = ()

    def key_of(self, turn: str | None) -> str | None:
        """The key of the action that this turn has carried out already."""
        return next((key for id_, key in self.done if id_ == turn), None) if turn else None

    def acted(self, turn: str | None, key: str) -> State:
        """After an action: nothing is pending, and the turn is remembered."""
        done = (*self.done, (turn, key))[-REMEMBERED:] if turn else self.done
        return replace(self, pending=None, done=done)

    def heard(self, asked: Asked) -> State:
        """After something was asked."""
        return replace(self, asked=(*self.asked, asked)[-CORRECTABLE:])


@dataclass(frozen=True, slots=True)
class Picked:
    """The reply names a choice."""

    choice: Choice


Reaction = Picked | Literal["yes", "no"] | None


def react(text: str, pending: Pending | None) -> Reaction:
    """How a reply answers what we wait for; None when it says something else. Without anything pending only a bare yes or no is recognised."""
    said = _plain(text)
    if pending is None or pending.kind != "choice":
        return "yes" if said in YES else "no" if said in NO else None
    if said in NO:
        return "no"
    picked = _pick(said, pending.choices)
    if picked is None and said in YES and len(pending.choices) == 1:
        picked = pending.choices[0]
    return Picked(picked) if picked else None


def _plain(text: str) -> str:
    return " ".join(text[:200].casefold().replace("’", "'").strip(" .!?,\n\t").split())


def _pick(said: str, choices: tuple[Choice, ...]) -> Choice | None:
    """By number ("2", "the second one", "last"), by the whole label, or by words that only one label has."""
    match = _PICK.fullmatch(said)
    if match:
        word = match[1]
        number = int(word) if word.isascii() and word.isdigit() and len(word) < 3 else _ORDINALS.get(word, len(choices) if word == "last" else 0)
        if 1 <= number <= len(choices):
            return choices[number - 1]
    labels = [_plain(choice.label) for choice in choices]
    if said in labels:
        return choices[labels.index(said)]
    words = set(said.split()) - {"the", "a", "i", "mean", "meant", "please"}
    holding = [choice for choice, label in zip(choices, labels, strict=True) if words and words <= set(re.findall(r"\w+", label))]
    return holding[0] if len(holding) == 1 else None


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
    )


def dump(state: State) -> str:
    """The state as JSON text."""
    return json.dumps(encode(state))


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
                Asked(text=asked["text"], person=asked["person"], request=_request(asked["request"]), sure=asked["sure"]) for asked in document["asked"]
            ),
        )
    except (KeyError, TypeError, ValueError):
        return State()


def _request(document: Any) -> Any:
    return None if document is None else decode_request(document)


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
    )
