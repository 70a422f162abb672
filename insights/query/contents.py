"""What the data holds right now, collected from the engine and kept in a file until the data changes."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from insights.catalog.model import Catalog, Dataset, Field, FieldId, Relationship, Validity
from insights.catalog.values import Contents, Coverage
from insights.lake.source import Source
from insights.query.dialects import dialect_of
from insights.query.joins import Joining
from insights.query.nesting import nested
from insights.query.writing import written
from insights.requests import Scalar
from insights.warehouse.choosing import home_of
from insights.warehouse.port import Query, Warehouse
from insights.warehouse.quoting import identifier

MOST_VALUES = 200_000
FORMAT = 4
"""Of the kept file; another number makes older files be collected again."""


def load_or_collect(catalog: Catalog, warehouse: Warehouse, cache_folder: Path) -> Contents:
    """The contents as they were kept for the same definitions and the same files, else collected now and kept."""
    place = cache_folder / f"contents-{hashlib.sha256(catalog.name.encode()).hexdigest()[:12]}.json"
    state = fingerprint(catalog, warehouse)
    try:
        return _loaded(_checked(place.read_bytes()), state)
    except (OSError, ValueError, KeyError, TypeError):
        contents = collect(catalog, warehouse)
        _keep(contents, place)
        return contents


def fingerprint(catalog: Catalog, warehouse: Warehouse) -> str:
    """A digest of the definitions and of the state of every source."""
    states = [warehouse.fingerprint(source) for source in dict.fromkeys(_sources(catalog))]
    rates = [repr(dataset.currency.dated) for dataset in catalog.datasets.values() if dataset.currency is not None]
    return hashlib.sha256("\n".join((str(FORMAT), catalog.version, *states, *rates)).encode()).hexdigest()


def collect(catalog: Catalog, warehouse: Warehouse) -> Contents:
    """Read the values of every text and boolean dimension, the days of every time field, the rows of every dataset, which keys repeat, and what lies
    within what."""
    state = fingerprint(catalog, warehouse)
    values: dict[FieldId, tuple[str, ...]] = {}
    coverage: dict[FieldId, Coverage] = {}
    rows: dict[str, int] = {}
    repeated: set[str] = set()
    too_many: set[FieldId] = set()
    complete: set[str] = set()
    for dataset in catalog.datasets.values():
        referring = [r for r in catalog.relationships if r.one == dataset.name]
        times = [field for field in dataset.time_fields if field.kind in ("date", "timestamp")]
        counted, bounds, unique, known = _overview(catalog, warehouse, dataset, times, referring)
        complete |= {dataset.name} if known else set()
        rows[dataset.name] = counted
        coverage |= {field.id: Coverage(first=first, last=last) for field, (first, last) in zip(times, bounds, strict=True) if first and last}
        repeated |= {r.name for r, once in zip(referring, unique, strict=True) if not once}
        for field in dataset.fields.values():
            if field.role == "dimension" and field.kind in ("text", "boolean"):
                found = _values(catalog, warehouse, field)
                values[field.id] = tuple(sorted(found)) if len(found) <= MOST_VALUES else ()
                too_many |= {field.id} if len(found) > MOST_VALUES else set()
    contents = Contents(
        fingerprint=state,
        values={id_: found for id_, found in values.items() if id_ not in too_many},
        coverage=coverage,
        too_many=frozenset(too_many),
        rows=rows,
        repeated=frozenset(repeated),
        complete=frozenset(complete),
    )
    return replace(contents, within=nested(catalog, warehouse, contents))


def _sources(catalog: Catalog) -> Iterable[Source]:
    return (dataset.source for dataset in catalog.datasets.values())


def _overview(
    catalog: Catalog, warehouse: Warehouse, dataset: Dataset, times: list[Field], referring: list[Relationship]
) -> tuple[int, list[tuple[date | None, date | None]], list[bool], bool]:
    """In one scan: how many rows, the first and last day of each time field, whether each key that others refer to is unique, and whether
    the primary key is known in every row."""
    warehouse = home_of(warehouse, dataset.source)
    pieces, dialect = ["count(*)"], dialect_of(warehouse)
    for field in times:
        expression = written(Joining(catalog, dataset.name).field(field.id, ()), dialect)
        pieces += [f"CAST(min({expression}) AS DATE)", f"CAST(max({expression}) AS DATE)"]
    for relationship in referring:
        if dataset.valid is not None:
            pieces.append(_once_at_a_time(catalog, warehouse, dataset, dataset.valid, relationship.one_columns))
            continue
        columns = [f"{identifier(dataset.name)}.{identifier(name)}" for name in relationship.one_columns]
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        key = columns[0] if len(columns) == 1 else dialect.tuple_of(columns)
        pieces.append(f"count(*) FILTER (WHERE {known}) = count(DISTINCT {key}) FILTER (WHERE {known})")
    primary = dataset.primary_key
    pieces.append(f"count(*) = count({identifier(dataset.name)}.{identifier(primary[0])})" if len(primary) == 1 else "false")
    row = warehouse.run(Query(sql=f"SELECT {', '.join(pieces)} FROM {warehouse.relation(dataset.source)} AS {identifier(dataset.name)}")).rows[0]
    days = [_day(cell) for cell in row[1 : 1 + 2 * len(times)]]
    bounds = list(zip(days[::2], days[1::2], strict=True))
    return int(str(row[0])), bounds, [bool(cell) for cell in row[1 + 2 * len(times) : -1]], bool(row[-1])


def _once_at_a_time(catalog: Catalog, warehouse: Warehouse, dataset: Dataset, valid: Validity, columns: Sequence[str]) -> str:
    """Whether no two rows with the same key hold at the same time."""
    dialect, joining = dialect_of(warehouse), Joining(catalog, dataset.name)
    ends = [written(joining.field(FieldId(dataset.name, name), ()), dialect) for name in (valid.first, valid.after)]
    first, after = (f"CAST({end} AS DATE)" if valid.by_day else end for end in ends)
    keys = [f"{identifier(dataset.name)}.{identifier(name)}" for name in columns]
    held = " AND ".join([*(f"{key} IS NOT NULL" for key in keys), f"{first} IS NOT NULL", f"({after} IS NULL OR {after} > {first})"])
    following = f"lead({first}) OVER (PARTITION BY {', '.join(keys)} ORDER BY {first}) AS following"
    rows = f"SELECT {after} AS ended, {following} FROM {warehouse.relation(dataset.source)} AS {identifier(dataset.name)} WHERE {held}"
    return f"(SELECT count(*) = 0 FROM ({rows}){dialect.derived} WHERE following IS NOT NULL AND (ended IS NULL OR following < ended))"


def _values(catalog: Catalog, warehouse: Warehouse, field: Field) -> list[str]:
    """The distinct values; one more than are kept when there are too many."""
    dataset = catalog.datasets[field.id.dataset]
    warehouse = home_of(warehouse, dataset.source)
    expression = written(Joining(catalog, dataset.name).field(field.id, ()), dialect_of(warehouse))
    source = f"{warehouse.relation(dataset.source)} AS {identifier(dataset.name)}"
    table = warehouse.run(Query(sql=f"SELECT DISTINCT {expression} FROM {source} LIMIT {MOST_VALUES + 2:d}"))
    return [as_value(row[0]) for row in table.rows if row[0] is not None]


def as_value(value: Scalar) -> str:
    """The value of a dimension as the contents keep it.

    >>> as_value(True)
    'true'
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def _day(cell: Scalar) -> date | None:
    return cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else None


def _keep(contents: Contents, place: Path) -> None:
    """Write the file whole or not at all; a folder that cannot be written to only costs collecting again."""
    document = {
        "fingerprint": contents.fingerprint,
        "values": [[id_.dataset, id_.name, found] for id_, found in contents.values.items()],
        "coverage": [[id_.dataset, id_.name, c.first.isoformat(), c.last.isoformat()] for id_, c in contents.coverage.items()],
        "too_many": [[id_.dataset, id_.name] for id_ in sorted(contents.too_many)],
        "rows": dict(contents.rows),
        "repeated": sorted(contents.repeated),
        "complete": sorted(contents.complete),
        "within": [[id_.dataset, id_.name, [[one.dataset, one.name] for one in sorted(wider)]] for id_, wider in contents.within.items()],
    }
    body = json.dumps(document).encode()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=place.name)
        with os.fdopen(handle, "wb") as opened:
            opened.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(name, place)
    except OSError:
        return


def _checked(data: bytes) -> Any:
    """The document of a file whose first line is the digest of the rest. Raises ValueError for any other."""
    said, _, body = data.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != said:
        raise ValueError("a damaged file")
    return json.loads(body)


def _loaded(document: Any, state: str) -> Contents:
    """The contents from their file. Raises KeyError, TypeError or ValueError for a file of other data or another shape."""
    if document["fingerprint"] != state:
        raise ValueError("the data has changed")
    return Contents(
        fingerprint=state,
        values={FieldId(dataset, name): tuple(found) for dataset, name, found in document["values"]},
        coverage={
            FieldId(dataset, name): Coverage(first=date.fromisoformat(first), last=date.fromisoformat(last))
            for dataset, name, first, last in document["coverage"]
        },
        too_many=frozenset(FieldId(dataset, name) for dataset, name in document["too_many"]),
        rows=dict(document["rows"]),
        repeated=frozenset(document["repeated"]),
        complete=frozenset(document["complete"]),
        within={FieldId(dataset, name): frozenset(FieldId(*one) for one in wider) for dataset, name, wider in document["within"]},
    )
