"""A shop of any number of distinct orders, made from a seed: monthly files of orders by day, and their customers."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import yaml

HERE = Path(__file__).parent / "shop"
FIRST, MONTHS = date(2023, 6, 1), 36
DAYS = (date(2026, 6, 1) - FIRST).days
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Gulf", "Nordics", "Oceania", "South")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, and its SQL as it is written first and as it is tuned; {orders} and {customers} stand for the tables."""

    ask: str
    joins: bool
    naive: str
    tuned: str


def questions() -> tuple[Question, ...]:
    """The five."""
    return tuple(Question(**entry) for entry in yaml.safe_load((HERE / "questions.yaml").read_text(encoding="utf-8")))


def tables(folder: Path) -> dict[str, str]:
    """Each table as the FROM item that reads its files."""
    return {"orders": f"read_parquet('{folder}/data/orders/*.parquet')", "customers": f"read_parquet('{folder}/data/customers.parquet')"}


def make(folder: Path, rows: int) -> None:
    """Make the shop, unless it stands there with as many rows; then two catalogs of it, `plain` and `kept` (with a rollup)."""
    mark = folder / "made.json"
    if not mark.exists() or json.loads(mark.read_text()) != {"rows": rows}:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "data" / "orders").mkdir(parents=True)
        _orders(folder, rows)
        mark.write_text(json.dumps({"rows": rows}))
    for name in ("plain", "kept"):
        catalog = folder / name
        catalog.mkdir(exist_ok=True)
        (catalog / "model.yaml").write_text((HERE / "model.yaml").read_text().replace("source: data/", "source: ../data/"))
        overlay = (HERE / "assistant.yaml").read_text() + ((HERE / "rollups.yaml").read_text() if name == "kept" else "")
        (catalog / "assistant.yaml").write_text(overlay)


def _orders(folder: Path, rows: int) -> None:
    """Every order is another row: its number, a customer (one in fifty orders is nobody known), a day in order, a status, amounts to the cent."""
    customers = max(rows // 50, 100)
    with duckdb.connect() as database:
        regions = ", ".join(f"'{region}'" for region in REGIONS)
        database.execute(
            f"COPY (SELECT i AS customer_id, [{regions}][(1 + hash(i, 1) % 8)::BIGINT] AS region, 'City ' || (hash(i, 1) % 8 * 5 + hash(i, 2) % 5) AS city "
            f"FROM range({customers}) t(i)) TO '{folder}/data/customers.parquet' (FORMAT parquet)"
        )
        for month in range(MONTHS):
            first = FIRST.replace(year=FIRST.year + (FIRST.month - 1 + month) // 12, month=(FIRST.month - 1 + month) % 12 + 1)
            after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
            low, high = ((day - FIRST).days * rows // DAYS for day in (first, after))
            database.execute(
                f"""COPY (
                SELECT i AS order_id, CASE WHEN hash(i, 3) % 50 > 0 THEN (hash(i, 4) % {customers})::BIGINT END AS customer_id,
                  DATE '{first}' + ((i - {low}) * {(after - first).days} // {max(high - low, 1)})::INTEGER AS ordered_on,
                  ['shipped', 'shipped', 'shipped', 'returned', 'open', 'test'][(1 + hash(i, 5) % 6)::BIGINT] AS status,
                  (hash(i, 6) % 50000 / 100)::DECIMAL(18, 2) AS amount,
                  CASE WHEN hash(i, 7) % 20 = 0 THEN (hash(i, 6) % 50000 / 100)::DECIMAL(18, 2) ELSE 0 END AS refunded
                FROM range({low}, {high}) t(i)) TO '{folder}/data/orders/{first:%Y-%m}.parquet' (FORMAT parquet)"""
            )
