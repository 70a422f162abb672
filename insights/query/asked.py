"""The log of what was asked: shapes of questions and what they cost, never a value, a word or a person; rollups are proposed from it."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from insights.catalog.model import Catalog
from insights.catalog.rollups import Rollup
from insights.catalog.values import Contents
from insights.errors import AskerCanFix
from insights.query.designs import designs
from insights.query.joins import dimension
from insights.query.rollups import NESTED
from insights.requests import Grain, MetricQuestion, PlainField, named_in, parse_group

MOST_BYTES = 4_000_000
"""The log is begun anew then, and the one before kept beside it: about 30,000 questions."""
FEWEST = 3
"""Questions of a kind before anything is proposed for them."""
SMALLER = 5
"""A rollup has at most this fraction of the fact's rows, or reading it costs as much as the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A question without its values: which metrics it reads, by which fields it groups and filters, the finest grain of time, and its seconds."""

    metrics: tuple[str, ...]
    fields: tuple[str, ...]
    grain: Grain
    seconds: float


class AskedLog:
    """Lines of JSON in one file. Writing is for information only: a full or read-only disk stops no answer."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def note(self, question: MetricQuestion, seconds: float) -> None:
        """Write down what was asked, if it was about metrics."""
        shape = shape_of(question, seconds)
        if shape is None:
            return
        line = json.dumps({"metrics": shape.metrics, "fields": shape.fields, "grain": shape.grain, "seconds": round(seconds, 5)})
        try:
            try:
                self._add(line)
            except FileNotFoundError:
                self._place.parent.mkdir(parents=True, exist_ok=True)
                self._add(line)
        except OSError:
            return

    def _add(self, line: str) -> None:
        """Write a line behind the others, whole; where there are too many, into a new file."""
        log = os.open(self._place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            full = os.fstat(log).st_size > MOST_BYTES
            if not full:
                os.write(log, f"{line}\n".encode())
        finally:
            os.close(log)
        if full:
            os.replace(self._place, self._place.with_suffix(".old.jsonl"))
            self._add(line)

    def shapes(self) -> Iterator[Shape]:
        """Everything that is written down; lines that were cut short are left out."""
        for place in (self._place.with_suffix(".old.jsonl"), self._place):
            try:
                lines = place.read_text(encoding="utf-8").splitlines()
            except OSError:
                continue
            yield from (shape for line in lines if (shape := _read(line)) is not None)


def shape_of(question: MetricQuestion, seconds: float) -> Shape | None:
    """The shape of a question, None for one that no rollup could answer: records, or what is no metric."""
    named = named_in(question)
    if question.analysis == "list" or not question.metrics or not all(text.isidentifier() for text in question.metrics):
        return None
    names = [*question.group_by, *(f.dimension for f in question.filters if f.dimension)]
    groups = [parse_group(name) for name in names]
    fields = {group.field for group in groups if isinstance(group, PlainField)} | (set(named.fields) - {question.time_field})
    hourly = question.grain == "hour" or any(getattr(group, "part", None) == "hour" for group in groups)
    return Shape(metrics=tuple(sorted(question.metrics)), fields=tuple(sorted(fields)), grain="hour" if hourly else "day", seconds=seconds)


def _read(line: str) -> Shape | None:
    try:
        found: Any = json.loads(line)
        grain = found["grain"]
        if grain not in get_args(Grain):
            return None
        return Shape(metrics=tuple(map(str, found["metrics"])), fields=tuple(map(str, found["fields"])), grain=grain, seconds=float(found["seconds"]))
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rollup worth declaring: at most how many rows it would have, and of the questions asked so far how many it would answer, with their seconds."""

    rollup: Rollup
    rows: int
    questions: int
    seconds: float


def worth_keeping(shapes: Iterable[Shape], catalog: Catalog, contents: Contents, *, most: int = 3) -> tuple[Proposal, ...]:
    """The rollups that would have answered most of the time spent, the best first; what declared rollups answer already is left out.

    For each set of facts, the fields asked for most are added as long as the rollup stays small against the fact.
    """
    open_ = [shape for shape in shapes if _keepable(shape, catalog) and not any(_answers(rollup, shape, catalog) for rollup in catalog.rollups)]
    found: list[Proposal] = []
    while open_ and len(found) < most:
        best = max((p for p in (_proposed(facts, open_, catalog, contents, len(found)) for facts in _facts(open_, catalog)) if p), key=_worth, default=None)
        if best is None:
            break
        found.append(best)
        open_ = [shape for shape in open_ if not _answers(best.rollup, shape, catalog)]
    return tuple(found)


def _worth(proposal: Proposal) -> float:
    return proposal.seconds


def _facts(shapes: Sequence[Shape], catalog: Catalog) -> tuple[frozenset[str], ...]:
    """The sets of facts that questions were about."""
    return tuple(dict.fromkeys(_read_by(shape, catalog) for shape in shapes))


def _read_by(shape: Shape, catalog: Catalog) -> frozenset[str]:
    return frozenset(fact for name in shape.metrics for fact in catalog.metrics[name].datasets)


def _keepable(shape: Shape, catalog: Catalog) -> bool:
    """Whether the definitions still have everything that was asked for, and a rollup could hold it."""
    if not all(name in catalog.metrics for name in shape.metrics):
        return False
    try:
        designs(Rollup(name="tried", metrics=shape.metrics, by=shape.fields, grain=shape.grain), catalog)
    except AskerCanFix:
        return False
    return True


def _answers(rollup: Rollup, shape: Shape, catalog: Catalog) -> bool:
    """Whether a rollup has the metrics, the fields and a fine enough grain."""
    fits = set(shape.metrics) <= set(rollup.metrics) and shape.grain in NESTED[rollup.grain]
    return fits and {_resolved(name, shape, catalog) for name in shape.fields} <= {_resolved(name, shape, catalog) for name in rollup.by}


def _resolved(name: str, shape: Shape, catalog: Catalog) -> str:
    try:
        return str(dimension(catalog, name, tuple(_read_by(shape, catalog))))
    except AskerCanFix:
        return name


def _proposed(facts: frozenset[str], shapes: Sequence[Shape], catalog: Catalog, contents: Contents, number: int) -> Proposal | None:
    """The best rollup for questions about these facts alone."""
    ours = [shape for shape in shapes if _read_by(shape, catalog) == facts]
    if len(ours) < FEWEST:
        return None
    metrics = tuple(sorted({name for shape in ours for name in shape.metrics}))
    asked: Counter[str] = Counter()
    for shape in ours:
        asked.update(dict.fromkeys(shape.fields, shape.seconds or 1e-6))
    grain: Grain = "day"
    by: list[str] = []
    for name, _ in asked.most_common():
        if _rows((*by, name), facts, grain, catalog, contents) * SMALLER <= min(contents.rows.get(fact, 0) for fact in facts):
            by.append(name)
    rows = _rows(by, facts, grain, catalog, contents)
    rollup = Rollup(name=f"suggested_{number + 1}", metrics=metrics, by=tuple(by), grain=grain)
    answered = [shape for shape in ours if _answers(rollup, shape, catalog)]
    if len(answered) < FEWEST or rows * SMALLER > min(contents.rows.get(fact, 0) for fact in facts):
        return None
    return Proposal(rollup=rollup, rows=rows, questions=len(answered), seconds=sum(shape.seconds for shape in answered))


def _rows(by: Iterable[str], facts: frozenset[str], grain: Grain, catalog: Catalog, contents: Contents) -> int:
    """At most how many rows the rollup has: every value of every field on every day; a field whose values are not known has as many as its dataset rows."""
    fact = sorted(facts)[0]
    time = catalog.datasets[fact].time or next((field.id for field in catalog.datasets[fact].dated), None)
    covered = contents.coverage.get(time) if time is not None else None
    days = (covered.last - covered.first).days + 1 if covered else 1
    count = days * (24 if grain == "hour" else 1)
    for name in by:
        id_ = dimension(catalog, name, tuple(facts))
        values = contents.values.get(id_)
        count *= len(values) + 1 if values is not None else contents.rows.get(id_.dataset, 1)
    return min(count, max(contents.rows.get(fact, count), 1))


def declared(proposal: Proposal) -> Mapping[str, Any]:
    """The proposal as assistant.yaml has it."""
    rollup = proposal.rollup
    return {"name": rollup.name, "metrics": list(rollup.metrics), "by": list(rollup.by), "grain": rollup.grain}
