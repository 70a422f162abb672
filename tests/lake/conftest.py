"""A real S3 server on loopback, a proxy before it that can misbehave, and a small lake of months."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import duckdb
import pytest

from insights.lake.clients import Access
from insights.lake.lake import Lake
from insights.lake.source import Source
from insights.warehouse.duckdb import DuckDB
from tests.lake.faults import started

MONTHS = tuple((2023, month) for month in range(3, 9))
ROWS = 4_000


@pytest.fixture(scope="session")
def s3():
    """A client of an S3 server that lives as long as the tests."""
    import boto3
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    yield boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    """Made-up credentials where boto3 looks for them, and none of this machine's."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="session")
def months(tmp_path_factory) -> Path:
    """A folder of six months in Hive partitions."""
    folder = tmp_path_factory.mktemp("months")
    with duckdb.connect() as engine:
        for number, (year, month) in enumerate(MONTHS):
            place = folder / f"year={year}" / f"month={month:02d}"
            place.mkdir(parents=True)
            rows = (
                f"SELECT i AS id, DATE '{year}-{month:02d}-01' + (i % 28)::INTEGER AS ordered_on, (i * 7919 % 10007) / 4 AS amount, "
                f"'region ' || (i % 5) AS region, md5(i::VARCHAR) AS note FROM range({number * ROWS}, {(number + 1) * ROWS}) AS t(i)"
            )
            engine.execute(f"COPY ({rows}) TO '{place}/part-0.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    return folder


class Bucket:
    """A bucket of its own with the months in it, behind a proxy of its own."""

    def __init__(self, client, name, months, proxy) -> None:
        self.client, self.name, self.proxy = client, name, proxy
        self.engines: list[DuckDB] = []
        self.source = Source(paths=(f"s3://{name}/orders/**/*.parquet",), format="parquet", hive=True)
        self.access = Access(endpoint_url=proxy.endpoint, region="us-east-1")
        client.create_bucket(Bucket=name)
        for path in sorted(months.rglob("*.parquet")):
            self.put(f"orders/{path.relative_to(months)}", path.read_bytes())

    def put(self, key: str, data: bytes) -> None:
        """Write an object, past the proxy."""
        self.client.put_object(Bucket=self.name, Key=key, Body=data)

    def key(self, year: int, month: int) -> str:
        """The object of a month."""
        return f"orders/year={year}/month={month:02d}/part-0.parquet"

    def engine(self, home=None, **options) -> DuckDB:
        """An engine over it, with a lake of its own."""
        self.engines.append(DuckDB(allowed=(), threads=2, lake=Lake(folder=home, access=self.access, **options)))
        return self.engines[-1]


@pytest.fixture
def bucket(s3, months, request):
    """The months in S3."""
    endpoint = s3.meta.endpoint_url
    proxy, server = started(endpoint)
    name = f"b{abs(hash(request.node.name)) % 10**12}"
    made = Bucket(s3, name, months, proxy)
    proxy.clear()
    yield made
    for engine in made.engines:
        engine.close()
    server.shutdown()
    server.server_close()
