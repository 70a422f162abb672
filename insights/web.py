"""How other systems are asked over HTTP: within a deadline, tried again where that is harmless, and never unsure in silence.

What httpx raises becomes one of three things:
unsent   the request did not leave or was turned away: tried again while there is time, then OutsideFailed
unsure   it left and nobody said what became of it: tried again if repeating is harmless, else OutcomeUnknown
wrong    the address or a header cannot be used: WrongSettings
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urljoin, urlsplit

from insights.errors import DeadlinePassed, InsightsError, OutcomeUnknown, OutsideFailed, WrongSettings
from insights.lake import waiting

if TYPE_CHECKING:
    import httpx

Fate = Literal["unsent", "unsure", "wrong"]

PATIENCE = 8.0
"""Seconds that one piece of business may take, all attempts included, when nobody says otherwise."""
SPARE = 1.0
"""Seconds before the deadline of whoever asked that are left for finding out what became of it, and for saying so."""
LARGEST = 32_000_000
"""Bytes of one answer."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"})
_TURNED_AWAY = frozenset({429, 503})
_BROKEN = frozenset({500, 502, 504, 507, 520, 522, 524})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other system answered. Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    system: str

    @property
    def text(self) -> str:
        """The body as UTF-8; what is none is replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises OutsideFailed when it is something else."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise OutsideFailed(
                f"{self.system} gave an answer that cannot be read.", remedy="Try again in a minute.", reference=f"{self.url}: {self.text[:120]!r}"
            )
        return found


class Authority(Protocol):
    """Says who we are to the other system."""

    def headers(self, until: float) -> Mapping[str, str]:
        """What to send along; may ask for a token until that instant of `time.monotonic()`."""

    def renew(self) -> bool:
        """Called after a 401: forget what was used; True when asking again is of use."""

    def close(self) -> None:
        """Let go of connections."""


def by(patience: float) -> float:
    """The deadline of a piece of business that starts now: as long as it may take, and no longer than whoever asked can wait."""
    asked = waiting.until()
    latest = time.monotonic() + patience
    return latest if asked is None else min(latest, asked - SPARE)


class Web:
    """One other system, called `name` in what people are told. Safe to use from many threads; connections are kept.

    `patience` bounds a piece of business in seconds. `throttled` recognizes a system's own way of asking for patience (besides 429 and 503).
    """

    def __init__(
        self,
        name: str,
        *,
        authority: Authority | None = None,
        patience: float = PATIENCE,
        throttled: Callable[[Answer], bool] | None = None,
        largest: int = LARGEST,
        verify: bool = True,
    ) -> None:
        self.name = name
        self.patience = patience
        self._authority = authority
        self._throttled = throttled
        self.largest = largest
        self._verify = verify
        self._making = threading.Lock()
        self._made: httpx.Client | None = None

    def until(self) -> float:
        """The deadline of a piece of business that starts now."""
        return by(self.patience)

    def send(
        self,
        method: str,
        url: str,
        *,
        until: float | None = None,
        harmless: bool | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        document: Any = None,
        form: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Ask, and return the answer whatever its status, 429 and 5xx aside; `document` is sent as JSON.

        `form` has `data` (fields) or `files` (name, bytes and media type by field), as a browser sends them.

        `harmless`: repeating it does no harm (by default what only reads). Redirects are followed for those, on the same host.
        Raises OutsideFailed when it did not get through, DeadlinePassed when time ran out, OutcomeUnknown when it may have had its effect, WrongSettings.
        """
        until = self.until() if until is None else until
        harmless = method in _HARMLESS if harmless is None else harmless
        body = json.dumps(document).encode() if document is not None else content
        sent = dict(headers or {}) | ({"content-type": "application/json"} if document is not None else {})
        renewed = False
        problem: InsightsError
        for attempt in range(1000):
            outcome = self._attempt(method, url, until, harmless, sent, params, {"content": body} if form is None else form)
            if isinstance(outcome, Answer):
                if outcome.status == 401 and not renewed and self._authority is not None and self._authority.renew():
                    renewed = True
                    continue
                if not (outcome.status in _TURNED_AWAY or (self._throttled is not None and self._throttled(outcome))):
                    if outcome.status not in _BROKEN:
                        return outcome
                    if not harmless:
                        raise self._unknown(f"{method} {url}: {outcome.status}")
                pause, problem = _asked_pause(outcome), self._turned_away(method, outcome)
            else:
                pause, problem = None, outcome
            pause = _pause(attempt) if pause is None else pause
            if time.monotonic() + pause >= until:
                raise problem
            time.sleep(pause)
        raise AssertionError("the deadline ends this")

    def close(self) -> None:
        """Let go of the connections."""
        if self._authority is not None:
            self._authority.close()
        if self._made is not None:
            self._made.close()

    def _client(self) -> httpx.Client:
        with self._making:
            if self._made is None:
                import httpx

                self._made = httpx.Client(follow_redirects=False, verify=self._verify, headers={"user-agent": "insights-assistant"}, trust_env=True)
            return self._made

    def _attempt(
        self, method: str, url: str, until: float, harmless: bool, headers: Mapping[str, str], params: Mapping[str, str] | None, body: Mapping[str, Any]
    ) -> Answer | InsightsError:
        """One request; what may be tried again is returned as the error that it would otherwise be."""
        import httpx

        left = until - time.monotonic()
        if left <= 0:
            raise DeadlinePassed(f"{self.name} did not answer in time.", remedy="Try again in a minute.", reference=f"{method} {url}")
        known = dict(self._authority.headers(until)) if self._authority is not None else {}
        try:
            return self._exchange(method, url, until, {**known, **headers}, params, body, follow=harmless)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError) as error:
            match fate(error):
                case "wrong":
                    raise WrongSettings(f"{self.name} cannot be asked at {url[:200]}: {error}.", remedy="Check the address in the settings.") from None
                case "unsure" if not harmless:
                    raise self._unknown(f"{method} {url}: {type(error).__name__}") from None
                case _:
                    late = isinstance(error, httpx.TimeoutException)
                    kind = DeadlinePassed if late else OutsideFailed
                    problem = f"{self.name} {'did not answer in time' if late else 'cannot be reached'}."
                    return kind(problem, remedy="Try again in a minute.", reference=f"{method} {url}: {type(error).__name__}: {error}"[:300])

    def _exchange(
        self, method: str, url: str, until: float, headers: Mapping[str, str], params: Mapping[str, str] | None, body: Mapping[str, Any], *, follow: bool
    ) -> Answer:
        for _ in range(6):
            with self._within(until) as timeout, self._client().stream(method, url, headers=headers, params=params, timeout=timeout, **body) as response:
                if follow and response.status_code in _REDIRECTS and (there := _beside(url, response.headers.get("location", ""))):
                    url, params = there, None
                    continue
                return Answer(
                    status=response.status_code,
                    headers={name.lower(): value for name, value in response.headers.items()},
                    body=b"".join(self._read(response, until)),
                    url=url,
                    system=self.name,
                )
        raise OutsideFailed(f"{self.name} sends us from one address to the next.", remedy="Check the address in the settings.", reference=url)

    def _read(self, response: httpx.Response, until: float) -> Iterator[bytes]:
        """The body, as long as it is no larger and takes no longer than it may."""
        import httpx

        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self.largest:
                raise OutsideFailed(f"{self.name} gave more than {self.largest // 1_000_000} MB.", remedy="Ask for less.", reference=str(response.url))
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer took too long")
            yield chunk

    @contextmanager
    def _within(self, until: float) -> Iterator[httpx.Timeout]:
        import httpx

        left = max(0.05, until - time.monotonic())
        yield httpx.Timeout(left, connect=min(left, 3.0))

    def _turned_away(self, method: str, answer: Answer) -> OutsideFailed:
        wait = _asked_pause(answer)
        when = f"It asks to be left alone for {wait:.0f} seconds." if wait is not None and wait >= 1 else "Try again in a minute."
        what = "has a problem" if answer.status in _BROKEN else "is too busy to answer"
        return OutsideFailed(f"{self.name} {what}.", remedy=when, reference=f"{method} {answer.url}: {answer.status} {answer.text[:120]}")

    def _unknown(self, reference: str) -> OutcomeUnknown:
        return OutcomeUnknown(f"{self.name} did not say whether it was done.", remedy="I'll look before trying again.", reference=reference)


def fate(error: Exception) -> Fate:
    """What an exception of httpx says about the request."""
    import httpx

    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.InvalidURL):
        return "wrong"
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        return "unsent"
    return "unsure"


def refused(answer: Answer, what: str) -> InsightsError:
    """What to raise for a status that nobody expects: missing rights and wrong addresses are for whoever runs the service."""
    where = f"{answer.url}: {answer.status} {answer.text[:160]}"
    if answer.status in (401, 403):
        return WrongSettings(
            f"{answer.system} does not let us {what} ({answer.status}).", remedy=f"Check the credentials and the rights they have. {where[:200]}"
        )
    if answer.status in (404, 410):
        return WrongSettings(f"{answer.system} has nothing where we {what} ({answer.status}).", remedy=f"Check the address. {where[:200]}")
    return OutsideFailed(f"{answer.system} refused to {what}.", remedy="Try again in a minute.", reference=where)


def _beside(url: str, location: str) -> str:
    """Where a redirect leads, if that is on the same host and no less safe: credentials go nowhere else."""
    there = urljoin(url, location)
    old, new = urlsplit(url), urlsplit(there)
    safe = new.scheme == old.scheme or (old.scheme, new.scheme) == ("http", "https")
    return there if location and safe and new.hostname == old.hostname else ""


def _asked_pause(answer: Answer) -> float | None:
    """The seconds for which the system asks to be left alone."""
    said = answer.headers.get("retry-after", "").strip()
    if not said:
        return None
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _pause(attempt: int) -> float:
    """A pause that doubles, by chance anything from half to the whole: many who wait do not come back at once."""
    longest: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(attempt, 10))
    return longest * (0.5 + _CHANCE.random() / 2)
