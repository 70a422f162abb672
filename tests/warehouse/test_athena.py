"""Athena by its documented API on a server of our own, and its SQL by the parsers of its dialect. No Trino was run."""

import json
import threading
import time
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
import sqlglot
from botocore.config import Config

from insights.catalog.values import EMPTY
from insights.errors import DeadlinePassed, NobodyWaits, NotAnswerable, OutsideFailed, WrongCatalog
from insights.lake.source import Source
from insights.lake.waiting import Listener, listening
from insights.query.dialects import ATHENA
from insights.query.emit import emit
from insights.query.plan import plan
from insights.requests import MetricQuestion
from insights.warehouse.athena import Athena
from insights.warehouse.port import Query
from tests.warehouse.questions import MEDIANS, QUESTIONS, granted

COLUMNS = [("n", "bigint"), ("x", "double"), ("d", "decimal"), ("ok", "boolean"), ("day", "date"), ("at", "timestamp"), ("t", "varchar")]
ROW = ["12", "2.5", "3.10", "true", "2024-02-29", "2024-02-29 23:59:59.000", "日本"]


@pytest.fixture
def service():
    """The API: `states` are told one after the other, `calls` are kept."""
    calls, states = [], ["QUEUED", "RUNNING", "SUCCEEDED"]
    told = {"reason": "", "scanned": 12_345}

    def answered(operation, body):
        if operation == "StartQueryExecution":
            return {"QueryExecutionId": "q-1"}
        if operation == "GetQueryExecution":
            state = states.pop(0) if len(states) > 1 else states[0]
            status = {"State": state, "StateChangeReason": told["reason"]}
            return {"QueryExecution": {"QueryExecutionId": "q-1", "Status": status, "Statistics": {"DataScannedInBytes": told["scanned"]}}}
        if operation == "GetQueryResults":
            rows = [{"Data": [{"VarCharValue": cell} for cell in ROW]}]
            metadata = {"ColumnInfo": [{"Name": name, "Type": type_} for name, type_ in COLUMNS]}
            if "NextToken" in body:
                return {"ResultSet": {"Rows": [{"Data": [{} for _ in COLUMNS]}], "ResultSetMetadata": metadata}}
            header = [{"Data": [{"VarCharValue": name} for name, _ in COLUMNS]}]
            return {"ResultSet": {"Rows": header + rows, "ResultSetMetadata": metadata}, "NextToken": "more"}
        if operation == "GetTable":
            described = {"Columns": [{"Name": "n", "Type": "bigint"}, {"Name": "t", "Type": "varchar(10)"}, {"Name": "l", "Type": "array<int>"}]}
            return {"Table": {"Name": "orders", "StorageDescriptor": described, "PartitionKeys": [{"Name": "day", "Type": "date"}], "VersionId": "3"}}
        return {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):  # the name is the server's
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            calls.append((operation, body))
            said = json.dumps(answered(operation, body)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = {
        "endpoint_url": f"http://127.0.0.1:{server.server_port}",
        "region_name": "eu-west-1",
        "aws_access_key_id": "x",
        "aws_secret_access_key": "x",
        "config": Config(retries={"max_attempts": 1}),
    }

    def make(**more):
        return Athena(
            client=lambda: boto3.client("athena", **options), glue=lambda: boto3.client("glue", **options), database="shop", workgroup="questions", **more
        )

    make.calls, make.states, make.told = calls, states, told
    yield make
    server.shutdown()
    server.server_close()


def test_a_query_is_started_awaited_and_read_by_pages(service):
    """With the workgroup, the database and the values; cells have the types of their columns."""
    engine = service()
    table = engine.run(Query(sql="SELECT * FROM t WHERE a = ? AND b > ?", parameters=("it's", date(2024, 1, 1))))
    assert table.columns == ("n", "x", "d", "ok", "day", "at", "t")
    assert table.rows == ((12, 2.5, 3.1, True, date(2024, 2, 29), datetime(2024, 2, 29, 23, 59, 59), "日本"), (None,) * 7)
    started = service.calls[0][1]
    assert started["WorkGroup"] == "questions"
    assert started["QueryExecutionContext"] == {"Database": "shop"}
    assert started["ExecutionParameters"] == ["'it''s'", "DATE '2024-01-01'"]
    assert table.scanned == 12_345
    assert [name for name, _ in service.calls] == ["StartQueryExecution", *["GetQueryExecution"] * 3, *["GetQueryResults"] * 2]


def test_a_query_is_stopped_at_its_deadline(service):
    """In Athena too, where it would go on scanning."""
    service.states[:] = ["RUNNING"]
    began = time.monotonic()
    with pytest.raises(DeadlinePassed):
        service().run(Query(sql="SELECT 1"), deadline=began + 0.3)
    assert time.monotonic() - began < 3
    assert service.calls[-1] == ("StopQueryExecution", {"QueryExecutionId": "q-1"})


def test_a_query_is_stopped_where_nobody_waits_for_it(service):
    """As at a deadline, though there is none."""
    service.states[:] = ["RUNNING"]
    listener = Listener()
    threading.Timer(0.3, listener.leave).start()
    with listening(listener), pytest.raises(NobodyWaits):
        service().run(Query(sql="SELECT 1"))
    assert service.calls[-1] == ("StopQueryExecution", {"QueryExecutionId": "q-1"})


def test_a_query_is_stopped_when_the_engine_is_closed(service):
    """Another thread's, which would go on scanning after the program has ended."""
    service.states[:] = ["RUNNING"]
    engine = service()
    threading.Timer(0.3, engine.close).start()
    with pytest.raises(NobodyWaits):
        engine.run(Query(sql="SELECT 1"))
    assert service.calls[-1] == ("StopQueryExecution", {"QueryExecutionId": "q-1"})


def test_a_failed_query_keeps_athenas_words_for_the_log(service):
    """They may quote definitions."""
    service.states[:], service.told["reason"] = ["FAILED"], "SYNTAX_ERROR: secret_column"
    with pytest.raises(OutsideFailed) as failed:
        service().run(Query(sql="SELECT 1"))
    assert "secret" not in str(failed.value)
    assert "secret_column" in failed.value.reference


def test_the_limit_of_the_workgroup_is_told_as_one(service):
    """As something that the asker can do something about."""
    service.states[:], service.told["reason"] = ["CANCELLED"], "Bytes scanned limit was exceeded"
    with pytest.raises(OutsideFailed, match="more than one question may"):
        service().run(Query(sql="SELECT 1"))


def test_columns_are_those_of_glue(service):
    """Partition keys too; files that no table stands for are refused."""
    engine = service(tables={Source(paths=("s3://lake/orders/*.parquet",), format="parquet"): "lake.orders"})
    source = Source(paths=("s3://lake/orders/*.parquet",), format="parquet")
    assert engine.columns(source) == {"n": "number", "t": "text", "l": "unknown", "day": "date"}
    assert engine.relation(source) == '"lake"."orders"'
    assert engine.relation(Source(table="orders")) == '"shop"."orders"'
    with pytest.raises(WrongCatalog, match="no Glue table"):
        engine.relation(Source(paths=("s3://lake/other.parquet",), format="parquet"))


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("parser", ["athena", "trino"])
def test_the_sql_of_every_question_is_of_the_dialect(name, parser, shop):
    """Parsed without anything left over; medians and percentiles, which Athena only estimates, are refused with the way out."""
    question, restricted = QUESTIONS[name]
    from insights.query.groups import Steps

    steps = {group: Steps(width=10.0) for group in question.group_by if group.startswith("bin(")}
    planned = plan(question, granted(shop, restricted), shop, EMPTY, steps=steps)
    if name in MEDIANS:
        with pytest.raises(NotAnswerable, match="Unload"):
            emit(planned, lambda source, _: f'"shop"."{source.table}"', limit=100, dialect=ATHENA)
        return
    made = emit(planned, lambda source, _: f'"shop"."{source.table}"', limit=100, dialect=ATHENA)
    (tree,) = sqlglot.parse(made.sql, read=parser)
    assert tree.find(sqlglot.exp.Command) is None
    assert len(list(tree.find_all(sqlglot.exp.Placeholder))) == len(made.parameters)
    assert "QUALIFY" not in made.sql
    assert isinstance(question, MetricQuestion)
