"""The engine that the settings under [warehouse] name; the embedded one where they name none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from insights.errors import WrongSettings, nearest
from insights.warehouse.choosing import Engines, Limits
from insights.warehouse.port import Warehouse

_LIMITS = ("local_bytes", "local_rows", "local_speed", "question_bytes", "person_bytes", "day_bytes")


def opened(options: Mapping[str, object], embedded: Warehouse, *, today: Callable[[], date]) -> Warehouse:
    """`engine = "postgres"` with `dsn` (and `search_path`, `version_query`) in place of the embedded one; `engine = "spark"` with `master`, beside it for
    what does not fit it. Raises WrongSettings."""
    engine = str(options.get("engine", "duckdb"))
    if engine == "duckdb":
        return embedded
    if engine == "postgres":
        from insights.warehouse.postgres import Postgres

        embedded.close()
        path, version = options.get("search_path", ()), options.get("version_query")
        return Postgres(
            _needed(options, "dsn"),
            search_path=[str(one) for one in path] if isinstance(path, list | tuple) else [str(path)],
            version_query=None if version is None else str(version),
        )
    if engine == "spark":
        from insights.warehouse.spark import Spark

        limits = {key: int(str(options[key])) for key in _LIMITS if str(options.get(key, "")).isdigit()}
        return Engines(embedded, [Spark(_needed(options, "master"))], Limits(**limits), today=today)
    raise WrongSettings(f"warehouse.engine is '{engine[:40]}', which is no engine here.", remedy=nearest(engine, ("duckdb", "postgres", "spark")))


def _needed(options: Mapping[str, object], key: str) -> str:
    value = options.get(key)
    if not value:
        raise WrongSettings(f"warehouse.{key} is missing.", remedy=f"Set `{key}` in [warehouse], or INSIGHTS_WAREHOUSE__{key.upper()}.")
    return str(value)
