"""Servers of other engines, started for the tests on this machine, and the same rows in each of them."""

import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from insights.catalog.model import Aggregation, Catalog, ColumnRef, Dataset, Earlier, Field, FieldId, Gathered, Length, Metric, Relationship, UpTo
from insights.lake.source import Source
from insights.query.contents import collect
from insights.warehouse.duckdb import DuckDB
from tests.servers import free_port, missing

TABLES = {
    "regions": {"region_id": ("number", "key", "BIGINT"), "area": ("text", "dimension", "VARCHAR")},
    "customers": {"customer_id": ("number", "key", "BIGINT"), "region_id": ("number", "key", "BIGINT"), "tier": ("text", "dimension", "VARCHAR")},
    "orders": {
        "order_id": ("number", "key", "BIGINT"),
        "customer_id": ("number", "key", "BIGINT"),
        "placed_on": ("date", "time", "DATE"),
        "status": ("text", "dimension", "VARCHAR"),
        "gift": ("boolean", "dimension", "BOOLEAN"),
        "amount": ("number", "fact", "DECIMAL(18,2)"),
        "pieces": ("number", "fact", "BIGINT"),
    },
    "visits": {
        "customer_id": ("number", "key", "BIGINT"),
        "began_at": ("timestamp", "time", "TIMESTAMP"),
        "minutes": ("number", "fact", "BIGINT"),
        "score": ("number", "fact", "DOUBLE"),
    },
}
STATUSES = ("paid", "Éclair", "éclair", "Ärger", "straße", "日本", "it's; --", "Paid late", "apple", "Zebra", "")


@pytest.fixture(scope="session")
def spark_master():
    """A standalone master with one worker."""
    pyspark = pytest.importorskip("pyspark") if not os.environ.get("CI") else __import__("pyspark")
    java = shutil.which("java")
    if java is None:
        missing("Java is not installed")
    home = Path(pyspark.__file__).parent
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="insights-spark-"))
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": "2.13"}
    classes = [java, "-Xmx256m", "-cp", f"{home}/jars/*"]
    flags = [
        *("--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"),
        *("--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED", "-XX:+IgnoreUnrecognizedVMOptions"),
    ]
    classes[1:1] = flags
    out = (folder / "log").open("wb")
    started = []
    deploy = "org.apache.spark.deploy"
    masters = [*classes, f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port())]
    workers = [*classes, f"{deploy}.worker.Worker", f"spark://127.0.0.1:{port}", "--host", "127.0.0.1", "--cores", "2", "--memory", "1g"]
    workers += ["--work-dir", str(folder / "work"), "--webui-port", str(free_port())]
    for command in (masters, workers):
        started.append(subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=folder))
        for _ in range(150):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
    yield f"spark://127.0.0.1:{port}"
    for process in reversed(started):
        process.terminate()
        process.wait(20)
    out.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def same_rows():
    """Rows by table: orphans, NULLs, texts of many alphabets, days at the ends of years, hours at changes of the clock."""
    chance = random.Random(4)
    days = [date(2024, 12, 29) + timedelta(days=n) for n in range(6)] + [date(2024, 2, 29), date(2024, 1, 31), date(2025, 3, 30), date(2025, 10, 26)]
    hours = [datetime(2025, 3, 30, h, m) for h in (0, 1, 2, 3) for m in (0, 59)] + [
        datetime(2024, 12, 31, 23, 59, 59),
        datetime(2025, 1, 1),
        datetime(2024, 11, 3, 1, 30),
    ]

    def maybe(values, nothing=0.1):
        return None if chance.random() < nothing else chance.choice(values)

    return {
        "regions": [(1, "EMEA"), (2, "Äpac"), (3, None)],
        "customers": [(n, maybe([1, 2, 3, 9]), maybe(["gold", "Silver", "östlich"])) for n in range(1, 31)],
        "orders": [
            (n, maybe([*range(1, 34)]), maybe([*days, date(2024, 1, 1) + timedelta(days=chance.randrange(600))]), maybe(STATUSES), maybe([True, False]),
             maybe([round(chance.uniform(-20, 900), 2), 0.1, 10.05]), maybe([0, 1, 2, 3, 7]))
            for n in range(400)
        ],
        "visits": [
            (maybe([*range(1, 40)]),
             maybe([*hours, datetime(2024, 1, 1) + timedelta(minutes=chance.randrange(800_000))]), maybe([*range(90)]), maybe([0.1, 0.2, 2.5, -1.0]))
            for n in range(300)
        ],
    }  # fmt: skip


def _formulas():
    """The formula and the time of each metric."""
    amount, status, pieces, minutes, tier, customer, score = (
        FieldId(*name.split("."))
        for name in ("orders.amount", "orders.status", "orders.pieces", "visits.minutes", "customers.tier", "orders.customer_id", "visits.score")
    )  # fmt: skip
    placed, began = FieldId("orders", "placed_on"), FieldId("visits", "began_at")
    revenue, orders = Aggregation(function="sum", dataset="orders", operand=(amount,)), Aggregation(function="count", dataset="orders")
    paid = Aggregation(function="sum", dataset="orders", operand=(amount,), where=(status, " = 'paid'"))
    visits = Aggregation(function="count", dataset="visits")
    there, each = FieldId("visits", "customer_id"), Aggregation(function="sum", dataset="orders", operand=(pieces,))
    often = Gathered(name="orders", key=there, formula=(orders,), keys=(customer,))
    much = Gathered(name="pieces_each", key=there, formula=(each, " / NULLIF(", orders, ", 0)"), keys=(customer, customer))
    return {
        "revenue": ((revenue,), placed),
        "orders": ((orders,), placed),
        "paid": ((paid,), placed),
        "gold_orders": ((Aggregation(function="count", dataset="orders", where=(tier, " = 'gold'")),), placed),
        "buyers": ((Aggregation(function="count_distinct", dataset="orders", operand=(customer,)),), placed),
        "pieces": ((Aggregation(function="sum", dataset="orders", operand=(pieces,)),), placed),
        "average_amount": ((Aggregation(function="avg", dataset="orders", operand=(amount,)),), placed),
        "typical_amount": ((Aggregation(function="median", dataset="orders", operand=(amount,)),), placed),
        "high_amount": ((Aggregation(function="percentile", dataset="orders", operand=(amount,), at=0.9),), placed),
        "high_pieces": ((Aggregation(function="percentile", dataset="orders", operand=(pieces,), at=0.5, discrete=True),), placed),
        "largest": ((Aggregation(function="max", dataset="orders", operand=(amount,)),), placed),
        "smallest": ((Aggregation(function="min", dataset="orders", operand=(amount,)),), placed),
        "paid_share": ((paid, " / NULLIF(", revenue, ", 0)"), placed),
        "pieces_each": ((Aggregation(function="sum", dataset="orders", operand=(pieces,)), " / NULLIF(", orders, ", 0)"), placed),
        "third": ((Aggregation(function="sum", dataset="orders", operand=(pieces, " / 3")),), placed),
        "minutes": ((Aggregation(function="sum", dataset="visits", operand=(minutes,)),), began),
        "visits": ((visits,), began),
        "score": ((Aggregation(function="avg", dataset="visits", operand=(score,)),), began),
        "visits_of_buyers": ((replace(visits, where=(often, " >= 3")),), began),
        "minutes_of_much": ((Aggregation(function="sum", dataset="visits", operand=(minutes,), where=(much, " > 2.5")),), began),
        "revenue_before": ((replace(revenue, over=Earlier(ago=Length(1, "month"))),), placed),
        "ever_before": ((replace(revenue, over=Earlier(ago=Length(1, "month"), then=UpTo())),), placed),
        "conversion": ((orders, " / NULLIF(", visits, ", 0)"), placed),
    }


@pytest.fixture(scope="session")
def shop():
    """Definitions over those tables."""
    datasets = {}
    for name, columns in TABLES.items():
        fields = {
            column: Field(
                id=FieldId(name, column),
                expression=(ColumnRef(column),),
                kind=kind,
                role=role,
                label=column.replace("_", " "),
                aggregates=("sum", "avg", "median", "min", "max", "count") if role == "fact" else ("count_distinct",) if role == "key" else (),
            )
            for column, (kind, role, _) in columns.items()
        }
        datasets[name] = Dataset(name=name, source=Source(table=name), fields=fields, label=name)
    big = Field(
        id=FieldId("orders", "size"), kind="text", role="dimension", label="size",
        expression=("CASE WHEN ", ColumnRef("amount"), " >= 500 THEN 'big' WHEN ", ColumnRef("amount"), " IS NULL THEN NULL ELSE 'small' END"),
    )  # fmt: skip
    datasets["orders"] = replace(datasets["orders"], fields={**datasets["orders"].fields, "size": big})
    metrics = {
        name: Metric(name=name, label=name.replace("_", " "), formula=formula, time=time, expression=name) for name, (formula, time) in _formulas().items()
    }
    joins = {"many_columns": ("customer_id",), "one_columns": ("customer_id",)}
    relationships = (
        Relationship(name="buyer", many="orders", one="customers", **joins),
        Relationship(name="visitor", many="visits", one="customers", **joins),
        Relationship(name="home", many="customers", one="regions", many_columns=("region_id",), one_columns=("region_id",)),
    )
    return Catalog(name="shop", version="1", datasets=datasets, metrics=metrics, relationships=relationships, fiscal_year_starts=2, week_starts="sunday")


def _created(name):
    return ", ".join(f'"{column}" {type_}' for column, (_, _, type_) in TABLES[name].items())


@pytest.fixture(scope="session")
def in_duckdb(same_rows):
    """DuckDB with those rows."""
    engine = DuckDB(allowed=(), threads=1)
    for name, rows in same_rows.items():
        engine._database.execute(f"CREATE TABLE {name} ({_created(name)})")
        engine._database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(TABLES[name]))})", rows)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def in_postgres(postgres_address, same_rows):
    """PostgreSQL with those rows."""
    import psycopg

    from insights.warehouse.postgres import Postgres

    with psycopg.connect(postgres_address, autocommit=True) as connection:
        for name, rows in same_rows.items():
            connection.execute(f"CREATE TABLE {name} ({_created(name).replace('DOUBLE', 'DOUBLE PRECISION')})")
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(TABLES[name]))})", rows)
    engine = Postgres(postgres_address)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def in_athena(same_rows):
    """Athena's API with those rows: its SQL is parsed as Athena's, and computed by DuckDB."""
    import boto3
    import duckdb

    from insights.warehouse.athena import Athena
    from tests.warehouse.athena_server import served

    folder = Path(tempfile.mkdtemp(prefix="insights-athena-"))
    for name, rows in same_rows.items():
        with duckdb.connect() as made:
            made.execute(f"CREATE TABLE {name} ({_created(name)})")
            made.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(TABLES[name]))})", rows)
            made.execute(f"COPY {name} TO '{folder / name}.parquet'")
    with served({name: f"'{folder / name}.parquet'" for name in TABLES}) as (address, _):
        keys = {"region_name": "eu-west-1", "aws_access_key_id": "x", "aws_secret_access_key": "x", "endpoint_url": address}
        yield Athena(client=lambda: boto3.client("athena", **keys), glue=lambda: boto3.client("glue", **keys), database="shop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def in_spark(spark_master, same_rows):
    """Spark with those rows, as views over a file of each table."""
    import duckdb

    from insights.warehouse.spark import Spark

    folder = Path(tempfile.mkdtemp(prefix="insights-rows-"))
    folder.chmod(0o755)
    for name, rows in same_rows.items():
        duckdb.execute(f"CREATE OR REPLACE TABLE {name} ({_created(name)})")
        duckdb.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(TABLES[name]))})", rows)
        duckdb.execute(f"COPY {name} TO '{folder / name}.parquet'")
        duckdb.execute(f"DROP TABLE {name}")
    engine = Spark(
        spark_master,
        configuration={
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "1",
            "spark.executor.memory": "512m",
        },
    )
    for name in TABLES:
        engine._connected().read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    yield engine
    engine.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def contents_of(shop):
    """What the data holds as an engine finds it: collected once from each, which takes Spark half a minute."""
    return cache(lambda engine: collect(shop, engine))
