"""What a metric is made of, so that a change of it can be taken apart: a sum, or a sum through another; and how much single rows scatter."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from insights.answers import Definition
from insights.catalog.labels import inside
from insights.catalog.model import Aggregation, MetricFormula
from insights.errors import NotAnswerable
from insights.query.linearity import is_linear
from insights.query.measures import Measured
from insights.query.squares import squares as squared

_HOLE = re.compile(r"\bm(\d+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Makeup:
    """A measure as `over`, or as `over` through `under`. `distinct` says that the values of a dimension may overlap, so that they need not add up."""

    over: Measured
    under: Measured | None = None
    distinct: bool = False

    @property
    def shown(self) -> tuple[Measured, ...]:
        """What is summed for each group: the figure (or both its parts), and how many rows are behind it."""
        return (self.over, *([self.under] if self.under is not None else []), self.rows)

    @property
    def rows(self) -> Measured:
        """How many rows the figure (of a fraction what is below the line, which there are more of) is made of."""
        aggregations = (self.under or self.over).aggregations
        counts = tuple(dict.fromkeys(_counting(one) for one in aggregations))
        formula: MetricFormula = tuple(piece for n, count in enumerate(counts) for piece in ((" + ", count) if n else (count,)))
        return _measure("rows", formula, self.over)


def makeup(measure: Measured) -> Makeup:
    """What the measure is made of. Raises NotAnswerable for what cannot be taken apart: medians, percentiles, balances."""
    label = inside(measure.definition.label)
    if measure.stands:
        raise NotAnswerable(f"I can't take {label} apart: it tells how things stand, not what happened.", remedy="Ask how it developed.")
    if measure.nature == "sum":
        return Makeup(over=_named("over", measure))
    if measure.nature == "distinct":
        return Makeup(over=_named("over", measure), distinct=True)
    pair = _fraction(_without_averages(measure.formula))
    if pair is None:
        raise NotAnswerable(
            f"I can't take {label} apart: its parts do not make the whole.", remedy="Ask about a sum, a count or an average, or by one dimension."
        )
    return Makeup(over=_measure("over", pair[0], measure), under=_measure("under", pair[1], measure))


def _measure(name: str, formula: MetricFormula, of: Measured) -> Measured:
    definition = Definition(name=name, label=name, expression=name, sensitivity=of.definition.sensitivity)
    return Measured(text=name, formula=formula, definition=definition, times=of.times)


def _named(name: str, measure: Measured) -> Measured:
    return replace(measure, text=name)


def _counting(one: Aggregation) -> Aggregation:
    """How many rows an aggregate is of."""
    keeps = one.operand if one.function in ("count", "count_distinct") and one.operand is not None else None
    return Aggregation(function="count", dataset=one.dataset, operand=keeps, where=one.where, time=one.time)


def _without_averages(formula: MetricFormula) -> MetricFormula:
    """The formula with each average as a sum through a count."""
    found: list[str | Aggregation] = []
    for piece in formula:
        if isinstance(piece, Aggregation) and piece.function == "avg":
            found += ["(", replace(piece, function="sum"), " / NULLIF(", replace(piece, function="count", money=None), ", 0))"]
        else:
            found.append(piece)
    return tuple(found)


def _fraction(formula: MetricFormula) -> tuple[MetricFormula, MetricFormula] | None:
    """What stands above and below the line; None unless both are sums, counts or distinct counts (scaled, added, subtracted)."""
    aggregations = [piece for piece in formula if isinstance(piece, Aggregation)]
    if any(one.function not in ("sum", "count", "count_distinct") or one.over is not None for one in aggregations):
        return None
    numbers = iter(range(len(aggregations)))
    text = "".join(f"m{next(numbers)}" if isinstance(piece, Aggregation) else piece for piece in formula)
    try:
        above, below = _split(ast.parse(text.replace("NULLIF", "nullif").strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError):
        return None
    if below is None:
        return None
    sides = tuple(_holes(ast.unparse(side), aggregations) for side in (above, below))
    return (sides[0], sides[1]) if all(is_linear(side) for side in sides) else None


def _split(node: ast.expr) -> tuple[ast.expr, ast.expr | None]:
    """A fraction as what stands above and below its line (None: nothing)."""
    match node:
        case ast.Call(func=ast.Name(id="nullif"), args=[of, ast.Constant(value=0)]):
            return _split(of)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            (a, b), (c, d) = _split(left), _split(right)
            return _product(a, d), _product(c, b)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            (a, b), (c, d) = _split(left), _split(right)
            return _product(a, c), _product(b, d) if b is not None and d is not None else b or d
        case _:
            return node, None


def _product(a: ast.expr, b: ast.expr | None) -> ast.expr:
    return a if b is None else ast.BinOp(left=a, op=ast.Mult(), right=b)


def _holes(text: str, aggregations: list[Aggregation]) -> MetricFormula:
    """The text with its aggregates in their places again."""
    pieces: list[str | Aggregation] = []
    at = 0
    for found in _HOLE.finditer(text):
        pieces += [text[at : found.start()], aggregations[int(found[1])]]
        at = found.end()
    pieces.append(text[at:])
    return tuple(piece for piece in pieces if piece)


def squares(parts: Makeup, rate: float = 0.0) -> Measured | None:
    """The sum of the squares of what the rows add (of a fraction with the figures at `rate`), as `query.squares` has it; None where rows cannot be told."""
    formula = squared(parts.over.formula, parts.under.formula if parts.under is not None else None, rate)
    return _measure("squares", formula, parts.over) if formula is not None else None
