"""Somebody to be added to a meeting that stands, or taken out of one: that is not done here, and never taken for a new meeting or for calling one off."""

from __future__ import annotations

from insights.language.chores import chore
from insights.language.colleagues import Colleagues
from insights.language.patterns import Pattern
from insights.language.rebooking import was_booked
from insights.language.slots import Heard
from insights.requests import Unsupported

_STANDS = (
    r"(?:(?:the|my|our|this|that|his|her|their|today 's|tomorrow 's|today's|tomorrow's) (?:[\w':-]+ ){0,4}?"
    r"(?:meetings?|calls?|invite|invitation|appointment|stand ?-?up|sync|catch ?-?up|one on one|review|retro|kick ?-?off|series|event|session)"
    r"|[bm]-? ?\d{4,9})\b"
)
_ADDED = Pattern(rf"(?:add|invite|include|put|bring) (?P<who>.+?) (?:to|in|into|on|onto) (?:{_STANDS}.*|(?P<it>it|that|this)(?: too| as well| please)*)")
_TAKEN_OUT = Pattern(
    rf"(?:remove|drop|exclude|take|kick|uninvite|disinvite|leave) (?P<who>.+?) (?:from|off|out of|out from) (?:{_STANDS}.*|(?P<it>it|that|this)(?: please)*)"
)
_A_MEETING = Pattern(r"\b(?:meetings?|bookings?|reservations?|appointments?|one|ones|occurrences?|days?|dates?|all|everything)\b|\d")
_UNINVITED = Pattern(r"(?:un-?|dis-?)invite .+")


def of_others(heard: Heard, people: Colleagues) -> Unsupported | None:
    """The refusal, naming who it is about, with what can be done instead; None where it is about something else."""
    plain = chore(heard.plain)[1]
    added = _ADDED.fullmatch(plain)
    out = _TAKEN_OUT.fullmatch(plain)
    match = added or out
    if match is None and not _UNINVITED.fullmatch(plain):
        return None
    if match is not None and match["it"] and not was_booked(heard.previous):
        return None
    named = people.find(heard.words)
    said = match["who"] if match is not None else plain
    first = next((one for one in named if heard.words[one.first].text in said.split()), None)
    if first is None and (out is None or _A_MEETING.search(out["who"])):
        return None
    if first is not None:
        name = people.names[first.ids[0]] if len(first.ids) == 1 else " ".join(word.text for word in heard.words[first.first : first.last]).title()
    else:
        name = f"'{said}'"
    done = f"add {name} to" if added is not None else f"take {name} out of"
    return Unsupported(
        reason=f"I can't {done} a meeting that is arranged already. Change who is in it in your calendar, or cancel it and arrange it again with everybody.",
        suggestions=("what is on my calendar", "cancel my next meeting"),
        firm=True,
    )
