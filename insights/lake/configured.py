"""The lake as the settings under [lake] describe it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from insights.errors import WrongSettings, nearest
from insights.lake.cache import LIMIT
from insights.lake.clients import Access
from insights.lake.lake import Lake
from insights.lake.manifest import Manifest

FOLDER = Path("cache", "lake")
_KEYS = ("endpoint_url", "region", "profile", "role_arn", "cache_limit")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def lake_of(options: Mapping[str, object], home: Path | None, manifest: Manifest | None) -> Lake:
    """The lake, with its cache in `home` (None: in memory). Raises WrongSettings naming a setting that cannot be used."""
    unknown = next((key for key in options if key not in _KEYS), None)
    if unknown is not None:
        raise WrongSettings(f"Unknown setting 'lake.{unknown}'.", remedy=nearest(unknown, _KEYS), options=_KEYS)
    said = {key: str(value) for key, value in options.items() if key != "cache_limit" and value not in (None, "")}
    endpoint = said.get("endpoint_url")
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise WrongSettings(f"lake.endpoint_url is {endpoint!r}, which is no address.", remedy="Write it like https://s3.example.com.")
    access = Access(endpoint_url=endpoint, region=said.get("region"), profile=said.get("profile"), role_arn=said.get("role_arn"))
    return Lake(folder=home / FOLDER if home is not None else None, access=access, manifest=manifest, cache_limit=size(options.get("cache_limit", LIMIT)))


def size(said: object) -> int:
    """A number of bytes as people write it; 0 keeps nothing on disk. Raises WrongSettings.

    >>> size("2GB"), size("500 MB"), size(0)
    (2000000000, 500000000, 0)
    """
    found = _SIZE.fullmatch(str(said).strip())
    if found is None:
        raise WrongSettings(f"lake.cache_limit is {said!r}, which is no size.", remedy='Write it like "2GB"; 0 keeps nothing on disk.')
    return int(float(found[1]) * _UNITS[found[2].lower()])
