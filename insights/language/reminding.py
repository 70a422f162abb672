"""Reminders: what to be told of and when, and those that are still to come."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time

from insights.language.periods import find
from insights.language.periods.model import Calendar, Found
from insights.language.slots import Heard, SlotReader
from insights.requests import Clarify, Reading, Remind, Reminders, Understood, Unsupported

USUALLY = time(9)
"""When a reminder comes for which a day alone was said."""
_LONGEST = 500
_LEAD = re.compile(r"^.*?\b(?:remind (?:me|us)|set (?:me |up )?a reminder|make a reminder|reminder)\b(?: for me)?", re.IGNORECASE | re.DOTALL)
_JOINTS = re.compile(r"^(?:to|about|of|that|for|at|on|in|and|,|:|-)\s+|\s+(?:at|on|in|by|for)$", re.IGNORECASE)
_OTHERS = re.compile(r"\bremind (?!me\b|us\b)\w+", re.IGNORECASE)
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
        rest = _LEAD.sub("", text, count=1)
        found = self._reader.read(heard).found
        if any(item.kind == "recurrence" for item in found):
            return Unsupported(reason="I can remind you once; say a day and a time.", firm=True)
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

    def manage(self, heard: Heard) -> Reading:
        """The reminders that are to come, or one of them ended."""
        plain = heard.plain
        end = re.match(r"(?:please )?(?:cancel|delete|remove|drop|forget|clear)\b", plain) is not None
        id_ = _ID.search(plain)
        every = re.search(r"\b(?:all|every|reminders)\b", plain) is not None and id_ is None
        return Understood(request=Reminders(act="end" if end else "list", reminder=f"R-{id_[1]}" if id_ else None, every=end and every))


def completed(partial: Remind, missing: str, text: str, *, now: datetime, calendar: Calendar) -> Reading:
    """The reminder with what was asked for."""
    if missing == "reminder":
        changed = replace(partial, what=_plain(text))
    else:
        times = [item for item in find(text, now=now, calendar=calendar, lean="future") if item.kind == "interval" and item.start is not None]
        changed = replace(partial, at=_at(_meant(times, 0), now))
    if not changed.what or changed == partial:
        return Unsupported(reason="I didn't catch that; say what to remind you of and when, as in 'remind me at four to call Nina'.")
    return Understood(request=changed) if changed.at is not None else Clarify(about="at", missing="at", partial=changed)


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
