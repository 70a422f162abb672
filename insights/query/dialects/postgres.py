"""What PostgreSQL spells differently."""

from __future__ import annotations

from collections.abc import Iterable

from insights.query.dialects.carrying import carry
from insights.query.dialects.dialect import Dialect, Hole
from insights.requests import Grain
from insights.requests import Part as PartOfTime
from insights.warehouse.quoting import literal

_PARTS = {"weekday": "isodow", "hour": "hour", "day_of_month": "day", "month_of_year": "month", "quarter_of_year": "quarter"}


class Postgres(Dialect):
    """PostgreSQL from 14 on."""

    name = "postgres"
    engine = "PostgreSQL"
    double = "DOUBLE PRECISION"
    derived = " AS derived"
    qualify = False

    def interval(self, count: int, unit: str) -> str:
        """A length of time, whose number is quoted here."""
        return f"INTERVAL '{count:d}' {unit}"

    def truncated(self, grain: Grain, of: str) -> str:
        """Without the cast, a day would be taken for an instant of the session's time zone."""
        return f"date_trunc('{grain}', CAST({of} AS TIMESTAMP))"

    def recurring(self, part: PartOfTime, of: str) -> str:
        """A part of time, which is a decimal here."""
        number = f"CAST(extract({_PARTS[part]} FROM CAST({of} AS TIMESTAMP)) AS INTEGER)"
        return f"{number} - 1" if part == "weekday" else number

    def quantile(self, operand: str, at: float, *, discrete: bool) -> str:
        """An ordered-set aggregate."""
        value = operand if discrete else f"CAST({operand} AS DOUBLE PRECISION)"
        return f"percentile_{'disc' if discrete else 'cont'}({at:.15g}) WITHIN GROUP (ORDER BY {value})"

    def median(self, operand: str) -> str:
        """The quantile in the middle."""
        return self.quantile(operand, 0.5, discrete=False)

    def any_value(self, figure: str) -> str:
        """Versions before 16 have no any_value."""
        return f"max({figure})"

    def starts_with(self, text: str, start: str) -> str:
        """Lower case by the rules of Unicode, whatever the locale of the database; an accent keeps its letter apart."""
        return f"starts_with({_lower(text)}, {_lower(start)})"

    def rounded(self, number: str, digits: int) -> str:
        """Only decimals are rounded to digits; a double that is no number has no decimal here in older versions."""
        return f"CAST(round(CAST({number} AS NUMERIC), {digits:d}) AS DOUBLE PRECISION)"

    def element(self, texts: Iterable[str], place: str) -> str:
        """An array, which counts from 1 too."""
        return f"(ARRAY[{', '.join(map(literal, texts))}])[{place}]"

    def missing(self, column: str, rows: str) -> str:
        """Nothing of the right type: in a UNION of three, two untyped ones would be texts."""
        return f"(SELECT {column} FROM {rows} WHERE FALSE)"  # noqa: S608  # names of columns and steps that the emitter made

    def ascending(self, key: str) -> tuple[str, ...]:
        """Texts by their characters and not by the database's collation."""
        return (f"{_text(key)} ASC NULLS LAST", f"{key} ASC NULLS LAST")

    def descending(self, key: str) -> tuple[str, ...]:
        """As `ascending`, the other way round."""
        return (f"{_text(key)} DESC NULLS LAST", f"{key} DESC NULLS LAST")

    def tuple_of(self, parts: Iterable[str]) -> str:
        """A row."""
        return f"ROW({', '.join(parts)})"

    def carried(self, parts: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
        """SQL of the catalog, transpiled once."""
        return carry(parts, self.name, self.engine)


def _lower(text: str) -> str:
    return f'lower(CAST({text} AS TEXT) COLLATE "und-x-icu")'


def _text(key: str) -> str:
    """The key where it is a text, else nothing, so that keys of any type can be ordered by it."""
    return f"(CASE WHEN pg_typeof({key})::text IN ('text', 'character varying', 'character') THEN CAST({key} AS TEXT) END) COLLATE \"C\""
