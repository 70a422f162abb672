"""From a question to a plan: what is measured, over which facts, by what, and in which order. Pure; it reads no data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from insights.answers import Column
from insights.catalog.model import Catalog, FieldId
from insights.catalog.values import EMPTY, Contents
from insights.errors import NotAnswerable
from insights.permit import Grant
from insights.query import progress, sets, shares
from insights.query.algebra import Output, Plan, Sorting
from insights.query.conditions import result_values
from insights.query.grounds import NO_STEPS, Grounds, ground, grounded
from insights.query.groups import Grouping, Steps, column, label
from insights.query.listing import listed
from insights.query.measures import Measured
from insights.query.money import reported
from insights.query.parts import Asked, Repeated, Wish
from insights.query.rollups import Ready, nothing_ready
from insights.query.times import bucketed
from insights.query.wanting import Wanting
from insights.requests import Analysis, ComparePeriod, CompareValues, Filter, MetricQuestion, Period

PLANNED: tuple[Analysis, ...] = ("value", "breakdown", "ranking", "series", "compare", "share", "list")
MOST_ROWS = 10_000
"""More rows than anyone reads; `total_rows` says how many there were."""


def plan(
    question: MetricQuestion,
    grant: Grant,
    catalog: Catalog,
    contents: Contents = EMPTY,
    *,
    steps: Mapping[str, Steps] = NO_STEPS,
    measures: tuple[Measured, ...] | None = None,
    rollups: Ready = nothing_ready,
) -> Plan:
    """The plan that answers `question` within `grant`; `contents` helps to choose the cheapest order of joining, `steps` are those of what is cut into them.

    `measures` stand in for the metrics that the question names. `rollups` lie ready, and are read wherever they give the same figures.

    Raises UnknownThing for a name that does not exist, NotPermitted for what the grant leaves out, NotAnswerable for what the definitions cannot answer.
    """
    if question.analysis == "list":
        return listed(question, grant, catalog, contents)
    reckoned = catalog.reckoned(question.options.get("calendar"))
    _check(question)
    draft = _drafted(question, grant, reckoned, steps, measures)
    wanting = _wanting(draft, grant, contents, rollups if reckoned is catalog else _without_years(rollups))
    return _put_together(draft, grant, wanting, told=reckoned is not catalog)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What is settled before any part is wanted: the grounds with how figures look back, the keys, what filters are about (`wishes`), the filters whose part of
    a whole is asked for (`parted`, None for no share), the sets that members were found in again, and the earlier period, to compare with or to grow from."""

    grounds: Grounds
    back: progress.LookingBack
    keys: tuple[Grouping, ...]
    wishes: Sequence[Wish]
    parted: tuple[str, ...] | None
    again: tuple[Repeated, ...]
    before: Period | None
    base: Period | None

    @property
    def question(self) -> MetricQuestion:
        """What was asked."""
        return self.grounds.question

    @property
    def on_share(self) -> bool:
        """Whether conditions are on shares, not on amounts."""
        return self.parted is not None and self.question.options.get("on") == "share"

    @property
    def time_name(self) -> str | None:
        """What the request calls its time."""
        first = self.grounds.first_time
        return self.question.time_field or (str(first) if first is not None else None)


def _drafted(question: MetricQuestion, grant: Grant, catalog: Catalog, steps: Mapping[str, Steps], measures: tuple[Measured, ...] | None) -> _Draft:
    """What the names of the question mean. Raises as `plan` does."""
    back = progress.looking_back(question)
    grounds = ground(question, grant, catalog, running=back.running) if measures is None else grounded(question, catalog, measures)
    parted = shares.part_of(question) if question.analysis == "share" else None
    again = sets.repeated(question, catalog, grounds.facts)
    return _Draft(
        grounds=grounds,
        back=back,
        keys=_keys(grounds, steps),
        wishes=[(grounds.grouping(c.dimension), c) for c in _filters(question) if c.dimension],
        parted=parted,
        again=again,
        before=question.compare.period if isinstance(question.compare, ComparePeriod) else None,
        base=progress.base(question, grounds.grain, back.change, catalog),
    )


def _wanting(draft: _Draft, grant: Grant, contents: Contents, rollups: Ready) -> Wanting:
    """What collects the parts that are wanted: by which keys and filters, over which times and periods."""
    question, grounds, parted = draft.question, draft.grounds, draft.parted or ()
    asked = Asked(
        catalog=grounds.catalog,
        grant=grant,
        contents=contents,
        keys=draft.keys,
        grain=grounds.grain,
        filters=tuple(wish for wish in draft.wishes if wish[1].dimension not in parted),
        narrowing=tuple(wish for wish in draft.wishes if wish[1].dimension in parted),
        again=draft.again,
        span=_span(grounds.known_times, contents),
    )
    groups = (*draft.keys, *(group for group, _ in draft.wishes))
    by_time = any(group.own or grounds.catalog.datasets[group.field.dataset].calendar for group in groups)
    timed = grounds.timed or bool(draft.again) or by_time
    together = () if draft.base is None or question.period is None else _joined(draft.base, question.period)
    return Wanting(
        asked,
        {key: time for key, time in grounds.times.items() if timed or key[1].over is not None},
        tuple(p for p in (question.period, draft.before) if p is not None),
        together,
        running=draft.back.running,
        rollups=rollups,
    )


def _buckets(draft: _Draft, *, told: bool) -> tuple[Column, ...]:
    """The key of a series, none for anything else; `told` with the calendar that it counts in."""
    grounds, catalog, first = draft.grounds, draft.grounds.catalog, draft.grounds.first_time
    if not grounds.grain or first is None:
        return ()
    return (replace(bucketed(catalog, first, str(draft.time_name), grounds.grain), calendar=_calendar(catalog) if told else None),)


def _numbers(draft: _Draft, outputs: Sequence[Output]) -> dict[str, int]:
    """The number of the output that a condition on each measure is about."""
    shown, hidden = draft.grounds.shown, draft.grounds.hidden
    numbers = {measure.text: _place(outputs, measure, on_share=draft.on_share) for measure in shown}
    return numbers | {measure.text: len(outputs) - len(hidden) + at for at, measure in enumerate(hidden)}


def _put_together(draft: _Draft, grant: Grant, wanting: Wanting, *, told: bool) -> Plan:
    """The plan of what is drafted; wanting the parts of its outputs. `told` names the calendar with the buckets."""
    question, grounds, keys, back = draft.question, draft.grounds, draft.keys, draft.back
    catalog, buckets = grounds.catalog, _buckets(draft, told=told)
    within = _within(question, draft.time_name if buckets else None, keys)
    outputs = _outputs(grounds, wanting, draft.parted, draft.before, len(buckets), within, running=back.running)
    parts, guards = wanting.built
    numbers = _numbers(draft, outputs)
    return Plan(
        analysis=question.analysis,
        parts=parts,
        keys=(*buckets, *(column(catalog, group, grounds.known_times) for group in keys)),
        outputs=outputs,
        definitions=tuple(m.definition for m in grounds.shown),
        datasets=grounds.read,
        conditions=tuple((numbers[c.metric], c.op, result_values(c)) for c in question.filters if c.metric),
        sorting=_sorting(question, bool(buckets), keys),
        limit=question.limit,
        guards=guards,
        minimum_group=grant.minimum_group,
        times=grounds.known_times,
        time_name=draft.time_name if grounds.timed else None,
        period=question.period,
        before=draft.before,
        filters=question.filters,
        labels=_labels(grounds, keys, draft.wishes, on_share=draft.on_share),
        values=question.compare.values if isinstance(question.compare, CompareValues) else None,
        partial=any(catalog.paths(fact, dataset) for fact in grounds.read for dataset in grant.rows),
        running=back.running,
        average=back.average,
        change=back.change,
        base=draft.base,
        within=within if question.analysis == "ranking" else (),
        share=draft.parted,
        again=sets.told(draft.again, catalog),
        week_starts=catalog.week_starts,
        calendar=_calendar(catalog),
        reported=reported([a for m in (*grounds.shown, *grounds.hidden) for a in m.aggregations], catalog),
    )


def _calendar(catalog: Catalog) -> Literal["fiscal", "calendar"]:
    """Which year its quarters and years are of."""
    return "fiscal" if catalog.fiscal_periods else "calendar"


def _without_years(rollups: Ready) -> Ready:
    """What lies ready by steps that are the same in every calendar."""
    return lambda fact: [table for table in rollups(fact) if table.grain not in ("quarter", "year")]


def _check(question: MetricQuestion) -> None:
    """Refuse what no plan can answer, whatever the catalog says."""
    if question.analysis not in PLANNED:
        raise NotAnswerable(f"I can't do {question.analysis} yet.", options=[str(a) for a in PLANNED])
    if not question.metrics:
        raise NotAnswerable("I need something to measure.", remedy="Name a metric.")
    if question.analysis == "ranking" and not question.group_by and not question.grain:
        raise NotAnswerable("I need to know what to rank.", remedy="Say by what, as in 'top regions'.")
    if question.analysis == "compare" and question.compare is None:
        raise NotAnswerable("I need two things to compare.", remedy="Name two periods or two values.")
    if question.limit is not None and question.limit < 1:
        raise NotAnswerable("I can't list fewer than one.")
    if isinstance(question.compare, ComparePeriod) and question.grain is not None:
        raise NotAnswerable("I can't compare two periods bucket by bucket yet.", remedy="Ask for the totals, or for one period.")


def _filters(question: MetricQuestion) -> tuple[Filter, ...]:
    """The filters asked for, and the one that comparing values implies."""
    if isinstance(question.compare, CompareValues):
        return (*question.filters, Filter(dimension=question.compare.dimension, values=question.compare.values))
    return question.filters


def _keys(grounds: Grounds, steps: Mapping[str, Steps]) -> tuple[Grouping, ...]:
    """What to group by; the field that is already bucketed is left out."""
    question = grounds.question
    names = [*question.group_by]
    if isinstance(question.compare, CompareValues):
        names = [*(name for name in names if name != question.compare.dimension), question.compare.dimension]
    groups = {name: grounds.grouping(name, steps) for name in names}
    bucketed_by = set(grounds.known_times) if grounds.grain else set()
    return tuple(group for group in groups.values() if group.is_ordered or group.field not in bucketed_by)


def _span(times: Sequence[FieldId], contents: Contents) -> tuple[date, date] | None:
    """The first and the last day that any of the times has."""
    covered = [contents.coverage[id_] for id_ in times if id_ in contents.coverage]
    return (min(c.first for c in covered), max(c.last for c in covered)) if covered else None


def _joined(base: Period, period: Period) -> tuple[Period, ...]:
    """Both periods, as one where they touch."""
    if base.last is not None and period.first is not None and (period.first - base.last).days == 1:
        return (Period(first=base.first, last=period.last),)
    return (base, period)


def _within(question: MetricQuestion, time_name: str | None, keys: Sequence[Grouping]) -> tuple[int, ...]:
    """The numbers of the keys that a ranking or a whole starts anew in. Raises NotAnswerable for what is not grouped by."""
    names = [name for name in str(question.options.get("within") or "").split(",") if name]
    known = [*([time_name] if time_name is not None else []), *(group.name for group in keys)]
    missing = [name for name in names if name not in known]
    if missing or (names and len(names) == len(known)):
        what = missing[0] if missing else "something within it"
        raise NotAnswerable(f"I need {what} among what it is broken down by.", remedy="Say both, as in 'top 3 products in each region'.")
    return tuple(known.index(name) for name in names)


def _outputs(
    grounds: Grounds, wanting: Wanting, parted: tuple[str, ...] | None, before: Period | None, buckets: int, within: tuple[int, ...], *, running: bool
) -> tuple[Output, ...]:
    """The columns of the result: what is shown, what only conditions need, and the earlier period; for shares their parts and wholes."""
    period = grounds.question.period
    outputs: list[Output] = []
    if parted is not None:
        # The parts of a whole over time are told in each bucket, unless the buckets are the parts themselves.
        by = tuple(sorted({*range(buckets if grounds.question.group_by else 0), *within}))
        for measure in grounds.shown:
            shares.refuse_no_parts(measure)
            if buckets and 0 not in by and not parted:
                shares.refuse_over_time(measure)
            outputs += shares.share(measure, wanting, period, by, narrowed=bool(parted))
        outputs += [o for m in grounds.shown if before is not None for o in shares.share(m, wanting, before, by, narrowed=bool(parted), before=True)]
    else:
        for measure in grounds.shown:
            shown = progress.titled(measure, measure.column) if running else measure.column
            zero = measure.is_empty_zero or (running and measure.nature == "distinct")
            outputs.append(Output(formula=wanting.formula(measure, period), zero=zero, filled=measure.filled, stands=measure.stands, column=shown))
        outputs += [
            Output(formula=wanting.formula(m, before), zero=m.is_empty_zero, stands=m.stands, column=m.column, side="before")
            for m in grounds.shown
            if before is not None
        ]
    outputs += [Output(formula=wanting.formula(m, period), zero=m.is_empty_zero, stands=m.stands) for m in grounds.hidden]
    return tuple(outputs)


def _place(outputs: Sequence[Output], measure: Measured, *, on_share: bool) -> int:
    """The number of the output that a condition on the measure is about: of a share the amount, unless the share itself is meant."""
    sides = ("part", None) if not on_share and any(output.side == "part" for output in outputs) else (None,)
    return next(at for side in sides for at, o in enumerate(outputs) if o.column is not None and o.column.name == measure.text and o.side == side)


def _sorting(question: MetricQuestion, bucketed_: bool, keys: Sequence[Grouping]) -> Sorting | None:
    """Rankings and breakdowns lead with the largest, unless asked otherwise; what has an order of its own is told in it."""
    if not bucketed_ and not keys:
        return None
    ordered = bucketed_ or (question.order is None and any(group.is_ordered for group in keys))
    if ordered and question.analysis != "ranking":
        return Sorting(None)
    return Sorting(0, descending=question.order != "asc")


def _labels(grounds: Grounds, keys: Sequence[Grouping], wishes: Sequence[Wish], *, on_share: bool) -> tuple[tuple[str, str], ...]:
    """What people call each name in filters and rows."""
    catalog, times = grounds.catalog, grounds.known_times
    labels = {m.text: m.definition.label for m in (*grounds.shown, *grounds.hidden)}
    labels |= {m.text: shares.shown(m).label for m in grounds.shown if on_share}
    labels |= {group.name: label(catalog, group, times) for group in (*keys, *(group for group, _ in wishes))}
    return tuple(labels.items())
