"""What an endpoint of the company predicts for rows of inputs: sent in batches, read strictly, and kept for the same inputs."""

from __future__ import annotations

import csv
import io
import json
import math
import time
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from typing import Protocol

from insights.answers import Prediction
from insights.catalog.model import Endpoint
from insights.errors import OutsideFailed
from insights.query.results import Key, Results
from insights.requests import Scalar
from insights.warehouse.port import Table

BATCH = 500
"""Rows of one call: far below the five megabytes that an endpoint takes."""
KEPT = 3600.0
"""Seconds that predictions are kept for the same inputs: a model may be put in the place of another without anybody telling."""
_TYPES = {"csv": "text/csv", "json": "application/json"}
Cells = Sequence[Scalar]


class Predictor(Protocol):
    """Where endpoints are asked."""

    def predict(self, endpoint: str, body: bytes, *, content_type: str, model: str, owner: str, deadline: float | None) -> bytes:
        """As `lake.sagemaker.SageMaker.predict`."""


class Predictions:
    """Asks a predictor, which is opened when it is first needed, and keeps what came. Safe to use from many threads."""

    def __init__(self, opened: Callable[[], Predictor], *, results: Results | None = None, clock: Callable[[], float] = time.time) -> None:
        self._opened = opened
        self._results = results or Results(most_cells=200_000)
        self._clock = clock

    def of(self, endpoint: Endpoint, told: Prediction, rows: Sequence[Cells], *, version: str, deadline: float | None) -> tuple[float, ...]:
        """One number for each row. `version` is that of the definitions. Raises OutsideFailed, DeadlinePassed, WrongSettings."""
        bodies = [body(endpoint, rows[at : at + BATCH]) for at in range(0, len(rows), BATCH)]
        sizes = [min(BATCH, len(rows) - at) for at in range(0, len(rows), BATCH)]
        return tuple(number for one, size in zip(bodies, sizes, strict=True) for number in self._batch(endpoint, told, one, size, version, deadline))

    def _batch(self, endpoint: Endpoint, told: Prediction, sent: bytes, size: int, version: str, deadline: float | None) -> tuple[float, ...]:
        def run(until: float | None) -> Table:
            answer = self._opened().predict(
                endpoint.name, sent, content_type=_TYPES[endpoint.format], model=told.model, owner=told.owner, deadline=until
            )  # fmt: skip
            return Table(columns=("prediction",), rows=tuple((number,) for number in numbers(endpoint, told, answer, size)))

        query = (endpoint.name, endpoint.format, sha256(sent).hexdigest())
        key = Key(query=query, identity=None, version=(version, told.trained_through, int(self._clock() // KEPT)))
        return tuple(float(str(row[0])) for row in self._results.of(key, run, deadline=deadline).table.rows)


def body(endpoint: Endpoint, rows: Sequence[Cells]) -> bytes:
    """Rows as SageMaker's built-in algorithms take them: lines of CSV without a header, or `{"instances": [{"features": [...]}]}`.

    What is unknown is empty in CSV and null in JSON.
    """
    if endpoint.format == "json":
        return json.dumps({"instances": [{"features": [_plain(cell) for cell in row]} for row in rows]}).encode()
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([["" if cell is None else _plain(cell) for cell in row] for row in rows])
    return written.getvalue().encode()


def numbers(endpoint: Endpoint, told: Prediction, answer: bytes, size: int) -> tuple[float, ...]:
    """The predictions of an answer, exactly one a row. Raises OutsideFailed for anything else: a number that is not understood is never told."""
    try:
        found = _json(answer) if endpoint.format == "json" else _csv(answer)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        found = ()
    if len(found) != size or not all(math.isfinite(number) for number in found):
        shown = answer[:120].decode(errors="replace")
        raise OutsideFailed(
            f"What the model {told.model} answered is not one number for each row.",
            remedy=f"Tell {told.owner}, who answers for it.",
            reference=f"{endpoint.name}: {size} rows were sent, and this came: {shown}",
        )
    return found


def _csv(answer: bytes) -> tuple[float, ...]:
    """Numbers apart by lines or, as some algorithms have it, by commas."""
    return tuple(float(cell) for row in csv.reader(io.StringIO(answer.decode())) for cell in row)


def _json(answer: bytes) -> tuple[float, ...]:
    """`{"predictions": [...]}` or the list itself; each a number, a list of one, or a mapping with its `score`."""
    told = json.loads(answer)
    listed = told["predictions"] if isinstance(told, dict) else told
    return tuple(_number(one["score"] if isinstance(one, dict) else one) for one in listed)


def _number(one: object) -> float:
    if isinstance(one, list):
        (one,) = one
    if isinstance(one, bool) or not isinstance(one, int | float):
        raise TypeError
    return float(one)


def _plain(cell: Scalar) -> str | int | float | bool | None:
    return cell.isoformat() if isinstance(cell, date) else cell
