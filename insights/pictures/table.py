"""Rows and columns as a picture: names flush left, figures flush right, no more than a screen can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insights.pictures.colours import FAINT, GREY, INK
from insights.pictures.frame import MARGIN, TITLE, WIDTH
from insights.pictures.lettering import clean, fitted
from insights.pictures.shapes import Box, Line, Picture, Shape, Words

_SIZE, _ROW, _TOP = 13.0, 24.0, 62.0
MOST_ROWS, MOST_COLUMNS = 12, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A heading and its cells as they are written; `figures` stand flush right."""

    heading: str
    cells: Sequence[str]
    figures: bool = False


def table(title: str, columns: Sequence[TableColumn], *, alt: str) -> Picture:
    """The first rows and columns; what is left out is said below."""
    shown = columns[:MOST_COLUMNS]
    count = max((len(column.cells) for column in columns), default=0)
    rows = min(count, MOST_ROWS)
    width = (WIDTH - 2 * MARGIN) / max(1, len(shown))
    heading = fitted(clean(title), WIDTH - 2 * MARGIN, TITLE, bold=True)
    shapes: list[Shape] = [Words(x=MARGIN, y=MARGIN + 12, text=heading, size=TITLE, fill=INK, bold=True)]
    for row in range(0, rows, 2):
        shapes.append(Box(x=MARGIN, y=_TOP + 8 + _ROW * row, width=WIDTH - 2 * MARGIN, height=_ROW, fill=FAINT, opacity=0.4))
    for place, column in enumerate(shown):
        left = MARGIN + width * place
        shapes.append(_cell(column.heading, left, _TOP, width, right=column.figures, bold=True))
        shapes += [_cell(cell, left, _TOP + _ROW * (row + 1), width, right=column.figures) for row, cell in enumerate(column.cells[:rows])]
    shapes.append(Line(points=((MARGIN, _TOP + 7), (WIDTH - MARGIN, _TOP + 7)), stroke=GREY))
    missing = [f"{count - rows} more rows"] * (count > rows) + [f"{len(columns) - len(shown)} more columns"] * (len(columns) > len(shown))
    if missing:
        shapes.append(Words(x=MARGIN, y=_TOP + _ROW * (rows + 1) + 8, text=" and ".join(missing), size=_SIZE, fill=GREY))
    height = _TOP + _ROW * (rows + 1) + (28 if missing else 8)
    return Picture(width=WIDTH, height=height, title=clean(title), alt=clean(alt) or clean(title), shapes=tuple(shapes))


def _cell(text: str, left: float, y: float, width: float, *, right: bool, bold: bool = False) -> Words:
    fits = fitted(clean(text), width - 12, _SIZE, bold=bold)
    return Words(x=left + width - 6 if right else left + 4, y=y, text=fits, size=_SIZE, fill=INK, anchor="end" if right else "start", bold=bold)
