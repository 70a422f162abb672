"""Sales of three months by eight dimensions, made from a seed, with two causes planted in the last month."""

from __future__ import annotations

import json
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb

HERE = Path(__file__).parent / "sales"
MONTHS = (date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1))
LEAVES = {"country": 24, "campaign": 8, "brand": 40, "segment": 4, "platform": 3}
"""How many values of each there are; of the 30 campaigns each country has eight."""
GROUPS = {"region": ("country", 6), "channel": ("campaign", 5), "category": ("brand", 8)}
"""The coarser dimensions: so many values, each of some of the finer ones."""
SKEW = 2.5
"""The first values have more rows than the last: a share x of the values, from the first on, has x^(1 / SKEW) of the rows."""
CAUSES = ("channel 02", "brand 01", "country 01")
"""What sells half as often in the last month: a channel, and a brand in one country."""


def make(folder: Path, rows: int) -> None:
    """Make the sales, unless they stand there with as many rows (before the causes); then two catalogs of them, `plain` and `kept` (with rollups)."""
    mark = folder / "made.json"
    if not mark.exists() or json.loads(mark.read_text()) != {"rows": rows}:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "data").mkdir(parents=True)
        for number, (first, after) in enumerate(pairwise(MONTHS)):
            _month(folder, number, first, after, rows)
        mark.write_text(json.dumps({"rows": rows}))
    for name in ("plain", "kept"):
        catalog = folder / name
        catalog.mkdir(exist_ok=True)
        shutil.copy(HERE / "model.yaml", catalog / "model.yaml")
        overlay = (HERE / "assistant.yaml").read_text() + ((HERE / "rollups.yaml").read_text() if name == "kept" else "")
        (catalog / "assistant.yaml").write_text(overlay)
        if not (catalog / "data").exists():
            (catalog / "data").symlink_to(folder / "data")


def _month(folder: Path, number: int, first: date, after: date, rows: int) -> None:
    """A month of sales in the order of their days; their number goes with the month's days."""
    low, high = ((day - MONTHS[0]).days * rows // (MONTHS[-1] - MONTHS[0]).days for day in (first, after))
    drawn = ", ".join(f"floor({count} * pow(hash(i, {seed}) % 1000000 / 1e6, {SKEW}))::INT AS {name}_" for seed, (name, count) in enumerate(LEAVES.items(), 11))
    leaves = ", ".join(f"printf('{name} %02d', {name}_ + 1) AS {name}" for name in LEAVES)
    groups = ", ".join(f"printf('{name} %02d', {leaf}_ % {count} + 1) AS {name}" for name, (leaf, count) in GROUPS.items())
    missing = "AND NOT (hash(i, 5) % 2 = 0 AND (campaign_ % 5 = 1 OR (brand_ = 0 AND country_ = 0)))" if number == len(MONTHS) - 2 else ""
    with duckdb.connect() as database:
        database.execute(
            f"""COPY (SELECT i AS sale_id, DATE '{first}' + ((i - {low}) * {(after - first).days} // {high - low})::INTEGER AS sold_on, {leaves}, {groups},
              (5 + hash(i, 3) % 20000 / 100)::DECIMAL(18, 2) AS amount
            FROM (SELECT * REPLACE ((campaign_ + 3 * country_) % 30 AS campaign_) FROM (SELECT i, {drawn} FROM range({low}, {high}) t(i))) WHERE TRUE {missing})
            TO '{folder}/data/{first:%Y-%m}.parquet' (FORMAT parquet)"""
        )
