"""What the periods of each group came to on average: "average monthly revenue by region"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from insights.analysis.data import Data
from insights.answers import Average, MetricAnswer
from insights.catalog.labels import inside
from insights.errors import NotAnswerable
from insights.requests import MetricName, MetricQuestion, Scalar, parse_measure

Group = tuple[Scalar, ...]


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Each group's figure, divided by the whole periods there are: the same ones for every group, so that the averages add up to that of all of it.

    A period in which a group had nothing counts, as zero. Raises NotAnswerable for what does not add up from period to period, and where figures are
    withheld or too many.
    """
    _check(question, data)
    kept = {name: value for name, value in question.options.items() if name != "average"}
    found = data.ask(replace(question, analysis="series", options=kept))
    time, figure = found.columns[0], next(column for column in found.columns if column.is_figure)
    keys = [column for column in found.columns[1:] if not column.is_figure]
    if found.hidden:
        raise NotAnswerable("I can't tell the average of those periods: too few people are behind some of them.", remedy="Ask for longer periods.")
    whole: dict[Scalar, dict[Group, float]] = {}
    for row in found.rows:
        at, value = row[time.name], row[figure.name]
        if at is not None and at not in found.incomplete:
            whole.setdefault(at, {})[tuple(row[key.name] for key in keys)] = float(value) if isinstance(value, (int, float)) else 0.0
    groups = dict.fromkeys(tuple(row[key.name] for key in keys) for row in found.rows)
    if found.total_rows is not None and (len(found.rows) < found.total_rows or any(len(figures) < len(groups) for figures in whole.values())):
        raise NotAnswerable("Those are too many groups and periods to average.", remedy="Ask for longer periods, such as months, or by something coarser.")
    if not whole:
        raise NotAnswerable(f"There is no whole {question.grain} to average.", remedy="Ask for a longer time.")
    means = averages(list(whole.values()), list(groups))
    rows = tuple(dict(zip([key.name for key in keys], group, strict=True)) | {figure.name: mean} for group, mean in means.items())
    return replace(
        found,
        analysis="breakdown",
        columns=(*keys, replace(figure, label=f"{figure.label} per {question.grain}")),
        rows=rows,
        total_rows=len(rows),
        incomplete=(),
        average=Average(value=sum(means.values()), buckets=len(whole), grain=question.grain),
    )


def averages(periods: Sequence[Mapping[Group, float]], groups: Sequence[Group]) -> dict[Group, float]:
    """What each group came to in all of the periods by their number, the largest first; where it had nothing, that counts.

    >>> averages([{("north",): 10.0, ("south",): 1.0}, {("south",): 5.0}], [("north",), ("south",)])
    {('north',): 5.0, ('south',): 3.0}
    """
    means = {group: sum(period.get(group, 0.0) for period in periods) / len(periods) for group in groups}
    return dict(sorted(means.items(), key=lambda one: (-one[1], str(one[0]))))


def _check(question: MetricQuestion, data: Data) -> None:
    measure = parse_measure(question.metrics[0]) if len(question.metrics) == 1 else None
    metric = data.catalog.metrics.get(measure.name) if isinstance(measure, MetricName) else None
    if metric is None or question.grain is None or question.compare is not None or question.limit is not None:
        raise NotAnswerable("I can tell the average of periods for one figure by groups.", remedy="Ask for one figure, without a ranking or a comparison.")
    if not metric.additive:
        what = inside(metric.label)
        raise NotAnswerable(f"The average of {what} is not that of its periods.", remedy=f"Ask for {what} by group, over all of the time.")
    if any(condition.metric for condition in question.filters):
        raise NotAnswerable("I can't average only the periods that a condition holds for.", remedy="Ask for the average of all of them.")
