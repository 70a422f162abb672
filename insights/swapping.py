"""Takes up definitions whose files have changed, and keeps the old ones where the new cannot be used."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from insights.catalog.watching import Watch
from insights.errors import InsightsError
from insights.parts import Parts

log = logging.getLogger(__name__)


def swapping(parts: Parts, watch: Watch, load: Callable[[], Parts]) -> Parts:
    """The parts, which renew themselves into those of other definitions when the files have changed and can be used.

    Turns that have begun end with the parts they began with; those let go of their engine when nothing refers to them any more.
    """

    def renewed(current: Parts) -> Parts | None:
        if watch.changed():
            try:
                fresh = load()
            except InsightsError as error:
                watch.refuse(current.catalog.version, str(error), datetime.now().astimezone())
                log.warning("the definitions have changed but cannot be used; version %s goes on: %s", current.catalog.version[:12], error)  # fmt: skip
            else:
                watch.accept()
                log.info("the definitions have changed; version %s is used from now on", fresh.catalog.version[:12])
                return swapping(fresh, watch, load)
        data = parts.renewed(current)
        return None if data is None else replace(data, renewed=renewed)

    return replace(parts, renewed=renewed)
