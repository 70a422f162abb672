"""How many come through the steps of a funnel in order, and before which step most of them are lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from insights.analysis.data import Data
from insights.answers import Column, MetricAnswer, Row
from insights.catalog.labels import inside
from insights.catalog.model import Catalog, FieldId, Funnel
from insights.errors import NotAnswerable
from insights.findings import FunnelStep, Passed
from insights.query.about import define
from insights.query.courses import Event, Passage, Within
from insights.requests import MetricQuestion, Period


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Every step with how many came to it. Raises NotAnswerable for what is not declared well enough, NotPermitted for what the asker may not have."""
    name = str(question.options.get("funnel", ""))
    funnel = data.catalog.funnels.get(name)
    if funnel is None:
        raise NotAnswerable("I don't know that funnel.", remedy="Ask for one that is declared under funnels: in assistant.yaml.")
    if question.group_by or question.grain is not None or question.compare is not None or any(one.metric for one in question.filters):
        raise NotAnswerable("I can tell how a funnel is gone through as a whole or by one group.", remedy="Name the group, as in 'the signup funnel in EMEA'.")
    catalog = data.catalog
    (member,) = catalog.field_ids(funnel.by) or (None,)
    if member is None:
        raise NotAnswerable("I don't know who goes through that funnel.", remedy="Its owner has to say so under funnels: in assistant.yaml.")
    meant = [_event(step, funnel, catalog) for step in funnel.steps]
    metrics = tuple(dict.fromkeys(metric for _, metric in meant if metric is not None))
    events = tuple(event for event, _ in meant)
    by_day = any(catalog.fields[event.time].kind != "timestamp" for event in events)
    covered = [data.contents.coverage[event.time].last for event in events if event.time in data.contents.coverage]
    through = min([max(covered), data.today]) if covered else data.today
    within = Within(filters=question.filters, period=question.period or Period(), through=through)
    course = Passage(member=member, steps=events, by_day=by_day)
    asked = replace(question, metrics=metrics)
    drawn = data.course(asked, course, within)
    counts = _counts(drawn.rows, len(events))
    if not counts[0]:
        raise NotAnswerable("Nobody began there in that time.", remedy="Ask over another period.")
    told = _guarded(counts, asked, course, within, data)
    finding = passed(inside(name.replace("_", " ")), _said(member, catalog), funnel.steps, told)
    return _told(drawn.answer, replace(finding, through=through), metrics, data)


def passed(name: str, members: str, steps: tuple[str, ...], counts: list[int | None]) -> Passed:
    """The shares of each step, and the one before which most are lost.

    >>> passed("signup", "people", ("a", "b", "c"), [100, 90, 30]).leak
    2
    """
    told = []
    for n, (step, count) in enumerate(zip(steps, counts, strict=True)):
        before, first = counts[n - 1] if n else None, counts[0]
        rate = count / before if count is not None and before else None
        told.append(FunnelStep(name=step.replace("_", " "), members=count, rate=rate, share=count / first if count is not None and first else None))
    lost = [(a - b, n) for n, (a, b) in enumerate(pairwise(counts), start=1) if a is not None and b is not None]
    most, leak = max(lost, key=lambda one: (one[0], -one[1]), default=(0, None))
    whole = len(lost) == len(counts) - 1 and most > 0
    return Passed(name=name, members=members, steps=tuple(told), leak=leak if whole else None, lost=most if whole else None, through=None)


def _event(step: str, funnel: Funnel, catalog: Catalog) -> tuple[Event, str | None]:
    """What a step is: a time field or a metric, by its own name or by what the funnel says it is. Raises NotAnswerable where neither is known."""
    meaning = funnel.means.get(step, step)
    metric = catalog.metrics.get(meaning)
    if metric is not None:
        part = metric.aggregations[0] if len(metric.aggregations) == 1 else None
        time = None if part is None else part.time or metric.time
        if part is None or time is None or time.dataset != part.dataset or part.over is not None:
            raise NotAnswerable(f"{metric.label} is no step of a funnel: it does not count things that have a time.", remedy="Its owner has to name another.")
        known = (part.operand,) if part.operand is not None else ()
        return Event(dataset=part.dataset, time=time, where=(part.where,) if part.where is not None else (), known=known), metric.name
    ids = [id_ for id_ in catalog.field_ids(meaning) if catalog.fields[id_].role == "time"]
    if len(ids) == 1:
        return Event(dataset=ids[0].dataset, time=ids[0]), None
    raise NotAnswerable(
        f"I don't know what the step '{step.replace('_', ' ')}' is.",
        remedy="Under funnels: in assistant.yaml a step is a metric, or written as {name: dataset.time_field}.",
    )


def _said(member: FieldId, catalog: Catalog) -> str:
    return inside(catalog.datasets[member.dataset].label or member.dataset.replace("_", " "))


def _counts(rows: object, steps: int) -> list[int]:
    assert isinstance(rows, tuple | list)
    found = {int(str(number)): int(str(members)) for number, members in rows}
    return [found.get(n, 0) for n in range(steps)]


def _guarded(counts: list[int], question: MetricQuestion, course: Passage, within: Within, data: Data) -> list[int | None]:
    """The counts without those that would tell something about too few people: who came so far, who did not, and who is outside of the filters."""
    catalog, least = data.catalog, data.least
    if least < 2 or not any(catalog.datasets[name].personal for name in catalog.reachable(course.member.dataset) if name in catalog.datasets):
        return list(counts)
    everyone = counts
    if within.filters:
        everyone = _counts(data.course(replace(question, filters=()), course, replace(within, filters=())).rows, len(counts))
    shown: list[int | None] = []
    last = counts[0]
    for count, around in zip(counts, everyone, strict=True):
        few = 0 < count < least or 0 < last - count < least or 0 < around - count < least
        shown.append(None if few else count)
        last = last if few else count
    if shown[0] is None:
        raise NotAnswerable(f"That would tell something about fewer than {least} people.", remedy="Ask about more of them, or over a longer period.")
    return shown


def _told(drawn: MetricAnswer, found: Passed, metrics: tuple[str, ...], data: Data) -> MetricAnswer:
    columns = (
        Column(name="step", label="Step", role="dimension"),
        Column(name="members", label=found.members.capitalize(), role="metric", unit=found.members),
        Column(name="rate", label="Of the step before", role="metric", unit="percent"),
        Column(name="share", label="Of all", role="metric", unit="percent"),
    )
    rows: tuple[Row, ...] = tuple({"step": one.name, "members": one.members, "rate": one.rate, "share": one.share} for one in found.steps)
    definitions = tuple(define(data.catalog.metrics[name]) for name in metrics)
    hidden = sum(one.members is None for one in found.steps)
    return replace(drawn, analysis="funnel", columns=columns, rows=rows, total_rows=len(rows), unit=None, definition=definitions, finding=found, hidden=hidden)
