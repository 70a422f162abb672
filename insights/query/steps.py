"""How wide the steps are that a number is cut into: as asked for, else a round width that makes about ten of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from insights.answers import Definition
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.errors import NotAnswerable
from insights.permit import Grant
from insights.query.algebra import Plan
from insights.query.grounds import ground
from insights.query.groups import Steps
from insights.query.measures import Measured
from insights.query.plan import plan
from insights.requests import MetricQuestion, Scalar

ABOUT = 10
MOST = 200
"""More steps than these say nothing."""

Span = Callable[[Plan], tuple[Scalar, Scalar]]
"""Runs a plan of two figures."""


def steps_of(question: MetricQuestion, grant: Grant, catalog: Catalog, contents: Contents, span: Span) -> Mapping[str, Steps]:
    """The steps of each number that the question cuts; `span` finds the least and the greatest of it among the rows that the question is about.

    Raises NotAnswerable for steps that cannot be.
    """
    names = [name for name in question.group_by if name.startswith("bin(")]
    if not names or question.analysis == "list":
        return {}
    width, number = question.options.get("width"), question.options.get("bins")
    if width is not None:
        return dict.fromkeys(names, Steps(width=_positive(width, "A step")))
    most = int(_positive(number, "The number of steps")) if number is not None else None
    if most is not None and most > MOST:
        raise NotAnswerable(f"I can't tell more than {MOST} steps apart.", remedy="Ask for fewer.")
    found = {}
    for name in names:
        least, greatest = span(_range(question, name, grant, catalog, contents))
        found[name] = _steps(least, greatest, most)
    return found


def _positive(value: Scalar, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value <= 0:
        raise NotAnswerable(f"{what} must be a number above zero, not '{str(value)[:40]}'.")
    return value


def _range(question: MetricQuestion, name: str, grant: Grant, catalog: Catalog, contents: Contents) -> Plan:
    """The plan for the least and the greatest value in the rows that the question's first figure is made of."""
    grounds = ground(question, grant, catalog)
    first, field = grounds.shown[0].aggregations[0], grounds.grouping(name).field
    ends = [
        Measured(
            text=function,
            formula=(replace(first, function=function, operand=(field,)),),
            definition=Definition(name=function, label=function, expression=function),
            times=grounds.shown[0].times,
        )
        for function in ("min", "max")
    ]
    bare = replace(question, analysis="value", group_by=(), grain=None, limit=None, order=None, filters=tuple(c for c in question.filters if c.dimension))
    bare = replace(bare, options={key: value for key, value in question.options.items() if key in _KEPT}, compare=None)
    return plan(bare, replace(grant, minimum_group=None), catalog, contents, measures=tuple(ends))


_KEPT = ("members", "not_first", "not_last", "also_first", "also_last")


def _steps(least: Scalar, greatest: Scalar, most: int | None) -> Steps:
    """Steps from the least to the greatest.

    >>> _steps(3, 96, None), _steps(0, 10, 4)
    (Steps(width=10.0, start=0, most=None), Steps(width=2.5, start=0, most=4))
    """
    if isinstance(least, bool) or not isinstance(least, (int, float)) or not isinstance(greatest, (int, float)):
        return Steps(width=1)
    if most is not None:
        return Steps(width=(greatest - least) / most, start=least, most=most) if greatest > least else Steps(width=1, start=least, most=1)
    if not greatest > least:
        return Steps(width=1)
    rough = (greatest - least) / ABOUT
    power = 10.0 ** math.floor(math.log10(rough))
    round_one = next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
    return Steps(width=round_one * power if power < 1 else float(round(round_one * power, 1)))
