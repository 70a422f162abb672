"""Athena: Glue tables, by the API of start, poll and read; what it scanned is counted and bounded."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from insights.errors import DeadlinePassed, NobodyWaits, OutsideFailed, Problem, WrongCatalog
from insights.lake.snapshots import GLUE
from insights.lake.source import Kind, Source
from insights.lake.waiting import once, stopped_when_nobody_waits
from insights.requests import Scalar
from insights.warehouse.port import Query, Span, Table
from insights.warehouse.quoting import identifier, literal

_KINDS: Mapping[str, Kind] = {"boolean": "boolean", "date": "date", "timestamp": "timestamp", "string": "text"}
_NUMBERS = ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "real")
_TEXTS = ("varchar", "char")
_LONGEST_VALUE = 1024
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 1.0


class Athena:
    """One database of the Glue catalog, asked through a workgroup, whose limits hold (`BytesScannedCutoffPerQuery` ends a query as failed).

    `client` and `glue` make boto3's clients for Athena and Glue; `tables` names Glue tables by the source that they stand for, those of glue:// name
    themselves. Each table tells what was scanned for it.
    """

    name = "Athena"
    dialect = "athena"

    def __init__(
        self,
        *,
        client: Callable[[], Any],
        glue: Callable[[], Any],
        database: str,
        workgroup: str = "primary",
        output: str | None = None,
        tables: Mapping[Source, str] | None = None,
    ) -> None:
        self._make, self._make_glue = client, glue
        self._database, self._workgroup, self._output = database, workgroup, output
        self._tables = dict(tables or {})
        self._lock = threading.Lock()
        self._waiting: set[threading.Event] = set()
        self._client: Any = None
        self._glue: Any = None

    def run(self, query: Query, *, deadline: float | None = None) -> Table:
        """Run one query, as the port promises; it is stopped at the deadline and where this thread gives up."""
        if deadline is not None and deadline <= time.monotonic():
            raise DeadlinePassed("There was no time left to look that up.", remedy="Try again, or ask for less.")
        from botocore.exceptions import BotoCoreError, ClientError

        given: dict[str, Any] = {"QueryString": query.sql, "WorkGroup": self._workgroup, "QueryExecutionContext": {"Database": self._database}}
        if query.parameters:
            given["ExecutionParameters"] = [_literal(value) for value in query.parameters]
        if self._output is not None:
            given["ResultConfiguration"] = {"OutputLocation": self._output}
        try:
            id_ = str(self._athena().start_query_execution(**given)["QueryExecutionId"])
            left = threading.Event()
            with self._ended_with_us(left), stopped_when_nobody_waits(left.set):
                scanned = self._awaited(id_, deadline, left)
                return self._read(id_, scanned)
        except (BotoCoreError, ClientError) as failure:
            raise OutsideFailed("Athena could not be asked.", remedy="Tell whoever runs this.", reference=str(failure)) from failure

    def _awaited(self, id_: str, deadline: float | None, left: threading.Event) -> int:
        """Wait for the query to succeed, in longer and longer steps; the bytes that it scanned.

        Raises OutsideFailed with Athena's words in the reference, and DeadlinePassed.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        wait, ended = _FIRST_WAIT, False
        try:
            while True:
                found = self._athena().get_query_execution(QueryExecutionId=id_)["QueryExecution"]
                state = found["Status"]["State"]
                ended = state in ("SUCCEEDED", "FAILED", "CANCELLED")
                if ended:
                    scanned = int(found.get("Statistics", {}).get("DataScannedInBytes", 0))
                    if state == "SUCCEEDED":
                        return scanned
                    raise _ended(state, str(found["Status"].get("StateChangeReason", "")), id_)
                rest = None if deadline is None else deadline - time.monotonic()
                if left.is_set():
                    raise NobodyWaits("Nobody waits for that any more.", remedy="Ask again.")
                if rest is not None and rest <= 0:
                    raise DeadlinePassed("Looking that up took longer than there was time for.", remedy="Ask for a shorter period, or for less detail.")
                left.wait(wait if rest is None else min(wait, rest))
                wait = min(wait * 1.6, _LONGEST_WAIT)
        finally:
            if not ended:
                with suppress(BotoCoreError, ClientError):  # why nobody waits is told, not that it goes on by itself
                    self._athena().stop_query_execution(QueryExecutionId=id_)

    def _read(self, id_: str, scanned: int) -> Table:
        """All pages; the first row of the first is the header."""
        pages = self._athena().get_paginator("get_query_results").paginate(QueryExecutionId=id_)
        columns: list[tuple[str, str]] = []
        rows: list[tuple[Scalar, ...]] = []
        for number, page in enumerate(pages):
            found = page["ResultSet"]
            if number == 0:
                columns = [(str(column["Name"]), str(column["Type"])) for column in found["ResultSetMetadata"]["ColumnInfo"]]
            for row in found["Rows"][1:] if number == 0 else found["Rows"]:
                rows.append(tuple(_cell(cell.get("VarCharValue"), type_) for cell, (_, type_) in zip(row["Data"], columns, strict=True)))
        return Table(columns=tuple(name for name, _ in columns), rows=tuple(rows), scanned=scanned)

    def relation(self, source: Source, *, span: Span | None = None) -> str:  # noqa: ARG002  # Athena prunes partitions by the conditions
        """The Glue table. Raises WrongCatalog for files that no table stands for."""
        return ".".join(identifier(part) for part in self._table(source))

    def citation(self, source: Source) -> str:
        """The Glue table."""
        return self.relation(source)

    def columns(self, source: Source) -> Mapping[str, Kind]:
        """The columns of the Glue table and its partition keys, and their kinds."""
        found = self._described(source)
        return {column["Name"]: _kind(column.get("Type", "")) for column in (*found["StorageDescriptor"]["Columns"], *found.get("PartitionKeys", ()))}

    def fingerprint(self, source: Source) -> str:
        """A digest of the table's version and time in Glue, and of the day: rows that are added to its files are not told of, so they count daily."""
        found = self._described(source)
        return hashlib.sha256(f"{self._table(source)} {found.get('VersionId')} {found.get('UpdateTime')} {int(time.time() // 86_400)}".encode()).hexdigest()

    def close(self) -> None:
        """Stop the queries of other threads, which nobody waits for any more; nothing else is held open."""
        with self._lock:
            waiting = list(self._waiting)
        for one in waiting:
            one.set()

    @contextmanager
    def _ended_with_us(self, left: threading.Event) -> Iterator[None]:
        """Within it, closing tells whoever waits for a query that nobody does any more."""
        with self._lock:
            self._waiting.add(left)
        try:
            yield
        finally:
            with self._lock:
                self._waiting.discard(left)

    def _table(self, source: Source) -> tuple[str, str]:
        name = self._tables.get(source, source.table)
        if name is None and len(source.paths) == 1 and source.paths[0].startswith(GLUE):
            name = source.paths[0].removeprefix(GLUE).strip("/").replace("/", ".")
        if name is None:
            raise _unknown(source.paths[0], "no Glue table stands for it", "Name one in [warehouse.tables].")
        database, _, table = name.rpartition(".")
        return database or self._database, table

    def _described(self, source: Source) -> Mapping[str, Any]:
        """What Glue says of the table; asked for once for each question, however many queries that takes."""
        return once((id(self), "described", source), lambda: self._look(source))

    def _look(self, source: Source) -> Mapping[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        database, table = self._table(source)
        with self._lock:
            self._glue = self._glue or self._make_glue()
        try:
            return dict(self._glue.get_table(DatabaseName=database, Name=table)["Table"])
        except ClientError as failure:
            raise _unknown(f"{database}.{table}", f"Glue says {failure.response['Error']['Code']}", "Correct its name or what may be read.") from failure
        except BotoCoreError as failure:
            raise OutsideFailed("Glue could not be asked.", remedy="Tell whoever runs this.", reference=str(failure)) from failure

    def _athena(self) -> Any:
        with self._lock:
            self._client = self._client or self._make()
            return self._client


def _literal(value: Scalar) -> str:
    """A value as Athena takes them: as literals of SQL, each its own. Raises OutsideFailed for one that is too long for its API.

    >>> _literal("it's"), _literal(2.5), _literal(True), _literal(date(2024, 2, 29)), _literal(None)
    ("'it''s'", "DOUBLE '2.5'", 'true', "DATE '2024-02-29'", 'NULL')
    """
    match value:
        case None:
            made = "NULL"
        case bool():
            made = str(value).lower()
        case int():
            made = str(value)
        case float():
            made = f"DOUBLE '{value!r}'"
        case datetime():
            made = f"TIMESTAMP '{value.isoformat(' ')}'"
        case date():
            made = f"DATE '{value.isoformat()}'"
        case _:
            made = literal(str(value))
    if len(made) > _LONGEST_VALUE:
        raise OutsideFailed("A value is too long for Athena.", remedy="Ask with a shorter one.", reference=f"{len(made)} characters")
    return made


def _cell(text: str | None, type_: str) -> Scalar:
    """A cell of a result, which come as texts."""
    if text is None:
        return None
    if type_ in ("tinyint", "smallint", "integer", "bigint"):
        return int(text)
    if type_ in ("double", "float", "real"):
        return float(text.replace("Infinity", "inf"))
    if type_ == "decimal":
        return _number(text)
    if type_ == "boolean":
        return text == "true"
    if type_ == "date":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if type_ == "timestamp" else text


def _number(text: str) -> Scalar:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return int(found) if found.as_tuple().exponent == 0 else float(found)


def _kind(type_: str) -> Kind:
    lowered = type_.lower()
    return "number" if lowered.startswith(_NUMBERS) else "text" if lowered.startswith(_TEXTS) else _KINDS.get(lowered, "unknown")


def _ended(state: str, reason: str, id_: str) -> OutsideFailed:
    if "bytes scanned limit" in reason.lower():
        return OutsideFailed("That would read more than one question may.", remedy="Ask for a shorter period.", reference=f"{id_}: {reason}")
    return OutsideFailed("The data could not be read.", remedy="Tell whoever runs this.", reference=f"{id_} {state}: {reason}")


def _unknown(name: str, problem: str, remedy: str) -> WrongCatalog:
    return WrongCatalog([Problem(file=name, line=0, message=f"{problem}.", suggestion=remedy)])
