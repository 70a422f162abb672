"""What can be said here, by this asker: examples made from the catalog that work as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from insights.answers import Answer, HelpAnswer, MetricAnswer
from insights.catalog.labels import inside
from insights.catalog.model import Catalog, Metric
from insights.catalog.values import Contents
from insights.organization import Organization
from insights.permit import Grant
from insights.query.about import groupings
from insights.wording.formats import plural

Step = Literal["explain", "break_down", "why", "follow", "correct"]
SAID: Mapping[Step, str] = {
    "explain": "how did you get that",
    "break_down": "break it down",
    "why": "why",
    "follow": "follow that",
    "correct": "that's wrong",
}
"""What each step from an answer says."""


def steps(answer: Answer | None) -> tuple[Step, ...]:
    """Where one can go from an answer: only what the analyses can take up."""
    if not isinstance(answer, MetricAnswer):
        return ()
    found: list[Step] = ["explain"]
    single = answer.analysis in ("value", "compare") and sum(column.is_figure for column in answer.columns) == 1
    if single:
        found.append("break_down")
    if single and answer.period is not None and answer.period.first is not None:
        found.append("why")
    if answer.analysis != "list":
        found.append("follow")
    return (*found, "correct")


TOPICS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "room": {
        "Find and book a room": ("find_room", "book_room"),
        "In a room": ("check_in", "extend_booking", "end_meeting", "release_room"),
        "Ask about a room": ("room_status", "who_booked"),
        "Your own": ("my_calendar",),
    },
    "meeting": {
        "Meet with people": ("schedule_meeting",),
        "Change a meeting": ("move_meeting", "cancel_meeting"),
        "Invitations": ("respond_invitation",),
        "Running late": ("running_late",),
        "Calls": ("join_call", "start_call"),
        "Your own": ("my_calendar",),
    },
    "ticket": {"Report a problem": ("raise_ticket",), "How it stands": ("ticket_status",), "Change it": ("update_ticket",)},
}
"""What there is to say about each topic of a command: groups of kinds of requests."""


def about(topic: str, *, intents: Mapping[str, tuple[str, ...]]) -> HelpAnswer:
    """Help for one topic."""
    said = {name: tuple(one for kind in kinds for one in intents.get(kind, ())[:2]) for name, kinds in TOPICS[topic].items()}
    return HelpAnswer(groups={name: examples for name, examples in said.items() if examples})


def examples(grant: Grant, catalog: Catalog, contents: Contents, *, most: int = 5) -> tuple[str, ...]:
    """Questions that this catalog answers, the most telling metrics first (certified, then in the order of the model)."""
    metrics = sorted((m for m in catalog.metrics.values() if m.name in grant.metrics), key=lambda m: not m.certified)
    if not metrics:
        return ()
    first, second = metrics[0], metrics[min(1, len(metrics) - 1)]
    said = [f"what was {_name(first)} {_period(first, contents)}".strip()]
    by = _grouping(first, catalog, contents)
    if by:
        said += [
            f"{_name(first)} by {by}",
            f"top 3 {plural(by)} by {_name(second)}" if by == _grouping(second, catalog, contents) else f"top 3 {plural(by)} by {_name(first)}",
        ]
    if first.time in contents.coverage:
        said.append(f"{_name(second if second.time in contents.coverage else first)} by month")
    said.append(f"how is {_name(second)} defined")
    return tuple(dict.fromkeys(said))[:most]


def offer(grant: Grant, catalog: Catalog, contents: Contents, organization: Organization, *, intents: Mapping[str, tuple[str, ...]]) -> HelpAnswer:
    """Help that names only what works: questions where there are metrics, rooms where there are rooms. `intents` are sample utterances by kind."""
    groups: dict[str, tuple[str, ...]] = {}
    asked = examples(grant, catalog, contents)
    if asked:
        groups["Ask about the data"] = asked
    groups["Find out what there is"] = ("what can I ask", *(f"what do you know about {inside(d.label or d.name)}" for d in list(catalog.datasets.values())[:1]))
    if organization.rooms:
        groups["Book a room"] = intents.get("book_room", ())[:2] + intents.get("my_calendar", ())[:1]
    groups["Report a problem"] = intents.get("raise_ticket", ())[:2] + intents.get("ticket_status", ())[:1]
    return HelpAnswer(groups={name: said for name, said in groups.items() if said})


def _name(metric: Metric) -> str:
    return inside(metric.label)


def _period(metric: Metric, contents: Contents) -> str:
    """The last whole month the data covers, by its name; nothing without a time field."""
    coverage = contents.coverage.get(metric.time) if metric.time else None
    return f"in {coverage.last:%B %Y}" if coverage else ""


def _grouping(metric: Metric, catalog: Catalog, contents: Contents) -> str | None:
    """A dimension with a handful of values, so that the example reads well."""
    if not metric.datasets:
        return None
    fields = [field for field in groupings(metric.datasets[0], catalog) if 2 <= len(contents.values.get(field.id, ())) <= 30]
    return inside(fields[0].label) if fields else None
