"""Tables of AWS Glue: where they lie, as their catalog has it."""

from __future__ import annotations

from typing import Any

from insights.lake.addresses import SCHEME
from insights.lake.s3 import S3
from insights.lake.snapshots import DELTA, GLUE, ICEBERG, refused
from insights.lake.waiting import until


def located(path: str, s3: S3) -> tuple[str, tuple[str, ...] | None]:
    """The address that a glue://database/table stands for: a pattern of Parquet files, or a table of a format that keeps a log.

    Of a partitioned table also the folders of its partitions, for no other files belong to it.
    Raises WrongCatalog for a table that is no Parquet in S3.
    """
    database, _, name = path.removeprefix(GLUE).strip("/").partition("/")
    if not database or not name or "/" in name:
        raise refused(path, "it names no table", "Write it like glue://database/table.")
    table: dict[str, Any] = s3.tried(path, lambda: s3.glue().get_table(DatabaseName=database, Name=name), until())["Table"]
    parameters = {key.casefold(): str(value) for key, value in table.get("Parameters", {}).items()}
    storage = table.get("StorageDescriptor", {})
    location = str(storage.get("Location", "")).replace("s3a://", SCHEME).replace("s3n://", SCHEME).rstrip("/")
    if parameters.get("table_type", "").casefold() == "iceberg":
        return ICEBERG + parameters["metadata_location"], None
    if not location.startswith(SCHEME):
        raise refused(path, "it does not lie in S3", "Name where its files are.")
    if parameters.get("spark.sql.sources.provider", "").casefold() == "delta" or parameters.get("table_type", "").casefold() == "delta":
        return DELTA + location, None
    if "parquet" not in f"{storage.get('InputFormat', '')}{parameters.get('classification', '')}".casefold():
        raise refused(path, "its files are not Parquet", "Unload it as Parquet.")
    if not table.get("PartitionKeys"):
        return f"{location}/**/*", None
    folders = s3.tried(path, lambda: _partitions(database, name, s3), until())
    outside = next((folder for folder in folders if not folder.startswith(f"{location}/") or "=" not in folder.removeprefix(location)), None)
    if outside is not None:
        raise refused(path, f"its partition in {outside} is not in a folder that says which it is", "Lay partitions out as key=value below the table.")
    return f"{location}/**/*", folders


def _partitions(database: str, name: str, s3: S3) -> tuple[str, ...]:
    """The folders of the table's partitions, each with a slash at its end."""
    pages = s3.glue().get_paginator("get_partitions").paginate(DatabaseName=database, TableName=name, ExcludeColumnSchema=True)
    found = (str(one["StorageDescriptor"]["Location"]) for page in pages for one in page["Partitions"])
    return tuple(f"{folder.replace('s3a://', SCHEME).replace('s3n://', SCHEME).rstrip('/')}/" for folder in found)
