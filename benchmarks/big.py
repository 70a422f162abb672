"""A company with 50 metrics, 100 dimensions and 100,000 distinct values, made from a seed: what start-up, speed and memory of understanding are measured on."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

SEED = 20260531
VALUES = 100_000
FACTS = ("orders", "tickets", "visits", "payments", "shipments")
_MEASURES = ("amount", "cost", "quantity", "discount", "margin", "duration", "weight", "score", "tax", "fee")
_FIRST = (
    "Ada Alan Alice Amara Anna Arjun Ben Bruno Carla Chen Clara Daniel David Elena Emil Emma Erik Fatima Felix Fiona Georgia Grace Hana Hugo Ines Ivan Jack "
    "James Jasmine John Jonas Julia Karim Kate Lena Leo Lina Lucas Maria Mark May Mei Milan Mona Nadia Nina Noah Nora Olga Omar Paris Paul Peter Priya Rosa "
    "Ruth Samir Sara Sofia Theo Tom Uma Vera Victor Will Yara Yuki Zoe"
).split()
_LAST = (
    "Adams Ahmed Allen Anders Bailey Baker Barnes Becker Bell Berg Bianchi Black Brown Burke Carter Chan Clark Cole Cook Costa Cruz Davis Diaz Dubois Evans "
    "Fischer Ford Foster Fox Garcia Gray Green Gupta Hall Hansen Harris Hill Hughes Hunt Ibrahim Jensen Jones Kaya Keller Khan Kim King Klein Kumar Lang Lee "
    "Lopez Marsh Martin Meyer Mills Moore Moreau Mori Nelson Novak Okafor Olsen Ortiz Park Patel Perez Price Reed Reyes Rice Rivera Rossi Roux Russo Sato "
    "Schmidt Shah Silva Singh Smith Stone Tanaka Taylor Turner Wagner Walker Ward Weber West White Wong Wood Wright Young Zhang"
).split()
_TRADES = (
    "Foods Steel Paper Air Energy Bank Logistics Media Systems Labs Pharma Motors Textiles Partners Holdings Consulting Robotics Insurance Travel Farms "
    "Chemicals Software Networks Designs Tools Trading Capital Health Water Mining"
).split()
_FORMS = ("Inc.", "Ltd", "GmbH", "S.A.", "LLC", "& Sons", "Group", "")
_PLACES = (
    "Ash Bed Black Bridge Brook Castle Clear Cold Deer East Elm Fair Fern Glen Green Grand Hart High Kings Lake Long Mill New North Oak Old Port Queens Red "
    "River Rock Rose Saint Salt Silver South Spring Stone Sun Upper West White Wild Wind"
).split()
_ENDINGS = "ford ton field bury ham mouth wood dale view side stead haven hill burg port gate shire worth bank cliff".split()
_QUALITIES = (
    "Classic Compact Deluxe Folding Heavy Light Mini Modern Outdoor Portable Premium Quiet Rapid Recycled Royal Slim Smart Soft Solid Standing Sunday Travel "
    "Ultra Vintage Wireless"
).split()
_STUFF = "Aluminium Bamboo Blue Carbon Ceramic Copper Cotton Glass Gold Granite Grey Leather Linen Oak Red Silk Silver Steel Walnut White Wool".split()
_THINGS = (
    "Backpack Bag Bench Blanket Bottle Bowl Box Camera Chair Clock Cup Desk Drill Fan Frame Glove Hammer Headphones Jacket Kettle Keyboard Kit Knife Lamp "
    "Mirror Mug Pan Pen Phone Pillow Printer Rug Scale Scarf Shelf Speaker Stand Table Tent Towel Tray Watch"
).split()

Make = Callable[[random.Random], str]


def _person(rng: random.Random) -> str:
    middle = rng.choice(("", "", f"{rng.choice('ABCDEFGHJKLMNPRSTW')}. "))
    double = f"-{rng.choice(_LAST)}" if rng.random() < 0.3 else ""
    return f"{rng.choice(_FIRST)} {middle}{rng.choice(_LAST)}{double}"


def _company(rng: random.Random) -> str:
    head = rng.choice((rng.choice(_LAST), f"{rng.choice(_LAST)} {rng.choice(_LAST)}", rng.choice(_PLACES) + rng.choice(_ENDINGS), "United", "National"))
    return f"{head} {rng.choice(_TRADES)} {rng.choice(_FORMS)}".strip()


def _city(rng: random.Random) -> str:
    return f"{rng.choice(('', '', 'Upper ', 'Saint ', 'New ', 'Port '))}{rng.choice(_PLACES)}{rng.choice(_ENDINGS)}"


def _product(rng: random.Random) -> str:
    return f"{rng.choice(_QUALITIES)} {rng.choice(_STUFF)} {rng.choice(_THINGS)}{rng.choice(('', f' {rng.choice(range(2, 90))}', ' Set', ' XL'))}"


def _code(rng: random.Random) -> str:
    return f"{rng.choice('ABCDEFGHKLMNPRSTVWXZ')}{rng.choice('ABCDEFGHKLMNPRSTVWXZ')}-{rng.randrange(1000, 99999)}"


_DIMENSIONS: tuple[tuple[str, tuple[tuple[str, Make, int], ...]], ...] = (
    ("customers", (("customer_name", _person, 30_000), ("home_city", _city, 2_000))),
    ("companies", (("company_name", _company, 22_000), ("head_office", _city, 1_500))),
    ("products", (("product_name", _product, 24_000), ("article_code", _code, 10_000))),
    ("employees", (("employee_name", _person, 6_000), ("work_city", _city, 1_000))),
    ("campaigns", (("campaign_name", _product, 1_500),)),
)
_FEW = 91
"""Dimensions of a few values each, which are spread over the tables above and the facts."""


def make(folder: Path) -> None:
    """Write model.yaml, assistant.yaml and one Parquet file for each table; the same bytes of definitions and values each time."""
    rng = random.Random(SEED)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    members: dict[str, dict[str, Sequence[str]]] = {
        table: {name: _distinct(rng, make_one, count) for name, make_one, count in columns} for table, columns in _DIMENSIONS
    }
    tables = [*members, *FACTS]
    left = VALUES - sum(len(values) for columns in members.values() for values in columns.values())
    members |= {fact: {} for fact in FACTS}
    for place, name in zip(range(_FEW), _few_names(), strict=False):
        count = left // (_FEW - place)
        left -= count
        members[tables[place % len(tables)]][name] = _distinct(rng, _member_of(name.split("_")[-1]), count)
    for table, columns in members.items():
        _table(folder / "data" / f"{table}.parquet", table, columns, rng)
    (folder / "model.yaml").write_text(yaml.safe_dump(_model(members), sort_keys=False), encoding="utf-8")
    (folder / "assistant.yaml").write_text(yaml.safe_dump(_overlay(), sort_keys=False), encoding="utf-8")
    (folder / "made.json").write_text(json.dumps({"seed": SEED, "values": VALUES}), encoding="utf-8")


def _member_of(kind: str) -> Make:
    """Makes members of a dimension of a few: "Blue tier 12"."""
    return lambda rng: f"{rng.choice(_STUFF)} {kind} {rng.randrange(1, 400)}"


def _distinct(rng: random.Random, make_one: Make, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[make_one(rng)] = None
    return list(found)


def _few_names() -> Iterator[str]:
    for kind in ("group", "segment", "tier", "class", "zone", "line", "mode"):
        for of in ("sales", "supply", "risk", "price", "credit", "service", "brand", "storage", "season", "quality", "trade", "route", "support"):
            yield f"{of}_{kind}"


def _table(place: Path, table: str, columns: dict[str, Sequence[str]], rng: random.Random) -> None:
    """A table that holds every value of its columns; a fact refers to every other kind of table."""
    rows = max([len(values) for values in columns.values()] + ([40_000] if table in FACTS else [0]))
    data: dict[str, list[Any]] = {f"{table}_id": list(range(rows))}
    data |= {name: [values[row % len(values)] for row in range(rows)] for name, values in columns.items()}
    if table in FACTS:
        data |= {f"{other}_id": [rng.randrange(1_000) for _ in range(rows)] for other, _ in _DIMENSIONS}
        data |= {f"{table}_{measure}": [rng.randrange(1, 500) for _ in range(rows)] for measure in _MEASURES}
    with duckdb.connect() as connection:
        text = json.dumps([dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)])
        source = place.with_suffix(".json")
        source.write_text(text, encoding="utf-8")
        days = ", DATE '2024-01-01' + CAST(row_number() OVER () % 880 AS INTEGER) AS day" if table in FACTS else ""
        connection.execute(f"COPY (SELECT *{days} FROM read_json('{source}', maximum_object_size = 1000000000)) TO '{place}'")  # our own names
        source.unlink()


def _field(name: str, dimension: bool | None) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": name}]}}
    return field if dimension is None else {**field, "dimension": {"is_time": not dimension}}


def _model(members: dict[str, dict[str, Sequence[str]]]) -> dict[str, Any]:
    datasets, relationships, metrics = [], [], []
    for table, columns in members.items():
        fields = [_field(f"{table}_id", None), *(_field(name, True) for name in columns)]
        if table in FACTS:
            fields += (
                [_field(f"{other}_id", None) for other, _ in _DIMENSIONS] + [_field("day", False)] + [_field(f"{table}_{name}", None) for name in _MEASURES]
            )
            relationships += [
                {"name": f"{table}_{other}", "from": table, "to": other, "from_columns": [f"{other}_id"], "to_columns": [f"{other}_id"]}
                for other, _ in _DIMENSIONS
            ]
            metrics += [
                {"name": f"{table}_{name}", "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": f"SUM({table}.{table}_{name})"}]}}
                for name in _MEASURES
            ]
        datasets.append({"name": table, "source": f"data/{table}.parquet", "primary_key": [f"{table}_id"], "fields": fields})
    return {"version": "0.1.1", "semantic_model": [{"name": "big", "datasets": datasets, "relationships": relationships, "metrics": metrics}]}


def _overlay() -> dict[str, Any]:
    metrics = {f"{fact}_{name}": {"label": f"{fact.removesuffix('s').capitalize()} {name}", "time": f"{fact}.day"} for fact in FACTS for name in _MEASURES}
    return {"version": 1, "locale": "en-US", "timezone": "America/New_York", "today": "2026-05-31", "metrics": metrics}


def utterances(count: int) -> tuple[str, ...]:
    """Questions over this company, as people ask: with values of every kind, some of them shortened or misspelt, follow-ups and small talk aside."""
    rng = random.Random(SEED + 1)
    pick: dict[str, Callable[[], str]] = {
        "metric": lambda: f"{rng.choice(FACTS).removesuffix('s')} {rng.choice(_MEASURES)}",
        "person": lambda: _person(rng).lower(),
        "company": lambda: _company(rng),
        "city": lambda: _city(rng),
        "product": lambda: _product(rng).lower(),
        "field": lambda: rng.choice(("customer name", "home city", "company name", "product name", "work city", "campaign name", "sales group", "brand line")),
        "period": lambda: rng.choice(("last month", "in April", "this year", "in the first quarter of 2025", "yesterday", "last 6 weeks", "since March 2025")),
    }
    return tuple(_SHAPES[number % len(_SHAPES)].format_map({name: make_one() for name, make_one in pick.items()}) for number in range(count))


_SHAPES = (
    "{metric} {period}",
    "what was the {metric} for {person} {period}",
    "{metric} by {field} {period}",
    "top 5 {field} by {metric} {period}",
    "compare {metric} of {city} and {company} {period}",
    "{metric} for {product} by month",
    "which {field} has the highest {metric} {period}",
    "how much {metric} did {company} have {period} without {product}",
    "{metric} of united {period}",
    "show me the avarage {metric} per {field} for {city} {period}",
    "{metric} and {metric} by {field} for {person} and {person} {period}",
    "what is the weather in {city}",
)
