"""Those who began together, steps that are gone through, and groups that are alike, as pictures."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartMark, ChartSeries, Column, MetricAnswer
from insights.findings import Cohorts, Passed, Segments
from insights.requests import Scalar

Name = Callable[[Scalar, Column], str]
_MOST_COHORTS = 18
_MOST_AGES = 18


def retained(answer: MetricAnswer, name: Name, alt: str) -> Chart | None:
    """A row for each of the latest cohorts, a column for each age; what is not known yet is empty."""
    found = answer.finding
    if not isinstance(found, Cohorts) or not found.cohorts:
        return None
    shown = found.cohorts[-_MOST_COHORTS:]
    ages = range(min(max(len(one.kept) for one in shown), _MOST_AGES))
    column = Column(name="", label="", role="time", grain=found.grain)
    series = tuple(
        ChartSeries(
            name=name(one.began, column),
            values=tuple(None if age >= len(one.kept) or (value := one.kept[age]) is None else value / one.size for age in ages),
        )
        for one in shown
    )
    what = {"staying": f"{found.members} that have not ended", "active": f"{found.members} among {found.what.lower()}", "amount": found.what}[found.kind]
    title = f"{what[:1].upper()}{what[1:]}, by {found.grain} of {found.began.lower()} and {found.grain}s since"
    return Chart(kind="heatmap", title=title, labels=tuple(str(age) for age in ages), series=series, unit=found.unit, alt=alt)


def funnel(answer: MetricAnswer, _: Name, alt: str) -> Chart | None:
    """A label for each step; the one before which most are lost is pointed out."""
    found = answer.finding
    if not isinstance(found, Passed) or any(step.members is None for step in found.steps):
        return None
    marks = (ChartMark(at=found.leak, words="most are lost before this"),) if found.leak is not None else ()
    values = tuple(float(step.members) for step in found.steps if step.members is not None)
    series = (ChartSeries(name=found.members, values=values),)
    return Chart(kind="funnel", title=f"Funnel {found.name}", labels=tuple(step.name for step in found.steps), series=series, alt=alt, marks=marks)


def segmented(answer: MetricAnswer, _: Name, alt: str) -> Chart | None:
    """How large each group is."""
    found = answer.finding
    if not isinstance(found, Segments) or len(found.segments) < 2:
        return None
    series = (ChartSeries(name="Share", values=tuple(one.share for one in found.segments)),)
    title = f"Segments of {found.members}"
    return Chart(kind="bar", title=title, labels=tuple(one.name for one in found.segments), series=series, unit="percent", alt=alt)
