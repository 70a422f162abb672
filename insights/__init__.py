"""The public door: `open` a catalog, `reply` to a `Turn`.

>>> import insights                                                    # doctest: +SKIP
>>> assistant = insights.open("catalog")                               # doctest: +SKIP
>>> assistant.reply(insights.Turn("revenue by region last month"))     # doctest: +SKIP
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from insights import compiled

compiled.install()

from insights.turns import Reply, Turn  # noqa: E402 - whose dataclasses are made with it

if TYPE_CHECKING:
    from insights.assistant import Assistant

__all__ = ["Assistant", "Reply", "Turn", "open"]


def open(catalog: str | Path, *, now: datetime | None = None, home: str | Path | None = None) -> Assistant:  # noqa: A001 - the contract's name
    """Open an assistant over a catalog folder or a model file.

    `now` fixes its clock (local, without offset); `home` is the folder of ledger and caches, `.insights` beside the catalog by default.
    Raises WrongCatalog listing every mistake with file and line.
    """
    from insights.wiring import open_catalog

    return open_catalog(Path(catalog), now=now, home=None if home is None else Path(home))


def __getattr__(name: str) -> object:
    """Load the assistant only where its type is asked for: importing this package costs next to nothing."""
    if name == "Assistant":
        from insights.assistant import Assistant

        return Assistant
    raise AttributeError(f"module 'insights' has no attribute {name!r}")
