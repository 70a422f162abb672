"""The demo company's files, asked by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

By = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def by_hand(company) -> Iterator[By]:
    """Runs SQL over the demo company's files, with a view for each dataset."""
    connection = duckdb.connect()
    data = company.folder / "data"
    for path in sorted(data.iterdir()):
        files = f"{path}/**/*.parquet" if path.is_dir() else str(path)
        connection.execute(f"CREATE VIEW {path.name.removesuffix('.parquet')} AS SELECT * FROM read_parquet('{files}', union_by_name=true)")
    yield lambda sql, *parameters: connection.execute(sql, parameters or None).fetchall()
    connection.close()
