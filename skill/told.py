"""What is to be told at the end of a request, before it is dressed as a response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.turns import Reply
from skill.memory import Memory

if TYPE_CHECKING:
    from insights.pictures.shapes import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`speech` is plain text. With `reprompt` the session stays open. `reply` is the core's, where there is one: its card, picture and choices are shown.

    `elicit`: the answer may be any words, and Alexa is told to listen for them. `slow`: it is to be said slowly. `link`: the person is shown how to sign in.
    `picture` is for the screen, where there is one.
    """

    speech: str
    memory: Memory
    reprompt: str | None = None
    reply: Reply | None = None
    elicit: bool = False
    slow: bool = False
    link: bool = False
    picture: Picture | None = None
