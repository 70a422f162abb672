"""What is worth knowing of everything, a few sentences of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from insights.findings.drivers import Held
from insights.requests import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing worth a sentence about `metric`.

    `change`: it moved between the two periods further than such periods usually do (`score` in standard deviations). `unusual`: days from `first` to `last`
    lay out of the ordinary, `value` on the worst of them where `before` was expected. `pace`: `value` so far of the target `before`. `usual`: how it stands.
    `also` are other figures of the same things that went the same way, `where` is what carries the change. `good` tells whether it is good news, None
    where neither is.
    """

    kind: Literal["change", "unusual", "pace", "usual"]
    metric: str
    label: str
    unit: str | None
    value: float
    before: float | None
    ratio: float | None
    score: float
    good: bool | None
    also: tuple[str, ...] = ()
    where: tuple[Held, ...] = ()
    first: date | None = None
    last: date | None = None
    ongoing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """The notices, what surprises most first; `now` is set against `before`. `looked` of `figures` were looked at in the time there was.

    `told` is how many were left out because they were told on an earlier day, the last of them on `since`, and have not moved.
    """

    now: Period
    before: Period
    notices: tuple[Notice, ...]
    looked: int
    figures: int
    told: int = 0
    since: date | None = None
