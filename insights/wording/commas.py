"""Rows as a CSV file, for spreadsheets: figures exact, text that a spreadsheet would run as a formula made text."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from insights.answers import MetricAnswer
from insights.requests import Scalar

_RUNS = ("=", "+", "-", "@", "\t", "\r")


def commas(answer: MetricAnswer) -> str:
    """The rows as RFC 4180 has them, with a header of names that people use; what is unknown is empty.

    >>> commas(MetricAnswer(analysis="value", value=1.5, unit=None, columns=(), rows=(), definition=(), source="", engine=""))
    '\\r\\n'
    """
    written = io.StringIO(newline="")
    out = csv.writer(written)
    out.writerow([_text(_heading(column.name, column.label)) for column in answer.columns])
    for row in answer.rows:
        out.writerow([_cell(row.get(column.name)) for column in answer.columns])
    return written.getvalue()


def _heading(name: str, label: str) -> str:
    beside = {"before": "before", "change": "change", "growth": "growth", "part": "part", "whole": "of", "share": "share", "low": "low", "high": "high"}
    _, dot, last = name.rpartition(".")
    said = beside.get(last) if dot else None
    return f"{label} ({said})" if said and said not in label.casefold() else label


def _cell(value: Scalar) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case datetime() | date():
            return value.isoformat()
        case _:
            return _text(value)


def _text(said: str) -> str:
    return f"'{said}" if said.startswith(_RUNS) else said
