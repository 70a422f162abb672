"""SQL of the definitions compiled into literal text and typed holes; simple shapes directly, the rest through sqlglot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from insights.catalog import simple_sql
from insights.catalog.model import Aggregation, ColumnRef, FieldId, Gathered, MetricFormula, RowExpression
from insights.catalog.pieces import MetricScope, Piece
from insights.catalog.scopes import ExpressionError, Scope
from insights.catalog.tokens import NotSimple
from insights.errors import nearest
from insights.lake.source import Kind

DIALECTS: Mapping[str, str] = {"ANSI_SQL": "", "OSSIE_SQL_2026": "", "SNOWFLAKE": "snowflake", "DATABRICKS": "databricks", "BIGQUERY": "bigquery"}
"""The Ossie dialects that are SQL, best first, and what the parser calls them."""
ENGINES: Mapping[str, str] = {
    "DUCKDB": "duckdb",
    "POSTGRES": "postgres",
    "REDSHIFT": "redshift",
    "SPARK": "spark",
    "TRINO": "trino",
    "ATHENA": "athena",
    "CLICKHOUSE": "clickhouse",
    "SQLSERVER": "tsql",
}
"""Dialects that other definitions than Ossie's are written in, by what those call them."""
_PORTABLE = ("", "duckdb")
NOT_SQL = ("MDX", "TABLEAU", "MAQL", "DAX", "SIGMA", "THOUGHTSPOT")


@dataclass(frozen=True, slots=True)
class CompiledField:
    """A field's expression over physical columns, and of what kind its values are."""

    expression: tuple[str | ColumnRef, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class CompiledMetric:
    """A metric's formula, and whether its parts add up to its total."""

    formula: MetricFormula
    additive: bool


def compile_field(text: str, scope: Scope, *, dialect: str = "ANSI_SQL") -> CompiledField:
    """Compile a field's expression. Raises ExpressionError."""
    piece = _row(text, scope, dialect)
    return CompiledField(tuple(part for part in piece.parts if isinstance(part, str | ColumnRef)), piece.kind)


def compile_condition(text: str, scope: Scope, *, dialect: str = "ANSI_SQL") -> RowExpression:
    """Compile a condition over fields, such as a metric's filter. Raises ExpressionError."""
    piece = _row(text, scope, dialect)
    if piece.kind not in ("boolean", "unknown"):
        raise ExpressionError(f"a condition is needed here, not a {piece.kind}.", "Compare it with something: = <> < > IN IS NULL.")
    return tuple(part for part in piece.parts if isinstance(part, str | FieldId | Gathered))


def compile_metric(text: str, scope: MetricScope, *, dialect: str = "ANSI_SQL") -> CompiledMetric:
    """Compile arithmetic over aggregates and other metrics. Raises ExpressionError."""
    name = _dialect(dialect)
    try:
        piece = simple_sql.read_metric(_cleaned(text), scope, portable=name in _PORTABLE)
    except NotSimple:
        from insights.catalog import any_sql

        piece = any_sql.read_metric(text, name, scope)
    formula = tuple(part for part in piece.parts if isinstance(part, str | Aggregation))
    if not any(isinstance(part, Aggregation) for part in formula):
        raise ExpressionError("a metric needs an aggregate.", "Write SUM(dataset.field), COUNT(dataset.key) or the like.")
    return CompiledMetric(formula, piece.additivity == "sum")


def _row(text: str, scope: Scope, dialect: str) -> Piece:
    name = _dialect(dialect)
    try:
        return simple_sql.read_row(_cleaned(text), scope, portable=name in _PORTABLE)
    except NotSimple:
        from insights.catalog import any_sql

        return any_sql.read_row(text, name, scope)


def _cleaned(text: str) -> str:
    if not text.strip():
        raise ExpressionError("the expression is empty.")
    return text.strip()


def _dialect(dialect: str) -> str:
    if dialect in ENGINES:
        return ENGINES[dialect]
    if dialect not in DIALECTS:
        raise ExpressionError(f"expressions of the dialect {dialect} cannot be read.", nearest(dialect, DIALECTS) or "There is " + ", ".join(DIALECTS) + ".")
    return DIALECTS[dialect]
