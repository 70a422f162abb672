"""What people can ask for; nothing about how it was said.

Metrics in a question are written as the contract has them: a metric's name, an ad-hoc aggregate such as `avg(orders.discount)` or `count(orders)`,
or a formula of metrics (`revenue / customers`). A dimension is its field name, or `dataset.field` where that is ambiguous.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

Scalar: TypeAlias = str | int | float | bool | date | datetime | None

Analysis = Literal[
    "value",
    "breakdown",
    "ranking",
    "series",
    "trend",
    "compare",
    "share",
    "drivers",
    "anomalies",
    "forecast",
    "correlation",
    "distribution",
    "concentration",
    "segments",
    "cohorts",
    "funnel",
    "experiment",
    "pace",
    "list",
    "about",
    "briefing",
]
Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
Operator = Literal["=", "!=", ">", ">=", "<", "<=", "between", "starts_with", "is_null", "not_null"]
AggregateFunction = Literal["sum", "avg", "median", "min", "max", "count", "count_distinct"]
Order = Literal["asc", "desc"]

ANALYSES: tuple[Analysis, ...] = get_args(Analysis)
GRAINS: tuple[Grain, ...] = get_args(Grain)
OPERATORS: tuple[Operator, ...] = get_args(Operator)
AGGREGATES: tuple[AggregateFunction, ...] = get_args(AggregateFunction)
NOTHING: Mapping[str, Scalar] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days from `first` to `last`, both included; None is an open end. `words` are those the person used."""

    first: date | None = None
    last: date | None = None
    words: str = ""

    @property
    def days(self) -> int | None:
        """The number of days, or None when an end is open."""
        if self.first is None or self.last is None:
            return None
        return (self.last - self.first).days + 1

    def preceding(self) -> Period:
        """Return the period of the same length that ends the day before this one starts.

        >>> Period(first=date(2024, 5, 8), last=date(2024, 5, 14)).preceding()
        Period(first=datetime.date(2024, 5, 1), last=datetime.date(2024, 5, 7), words='')
        """
        if self.first is None or self.last is None:
            raise ValueError("an open period has none before it")
        return Period(first=self.first - (self.last - self.first) - timedelta(days=1), last=self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A condition that was asked for: on a dimension of the rows, or on a metric of the result (then `metric` is set).

    `values` are OR; `between` has two, `is_null` and `not_null` none.
    """

    dimension: str | None = None
    metric: str | None = None
    op: Operator = "="
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePeriod:
    """Against the same question over another period."""

    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareValues:
    """One value of a dimension against others."""

    dimension: str
    values: tuple[Scalar, ...]


Compare = ComparePeriod | CompareValues


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricQuestion:
    """A question that data answers. For `about`, `options["topic"]` names what is asked about (a metric, dimension, dataset or nothing)."""

    analysis: Analysis = "value"
    metrics: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    time_field: str | None = None
    grain: Grain | None = None
    filters: tuple[Filter, ...] = ()
    period: Period | None = None
    compare: Compare | None = None
    limit: int | None = None
    order: Order | None = None
    columns: tuple[str, ...] | None = None
    options: Mapping[str, Scalar] = field(default_factory=lambda: NOTHING)


THIS = "this"
"""The floor or the building of the room in which it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRoom:
    """Which rooms are free; `start` None means now, `minutes` None the room policy's usual length. `floor` and `building` may be "this".

    `near` is the room (an id) near which it is wanted, `without` are rooms that are not.
    """

    start: datetime | None = None
    minutes: int | None = None
    people: int | None = None
    equipment: tuple[str, ...] = ()
    floor: str | None = None
    building: str | None = None
    nearest: bool = False
    near: str | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRoom:
    """Hold a room; `room` None means any that fits (then the choice is confirmed), local date-times without offset.

    `nearest` puts what is near the device's room first, or near the room `near`; `without` are rooms that are not wanted. `repeats` is an RRULE of RFC 5545.
    `block` keeps everybody out of it, and takes it from those who have it; `reason` is what they are told. `person` (an id) is for whom, None the asker.
    `floor` and `building` may be "this".
    """

    room: str | None = None
    start: datetime | None = None
    minutes: int | None = None
    people: int | None = None
    equipment: tuple[str, ...] = ()
    title: str | None = None
    floor: str | None = None
    building: str | None = None
    nearest: bool = False
    private: bool = False
    repeats: str | None = None
    block: bool = False
    reason: str | None = None
    person: str | None = None
    near: str | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCalendar:
    """What the asker has booked and is invited to, in a period or from now on; `next` is the next one alone. `person` (an id) is whose, None the asker's."""

    period: Period | None = None
    next: bool = False
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseTicket:
    """Report something that is broken, or ask for something; `room` is where, None when it was not said.

    `category`, `priority` and `group` are those the person corrected, None leaves them to be worked out from the words. `type` is the form it is filed by and
    `fields` what that wants to know. `new` says that the person wants a ticket of their own although the same was reported.

    What a door knows besides: the `thread` of a channel where it was said, and by whom (`person`, an id), where that is not the asker.
    """

    what: str = ""
    room: str | None = None
    urgency: Literal["low", "normal", "high"] = "normal"
    category: str | None = None
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    group: str | None = None
    type: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    new: bool = False
    thread: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketStatus:
    """How a ticket stands; `ticket` None means the asker's own open ones, or what is known to be out of order `about` something ("the wifi")."""

    ticket: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendBooking:
    """Hold a room longer, by `minutes` (negative: shorter), `until` a time or for `length` minutes in all.

    `room` None means the asker's own booking that is running or next.

    `booking` is the id of the booking that is meant, where that is known or said; else its `title` and when it is (`start`) name it.
    """

    room: str | None = None
    minutes: int | None = None
    until: datetime | None = None
    booking: str | None = None
    title: str | None = None
    start: datetime | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMeeting:
    """The meeting in `room` is over; None means the asker's own. `booking` is the id of the booking that is meant."""

    room: str | None = None
    booking: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """The people of the booking have come. `booking` is the id of the booking that is meant."""

    room: str | None = None
    booking: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRoom:
    """A booking is not needed; `start` None means the one that is running or next, or those on the days of `period`; `series` all that repeat with it.

    `booking` is the id of the booking that is meant, `title` what it is called; `reason` is what its holder is told, where that is not the asker.
    """

    room: str | None = None
    start: datetime | None = None
    booking: str | None = None
    series: bool = False
    reason: str | None = None
    title: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStatus:
    """Whether a room is free, until when, and what comes next; `start` None means now, `minutes` how long it is wanted for."""

    room: str | None = None
    start: datetime | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoBooked:
    """Who holds a room; `start` None means now."""

    room: str | None = None
    start: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMeeting:
    """A meeting with people (their ids): at `start`, else somewhere in `period`. `repeats` is an RRULE of RFC 5545.

    `with_room` takes a room that fits, where none is named. `person` (an id) is whose meeting it is, None the asker's. `call`: with a link to join by.
    """

    people: tuple[str, ...] = ()
    start: datetime | None = None
    minutes: int | None = None
    period: Period | None = None
    title: str | None = None
    room: str | None = None
    repeats: str | None = None
    private: bool = False
    with_room: bool = False
    person: str | None = None
    call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMeeting:
    """Another time for the meeting that `title`, `people` or `start` name: the time `to`, the days of `period`, or `minutes` later (negative: earlier).

    `to_room` is another room for it. `meeting` is the id of the meeting or booking that is meant, `series` all that repeat with it; `reason` is what
    those affected are told. `same_day`: of `to` only the time of day was said, and it stays on its day. `on` are the days on which it is now.
    """

    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    to: datetime | None = None
    same_day: bool = False
    period: Period | None = None
    minutes: int | None = None
    room: str | None = None
    to_room: str | None = None
    meeting: str | None = None
    series: bool = False
    reason: str | None = None
    on: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting:
    """Call off the meeting that `title`, `people`, `room`, `start` or `period` name.

    `meeting` is the id of the meeting or booking that is meant, `series` all that repeat with it; `reason` is what those affected are told.
    """

    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    room: str | None = None
    period: Period | None = None
    meeting: str | None = None
    series: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondInvitation:
    """Answer an invitation; nothing that names it means the only one that waits.

    `meeting` is the id of the one that is meant, `series` all that repeat with it.
    """

    response: Literal["accept", "decline", "tentative"] = "accept"
    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    meeting: str | None = None
    series: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLate:
    """Let the others in a meeting know that the asker comes late, by about so many `minutes` where that is known; nothing that names it means the next one.

    `meeting` is the id of the one that is meant, of a series the one at `start`.
    """

    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    minutes: int | None = None
    meeting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCall:
    """Begin a call, with people (their ids) when they are named."""

    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCall:
    """Join the call of a meeting; nothing that names it means the one that is running or next, `period` the first on these days."""

    title: str | None = None
    start: datetime | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTicket:
    """Add a note or a `link` to a ticket, close it, open it again, `escalate` it, correct what it was taken for; `ticket` None means the asker's only open one.

    `file` is the name of a file that is attached; what is in it was handed over with the action. `decision` is an approver's, `join` asks to hear of
    somebody else's ticket too, `rating` (1 to 5) says how satisfied the asker is. `thread` is where in a channel it was said, as a door knows it: with no
    `ticket`, the one that is talked about there.
    """

    ticket: str | None = None
    note: str = ""
    status: Literal["open", "in_progress", "resolved", "closed"] | None = None
    link: str | None = None
    file: str | None = None
    escalate: bool = False
    category: str | None = None
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    decision: Literal["approve", "reject"] | None = None
    join: bool = False
    rating: int | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceOutage:
    """Tell everybody who asks that something is out of order, in one `room` or everywhere; `over` ends it (`outage` is its id, None the latest)."""

    what: str = ""
    room: str | None = None
    over: bool = False
    outage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """A question about the company that its handbook answers, in the asker's words."""

    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Hear about an answer again: `repeats` is an RRULE of RFC 5545; `what` None means what was talked of. `stop` ends it.

    With a condition on the figure it is told when that holds: `alert` a limit, `change` a fraction of 1 by which it went `direction`, `unusual` when it is out
    of the ordinary. `channel` is where it is told, by its name; None the asker alone.
    """

    what: MetricQuestion | None = None
    repeats: str | None = None
    alert: Filter | None = None
    stop: bool = False
    change: float | None = None
    direction: Literal["up", "down", "either"] = "either"
    unusual: bool = False
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What the asker follows: a `list` of it, or one of it paused, resumed, muted `until` a time, heard again or ended.

    `subscription` is its id; else `what` is the question that is followed; neither means the only one, `every` all of them.
    """

    act: Literal["list", "pause", "resume", "mute", "unmute", "end"] = "list"
    subscription: str | None = None
    what: MetricQuestion | None = None
    every: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Tell the asker `what` at a time on their own clock; `repeats` is an RRULE of RFC 5545, then `at` is when it begins (None: now)."""

    what: str = ""
    at: datetime | None = None
    repeats: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """The reminders that are still to come: a `list`, or one of them ended (`reminder` its id, `what` words of it; None the only one, `every` all of them)."""

    act: Literal["list", "end"] = "list"
    reminder: str | None = None
    every: bool = False
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeMeetings:
    """The asker is told shortly before each of their meetings from now on, or, `off`, not any more."""

    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Send an answer on: to people (their ids; none means the asker), or to a channel by its name. `what` None means the last answer."""

    people: tuple[str, ...] = ()
    channel: str | None = None
    through: Literal["slack", "email"] | None = None
    what: MetricQuestion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What can be said here; `topic` narrows it."""

    topic: str | None = None


AboutRooms = FindRoom | BookRoom | ExtendBooking | EndMeeting | CheckIn | ReleaseRoom | RoomStatus | WhoBooked
AboutMeetings = ScheduleMeeting | MoveMeeting | CancelMeeting | RespondInvitation | RunLate | MyCalendar
AboutCalls = StartCall | JoinCall
AboutTickets = RaiseTicket | TicketStatus | UpdateTicket | AnnounceOutage
AboutCompany = LookUp
Onward = Follow | Following | Remind | Reminders | BeforeMeetings | Share
Errand = AboutRooms | AboutMeetings | AboutCalls | AboutTickets | AboutCompany | Onward
"""Everything that is no question about data: one union for each capability that carries it out."""
Request = MetricQuestion | Errand | Help


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to read what was said, in the company's own words (`label`)."""

    label: str
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One reading, with what was taken for granted (sentences) and the words that were not used."""

    request: Request
    assumed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarify:
    """Several readings fit, or something is missing: ask back. At most three choices; none when a free answer is wanted (`missing` names the slot).

    `about` is the word or slot the question is about; `partial` is what was understood so far, to be completed by the reply. Whoever picks a choice of an
    `offer` has agreed to it: nothing of it is confirmed once more. `prompt` is the question where it is not one of ours: that of a form.
    `said` is a sentence that goes before the question.
    """

    about: str
    choices: tuple[Choice, ...] = ()
    missing: str | None = None
    partial: Request | None = None
    assumed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    prompt: str | None = None
    offer: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """It cannot be done here: `reason` is a whole sentence that says why; `suggestions` are utterances that do work.

    `firm`: what was meant is clear, so nothing else is made of it.
    """

    reason: str
    suggestions: tuple[str, ...] = ()
    firm: bool = False


Reading = Understood | Clarify | Unsupported


@dataclass(frozen=True, slots=True)
class MetricName:
    """A metric of the catalog."""

    name: str


@dataclass(frozen=True, slots=True)
class AdHoc:
    """An aggregate that no metric declares, over `dataset.field`; `count(orders)` has only the dataset (`field` None).

    A percentile such as `p95(orders.amount)` is that of the fraction `at`.
    """

    function: AggregateFunction | Literal["percentile"]
    dataset: str
    field: str | None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic of two measures, never certified."""

    left: Measure
    operator: Literal["+", "-", "*", "/"]
    right: Measure


Measure = MetricName | AdHoc | Formula

Part = Literal["weekday", "hour", "day_of_month", "month_of_year", "quarter_of_year"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, slots=True)
class PlainField:
    """A field by its own values, as a request names it: bare, or `dataset.field`."""

    field: str


@dataclass(frozen=True, slots=True)
class TimePart:
    """A recurring part of a time field: `weekday` ("monday".."sunday"), `hour` (0..23), `day_of_month`, `month_of_year`, `quarter_of_year` (from 1)."""

    part: Part
    field: str


@dataclass(frozen=True, slots=True)
class Bin:
    """A numeric field in steps of one width."""

    field: str


GroupKey = PlainField | TimePart | Bin
_READ = 4096
"""How many texts are remembered as they were read: rights are decided several times on every question."""


@lru_cache(_READ)
def parse_measure(text: str) -> Measure:
    """Read a metric as a request writes it.

    >>> parse_measure("avg(orders.discount)")
    AdHoc(function='avg', dataset='orders', field='discount', at=None)
    >>> parse_measure("revenue / customers")
    Formula(left=MetricName(name='revenue'), operator='/', right=MetricName(name='customers'))

    Raises ValueError when the text is none of the three forms.
    """
    tokens = text.split(" ")
    if len(tokens) == 3 and tokens[1] in ("+", "-", "*", "/"):
        operator: Literal["+", "-", "*", "/"] = tokens[1]  # type: ignore[assignment]  # narrowed by the line above
        return Formula(parse_measure(tokens[0]), operator, parse_measure(tokens[2]))
    if text.endswith(")") and not _is_bare_field(text.partition("(")[0]):
        function, _, inner = text[:-1].partition("(")
        if function[:1] == "p" and function[1:].isascii() and function[1:].isdigit() and 0 < int(function[1:]) < 100 and _is_bare_field(inner):
            of, _, value = inner.partition(".")
            return AdHoc("percentile", of, value, int(function[1:]) / 100)
        if function not in AGGREGATES or not inner:
            raise ValueError(f"{text!r} is not an aggregate of a field; there is {', '.join(AGGREGATES)}")
        dataset, dot, name = inner.partition(".")
        return AdHoc(function, dataset, name if dot else None)
    if not _is_bare_field(text) and not text.replace("_", "").replace("-", "").replace(".", "").isalnum():
        raise ValueError(f"{text!r} is not the name of a metric")
    return MetricName(text)


def _is_bare_field(text: str) -> bool:
    """Whether it is `dataset.field`, whose field may be called as a column of a file is, with white space and marks."""
    dataset, _, name = text.partition(".")
    return bool(name.strip()) and dataset.replace("_", "").replace("-", "").isalnum()


@lru_cache(_READ)
def parse_group(text: str) -> GroupKey:
    """Read what a request groups by, filters on or lists: a field, a part of a time field, or a numeric field in bins.

    >>> parse_group("region")
    PlainField(field='region')
    >>> parse_group("weekday(orders.ordered_on)")
    TimePart(part='weekday', field='orders.ordered_on')
    >>> parse_group("bin(orders.amount)")
    Bin(field='orders.amount')

    Raises ValueError when the text is none of the three forms.
    """
    if not text.endswith(")"):
        if not text or "(" in text:
            raise ValueError(f"{text!r} is not the name of a field")
        return PlainField(text)
    name, _, inner = text[:-1].partition("(")
    if not inner or "(" in inner or ")" in inner:
        raise ValueError(f"{text!r} is not a part of a field")
    if name == "bin":
        return Bin(inner)
    for part in PARTS:
        if name == part:
            return TimePart(part, inner)
    raise ValueError(f"{text!r} is not a part of a field; there is bin, {', '.join(PARTS)}")


_FIELD_OPTIONS = ("part", "within", "members", "by")
_DATASET_OPTIONS = ("dataset", "of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Everything of the catalog that a question names: measures, fields (as the request writes them, without their part or bin), datasets.

    A bare field that is correlated or distributed stands among the measures as a `MetricName`. `topic` is what an `about` is about: any of the three.
    """

    measures: tuple[Measure, ...] = ()
    fields: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    topic: str | None = None


def named_in(question: MetricQuestion) -> Named:
    """What a question names, wherever it stands: rights are decided on this, so every form of a question must be read here.

    Raises ValueError when a metric or a group is written in no form that exists.
    """
    options = question.options
    measures = [parse_measure(text) for text in (*question.metrics, *(f.metric for f in question.filters if f.metric))]
    written = [*question.group_by, *(f.dimension for f in question.filters if f.dimension), *(question.columns or ()), *filter(None, (question.time_field,))]
    if isinstance(question.compare, CompareValues):
        written.append(question.compare.dimension)
    for key in _FIELD_OPTIONS:
        written += [name for name in str(options[key]).split(",") if name] if options.get(key) is not None else []
    datasets = [str(options[key]) for key in _DATASET_OPTIONS if options.get(key) is not None]
    topic = options.get("topic")
    return Named(
        measures=tuple(measures),
        fields=tuple(dict.fromkeys(parse_group(name).field for name in written)),
        datasets=tuple(dict.fromkeys(datasets)),
        topic=topic if isinstance(topic, str) else None,
    )
