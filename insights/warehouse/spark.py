"""Spark: a cluster that exists already, by the address of its master or of Spark Connect, over the files or tables of the catalog."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from insights.errors import DeadlinePassed, NobodyWaits, OutsideFailed, Problem, WrongCatalog
from insights.lake.files import FileState, states
from insights.lake.source import Kind, Source
from insights.lake.waiting import stopped_when_nobody_waits
from insights.requests import Scalar
from insights.warehouse.cells import plain
from insights.warehouse.placeholders import replaced
from insights.warehouse.port import Query, Span, Table
from insights.warehouse.quoting import identifier

_SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
}
"""What makes Spark read the emitters' SQL as it is meant; set for our session only."""
_KINDS: Mapping[str, Kind] = {"string": "text", "boolean": "boolean", "date": "date", "timestamp": "timestamp", "timestamp_ntz": "timestamp"}
_NUMBERS = ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal")


class Spark:
    """One session of the cluster at `address` (`spark://...`, `local[2]`, or `sc://...` for Spark Connect).

    A source of files becomes a temporary view of its own the first time that it is needed, over the files that `files` lists at that moment (by default
    those of this machine), which the workers must be able to read; a source that names a table is that of the cluster's catalog. `tables` names views or
    tables by the source that they stand for.
    """

    name = "Spark"
    dialect = "spark"

    def __init__(
        self,
        address: str,
        *,
        configuration: Mapping[str, str] | None = None,
        tables: Mapping[Source, str] | None = None,
        files: Callable[[Source], Sequence[FileState]] = states,
    ) -> None:
        self._address = address
        self._files = files
        self._configuration = dict(configuration or {})
        self._tables = dict(tables or {})
        self._lock = threading.RLock()
        self._session: Any = None
        self._views: dict[Source, tuple[str, str]] = {}
        self._closed = False

    def run(self, query: Query, *, deadline: float | None = None) -> Table:
        """Run one query, as the port promises; its jobs are cancelled at the deadline."""
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise DeadlinePassed("There was no time left to look that up.", remedy="Try again, or ask for less.")
        session, tag = self._connected(), f"insights-{uuid.uuid4().hex}"
        passed = threading.Event()

        def stop() -> None:
            passed.set()
            session.interruptTag(tag) if self._is_connect else session.sparkContext.cancelJobsWithTag(tag)

        timer = threading.Timer(left, stop) if left is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            with stopped_when_nobody_waits(stop):
                return self._once(session, query, tag, passed)
        except (DeadlinePassed, NobodyWaits):
            raise
        except Exception as failure:  # Spark has errors of its own, of Py4J and of gRPC, without one that is behind all of them
            if passed.is_set():
                raise DeadlinePassed(
                    "Looking that up took longer than there was time for.", remedy="Ask for a shorter period, or for less detail."
                ) from failure
            raise OutsideFailed("The data could not be read.", remedy="Tell whoever runs this.", reference=str(failure)[:2000]) from failure
        finally:
            if timer is not None:
                timer.cancel()

    def _once(self, session: Any, query: Query, tag: str, passed: threading.Event) -> Table:
        tagged = session if self._is_connect else session.sparkContext
        add, remove = (tagged.addTag, tagged.removeTag) if self._is_connect else (tagged.addJobTag, tagged.removeJobTag)
        add(tag)
        try:
            found = session.sql(*_bound(query))
            if passed.is_set():
                raise DeadlinePassed("There was no time left to look that up.", remedy="Ask for a shorter period, or for less detail.")
            # An instant with a zone would come back as the clock of this machine.
            zoned = [name for name, type_ in found.dtypes if type_ == "timestamp"]
            if zoned:
                from pyspark.sql import functions

                count = range(len(found.dtypes))
                found = found.toDF(*(f"c{n}" for n in count))
                found = found.select(
                    *(functions.col(f"c{n}").cast("timestamp_ntz" if found.dtypes[n][1] == "timestamp" else found.dtypes[n][1]) for n in count)
                )
            names = tuple(found.columns)
            return Table(columns=names, rows=tuple(tuple(map(plain, row)) for row in found.collect()))
        finally:
            remove(tag)

    def relation(self, source: Source, *, span: Span | None = None) -> str:  # noqa: ARG002  # Spark prunes files by itself
        """A table of the cluster's catalog, or the view over the source's files as they are now."""
        if source in self._tables:
            return _quoted(self._tables[source])
        if source.table is not None:
            return _quoted(source.table)
        found = self._files(source)
        state = _digest(found)
        with self._lock:
            known = self._views.get(source)
            if known is not None and known[1] == state:
                return identifier(known[0])
            name = known[0] if known is not None else f"insights_{hashlib.sha256(repr(source).encode()).hexdigest()[:16]}"
            self._view(source, name, [_hadoop(path) for path, *_ in found])
            self._views[source] = name, state
        return identifier(name)

    def _view(self, source: Source, name: str, paths: list[str]) -> None:
        if not paths:
            raise _unreadable(source.paths[0], "there is no such file")
        reader = self._connected().read
        try:
            if source.hive:
                reader = reader.option("basePath", _fixed(paths[0]))
            if source.format == "csv":
                found = reader.option("header", "true").option("inferSchema", "true").csv(paths)
            else:
                found = reader.option("mergeSchema", "true").parquet(*paths)
            found.createOrReplaceTempView(name)
        except Exception as failure:  # see `run`
            raise _unreadable(source.paths[0], str(failure).splitlines()[0][:200]) from failure

    def citation(self, source: Source) -> str:
        """The files by the patterns that the catalog names, or the table."""
        if source in self._tables or source.table is not None:
            return self.relation(source)
        return f"{source.format}.{identifier(source.paths[0])}"

    def columns(self, source: Source) -> Mapping[str, Kind]:
        """The physical columns and their kinds, as the port promises."""
        relation = self.relation(source)
        try:
            found = self._connected().table(relation.replace('"', "`")).dtypes
        except Exception as failure:  # see `run`
            raise _unreadable(source.table or relation, str(failure).splitlines()[0][:200]) from failure
        return {name: "number" if type_.startswith(_NUMBERS) else _KINDS.get(type_, "unknown") for name, type_ in found}

    def fingerprint(self, source: Source) -> str:
        """A digest of the files' names, sizes and times or ETags. Of tables nothing is known here but the day: they count as new daily."""
        if source.paths:
            return _digest(self._files(source))
        return hashlib.sha256(f"{source!r} {int(time.time() // 86_400)}".encode()).hexdigest()

    def close(self) -> None:
        """Let go of the session, and begin none again; calling it twice is fine. What another thread is still asking fails there."""
        with self._lock:
            self._closed = True
            if self._session is not None:
                self._session.stop()
                self._session = None
                self._views.clear()

    @property
    def _is_connect(self) -> bool:
        return self._address.startswith("sc://")

    def _connected(self) -> Any:
        with self._lock:
            if self._closed:
                raise OutsideFailed("The data is not open any more.", remedy="Ask again in a moment.")
            if self._session is None:
                from pyspark.sql import SparkSession

                builder = SparkSession.builder
                builder = builder.remote(self._address) if self._is_connect else builder.master(self._address).appName("insights")
                for key, value in self._configuration.items():
                    builder = builder.config(key, value)
                try:
                    self._session = builder.getOrCreate()
                except Exception as failure:  # see `run`
                    raise OutsideFailed("Spark cannot be reached.", remedy="Tell whoever runs this.", reference=str(failure)[:2000]) from failure
                for key, value in _SESSION.items():
                    self._session.conf.set(key, value)
            return self._session


def _bound(query: Query) -> tuple[str, list[Scalar]]:
    """The query and its values; days and instants go as texts, which are no other day in another time zone."""
    casts: dict[type, str] = {datetime: "CAST(? AS TIMESTAMP_NTZ)", date: "CAST(? AS DATE)"}
    sql = replaced(query.sql, lambda number: casts.get(type(query.parameters[number]), "?"))
    return sql, [one.isoformat() if isinstance(one, date) else one for one in query.parameters]


def _quoted(table: str) -> str:
    return ".".join(identifier(part) for part in table.split("."))


def _digest(found: Sequence[FileState]) -> str:
    return hashlib.sha256(repr(tuple(found)).encode(errors="surrogateescape")).hexdigest()


def _hadoop(path: str) -> str:
    """Spark's name for S3."""
    return path.replace("s3://", "s3a://", 1)


def _fixed(path: str) -> str:
    """The folder in which Hive partitions start."""
    parts = path.split("/")
    first = next((n for n, part in enumerate(parts) if "=" in part or "*" in part), len(parts) - 1)
    return "/".join(parts[:first])


def _unreadable(name: str, reason: str) -> WrongCatalog:
    return WrongCatalog([Problem(file=name, line=0, message=f"Spark cannot read it: {reason}.", suggestion="Check that every worker can read it.")])
