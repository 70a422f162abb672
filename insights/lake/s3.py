"""S3 and what speaks its language: listings and ranges of bytes, each within the time a person waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from typing import Any, TypeVar

from insights.errors import DeadlinePassed, OutsideFailed, WrongSettings
from insights.lake.clients import WAITING, Access, client
from insights.lake.failures import Replaced, Unreachable

ATTEMPTS = 2
READ = 2.0
"""Seconds for each silence while reading."""
PAUSE = 0.1
"""Seconds between two attempts."""
_GONE = ("404", "NoSuchKey", "NotFound")
_CHANGED = ("412", "PreconditionFailed")
_BUSY = ("SlowDown", "503", "429", "Throttling", "ThrottlingException", "RequestTimeout", "InternalError", "500")
Got = TypeVar("Got")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An object as a listing tells it."""

    key: str
    size: int
    etag: str


@dataclass(slots=True)
class Traffic:
    """What has been asked of the store so far."""

    lists: int = 0
    gets: int = 0
    received: int = 0


class S3:
    """Listings and ranges. Safe to call from many threads; a client is made when the first call needs one."""

    PAGE = 1_000
    """Objects of a page of a listing: the most that S3 gives."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._lock = threading.Lock()
        self._made: dict[str, Any] = {}
        self._pool = ThreadPoolExecutor(max_workers=WAITING, thread_name_prefix="lake")
        self.traffic = Traffic()

    def listed(self, bucket: str, prefix: str, *, deadline: float | None = None) -> tuple[tuple[Listed, ...], int]:
        """Every object whose key starts with `prefix`, and how many pages that took. Raises Unreachable, DeadlinePassed."""
        found: list[Listed] = []
        pages, after = 0, None
        while True:
            page = self._page(bucket, prefix, after, None, deadline)
            found += [Listed(key=o["Key"], size=o["Size"], etag=o["ETag"]) for o in page.get("Contents", ())]
            pages, after = pages + 1, page.get("NextContinuationToken")
            if after is None:
                return tuple(found), pages

    def folders(self, bucket: str, prefix: str, *, deadline: float | None = None) -> tuple[str, ...]:
        """The folders directly below `prefix`, which ends in a slash; each ends in one too."""
        found: list[str] = []
        after = None
        while True:
            page = self._page(bucket, prefix, after, "/", deadline)
            found += [p["Prefix"] for p in page.get("CommonPrefixes", ())]
            after = page.get("NextContinuationToken")
            if after is None:
                return tuple(found)

    def read(self, bucket: str, key: str, etag: str, start: int, stop: int, *, name: str = "", deadline: float | None = None) -> bytes:
        """The bytes from `start` to before `stop` of the object with this very ETag; people are told its `name`, the last of its key without one.

        Raises Replaced when it is another object by now, Unreachable, DeadlinePassed.
        """

        def get() -> bytes:
            self.traffic.gets += 1
            answer = self._client("s3").get_object(Bucket=bucket, Key=key, Range=f"bytes={start}-{stop - 1}", IfMatch=etag)
            body: bytes = answer["Body"].read()
            if answer["ETag"] != etag:  # a store that does not know If-Match
                raise _changed(name or _name(key), f"s3://{bucket}/{key}")
            if len(body) != stop - start:
                raise OSError(f"{len(body)} bytes came instead of {stop - start}")
            self.traffic.received += len(body)
            return body

        return self.tried(f"s3://{bucket}/{key}", get, deadline, name)

    def glue(self) -> Any:
        """A client of the Glue catalog."""
        return self._client("glue")

    def client(self, service: str) -> Any:
        """boto3's client of another service, reached with the same credentials."""
        return self._client(service)

    def tried(self, what: str, call: Callable[[], Got], deadline: float | None, name: str = "") -> Got:
        """What `call` returns, tried twice, within the time left; people are told the `name` of what it reads, the last of `what` without one."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(PAUSE)
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise _late(what, reason)
            try:
                return self._pool.submit(call).result(timeout=left)
            except NotInTime:
                raise _late(what, reason) from None
            except NoCredentialsError as error:
                raise WrongSettings("There are no credentials for S3.", remedy="Set them as boto3 reads them, or name a `profile` under [lake].") from error
            except ClientError as error:
                reason = _said(error)
                _give_up(name or _name(what), what, error)
            except (BotoCoreError, OSError) as error:
                reason = f"{type(error).__name__}: {error}"
        raise Unreachable(
            f"{name or _name(what)} could not be read from the data lake.",
            remedy="Try again in a while.",
            reference=f"{what}: {reason}, after {ATTEMPTS} attempts",
        )

    def _page(self, bucket: str, prefix: str, after: str | None, delimiter: str | None, deadline: float | None) -> Any:
        def page() -> Any:
            self.traffic.lists += 1
            options = {"ContinuationToken": after} if after else {}
            options |= {"Delimiter": delimiter} if delimiter else {}
            return self._client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=self.PAGE, **options)

        return self.tried(f"s3://{bucket}/{prefix}", page, deadline)

    def _client(self, service: str) -> Any:
        with self._lock:
            if service not in self._made:
                self._made[service] = self._make(service)
            return self._made[service]

    def _make(self, service: str) -> Any:
        tries = ATTEMPTS if service == "athena" else 1  # of reading, attempts are counted here, where a body that was cut is one as well
        return client(service, self._access, "lake", read=READ, at=self._access.endpoint_url if service == "s3" else None, tries=tries)


def _give_up(name: str, what: str, error: Any) -> None:
    """Raise what trying again cannot mend."""
    code, status = str(error.response.get("Error", {}).get("Code", "")), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _CHANGED or code in _GONE:
        raise _changed(name, what) from error
    if status < 500 and status != 429 and code not in _BUSY:
        raise OutsideFailed(f"{name} may not be read, or is not there.", remedy="Tell whoever runs this.", reference=f"{what}: {_said(error)}") from error


def _changed(name: str, what: str) -> Replaced:
    return Replaced(f"{name} was replaced while it was read.", remedy="Ask again.", reference=f"{what}: its ETag is no longer that of the listing")


def _late(what: str, reason: str) -> DeadlinePassed:
    return DeadlinePassed(
        "The data lake did not answer in time.", remedy="Try again in a while.", reference=f"{what}: {reason or 'no answer'} before the deadline"
    )


def _said(error: Any) -> str:
    return f"{error.response.get('Error', {}).get('Code', '')} {error.response.get('Error', {}).get('Message', '')}".strip()


def _name(what: str) -> str:
    return what.rstrip("/").rsplit("/", 1)[-1]
