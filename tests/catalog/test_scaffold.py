"""Definitions made by looking at data: what each column becomes, and that the result is valid, readable and read back the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from insights.catalog import read
from insights.catalog.checking import check
from insights.catalog.model import Aggregation, Catalog, FieldId
from insights.catalog.scaffold import Scaffold, catalog_of, scaffold, write
from insights.lake.profile import ColumnProfile, Reference, TableProfile
from insights.lake.source import Kind, Source

SCHEMA = json.loads((Path(__file__).parents[1] / "external" / "ossie" / "osi-schema-0.1.1.json").read_text())


def _column(name: str, kind: Kind = "text", distinct: int = 500, **facts: Any) -> ColumnProfile:
    return ColumnProfile(name=name, kind=kind, distinct=distinct, nulls=facts.pop("nulls", 0), whole=facts.pop("whole", kind == "number"), **facts)


def _table(name: str, rows: int, *columns: ColumnProfile, folder: str = "/data") -> TableProfile:
    return TableProfile(name=name, source=Source(paths=(f"{folder}/{name}.parquet",), format="parquet"), rows=rows, columns=columns)


def _made(*tables: TableProfile, references: tuple[Reference, ...] = ()) -> tuple[Scaffold, Catalog]:
    made = scaffold(tables, references, name="test data")
    jsonschema.Draft202012Validator(SCHEMA).validate(made.model)
    kinds: Mapping[Source, Mapping[str, Kind]] = {table.source: {column.name: column.kind for column in table.columns} for table in tables}
    return made, catalog_of(made, Path("/data"), lambda source: kinds[source])


TRIPS = _table(
    "trips",
    100_000,
    _column("trip_id", "number", 100_000),
    _column("year", "number", 1, minimum=2024, maximum=2024),
    _column("month", "number", 12, minimum=1, maximum=12),
    _column("day", "number", 31, minimum=1, maximum=31),
    _column("started", "timestamp", 90_000),
    _column("dep_time", "number", 1_300, minimum=1, maximum=2400, examples=(517, 2359, 800)),
    _column("air_time", "number", 500, minimum=20, maximum=695, examples=(42, 73)),
    _column("dep_delay", "number", 520, nulls=800),
    _column("carrier", "text", 16),
    _column("origin", "text", 3),
    _column("dest", "text", 105),
    _column("trip", "number", 3_800),
    _column("gates", "number", 5),
    _column("quantity", "number", 5),
    _column("zip_code", "number", 900),
    _column("fare", "number", 5_000, whole=False),
    _column("late", "boolean", 2),
    _column("shape", "unknown", 10),
)
CARRIERS = _table("carriers", 16, _column("carrier", "text", 16), _column("name", "text", 16))
PLACES = _table("places", 1_400, _column("faa", "text", 1_400), _column("name", "text", 1_390), _column("alt", "number", 900))
REFERENCES = (
    Reference(many="trips", many_column="carrier", one="carriers", one_column="carrier", orphans=0),
    Reference(many="trips", many_column="origin", one="places", one_column="faa", orphans=0),
    Reference(many="trips", many_column="dest", one="places", one_column="faa", orphans=2_000),
    Reference(many="carriers", many_column="carrier", one="places", one_column="faa", orphans=9),
)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("trips.date", "time"),
        ("trips.started", "time"),
        ("trips.trip_id", "key"),
        ("trips.dep_time", "dimension"),
        ("trips.air_time", "fact"),
        ("trips.dep_delay", "fact"),
        ("trips.carrier", "dimension"),
        ("trips.trip", "dimension"),
        ("trips.gates", "dimension"),
        ("trips.quantity", "fact"),
        ("trips.zip_code", "dimension"),
        ("trips.fare", "fact"),
        ("trips.late", "dimension"),
        ("carriers.carrier", "key"),
        ("carriers.name", "dimension"),
        ("origin_places.alt", "fact"),
    ],
)
def test_each_column_is_taken_for_what_it_is(name: str, role: str) -> None:
    """Identifiers, codes, clock times and small sets are grouped by; measures are aggregated; days are times."""
    _, catalog = _made(TRIPS, CARRIERS, PLACES, references=REFERENCES)
    assert catalog.fields[catalog.field_ids(name)[0]].role == role


def test_year_month_and_day_make_the_date_that_periods_apply_to() -> None:
    """The three columns give way to one date, which goes before a timestamp of perhaps another time zone."""
    _, catalog = _made(TRIPS, CARRIERS, PLACES, references=REFERENCES)
    trips = catalog.datasets["trips"]
    assert not {"year", "month", "day", "shape"} & set(trips.fields)
    assert trips.fields["date"].kind == "date"
    assert trips.time == FieldId("trips", "date")
    assert catalog.metrics["trips"].time == FieldId("trips", "date")


def test_a_fact_table_gets_one_metric_that_counts_all_its_rows() -> None:
    """Nothing is summed on its own account; tables that only describe get no metric."""
    _, catalog = _made(TRIPS, CARRIERS, PLACES, references=REFERENCES)
    assert list(catalog.metrics) == ["trips"]
    assert catalog.metrics["trips"].formula == (Aggregation(function="count", dataset="trips", time=FieldId("trips", "date")),)
    assert catalog.metrics["trips"].unit == "trips"


def test_relationships_are_those_that_names_or_codes_make_likely() -> None:
    """The carrier joins by name, a place in each of the two parts it plays, and codes that fit by chance do not join."""
    _, catalog = _made(TRIPS, CARRIERS, PLACES, references=REFERENCES)
    assert [(r.many, r.many_columns, r.one) for r in catalog.relationships] == [
        ("trips", ("carrier",), "carriers"),
        ("trips", ("dest",), "destination_places"),
        ("trips", ("origin",), "origin_places"),
    ]
    numbers = _table("things", 50, _column("id", "number", 50), _column("name", "text", 50))
    chance = Reference(many="trips", many_column="dep_delay", one="things", one_column="id", orphans=0)
    assert _made(TRIPS, numbers, references=(chance,))[1].relationships == ()
    orders = _table("orders", 900, _column("order_id", "number", 900), _column("thing_id", "number", 40), _column("placed", "date", 300))
    meant = Reference(many="orders", many_column="thing_id", one="things", one_column="id", orphans=300)
    assert len(_made(orders, numbers, references=(meant,))[1].relationships) == 1


def test_a_table_that_is_referred_to_twice_stands_once_for_each_part() -> None:
    """Home and away teams, each with the league behind it; the table itself stays for the players who have one team."""
    teams = _table("teams", 30, _column("team_id", "number", 30), _column("name", "text", 30), _column("league", "text", 2))
    leagues = _table("leagues", 2, _column("league", "text", 2), _column("country", "text", 2))
    games = _table("games", 900, _column("day", "date", 90), _column("home_team_id", "number", 30), _column("away_team_id", "number", 30))
    players = _table("players", 700, _column("player", "text", 700), _column("team_id", "number", 30))
    league = Reference(many="teams", many_column="league", one="leagues", one_column="league", orphans=0)
    home, away = (Reference(many="games", many_column=f"{part}_team_id", one="teams", one_column="team_id", orphans=0) for part in ("home", "away"))
    own = Reference(many="players", many_column="team_id", one="teams", one_column="team_id", orphans=0)
    _, catalog = _made(games, teams, leagues, references=(league, home, away))
    assert set(catalog.datasets) == {"games", "home_teams", "away_teams", "leagues"}
    assert {(r.many, r.one) for r in catalog.relationships} == {
        ("games", "home_teams"), ("games", "away_teams"), ("home_teams", "leagues"), ("away_teams", "leagues"),
    }  # fmt: skip
    name = catalog.fields[FieldId("home_teams", "name")]
    assert (name.label, name.synonyms) == ("home team", ("home team name", "home name", "team", "name"))
    _, catalog = _made(games, teams, leagues, players, references=(league, home, away, own))
    assert {(r.many, r.one) for r in catalog.relationships} >= {("players", "teams"), ("teams", "leagues"), ("games", "home_teams")}


def test_names_that_say_too_little_are_labelled() -> None:
    """The name of a carrier is the carrier, said also as the column that refers to it; a number that is named like its table says so."""
    _, catalog = _made(TRIPS, CARRIERS, PLACES, references=REFERENCES)
    name = catalog.fields[FieldId("carriers", "name")]
    assert name.label == "carrier"
    assert "carrier name" in name.synonyms
    assert catalog.fields[FieldId("destination_places", "name")].label == "destination place"
    assert "destination altitude" in catalog.fields[FieldId("destination_places", "alt")].synonyms
    assert catalog.fields[FieldId("trips", "trip")].label == "trip number"
    assert "departure delay" in catalog.fields[FieldId("trips", "dep_delay")].synonyms


def test_text_that_holds_days_or_instants_is_a_time() -> None:
    """ISO text of a CSV is read as what it says; anything else stays text."""
    texts = _table(
        "logs",
        1_000,
        _column("on_day", "text", 90, minimum="2024-01-01", maximum="2024-03-31", examples=("2024-02-02",)),
        _column("seen", "text", 90, minimum="2024-01-01T10:00:00Z", maximum="2024-03-31 11:00", examples=("2024-02-02T03:04:05.5+01:00",)),
        _column("version", "text", 90, minimum="2024-01-01", maximum="unknown", examples=("2024-02-02",)),
    )
    fields = _made(texts)[1].datasets["logs"].fields
    assert [(f.role, f.kind) for f in fields.values()] == [("time", "date"), ("time", "timestamp"), ("dimension", "text")]


def test_the_time_of_an_event_goes_before_its_later_times() -> None:
    """ordered_at, not updated_at; both stay times."""
    orders = _table(
        "orders",
        900,
        _column("updated_at", "timestamp", 900),
        _column("shipped_on", "date", 90),
        _column("ordered_at", "timestamp", 800),
        _column("total", "number", 500),
    )
    _, catalog = _made(orders)
    assert catalog.metrics["orders"].time == FieldId("orders", "ordered_at")
    assert len(catalog.datasets["orders"].time_fields) == 3


def test_awkward_names_become_names_that_can_be_asked_for() -> None:
    """Dots, quotes, reserved words, spaces and doubles: every column is there under a name of its own, over the right column."""
    odd = _table(
        "odd", 10, *(_column(name, "number", 10, whole=False) for name in ("a.b", 'say "x"', "Order", "order date", "a,b", "Größe", "select", "*", ""))
    )
    _, catalog = _made(odd)
    fields = catalog.datasets["odd"].fields
    assert len(fields) == 9
    assert [f.expression[0].name for f in fields.values()] == [c.name for c in odd.columns]  # type: ignore[union-attr]
    assert all("." not in name and "," not in name and '"' not in name for name in fields)


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    """The files are commented, valid, free of problems, relative to where they stand, and the catalog is the one made without them."""
    tables = [
        _table(
            "trips",
            5_000,
            _column("id", "number", 5_000),
            _column("day", "date", 90),
            _column("carrier", "text", 16),
            _column("miles", "number", 900),
            folder=str(tmp_path),
        ),
        _table("carriers", 16, _column("carrier", "text", 16), _column("name", "text", 16), folder=str(tmp_path)),
    ]
    kinds = {table.source: {column.name: column.kind for column in table.columns} for table in tables}
    made = scaffold(tables, REFERENCES[:1], name="trips")
    model, overlay = write(made, tmp_path / "catalog")
    assert model.read_text().startswith("# ")
    assert "source: ../trips.parquet" in model.read_text()
    assert overlay.read_text().startswith("# ")
    jsonschema.Draft202012Validator(SCHEMA).validate(yaml.safe_load(model.read_text()))
    again = read(tmp_path / "catalog", columns=lambda source: kinds[source])
    before = catalog_of(made, tmp_path, lambda source: kinds[source])
    assert (again.datasets, again.metrics, again.relationships) == (before.datasets, before.metrics, before.relationships)
    assert check(tmp_path / "catalog", lambda source: kinds[source]) == ()


def test_layers_of_a_warehouse_and_units_are_not_said() -> None:
    """`fact_flights` are flights, `city_nm` is a city, and `dep_delay_min` is the departure delay in minutes; both airports of a flight are joined."""
    flights = _table(
        "fact_flights",
        9_000,
        _column("flt_id", "number", 9_000),
        _column("orig_iata", "text", 15),
        _column("dest_iata", "text", 14),
        _column("departed_on", "date", 700),
        _column("dep_delay_min", "number", 150),
        _column("low_temp_min", "number", 150),
        _column("distance_km", "number", 600),
        _column("fare_eur", "number", 5, whole=False),
        _column("mrr_usd", "number", 3),
        _column("block_hours", "number", 90, whole=False),
    )
    airports = _table("dim_airport", 14, _column("iata_cd", "text", 14), _column("airport_nm", "text", 14), _column("city_nm", "text", 10))
    one = {"many": "fact_flights", "one": "dim_airport", "one_column": "iata_cd"}
    references = (Reference(many_column="orig_iata", orphans=40, **one), Reference(many_column="dest_iata", orphans=0, **one))
    _, catalog = _made(flights, airports, references=references)
    assert {r.one for r in catalog.relationships} == {"origin_airport", "destination_airport"}
    assert (catalog.metrics["fact_flights"].label, catalog.datasets["fact_flights"].label) == ("flights", "flights")
    fields = catalog.datasets["fact_flights"].fields
    measured = {name: (field.label, field.unit) for name, field in fields.items() if field.role == "fact"}
    assert measured == {
        "dep_delay_min": ("dep delay", "minutes"),
        "low_temp_min": ("low temp min", None),
        "distance_km": ("distance", "km"),
        "fare_eur": ("fare", "EUR"),
        "mrr_usd": ("mrr", "USD"),
        "block_hours": ("block hours", "hours"),
    }
    assert "departure delay" in fields["dep_delay_min"].synonyms
    told = {name: field.label for name, field in catalog.datasets["origin_airport"].fields.items() if field.role == "dimension"}
    assert told == {"airport_nm": "origin airport", "city_nm": "origin city"}
