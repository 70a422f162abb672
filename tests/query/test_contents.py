"""What the data holds is collected once and kept until the files or the definitions change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from insights.catalog.model import FieldId
from insights.catalog.values import Coverage
from insights.lake.source import Source
from insights.query.contents import collect, load_or_collect
from insights.warehouse.duckdb import DuckDB

ORDERS = "SELECT * FROM (VALUES (1, DATE '2024-02-29', 'paid', true, 5), (1, DATE '2023-12-31', NULL, false, 6), (9, NULL, 'lost', NULL, 7)) "
ORDERS += "AS t(customer_id, placed_on, status, gift, amount)"


@pytest.fixture
def lake(star, tmp_path):
    """A catalog whose orders and customers lie in files, an engine over them, and a way to write them again."""

    def write(orders=ORDERS):
        duckdb.execute(f"COPY ({orders}) TO '{tmp_path}/orders.parquet'")
        duckdb.execute(f"COPY (SELECT 1 AS customer_id, 1 AS region_id, 'gold' AS tier UNION ALL SELECT 1, 2, 'tin') TO '{tmp_path}/customers.csv'")

    write()
    sources = {"orders": ("parquet", "orders.parquet"), "customers": ("csv", "customers.csv")}
    plain = star()
    datasets = {name: replace(plain.datasets[name], source=Source(paths=(str(tmp_path / file),), format=format_)) for name, (format_, file) in sources.items()}
    catalog = replace(plain, datasets=datasets, metrics={}, relationships=plain.relationships[:1])
    engine = DuckDB(allowed=[str(tmp_path)], threads=1)
    yield catalog, engine, write
    engine.close()


def test_every_value_and_every_day_is_known(lake):
    """Complete and sorted; unknown values are none; a key that repeats is told."""
    catalog, engine, _ = lake
    contents = collect(catalog, engine)
    assert contents.values == {
        FieldId("orders", "status"): ("lost", "paid"),
        FieldId("orders", "gift"): ("false", "true"),
        FieldId("customers", "tier"): ("gold", "tin"),
    }
    assert contents.coverage == {FieldId("orders", "placed_on"): Coverage(first=date(2023, 12, 31), last=date(2024, 2, 29))}
    assert contents.rows == {"orders": 3, "customers": 2}
    assert contents.repeated == {"buyer"}


def test_too_many_values_are_not_kept(lake, monkeypatch):
    """And the dimension is named as one that cannot be recognised by its values."""
    from insights.query import contents as room

    catalog, engine, _ = lake
    monkeypatch.setattr(room, "MOST_VALUES", 1)
    contents = collect(catalog, engine)
    assert contents.too_many >= {FieldId("orders", "status"), FieldId("customers", "tier")}
    assert FieldId("orders", "status") not in contents.values


class Counting:
    """An engine that counts the queries it is asked."""

    def __init__(self, engine):
        self.engine, self.asked = engine, 0

    def __getattr__(self, name):
        return getattr(self.engine, name)

    def run(self, query, *, deadline=None):
        """Count and pass on."""
        self.asked += 1
        return self.engine.run(query, deadline=deadline)


def test_what_was_collected_is_kept_until_the_data_changes(lake, tmp_path):
    """The second time no query is needed; a file written again is read again."""
    catalog, engine, write = lake
    counting = Counting(engine)
    first = load_or_collect(catalog, counting, tmp_path / "cache")
    asked = counting.asked
    assert asked > 0
    assert load_or_collect(catalog, counting, tmp_path / "cache") == first
    assert counting.asked == asked
    write(orders=ORDERS.replace("'lost'", "'found'"))
    assert load_or_collect(catalog, counting, tmp_path / "cache").values[FieldId("orders", "status")] == ("found", "paid")


@pytest.mark.parametrize("damage", ["", "{}", "[1]", '{"fingerprint": ', "\x00"])
def test_a_damaged_cache_is_collected_again(lake, tmp_path, damage):
    """Never an error for whoever asks."""
    catalog, engine, _ = lake
    first = load_or_collect(catalog, engine, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_text(damage)
    assert load_or_collect(catalog, engine, tmp_path / "cache") == first


def test_a_folder_that_cannot_be_written_to_only_costs_time(lake, tmp_path):
    """Such as one that is a file."""
    catalog, engine, _ = lake
    (tmp_path / "cache").write_text("not a folder")
    assert load_or_collect(catalog, engine, tmp_path / "cache") == collect(catalog, engine)


def test_kept_contents_that_were_changed_by_hand_are_collected_again(lake, tmp_path):
    """A value put into the file is never believed, though the file is whole and of this data."""
    catalog, engine, _ = lake
    first = load_or_collect(catalog, engine, tmp_path / "cache")
    (place,) = (tmp_path / "cache").iterdir()
    kept = place.read_bytes()
    place.write_bytes(kept.replace(b'"paid"', b'"void"'))
    assert place.read_bytes() != kept
    assert load_or_collect(catalog, engine, tmp_path / "cache") == first
    assert place.read_bytes() == kept
