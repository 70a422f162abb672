"""One ASGI application: every door that is configured, and /health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from insights import doors
from insights.errors import InsightsError, WrongSettings

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request as HttpRequest
    from starlette.responses import Response

    from insights.assistant import Assistant
    from insights.doors import Door
    from insights.settings import Settings

log = logging.getLogger(__name__)


def build(assistant: Assistant, settings: Settings, *, renew_every: float = 30.0) -> Starlette:
    """The application; every `renew_every` seconds it looks whether the data has changed.

    Raises WrongSettings naming the missing setting when a door is switched on without it.
    """
    from starlette.applications import Starlette
    from starlette.routing import Route

    opened = tuple(_open_doors(settings))
    routes: dict[str, Any] = {}
    for door in opened:
        routes |= door.routes(assistant, settings)
    running = _Running(assistant, settings, opened, renew_every)
    served = [Route(path, endpoint=app) for path, app in routes.items()]
    return Starlette(routes=[Route("/health", endpoint=running.health), *served], lifespan=running.lifespan)


def _open_doors(settings: Settings) -> Iterator[Door]:
    """The doors that are switched on. Raises WrongSettings for one that lacks a setting."""
    for name, door in doors.load().items():
        findings = door.findings(settings)
        wrong = [finding for finding in findings if finding.state == "wrong"]
        if wrong:
            raise WrongSettings(f"The {name} door is switched on, but {wrong[0].detail}.", remedy=wrong[0].remedy)
        if any(finding.state != "off" for finding in findings):
            yield door


class _Running:
    """What goes on beside the routes while the application serves: what each door does there, and the look for new data."""

    def __init__(self, assistant: Assistant, settings: Settings, opened: Sequence[Door], renew_every: float) -> None:
        self._assistant = assistant
        self._settings = settings
        self._opened = opened
        self._renew_every = renew_every
        self._stopped: list[str] = []

    async def health(self, _: HttpRequest) -> Response:
        """Which doors are served, and with 503 which have stopped."""
        from starlette.responses import JSONResponse

        status = "degraded" if self._stopped else "ok"
        names = [door.name for door in self._opened if door.name not in self._stopped]
        said = {"status": status, "catalog": self._assistant.catalog.name, "doors": names, "stopped": self._stopped}
        return JSONResponse(said, status_code=503 if self._stopped else 200)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Everything runs until the application ends."""
        running = [asyncio.create_task(self._keep(door)) for door in self._opened] + [asyncio.create_task(self._keep_fresh())]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _keep(self, door: Door) -> None:
        """Run what the door does beside its routes; when that fails the others go on, the log says why and /health that it did."""
        try:
            await door.run(self._assistant, self._settings)
        except Exception:
            self._stopped.append(door.name)
            log.exception("the %s door stopped", door.name)

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(self._renew_every)
            try:
                if await asyncio.to_thread(self._assistant.renew):
                    log.info("the data has changed; values and days were read anew")
            except InsightsError:
                log.exception("the data could not be read anew; what was known is kept")
