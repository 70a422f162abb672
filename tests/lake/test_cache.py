"""Blocks on disk: bounded, checked, shared by threads and processes; settings and roles that lead to S3."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from insights.errors import WrongSettings
from insights.lake.cache import BlockCache
from insights.lake.configured import lake_of
from insights.lake.listings import Listings
from insights.lake.manifest import Manifest, Vouched, read, write
from insights.lake.s3 import S3

WRITER = """
import sys
from pathlib import Path
from insights.lake.cache import BlockCache
cache = BlockCache(Path(sys.argv[1]), limit=400_000, memory=0)
for n in range(200):
    cache.put("shared", n % 50, bytes([n % 50]) * 4_000)
    data = cache.get("shared", n % 50)
    assert data is None or data == bytes([n % 50]) * 4_000, n
"""


def test_the_disk_keeps_no_more_than_its_limit(tmp_path):
    """The least recently used go first."""
    cache = BlockCache(tmp_path, limit=100_000, memory=0)
    for number in range(100):
        cache.put("version", number, bytes(4_000))
        os.utime(tmp_path / "ve" / f"version-{number}", (number, number))
        assert cache.size() <= 110_000
    assert cache.get("version", 99) == bytes(4_000)
    assert cache.get("version", 0) is None


def test_a_block_that_was_changed_or_moved_is_no_block(tmp_path):
    """It is removed, and missing."""
    cache = BlockCache(tmp_path, memory=0)
    cache.put("version", 1, b"one")
    place = tmp_path / "ve" / "version-1"
    place.rename(tmp_path / "ve" / "version-2")
    assert cache.get("version", 2) is None
    cache.put("version", 1, b"one")
    place.write_bytes(place.read_bytes()[:-1])
    assert cache.get("version", 1) is None
    assert not place.exists()


def test_processes_and_threads_share_a_cache(tmp_path):
    """What one reads is whole, whatever the others write and evict."""
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(2)]
    cache = BlockCache(tmp_path, limit=400_000, memory=0)

    def both(number):
        cache.put("shared", number, bytes([number]) * 4_000)
        return cache.get("shared", number) in (None, bytes([number]) * 4_000)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(both, list(range(50)) * 4))
    assert [process.wait() for process in running] == [0, 0]


def test_a_disk_that_cannot_be_written_to_only_costs_fetching_again(tmp_path):
    """What is in memory still serves."""
    (tmp_path / "file").write_text("in the way")
    cache = BlockCache(tmp_path / "file")
    cache.put("version", 1, b"one")
    assert cache.get("version", 1) == b"one"


@pytest.mark.parametrize(
    ("options", "named"), [({"regoin": "x"}, "region"), ({"cache_limit": "plenty"}, "cache_limit"), ({"endpoint_url": "s3"}, "endpoint_url")]
)
def test_a_setting_that_cannot_be_used_is_named(options, named, tmp_path):
    """Rather than ignored."""
    with pytest.raises(WrongSettings, match=named):
        lake_of(options, tmp_path, None)


def test_a_manifest_moves_with_its_files_and_tells_when_it_was_changed(tmp_path):
    """Paths are kept as they lie to it; a changed one is refused, a missing one is none."""
    (tmp_path / "a").mkdir()
    path, moved = str(tmp_path / "a" / "x.parquet"), str(tmp_path / "b" / "x.parquet")
    vouched = Vouched(size=3, etag=None, sha256="ab", blocks=b"0123456789abcdef", notes="noted")
    write(Manifest(written=5.0, sources={path: {path: vouched}}), tmp_path / "a" / "m.json")
    (tmp_path / "a").rename(tmp_path / "b")
    assert read(tmp_path / "b" / "m.json") == Manifest(written=5.0, sources={moved: {moved: vouched}})
    place = tmp_path / "b" / "m.json"
    place.write_text(place.read_text().replace('"size": 3', '"size": 4'))
    with pytest.raises(WrongSettings, match="changed after it was written"):
        read(place)
    assert read(tmp_path / "none.json") is None


def test_a_role_is_assumed_through_sts(bucket, monkeypatch):
    """Once, before the first request, and its credentials are what S3 sees."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", bucket.proxy.endpoint)
    s3 = S3(replace(bucket.access, role_arn="arn:aws:iam::123456789012:role/insights-reader"))
    bucket.proxy.clear()
    assert len(Listings(s3).states(bucket.source.paths[0])) == 6
    assert [method for method, _ in bucket.proxy.seen] == ["POST", "GET"]
