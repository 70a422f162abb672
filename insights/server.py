"""One ASGI application: every door that is configured, and /health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
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
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    routes: dict[str, Any] = {}
    background = []
    open_doors = []
    for name, door in doors.load().items():
        findings = door.findings(settings)
        wrong = [finding for finding in findings if finding.state == "wrong"]
        if wrong:
            raise WrongSettings(f"The {name} door is switched on, but {wrong[0].detail}.", remedy=wrong[0].remedy)
        if all(finding.state == "off" for finding in findings):
            continue
        open_doors.append(name)
        routes |= door.routes(assistant, settings)
        background.append(door)

    stopped: list[str] = []

    async def health(_: HttpRequest) -> Response:
        status = "degraded" if stopped else "ok"
        said = {"status": status, "catalog": assistant.catalog.name, "doors": [name for name in open_doors if name not in stopped], "stopped": stopped}
        return JSONResponse(said, status_code=503 if stopped else 200)

    async def keep(door: Door) -> None:
        """Run what the door does beside its routes; when that fails the others go on, the log says why and /health that it did."""
        try:
            await door.run(assistant, settings)
        except Exception:
            stopped.append(door.name)
            log.exception("the %s door stopped", door.name)

    async def keep_fresh() -> None:
        while True:
            await asyncio.sleep(renew_every)
            try:
                if await asyncio.to_thread(assistant.renew):
                    log.info("the data has changed; values and days were read anew")
            except InsightsError:
                log.exception("the data could not be read anew; what was known is kept")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        running = [asyncio.create_task(keep(door)) for door in background] + [asyncio.create_task(keep_fresh())]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    served = [Route(path, endpoint=app) for path, app in routes.items()]
    return Starlette(routes=[Route("/health", endpoint=health), *served], lifespan=lifespan)
