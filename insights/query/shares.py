"""Parts of a whole: which figures have one, and what each row is divided by."""

from __future__ import annotations

from dataclasses import replace

from insights.answers import Column
from insights.catalog.labels import inside
from insights.errors import NotAnswerable
from insights.query.algebra import FigureFormula, Output, Total
from insights.query.measures import Measured
from insights.query.wanting import Wanting
from insights.requests import MetricQuestion, Period

OVERLAP = "What is counted in several parts counts in each of them, so the parts can add up to more than 100%."


def part_of(question: MetricQuestion) -> tuple[str, ...]:
    """The dimensions whose filters make the part, none when the rows are the parts. Raises NotAnswerable where there is no such filter or nothing to divide."""
    names = tuple(name for name in str(question.options.get("part") or "").split(",") if name)
    missing = [name for name in names if all(condition.dimension != name for condition in question.filters)]
    if missing:
        raise NotAnswerable(f"I don't know which {missing[0]} is the part.", remedy="Name it.")
    if not names and not question.group_by and question.grain is None:
        raise NotAnswerable("I need to know the parts.", remedy="Say by what, as in 'share of revenue by region', or which part you mean.")
    return names


def refuse_no_parts(measure: Measured) -> None:
    """Refuse what is no sum and no count: a part of an average is no share of it. Raises NotAnswerable."""
    if measure.nature == "other":
        what = measure.definition.label
        raise NotAnswerable(
            f"{what[:1].upper()}{what[1:]} has no shares: it is not made by adding up its parts.",
            remedy="Ask for it by group instead, or for the share of something that adds up.",
        )


def refuse_over_time(measure: Measured) -> None:
    """Refuse the share that a day has of how things stand: days do not add up to it. Raises NotAnswerable."""
    if measure.stands:
        what = measure.definition.label
        raise NotAnswerable(
            f"{what[:1].upper()}{what[1:]} has no shares over time: it tells how things stand, so periods do not add up.", remedy="Ask for it by group."
        )


def share(measure: Measured, wanting: Wanting, period: Period | None, by: tuple[int, ...], *, narrowed: bool, before: bool = False) -> tuple[Output, ...]:
    """The share of one measure, and the part and the whole that it is made of.

    `by` are the numbers of the keys that have a whole each. A part that filters make is divided by the same row without them; rows that are the parts by what
    they add up to, or for distinct counts by the count over all of them.
    """
    part = wanting.formula(measure, period, narrowed=narrowed)
    whole: FigureFormula
    if narrowed:
        whole = wanting.formula(measure, period)
    elif measure.nature == "distinct":
        whole = wanting.formula(measure, period, key_numbers=by)
    else:
        whole = (Total(part, by),)
    column = shown(measure)
    quotient = ("(", *part, ") / NULLIF(", *whole, ", 0)")
    if before:
        return (Output(formula=quotient, column=column, side="before"),)
    beside = replace(column, unit=measure.definition.unit)
    return (
        Output(formula=quotient, column=column),
        Output(formula=part, column=beside, side="part", zero=True),
        Output(formula=whole, column=beside, side="whole", zero=True),
    )


def shown(measure: Measured) -> Column:
    """The column of a share."""
    return Column(name=measure.text, label=f"Share of {inside(measure.definition.label)}", role="metric", unit="percent")
