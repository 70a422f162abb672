"""The assistant and the analyst in turn on the same questions: A B A B, so that whatever else the machine does slows both."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from benchmarks.by_hand import Analyst, difference
from benchmarks.figures import Median, Took, median, timed
from benchmarks.questions import Question
from benchmarks.stages import ASKER
from insights.assistant import Assistant
from insights.turns import Turn
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Table


@dataclass(slots=True)
class Pairs:
    """One question: each repetition of ours beside that by hand, and the CPU time of ours outside the engine."""

    ask: str
    ours: list[Took] = field(default_factory=list)
    by_hand: list[Took] = field(default_factory=list)
    outside: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> Median:
        """Of the time on the clock, ours by hand-written, paired."""
        return median([one.wall / other.wall for one, other in zip(self.ours, self.by_hand, strict=True)])

    @property
    def cpu_ratio(self) -> Median:
        """Of the computing in all threads."""
        return median([one.cpu / other.cpu for one, other in zip(self.ours, self.by_hand, strict=True)])


def check(assistant: Assistant, analyst: Analyst, questions: Sequence[Question]) -> tuple[str, ...]:
    """What the two disagree about, a line for each question; nothing is timed before this is empty."""
    wrong = []
    for question in questions:
        columns, rows = analyst.rows(question)
        found = difference(assistant.reply(Turn(question.ask, ASKER)), columns, rows)
        if found is not None:
            wrong.append(f"{question.ask}: {found}")
    return tuple(wrong)


def race(assistant: Assistant, analyst: Analyst, questions: Sequence[Question], repetitions: int) -> tuple[Pairs, ...]:
    """Ask everything `repetitions` times, each question by both in a row; who begins alternates."""
    pairs = tuple(Pairs(question.ask) for question in questions)
    with _engine_time() as engine:
        for repetition in range(repetitions):
            for question, pair in zip(questions, pairs, strict=True):
                if repetition % 2:
                    pair.by_hand.append(_by_hand(analyst, question))
                before, started = engine.cpu, time.thread_time()
                with timed(time.process_time) as took:
                    assistant.reply(Turn(question.ask, ASKER))
                pair.outside.append(time.thread_time() - started - (engine.cpu - before))
                pair.ours.append(took)
                if not repetition % 2:
                    pair.by_hand.append(_by_hand(analyst, question))
    return pairs


def altogether(pairs: Sequence[Pairs]) -> Median:
    """The ratio of the time for all questions, repetition by repetition."""
    rounds = zip(zip(*(pair.ours for pair in pairs), strict=True), zip(*(pair.by_hand for pair in pairs), strict=True), strict=True)
    return median([sum(took.wall for took in ours) / sum(took.wall for took in by_hand) for ours, by_hand in rounds])


def _by_hand(analyst: Analyst, question: Question) -> Took:
    with timed(time.process_time) as took:
        analyst.rows(question)
    return took


@contextmanager
def _engine_time() -> Iterator[Took]:
    """What this thread spends inside the engine while the block runs, added up."""
    total, run = Took(), DuckDB.run

    def clocked(engine: DuckDB, *arguments: Any, **options: Any) -> Table:
        with timed() as took:
            table = run(engine, *arguments, **options)
        total.cpu += took.cpu
        total.wall += took.wall
        return table

    with mock.patch.object(DuckDB, "run", clocked):
        yield total
