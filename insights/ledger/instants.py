"""Moments as the ledger counts them: seconds since 1970. One without a zone is in the company's, wherever the machine stands."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime, tzinfo

ZONE: ContextVar[tzinfo | None] = ContextVar("ledger zone", default=None)
"""The company's zone while a method of the ledger runs; None is the machine's."""


def instant(moment: datetime) -> float:
    """Seconds since 1970, UTC.

    >>> from datetime import UTC
    >>> instant(datetime(1970, 1, 2, tzinfo=UTC))
    86400.0
    """
    return aware(moment).timestamp()


def aware(moment: datetime) -> datetime:
    """The same moment with its zone."""
    if moment.tzinfo is not None:
        return moment
    zone = ZONE.get()
    return moment.replace(tzinfo=zone) if zone is not None else moment.astimezone()
