"""Which engines can answer which metrics, as `catalog check` says it."""

from __future__ import annotations

from insights.catalog.answerable import WAY_OUT, answerable, told
from insights.catalog.model import Aggregation, Catalog, Dataset, Metric
from insights.errors import Problem, WrongCatalog
from insights.lake.source import Source

FILES, TABLE = Source(paths=("/data/orders.parquet",), format="parquet"), Source(table="shop.visits")


def company():
    """Orders in files, visits in a table, and a metric of both."""
    orders, visits = (Aggregation(function="count", dataset=name) for name in ("orders", "visits"))
    formulas = {"orders": (orders,), "visits": (visits,), "rate": (orders, " / NULLIF(", visits, ", 0)")}
    return Catalog(
        name="shop",
        version="1",
        datasets={"orders": Dataset(name="orders", source=FILES, fields={}), "visits": Dataset(name="visits", source=TABLE, fields={})},
        metrics={name: Metric(name=name, label=name, formula=formula) for name, formula in formulas.items()},
    )


def has(*sources):
    """An engine's look at a source."""

    def look(source):
        if source not in sources:
            raise WrongCatalog([Problem(file=str(source), line=0, message="is not here.")])
        return {}

    return look


def test_an_engine_answers_what_it_has_all_the_rows_of() -> None:
    """A metric of two facts is answered only by an engine that has both."""
    found = answerable(company(), {"DuckDB": has(FILES), "PostgreSQL": has(TABLE), "Spark": has(FILES, TABLE)})
    assert found == {"orders": ("DuckDB", "Spark"), "visits": ("PostgreSQL", "Spark"), "rate": ("Spark",)}


def test_where_no_engine_can_the_way_out_is_named() -> None:
    """A metric over a table that no configured engine has says to unload it to Parquet."""
    lines = told(answerable(company(), {"DuckDB": has(FILES)}))
    assert lines == ("DuckDB can answer orders", f"no configured engine can answer visits, rate. {WAY_OUT}")
    assert "Parquet" in WAY_OUT


def test_one_engine_for_everything_is_one_line() -> None:
    """Where nothing differs nothing is listed."""
    assert told(answerable(company(), {"DuckDB": has(FILES, TABLE)})) == ("DuckDB can answer all 3 metrics",)
