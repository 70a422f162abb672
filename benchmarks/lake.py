"""What a question costs in requests and bytes of S3: `python -m benchmarks.lake` makes a lake of 36 months, serves it on loopback, and counts."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from insights.lake.clients import Access
from insights.lake.lake import Lake
from insights.lake.manifest import Manifest
from insights.lake.source import Source
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query, Span
from insights.warehouse.scratch import Scratch

MONTHS = tuple((2022 + n // 12, n % 12 + 1) for n in range(36))
ROWS = 140_000
MONTH = Span(column="ordered_on", first=date(2024, 5, 1), after=date(2024, 6, 1))
SOURCE = Source(paths=("s3://lake/orders/**/*.parquet",), format="parquet", hive=True)


@dataclass(slots=True)
class Counted:
    """What the server was asked: method and path by request, and the bytes it sent as bodies of objects."""

    requests: list[str] = field(default_factory=list)
    sent: int = 0

    def clear(self) -> None:
        """Count from nothing."""
        self.requests.clear()
        self.sent = 0


@contextmanager
def served() -> Iterator[tuple[str, Counted]]:
    """An S3 server on loopback that counts, and its address. It runs in this process and ends with the block."""
    import logging

    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    counted = Counted()
    app = DomainDispatcherApplication(create_backend_app)

    def counting(environ: dict[str, Any], start: Any) -> Any:
        counted.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']}")
        body = list(app(environ, start))
        counted.sent += sum(map(len, body)) if environ["REQUEST_METHOD"] == "GET" and "list-type" not in environ["QUERY_STRING"] else 0
        return body

    server = make_server("127.0.0.1", 0, counting, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", counted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def made(folder: Path, rows: int = ROWS) -> int:
    """Write a Parquet file a month: keys, a day, two amounts, a region, a status and a text; returns their bytes."""
    with Scratch() as engine:
        for number, (year, month) in enumerate(MONTHS):
            path = folder / f"year={year}" / f"month={month:02d}" / "part-0.parquet"
            seed = number * rows
            columns = (
                "i AS order_id, (hash(i) % 90000)::INTEGER AS customer_id, "
                f"DATE '{year}-{month:02d}-01' + ((i - {seed}) * 28 // {rows})::INTEGER AS ordered_on, "
                "round((hash(i + 1) % 100000) / 100, 2) AS amount, round((hash(i + 2) % 9000) / 100, 2) AS discount, "
                "'region ' || (hash(i + 3) % 8) AS region, ['open', 'paid', 'shipped'][(hash(i + 4) % 3)::INTEGER + 1] AS status, "
                "md5((i + 5)::VARCHAR)[:24] AS note"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            engine.write_parquet(f"SELECT {columns} FROM range({seed}, {seed + rows}) AS t(i) ORDER BY ordered_on, order_id", path)
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def put(folder: Path, endpoint: str, access: Access) -> None:
    """Copy the folder into the bucket `lake`."""
    import boto3

    client = boto3.client("s3", endpoint_url=endpoint, region_name=access.region)
    client.create_bucket(Bucket="lake")
    for path in sorted(folder.rglob("*.parquet")):
        client.put_object(Bucket="lake", Key=f"orders/{path.relative_to(folder)}", Body=path.read_bytes())


def asked(engine: DuckDB) -> float:
    """Revenue of the month by region: the total, after one question."""
    relation = engine.relation(SOURCE, span=MONTH)
    query = Query(
        sql=f"SELECT region, sum(amount) FROM {relation} AS o WHERE ordered_on >= ? AND ordered_on < ? GROUP BY 1", parameters=(MONTH.first, MONTH.after)
    )
    return round(sum(float(str(row[1])) for row in engine.run(query).rows), 2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of each month")
    parser.add_argument("--show", action="store_true", help="print every request")
    options = parser.parse_args(arguments)
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
    with tempfile.TemporaryDirectory() as place, served() as (endpoint, counted):
        folder = Path(place)
        size = made(folder / "data", options.rows)
        access = Access(endpoint_url=endpoint, region="us-east-1")
        put(folder / "data", endpoint, access)
        print(f"{len(MONTHS)} months, {size / 1e6:.1f} MB in {len(MONTHS)} files; one month by region: {_by_hand(folder / 'data')}")
        home, manifest = folder / "home", None

        def told(what: str, engine: DuckDB) -> None:
            counted.clear()
            began = time.perf_counter()
            value = asked(engine)
            took = (time.perf_counter() - began) * 1000
            print(f"{what:58} {len(counted.requests):4} requests {counted.sent / 1e6:7.3f} MB {took:8.0f} ms  {value}")
            if options.show:
                print(*(f"    {request}" for request in counted.requests), sep="\n")

        first = _engine(home, access, manifest)
        told("nothing known (looks into every file once)", first)
        told("repeated at once, same process", first)
        time.sleep(2.1)
        told("repeated later, same process", first)
        first.close()
        told("new process, same cache", _engine(home, access, manifest))
        shutil.rmtree(home / "blocks")
        told("new process, the files known, no bytes of them", _engine(home, access, manifest))
        lake = Lake(access=access)
        engine = DuckDB(allowed=(), lake=lake, threads=2)
        notes = engine.facts(SOURCE)
        vouched = {state[0]: replace(lake.vouch(state), notes=notes[state[0]]) for state in lake.states(SOURCE)}
        manifest = Manifest(written=0.0, sources={SOURCE.paths[0]: vouched})
        told("new machine with a manifest, nothing else known", _engine(folder / "other", access, manifest))
        told("new process with the manifest, same cache", _engine(folder / "other", access, manifest))


def _engine(home: Path, access: Access, manifest: Manifest | None) -> DuckDB:
    return DuckDB(allowed=(), lake=Lake(folder=home, access=access, manifest=manifest), threads=2)


def _by_hand(folder: Path) -> float:
    with Scratch() as engine:
        (row,) = engine.run(f"SELECT sum(amount) FROM '{folder}/year=2024/month=05/*.parquet'")
    return round(float(row[0]), 2)


if __name__ == "__main__":
    main()
