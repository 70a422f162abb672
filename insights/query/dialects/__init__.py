"""How each engine spells a plan, by the name that its warehouse gives."""

from __future__ import annotations

from insights.query.dialects.athena import Athena
from insights.query.dialects.dialect import Dialect
from insights.query.dialects.postgres import Postgres
from insights.query.dialects.spark import Spark

DUCKDB: Dialect = Dialect()
POSTGRES: Dialect = Postgres()
SPARK: Dialect = Spark()
ATHENA: Dialect = Athena()
DIALECTS = {dialect.name: dialect for dialect in (DUCKDB, POSTGRES, SPARK, ATHENA)}


def dialect_of(engine: object) -> Dialect:
    """The dialect of an engine, which names it as `dialect`; DuckDB's where it names none."""
    return DIALECTS[getattr(engine, "dialect", DUCKDB.name)]


__all__ = ["ATHENA", "DIALECTS", "DUCKDB", "POSTGRES", "SPARK", "Dialect", "dialect_of"]
