"""Endpoints of Amazon SageMaker: what goes in, what comes out, within the time a person waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from typing import Any

from insights.errors import DeadlinePassed, OutsideFailed, WrongSettings, nearest
from insights.lake.clients import Access, client

ATTEMPTS = 2
PAUSE = 0.2
"""Seconds between two attempts."""
LONGEST = 60.0
"""Seconds that SageMaker gives a model to answer."""
_AT_ONCE = 16
_KEYS = ("endpoint_url", "region", "profile", "role_arn")
_BUSY = ("ThrottlingException", "Throttling", "TooManyRequestsException", "ModelNotReadyException", "ServiceUnavailable", "InternalFailure")
_SHOWN = 300


def access_of(options: Mapping[str, object]) -> Access:
    """How endpoints are reached, as the settings under [models] say. Raises WrongSettings naming a setting that cannot be used."""
    unknown = next((key for key in options if key not in _KEYS), None)
    if unknown is not None:
        raise WrongSettings(f"Unknown setting 'models.{unknown}'.", remedy=nearest(unknown, _KEYS), options=_KEYS)
    said = {key: str(value) for key, value in options.items() if value not in (None, "")}
    endpoint = said.get("endpoint_url")
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise WrongSettings(f"models.endpoint_url is {endpoint!r}, which is no address.", remedy="Write it like https://runtime.sagemaker.example.com.")
    return Access(endpoint_url=endpoint, region=said.get("region"), profile=said.get("profile"), role_arn=said.get("role_arn"))


class SageMaker:
    """Invokes endpoints. Safe to call from many threads; a client is made when the first call needs one."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._lock = threading.Lock()
        self._client: Any = None
        self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="models")

    def predict(self, endpoint: str, body: bytes, *, content_type: str, model: str, owner: str, deadline: float | None) -> bytes:
        """What the endpoint answers, as it stands. `model` and `owner` are what people call it and whoever answers for it; `deadline` is of `time.monotonic()`.

        Busy ones are tried again. Raises OutsideFailed (with the model's own message as reference), DeadlinePassed, WrongSettings.
        """
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

        def call() -> bytes:
            answer = self._made().invoke_endpoint(EndpointName=endpoint, Body=body, ContentType=content_type, Accept=content_type)
            found: bytes = answer["Body"].read()
            return found

        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(PAUSE)
            left = LONGEST if deadline is None else min(LONGEST, deadline - time.monotonic())
            if left <= 0:
                raise _late(endpoint, model, reason)
            try:
                return self._pool.submit(call).result(timeout=left)
            except NotInTime:
                raise _late(endpoint, model, reason) from None
            except (NoCredentialsError, NoRegionError) as error:
                raise WrongSettings(f"The model {model} cannot be reached: {error}", remedy="Set it as boto3 reads it, or under [models].") from error
            except ClientError as error:
                reason = _said(error)
                _give_up(endpoint, model, owner, error)
            except (BotoCoreError, OSError) as error:
                reason = f"{type(error).__name__}: {error}"[:_SHOWN]
        raise OutsideFailed(
            f"The model {model} cannot be reached at present, or has too much to do.", remedy="Try again in a while.", reference=f"{endpoint}: {reason}"
        )

    def close(self) -> None:
        """Let go of what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _made(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = client("sagemaker-runtime", self._access, "models", read=LONGEST, at=self._access.endpoint_url)
            return self._client


def _give_up(endpoint: str, model: str, owner: str, error: Any) -> None:
    """Raise what trying again cannot mend."""
    code, status = str(error.response.get("Error", {}).get("Code", "")), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "ModelError":
        raise OutsideFailed(
            f"The model {model} failed on the figures that it was given.", remedy=f"Tell {owner}, who answers for it.", reference=f"{endpoint}: {_said(error)}"
        ) from error
    if code not in _BUSY and status < 500 and status != 429:
        raise OutsideFailed(
            f"The model {model} is not there, or may not be asked from here.", remedy="Tell whoever runs this.", reference=f"{endpoint}: {_said(error)}"
        ) from error


def _said(error: Any) -> str:
    told = error.response.get("Error", {})
    original = error.response.get("OriginalMessage") or ""
    return f"{told.get('Code', '')} {told.get('Message', '')} {original}".strip()[:_SHOWN]


def _late(endpoint: str, model: str, reason: str) -> DeadlinePassed:
    return DeadlinePassed(
        f"The model {model} did not answer in time.",
        remedy="Ask again in a while, or in chat, where there is more time.",
        reference=f"{endpoint}: {reason or 'no answer'} before the deadline",
    )
