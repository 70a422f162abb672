"""How long it takes to say what carries a change of ten million rows by eight dimensions: over the rows with nothing kept, and from rollups."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.figures import Took, timed
from benchmarks.measures import Figure
from benchmarks.sales_made import CAUSES, make
from insights import settings
from insights.assistant import Assistant
from insights.turns import Turn
from insights.wiring import open_catalog

ROWS, SAMPLE = 10_000_000, 200_000
ASK = "why did revenue fall in May"
TIMES = 7
COLD, KEPT = 2.0, 0.3


def figures(*, sample: bool) -> Iterator[Figure]:
    """The whole answer, of an assistant opened for it each time; the answers must name the causes that were planted."""
    rows = SAMPLE if sample else ROWS
    folder = (settings.read().home / "sales" / str(rows)).absolute()
    make(folder, rows)
    how = (
        f"'{ASK}', all {rows:,} rows read (the month, the one before, and the one before that for how much values move anyway); a channel and a brand in one "
        f"country planted; median of {TIMES}"
    )
    for name, aim, what in (
        ("plain", COLD, "over the rows, nothing kept but the values of dimensions"),
        ("kept", KEPT, "from a rollup by month and all eight"),
    ):
        took, size = _asked(folder, name)
        wall, cpu = (sorted(getattr(one, clock) for one in took)[len(took) // 2] for clock in ("wall", "cpu"))
        least = min(one.wall for one in took)
        yield Figure(
            what=f"drivers over {rows:,} rows by 8 dimensions, {what}",
            measured=f"{wall:.2f} s (fastest {least:.2f} s; CPU {cpu:.2f} s)",
            aim=f"{aim:g} s on two cores",
            met=wall <= aim,
            how=how if name == "plain" else f"the same; {size:,} rows in the rollup",
        )


def _asked(folder: Path, name: str) -> tuple[Sequence[Took], int]:
    """What each answer took, on the clock and in CPU time of all threads, and how many rows the rollup has. Raises SystemExit for one that misses a cause."""
    home, size = folder / f"home-{name}", 0
    with closing(open_catalog(folder / name, home=home)) as assistant:
        for built in assistant.rollups.build() if assistant.rollups is not None else ():
            size = max(size, built.rows)
        _check(assistant)
    took = []
    for _ in range(TIMES):
        with closing(open_catalog(folder / name, home=home)) as assistant:
            with timed(time.process_time) as one:
                assistant.reply(Turn(ASK))
            took.append(one)
    return took, size


def _check(assistant: Assistant) -> None:
    said = assistant.reply(Turn(ASK)).text
    missed = [cause for cause in CAUSES if cause not in said]
    if missed:
        raise SystemExit(f"The answer does not name {', '.join(missed)}, so nothing is timed:\n{said}")
