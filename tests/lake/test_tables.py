"""Tables whose catalog or log says which files they are: Delta, Iceberg, Glue. What a list of files cannot express is refused."""

import json
import shutil
from datetime import datetime

import duckdb
import pytest

from insights.catalog.sources import source_of
from insights.errors import WrongCatalog
from insights.lake.lake import Lake
from insights.lake.source import Source
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query


def rows(engine, source):
    """Key and region of every row."""
    return engine.run(Query(sql=f"SELECT id, region FROM {engine.relation(source)} ORDER BY id")).rows


@pytest.fixture
def engine():
    """An engine that may read nothing but what the lake reads for it."""
    made = DuckDB(allowed=(), threads=2, lake=Lake())
    yield made
    made.close()


def delta_of(ids, regions):
    """Rows as deltalake takes them."""
    arro3 = pytest.importorskip("arro3.core")
    types = arro3.DataType
    return arro3.Table.from_pydict({"id": arro3.Array(ids, types.int64()), "region": arro3.Array(regions, types.utf8())})


@pytest.fixture
def delta(tmp_path):
    """A partitioned Delta table in two commits, of which the second replaced the rows of one region."""
    deltalake = pytest.importorskip("deltalake")
    place = tmp_path / "orders"
    deltalake.write_deltalake(place, delta_of([1, 2, 3], ["EMEA", "APAC", "EMEA"]), partition_by=["region"])
    deltalake.write_deltalake(place, delta_of([7], ["EMEA"]), mode="overwrite", predicate="region = 'EMEA'", partition_by=["region"])
    return place


def test_a_delta_table_is_the_files_of_its_latest_version(engine, delta, tmp_path):
    """Files that a later commit took out are still in the folder, and not read; the time of the snapshot is known."""
    source = source_of("delta://orders", tmp_path)
    assert rows(engine, source) == ((2, "APAC"), (7, "EMEA"))
    assert abs((datetime.now() - engine.snapshot(source)).total_seconds()) < 86_400
    import deltalake

    deltalake.write_deltalake(delta, delta_of([9], ["APAC"]), mode="append", partition_by=["region"])
    assert len(rows(engine, source)) == 3


def test_a_table_without_rows_says_so(engine, delta, tmp_path):
    """It is there, and nothing about it is damaged; with the first rows it is read."""
    import deltalake

    deltalake.DeltaTable(delta).delete()
    source = source_of("delta://orders", tmp_path)
    with pytest.raises(WrongCatalog, match="it has no rows yet"):
        engine.columns(source)
    deltalake.write_deltalake(delta, delta_of([9], ["APAC"]), mode="append", partition_by=["region"])
    assert rows(engine, source) == ((9, "APAC"),)


def test_a_delta_table_in_s3_is_the_same(bucket, delta):
    """Its log is fetched and read here."""
    for path in delta.rglob("*"):
        if path.is_file():
            bucket.put(f"delta/{path.relative_to(delta)}", path.read_bytes())
    engine = bucket.engine()
    assert rows(engine, Source(paths=(f"delta://s3://{bucket.name}/delta",), format="parquet", hive=True)) == ((2, "APAC"), (7, "EMEA"))
    with pytest.raises(WrongCatalog, match=f"Name it as delta://s3://{bucket.name}/delta"):
        engine.relation(Source(paths=(f"s3://{bucket.name}/delta/**/*.parquet",), format="parquet", hive=True))


def test_a_delta_folder_is_not_taken_for_its_files(engine, delta):
    """That would count what was taken out of the table."""
    with pytest.raises(WrongCatalog, match="delta://"):
        engine.relation(Source(paths=(f"{delta}/**/*.parquet",), format="parquet", hive=True))


def test_a_delta_table_with_deletion_vectors_is_refused(engine, delta, tmp_path):
    """Rows that were deleted are still in its files."""
    log = delta / "_delta_log"
    first = log / "00000000000000000000.json"
    lines = [json.loads(line) for line in first.read_text().splitlines()]
    for line in lines:
        if "protocol" in line:
            line["protocol"] = {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["deletionVectors"], "writerFeatures": ["deletionVectors"]}
        if "add" in line:
            line["add"]["deletionVector"] = {"storageType": "u", "pathOrInlineDv": "ab^-aqEH.-t@S}K{vb[*k^", "offset": 4, "sizeInBytes": 40, "cardinality": 2}
    first.write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(WrongCatalog, match="deleted rows that are still in its files"):
        rows(engine, source_of("delta://orders", tmp_path))


class Iceberg:
    """An Iceberg table written with pyiceberg's own writers, its data files with DuckDB."""

    def __init__(self, place) -> None:
        from pyiceberg.io.fsspec import FsspecFileIO
        from pyiceberg.schema import Schema
        from pyiceberg.types import LongType, NestedField, StringType

        self.place, self.io = place, FsspecFileIO({})
        self.schema = Schema(NestedField(1, "id", LongType(), required=False), NestedField(2, "region", StringType(), required=False))
        (place / "metadata").mkdir(parents=True)
        (place / "data").mkdir()

    def file(self, name, select, content=0):
        """A data file (or one of deletes) of these rows."""
        from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
        from pyiceberg.typedef import Record

        path = self.place / "data" / f"{name}.parquet"
        duckdb.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
        return DataFile.from_args(
            content=DataFileContent(content),
            file_path=f"file://{path}",
            file_format=FileFormat.PARQUET,
            partition=Record(),
            record_count=1,
            file_size_in_bytes=path.stat().st_size,
            spec_id=0,
        )

    def commit(self, number, files, deletes=(), schemas=None):
        """Write the metadata of a snapshot that is these files."""
        from pyiceberg.manifest import ManifestContent, ManifestEntry, ManifestEntryStatus, write_manifest, write_manifest_list
        from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC

        manifests = []
        for content, of in ((ManifestContent.DATA, files), (ManifestContent.DELETES, deletes)):
            if of:
                output = self.io.new_output(f"file://{self.place}/metadata/m{number}-{content.value}.avro")
                with write_manifest(2, UNPARTITIONED_PARTITION_SPEC, self.schema, output, number, "null") as writer:
                    writer.content = lambda content=content: content
                    for one in of:
                        writer.add_entry(ManifestEntry.from_args(status=ManifestEntryStatus.ADDED, snapshot_id=number, sequence_number=number, data_file=one))
                manifests.append(writer.to_manifest_file())
        listing = f"file://{self.place}/metadata/snap-{number}.avro"
        with write_manifest_list(2, self.io.new_output(listing), number, None, number, "null") as writer:
            writer.add_manifests(manifests)
        schemas = schemas or [self.schema]
        document = {
            "format-version": 2,
            "table-uuid": "9c12d441-03fe-4693-9a96-a0705ddf69c1",
            "location": f"file://{self.place}",
            "last-sequence-number": number,
            "last-updated-ms": 1_717_200_000_000,
            "last-column-id": 2,
            "schemas": [json.loads(s.model_dump_json()) | {"schema-id": n} for n, s in enumerate(schemas)],
            "current-schema-id": len(schemas) - 1,
            "partition-specs": [{"spec-id": 0, "fields": []}],
            "default-spec-id": 0,
            "last-partition-id": 999,
            "sort-orders": [{"order-id": 0, "fields": []}],
            "default-sort-order-id": 0,
            "current-snapshot-id": number,
            "snapshots": [
                {
                    "snapshot-id": number,
                    "sequence-number": number,
                    "timestamp-ms": 1_717_200_000_000,
                    "manifest-list": listing,
                    "summary": {"operation": "append"},
                }
            ],
        }
        (self.place / "metadata" / f"v{number}.metadata.json").write_text(json.dumps(document))


@pytest.fixture
def iceberg(tmp_path):
    """A table of two files, with a third in its folder that no snapshot knows."""
    pytest.importorskip("pyiceberg")
    table = Iceberg(tmp_path / "orders")
    table.file("orphan", "SELECT 99::BIGINT AS id, 'nowhere' AS region")
    table.files = [table.file("a", "SELECT 1::BIGINT AS id, 'EMEA' AS region"), table.file("b", "SELECT 2::BIGINT AS id, 'APAC' AS region")]
    table.commit(1, table.files[:1])
    table.commit(2, table.files)
    return table


def test_an_iceberg_table_is_the_files_of_its_current_snapshot(engine, iceberg, tmp_path):
    """And nothing else that lies in its folder."""
    source = source_of("iceberg://orders", tmp_path)
    assert rows(engine, source) == ((1, "EMEA"), (2, "APAC"))
    assert engine.snapshot(source) == datetime(2024, 6, 1)
    older = source_of("iceberg://orders/metadata/v1.metadata.json", tmp_path)
    assert rows(engine, older) == ((1, "EMEA"),)


def test_an_iceberg_table_with_delete_files_is_refused(engine, iceberg, tmp_path):
    """Rows that were deleted are still in its files."""
    deletes = iceberg.file("d", "SELECT 'a' AS file_path, 0::BIGINT AS pos", content=1)
    iceberg.commit(3, iceberg.files, deletes=[deletes])
    with pytest.raises(WrongCatalog, match="deleted rows that are still in its files"):
        rows(engine, source_of("iceberg://orders", tmp_path))


def test_an_iceberg_table_with_renamed_columns_is_refused(engine, iceberg, tmp_path):
    """Its older files have the older names."""
    from pyiceberg.schema import Schema
    from pyiceberg.types import LongType, NestedField, StringType

    renamed = Schema(NestedField(1, "id", LongType(), required=False), NestedField(2, "territory", StringType(), required=False))
    iceberg.commit(3, iceberg.files, schemas=[iceberg.schema, renamed])
    with pytest.raises(WrongCatalog, match=r"renamed .* AS SELECT"):
        rows(engine, source_of("iceberg://orders", tmp_path))


def test_a_glue_table_is_the_files_of_its_partitions(bucket, s3, monkeypatch):
    """Where its catalog says; a folder that is no partition of it does not belong to it, and a partition elsewhere is refused."""
    import boto3

    monkeypatch.setenv("AWS_ENDPOINT_URL_GLUE", bucket.proxy.endpoint)
    glue = boto3.client("glue", region_name="us-east-1")
    storage = {"Location": f"s3://{bucket.name}/orders", "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "Columns": []}
    keys = [{"Name": "year", "Type": "int"}, {"Name": "month", "Type": "string"}]
    glue.create_database(DatabaseInput={"Name": bucket.name})
    glue.create_table(DatabaseName=bucket.name, TableInput={"Name": "orders", "StorageDescriptor": storage, "PartitionKeys": keys})
    for month in ("04", "05"):
        place = storage | {"Location": f"s3://{bucket.name}/orders/year=2023/month={month}"}
        glue.create_partition(DatabaseName=bucket.name, TableName="orders", PartitionInput={"Values": ["2023", month], "StorageDescriptor": place})
    engine = bucket.engine()
    source = Source(paths=(f"glue://{bucket.name}/orders",), format="parquet", hive=True)
    (row,) = engine.run(Query(sql=f"SELECT count(*), min(ordered_on)::VARCHAR FROM {engine.relation(source)}")).rows
    assert row == (8000, "2023-04-01")
    elsewhere = storage | {"Location": f"s3://{bucket.name}/elsewhere"}
    glue.create_partition(DatabaseName=bucket.name, TableName="orders", PartitionInput={"Values": ["2023", "06"], "StorageDescriptor": elsewhere})
    with pytest.raises(WrongCatalog, match="elsewhere"):
        bucket.engine().relation(source)


def test_a_file_of_a_table_that_is_gone_is_named(engine, iceberg, tmp_path):
    """Rather than left out."""
    shutil.move(iceberg.place / "data" / "b.parquet", tmp_path / "b.parquet")
    from insights.lake.failures import Replaced

    with pytest.raises(Replaced, match=r"b\.parquet belongs to a table but is gone"):
        rows(engine, source_of("iceberg://orders", tmp_path))
