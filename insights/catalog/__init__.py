"""What the company means by its data: the semantic layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insights.catalog.reading import read

__all__ = ["read"]


def __getattr__(name: str) -> object:
    """Load the reader only where definitions are read: most rooms need the values alone."""
    if name == "read":
        from insights.catalog.reading import read

        return read
    raise AttributeError(f"module 'insights.catalog' has no attribute {name!r}")
