"""What Spark SQL spells differently; its sessions are ANSI, with identifiers in double quotes."""

from __future__ import annotations

from collections.abc import Iterable

from insights.query.dialects.carrying import carry
from insights.query.dialects.dialect import Dialect, Hole
from insights.requests import Grain
from insights.requests import Part as PartOfTime
from insights.warehouse.quoting import literal

_PARTS = {"weekday": "weekday", "hour": "hour", "day_of_month": "day", "month_of_year": "month", "quarter_of_year": "quarter"}


class Spark(Dialect):
    """Spark SQL from 4.0 on."""

    name = "spark"
    engine = "Spark"
    derived = " AS derived"
    qualify = False

    def grouping(self, keys: str) -> str:
        """Spark's function of several keys has a name of its own."""
        return f"grouping_id({keys})"

    def interval(self, count: int, unit: str) -> str:
        """A length of time, whose number is quoted here."""
        return f"INTERVAL '{count:d}' {unit}"

    def truncated(self, grain: Grain, of: str) -> str:
        """An instant without a zone, as everywhere else."""
        return f"CAST(date_trunc('{grain.upper()}', {of}) AS TIMESTAMP_NTZ)"

    def recurring(self, part: PartOfTime, of: str) -> str:
        """A part of time; weekdays are counted from 0 for Monday here."""
        return f"{_PARTS[part]}({of})"

    def average(self, operand: str) -> str:
        """Of decimals, Spark cuts the mean to four digits more than they have."""
        return f"avg(CAST({operand} AS DOUBLE))"

    def quantile(self, operand: str, at: float, *, discrete: bool) -> str:
        """An ordered-set aggregate, which is exact."""
        value = operand if discrete else f"CAST({operand} AS DOUBLE)"
        return f"percentile_{'disc' if discrete else 'cont'}({at:.15g}) WITHIN GROUP (ORDER BY {value})"

    def any_value(self, figure: str) -> str:
        """Its any_value may give what is unknown."""
        return f"max({figure})"

    def starts_with(self, text: str, start: str) -> str:
        """One word here."""
        return f"startswith(lower({text}), lower({start}))"

    def element(self, texts: Iterable[str], place: str) -> str:
        """By cases: element_at of an unknown place gave the last text after an aggregation (Spark 4.3)."""
        cases = " ".join(f"WHEN {at} THEN {literal(text)}" for at, text in enumerate(texts, start=1))
        return f"CASE {place} {cases} END"

    def carried(self, parts: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
        """SQL of the catalog, transpiled once."""
        return carry(parts, self.name, self.engine)
