"""`python -m benchmarks.run` (`make bench`): everything that is measured about speed and memory, in one run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import pairs, stages
from benchmarks.by_hand import Analyst
from benchmarks.questions import questions, utterances
from benchmarks.report import RATIO_ROWS, Measured, write
from insights import settings
from insights.demo import make, standing
from insights.wiring import open_catalog

BEGIN, END = "<!-- begin: python -m benchmarks.run -->", "<!-- end: python -m benchmarks.run -->"
ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the company where it does not stand, measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=RATIO_ROWS, help="about how many fact rows the company has (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=20, help="of each question beside its SQL (default: %(default)s)")
    parser.add_argument("--cold", type=int, default=10, help="fresh processes of each kind (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where the company is made (default: benchmark in INSIGHTS_HOME)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace the figures in this Markdown page")
    options = parser.parse_args(arguments)
    folder = (options.folder or settings.read().home / "benchmark").absolute()
    if standing(folder, rows=options.rows) is None:
        _say(f"making a company of {options.rows:,} rows in {folder}")
        make(folder, rows=options.rows)
    report = write(measure(folder, rows=options.rows, repetitions=options.repetitions, cold=options.cold))
    print(report)
    if options.write is not None:
        put(report, options.write)


def measure(folder: Path, *, rows: int, repetitions: int, cold: int) -> Measured:
    """Everything about the company in `folder`. Raises SystemExit where an answer and its hand-written SQL differ."""
    asked, measured_on = questions(), machine()
    _say("fresh processes")
    fresh = _fresh(folder, cold)
    home = folder.parent / f"{folder.name}-home"
    with closing(open_catalog(folder, home=home, warehouse={"results_kept": 0})) as assistant, closing(Analyst(folder)) as analyst:
        _say("comparing every answer with its hand-written SQL")
        wrong = pairs.check(assistant, analyst, asked)
        if wrong:
            raise SystemExit("Answers and hand-written SQL differ, so nothing is timed:\n" + "\n".join(wrong))
        _say("understanding")
        understanding = stages.understanding(assistant, utterances(), repetitions)
        _say("the stages of an answer")
        by_stage = stages.answering(assistant, folder, asked, max(repetitions // 4, 2))
        _say("answers and hand-written SQL in turn")
        raced = pairs.race(assistant, analyst, asked, repetitions)
    return Measured(machine=measured_on, rows=rows, repetitions=repetitions, understanding=understanding, stages=by_stage, pairs=raced, fresh=fresh)


def put(report: str, page: Path, *, begin: str = BEGIN, end: str = END) -> None:
    """Replace what stands between the two marks of a page. Raises SystemExit when it has no such marks."""
    text = page.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise SystemExit(f"{page} has no place for the figures: put a line {begin} and a line {end} into it.")
    page.write_text(f"{text[: text.index(begin)]}{begin}\n\n{report}\n{text[text.index(end) :]}", encoding="utf-8")


def machine() -> str:
    """What this was measured on, and how busy it was already: what others compute shows on the clock."""
    name = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.exists():
        name = next((line.partition(":")[2].strip() for line in about.read_text().splitlines() if line.startswith("model name")), name)
    busy = f"load {os.getloadavg()[0]:.1f} before"
    return f"{os.cpu_count()} cores of {name}, {busy}, {platform.system()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}"


def _fresh(folder: Path, repetitions: int) -> Any:
    """The measurements of `benchmarks.cold`, made from a process that is small."""
    command = [sys.executable, "-m", "benchmarks.cold", str(folder), "--repetitions", str(repetitions)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"A fresh process failed:\n{done.stderr}")
    return json.loads(done.stdout)


def _say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr)


if __name__ == "__main__":
    main()
