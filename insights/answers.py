"""What comes back: facts with their units, periods and sources; no sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from insights.findings import Finding
from insights.requests import Analysis, Filter, Grain, Part, Period, Scalar

Row = Mapping[str, Scalar]
_BESIDE = (".before", ".change", ".growth", ".part", ".whole", ".share", ".low", ".high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of `rows`: `name` as in the request, `label` as people say it, `unit` for metrics (ISO 4217, percent, minutes or a noun).

    `grain` is set for a time bucket, whose value is its first day (or instant for hours), `calendar` where its year is not the company's usual one;
    `part` for a recurring part of a time field; `width` for the steps of a numeric field, whose value is the lower end of its step.
    """

    name: str
    label: str
    role: Literal["dimension", "time", "metric"]
    unit: str | None = None
    grain: Grain | None = None
    part: Part | None = None
    width: float | None = None
    calendar: Literal["fiscal", "calendar"] | None = None

    @property
    def is_figure(self) -> bool:
        """Whether it holds what was asked for, rather than a grouping or what it was worked out from (`<metric>.before`, `<metric>.whole`, ...)."""
        return self.role == "metric" and not self.name.endswith(_BESIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """That a figure is what a model of the company predicts: whose it is, the last day it learned from, and how far off it was, a fraction by `measure`."""

    model: str
    owner: str
    trained_through: date
    error: float
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a metric means here and who answers for it; `certified` is False for ad-hoc aggregates and formulas. `prediction`: it is no fact but predicted."""

    name: str
    label: str
    expression: str
    description: str = ""
    filter: str | None = None
    unit: str | None = None
    good: Literal["up", "down", "neither"] = "neither"
    owner: str | None = None
    certified: bool = False
    sensitivity: str = "internal"
    prediction: Prediction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The other side of a comparison of two periods: its period, its value, and the change from it to now (`ratio` is a fraction of 1)."""

    period: Period
    value: float | None
    change: float | None
    ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What else the members of a set did: they were there in `period` too, or (`negated`) were not. `members` is what people call them."""

    members: str
    period: Period
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """What the time buckets of a series came to on average, and how many they were: those that the period and the data cover whole."""

    value: float
    buckets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAnswer:
    """Figures, or for a `list` the records themselves. `rows` are keyed by the request's own names (a time bucket by `time_field`, an unknown key is None).

    A comparison of periods adds `<metric>.before` and `<metric>.change` to each row; the growth of a series adds these and `<metric>.growth` (a fraction
    of 1 of the bucket before it, or a year before: `growth`). A share is a fraction of 1 with `<metric>.part` and `<metric>.whole` beside it. `value` is
    the single number, when there is one. `labels` gives what people call each name used in `filters` and `rows`. `total_rows` counts groups (or records)
    before `limit` cut them. `part` names the dimensions whose filters make the part of a share, `within` those that a ranking starts anew in; `again` is
    what the members of a set did besides; `running` says that figures add up from the period's first day; `average` is what a series comes to, where that was
    asked; `incomplete` lists the time buckets that the period or the data covers only in part, where that matters. `records` is what people call the
    records of a list, `sorted_by` what orders them.
    `trust` says why the files that were read are believed: a manifest vouches for each of them, or they are trusted on first use; None without files.
    `snapshot` says when the files became the table (UTC), where a log of the table tells; the oldest of several.
    `bytes_read` is about how much had to be read, by the files' statistics, and `cost` about what that costs in US dollars (None: not known, or nothing).
    `version` is that of the definitions it was answered by. `rollups` names what was read in place of the rows; `age` is how many seconds ago the data
    were current, more than 0 only where that is allowed.
    `hidden` counts the groups that are not shown because too few people are behind them, or because they would tell those.
    `finding` is what an analysis found beyond the rows.
    """

    analysis: Analysis
    value: float | None
    unit: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    definition: tuple[Definition, ...]
    source: str
    engine: str
    period: Period | None = None
    time_field: str | None = None
    filters: tuple[Filter, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    comparison: Comparison | None = None
    data_from: date | None = None
    data_through: date | None = None
    total_rows: int | None = None
    limit: int | None = None
    order: Literal["asc", "desc"] | None = None
    part: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    again: tuple[Again, ...] = ()
    running: bool = False
    average: Average | None = None
    growth: Literal["previous", "year"] | None = None
    incomplete: tuple[date, ...] = ()
    records: str | None = None
    version: str | None = None
    sorted_by: str | None = None
    notes: tuple[str, ...] = ()
    trust: Literal["manifest", "first use"] | None = None
    snapshot: datetime | None = None
    sql: str = ""
    parameters: tuple[Scalar, ...] = ()
    rollups: tuple[str, ...] = ()
    age: float = 0.0
    hidden: int = 0
    bytes_read: int | None = None
    cost: float | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutAnswer:
    """What can be asked, or what one thing means: definitions, dimensions (label -> some values), freshness."""

    topic: str | None
    definition: tuple[Definition, ...] = ()
    metrics: tuple[str, ...] = ()
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""
    data_from: date | None = None
    data_through: date | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A room held; local date-times of the room, `end` not included.

    `person` (an id) and `person_name` are whose it is. For those who may not know it is `hidden`: neither the holder nor the title is there. `block`: it
    is kept out of use.
    """

    id: str
    room: str
    room_name: str
    start: datetime
    end: datetime
    title: str | None = None
    capacity: int | None = None
    person: str | None = None
    person_name: str | None = None
    hidden: bool = False
    block: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsAnswer:
    """Rooms that are free for the time asked about, best first. `assumed` says what was taken for granted (sentences)."""

    start: datetime
    end: datetime
    rooms: tuple[Row, ...]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingAnswer:
    """A booking, and what was done to it; `proposed` waits for a yes, and `act` says what for. `assumed` says what was taken for granted (sentences).

    `before` is the booking as it was. `displaced` are those that give way to it. `told` are the names of those who are told, for what `reason`. `others`:
    it is somebody else's. `repeats` is the rule by which it is held again (RFC 5545), `missing` the days of it on which the room is taken, `through` the
    last day on which it is held so far. `ahead` is who comes next, when somebody does.
    """

    status: Literal["proposed", "booked", "extended", "shortened", "moved", "released", "ended", "checked_in"]
    booking: Booking
    assumed: tuple[str, ...] = ()
    act: Literal["book", "extend", "shorten", "move", "release", "end", "check_in"] = "book"
    before: Booking | None = None
    displaced: tuple[Booking, ...] = ()
    told: tuple[str, ...] = ()
    reason: str | None = None
    others: bool = False
    repeats: str | None = None
    missing: tuple[date, ...] = ()
    through: date | None = None
    ahead: Booking | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStatusAnswer:
    """Whether a room is free `at` a time: until when (`until`, None for the rest of the day), who holds it, who comes next that day.

    `asks` tells what was asked: whether it is free, or who has it. `minutes` is how long it is wanted for, and `fits` whether it is free that long.
    `now`: it is asked about the present.
    """

    room: str
    room_name: str
    at: datetime
    free: bool
    asks: Literal["status", "who"] = "status"
    until: datetime | None = None
    booking: Booking | None = None
    next: Booking | None = None
    minutes: int | None = None
    fits: bool | None = None
    now: bool = True
    checked_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting of people; local date-times of the company, `end` not included. `people` are names, the organizer's not among them; `others` are those of
    everybody but the asker, the organizer first.

    For those who may not know it is `hidden`: title, people, room and link are not there. `elsewhere` is what the clocks show at its start for those who
    live by other clocks. `response` is what the asker answered; None for its organizer. `repeats` is the rule of its series (RFC 5545).
    """

    id: str
    title: str
    start: datetime
    end: datetime
    organizer: str | None = None
    people: tuple[str, ...] = ()
    room: str | None = None
    room_name: str | None = None
    private: bool = False
    hidden: bool = False
    response: Literal["waiting", "accepted", "declined", "tentative"] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    repeats: str | None = None
    link: str | None = None
    elsewhere: Mapping[str, datetime] = field(default_factory=dict)
    whole_day: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAnswer:
    """A meeting, and what was done about it; `proposed` waits for a yes, and `act` says what for. `assumed` says what was taken for granted (sentences).

    `before` is the meeting as it was; `series`: all that repeat with it are meant. `busy` are the names of those who have something else then, `told` of
    those who are told, for what `reason`. `others`: it is somebody else's. `taken`: its room could not be had at the new time. `call`: a call was asked
    for, whose link is in the meeting once there is one. `not_yet_in` is the calendar system that does not have it so yet.

    `late`: the others are told that the asker comes late, by about so many `minutes`; `untold` are the names of those whom nothing reaches from here.
    `soon`: it begins in so many `minutes`; `booking` is the room that is held for it, or all that there is to it.
    """

    status: Literal["proposed", "scheduled", "moved", "cancelled", "accepted", "declined", "tentative", "late", "soon"]
    meeting: Meeting
    assumed: tuple[str, ...] = ()
    act: Literal["schedule", "move", "cancel", "late"] = "schedule"
    before: Meeting | None = None
    series: bool = False
    busy: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    reason: str | None = None
    others: bool = False
    missing: tuple[date, ...] = ()
    through: date | None = None
    call: bool = False
    not_yet_in: str = ""
    minutes: int | None = None
    untold: tuple[str, ...] = ()
    booking: Booking | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAnswer:
    """What somebody has booked and is invited to, earliest first; `person_name` is whose calendar it is, None for the asker's own.

    `next`: the next one alone was asked for.
    """

    period: Period | None
    bookings: tuple[Booking, ...]
    meetings: tuple[Meeting, ...] = ()
    next: bool = False
    person_name: str | None = None

    @property
    def entries(self) -> tuple[Booking | Meeting, ...]:
        """All of it in order of time."""
        return tuple(sorted((*self.bookings, *self.meetings), key=lambda one: (one.start, one.end, one.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as its system knows it; `url` None where the provider has no page.

    `category` and `group` are what people call them; `judged` says how they and the priority were found: learned from tickets, by rules, or said by a person.
    `due` is when it is to be solved by. `approval` is how the decision of `approver` (a name) stands, where one is needed. `mine` is False for a ticket of
    somebody else that the asker may hear of without its words.
    """

    id: str
    status: Literal["proposed", "open", "in_progress", "resolved", "closed"]
    what: str
    room: str | None = None
    room_name: str | None = None
    urgency: str = "normal"
    url: str | None = None
    raised: datetime | None = None
    updated: datetime | None = None
    priority: str | None = None
    category: str | None = None
    group: str | None = None
    judged: Literal["learned", "rules", "person"] | None = None
    type: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    due: datetime | None = None
    approval: Literal["waiting", "approved", "rejected"] | None = None
    approver: str | None = None
    mine: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFix:
    """What usually helps."""

    title: str
    steps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Something that is out of order for everybody, announced once; `ended` None while it lasts."""

    id: str
    what: str
    room: str | None = None
    room_name: str | None = None
    since: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRoom:
    """A room that is free for the rest of the meeting in which something was reported."""

    room: str
    room_name: str
    capacity: int
    until: datetime
    booking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAnswer:
    """A ticket `proposed` (read back, waits for a yes), `raised`, `updated`, or none because it is `known` (`outage`). `assumed` holds sentences.

    `changes` says what an update did. `fix` is to be tried first. `other_room` is offered to the meeting that the fault disturbs. `reported`: what those who
    work on tickets are told, with by whom it was (`reported_by`, a name).
    """

    status: Literal["proposed", "raised", "updated", "known", "reported"]
    ticket: Ticket
    assumed: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    fix: KnownFix | None = None
    outage: Outage | None = None
    other_room: OtherRoom | None = None
    reported_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsAnswer:
    """How tickets stand, newest first, and what is known to be out of order. `about` is what was asked about, `approvals` are those the asker decides on."""

    tickets: tuple[Ticket, ...]
    outages: tuple[Outage, ...] = ()
    about: str | None = None
    approvals: tuple[Ticket, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageAnswer:
    """An outage to be `proposed`, `announced`, or `over`; `told` is how many people a message goes to."""

    status: Literal["proposed", "announced", "over"]
    outage: Outage
    told: int = 0
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A conference: its address, and the number and code to dial where there are any."""

    service: str
    link: str | None = None
    dial_in: str | None = None
    title: str | None = None
    meeting: str | None = None
    start: datetime | None = None
    found_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """A call `started`, found to be `joined`, or to which `by` has `invited` somebody.

    A speaker cannot dial: `sent_to` names those whom the link went to, `room_system` the room whose system joins; `failed` is why that did not. `here` says
    that the link stands in this reply because only the asker sees it.
    """

    status: Literal["started", "joined", "invited"]
    call: Call
    sent_to: tuple[str, ...] = ()
    room_system: str | None = None
    failed: str | None = None
    here: bool = False
    by: str | None = None
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySource:
    """A passage of the handbook or the like: `source` is where it stands, `updated` when it was last looked at."""

    source: str
    title: str
    text: str
    heading: str | None = None
    owner: str | None = None
    updated: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyAnswer:
    """What the company knows: `answered` with an extract of the first source, a choice of `sources` where none is clearly the one, or `unknown`.

    `keeper` is who can be asked; `offered` says that a yes asks them.
    """

    status: Literal["answered", "sources", "unknown"]
    question: str
    extract: str | None = None
    sources: tuple[CompanySource, ...] = ()
    keeper: str | None = None
    offered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAnswer:
    """What works here: groups of things to say, each with examples."""

    groups: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Something that somebody follows; `id` is what they call it, such as S-1001, `about` what it is in words. Times are on the clock of the person.

    A `digest` is told `every` so often and `next` then; an `alert` is looked at then, and told when a condition holds: the figure is `op` than `limit` (in
    `unit`), it changed by `change` (a fraction of 1) in a `direction`, or it is `unusual`. `channel` is where it is told, None the person alone. `forever`:
    it is muted until it is heard again.
    """

    id: str
    kind: Literal["digest", "alert"]
    about: str
    every: Literal["hourly", "daily", "weekdays", "weekly", "monthly"]
    state: Literal["active", "paused", "ended"]
    next: datetime
    muted_until: datetime | None = None
    op: Literal[">", ">=", "<", "<="] | None = None
    limit: float | None = None
    unit: str | None = None
    change: float | None = None
    direction: Literal["up", "down", "either"] | None = None
    unusual: bool = False
    channel: str | None = None
    forever: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowAnswer:
    """What somebody follows, and what was done about it; `changed`: it was followed already, in another way."""

    status: Literal["followed", "changed", "listed", "paused", "resumed", "muted", "unmuted", "ended"]
    followed: tuple[Followed, ...]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestAnswer:
    """What is new about something that is followed: `answer` is what was asked for, found now. `why` is what carries its change since the period before.

    `usual` tells whether the figure lies where level and season let expect it (`regular`: it does not, and did not a year or months before either), None
    where nobody can tell; `expected` is what they do. `shared_by` is the name of whoever sent it, where it was sent and is not followed.
    """

    answer: MetricAnswer
    followed: Followed | None = None
    why: MetricAnswer | None = None
    usual: Literal["usual", "regular", "unusual"] | None = None
    expected: float | None = None
    shared_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Something to be reminded of, `at` a time on the clock of the person; `id` is what they call it, such as R-1001.

    One that `repeats` (an RRULE) comes next then.
    """

    id: str
    what: str
    at: datetime
    repeats: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderAnswer:
    """Reminders, and what was done about them. `meetings_on` and `meetings_off`: whether their person is told before each meeting from now on."""

    status: Literal["set", "listed", "ended", "meetings_on", "meetings_off"]
    reminders: tuple[Reminder, ...]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAnswer:
    """An answer (`about` something) that is on its way to `people` (names) or into a `channel`; `own`: to the asker alone.

    Whether everybody there may have it is decided when it is sent.
    """

    about: str
    people: tuple[str, ...] = ()
    channel: str | None = None
    own: bool = False


Answer = (
    MetricAnswer
    | AboutAnswer
    | RoomsAnswer
    | BookingAnswer
    | RoomStatusAnswer
    | MeetingAnswer
    | CalendarAnswer
    | TicketAnswer
    | TicketsAnswer
    | OutageAnswer
    | CallAnswer
    | CompanyAnswer
    | FollowAnswer
    | DigestAnswer
    | ReminderAnswer
    | ShareAnswer
    | HelpAnswer
)


def taken_for_granted(answer: Answer) -> tuple[str, ...]:
    """What whoever made the answer took for granted (sentences)."""
    found: tuple[str, ...] = getattr(answer, "assumed", ())
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSeries:
    """One line or set of bars; one value per label of the chart, None for a gap. `unit` where it is not that of the chart."""

    name: str
    values: tuple[float | None, ...]
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartBand:
    """A range behind the lines, from `lower` to `upper` at each label, None where there is none: what is expected, or where a forecast may lie."""

    name: str
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMark:
    """A label that is pointed out, by its place, with what is said there."""

    at: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A neutral description of a picture: what is drawn, never how. `alt` holds the finding in words.

    A `waterfall` goes from its first value to its last by the changes in between. A `heatmap` has a series for each of its rows and a label for each column.
    A `scatter` has two series, along and up, of which the same places belong together. `interval` draws the band of each label with its value in it.
    The bars of a `histogram` are steps of a range and touch. A `funnel` has a label for each of its steps. `stacked` bars of several series add up.
    """

    kind: Literal["bar", "line", "waterfall", "heatmap", "scatter", "interval", "histogram", "funnel"]
    title: str
    labels: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    unit: str | None = None
    alt: str = ""
    bands: tuple[ChartBand, ...] = ()
    marks: tuple[ChartMark, ...] = ()
    stacked: bool = False
