"""One request to another system over HTTP: how long it may take, what is tried again, and whether it may have acted without saying so."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from insights.errors import InsightsError, NotAnswerable, OutcomeUnknown, OutsideFailed, WrongSettings

if TYPE_CHECKING:
    import httpx

SECONDS = 6.0
PATIENCE = 4.0
"""Seconds that are spent on waiting between tries."""
_MAYBE_ACTED = frozenset({500, 502, 504})
_BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back: `status`, the JSON `body` (None without one), `headers` in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Web:
    """Requests to one system (`name` is what people call it). Safe to use from many threads; opened when it is first needed.

    A request that only asks is tried again while there is patience. One that `acts` is tried again only when the system said that it did nothing (429, 503,
    no connection); when nobody can tell, OutcomeUnknown is raised: look first. Raises OutsideFailed (worth trying later), WrongSettings (credentials),
    NotAnswerable (the system refuses what was sent, in its own words).
    """

    def __init__(
        self,
        base_url: str,
        *,
        name: str,
        headers: Callable[[], Mapping[str, str]] = dict,
        seconds: float = SECONDS,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._name = name
        self._headers = headers
        self._seconds = seconds
        self._patience = patience
        self._sleep = sleep
        self._client: httpx.Client | None = None

    def get(self, path: str, *, params: Mapping[str, str] | None = None, missing: bool = False) -> Answered:
        """Ask. With `missing` a 404 is an answer."""
        return self.send("GET", path, params=params, allowed=(404,) if missing else ())

    def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        content: bytes | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        acts: bool = False,
        allowed: tuple[int, ...] = (),
    ) -> Answered:
        """Send it and return what came back with a status below 400, or one of `allowed`."""
        left, pause = self._patience, 0.25
        while True:
            try:
                reply = self._once(method, path, json=json, params=params, data=data, content=content, files=files, headers=headers, acts=acts)
            except OutcomeUnknown:
                raise
            except OutsideFailed:
                if left < pause:
                    raise
                wait = pause
            else:
                if reply.status < 400 or reply.status in allowed:
                    return reply
                error = self._error(reply, acts=acts)
                wait = _asked_to_wait(reply.headers, pause) if reply.status in _BUSY else pause
                if type(error) is not OutsideFailed or wait > left:
                    raise error
            self._sleep(wait)
            left, pause = left - wait, pause * 2

    def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _once(self, method: str, path: str, *, headers: Mapping[str, str] | None, acts: bool, **content: Any) -> Answered:
        import httpx

        client = self._client
        if client is None:
            client = self._client = httpx.Client(timeout=httpx.Timeout(self._seconds, connect=min(3.0, self._seconds)), follow_redirects=False)
        try:
            reply = client.request(method, f"{self._base}{path}", headers={**self._headers(), **(headers or {})}, **content)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise OutsideFailed(f"{self._name} cannot be reached.", remedy="Try again later.", reference=type(error).__name__) from None
        except httpx.InvalidURL:
            raise WrongSettings(f"The address of {self._name} is not one: {self._base[:100]}.", remedy="Correct it in the settings.") from None
        except httpx.TransportError as error:  # it was on its way
            if acts:
                raise self._unknown(type(error).__name__) from None
            raise OutsideFailed(f"{self._name} did not answer.", remedy="Try again later.", reference=type(error).__name__) from None
        return Answered(status=reply.status_code, body=_body(reply), headers={name.lower(): value for name, value in reply.headers.items()})

    def _error(self, reply: Answered, *, acts: bool) -> InsightsError:
        reference = f"{self._name} HTTP {reply.status}"
        if reply.status in (401, 403):
            return WrongSettings(f"{self._name} does not accept our credentials (HTTP {reply.status}).", remedy="Check the account in the settings.")
        if reply.status in _BUSY:
            return OutsideFailed(f"{self._name} is busy.", remedy="Try again in a few minutes.", reference=reference)
        if reply.status >= 500 and acts and reply.status in _MAYBE_ACTED:
            return self._unknown(reference)
        if reply.status >= 500:
            return OutsideFailed(f"{self._name} has a problem.", remedy="Try again later.", reference=reference)
        if 300 <= reply.status < 400:
            return WrongSettings(f"{self._name} is somewhere else (HTTP {reply.status}).", remedy="Correct its address in the settings.")
        return NotAnswerable(f"{self._name} refuses that: {_said(reply.body)}", remedy="Change it and try again.")

    def _unknown(self, reference: str) -> OutcomeUnknown:
        return OutcomeUnknown(f"{self._name} did not say whether it was done. I'm not sure yet, I'm checking.", remedy="I'll tell you.", reference=reference)


def _body(reply: httpx.Response) -> Any:
    try:
        return reply.json() if reply.content else None
    except ValueError:
        return None


def _asked_to_wait(headers: Mapping[str, str], otherwise: float) -> float:
    """What Retry-After says, in seconds or as a date."""
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return otherwise


def _said(body: Any) -> str:
    """What a refusal says for people, whatever its form; at most a line."""
    if isinstance(body, Mapping):
        inner = body.get("error")
        texts = [inner.get("message"), inner.get("detail")] if isinstance(inner, Mapping) else [inner]
        texts += [body.get("errorMessage"), body.get("message"), body.get("detail")]
        texts += (
            [*(body.get("errorMessages") or ())] + [f"{name}: {said}" for name, said in (body.get("errors") or {}).items()]
            if isinstance(body.get("errors") or {}, Mapping)
            else []
        )
        found = "; ".join(dict.fromkeys(" ".join(str(text).split()) for text in texts if text))
        if found:
            return found[:200] + ("" if found.endswith(".") else ".")
    return "it gives no reason."
