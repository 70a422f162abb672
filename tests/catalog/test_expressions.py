"""SQL compiled into text and holes: by hand, and the quick reader against the SQL library on a real engine."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.catalog import any_sql, simple_sql
from insights.catalog.expressions import compile_condition, compile_field, compile_metric
from insights.catalog.model import Aggregation, ColumnRef, FieldId
from insights.catalog.pieces import MetricScope
from insights.catalog.scopes import ColumnScope, ExpressionError, FieldScope, Parts
from insights.catalog.tokens import NotSimple

COLUMNS = {"amount": "number", "cost": "number", "status": "text", "day": "date", "paid": "boolean", "Odd Name": "number"}
ROW = ColumnScope(dataset="orders", columns=COLUMNS)
FIELDS = FieldScope(fields={"orders": COLUMNS, "people": {"age": "number"}})
METRIC = MetricScope(fields=FIELDS, metric=lambda _: None, datasets=FIELDS.fields, rows="orders")
AMOUNT, COST, STATUS = FieldId("orders", "amount"), FieldId("orders", "cost"), FieldId("orders", "status")
SUM = Aggregation(function="sum", dataset="orders", operand=(AMOUNT,))
COUNT = Aggregation(function="count", dataset="orders")


@pytest.mark.parametrize(
    ("text", "expression", "kind"),
    [
        ("amount", (ColumnRef("amount"),), "number"),
        ("AMOUNT", (ColumnRef("amount"),), "number"),
        ("orders.amount", (ColumnRef("amount"),), "number"),
        ('"Odd Name" / cost', (ColumnRef("Odd Name"), " / NULLIF(", ColumnRef("cost"), ", 0)"), "number"),
        ("amount / cost / 2", (ColumnRef("amount"), " / NULLIF(", ColumnRef("cost"), ", 0) / NULLIF(2, 0)"), "number"),
        ("amount / NULLIF(cost, 0)", (ColumnRef("amount"), " / NULLIF(", ColumnRef("cost"), ", 0)"), "number"),
        ("status || '!'", (ColumnRef("status"), " || '!'"), "text"),
        ("amount > 10 AND NOT paid", (ColumnRef("amount"), " > 10 AND NOT ", ColumnRef("paid")), "boolean"),
        ("CASE WHEN paid THEN 'yes' END", ("CASE WHEN ", ColumnRef("paid"), " THEN 'yes' END"), "text"),
        ("TRY_CAST(status AS DATE)", ("TRY_CAST(", ColumnRef("status"), " AS DATE)"), "date"),
        ("MAKE_DATE(amount, 1, 2)", ("MAKE_DATE(", ColumnRef("amount"), ", 1, 2)"), "date"),
        ("EXTRACT(YEAR FROM day)", ("EXTRACT(YEAR FROM ", ColumnRef("day"), ")"), "number"),
    ],
)
def test_a_field_is_text_with_holes_for_columns(text: str, expression: Parts, kind: str) -> None:
    """What the planner gets, and of what kind the values are."""
    made = compile_field(text, ROW)
    assert (made.expression, made.kind) == (expression, kind)


@pytest.mark.parametrize(
    ("text", "formula", "additive"),
    [
        ("SUM(orders.amount)", (SUM,), True),
        ("sum( amount )", (SUM,), True),
        ("COUNT(*)", (COUNT,), True),
        ("COUNT(orders.*)", (COUNT,), True),
        ("COUNT(1)", (COUNT,), True),
        ("COUNT(orders.amount)", (Aggregation(function="count", dataset="orders", operand=(AMOUNT,)),), True),
        ("COUNT(DISTINCT orders.status)", (Aggregation(function="count_distinct", dataset="orders", operand=(STATUS,)),), False),
        ("AVG(amount)", (Aggregation(function="avg", dataset="orders", operand=(AMOUNT,)),), False),
        ("SUM(amount) / COUNT(*)", (SUM, " / NULLIF(", COUNT, ", 0)"), False),
        ("SUM(amount) / NULLIF(COUNT(*), 0)", (SUM, " / NULLIF(", COUNT, ", 0)"), False),
        ("SUM(amount) / 60", (SUM, " / NULLIF(60, 0)"), True),
        ("100 * SUM(amount) - COUNT(*)", ("100 * ", SUM, " - ", COUNT), True),
        ("SUM(amount) + 1", (SUM, " + 1"), False),
        ("SUM(amount) * COUNT(*)", (SUM, " * ", COUNT), False),
        ("COALESCE(SUM(amount), 0)", ("COALESCE(", SUM, ", 0)"), True),
        ("SUM(amount - cost)", (Aggregation(function="sum", dataset="orders", operand=(AMOUNT, " - ", COST)),), True),
        (
            "SUM(CASE WHEN status = 'x' THEN amount END)",
            (Aggregation(function="sum", dataset="orders", operand=("CASE WHEN ", STATUS, " = 'x' THEN ", AMOUNT, " END")),),
            True,
        ),
        ("SUM(amount) FILTER (WHERE status = 'x')", (Aggregation(function="sum", dataset="orders", operand=(AMOUNT,), where=(STATUS, " = 'x'")),), True),
        (
            "SUM(orders.amount) / COUNT(DISTINCT people.age)",
            (SUM, " / NULLIF(", Aggregation(function="count_distinct", dataset="people", operand=(FieldId("people", "age"),)), ", 0)"),
            False,
        ),
    ],
)
def test_a_metric_is_arithmetic_over_aggregates(text: str, formula: Parts, additive: bool) -> None:
    """The formula, and whether parts add up; the SQL library gives the same as the quick reader."""
    made = compile_metric(text, METRIC)
    assert (made.formula, made.additive) == (formula, additive)
    slow = any_sql.read_metric(text, "", METRIC)
    assert ([part for part in slow.parts if isinstance(part, Aggregation)], slow.additivity == "sum") == (
        [part for part in formula if isinstance(part, Aggregation)],
        additive,
    )


@pytest.mark.parametrize(
    ("dialect", "text", "sql"),
    [
        ("SNOWFLAKE", "DATEDIFF(day, day, CAST('2024-03-01' AS DATE))", "DATE_DIFF('DAY', day, CAST('2024-03-01' AS DATE))"),
        ("SNOWFLAKE", "IFF(paid, amount, 0)", "CASE WHEN paid THEN amount ELSE 0 END"),
        ("DATABRICKS", "`Odd Name` / cost", "Odd Name / NULLIF(cost, 0)"),
        ("DATABRICKS", r"status = 'it\'s'", "status = 'it''s'"),
        ("SNOWFLAKE", "amount", "amount"),
    ],
)
def test_the_dialect_of_an_expression_is_honoured(dialect: str, text: str, sql: str) -> None:
    """The same letters mean other things elsewhere: quotes, argument order, functions."""
    made = compile_field(text, ROW, dialect=dialect)
    assert "".join(part if isinstance(part, str) else part.name for part in made.expression) == sql


def test_counting_a_star_of_a_dataset_is_refused_where_it_means_something_else() -> None:
    """In Snowflake COUNT(t.*) leaves out rows that hold a NULL."""
    with pytest.raises(ExpressionError, match="leaves out rows"):
        compile_metric("COUNT(orders.*)", METRIC, dialect="SNOWFLAKE")


def test_a_conditional_count_of_a_dialect_becomes_a_filter() -> None:
    """COUNT_IF counts the rows of the dataset that its condition reads."""
    (made,) = compile_metric("COUNT_IF(orders.amount > 3)", METRIC, dialect="SNOWFLAKE").formula
    assert made == Aggregation(function="count", dataset="orders", where=(AMOUNT, " > 3"))


@pytest.mark.parametrize("text", ["amount > 3", "status IN ('a', 'b') OR paid", "people.age IS NOT NULL", "paid"])
def test_a_condition_is_something_that_holds_or_not(text: str) -> None:
    """A number is no condition."""
    assert compile_condition(text, FIELDS)
    with pytest.raises(ExpressionError, match="condition"):
        compile_condition("orders.amount + 1", FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a b",
        "amount +",
        "(amount",
        "amount)",
        "'open",
        ";",
        "amount -- x\n;drop",
        "/* x */",
        "SELECT 1",
        "1; 2",
        "*",
        "orders.*",
        "a.b.c.d",
        "?",
        ":x",
        "$1",
        "amount[1]",
        "x -> x",
        "amount AS y",
        "read_csv('x')",
        "unnest([1])",
        "(SELECT max(x) FROM t)",
        "EXISTS (SELECT 1)",
        "SUM(amount) OVER ()",
        "random()",
        "NOW()",
        "CURRENT_TIMESTAMP",
        "amount::blob[]",
        "\x00",
        "(" * 3000,
        "NOT " * 3000,
        "é" * 30_000,
        "COPY t TO 'x'",
    ],
)
def test_what_is_no_plain_expression_is_refused_in_words(text: str) -> None:
    """Broken, hostile and unsupported SQL ends in an ExpressionError for fields and for metrics, whatever the dialect."""
    for dialect in ("ANSI_SQL", "SNOWFLAKE", "DATABRICKS", "BIGQUERY"):
        with pytest.raises(ExpressionError):
            compile_field(text, ROW, dialect=dialect)
        with pytest.raises(ExpressionError):
            compile_metric(text, METRIC, dialect=dialect)


ATOM = st.sampled_from(["amount", "cost", "1", "2.5", "0", "orders.amount", '"Odd Name"'])
NUMBER = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("ABS({})".format),
        st.tuples(inner, inner).map(lambda p: f"COALESCE({p[0]}, {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"NULLIF({p[0]}, {p[1]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"CASE WHEN {p[0]} > {p[1]} THEN {p[2]} ELSE 0 END"),
        st.tuples(inner, inner).map(lambda p: f"CASE WHEN status LIKE 'a%' AND NOT paid OR {p[0]} BETWEEN 1 AND {p[1]} THEN 1 END"),
        st.tuples(inner, inner).map(lambda p: f"CASE WHEN {p[0]} IS NULL OR status IN ('a', 'it''s') THEN {p[1]} END"),
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    """A table with NULLs, zeros and quotes in it."""
    connection = duckdb.connect()
    connection.execute('CREATE TABLE orders (amount DOUBLE, cost DOUBLE, status VARCHAR, day DATE, paid BOOLEAN, "Odd Name" DOUBLE)')
    rows = [
        (1, 0, "a", "2024-01-01", True, 3),
        (None, 2, "it's", None, False, None),
        (0, None, None, "2024-02-29", None, -1),
        (-7.5, 4, "ab", "2025-01-01", False, 0),
    ]
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", rows)
    return connection


@settings(max_examples=60, deadline=None)
@given(text=NUMBER)
def test_the_quick_reader_and_the_sql_library_mean_the_same(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    """Both give the same values on real rows, which are those of the text itself once divisions are made safe."""
    quick, slow = simple_sql.read_row(text, ROW), any_sql.read_row(text, "", ROW)
    values = [engine.execute(f"SELECT {_sql(parts)} FROM orders ORDER BY rowid").fetchall() for parts in (quick.parts, slow.parts)]
    assert values[0] == values[1]
    if "/" not in text:
        assert values[0] == engine.execute(f"SELECT {text} FROM orders ORDER BY rowid").fetchall()


def test_what_looks_like_a_comment_is_not_read_as_two_minus_signs() -> None:
    """`amount --cost` ends after amount in SQL; the quick reader leaves that to the library."""
    with pytest.raises(NotSimple):
        simple_sql.read_row("amount --cost", ROW)
    assert compile_field("amount --cost", ROW).expression == (ColumnRef("amount"),)
    assert _sql(compile_field("amount - -cost", ROW).expression).count("--") == 0


def _sql(parts: Parts) -> str:
    return "".join(part if isinstance(part, str) else f'"{part.name}"' for part in parts if not isinstance(part, Aggregation))
