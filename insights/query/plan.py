"""From a question to a plan: what is measured, over which facts, by what, and in which order. Pure; it reads no data."""

from __future__ import annotations

from collections.abc import Sequence

from insights.answers import Column as Shown
from insights.catalog.model import Aggregation, Catalog, FieldId
from insights.catalog.values import EMPTY, Contents
from insights.errors import NotAnswerable
from insights.permit import Grant
from insights.query.algebra import Figure, Output, Part, Plan, Sorting
from insights.query.conditions import result_values
from insights.query.joins import dimension
from insights.query.measures import Measured, measured
from insights.query.parts import Asked, Scope, Wanted, part
from insights.query.times import bucketed, time_of
from insights.requests import Analysis, ComparePeriod, CompareValues, Filter, Grain, MetricQuestion, Period

PLANNED: tuple[Analysis, ...] = ("value", "breakdown", "ranking", "series", "compare")
MOST_ROWS = 10_000
"""More rows than anyone reads; `total_rows` says how many there were."""


def plan(question: MetricQuestion, grant: Grant, catalog: Catalog, contents: Contents = EMPTY) -> Plan:
    """The plan that answers `question` within `grant`; `contents` helps to choose the cheapest order of joining.

    Raises UnknownThing for a name that does not exist, NotPermitted for what the grant leaves out, NotAnswerable for what the definitions cannot answer.
    """
    _check(question)
    shown = [measured(text, catalog, grant.metrics) for text in question.metrics]
    hidden = {c.metric: measured(c.metric, catalog, grant.metrics) for c in question.filters if c.metric and c.metric not in question.metrics}
    measures = (*shown, *hidden.values())
    facts = tuple(dict.fromkeys(a.dataset for m in measures for a in m.aggregations))
    before = question.compare.period if isinstance(question.compare, ComparePeriod) else None
    grain = question.grain or (_grain(question.period) if question.analysis == "series" else None)
    timed = grain is not None or question.period is not None or before is not None
    times = {(m.text, a): time_of(catalog, question, m, a, measures[0], needed=timed) for m in measures for a in m.aggregations}
    fields = _keys(question, catalog, facts, {time for time in times.values() if time is not None and grain})
    asked = Asked(
        catalog=catalog,
        grant=grant,
        contents=contents,
        keys=tuple(fields.values()),
        grain=grain,
        filters=tuple((dimension(catalog, c.dimension, facts), c) for c in _filters(question) if c.dimension),
    )
    first = next((time for time in times.values() if time is not None), None)
    time_name = question.time_field or (str(first) if first is not None else None)
    buckets = (bucketed(catalog, first, str(time_name), grain),) if grain and first is not None else ()
    wanted = _Parts(asked, times if timed else {}, tuple(p for p in (question.period, before) if p is not None))
    outputs = [_output(m, wanted, question.period, m.column) for m in shown]
    outputs += [_output(m, wanted, question.period, None) for m in hidden.values()]
    outputs += [_output(m, wanted, before, m.column, before=True) for m in shown if before is not None]
    parts, guards = wanted.built
    numbers = {m.text: at for at, m in enumerate(measures)}
    return Plan(
        analysis=question.analysis,
        parts=parts,
        keys=(*buckets, *(_shown(catalog, name, id_) for name, id_ in fields.items())),
        outputs=tuple(outputs),
        definitions=tuple(m.definition for m in shown),
        datasets=facts,
        conditions=tuple((numbers[c.metric], c.op, result_values(c)) for c in question.filters if c.metric),
        sorting=_sorting(question, grain is not None, bool(fields)),
        limit=question.limit,
        guards=guards,
        minimum_group=grant.minimum_group,
        times=tuple(dict.fromkeys(time for time in times.values() if time is not None)),
        time_name=time_name if timed else None,
        period=question.period,
        before=before,
        filters=question.filters,
        labels=_labels(catalog, question, facts, fields, shown),
        values=question.compare.values if isinstance(question.compare, CompareValues) else None,
        partial=any(catalog.paths(fact, dataset) for fact in facts for dataset in grant.rows),
    )


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


def _keys(question: MetricQuestion, catalog: Catalog, facts: Sequence[str], bucketed_by: set[FieldId]) -> dict[str, FieldId]:
    """The fields to group by, by the names the request gives them; the one that is already bucketed is left out."""
    names = [*question.group_by]
    if isinstance(question.compare, CompareValues):
        names = [*(name for name in names if name != question.compare.dimension), question.compare.dimension]
    fields = {name: dimension(catalog, name, facts) for name in names}
    return {name: id_ for name, id_ in fields.items() if id_ not in bucketed_by}


def _grain(period: Period | None) -> Grain:
    """The grain of a series when none is asked for: days within a month or so, else months."""
    return "day" if period is not None and period.days is not None and period.days <= 45 else "month"


class _Parts:
    """The parts of a plan as measures ask for them: one for each fact, time field and period."""

    def __init__(self, asked: Asked, times: dict[tuple[str, Aggregation], FieldId | None], periods: tuple[Period, ...]) -> None:
        self._asked = asked
        self._times = times
        self._periods = periods
        self._wanted: dict[Scope, list[Wanted]] = {}

    def figure(self, measure: Measured, aggregation: Aggregation, period: Period | None) -> Figure:
        """Where the aggregate over the period will be found."""
        alone = () if period is None else (period,)
        scope = Scope(aggregation.dataset, self._times.get((measure.text, aggregation)), self._periods if _near(self._periods) else alone)
        wanted = self._wanted.setdefault(scope, [])
        if (aggregation, period) not in wanted:
            wanted.append((aggregation, period))
        return Figure(list(self._wanted).index(scope), wanted.index((aggregation, period)))

    @property
    def built(self) -> tuple[tuple[Part, ...], tuple[Figure, ...]]:
        """The parts, and the figures that count people."""
        parts, guards = [], []
        for number, (scope, wanted) in enumerate(self._wanted.items()):
            made, counts = part(self._asked, scope, wanted)
            parts.append(made)
            guards += [Figure(number, at) for at in counts]
        return tuple(parts), tuple(guards)


def _near(periods: Sequence[Period]) -> bool:
    """Whether two periods lie so close together that reading from the first to the last reads little else."""
    if len(periods) != 2 or periods[0] == periods[1] or any(p.first is None or p.last is None for p in periods):
        return False
    whole = Scope("", None, tuple(periods)).whole
    return (whole.days or 0) <= 2 * sum(p.days or 0 for p in periods)


def _output(measure: Measured, wanted: _Parts, period: Period | None, column: Shown | None, *, before: bool = False) -> Output:
    formula = tuple(wanted.figure(measure, piece, period) if isinstance(piece, Aggregation) else piece for piece in measure.formula)
    return Output(formula=formula, zero=measure.adds_up, column=column, before=before)


def _shown(catalog: Catalog, name: str, id_: FieldId) -> Shown:
    field = catalog.fields[id_]
    return Shown(name=name, label=field.label, role="time" if field.role == "time" else "dimension", unit=field.unit)


def _sorting(question: MetricQuestion, bucketed: bool, keyed: bool) -> Sorting | None:
    """Rankings and breakdowns lead with the largest, unless asked otherwise; anything over time is told in its order."""
    if not bucketed and not keyed:
        return None
    if bucketed and question.analysis != "ranking":
        return Sorting(None)
    return Sorting(0, descending=question.order != "asc")


def _labels(
    catalog: Catalog, question: MetricQuestion, facts: Sequence[str], fields: dict[str, FieldId], shown: Sequence[Measured]
) -> tuple[tuple[str, str], ...]:
    """What people call each name in filters and rows."""
    labels = {m.text: m.definition.label for m in shown}
    labels |= {name: catalog.fields[id_].label for name, id_ in fields.items()}
    labels |= {c.dimension: catalog.fields[dimension(catalog, c.dimension, facts)].label for c in question.filters if c.dimension}
    labels |= {c.metric: measured(c.metric, catalog, catalog.metrics).definition.label for c in question.filters if c.metric}
    return tuple(labels.items())
