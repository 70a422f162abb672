"""Other systems that speak JSON over HTTP, such as those of tickets and calls: what their answers mean, over `insights.web`."""

from __future__ import annotations

import json as documents
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from insights.errors import InsightsError, NotAnswerable, OutcomeUnknown, OutsideFailed, WrongSettings
from insights.web import PATIENCE, Answer, Web, by

_SMALL = 100_000
_FOR_FILES = 60.0
"""Seconds that a file may take on its way, when nobody waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back: `status`, the JSON `body` (None without one), `headers` in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]


class System:
    """Requests to one system (`name` is what people call it). Safe to use from many threads; opened when it is first needed.

    A request that only asks is tried again while there is time, `patience` seconds at most and no longer than whoever asked can wait. One that `acts` is tried
    again only when the system said that it did nothing (429, 503, no connection); when nobody can tell, OutcomeUnknown is raised: look first. Raises
    OutsideFailed (worth trying later), WrongSettings (credentials), NotAnswerable (the system refuses what was sent, in its own words).
    """

    def __init__(self, base_url: str, *, name: str, headers: Callable[[], Mapping[str, str]] = dict, patience: float = PATIENCE) -> None:
        self._base = base_url.rstrip("/")
        self._name = name
        self._headers = headers
        self._web = Web(name, patience=patience)

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
        """Send it and return what came back with a status below 300, or one of `allowed`."""
        until = by(_FOR_FILES) if files is not None or len(content or b"") > _SMALL else self._web.until()
        form = {name: value for name, value in (("data", data), ("files", files)) if value is not None} or None
        sent = {**self._headers(), **(headers or {})}
        try:
            answer = self._web.send(
                method, f"{self._base}{path}", until=until, harmless=not acts, headers=sent, params=params, content=content, document=json, form=form
            )  # fmt: skip
        except OutcomeUnknown as error:
            problem = f"{self._name} did not say whether it was done. I'm not sure yet, I'm checking."
            raise OutcomeUnknown(problem, remedy="I'll tell you.", reference=error.reference) from None
        if answer.status < 300 or answer.status in allowed:
            return Answered(status=answer.status, body=_body(answer), headers=answer.headers)
        raise self._error(answer)

    def close(self) -> None:
        """Let go of the connections."""
        self._web.close()

    def _error(self, answer: Answer) -> InsightsError:
        if answer.status in (401, 403):
            return WrongSettings(f"{self._name} does not accept our credentials (HTTP {answer.status}).", remedy="Check the account in the settings.")
        if answer.status >= 500:
            return OutsideFailed(f"{self._name} has a problem.", remedy="Try again later.", reference=f"{self._name} HTTP {answer.status}")
        if answer.status < 400:
            return WrongSettings(f"{self._name} is somewhere else (HTTP {answer.status}).", remedy="Correct its address in the settings.")
        return NotAnswerable(f"{self._name} refuses that: {_said(_body(answer))}", remedy="Change it and try again.")


def _body(answer: Answer) -> Any:
    try:
        return documents.loads(answer.body) if answer.body else None
    except ValueError:
        return None


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
