"""`python -m benchmarks.analysis` (`make bench-analysis`): how good the analyses are, each figure beside what others published."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.measures import Figure
from benchmarks.run import machine, put

BEGIN, END = "<!-- begin: python -m benchmarks.analysis -->", "<!-- end: python -m benchmarks.analysis -->"
PARTS: tuple[str, ...] = ("forecasts", "unusual", "trends", "experiments", "drivers", "scale")
"""The modules `benchmarks.measured_<part>`; each has `figures(sample)`, which yields its figures."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part (may be said again)")
    parser.add_argument("--sample", action="store_true", help="a seeded sample of the cases: seconds in place of minutes")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace the figures in this Markdown page")
    options = parser.parse_args(arguments)
    report = f"{machine()}{'; a sample of the cases' if options.sample else ''}.\n\n{table(measured(options.only or PARTS, sample=options.sample))}\n"
    print(report)
    if options.write is not None:
        put(report, options.write, begin=BEGIN, end=END)


def measured(parts: Iterable[str], *, sample: bool) -> list[Figure]:
    """Every figure of these parts, in order."""
    found: list[Figure] = []
    for part in parts:
        began = time.perf_counter()
        found += import_module(f"benchmarks.measured_{part}").figures(sample=sample)
        print(f"# {part}: {time.perf_counter() - began:.0f} s", flush=True)
    return found


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table in Markdown."""
    said = {True: "yes", False: "no", None: "-"}
    rows = [(f.what, f.measured, f.aim, said[f.met], f.how) for f in figures]
    lines = (("what", "measured", "published or aimed at", "met", "how"), ["---"] * 5, *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
