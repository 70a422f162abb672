"""How much single rows scatter: the sum of the squares of what each row adds to a figure, as something that is measured like any other."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Aggregation, FieldId, Gathered, MetricFormula, RowExpression
from insights.query.linearity import is_linear


def squares(above: MetricFormula, below: MetricFormula | None = None, rate: float = 0.0) -> MetricFormula | None:
    """The sum over the rows of the square of what each adds: of a sum its amount, of a fraction what lies `above` the line less `rate` times what is `below`.

    A sum may be of several facts, whose rows are by chance each for itself, so that their squares add up. None where single rows cannot be told: a fraction of
    several facts, money in several currencies, or aggregates that are no weighted sum of sums and counts. By Cochran, Sampling Techniques (1977), section
    6.4, the variance of a ratio of sums is this over the square of what is below the line.
    """
    if below is None and _counts(above):
        return above  # a row that counts is one, and so is its square
    sides = [above, *([below] if below is not None else [])]
    every = [one for side in sides for one in side if isinstance(one, Aggregation)]
    facts = tuple(dict.fromkeys(one.dataset for one in every))
    if (below is not None and len(facts) > 1) or not all(is_linear(side) for side in sides):
        return None
    if any(one.function not in ("sum", "count") or one.money is not None or one.over is not None for one in every):
        return None
    if any(len({one.time for one in every if one.dataset == fact}) != 1 for fact in facts):
        return None
    sums: list[str | Aggregation] = []
    for fact in facts:
        first, *others = (_of_rows(side, fact) for side in sides)
        each: RowExpression = ("(", *first, f" - {rate!r} * ", *others[0], ")") if others else first
        time = next(one.time for one in every if one.dataset == fact)
        sums += [" + ", Aggregation(function="sum", dataset=fact, operand=(*each, " * ", *each), time=time)]
    return tuple(sums[1:])


def _counts(formula: MetricFormula) -> bool:
    """Whether it is one count of rows and nothing else."""
    match formula:
        case (Aggregation(function="count", over=None),):
            return True
        case _:
            return False


def _of_rows(formula: Sequence[str | Aggregation], fact: str) -> RowExpression:
    """What a row of the fact adds to a weighted sum; rows of other facts are none of its own."""
    pieces: list[str | FieldId | Gathered] = []
    for piece in formula:
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            pieces += _of_row(piece) if piece.dataset == fact else ("CAST(0 AS DOUBLE)",)
    return ("(", *pieces, ")")


def _of_row(one: Aggregation) -> RowExpression:
    """What a row adds to a sum or a count, as a number that is never unknown."""
    operand: RowExpression = one.operand or ("1",)
    known: RowExpression = ("CASE WHEN (", *operand, ") IS NOT NULL THEN 1 ELSE 0 END") if one.function == "count" else ("COALESCE(", *operand, ", 0)")
    cast: RowExpression = ("CAST(", *known, " AS DOUBLE)")
    return cast if one.where is None else ("CASE WHEN ", *one.where, " THEN ", *cast, " ELSE 0 END")
