"""How an experiment came out: every measure of each arm against the control, by the units that the catalog says were shown something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np

from insights.analysis.data import MOST_NUMBERS, Data
from insights.analysis.experiments.arms import Arm, Sums
from insights.analysis.experiments.verdict import Finding, judge
from insights.answers import Column, MetricAnswer, Row
from insights.catalog.model import Experiment, Field, FieldId
from insights.errors import NotAnswerable
from insights.findings.tested import Outcome, Tested
from insights.requests import MetricQuestion, Period, Scalar

MOST_UNITS = 200_000
_BEFORE, _AFTER = "_before", "_after"


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Read who was shown what and what each did. Raises NotAnswerable where that cannot be told."""
    name = str(question.options.get("experiment", ""))
    experiment = data.catalog.experiments.get(name)
    if experiment is None:
        raise NotAnswerable("I don't know that experiment.", remedy="Ask for one that is declared in assistant.yaml.")
    if question.group_by or question.grain is not None or question.compare is not None:
        raise NotAnswerable("I can tell how an experiment came out as a whole.", remedy="Ask for one group by name, as in 'in EMEA'.")
    measures = _wanted(question, _measures(experiment, data), data)
    if not measures:
        raise NotAnswerable("Nothing is measured in that experiment that you may see.", remedy="Ask whoever keeps the definitions.")
    before = {field.id.name: field.id.name.removesuffix(_AFTER) + _BEFORE for field in measures}
    known = {field.id.name for field in _fields(experiment, data)}
    wanted = tuple(dict.fromkeys([field.id.name for field in measures] + [past for past in before.values() if past in known]))
    columns = tuple(f"{experiment.dataset}.{column}" for column in (experiment.unit, experiment.arm, *wanted))
    records = _read(question, experiment, columns, data)
    arms, mixed = _arms(records, wanted, {k: v for k, v in before.items() if v in known})
    control = str(experiment.control)
    if control not in {arm.name for arm in arms} or len(arms) < 2:
        raise NotAnswerable("There are not two arms to compare in the data.", remedy="Ask again when there are.")
    if any(arm.units < max(data.least, 2) for arm in arms):
        raise NotAnswerable("Too few people are in one of the arms to say anything about it.", remedy="Ask again when there are more.")
    verdict = judge(arms, control, _good(data, measures))
    labels = {field.id.name: field for field in measures}
    outcomes = tuple(_outcome(found, labels[found.metric]) for found in verdict.findings)
    finding = Tested(
        name=name.replace("_", " "),
        control=control,
        units=verdict.units,
        outcomes=outcomes,
        mismatch=verdict.mismatch,
        trusted=verdict.trusted,
        mixed=mixed,
    )
    return _told(question, records, finding)


def _read(question: MetricQuestion, experiment: Experiment, columns: tuple[str, ...], data: Data) -> MetricAnswer:
    """Every record of the test, however many are read at once. Raises NotAnswerable where there are too many."""
    asked = MetricQuestion(
        analysis="list",
        columns=columns,
        time_field=f"{experiment.dataset}.{experiment.at}",
        filters=question.filters,
        period=question.period,
        limit=MOST_NUMBERS,
        options={"dataset": experiment.dataset},
    )
    found = data.unshown(asked)
    total = found.total_rows or 0
    if total <= len(found.rows):
        return found
    if total > MOST_UNITS:
        raise NotAnswerable(f"That is more than {MOST_UNITS:,} records, too many to compare here.", remedy="Ask for a shorter period of it.")
    first, last = (question.period.first, question.period.last) if question.period is not None else (None, None)
    first, last = first or found.data_from, last or found.data_through
    if first is None or last is None:
        raise NotAnswerable("I can't tell when the units were shown something.", remedy="Ask whoever keeps the definitions.")
    rows = _rows(asked, Period(first=first, last=last), data)
    if len(rows) != total:
        raise NotAnswerable("Some records have no date, so the arms can't be counted in full.", remedy="Ask whoever keeps the data.")
    return replace(found, rows=rows)


def _rows(asked: MetricQuestion, span: Period, data: Data) -> tuple[Row, ...]:
    """The records of a time, read in halves where they are too many to be read at once."""
    found = data.unshown(replace(asked, period=span))
    if (found.total_rows or 0) <= len(found.rows):
        return found.rows
    assert span.first is not None
    assert span.last is not None
    if span.first == span.last:
        raise NotAnswerable(f"On {span.first} there are too many records to be compared here.", remedy="Ask for another period of it.")
    middle = span.first + (span.last - span.first) // 2
    return _rows(asked, Period(first=span.first, last=middle), data) + _rows(asked, Period(first=middle + timedelta(days=1), last=span.last), data)


def _told(question: MetricQuestion, records: MetricAnswer, finding: Tested) -> MetricAnswer:
    columns = (
        Column(name="measure", label="Measure", role="dimension"),
        Column(name="arm", label="Arm", role="dimension"),
        Column(name="control", label="Control", role="metric"),
        Column(name="treated", label="Treated", role="metric"),
        Column(name="difference", label="Difference", role="metric"),
    )
    rows: tuple[Row, ...] = tuple(
        {"measure": one.measure, "arm": one.arm, "control": one.control, "treated": one.treated, "difference": one.difference} for one in finding.outcomes
    )
    return replace(
        records,
        analysis=question.analysis,
        value=None,
        unit=None,
        columns=columns,
        rows=rows,
        total_rows=len(rows),
        sorted_by=None,
        limit=None,
        finding=finding,
    )


def _fields(experiment: Experiment, data: Data) -> list[Field]:
    return [field for id_, field in data.catalog.fields.items() if id_.dataset == experiment.dataset]


def _measures(experiment: Experiment, data: Data) -> list[Field]:
    """What units did: numbers and yes-or-no of the exposures, without keys and without what was before."""
    keys = set(data.catalog.datasets[experiment.dataset].primary_key) | {experiment.unit, experiment.arm, experiment.at}
    keys |= {column for step in data.catalog.relationships if step.many == experiment.dataset for column in step.many_columns}
    fits = [field for field in _fields(experiment, data) if (field.kind == "boolean" or field.role == "fact") and field.id.name not in keys]
    return [field for field in fits if not field.id.name.endswith(_BEFORE)]


def _wanted(question: MetricQuestion, measures: list[Field], data: Data) -> list[Field]:
    """All of them, or those that the metrics which were named are made of. Raises NotAnswerable for a metric of something else."""
    if not question.metrics:
        return measures
    fits = {field.id for field in measures}
    found: set[FieldId] = set()
    for name in question.metrics:
        metric = data.catalog.metrics.get(name)
        fields = {id_ for part in metric.aggregations for id_ in part.fields} if metric is not None else set()
        if not fields or not fields <= fits:
            told = ", ".join(field.label for field in measures)
            raise NotAnswerable(f"That is not measured in this experiment; it measures {told}.", remedy="Ask how the experiment went.")
        found |= fields
    return [field for field in measures if field.id in found]


def _good(data: Data, measures: list[Field]) -> Mapping[str, str]:
    """Which way is better: as a metric that is made of the field alone says, else up."""
    found = {}
    for field in measures:
        made = [m for m in data.catalog.metrics.values() if any(field.id in part.fields for part in m.aggregations)]
        found[field.id.name] = next((metric.good for metric in made if metric.good != "neither"), "up")
    return found


def _arms(records: MetricAnswer, wanted: tuple[str, ...], before: Mapping[str, str]) -> tuple[list[Arm], int]:
    """The sums of each arm over its units, and how many units were left out because they saw several."""
    names = [column.name for column in records.columns]
    unit_name, arm_name, *cells = names
    arm_of: dict[Scalar, str] = {}
    mixed: set[Scalar] = set()
    totals: dict[Scalar, list[float]] = {}
    for row in records.rows:
        unit, arm = row[unit_name], row[arm_name]
        if unit is None or arm is None:
            continue
        if arm_of.setdefault(unit, str(arm)) != str(arm):
            mixed.add(unit)
        held = totals.setdefault(unit, [0.0] * len(cells))
        for at, cell in enumerate(cells):
            value = row[cell]
            if isinstance(value, bool):
                held[at] = max(held[at], float(value))
            elif isinstance(value, int | float):
                held[at] += value
    arms: dict[str, list[list[float]]] = {}
    for unit, held in totals.items():
        if unit not in mixed:
            arms.setdefault(arm_of[unit], []).append(held)
    place = {name: n for n, name in enumerate(wanted)}
    made = []
    for name, rows in sorted(arms.items()):
        table = np.array(rows)
        sums = {}
        for measure in (one for one in wanted if not one.endswith(_BEFORE)):
            y = table[:, place[measure]]
            x = table[:, place[before[measure]]] if measure in before else None
            sums[measure] = Sums(
                units=len(y),
                y=float(y.sum()),
                yy=float(y @ y),
                x=None if x is None else float(x.sum()),
                xx=None if x is None else float(x @ x),
                xy=None if x is None else float(x @ y),
            )
        made.append(Arm(name=name, units=len(rows), sums=sums))
    return made, len(mixed)


def _outcome(found: Finding, field: Field) -> Outcome:
    effect, share = found.effect, found.effect.method == "two shares"
    return Outcome(
        measure=field.label or field.id.name.replace("_", " "),
        unit="percent" if share else field.unit,
        arm=found.arm,
        control=effect.control,
        treated=effect.treated,
        difference=effect.difference,
        low=found.lasting.low,
        high=found.lasting.high,
        lift=effect.lift,
        p=found.lasting.p,
        adjusted=found.adjusted,
        once=effect.p,
        harm=found.harm,
        found=found.found,
        smallest=found.smallest,
        needed=found.needed,
        reduced=effect.reduced,
    )
