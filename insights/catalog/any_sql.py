"""Reads every other SQL expression through sqlglot, from its own dialect into the emitters' spelling; loaded only when a definition needs it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from insights.catalog import vocabulary
from insights.catalog.model import Aggregation
from insights.catalog.pieces import Additivity, MetricScope, Piece, aggregation
from insights.catalog.scopes import ExpressionError, Named, Parts, Scope, found, joined, listing
from insights.errors import nearest
from insights.lake.source import Kind

if TYPE_CHECKING:
    from sqlglot import ErrorLevel, exp

_LONGEST = 20_000


def read_row(text: str, dialect: str, scope: Scope) -> Piece:
    """Row-level SQL of `dialect` (a sqlglot name, "" for ANSI). Raises ExpressionError."""
    tree = _parsed(text, dialect)
    for node in tree.walk():
        if node.key in vocabulary.AGGREGATES or node.key in vocabulary.PERCENTILES:
            raise ExpressionError(f"{node.key.upper()} is an aggregate; only one row can be read here.", "Make it a metric.")
    return Piece(_written(tree, _Holes(text), scope), _kind(tree, scope))


def read_metric(text: str, dialect: str, scope: MetricScope) -> Piece:
    """Arithmetic over aggregates and metrics. Raises ExpressionError."""
    from sqlglot import exp

    tree = _parsed(text, dialect)
    holes = _Holes(text)
    sums: dict[int, Additivity] = {}

    def aggregated(node: exp.Expr) -> exp.Expr:
        if node.key in ("filter", "withingroup") or node.key in vocabulary.AGGREGATES:
            made = _aggregate(node, dialect, holes, scope)
            hole = holes.put((made,))
            sums[holes.last] = "sum" if made.function in ("sum", "count") else "other"
            return hole
        if isinstance(node, exp.Column) and not node.table and (other := scope.metric(node.name)) is not None:
            formula, additive = other
            hole = holes.put(joined("(", formula, ")") if len(formula) > 1 else formula)
            sums[holes.last] = "sum" if additive else "other"
            return hole
        return node

    tree = tree.transform(aggregated)
    additivity = _additivity(tree, holes, sums)
    return Piece(_written(tree, holes, _NoRows(scope.fields)), "number", additivity)


class _NoRows:
    """Outside of aggregates no row may be read."""

    def __init__(self, fields: Scope) -> None:
        self._fields = fields

    def resolve(self, path: tuple[str, ...]) -> Named:
        self._fields.resolve(path)
        raise ExpressionError(f"'{'.'.join(path)}' stands outside an aggregate.", f"Write SUM({'.'.join(path)}) or another aggregate of it.")


class _Holes:
    """Stand-in columns for what is not text; their names cannot occur in the expression."""

    def __init__(self, text: str) -> None:
        self._prefix = "hole_"
        while self._prefix in text.casefold():
            self._prefix = "x" + self._prefix
        self._parts: list[Parts] = []

    @property
    def last(self) -> int:
        return len(self._parts) - 1

    def put(self, parts: Parts) -> exp.Column:
        from sqlglot import exp

        self._parts.append(parts)
        return exp.column(f"{self._prefix}{self.last}_")

    def number(self, name: str) -> int | None:
        """Which hole a column's name stands for."""
        match = re.fullmatch(rf"{self._prefix}(\d+)_", name)
        return int(match[1]) if match else None

    def fill(self, sql: str) -> Parts:
        pieces = re.split(rf"{self._prefix}(\d+)_", sql)
        return tuple(part for part in joined(*(self._parts[int(p)] if i % 2 else p for i, p in enumerate(pieces))) if part != "")


def _parsed(text: str, dialect: str) -> exp.Expr:
    if len(text) > _LONGEST:
        raise ExpressionError(f"the expression is longer than {_LONGEST:,} characters.")
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        trees = sqlglot.parse(text, read=dialect or None)
    except (SqlglotError, RecursionError, ValueError) as error:
        at = next((str(found["highlight"]).strip() for found in getattr(error, "errors", ()) if found.get("highlight")), "")
        raise ExpressionError(f"the expression is not valid SQL{f' at {at[:40]!r}' if at else ''}.", "Check parentheses, quotes and commas.") from None
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError("an expression is needed here, one and no more.", "Remove semicolons.")
    _check(trees[0])
    return trees[0]


def _check(tree: exp.Expr) -> None:
    from sqlglot import exp

    for node in tree.walk():
        if node.key == "star" and not isinstance(node.parent, exp.Count | exp.Column):
            raise ExpressionError("a * stands for no single value.", "Name the field.")
        if isinstance(node, exp.Cast) and _kind_of_type(node.to) == "unknown":
            raise ExpressionError(
                f"values cannot be made {node.to.sql()[:40]} here.", "There is VARCHAR, INTEGER, DECIMAL, DOUBLE, BOOLEAN, DATE and TIMESTAMP."
            )
        if node.key in vocabulary.REFUSED:
            raise ExpressionError(f"{vocabulary.REFUSED[node.key]} cannot be used in a definition.")
        if node.key == "anonymous" and str(node.this).casefold() not in vocabulary.FUNCTIONS_BY_NAME:
            raise ExpressionError(
                f"the function {str(node.this)[:60]} is not known.",
                nearest(str(node.this).casefold(), vocabulary.ALLOWED | frozenset(vocabulary.FUNCTIONS_BY_NAME)),
            )
        if node.key not in vocabulary.ALLOWED:
            raise ExpressionError(
                f"{node.sql()[:60]} cannot be used in a definition ({node.key}).", "Compute it in the data, or write it with simpler functions."
            )


def _aggregate(node: exp.Expr, dialect: str, holes: _Holes, scope: MetricScope) -> Aggregation:
    from sqlglot import exp

    where: Parts | None = None
    if isinstance(node, exp.Filter):
        where = _written(node.expression.this, holes, scope.fields)
        node = node.this
    if isinstance(node, exp.WithinGroup):
        return _percentile(node, holes, scope, where)
    if node.key not in vocabulary.AGGREGATES:
        known = "There is SUM, AVG, MEDIAN, MIN, MAX, COUNT, COUNT(DISTINCT) and PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY ...)."
        raise ExpressionError(f"{node.sql()[:60]} cannot be answered by this version.", known)
    if any(inner is not node and (inner.key in vocabulary.AGGREGATES or inner.key in vocabulary.PERCENTILES) for inner in node.walk()):
        raise ExpressionError("an aggregate of an aggregate cannot be answered.", "Combine two aggregates with + - * / instead.")
    operand: exp.Expr = node.this
    function = vocabulary.AGGREGATES[node.key]
    if node.args.get("expressions"):
        raise ExpressionError(f"{node.key.upper()} takes one value.", "There is GREATEST and LEAST for several.")
    if isinstance(node, exp.CountIf):
        condition = _written(operand, holes, scope.fields)
        return aggregation("count", None, condition if where is None else joined("(", condition, ") AND (", where, ")"))
    if isinstance(operand, exp.Distinct):
        if function != "count" or len(operand.expressions) != 1:
            raise ExpressionError("DISTINCT is answered only in COUNT(DISTINCT one_value).")
        return aggregation("count_distinct", _written(operand.expressions[0], holes, scope.fields), where)
    if function == "count" and (isinstance(operand, exp.Star | exp.Literal) or operand.is_star):
        return aggregation("count", None, where, dataset=_counted(operand, dialect, scope))
    return aggregation(function, _written(operand, holes, scope.fields), where)


def _percentile(node: exp.WithinGroup, holes: _Holes, scope: MetricScope, where: Parts | None) -> Aggregation:
    """PERCENTILE_CONT or PERCENTILE_DISC (a fraction) WITHIN GROUP (ORDER BY a value)."""
    from sqlglot import exp

    inner, ordered = node.this, node.expression.expressions
    fraction = inner.this if inner.key in vocabulary.PERCENTILES else None
    at = float(fraction.this) if isinstance(fraction, exp.Literal) and not fraction.is_string else -1.0
    if not 0 <= at <= 1 or len(ordered) != 1 or ordered[0].args.get("desc"):
        raise ExpressionError(f"{node.sql()[:60]} cannot be answered.", "Write PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY dataset.field).")
    if any(one.key in vocabulary.AGGREGATES for one in ordered[0].walk()):
        raise ExpressionError("an aggregate of an aggregate cannot be answered.", "Combine two aggregates with + - * / instead.")
    made = aggregation("median", _written(ordered[0].this, holes, scope.fields), where)
    return replace(made, function="percentile", at=at, discrete=inner.key == "percentiledisc")


def _counted(operand: exp.Expr, dialect: str, scope: MetricScope) -> str | None:
    """The dataset whose rows COUNT(*) or COUNT(dataset.*) counts."""
    name = operand.args["table"].name if operand.args.get("table") else ""
    if not name:
        return scope.rows
    if dialect:
        raise ExpressionError(f"COUNT({name}.*) leaves out rows with a NULL in this dialect.", f"Write COUNT({name}.key).")
    dataset = found(name, scope.datasets)
    if dataset is None:
        raise ExpressionError(f"the dataset '{name}' does not exist.", nearest(name, scope.datasets) or listing(scope.datasets))
    return dataset


def _written(tree: exp.Expr, holes: _Holes, scope: Scope) -> Parts:
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    def placed(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and holes.number(node.name) is None:
            if node.is_star:
                raise ExpressionError("a * stands for no single value.", "Name the field.")
            return holes.put(scope.resolve(_path(node))[0])
        return node

    tree = tree.transform(placed)
    for division in reversed(list(tree.find_all(exp.Div, exp.IntDiv))):  # the innermost first: what is divided by is copied
        right = division.expression
        if not (isinstance(right, exp.Nullif) and right.expression.sql() == "0"):
            division.set("expression", exp.Nullif(this=right.copy(), expression=exp.Literal.number(0)))
        division.set("typed", None)
        division.set("safe", None)
    try:
        return holes.fill(tree.sql(dialect="duckdb", unsupported_level=_raising()))
    except (SqlglotError, RecursionError) as error:
        raise ExpressionError(f"the expression has no equivalent here: {str(error).splitlines()[0][:160]}") from None


def _raising() -> ErrorLevel:
    from sqlglot import ErrorLevel

    return ErrorLevel.RAISE


def _path(column: exp.Column) -> tuple[str, ...]:
    return tuple(part.name for part in column.parts)


def _additivity(node: exp.Expr, holes: _Holes, sums: dict[int, Additivity]) -> Additivity:
    """Sums stay sums under plus and minus, under a constant factor, and when a missing one is taken as nothing."""
    from sqlglot import exp

    if isinstance(node, exp.Literal):
        return "constant"
    if isinstance(node, exp.Column):
        return sums.get(holes.number(node.name) or 0, "other") if holes.number(node.name) is not None else "other"
    if isinstance(node, exp.Paren | exp.Neg):
        return _additivity(node.this, holes, sums)
    if isinstance(node, exp.Coalesce) and [e.sql() for e in node.expressions] == ["0"]:
        return _additivity(node.this, holes, sums)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div):
        left, right = _additivity(node.left, holes, sums), _additivity(node.right, holes, sums)
        if left == right and (left == "constant" or (left == "sum" and isinstance(node, exp.Add | exp.Sub))):
            return left
        if (isinstance(node, exp.Mul) and {left, right} == {"sum", "constant"}) or (isinstance(node, exp.Div) and (left, right) == ("sum", "constant")):
            return "sum"
    return "other"


def _kind(node: exp.Expr, scope: Scope) -> Kind:
    """Of what kind the values are, as far as the outermost operation tells."""
    from sqlglot import exp

    key = node.key
    if isinstance(node, exp.Column):
        return scope.resolve(_path(node))[1]
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "number"
    if isinstance(node, exp.Cast):
        return _kind_of_type(node.to)
    if isinstance(node, exp.Case):
        branches = [*(branch.args["true"] for branch in node.args["ifs"]), *([node.args["default"]] if node.args.get("default") else [])]
        return next((kind for kind in (_kind(branch, scope) for branch in branches) if kind != "unknown"), "unknown")
    if isinstance(node, exp.If):
        return _kind(node.args["true"], scope)
    if isinstance(node, exp.Anonymous):
        return vocabulary.FUNCTIONS_BY_NAME[str(node.this).casefold()]
    if key in vocabulary.FIRST_OPERAND:
        kind = _kind(node.this, scope)
        return "number" if key == "sub" and kind in ("date", "timestamp") and _kind(node.expression, scope) == kind else kind
    return next((kind for kind, keys in vocabulary.RESULTS.items() if key in keys), "unknown")


def _kind_of_type(target: exp.DataType) -> Kind:
    from sqlglot import exp

    if target.is_type(*exp.DataType.NUMERIC_TYPES):
        return "number"
    if target.is_type(*exp.DataType.TEXT_TYPES):
        return "text"
    if target.is_type("boolean"):
        return "boolean"
    if target.is_type("date"):
        return "date"
    return "timestamp" if target.is_type(*exp.DataType.TEMPORAL_TYPES) else "unknown"
