"""How a figure stands against what was planned: what is known, what the run rate makes of it, what the forecast expects, and the chance of arriving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from insights.analysis.comparison import adds_up
from insights.analysis.data import Data
from insights.analysis.outlook import NOT_LATER, in_whole, is_later, look
from insights.answers import MetricAnswer
from insights.errors import NotAnswerable
from insights.findings.outlook import Pace
from insights.requests import Grain, MetricQuestion, Period

_DAYS_AHEAD = 45
"""Up to this many days the rest is foretold by day, beyond it by month."""
_MOST_DAYS_AHEAD = 120
"""Where the period is not made of whole months."""


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The pace towards the target that was said, else the one that the catalog declares. Raises NotAnswerable."""
    if len(question.metrics) != 1 or question.group_by:
        raise NotAnswerable("I can set one figure as a whole against its target.", remedy="Ask for one figure.")
    name = question.metrics[0]
    period, target = _aim(question, data)
    if period.first is None or period.last is None:
        raise NotAnswerable("I need to know for which period the target is.", remedy="Say a period, such as 'this year'.")
    if not adds_up(name, data):
        raise NotAnswerable(
            "A run rate needs a figure that adds up over days, and this one does not.", remedy="Ask for the figure itself, or for its forecast."
        )
    asked = replace(question, analysis="value", period=period, options={}, grain=None)
    known = data.ask(asked)
    if is_later(known, data.today) and period.first <= data.today < period.last:
        known = data.ask(replace(asked, period=replace(period, last=data.today)))
        known = replace(known, notes=(*known.notes, NOT_LATER))
    through = min(known.data_through or period.last, period.last, data.today)
    if through < period.first:
        raise NotAnswerable("There is no data of that period yet.", remedy="Ask for the forecast of it.")
    days, passed = (period.last - period.first).days + 1, (through - period.first).days + 1
    finding = Pace(
        period=period,
        target=target,
        known=known.value or 0.0,
        through=through,
        elapsed=passed / days,
        run_rate=(known.value or 0.0) * days / passed,
        expected=None,
        chance=None,
        quality=None,
        grain="month",
    )
    if through < period.last:
        finding = _foreseen(question, data, finding)
    return replace(known, analysis="pace", period=period, finding=finding)


def _foreseen(question: MetricQuestion, data: Data, pace: Pace) -> Pace:
    """The same with the forecast of the rest, where one can be made."""
    assert pace.period.last is not None
    ahead = (pace.period.last - pace.through).days
    whole = in_whole(pace.period, "month", data.catalog) == pace.period
    grain: Grain = "day" if ahead <= (_DAYS_AHEAD if whole else _MOST_DAYS_AHEAD) else "month"
    if grain == "month" and not whole:
        return replace(pace, why_not="the rest is not made of whole months, and is too long to be foretold day by day")
    try:
        found = look(question, data, pace.period, grain, sums=True, seconds=data.seconds(0.4))
    except NotAnswerable as why:
        return replace(pace, why_not=why.problem)
    return replace(pace, expected=found.total, chance=found.chance(pace.target), quality=found.quality, grain=grain, steps=found.steps, past=found.past())


def _aim(question: MetricQuestion, data: Data) -> tuple[Period, float]:
    """What is aimed at, and for which period. Raises NotAnswerable."""
    said = question.options.get("target")
    if isinstance(said, int | float) and not isinstance(said, bool):
        return question.period or _year(data.today), float(said)
    metric = data.catalog.metrics.get(question.metrics[0])
    declared = metric.target if metric is not None else None
    if declared is None:
        raise NotAnswerable("No target is declared for that.", remedy="Say the number to reach, or have a target put into assistant.yaml.")
    if question.filters:
        raise NotAnswerable("The target is for all of it, not for that part.", remedy="Ask without the condition, or say the number to reach.")
    if isinstance(declared, str):
        return _of_metric(question, data, declared)
    if not isinstance(declared, Mapping):
        if isinstance(declared, int | float) and question.period is not None:
            return question.period, float(declared)
        raise NotAnswerable("The target is declared without its period.", remedy="Say a period, such as 'this year'.")
    periods = [(span, float(value)) for key, value in declared.items() if (span := named(str(key))) is not None and isinstance(value, int | float)]
    for span, value in periods:
        if _fits(question.period, span, data.today):
            return span, value
    told = ", ".join(str(key) for key in declared)
    raise NotAnswerable(f"There is no target for that period; there is one for {told}.", remedy="Ask for one of these, or say the number to reach.")


def _of_metric(question: MetricQuestion, data: Data, declared: str) -> tuple[Period, float]:
    if declared not in data.catalog.metrics:
        raise NotAnswerable("The target stands in a table that I can't read, or is not for you.", remedy="Say the number to reach.")
    period = question.period or _year(data.today)
    planned = data.ask(MetricQuestion(metrics=(declared,), period=period, filters=question.filters)).value
    if planned is None:
        raise NotAnswerable("The plan has no figure for that period.", remedy="Ask for another period, or say the number to reach.")
    return period, planned


def _fits(asked: Period | None, span: Period, today: date) -> bool:
    assert span.first is not None
    assert span.last is not None
    if asked is None:
        return span.first <= today <= span.last
    return asked.first == span.first and asked.last is not None and (asked.last == span.last or asked.last == today)


def named(key: str) -> Period | None:
    """The period that a key of `target` names: a year, a quarter or a month.

    >>> named("2026-Q2")
    Period(first=datetime.date(2026, 4, 1), last=datetime.date(2026, 6, 30), words='')
    """
    year, _, part = key.partition("-")
    if not (year.isascii() and year.isdigit() and 1 <= int(year) < 9999):
        return None
    if not part:
        return Period(first=date(int(year), 1, 1), last=date(int(year), 12, 31))
    number = part.removeprefix("Q").removeprefix("q")
    if not (number.isascii() and number.isdigit()):
        return None
    months = 3 if number != part else 1
    start = (int(number) - 1) * months
    if not 0 <= start <= 12 - months:
        return None
    end = start + months
    last = date(int(year) + end // 12, end % 12 + 1, 1) - timedelta(days=1)
    return Period(first=date(int(year), start + 1, 1), last=last)


def _year(today: date) -> Period:
    return Period(first=today.replace(month=1, day=1), last=today.replace(month=12, day=31), words="this year")
