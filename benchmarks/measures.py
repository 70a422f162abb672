"""One figure about the quality of an analysis, as the report shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, the figure, what others published or what is aimed at, whether it is met (None: only told), and how it was computed."""

    what: str
    measured: str
    aim: str = ""
    met: bool | None = None
    how: str = ""
