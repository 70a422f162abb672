"""How a reply to a question back is read: yes, no, a choice by its number, its place or its words, several of them, or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from insights.conversation import Pending
from insights.requests import Choice, MetricQuestion

YES = frozenset(
    {
        "yes", "yeah", "yep", "yup", "sure", "ok", "okay", "please do", "do it", "go ahead", "confirm", "correct", "right", "yes please", "that's right",
        "book it", "file it", "sounds good", "yes do it", "yes, do it", "of course", "definitely", "absolutely", "go for it",
    }
)  # fmt: skip
NO = frozenset(
    {
        "no", "nope", "nah", "cancel", "never mind", "nevermind", "stop", "don't", "do not", "no thanks", "no thank you", "forget it", "none", "none of them",
        "neither", "neither of them", "none of these", "none of those", "neither of those", "no, thanks",
    }
)  # fmt: skip
LEAVE = frozenset("drop that|drop it|scrap that|scrap it|leave it|leave that|cancel that|cancel it|undo|undo that|forget that|skip it|skip that".split("|"))
"""A no to what is waiting; without anything waiting they are about something else."""
ELSE = frozenset(
    {
        "something else", "something different", "anything else", "other", "another one", "another", "none of the above", "neither of the above",
        "no something else",
        "no, something else", "a different one", "different", "not those", "not these", "what else", "what else is there", "others",
    }
)  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "one": 1, "two": 2, "three": 3, "1st": 1, "2nd": 2, "3rd": 3, "former": 1, "a": 1, "b": 2, "c": 3}
_LAST = frozenset({"last", "latter", "final"})
_PICK = re.compile(
    r"(?:(?:i mean|i meant|i want|i'd like|take|book|please|let's take|give me|show me|maybe|probably|it's|its|that's) )*"
    r"(?:the |number |option |choice |answer )*(\w+)(?: one| option| choice)?(?: please)?"
)
_ALL = re.compile(
    r"(?:i want |show me |give me |take |let's have )?"
    r"(?:(both|all|all three|all two|all 3)(?: of (?:them|these|those))?|them all|everything|each(?: of them)?)(?: please)?"
)
_SAYS_NOTHING = frozenset("the a an i i'd i'm mean meant want like please one ones is was it it's its that that's option choice take for".split())


@dataclass(frozen=True, slots=True)
class Picked:
    """The reply names a choice."""

    choice: Choice


Reaction = Picked | Literal["yes", "no", "else", "again", "which"] | None
"""`else`: none of the choices, another thing; `again`: choices that cannot be had together; `which`: a yes to a question that wants more than that."""


def react(text: str, pending: Pending | None) -> Reaction:
    """How a reply answers what we wait for; None when it says something else. Without anything pending only a bare yes or no is recognised."""
    said = _plain(text)
    if pending is not None and said in LEAVE:
        return "no"
    if pending is None or pending.kind != "choice":
        more = pending is not None and pending.kind == "slot" and pending.question is not None
        return ("which" if more else "yes") if said in YES else "no" if said in NO else None
    if said in NO:
        return "no"
    if len(pending.choices) == 1 and said in YES:
        return Picked(pending.choices[0])
    several = _several(said, pending.choices)
    if several:
        joined = _joined(several)
        return Picked(joined) if joined is not None else "again"
    picked = _pick(said, pending.choices)
    if picked is None and said in YES and pending.question is not None:
        return "which"
    return Picked(picked) if picked else "else" if said in ELSE else None


def _plain(text: str) -> str:
    return " ".join(text[:200].casefold().replace("’", "'").strip(" .!?,\n\t").split())


def _pick(said: str, choices: tuple[Choice, ...]) -> Choice | None:
    """By number ("2", "the second one", "last"), by the whole label, or by words that only one label has."""
    match = _PICK.fullmatch(said)
    if match and (place := _place(match[1], len(choices))) is not None:
        return choices[place]
    labels = [_plain(choice.label) for choice in choices]
    if (named := said.removeprefix("book ")) in labels:
        return choices[labels.index(named)]
    words = set(said.replace(",", " ").split()) - _SAYS_NOTHING
    holding = [choice for choice, label in zip(choices, labels, strict=True) if words and words <= set(re.findall(r"\w+", label))]
    return holding[0] if len(holding) == 1 else None


def _place(word: str, count: int) -> int | None:
    if word in _LAST:
        return count - 1
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 3 else _ORDINALS.get(word, 0)
    return number - 1 if 1 <= number <= count else None


def _several(said: str, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The choices of a reply that names more than one: "both", "1 and 3", "net and gross"; none when it does not."""
    match = _ALL.fullmatch(said) if len(choices) > 1 else None
    if match:
        return choices if match[1] != "both" or len(choices) == 2 else ()
    parts = [part.strip() for part in re.split(r",| and | & |\+", said) if part.strip()]
    if not 2 <= len(parts) <= len(choices):
        return ()
    found = [_pick(part, choices) for part in parts]
    if any(choice is None for choice in found) or len({choice.label for choice in found if choice}) < len(parts):
        return ()
    return tuple(choice for choice in found if choice is not None)


def _joined(choices: tuple[Choice, ...]) -> Choice | None:
    """One question for several: figures beside one another, groups within one another, values of one condition together. None where they differ in more."""
    requests = [choice.request for choice in choices if isinstance(choice.request, MetricQuestion)]
    if len(requests) < len(choices):
        return None
    label, first = " and ".join(choice.label for choice in choices), requests[0]
    if len({repr(replace(request, metrics=(), time_field=None)) for request in requests}) == 1:
        metrics = tuple(dict.fromkeys(metric for request in requests for metric in request.metrics))
        return Choice(label=label, request=replace(first, metrics=metrics))
    if len({repr(replace(request, group_by=())) for request in requests}) == 1:
        groups = tuple(dict.fromkeys(group for request in requests for group in request.group_by))
        return Choice(label=label, request=replace(first, group_by=groups))
    if len({repr(replace(request, filters=())) for request in requests}) == 1 and len({len(request.filters) for request in requests}) == 1:
        return _of_values(label, requests)
    return None


def _of_values(label: str, requests: list[MetricQuestion]) -> Choice | None:
    """Where only the values of one condition differ."""
    first = requests[0]
    places = [place for place in range(len(first.filters)) if len({repr(request.filters[place]) for request in requests}) > 1]
    if len(places) != 1:
        return None
    conditions = [request.filters[places[0]] for request in requests]
    if {(condition.op, condition.dimension) for condition in conditions} != {("=", conditions[0].dimension)}:
        return None
    whole = replace(conditions[0], values=tuple(dict.fromkeys(value for condition in conditions for value in condition.values)))
    filters = (*first.filters[: places[0]], whole, *first.filters[places[0] + 1 :])
    return Choice(label=label, request=replace(first, filters=filters))
