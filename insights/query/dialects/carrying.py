"""SQL of the catalog carried from DuckDB's spelling into another engine's, or refused where it would come to mean something else there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from insights.errors import NotAnswerable

if TYPE_CHECKING:
    from sqlglot import exp

Hole = TypeVar("Hole")

_WRITTEN = {"postgres": "postgres", "spark": "spark", "athena": "athena"}
"""What the parser calls the dialects."""
_SAME = frozenset(
    (
        "abs add and between boolean case cast ceil coalesce column date datatype datatypeparam div dpipe eq filter floor greatest gt gte identifier if in "
        "is least length literal lower lt lte mod mul neg neq not null nullif nullsafeeq nullsafeneq or paren round sign sqrt startswith sub tuple trim upper "
        "extract day month quarter hour minute year var anonymous exp ln like interval datefromparts star where"
    ).split()
)
"""What means the same everywhere, as it is written here; what is not among it is refused."""
_ELSEWHERE: dict[str, frozenset[str]] = {
    "athena": frozenset({"least", "greatest", "datefromparts"}),  # the least of something unknown is unknown there; there is no date of three numbers
    "postgres": frozenset(),
    "spark": frozenset(),
}
_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d([ T].*)?")


def carry(parts: tuple[str | Hole, ...], dialect: str, engine: str) -> tuple[str | Hole, ...]:
    """The expression in the dialect's spelling, with the same holes. Raises NotAnswerable, which says what has no equivalent there.

    A hole stands for a value that is in parentheses wherever it needs to be.
    """
    texts = tuple(part if isinstance(part, str) else None for part in parts)
    if all(text is None or not text.strip() for text in texts):
        return parts
    holes = [part for part in parts if not isinstance(part, str)]
    carried = _carried(texts, dialect)
    if isinstance(carried, str):
        raise NotAnswerable(
            f"{engine} cannot answer that as it is defined: {carried}.", remedy="Unload the rows to Parquet files, or write the definition with simpler SQL."
        )
    return tuple(piece if isinstance(piece, str) else holes[piece] for piece in carried)


@lru_cache(maxsize=4096)
def _carried(texts: tuple[str | None, ...], dialect: str) -> tuple[str | int, ...] | str:
    """Text and the numbers of holes; a sentence's end where it cannot be carried over."""
    import sqlglot
    from sqlglot import ErrorLevel
    from sqlglot.errors import SqlglotError

    prefix = "hole_"
    while any(text is not None and prefix in text.casefold() for text in texts):
        prefix = "x" + prefix
    numbers = iter(range(len(texts)))
    whole = "".join(f"{prefix}{next(numbers)}_" if text is None else text for text in texts)
    try:
        tree = sqlglot.parse_one(whole, read="duckdb")
        tree = _Carrier(dialect).carried(tree)
        written = tree.sql(dialect=_WRITTEN[dialect], unsupported_level=ErrorLevel.RAISE)
    except _Differs as differs:
        return str(differs)
    except (SqlglotError, RecursionError) as error:
        return f"it has no equivalent there ({str(error).splitlines()[0][:120]})"
    found = re.split(rf"{prefix}(\d+)_", written)
    return tuple(int(piece) if at % 2 else piece for at, piece in enumerate(found) if at % 2 or piece)


class _Differs(Exception):
    """What cannot be carried over, as the end of a sentence."""


class _Carrier:
    """Rewrites one tree for one dialect."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect

    def carried(self, tree: exp.Expr) -> exp.Expr:
        for node in tree.walk():
            if node.key not in _SAME or node.key in _ELSEWHERE[self._dialect]:
                raise _Differs(f"{node.sql(dialect='duckdb')[:60]} means something else there")
            check = _CHECKS.get(node.key)
            if check is not None:
                check(node)
        return tree.transform(self._rewritten)

    def _rewritten(self, node: exp.Expr) -> exp.Expr:
        from sqlglot import exp

        if isinstance(node, exp.Div):
            # A whole number divided by another is cut to one on some engines, and a decimal to a few digits.
            node.set("typed", False)
            node.set("safe", False)
            double = exp.DataType.build("double")
            return exp.Div(this=exp.cast(_bare(node.left), double), expression=node.right, typed=True, safe=False)
        if isinstance(node, exp.Round) and self._dialect == "postgres" and node.args.get("decimals") is not None:
            return exp.Round(this=exp.cast(node.this, exp.DataType.build("decimal")), decimals=node.args["decimals"])
        if isinstance(node, exp.DateFromParts) and self._dialect == "postgres":
            return exp.Anonymous(this="make_date", expressions=[node.args["year"], node.args["month"], node.args["day"]])
        if node.key == "anonymous" and str(node.this).casefold() == "timezone":
            return _zoned(node, self._dialect)
        return node


def _bare(node: exp.Expr) -> exp.Expr:
    """What is cast already to a double."""
    from sqlglot import exp

    return node.this if isinstance(node, exp.Cast) and node.to.is_type("double") else node


def _zoned(node: exp.Expr, dialect: str) -> exp.Expr:
    """timezone(to, timezone(from, instant)): the clock of one zone as that of another."""
    import sqlglot

    into, inner = node.expressions
    if dialect == "postgres":
        return node
    if not (inner.key == "anonymous" and str(inner.this).casefold() == "timezone"):
        raise _Differs("a time zone is used on its own")
    of, instant = inner.expressions
    texts = [one.sql(dialect="duckdb") for one in (of, into, instant)]
    if dialect == "spark":
        return sqlglot.exp.Anonymous(this="convert_timezone", expressions=[of, into, instant])
    return sqlglot.parse_one(f"CAST(AT_TIMEZONE(WITH_TIMEZONE(CAST({texts[2]} AS TIMESTAMP), {texts[0]}), {texts[1]}) AS TIMESTAMP)", read="trino")


def _check_function(node: exp.Expr) -> None:
    name = str(node.this).casefold()
    if name not in ("timezone",):
        raise _Differs(f"the function {name[:40]} means something else there")


def _check_cast(node: exp.Expr) -> None:
    """Numbers become texts and texts dates in each engine's own way; a double becomes a whole number by another rounding."""
    from sqlglot import exp

    target = node.args["to"]
    if target.is_type("double", "decimal", "date", "timestamp", "float") or (node.this.key == "literal" and target.is_type("boolean")):
        return
    if target.is_type(*exp.DataType.INTEGER_TYPES) and node.this.key in (
        "case",
        "literal",
        "boolean",
        "eq",
        "is",
        "and",
        "or",
        "gt",
        "lt",
        "gte",
        "lte",
        "neq",
    ):
        return
    raise _Differs(f"a cast to {target.sql()[:30]} is done in another way there")


def _check_unit(node: exp.Expr) -> None:
    """Only calendar units, written out."""
    unit = node.args.get("unit") or node.this
    if unit is None or unit.name.upper() not in _UNITS:
        raise _Differs(f"{node.sql(dialect='duckdb')[:60]} is spelled in another way there")


def _check_like(node: exp.Expr) -> None:
    pattern = node.expression
    if pattern.key != "literal" or "\\" in pattern.name:
        raise _Differs("LIKE with a pattern that is not plain text may mean something else there")


def _check_order(node: exp.Expr) -> None:
    """What comes before what among texts depends on the engine's collation."""
    for side in node.args.values():
        if getattr(side, "key", "") == "literal" and side.is_string and not _DAY.fullmatch(side.name):
            raise _Differs(f"texts are in another order there ({node.sql(dialect='duckdb')[:60]})")


_CHECKS: dict[str, Callable[[exp.Expr], None]] = {
    "anonymous": _check_function,
    "cast": _check_cast,
    **dict.fromkeys(("between", "gt", "gte", "lt", "lte"), _check_order),
    **dict.fromkeys(("extract", "interval"), _check_unit),
    "like": _check_like,
}
