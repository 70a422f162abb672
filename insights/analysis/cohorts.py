"""Those who began together, followed: who is still active, who has not ended, or what they bring, by how long ago they began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from insights.analysis.data import Data
from insights.analysis.retention import Line, Odd, alive, differing, guarded, pooled, surviving
from insights.answers import Column, MetricAnswer, Row
from insights.catalog.labels import inside
from insights.catalog.lifetimes import Lifetime, lifetime_of
from insights.catalog.model import Aggregation, Catalog, FieldId, Metric
from insights.errors import NotAnswerable
from insights.findings import Cohort, Cohorts, Different, Kept
from insights.query.about import define
from insights.query.courses import Course, Event, Stays, Triangle, Within
from insights.query.times import bucket_of, buckets, following
from insights.requests import Grain, MetricQuestion, Period, Scalar

_TOLD_AT: Mapping[Grain, int] = {"day": 7, "week": 4, "month": 3, "quarter": 2, "year": 1}
"""The age at which cohorts are compared."""
Kind: TypeAlias = Literal["active", "staying", "amount"]
_MOST = 120
"""Buckets that are followed at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed:
    """What is followed: the course, in words, and the metric it goes by."""

    course: Course
    kind: Kind
    members: str
    began: FieldId
    metric: Metric
    own: bool


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The triangle and its curve. Raises NotAnswerable for what cannot be followed, NotPermitted for what the asker may not have."""
    if question.group_by or question.compare is not None or any(one.metric for one in question.filters):
        raise NotAnswerable("I can follow cohorts as a whole or of one group.", remedy="Name the group, as in 'retention of customers in EMEA'.")
    grain = question.grain or "month"
    if grain == "hour":
        raise NotAnswerable("I can follow cohorts by day, week, month, quarter or year.")
    followed = _followed(question, grain, data)
    asked = replace(question, metrics=(followed.metric.name,), analysis="cohorts")
    first, through = _known(followed, data)
    within = Within(filters=question.filters, period=question.period or Period(), through=through)
    drawn = data.course(asked, followed.course, within)
    starts = _starts([row[0] for row in drawn.rows], grain, through, data.catalog)
    lines, early = _lines(followed, drawn.rows, starts, first, grain, data.catalog)
    lines, hidden = _withheld(lines, followed, asked, within, first, through, grain, data)
    if not lines:
        raise NotAnswerable("There are no cohorts of which enough is known.", remedy="Ask over a longer period, or by longer spans.")
    finding = _finding(followed, lines, grain, early, hidden, data)
    return _told(drawn.answer, finding, followed)


def _followed(question: MetricQuestion, grain: Grain, data: Data) -> _Followed:
    """What the question means by its members, their beginning and what they do."""
    catalog = data.catalog
    of = str(question.options.get("of", ""))
    if len(question.metrics) > 1:
        raise NotAnswerable("I can follow one figure at a time.", remedy="Name one.")
    metric = _metric(question.metrics[0], catalog) if question.metrics else _usual(of, catalog)
    lifetime = lifetime_of(metric, catalog)
    if lifetime is not None and lifetime.dataset == of:
        return _staying(lifetime, metric, grain, catalog)
    done, kind = _done(metric, of, catalog)
    key = key_of(of, catalog)
    time = _began(question, of, catalog)
    began = Event(dataset=of, time=time) if time is not None else replace(done, value=None)
    course = Triangle(member=key, began=began, done=done, grain=grain)
    return _Followed(course=course, kind=kind, members=said_of(of, catalog), began=began.time, metric=metric, own=time is not None)


def _staying(lifetime: Lifetime, metric: Metric, grain: Grain, catalog: Catalog) -> _Followed:
    began = Event(dataset=lifetime.dataset, time=lifetime.began, where=lifetime.where)
    course = Stays(member=key_of(lifetime.dataset, catalog), began=began, ended=lifetime.ended, grain=grain)
    return _Followed(course=course, kind="staying", members=said_of(lifetime.dataset, catalog), began=lifetime.began, metric=metric, own=True)


def _metric(name: str, catalog: Catalog) -> Metric:
    metric = catalog.metrics.get(name)
    if metric is None:
        raise NotAnswerable("I can follow a metric of the catalog.", remedy="Name one, as in 'retention of customers by month'.")
    return metric


def _usual(of: str, catalog: Catalog) -> Metric:
    """The metric that counts these members: the one that is called like them, else the only one. Raises NotAnswerable where several do."""
    if of not in catalog.datasets:
        raise NotAnswerable("I don't know whom to follow.", remedy="Say whom, as in 'retention of customers by month'.")
    counting = [metric for metric in catalog.metrics.values() if _counts(metric, of, catalog)]
    named = [metric for metric in counting if metric.name == of or inside(metric.label) == inside(said_of(of, catalog))]
    ending = [
        metric for metric in catalog.metrics.values() if (life := lifetime_of(metric, catalog)) is not None and life.dataset == of and metric.good == "down"
    ]
    for choice in (ending, named, counting):
        if len(choice) == 1:
            return choice[0]
    if not counting:
        raise NotAnswerable(
            f"Nothing here counts {said_of(of, catalog)} who come back.", remedy="Name the figure that tells that they do, as in 'retention by orders'."
        )
    options = [f"retention of {inside(metric.label)}" for metric in counting]
    raise NotAnswerable(f"There are several ways in which {said_of(of, catalog)} come back.", remedy="Say which you mean.", options=options)


def _counts(metric: Metric, of: str, catalog: Catalog) -> bool:
    """Whether a metric counts the members of a dataset, each once."""
    if len(metric.formula) != 1 or len(metric.aggregations) != 1 or metric.aggregations[0].function != "count_distinct":
        return False
    part = metric.aggregations[0]
    keys = {FieldId(step.many, column) for step in catalog.relationships if step.one == of and step.many == part.dataset for column in step.many_columns}
    return part.over is None and any(piece in keys for piece in part.operand or ())


def _done(metric: Metric, of: str, catalog: Catalog) -> tuple[Event, Kind]:
    """What the members do, by what a metric is made of. Raises NotAnswerable for what is no sum and no count of things that have a time."""
    part = metric.aggregations[0] if len(metric.aggregations) == 1 else None
    if part is None or len(metric.formula) != 1 or part.function not in ("sum", "count", "count_distinct") or part.over is not None or part.money is not None:
        raise NotAnswerable(f"I can't follow {inside(metric.label)}: it is not one sum or one count.", remedy="Ask for what it is made of.")
    if part.function == "count_distinct" and not _counts(metric, of, catalog):
        raise NotAnswerable(f"{metric.label} does not count {said_of(of, catalog)}.", remedy="Name a figure of them.")
    time = _time_of(part, metric, catalog)
    if time is None or of not in catalog.reachable(part.dataset):
        raise NotAnswerable(f"{metric.label} is not recorded for {said_of(of, catalog)} over time.", remedy="Name a figure that is.")
    where = (part.where,) if part.where is not None else ()
    known = (part.operand,) if part.operand is not None else ()
    value = part.operand if part.function == "sum" else None
    return Event(dataset=part.dataset, time=time, where=where, known=known, value=value), "active" if part.function == "count_distinct" else "amount"


def _time_of(part: Aggregation, metric: Metric, catalog: Catalog) -> FieldId | None:
    fields = catalog.datasets[part.dataset].time_fields
    time = part.time or metric.time or catalog.datasets[part.dataset].time or (fields[0].id if len(fields) == 1 else None)
    return time if time is not None and time.dataset == part.dataset else None


def key_of(of: str, catalog: Catalog) -> FieldId:
    """The field that names a member. Raises NotAnswerable where several do together, or none."""
    dataset = catalog.datasets.get(of)
    key = dataset.primary_key if dataset is not None else ()
    fields = [field.id for field in (dataset.fields.values() if dataset is not None else ()) if len(key) == 1 and field.id.name == key[0]]
    if not fields:
        raise NotAnswerable(f"I can't tell one of {of.replace('_', ' ')} from another.", remedy="Their primary key has to be a field of the model.")
    return fields[0]


def _began(question: MetricQuestion, of: str, catalog: Catalog) -> FieldId | None:
    """When members began by their own record: the time that was asked by, else the only one they have; None where they have none."""
    dataset = catalog.datasets[of]
    own = [field.id for field in dataset.time_fields]
    asked = [id_ for id_ in own if question.time_field in (str(id_), id_.name)]
    if asked:
        return asked[0]
    return dataset.time or (own[0] if len(own) == 1 else None)


def said_of(dataset: str, catalog: Catalog) -> str:
    """What people call the members of a dataset, within a sentence."""
    return inside(catalog.datasets[dataset].label or dataset.replace("_", " "))


def _known(followed: _Followed, data: Data) -> tuple[date, date]:
    """From when to when the data tells what members did. Raises NotAnswerable where it does not."""
    course = followed.course
    tells = course.ended if isinstance(course, Stays) else course.done.time if isinstance(course, Triangle) else None
    covered = data.contents.coverage.get(tells) if tells is not None else None
    if covered is None:
        raise NotAnswerable(f"There is nothing in the data about what {followed.members} did.", remedy="Ask again when there is.")
    last = data.contents.coverage[followed.began].last if isinstance(course, Stays) and followed.began in data.contents.coverage else covered.last
    return covered.first, min(max(covered.last, last), data.today)


def _starts(found: Sequence[Scalar], grain: Grain, through: date, catalog: Catalog) -> tuple[date, ...]:
    """Every bucket from the first beginning to the last one that is over."""
    began = sorted(day for cell in found if (day := _day(cell)) is not None)
    if not began:
        return ()
    return tuple(start for start in buckets(began[0], through, grain, catalog) if following(start, grain) - timedelta(days=1) <= through)


def _day(cell: Scalar) -> date | None:
    return cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A cohort as it was read: what there was of it, and how many people are behind each of those."""

    began: date
    line: Line
    people: Line


def _lines(
    followed: _Followed, rows: Sequence[Sequence[Scalar]], starts: tuple[date, ...], first: date, grain: Grain, catalog: Catalog
) -> tuple[list[_Counted], int]:
    """The cohorts of which the data holds everything, and how many there are of which it does not: those who had gone before are in no data."""
    place = {start: n for n, start in enumerate(starts)}
    whole = bucket_of(first, grain, catalog)
    if whole < first or not followed.own:
        whole = following(whole, grain)
    read = _stays(rows, place) if followed.kind == "staying" else _triangle(rows, place, amounts=followed.kind == "amount")
    early = sum(1 for start in read if start < whole)
    latest = [start for start in starts if start >= whole][-_MOST:]
    return [_Counted(began=start, line=read[start][0], people=read[start][1]) for start in latest if start in read], early


def _stays(rows: Sequence[Sequence[Scalar]], place: Mapping[date, int]) -> dict[date, tuple[Line, Line]]:
    left: dict[date, dict[int, int]] = {}
    sizes: dict[date, int] = {}
    for began_cell, ended_cell, members in rows:
        began, ended = _day(began_cell), _day(ended_cell)
        if began is None or began not in place:
            continue
        sizes[began] = sizes.get(began, 0) + int(str(members))
        if ended is not None and ended in place:
            age = max(0, place[ended] - place[began])
            gone = left.setdefault(began, {})
            gone[age] = gone.get(age, 0) + int(str(members))
    lines = {began: alive(size, left.get(began, {}), len(place) - place[began]) for began, size in sizes.items()}
    return {began: (line, line) for began, line in lines.items()}


def _triangle(rows: Sequence[Sequence[Scalar]], place: Mapping[date, int], *, amounts: bool) -> dict[date, tuple[Line, Line]]:
    sizes: dict[date, int] = {}
    cells: dict[tuple[date, int], tuple[float, float]] = {}
    for began_cell, at_cell, members, amount in rows:
        began, at = _day(began_cell), _day(at_cell)
        if began is None or began not in place:
            continue
        if at_cell is None:
            sizes[began] = int(str(members))
        elif at is not None and at in place:
            cells[began, place[at] - place[began]] = (float(str(members)), float(str(amount)) if amount is not None else 0.0)
    found = {}
    for began, size in sizes.items():
        known = [cells.get((began, age), (0.0, 0.0)) for age in range(len(place) - place[began])]
        people = Line(size=size, kept=tuple(cell[0] for cell in known))
        found[began] = (Line(size=size, kept=tuple(cell[1] for cell in known)) if amounts else people, people)
    return found


def _withheld(
    lines: list[_Counted],
    followed: _Followed,
    question: MetricQuestion,
    within: Within,
    first: date,
    through: date,
    grain: Grain,
    data: Data,
) -> tuple[list[_Counted], int]:
    """The cohorts without what would tell something about too few people, and how many are left out for that.

    Those outside of the filters are few, too, where most of a cohort is inside: the same question without the filters would tell them.
    """
    catalog, least = data.catalog, data.least
    if least < 2 or not any(catalog.datasets[name].personal for name in catalog.reachable(followed.course.member.dataset) if name in catalog.datasets):
        return lines, 0
    around: dict[date, Line] = {}
    if within.filters:
        everyone = data.course(replace(question, filters=()), followed.course, replace(within, filters=()))
        all_starts = _starts([row[0] for row in everyone.rows], grain, through, catalog)
        beside, _ = _lines(followed, everyone.rows, all_starts, first, grain, catalog)
        around = {one.began: one.people for one in beside}
    small = {one.began for one in lines if 0 < one.line.size < least or 0 < (around.get(one.began, one.people).size - one.line.size) < least}
    near = {one.began for one in lines if {following(one.began, grain), bucket_of(one.began - timedelta(days=1), grain, catalog)} & small}
    kept = []
    for one in lines:
        if one.began in small | near:
            continue
        told = guarded(one.people, least, leaving=followed.kind == "staying")
        other = around.get(one.began)
        shown = [
            None if people is None or (other is not None and age < len(other.kept) and 0 < (other.kept[age] or 0) - people < least) else value
            for age, (people, value) in enumerate(zip(told.kept, one.line.kept, strict=True))
        ]
        kept.append(replace(one, line=replace(one.line, kept=tuple(shown))))
    return kept, len(lines) - len(kept)


def _finding(followed: _Followed, counted: Sequence[_Counted], grain: Grain, early: int, hidden: int, data: Data) -> Cohorts:
    lines = [one.line for one in counted]
    curve = surviving(lines) if followed.kind == "staying" else pooled(lines)
    odd: list[Odd] = []
    if followed.kind != "amount":
        odd = differing(lines, _TOLD_AT[grain])
    return Cohorts(
        kind=followed.kind,
        members=followed.members,
        began=data.catalog.fields[followed.began].label,
        what=followed.metric.label,
        grain=grain,
        unit=followed.metric.unit if followed.kind == "amount" else "percent",
        cohorts=tuple(Cohort(began=one.began, size=one.line.size, kept=one.line.kept) for one in counted),
        curve=tuple(Kept(age=age, share=share, members=size) for age, (share, size) in enumerate(curve)),
        differing=tuple(Different(began=counted[one.number].began, age=one.age, share=one.share, others=one.others) for one in odd),
        compared=len(counted),
        early=early,
        hidden=hidden,
    )


def _told(drawn: MetricAnswer, found: Cohorts, followed: _Followed) -> MetricAnswer:
    """A row for each cohort and age."""
    name, each = str(followed.began), found.unit
    columns = (
        Column(name=name, label=found.began, role="time", grain=found.grain),
        Column(name="age", label=f"{found.grain.capitalize()}s since", role="dimension"),
        Column(name="began", label="Began", role="metric", unit=found.members),
        Column(name="each", label="Share" if found.kind != "amount" else f"{found.what} each", role="metric", unit=each),
    )
    rows: tuple[Row, ...] = tuple(
        {name: one.began, "age": age, "began": one.size, "each": None if value is None else value / one.size}
        for one in found.cohorts
        for age, value in enumerate(one.kept)
    )
    return replace(
        drawn,
        analysis="cohorts",
        unit=each,
        columns=columns,
        rows=rows,
        total_rows=len(rows),
        definition=(define(followed.metric),),
        hidden=found.hidden,
        finding=found,
        time_field=name,
    )
