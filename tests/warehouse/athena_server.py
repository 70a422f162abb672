"""A server that speaks Athena's and Glue's documented API and answers: its SQL is parsed as Athena's and computed by DuckDB."""

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import duckdb
import sqlglot

SCANNED = 12_000_000
"""Bytes that every query is said to have scanned."""
GLUE = {"BIGINT": "bigint", "VARCHAR": "string", "DATE": "date", "BOOLEAN": "boolean", "TIMESTAMP": "timestamp", "DOUBLE": "double"}
ATHENA = {**GLUE, "VARCHAR": "varchar", "HUGEINT": "decimal", "INTEGER": "integer"}


def spelled(type_, names):
    """The name that Athena or Glue has for a type of DuckDB's."""
    return type_.lower() if type_.startswith("DECIMAL") and names is GLUE else "decimal" if type_.startswith("DECIMAL") else names[type_]


def written(cell):
    """A cell as Athena writes it."""
    return {} if cell is None else {"VarCharValue": str(cell).lower() if isinstance(cell, bool) else str(cell)}


class Service:
    """The tables of one database, and what was asked of it."""

    def __init__(self, tables):
        self.database = duckdb.connect()
        self.database.execute("SET TimeZone = 'UTC'")
        self.database.execute("CREATE SCHEMA shop")
        for name, relation in tables.items():
            self.database.execute(f"CREATE VIEW shop.{name} AS SELECT * FROM {relation}")
        self.queries, self.started, self.stopped, self.endless = {}, [], [], False
        self._lock = threading.Lock()

    def answered(self, operation, body):
        """What one operation of the API answers."""
        with self._lock:
            return getattr(self, re.sub("(?=[A-Z])", "_", operation).lower())(body)

    def _start_query_execution(self, body):
        self.started.append(body)
        id_ = f"q-{len(self.started)}"
        values = [sqlglot.parse_one(value, read="athena") for value in body.get("ExecutionParameters", ())]
        # In the order in which they stand in the text.
        marked = sqlglot.parse_one(numbered(body["QueryString"]), read="athena")
        marked = marked.transform(lambda node: values[int(node.name[5:])] if isinstance(node, sqlglot.exp.Column) and node.name.startswith("hole_") else node)
        self.queries[id_] = marked.sql(dialect="duckdb", unsupported_level=sqlglot.ErrorLevel.RAISE)
        return {"QueryExecutionId": id_}

    def _get_query_execution(self, body):
        state = "RUNNING" if self.endless else "SUCCEEDED"
        return {"QueryExecution": {"QueryExecutionId": body["QueryExecutionId"], "Status": {"State": state}, "Statistics": {"DataScannedInBytes": SCANNED}}}

    def _stop_query_execution(self, body):
        self.stopped.append(body["QueryExecutionId"])
        return {}

    def _get_query_results(self, body):
        cursor = self.database.cursor()
        cursor.execute("SET TimeZone = 'UTC'")
        found = cursor.execute(f"USE shop; {self.queries[body['QueryExecutionId']]}")
        columns = [{"Name": name, "Type": spelled(str(type_), ATHENA)} for name, type_, *_ in found.description]
        rows = [{"Data": [written(cell) for cell in row]} for row in found.fetchall()]
        header = {"Data": [{"VarCharValue": column["Name"]} for column in columns]}
        return {"ResultSet": {"Rows": [header, *rows], "ResultSetMetadata": {"ColumnInfo": columns}}}

    def _get_table(self, body):
        found = self.database.execute(f"DESCRIBE shop.{body['Name']}").fetchall()
        columns = [{"Name": name, "Type": spelled(type_, GLUE)} for name, type_, *_ in found]
        return {"Table": {"Name": body["Name"], "StorageDescriptor": {"Columns": columns}, "PartitionKeys": [], "VersionId": "1"}}


def numbered(sql):
    """The query with a name for each `?` outside of quotes."""
    pieces, at, quote = [], 0, None
    for char in sql:
        if quote is None and char in "'\"":
            quote = char
        elif char == quote:
            quote = None
        if char == "?" and quote is None:
            pieces.append(f"hole_{at}")
            at += 1
        else:
            pieces.append(char)
    return "".join(pieces)


@contextmanager
def served(tables):
    """The address of a running server over these tables (FROM items of DuckDB by name), and what it does."""
    service = Service(tables)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):  # the name is the server's
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                status, said = 200, service.answered(operation, body)
            except Exception as failure:
                status, said = 400, {"__type": "InvalidRequestException", "message": str(failure)}
            written_ = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(written_)))
            self.end_headers()
            self.wfile.write(written_)

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", service
    finally:
        server.shutdown()
        server.server_close()
        service.database.close()
