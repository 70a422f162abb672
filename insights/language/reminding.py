"""Reminders: what to be told of and when, and those that are still to come."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time

from insights.language.chores import chore
from insights.language.periods import find
from insights.language.periods.model import Calendar, Found
from insights.language.pieces import words_of
from insights.language.slots import Heard, SlotReader
from insights.language.words import tokenise
from insights.requests import BeforeMeetings, Clarify, Reading, Remind, Reminders, Understood, Unsupported

USUALLY = time(9)
"""When a reminder comes for which a day alone was said."""
_LONGEST = 500
_LEAD = re.compile(r"^.*?\b(?:remind (?:me|us)|set (?:me |up )?a reminder|make a reminder|reminder)\b(?: for me)?", re.IGNORECASE | re.DOTALL)
_JOINTS = re.compile(r"^(?:to|about|of|that|for|at|on|in|and|,|:|-)\s+|\s+(?:at|on|in|by|for)$", re.IGNORECASE)
_OTHERS = re.compile(r"\bremind (?!me\b|us\b)\w+", re.IGNORECASE)
_OF_WHAT = re.compile(r"\breminder (?:to|about|of|for|that) (?P<what>\S.*)$", re.IGNORECASE | re.DOTALL)
_TIME_FIRST = re.compile(
    r"(?:please |can you |could you )*(?P<time>(?:at|daily|each|every|from|hourly|in|monthly|on|starting|today|tomorrow|weekly)\b.*?)[, ]+"
    r"(?P<lead>remind (?:me|us)) (?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_FINE = ("hour", "minute", "second")
_ID = re.compile(r"\br ?-? ?(\d+)\b", re.IGNORECASE)


class ReminderReader:
    """Reads reminders."""

    def __init__(self, reader: SlotReader) -> None:
        self._reader = reader

    def remind(self, heard: Heard) -> Reading:
        """What to be reminded of, and when; the time is asked for where none was said."""
        text = heard.text.strip()
        if _OTHERS.match(text):
            return Unsupported(reason="I can only remind you yourself; say 'remind me'.", firm=True)
        if (first := _TIME_FIRST.fullmatch(text)) is not None:  # "tomorrow at ten remind me to eat" is read as "remind me tomorrow at ten to eat"
            text = f"{first['lead']} {first['time'].strip(' ,')} {first['rest']}"
            tokens = tokenise(text)
            heard = replace(heard, text=text, tokens=tokens, words=words_of(tokens))
        rest = _LEAD.sub("", text, count=1)
        found = self._reader.read(heard).found
        rule = max((item for item in found if item.kind == "recurrence" and item.rrule), key=lambda item: (item.rrule or "").count(";"), default=None)
        if rule is not None:
            return self._again(heard, rest, rule, [item for item in found if item is not rule])
        times = [item for item in found if item.kind == "interval" and item.start is not None and item.certain]
        chosen = _meant(times, len(text) - len(rest))
        for item in chosen:
            rest = rest.replace(item.span, " ", 1)
        request = Remind(what=_plain(rest), at=_at(chosen, heard.now))
        assumed: tuple[str, ...] = ()
        if chosen and not any(item.grain in _FINE for item in chosen):
            assumed = ("the reminder comes at nine",)
        if not request.what:
            return Clarify(about="reminder", missing="reminder", partial=request)
        return Understood(request=request, assumed=assumed) if request.at is not None else Clarify(about="at", missing="at", partial=request)

    @staticmethod
    def _again(heard: Heard, rest: str, rule: Found, others: list[Found]) -> Reading:
        """One that comes again and again: "every Monday at nine", "every day from June on", "every day until Friday"."""
        said, assumed = rule.rrule or "", tuple[str, ...]()
        begins = next((item for item in others if item.kind == "interval" and item.start is not None and item.certain), None)
        ends = next((item for item in others if item.kind == "interval" and item.start is None and item.end is not None), None)
        for item in (rule, begins, ends):
            rest = rest.replace(item.span, " ", 1) if item is not None else rest
        at = begins.start if begins is not None else None
        if "BYHOUR" not in said and "HOURLY" not in said:
            clock = at.time() if at is not None and begins is not None and begins.grain in _FINE else USUALLY
            assumed = () if begins is not None and begins.grain in _FINE else ("the reminder comes at nine",)
            said += f";BYHOUR={clock.hour};BYMINUTE={clock.minute}"
        elif "HOURLY" in said:
            said += ";BYMINUTE=0"
        if ends is not None and ends.end is not None:
            said += f";UNTIL={ends.end:%Y%m%dT%H%M%S}"
        at = at if at is not None and at > heard.now else None
        request = Remind(what=_plain(rest), at=at, repeats=said)
        return Understood(request=request, assumed=assumed) if request.what else Clarify(about="reminder", missing="reminder", partial=request, assumed=assumed)

    def before(self, heard: Heard) -> Reading:
        """Whether to be told before meetings."""
        return Understood(request=BeforeMeetings(off=re.match(r"(?:remind|tell|message|notify)\b", chore(heard.plain)[1]) is None))

    def manage(self, heard: Heard) -> Reading:
        """The reminders that are to come, or one of them ended."""
        plain = heard.plain
        end = re.match(r"(?:please )?(?:cancel|delete|remove|drop|forget|clear)\b", plain) is not None
        id_ = _ID.search(plain)
        every = re.search(r"\b(?:all|every|reminders)\b", plain) is not None and id_ is None
        meant = _OF_WHAT.search(heard.text) if end and not every and id_ is None else None
        what = meant["what"].strip(" .!?")[:_LONGEST] if meant else ""
        return Understood(request=Reminders(act="end" if end else "list", reminder=f"R-{id_[1]}" if id_ else None, every=end and every, what=what))


def completed(partial: Remind, missing: str, text: str, *, now: datetime, calendar: Calendar) -> Reading:
    """The reminder with what was asked for."""
    if missing == "reminder":
        changed = replace(partial, what=_plain(text))
    else:
        times = [item for item in find(text, now=now, calendar=calendar, lean="future") if item.kind == "interval" and item.start is not None]
        changed = replace(partial, at=_at(_meant(times, 0), now))
    if not changed.what or changed == partial:
        return Unsupported(reason="I didn't catch that; say what to remind you of and when, as in 'remind me at four to call Nina'.")
    return Understood(request=changed) if changed.at is not None or changed.repeats is not None else Clarify(about="at", missing="at", partial=changed)


def _meant(times: list[Found], lead: int) -> list[Found]:
    """The time of the reminder: the one right behind "remind me", else the last; a day and a clock time that are said apart belong together."""
    if not times:
        return []
    first = min(times, key=lambda item: item.first)
    chosen = first if first.first - lead <= 6 else max(times, key=lambda item: item.first)
    other = next((item for item in times if item is not chosen and (item.grain in _FINE) != (chosen.grain in _FINE)), None)
    return [chosen] if other is None else [chosen, other]


def _at(chosen: list[Found], now: datetime) -> datetime | None:
    clock = next((item.start for item in chosen if item.grain in _FINE), None)
    day = next((item.start for item in chosen if item.grain not in _FINE), None)
    if clock is not None and day is not None:
        return datetime.combine(day.date(), clock.time())
    if day is not None:
        at = datetime.combine(day.date(), USUALLY)
        return at if at > now else None
    return clock


def _plain(text: str) -> str:
    """What is left of it, without the words that lead up to it."""
    text = " ".join(text.split()).strip(" .!?,")
    while (shorter := _JOINTS.sub("", text).strip(" .!?,")) != text:
        text = shorter
    return "" if text.casefold() in ("at", "on", "in", "by", "for", "to", "about", "of", "that") else text[:_LONGEST]
