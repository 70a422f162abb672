"""Whether arithmetic over aggregates is a weighted sum of them, so that what holds for the parts holds for the whole."""

from __future__ import annotations

import ast

from insights.catalog.model import Aggregation, MetricFormula


def is_linear(formula: MetricFormula) -> bool | None:
    """Whether the formula only adds and subtracts its aggregates, each scaled by constants at most; None where that cannot be told from its text.

    >>> minutes = Aggregation(function="sum", dataset="sessions")
    >>> is_linear((minutes, " / NULLIF(60, 0)")), is_linear((minutes, " / NULLIF(", minutes, ", 0)")), is_linear((minutes, " + 1"))
    (True, False, False)
    """
    text = "".join("measured" if isinstance(piece, Aggregation) else piece for piece in formula)
    try:
        tree = ast.parse(text.replace("NULLIF", "nullif").strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return None  # casts and the like
    try:
        return _degree(tree.body) == 1
    except (ValueError, RecursionError):
        return False


def _degree(node: ast.expr) -> int:
    """0 for a constant, 1 for a weighted sum of aggregates. Raises ValueError for anything else."""
    match node:
        case ast.Constant(value=int() | float()):
            return 0
        case ast.Name(id="measured"):
            return 1
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _degree(operand)
        case ast.Call(func=ast.Name(id="nullif"), args=[of, ast.Constant(value=0)]) if _degree(of) == 0:
            return 0
        case ast.BinOp(left=left, op=operation, right=right):
            return _combined(_degree(left), operation, _degree(right))
        case _:
            raise ValueError("no arithmetic")


def _combined(left: int, operation: ast.operator, right: int) -> int:
    match operation:
        case ast.Add() | ast.Sub() if left == right:
            return left
        case ast.Mult() if not (left and right):
            return left + right
        case ast.Div() if not right:
            return left
        case _:
            raise ValueError("not linear")
