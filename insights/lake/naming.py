"""What people are told a file is called: its path within its table, with nothing of the machine or the bucket that it lies in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from insights.lake.addresses import SCHEME
from insights.lake.snapshots import SCHEMES

_MAGIC = re.compile(r"[*?\[]")


def told(path: str, places: Iterable[str] = ()) -> str:
    """The file by the folder of its table and what lies below that; `places` are the paths of its source. A file elsewhere is told by its Hive partitions.

    >>> told("/srv/lake/orders/year=2024/month=05/part-0.parquet", ["/srv/lake/orders/**/*.parquet"])
    'orders/year=2024/month=05/part-0.parquet'
    >>> told("s3://acme/a.parquet", ["s3://acme/*.parquet"]), told("/mnt/x/visits/day=1/hour=2/0.parquet")
    ('a.parquet', 'visits/day=1/hour=2/0.parquet')
    """
    file = _bare(path)
    for place in places:
        folder = _folder(_bare(place))
        if file.startswith(f"{folder}/"):
            return f"{folder.rpartition('/')[2]}{file[len(folder) :]}".lstrip("/")
    folders = file.split("/")
    first = next((number for number, folder in enumerate(folders[:-1]) if "=" in folder), len(folders) - 1)
    return "/".join(folders[max(0, first - 1) :])


def _bare(place: str) -> str:
    """The path without scheme and bucket."""
    place = next((place.removeprefix(scheme) for scheme in SCHEMES if place.startswith(scheme)), place)
    return f"/{place.removeprefix(SCHEME).partition('/')[2]}" if place.startswith(SCHEME) else place


def _folder(place: str) -> str:
    """The folder that a pattern, a file or a table's metadata stands for."""
    if place.endswith(".metadata.json"):
        return place.rpartition("/")[0].removesuffix("/metadata")
    magic = _MAGIC.search(place)
    if magic is None and re.search(r"\.\w+$", place) is None:
        return place.rstrip("/")  # a table's own
    fixed = place[: magic.start()] if magic else place
    return fixed.rpartition("/")[0]
