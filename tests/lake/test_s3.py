"""Questions over S3: the same figures as over the files themselves, in few requests, whatever the store and the network do."""

import gzip
import os
import shutil
import time
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import duckdb
import pytest

from insights.errors import DeadlinePassed, OutsideFailed
from insights.lake import listings
from insights.lake.failures import Damaged, Unreachable
from insights.lake.source import Source
from insights.lake.vouching import manifest_of
from insights.lake.waiting import waiting
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query, Span
from tests.lake.faults import Fault, is_listing, is_read

MAY = Span(column="ordered_on", first=date(2023, 5, 1), after=date(2023, 6, 1))


def total(engine, source, span=MAY, deadline=None):
    """Amount by region within the span, as the engine has it."""
    with waiting(deadline):
        relation = engine.relation(source, span=span)
    sql = f"SELECT region, round(sum(amount), 2) FROM {relation} AS o WHERE ordered_on >= ? AND ordered_on < ? GROUP BY 1 ORDER BY 1"
    return engine.run(Query(sql=sql, parameters=(span.first, span.after)), deadline=deadline).rows


@pytest.fixture(scope="module")
def by_hand(months):
    """What one query over the files themselves gives for May 2023."""
    sql = f"SELECT region, round(sum(amount), 2) FROM '{months}/year=2023/month=05/*.parquet' GROUP BY 1 ORDER BY 1"
    return tuple(duckdb.execute(sql).fetchall())


def later(monkeypatch):
    """The next question belongs to another moment: the store is looked at again."""
    monkeypatch.setattr(listings, "CURRENT", 0.0)


def test_figures_are_those_of_the_files(bucket, by_hand):
    """By region, for one month of six."""
    assert total(bucket.engine(), bucket.source) == by_hand


def test_a_month_costs_few_requests_and_asking_again_one(bucket, by_hand, tmp_path, monkeypatch):
    """Once the footers are known, only the month's file is read; the repetition lists, in the same process and in another with the same cache."""
    total(bucket.engine(tmp_path), bucket.source)
    os.rename(tmp_path / "blocks", tmp_path / "gone")
    bucket.proxy.clear()
    engine = bucket.engine(tmp_path)
    assert total(engine, bucket.source) == by_hand
    assert len(bucket.proxy.seen) <= 6
    assert {unquote(path.partition("?")[0]) for path in bucket.proxy.gets()} == {f"/{bucket.name}/{bucket.key(2023, 5)}"}
    later(monkeypatch)
    for again in (engine, bucket.engine(tmp_path)):
        bucket.proxy.clear()
        assert total(again, bucket.source) == by_hand
        assert len(bucket.proxy.seen) == 1


def test_only_the_partitions_of_the_asked_days_are_listed(bucket, by_hand, monkeypatch):
    """Where the whole takes more pages than they do; a file that is new in such a partition is found."""
    monkeypatch.setattr(listings.S3, "PAGE", 2)
    engine = bucket.engine()
    total(engine, bucket.source)
    later(monkeypatch)
    bucket.proxy.clear()
    assert total(engine, bucket.source) == by_hand
    assert [path for _, path in bucket.proxy.seen if "month%3D04" in path or "year%3D2024" in path] == []
    assert any("month%3D05" in path for _, path in bucket.proxy.seen)
    data = bucket.client.get_object(Bucket=bucket.name, Key=bucket.key(2023, 5))["Body"].read()
    bucket.put("orders/year=2023/month=05/part-1.parquet", data)
    assert total(engine, bucket.source) == tuple((region, 2 * amount) for region, amount in by_hand)


def test_rows_outside_their_partition_are_found(bucket, monkeypatch):
    """Partitions of the day of loading are no days of ordering: nothing is left out for a folder's name."""
    monkeypatch.setattr(listings.S3, "PAGE", 2)
    data = bucket.client.get_object(Bucket=bucket.name, Key=bucket.key(2023, 5))["Body"].read()
    bucket.put("orders/year=2024/month=03/late.parquet", data)
    engine = bucket.engine()
    once = total(engine, bucket.source)
    later(monkeypatch)
    assert total(engine, bucket.source) == once
    (count,) = engine.run(Query(sql=f"SELECT count(*) FROM {engine.relation(bucket.source, span=MAY)} AS o WHERE month(ordered_on) = 5")).rows
    assert count == (8000,)


@pytest.mark.parametrize("what", [is_read, is_listing])
def test_a_busy_store_is_asked_again(bucket, by_hand, what):
    """One 503 SlowDown costs an attempt, not the answer, and nothing is counted twice."""
    bucket.proxy.faults.append(Fault(meets=what, times=1, busy=True))
    assert total(bucket.engine(), bucket.source) == by_hand


def test_a_store_that_stays_busy_is_named(bucket):
    """After two attempts for each range, and no third."""
    engine = bucket.engine()
    engine.relation(bucket.source)
    bucket.proxy.clear()
    bucket.proxy.faults.append(Fault(meets=is_read, busy=True))
    with pytest.raises(Unreachable, match="could not be read from the data lake") as refused:
        total(engine, bucket.source)
    assert "SlowDown" in refused.value.reference
    assert len(bucket.proxy.gets()) in (2, 4)  # the engine may have read two ranges at once


def test_a_slow_store_is_waited_for_no_longer_than_the_person_does(bucket):
    """The refusal comes at the deadline, while listing and while reading.

    The store answers too late for the client as well, which gives it up by itself after two tries of two seconds: a refusal before that is the deadline's.
    """
    for what in (is_listing, is_read):
        engine = bucket.engine()
        bucket.proxy.clear()
        bucket.proxy.faults.append(Fault(meets=what, wait=6))
        began = time.monotonic()
        with pytest.raises(DeadlinePassed):
            total(engine, bucket.source, deadline=began + 0.5) if what is is_listing else _read_late(engine, bucket, began)
        assert time.monotonic() - began < 4


def _read_late(engine, bucket, began):
    query = Query(sql=f"SELECT sum(amount) FROM 'lake://{_opened(engine, bucket)}'")
    engine.run(query, deadline=began + 0.5)


def _opened(engine, bucket):
    state = engine._lake.states(bucket.source)[0]
    return engine._lake.opened(bucket.source, state).removeprefix("lake://")


def test_a_body_that_was_cut_is_read_again(bucket, by_hand):
    """It is an attempt like any other."""
    bucket.proxy.faults.append(Fault(meets=is_read, times=1, cut=True))
    assert total(bucket.engine(), bucket.source) == by_hand


def test_a_file_replaced_while_it_is_read_gives_the_new_figures(bucket, by_hand, months):
    """Never a mixture: the query is run once more over the file as it is then."""
    engine = bucket.engine()
    total(engine, bucket.source, Span(column="ordered_on", first=date(2023, 6, 1), after=date(2023, 7, 1)))
    path = months / "year=2023" / "month=05" / "part-0.parquet"
    new = duckdb.execute(f"COPY (SELECT * REPLACE (amount * 2 AS amount) FROM '{path}') TO '{months}/../new.parquet' (FORMAT parquet)")
    assert new is not None
    data = (months / ".." / "new.parquet").read_bytes()
    bucket.proxy.faults.append(Fault(meets=is_read, times=1, before=lambda: bucket.put(bucket.key(2023, 5), data)))
    assert total(engine, bucket.source) == tuple((region, 2 * amount) for region, amount in by_hand)


def test_a_manifest_refuses_what_it_does_not_know(bucket, by_hand, tmp_path, monkeypatch):
    """A replaced, an added and a removed object, each by name and with the age of the last good answer."""
    later(monkeypatch)
    now = [1_000_000.0]
    plain = bucket.engine()
    manifest = manifest_of((bucket.source,), plain._lake, plain.facts, now=0.0)
    engine = bucket.engine(tmp_path, manifest=manifest, clock=lambda: now[0])
    assert total(engine, bucket.source) == by_hand
    assert engine.trust(bucket.source) == "manifest"
    now[0] += 7200
    kept = bucket.client.get_object(Bucket=bucket.name, Key=bucket.key(2023, 5))["Body"].read()
    bucket.put(bucket.key(2023, 5), kept[:-9] + b"x" + kept[-8:])
    with pytest.raises(
        Damaged, match=r"^orders/year=2023/month=05/part-0.parquet is not .* its ETag is another. The last good answer from these files was 2 hours ago."
    ):
        total(engine, bucket.source)
    bucket.put(bucket.key(2023, 5), kept)
    assert total(engine, bucket.source) == by_hand
    bucket.put("orders/year=2023/month=05/more.parquet", kept)
    with pytest.raises(Damaged, match=r"^orders/year=2023/month=05/more.parquet .* nobody vouched for it"):
        total(engine, bucket.source)
    bucket.client.delete_object(Bucket=bucket.name, Key="orders/year=2023/month=05/more.parquet")
    bucket.client.delete_object(Bucket=bucket.name, Key=bucket.key(2023, 7))
    with pytest.raises(Damaged, match="it is gone"):
        total(engine, bucket.source)


def test_bytes_damaged_on_their_way_are_fetched_again_and_else_refused(bucket, by_hand):
    """With a manifest every block is checked, not only the ETag that came with it."""
    plain = bucket.engine()
    manifest = manifest_of((bucket.source,), plain._lake, plain.facts, now=0.0)
    flipped = Fault(meets=is_read, times=1, change=lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 4]) + data[len(data) // 2 + 1 :])
    bucket.proxy.faults.append(flipped)
    assert total(bucket.engine(manifest=manifest), bucket.source) == by_hand
    flipped.times = 1_000_000
    with pytest.raises(Damaged, match="its content is another"):
        total(bucket.engine(manifest=manifest), bucket.source)


def test_a_cache_that_was_tampered_with_is_not_believed(bucket, by_hand, tmp_path):
    """Blocks are checked when they are read back, and fetched again."""
    assert total(bucket.engine(tmp_path), bucket.source) == by_hand
    for path in (tmp_path / "blocks").rglob("*-*"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    assert total(bucket.engine(tmp_path), bucket.source) == by_hand


def test_a_bucket_that_does_not_exist_is_said(bucket):
    """In words, with the store's own for whoever looks into it."""
    bucket.proxy.clear()
    with pytest.raises(OutsideFailed) as refused:
        bucket.engine().relation(replace(bucket.source, paths=("s3://no-such-bucket/x/*.parquet",)))
    assert "NoSuchBucket" in refused.value.reference


@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_csv_in_s3_is_read_as_on_disk(bucket, ending, monkeypatch):
    """Also compressed, and again when the object was replaced."""
    later(monkeypatch)
    for amounts, told in (("1.5\n2", 3.5), ("1.5\n2\n4", 7.5)):
        data = f"amount\n{amounts}\n".encode()
        bucket.put(f"small/x.{ending}", gzip.compress(data) if ending.endswith("gz") else data)
        engine = bucket.engines[0] if bucket.engines else bucket.engine()
        source = Source(paths=(f"s3://{bucket.name}/small/*.{ending}",), format="csv")
        assert engine.run(Query(sql=f"SELECT sum(amount) FROM {engine.relation(source)}")).rows == ((told,),)


def test_a_file_that_cannot_be_read_is_told_by_its_place_in_the_table(bucket):
    """Every month has a part-0: which of them it is, and neither the bucket nor the server."""
    engine = bucket.engine()
    engine.columns(bucket.source)
    bucket.proxy.faults.append(Fault(meets=lambda method, path: is_read(method, path) and "month=05" in unquote(path), busy=True))
    with pytest.raises(OutsideFailed, match=r"^orders/year=2023/month=05/part-0.parquet could not be read from the data lake\.") as failed:
        total(engine, bucket.source)
    assert bucket.name not in str(failed.value)
    assert "127.0.0.1" not in str(failed.value)


def test_a_damaged_file_on_this_machine_is_told_by_its_place_in_the_table(months, tmp_path):
    """Nobody vouched for it, so that only the engine finds out: which file it is, and not where this machine keeps it."""
    shutil.copytree(months, tmp_path / "orders")
    engine, source = DuckDB(allowed=[str(tmp_path)]), Source(paths=(f"{tmp_path}/orders/**/*.parquet",), format="parquet", hive=True)
    damaged = tmp_path / "orders" / "year=2023" / "month=06" / "part-0.parquet"
    june = Span(column="ordered_on", first=date(2023, 6, 1), after=date(2023, 7, 1))
    total(engine, source, june)
    whole, now = damaged.read_bytes(), damaged.stat()
    sql = f"SELECT data_page_offset, total_compressed_size FROM parquet_metadata('{damaged}') WHERE path_in_schema = 'amount' AND row_group_id = 0"
    ((start, size),) = duckdb.execute(sql).fetchall()
    damaged.write_bytes(whole[: start + size // 2] + bytes(255 - byte for byte in whole[start + size // 2 : start + size]) + whole[start + size :])
    os.utime(damaged, ns=(now.st_atime_ns, now.st_mtime_ns))
    with pytest.raises(OutsideFailed, match=r"^orders/year=2023/month=06/part-0.parquet could not be read\.") as failed:
        total(engine, source, june)
    assert str(tmp_path) not in str(failed.value)
    assert str(damaged) in str(failed.value.reference)
    engine.close()
