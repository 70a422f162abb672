"""A way to ask the demo company in SQL, and its truth."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml

from insights import demo

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def sql(company):
    """Rows of hand-written SQL over views named like the tables; `sales` is orders with region and device, `life` subscriptions with an end for all."""
    connection = duckdb.connect(config={"threads": 2})
    views = yaml.safe_load((HERE / "questions.yaml").read_text(encoding="utf-8"))["views"]
    for name, path in views.items():
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{company.folder}/{path}')")
    connection.execute(
        """CREATE VIEW sales AS SELECT orders.*, region, device FROM orders
        LEFT JOIN customers USING (customer_id) LEFT JOIN regions USING (region_id) LEFT JOIN devices USING (device_id) WHERE status <> 'test'"""
    )
    connection.execute("CREATE VIEW life AS SELECT *, coalesce(ended_on, DATE '2099-01-01') AS until FROM subscriptions")
    yield lambda text: connection.execute(text).fetchall()
    connection.close()


@pytest.fixture(scope="session")
def truth():
    """What is planted, as the file says it."""
    return yaml.safe_load((Path(demo.__file__).parent / "truth.yaml").read_text(encoding="utf-8"))
