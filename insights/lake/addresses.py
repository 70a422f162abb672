"""Addresses in S3 as catalogs write them: a bucket, what every key starts with, and a pattern of keys."""

from __future__ import annotations

import re
from dataclasses import dataclass

SCHEME = "s3://"
_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Keys of `bucket` that start with `prefix` and match `pattern`."""

    bucket: str
    prefix: str
    pattern: re.Pattern[str]


def address(path: str) -> Address:
    """The parts of an s3:// address. A key without a star is itself; `*` stays within a folder, `**` does not.

    >>> found = address("s3://lake/orders/year=*/**/*.parquet")
    >>> found.bucket, found.prefix, bool(found.pattern.fullmatch("orders/year=2024/month=05/a.parquet"))
    ('lake', 'orders/', True)
    """
    bucket, _, key = path.removeprefix(SCHEME).partition("/")
    magic = _MAGIC.search(key)
    prefix = key[: key.rfind("/", 0, magic.start()) + 1] if magic else key
    return Address(bucket=bucket, prefix=prefix, pattern=re.compile(_translated(key) if magic else re.escape(key)))


def _translated(pattern: str) -> str:
    """The glob as a regular expression over whole keys."""
    written, n = "", 0
    while n < len(pattern):
        if pattern.startswith("**/", n):
            written, n = written + "(?:.*/)?", n + 3
        elif pattern.startswith("**", n):
            written, n = written + ".*", n + 2
        elif pattern[n] == "*":
            written, n = written + "[^/]*", n + 1
        elif pattern[n] == "?":
            written, n = written + "[^/]", n + 1
        elif pattern[n] == "[" and (end := pattern.find("]", n + 2)) > 0:
            inside = pattern[n + 1 : end]
            written, n = written + f"[{'^' + re.escape(inside[1:]) if inside[0] == '!' else re.escape(inside).replace(chr(92) + '-', '-')}]", end + 1
        else:
            written, n = written + re.escape(pattern[n]), n + 1
    return written
