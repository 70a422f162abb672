"""Chores with their slots: rooms, tickets, one's own calendar, help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from insights.language import attaching, attending
from insights.language.agenda import Agenda
from insights.language.chores import Chore, chore, is_fault
from insights.language.colleagues import Colleagues
from insights.language.emergencies import emergency
from insights.language.following import FollowReader
from insights.language.manner import Manner, manner
from insights.language.office import Office
from insights.language.patterns import Pattern
from insights.language.periods import find
from insights.language.periods.model import Calendar
from insights.language.places import Rooms
from insights.language.reminding import ReminderReader
from insights.language.reserving import Reserving
from insights.language.sending import Sending
from insights.language.slots import Heard, SlotReader
from insights.language.timing import period_of
from insights.language.troubles import Troubles
from insights.requests import (
    CancelMeeting,
    Choice,
    Clarify,
    Help,
    MyCalendar,
    RaiseTicket,
    Reading,
    TicketStatus,
    Understood,
    Unsupported,
    UpdateTicket,
)

_LATER = "I can't send other things; I can share an answer, follow a figure, or remind you of something."
_FIGURE = Pattern(r"\b(?:rates?|percent(?:age)?|ratio|average|median|number of|count of|how many|how often|statistics)\b")
"""What is measured is no chore: "check-in rate by department"."""
_TO_SOMEBODY = Pattern(r"(?:email|mail|message|post|report|send|share|alert|tell) (?:me|us|it|this|that|these|those|them)\b.*")
"""What opens a chore whatever else its verb is called here: "email me this every Friday" where Email is a value."""
_NEXT = Pattern(r"\bnext (?:meeting|booking|reservation|appointment|call)\b|\bwhat(?: is|'s)? next\b")
_OWN_NEXT = Pattern(r"(?:when|what)(?: is|'s| 's) the next (?:meeting|booking)(?: today| tomorrow)?")
"""Where there is no room that it could be asked of, it is asked of one's own."""
_SOMEBODYS = Pattern(r"(?:what|when) (?:does|has)\b")
_OWNED = Pattern(r"\b(?P<owner>[a-z]+) ?'s (?:calendar|schedule|agenda|diary)\b")
_TIMELY = frozenset("today tomorrow week month day year monday tuesday wednesday thursday friday saturday sunday what that it".split())
_ITS_STATUS = Pattern(
    r"(?:and |so |ok )*(?:(?:what is|what 's|whats|how is|how 's) (?:the|its|it 's) status|status|any (?:news|updates?)(?: on (?:it|that))?"
    r"|is (?:it|that) (?:done|fixed|solved|repaired|resolved)(?: yet| already| now)?|when (?:will|is) (?:it|that) (?:be |going to be )?"
    r"(?:done|fixed|solved|repaired|resolved)|what (?:is|'s) happening with (?:it|that)|how (?:is|'s) (?:it|that) (?:going|coming along))(?: now| then)?"
)
"""How a ticket stands that was just talked of."""
_OF_THE_OFFICE: frozenset[Chore | None] = frozenset({"book", "find", "extend", "end", "release", "schedule", "move", "cancel", "respond"})
_ONE_AT_A_TIME: frozenset[Chore | None] = frozenset({"extend", "release", "move", "cancel", "respond"})
_SEVERAL = Pattern(
    r"\b(?:all|every|both|each)(?: of)?(?: my| our| the| these| those)? (?:\w+ ){0,2}?"
    r"(?:bookings?|meetings?|rooms?|reservations?|appointments?|calls|invitations?|ones)\b"
    r"|\b(?:cancel|release|call off|move|accept|decline) (?:everything|both|all)\b"
    r"|(?<!one of )\b(?:my|our|these|those) (?:\w+ )?(?:bookings|meetings|invitations|invites|reservations|appointments)\b"
)
_ONE = Unsupported(
    reason="I change one booking, meeting or invitation at a time, so that nothing goes that should stay.",
    suggestions=("what have i booked", "cancel my next meeting"),
    firm=True,
)
"""Of several that are named together none is taken for all of them."""


class Actions:
    """Recognises chores in one company's rooms; `outside` is said to what is no business of an assistant at work."""

    def __init__(
        self,
        rooms: Rooms,
        people: Colleagues,
        calendar: Calendar,
        outside: Unsupported,
        categories: Mapping[str, str],
        unit: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._rooms = rooms
        self._outside = outside
        self._calendar = calendar
        self._people = people
        reader = SlotReader(rooms, people, calendar)
        self._reserving = Reserving(rooms, people, calendar)
        self._office = Office(reader)
        self._agenda = Agenda(reader)
        self._sending = Sending(reader)
        self._following = FollowReader(reader, unit)
        self._reminding = ReminderReader(reader)
        self._troubles = Troubles(reader, categories)

    def read(self, heard: Heard) -> Reading | None:
        """The chore that was asked for, or None when it is none."""
        if emergency(heard.text) is not None and not heard.names_data():
            return self._troubles.report(heard)
        if attaching.wants(heard.plain) and "://" not in heard.text and not heard.names_data():
            return attaching.without_file()
        if isinstance(heard.previous, RaiseTicket | UpdateTicket | TicketStatus) and _ITS_STATUS.fullmatch(heard.plain):
            return Understood(request=TicketStatus())
        if self._troubles.names_one(heard):
            return self._troubles.change(heard)
        if (refused := attending.of_others(heard, self._people)) is not None:
            return refused
        kind, plain = chore(heard.plain)
        if kind == "schedule" and plain.startswith("when ") and not self._people.find(heard.words):
            kind = "room_status"
        if kind == "calendar" and _SOMEBODYS.match(plain) and not self._people.find(heard.words):
            return None
        if kind in _OF_THE_OFFICE:
            how = manner(heard.text, self._rooms.buildings, self._rooms.names if kind in ("book", "find") else {})
            rest = how.without(heard)
            if kind in _ONE_AT_A_TIME and not how.series and not heard.means_data and _SEVERAL.search(heard.plain):
                return _ONE
            return how.applied(self._of_the_office(kind, rest, chore(rest.plain)[1], how))
        return self._other(kind, heard, plain)

    def _other(self, kind: Chore | None, heard: Heard, plain: str) -> Reading | None:
        """Whatever books, moves and calls off nothing."""
        match kind:
            case "help":
                return Understood(request=Help())
            case "calendar":
                return self._mine(heard)
            case "status":
                return self._troubles.status(heard)
            case "known":
                return self._troubles.known(heard)
            case "outage":
                return self._troubles.outage(heard)
            case "raise":
                return None if heard.names_data() and "problem" not in plain and "ticket" not in plain else self._troubles.report(heard)
            case "other":
                return Unsupported(reason=_LATER)
            case "remind":
                return self._reminding.remind(heard)
            case "before":
                return self._reminding.before(heard)
            case "reminders":
                return self._reminding.manage(heard)
            case "following":
                return self._following.manage(heard)
            case "scope":
                return self._outside
            case None:
                return self._troubles.report(heard) if is_fault(heard.plain) and not heard.names_data() else None
            case "share":
                return self._sending.share(heard)
            case "follow" if not heard.begins_with_name() or _TO_SOMEBODY.match(plain):
                return self._following.follow(heard)
            case "ticket" if heard.plain.startswith("rate "):
                return self._troubles.change(heard)
            case _ if heard.begins_with_name() or _FIGURE.search(heard.plain):
                return None
            case "room_status" if heard.room is None and _OWN_NEXT.fullmatch(plain) is not None:
                return self._mine(heard)
            case "room_status" | "who" | "check_in":
                return self._office.read(kind, heard)
            case "join" | "call" | "late":
                return self._agenda.read(kind, heard)
            case "ticket":
                return self._troubles.change(heard)
            case _:
                return None

    def _of_the_office(self, kind: Chore | None, heard: Heard, plain: str, how: Manner) -> Reading | None:
        """What can be done privately, for a reason, near here, with all of a series, or with what has a number."""
        match kind:
            case "book":
                return self._reserving.book(heard, plain)
            case "find":
                return self._reserving.find(heard, plain)
            case _ if heard.begins_with_name() or _FIGURE.search(heard.plain):
                return None
            case "cancel" if how.thing is not None:
                return Understood(request=CancelMeeting())
            case "extend" | "end" | "release":
                return self._office.read(kind, heard)
            case "schedule" | "move" | "cancel" | "respond":
                return self._agenda.read(kind, heard)
            case _:
                return None

    def _mine(self, heard: Heard) -> Reading:
        found = [item for item in find(heard.tokens, now=heard.now, calendar=self._calendar, lean="future") if item.kind == "interval" and item.certain]
        coming = _NEXT.search(heard.plain) is not None
        period = period_of(found[0]) if found and not coming else None
        named = self._people.find(heard.words)
        request = MyCalendar(period=period, next=coming, person=named[0].ids[0] if named and len(named[0].ids) == 1 else None)
        owner = _OWNED.search(heard.plain)
        if request.person is not None or owner is None or owner["owner"] in _TIMELY or any(owner["owner"] in item.words.casefold() for item in found):
            return Understood(request=request)
        if named:  # several are called so
            return Clarify(
                about=owner["owner"], choices=tuple(Choice(label=self._people.names[one], request=replace(request, person=one)) for one in named[0].ids[:3])
            )
        return Unsupported(reason=f"I don't know anybody called '{owner['owner']}' here.", suggestions=("what is on my calendar",), firm=True)
