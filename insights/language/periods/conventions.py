"""Where customs of dividing time differ: ours, and those of the published cases that others wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

MEALS = frozenset({"breakfast", "brunch", "lunch", "dinner", "supper"})

# First and last hour.
_HOURS = {
    "morning": (8, 12),
    "midmorning": (9, 11),
    "afternoon": (12, 18),
    "evening": (18, 22),
    "night": (20, 24),
    "tonight": (18, 24),
    "daytime": (8, 18),
    "breakfast": (7, 9),
    "brunch": (10, 12),
    "lunch": (12, 14),
    "lunchtime": (11, 13),
    "dinner": (18, 21),
    "supper": (18, 21),
    "dinnertime": (18, 21),
    "teatime": (16, 17),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """What words mean where people differ; the defaults are ours.

    `edges`: "end of May" is its last day, or its second half. `later`: "later this week" is what is left of it, or its second half.
    `weekdays`: "last Wednesday" is the one before today, or that of the week before. `weeks`: "first week of May" is seven days from the
    first, or the week of the calendar that holds more of them. `decades`: "last decade" is ten years up to this one, or the one before by
    the calendar. `every_the`: "the week" is the current one whatever stands before. `apart`: expressions that are not written together
    stand alone ("today ... at 8:30", "after 2010 and before 2018").
    """

    parts_of_day: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType(_HOURS))
    edges: Literal["day", "half"] = "day"
    later: Literal["rest", "half"] = "rest"
    weekdays: Literal["nearest", "week"] = "nearest"
    weeks: Literal["days", "calendar"] = "days"
    decades: Literal["years", "calendar"] = "years"
    every_the: bool = False
    apart: bool = False


OURS = Conventions()

_THEIR_HOURS = _HOURS | {
    "afternoon": (12, 16),
    "evening": (16, 20),
    "tonight": (20, 24),
    "breakfast": (8, 12),
    "brunch": (8, 12),
    "lunch": (11, 13),
    "dinner": (16, 20),
    "supper": (16, 20),
    "dinnertime": (16, 20),
}

# The cases of Recognizers-Text, by Microsoft.
RECOGNIZERS = Conventions(
    parts_of_day=MappingProxyType(_THEIR_HOURS),
    edges="half",
    later="half",
    weekdays="week",
    weeks="calendar",
    decades="calendar",
    every_the=True,
    apart=True,
)

PROFILES: Mapping[str, Conventions] = MappingProxyType({"insights": OURS, "recognizers": RECOGNIZERS})
