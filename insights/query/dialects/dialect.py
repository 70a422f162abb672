"""What engines spell differently, in DuckDB's spelling; other dialects say only where they differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from insights.requests import Grain
from insights.requests import Part as PartOfTime
from insights.warehouse.quoting import listing

Hole = TypeVar("Hole")


class Dialect:
    """DuckDB's. Everything that is given here is written SQL already; everything that is returned means in each dialect what it means in this one.

    Identifiers are in double quotes, placeholders are `?`, and FILTER, IS NOT DISTINCT FROM, NULLS LAST, windows and GROUP BY of positions are known to
    every engine that has a dialect. Session time zone is UTC everywhere: an instant with an offset is its clock in UTC.
    """

    name = "duckdb"
    engine = "DuckDB"
    double = "DOUBLE"
    derived = ""
    """What follows a query in parentheses in FROM that nothing refers to."""
    qualify = True
    """Whether windows can be compared with in QUALIFY."""

    def grouping(self, keys: str) -> str:
        """A bit for each key that a row of GROUPING SETS is not grouped by, the first key's the highest."""
        return f"grouping({keys})"

    def interval(self, count: int, unit: str) -> str:
        """A length of time."""
        return f"INTERVAL {count:d} {unit}"

    def truncated(self, grain: Grain, of: str) -> str:
        """The first instant of the `grain` that `of` lies in: weeks from Monday, quarters and years of the calendar."""
        return f"date_trunc('{grain}', {of})"

    def recurring(self, part: PartOfTime, of: str) -> str:
        """A part of days or instants as a whole number; a weekday is from 0 for Monday."""
        return f"isodow({of}) - 1" if part == "weekday" else f"{_PARTS[part]}({of})"

    def average(self, operand: str) -> str:
        """The mean, with all the digits of a double, whatever the digits of the operand."""
        return f"avg({operand})"

    def quantile(self, operand: str, at: float, *, discrete: bool) -> str:
        """The value at that fraction of the ordered known ones: between two of them, or the first that so many are at most.

        Raises NotAnswerable where the engine can only estimate it.
        """
        return f"quantile_{'disc' if discrete else 'cont'}({operand if discrete else f'CAST({operand} AS DOUBLE)'}, {at:.15g})"

    def median(self, operand: str) -> str:
        """The middle one, or half-way between the two middle ones."""
        return f"median(CAST({operand} AS DOUBLE))"  # of decimals, the engine cuts the middle of two to their digits

    def any_value(self, figure: str) -> str:
        """The known one among values of which at most one is known."""
        return f"any_value({figure})"

    def starts_with(self, text: str, start: str) -> str:
        """Whether a text starts like that, in capitals or not."""
        return f"starts_with(lower({text}), lower({start}))"

    def rounded(self, number: str, digits: int) -> str:
        """A double, rounded."""
        return f"round({number}, {digits:d})"

    def element(self, texts: Iterable[str], place: str) -> str:
        """One of the texts, by its place from 1; unknown where the place is."""
        return f"{listing(texts)}[{place}]"

    def missing(self, column: str, rows: str) -> str:  # noqa: ARG002  # other engines have to be told of what type nothing is
        """What stands for `column` of `rows` where those have none."""
        return "NULL"

    def ascending(self, key: str) -> tuple[str, ...]:
        """What to order by so that keys of any type come as they do here: texts by their characters, what is unknown last."""
        return (f"{key} ASC NULLS LAST",)

    def descending(self, key: str) -> tuple[str, ...]:
        """As `ascending`, the other way round."""
        return (f"{key} DESC NULLS LAST",)

    def tuple_of(self, parts: Iterable[str]) -> str:
        """Several values as one, to be told from others."""
        return f"({', '.join(parts)})"

    def carried(self, parts: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
        """SQL of the catalog with its holes, in this dialect. Raises NotAnswerable where it would come to mean something else."""
        return parts


_PARTS = {"hour": "hour", "day_of_month": "day", "month_of_year": "month", "quarter_of_year": "quarter"}
