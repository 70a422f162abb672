"""Why a reading stops: a refusal, a question back, or two meanings of the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insights.requests import Reading


class Stuck(Exception):
    """The reading ends here with this outcome; `cost` says how bad that is beside other readings of the same utterance."""

    def __init__(self, reading: Reading, cost: float = 3.0) -> None:
        super().__init__()
        self.reading = reading
        self.cost = cost


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning of some words: what it is called to people, and the decision that stands for it."""

    label: str
    decision: object


class Ambiguous(Exception):
    """The words `about` mean several things; the one who asked must choose. `key` is what the decision is remembered under.

    With `sure` false even a single meaning is asked about.
    """

    def __init__(self, about: str, meanings: Sequence[Meaning], key: tuple[str, str], *, sure: bool = True) -> None:
        super().__init__()
        self.about = about
        self.meanings = tuple(meanings)
        self.key = key
        self.sure = sure
