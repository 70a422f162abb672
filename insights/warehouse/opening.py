"""The engine that the settings under [warehouse] name; the embedded one where they name none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from insights.errors import WrongSettings, nearest
from insights.lake.source import Source
from insights.warehouse.budgets import Allowance, Budgets, Spent
from insights.warehouse.choosing import Engines, Limits
from insights.warehouse.port import Warehouse

if TYPE_CHECKING:
    from insights.warehouse.duckdb import DuckDB

ENGINES = ("duckdb", "postgres", "athena", "spark")
_LOCAL = ("local_bytes", "local_rows", "local_speed")
_SPENDING = ("question_bytes", "person_bytes", "day_bytes")


def opened(
    options: Mapping[str, object],
    embedded: DuckDB,
    *,
    today: Callable[[], date],
    sources: Mapping[str, Source] | None = None,
    client: Callable[[str], Any] | None = None,
    spent: Callable[[], Spent] | None = None,
) -> Warehouse:
    """`engine = "postgres"` with `dsn` (and `search_path`, `version_query`) in place of the embedded one; beside it, for what does not fit it or is a table
    of theirs, `engine = "athena"` with `database` (and `workgroup`, `output`) or `engine = "spark"` with `master`.

    `sources` are those of the definitions by dataset, `client` makes boto3's clients, `spent` opens what counts for the budgets. Raises WrongSettings.
    """
    engine = str(options.get("engine", "duckdb"))
    if engine == "duckdb":
        return embedded
    if engine == "postgres":
        embedded.close()
        return _postgres(options)
    if engine not in ENGINES:
        raise WrongSettings(f"warehouse.engine is '{engine[:40]}', which is no engine here.", remedy=nearest(engine, ENGINES))
    tables = _tables(options, sources or {})
    limits = Limits(**{key: limit for key in _LOCAL if (limit := _bytes(options, key)) is not None})
    allowance = Allowance(**{key: _bytes(options, key) for key in _SPENDING})
    other = _athena(options, tables, client) if engine == "athena" else _spark(options, tables, embedded)
    return Engines(embedded, [other], limits, Budgets(allowance, today=today, spent=spent))


def _postgres(options: Mapping[str, object]) -> Warehouse:
    from insights.warehouse.postgres import Postgres

    path, version = options.get("search_path", ()), options.get("version_query")
    return Postgres(
        _needed(options, "dsn"),
        search_path=[str(one) for one in path] if isinstance(path, list | tuple) else [str(path)],
        version_query=None if version is None else str(version),
    )


def _athena(options: Mapping[str, object], tables: Mapping[Source, str], client: Callable[[str], Any] | None) -> Warehouse:
    from insights.warehouse.athena import Athena

    if client is None:
        from insights.lake.clients import Access
        from insights.lake.s3 import S3

        client = S3(Access()).client
    make, output = client, options.get("output")
    return Athena(
        client=lambda: make("athena"),
        glue=lambda: make("glue"),
        database=_needed(options, "database"),
        workgroup=str(options.get("workgroup", "primary")),
        output=None if output is None else str(output),
        tables=tables,
    )


def _spark(options: Mapping[str, object], tables: Mapping[Source, str], embedded: DuckDB) -> Warehouse:
    from insights.warehouse.spark import Spark

    configuration = options.get("configuration") or {}
    if not isinstance(configuration, Mapping):
        raise WrongSettings("warehouse.configuration is no table of settings of Spark.", remedy="Write it as [warehouse.configuration].")
    return Spark(_needed(options, "master"), configuration={str(key): str(value) for key, value in configuration.items()}, tables=tables, files=embedded.states)


def _tables(options: Mapping[str, object], sources: Mapping[str, Source]) -> Mapping[Source, str]:
    """The engine's tables by the source that they stand for, which the settings name by its dataset."""
    said = options.get("tables") or {}
    if not isinstance(said, Mapping):
        raise WrongSettings("warehouse.tables is no table.", remedy='Write [warehouse.tables] with lines such as orders = "lake.orders".')
    unknown = next((name for name in said if name not in sources), None)
    if unknown is not None:
        raise WrongSettings(f"warehouse.tables names '{str(unknown)[:40]}', which is no dataset of the definitions.", remedy=nearest(str(unknown), sources))
    return {sources[name]: str(table) for name, table in said.items()}


def _bytes(options: Mapping[str, object], key: str) -> int | None:
    """A number in the settings, None without one. Raises WrongSettings."""
    said = options.get(key)
    if said is None or said == "":
        return None
    try:
        return int(str(said))
    except ValueError:
        raise WrongSettings(f"warehouse.{key} is '{str(said)[:40]}', which is no whole number.", remedy="Write bytes or rows as digits.") from None


def _needed(options: Mapping[str, object], key: str) -> str:
    value = options.get(key)
    if not value:
        raise WrongSettings(f"warehouse.{key} is missing.", remedy=f"Set `{key}` in [warehouse], or INSIGHTS_WAREHOUSE__{key.upper()}.")
    return str(value)
