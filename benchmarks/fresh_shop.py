"""A fresh process that asks the five questions of a shop, ours or raw DuckDB: when the first answer stood, and the most memory. Prints JSON."""

import json
import sys
import time
from pathlib import Path

BEGAN = time.perf_counter()


def main(way: str, folder: Path) -> None:
    """Ask; the clock starts when the interpreter does, as nearly as it can tell."""
    ask = _ours(folder) if way == "ours" else _raw(folder)
    ask(1)
    first = time.perf_counter() - BEGAN
    for number in (0, 2, 3, 4):
        ask(number)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    print(json.dumps({"first": first, "memory": peak * 1024}))


def _ours(folder: Path):
    from insights.turns import Turn
    from insights.wiring import open_catalog

    assistant = open_catalog(folder / "plain", home=folder / "home-plain", warehouse={"results_kept": 0})
    asked = ("total revenue", "revenue by region", "revenue by month", "top 10 cities by revenue where status is shipped", "refund rate by region")
    return lambda number: assistant.reply(Turn(asked[number]))


def _raw(folder: Path):
    import duckdb

    from benchmarks.shops import questions, tables

    database, places = duckdb.connect(":memory:"), tables(folder)
    return lambda number: database.execute(questions()[number].tuned.format_map(places)).fetchall()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
