"""`python -m benchmarks.query` (`make bench-query`): the same five questions at three sizes, beside SQL written by hand, rollups, and other semantic layers."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.by_hand import difference, our_settings
from benchmarks.figures import Took, as_installed, timed
from benchmarks.query_report import write
from benchmarks.run import machine, put
from benchmarks.shops import Question, make, questions, tables
from insights import settings
from insights.assistant import Assistant
from insights.turns import Turn
from insights.wiring import open_catalog

BEGIN, END = "<!-- begin: python -m benchmarks.query -->", "<!-- end: python -m benchmarks.query -->"
PEERS = Path(__file__).parent / "peers"
PEERS_AT = 10_000_000


@dataclass(slots=True)
class Raced:
    """One question at one size: each repetition of the four ways side by side, and what planning took in ours."""

    question: Question
    ours: list[Took] = field(default_factory=list)
    kept: list[Took] = field(default_factory=list)
    naive: list[Took] = field(default_factory=list)
    tuned: list[Took] = field(default_factory=list)
    planning: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """Everything about one size; `fresh` are seconds and bytes of new processes, ours and a raw one."""

    rows: int
    raced: tuple[Raced, ...]
    fresh: dict[str, dict[str, float]]
    peers: tuple[dict[str, Any], ...] = ()


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the shops where they do not stand, measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1,10,100", help="millions of orders (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="where the shops are made (default: shops in INSIGHTS_HOME)")
    parser.add_argument("--peers", type=Path, metavar="PYTHON", help="a Python that has the other semantic layers (see `make peers`)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace the figures in this Markdown page")
    options = parser.parse_args(arguments)
    folder = (options.folder or settings.read().home / "shops").absolute()
    found = []
    for millions in options.sizes.split(","):
        rows = int(float(millions) * 1_000_000)
        found.append(measure(folder / millions, rows, options.repetitions, options.peers if rows == PEERS_AT else None))
        report = write(machine(), options.repetitions, found)
        if options.write is not None:  # what was measured stands, should a larger size have to be stopped
            put(report, options.write, begin=BEGIN, end=END)
    print(report)


def measure(folder: Path, rows: int, repetitions: int, peers: Path | None = None) -> Sized:
    """Everything about a shop of that size. Raises SystemExit where an answer and the SQL differ."""
    _say(f"making {rows:,} orders in {folder}")
    make(folder, rows)
    asked = questions()
    with (
        closing(open_catalog(folder / "plain", home=folder / "home-plain", warehouse={"results_kept": 0})) as plain,
        closing(open_catalog(folder / "kept", home=folder / "home-kept", warehouse={"results_kept": 0})) as kept,
        closing(_analyst()) as analyst,
    ):
        _say("building the rollup")
        for built in kept.rollups.build() if kept.rollups is not None else ():
            _say(f"  {built.told()}")
        _say("comparing every answer with the SQL")
        wrong = check(plain, kept, analyst, folder, asked)
        if wrong:
            raise SystemExit("Answers and SQL differ, so nothing is timed:\n" + "\n".join(wrong))
        _say(f"{repetitions} repetitions")
        raced = race(plain, kept, analyst, folder, asked, repetitions)
    _say("fresh processes")
    fresh = {name: _fresh(name, folder) for name in ("ours", "raw")}
    return Sized(rows=rows, raced=raced, fresh=fresh, peers=tuple(_peers(peers, folder, repetitions)) if peers is not None else ())


def check(plain: Assistant, kept: Assistant, analyst: duckdb.DuckDBPyConnection, folder: Path, asked: Sequence[Question]) -> list[str]:
    """What the four ways disagree about, a line each; a rollup that was not read is a disagreement too."""
    wrong = []
    for question in asked:
        for sql in (question.naive, question.tuned):
            found = analyst.execute(sql.format_map(tables(folder)))
            columns, rows = tuple(column[0] for column in found.description or ()), found.fetchall()
            for name, assistant in (("ours", plain), ("rollup", kept)):
                reply = assistant.reply(Turn(question.ask))
                said = difference(reply, columns, rows)
                wrong += [f"{question.ask} ({name}): {said}"] if said is not None else []
                if name == "rollup" and said is None and getattr(reply.answer, "rollups", ()) == ():
                    wrong.append(f"{question.ask}: the rollup was not read")
    return wrong


def race(plain: Assistant, kept: Assistant, analyst: duckdb.DuckDBPyConnection, folder: Path, asked: Sequence[Question], repetitions: int) -> tuple[Raced, ...]:
    """Ask everything by each way in a row; who begins changes with every repetition."""
    raced, places = tuple(Raced(question) for question in asked), tables(folder)
    for repetition in range(repetitions):
        for one in raced:
            ways = ["ours", "naive", "tuned", "kept"]
            for way in ways[repetition % 4 :] + ways[: repetition % 4]:
                with timed() as took:
                    if way in ("ours", "kept"):
                        reply = (plain if way == "ours" else kept).reply(Turn(one.question.ask))
                        if way == "ours":
                            one.planning.append(reply.timings["plan"])
                    else:
                        analyst.execute(getattr(one.question, way).format_map(places)).fetchall()
                getattr(one, way).append(took)
    return raced


def _analyst() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:")
    for name, value in our_settings().items():
        database.execute(f"SET {name} = '{value}'")
    return database


def _fresh(name: str, folder: Path) -> dict[str, float]:
    """Seconds from the start of a process to its first answer (the fastest of three), and the most memory it took for all five."""
    command = [sys.executable, "-m", "benchmarks.fresh_shop", name, str(folder)]
    said = [json.loads(subprocess.run(command, check=True, capture_output=True, env=as_installed(folder)).stdout) for _ in range(3)]
    return {"first": min(one["first"] for one in said), "memory": max(one["memory"] for one in said)}


def _peers(python: Path, folder: Path, repetitions: int) -> list[dict[str, Any]]:
    """What each of the other layers took, as its own script measured it; one that fails is named with its reason."""
    found = []
    for script in sorted(PEERS.glob("*.py")):
        _say(f"  {script.stem}")
        ran = subprocess.run([str(python), str(script), str(folder), str(repetitions)], capture_output=True, text=True, check=False, timeout=3600)
        last = ran.stdout.strip().splitlines()[-1:] or [""]
        if ran.returncode:
            found.append({"name": script.stem.removeprefix("with_"), "failed": (ran.stderr.strip().splitlines() or ["?"])[-1][:200]})
            continue
        said = json.loads(last[0])
        equal = [_plain(rows) == _plain(_by_hand(folder, question)) for rows, question in zip(said.pop("rows"), questions(), strict=True)]
        found.append({"name": script.stem.removeprefix("with_"), "equal": equal, **said})
    return found


def _by_hand(folder: Path, question: Question) -> list[tuple[Any, ...]]:
    return duckdb.sql(question.naive.format_map(tables(folder))).fetchall()


def _plain(rows: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    """Rows whose cells can be compared, whatever kinds a layer gives them: days without their time, numbers to ten digits, in an order of their own."""

    def plain(cell: Any) -> str:
        text = str(cell).removesuffix(" 00:00:00")
        try:
            return f"{float(text):.10g}"
        except ValueError:
            return text

    return sorted(tuple(plain(cell) for cell in row) for row in rows)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
