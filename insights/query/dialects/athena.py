"""What Athena (Trino) spells differently."""

from __future__ import annotations

from collections.abc import Iterable

from insights.errors import NotAnswerable
from insights.query.dialects.carrying import carry
from insights.query.dialects.dialect import Dialect, Hole
from insights.requests import Part as PartOfTime
from insights.warehouse.quoting import literal

_PARTS = {"weekday": "day_of_week", "hour": "hour", "day_of_month": "day", "month_of_year": "month", "quarter_of_year": "quarter"}


class Athena(Dialect):
    """Athena engine version 3, which is Trino."""

    name = "athena"
    engine = "Athena"
    derived = " AS derived"
    qualify = False

    def interval(self, count: int, unit: str) -> str:
        """A length of time, whose number is quoted here."""
        return f"INTERVAL '{count:d}' {unit}"

    def recurring(self, part: PartOfTime, of: str) -> str:
        """A part of time; of a day the hour has to be made an instant's."""
        if part == "weekday":
            return f"day_of_week({of}) - 1"
        return f"{_PARTS[part]}({f'CAST({of} AS TIMESTAMP)' if part == 'hour' else of})"

    def average(self, operand: str) -> str:
        """Of decimals, Trino rounds the mean to the digits that they have."""
        return f"avg(CAST({operand} AS DOUBLE))"

    def quantile(self, operand: str, at: float, *, discrete: bool) -> str:  # noqa: ARG002  # nothing of it can be answered
        """There are only estimates."""
        raise NotAnswerable(
            "Athena can only estimate medians and percentiles, so I don't answer them there.",
            remedy="Unload the rows to Parquet files, or ask for an average.",
        )

    def median(self, operand: str) -> str:
        """There are only estimates."""
        return self.quantile(operand, 0.5, discrete=False)

    def any_value(self, figure: str) -> str:
        """At most one is known, so it is the greatest."""
        return f"max({figure})"

    def element(self, texts: Iterable[str], place: str) -> str:
        """An array, counted from 1."""
        return f"element_at(ARRAY[{', '.join(map(literal, texts))}], {place})"

    def tuple_of(self, parts: Iterable[str]) -> str:
        """A row."""
        return f"ROW({', '.join(parts)})"

    def carried(self, parts: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
        """SQL of the catalog, transpiled once."""
        return carry(parts, self.name, self.engine)
