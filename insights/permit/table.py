"""The table of rights: what may be told or done, by the kind of device, who is speaking as far as that is sure, and who else hears it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from insights.turns import Audience, Confidence, Place

Subject = Literal[
    "help", "public", "internal", "confidential", "limited", "own", "briefing", "private_event", "restricted", "occupancy", "act", "for_another",
    "administration",
]  # fmt: skip
"""What is asked for. `limited`: figures over rows that policies choose for the asker. `own`: my calendar, my tickets. `private_event`: what a private event is
about. `restricted`: a passage that is for some roles. `occupancy`: whether a room is free, asked in it. `act`: book, raise, ask who holds a room.
`for_another`: the same in somebody else's name. `administration`: who may what, what is used, which channels; for administrators."""
Verdict = Literal["here", "privately", "no"]
"""Told where it was asked; sent to the asker alone; neither."""

SUBJECTS: tuple[Subject, ...] = get_args(Subject)
PLACES: tuple[Place, ...] = get_args(Place)
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


@dataclass(frozen=True, slots=True)
class Rule:
    """What any of these subjects gets at any of these places, from any of these speakers, before any of these audiences."""

    subjects: tuple[Subject, ...]
    places: tuple[Place, ...]
    confidences: tuple[Confidence, ...]
    audiences: tuple[Audience, ...]
    verdict: Verdict


_ANYWHERE, _ANYBODY, _ANYONE_LISTENS = PLACES, CONFIDENCES, AUDIENCES
_PERSONAL: tuple[Place, ...] = ("desk", "chat", "shell")
_KNOWN: tuple[Confidence, ...] = ("owner", "voice", "account")
_SURE: tuple[Confidence, ...] = ("voice", "account")
_OTHERS_LISTEN: tuple[Audience, ...] = ("room", "channel")

RULES: tuple[Rule, ...] = (
    Rule(("help", "public"), _ANYWHERE, _ANYBODY, _ANYONE_LISTENS, "here"),
    # A screen that passers-by see is no place for figures of the company, unless somebody known asks for them.
    Rule(("internal",), ("desk", "room", "chat", "shell"), _ANYBODY, _ANYONE_LISTENS, "here"),
    Rule(("internal",), ("screen",), _SURE, _ANYONE_LISTENS, "here"),
    # Whoever sits at a desk is not its owner for certain: what is confidential goes where the owner reads.
    Rule(("confidential", "restricted"), _PERSONAL, _SURE, ("private",), "here"),
    Rule(("confidential", "restricted"), ("desk",), ("owner",), ("private",), "privately"),
    Rule(("confidential", "restricted", "limited", "own", "briefing"), _ANYWHERE, _SURE, _OTHERS_LISTEN, "privately"),
    Rule(("confidential", "restricted", "limited", "own", "briefing"), ("room", "screen"), _SURE, ("private",), "privately"),
    # What is mine, and figures that are no secret but cut to my rows, are told at my desk.
    Rule(("own", "briefing"), _PERSONAL, _KNOWN, ("private",), "here"),
    Rule(("limited",), _PERSONAL, _ANYBODY, ("private",), "here"),
    Rule(("private_event", "administration"), _PERSONAL, _SURE, ("private",), "here"),
    # Whoever stands in a room reads at its door whether it is free.
    Rule(("occupancy",), ("room",), _ANYBODY, _ANYONE_LISTENS, "here"),
    Rule(("act", "occupancy"), _ANYWHERE, _KNOWN, _ANYONE_LISTENS, "here"),
    Rule(("for_another",), _ANYWHERE, _SURE, _ANYONE_LISTENS, "here"),
)
"""The first that fits holds; what none of them names is not allowed."""


def verdict(subject: Subject, *, place: Place, confidence: Confidence, audience: Audience) -> Verdict:
    """What the table says.

    >>> verdict("confidential", place="room", confidence="voice", audience="room")
    'privately'
    >>> verdict("own", place="desk", confidence="unknown", audience="private")
    'no'
    """
    for rule in RULES:
        if subject in rule.subjects and place in rule.places and confidence in rule.confidences and audience in rule.audiences:
            return rule.verdict
    return "no"
