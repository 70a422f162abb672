"""`python -m benchmarks.language` (`make bench-language`): everything that is measured about understanding, in one table."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from benchmarks import big, campaign, nlv, when
from benchmarks.figures import as_installed, percentile
from benchmarks.run import machine, put
from insights import demo, settings, wiring
from insights.turns import Turn

BEGIN, END = "<!-- begin: python -m benchmarks.language -->", "<!-- end: python -m benchmarks.language -->"
ROOT = Path(__file__).parents[1]
TITLES = ("what", "cases", "right", "asked", "refused", "wrong", "figure", "target", "met")
STARTS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the table: counts by outcome, or a figure with its unit, beside its target."""

    what: str
    cases: int
    target: str
    met: bool
    counts: Mapping[str, int] | None = None
    figure: str = ""

    def cells(self) -> tuple[str, ...]:
        """What stands in each column."""
        counts = [_part(self.counts[name], self.cases) if self.counts is not None else "" for name in ("right", "asked", "refused", "wrong")]
        return (self.what, f"{self.cases:,}", *counts, self.figure, self.target, "yes" if self.met else "no")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5_000, help="changed utterances (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where the big catalog is made (default: benchmark-language in INSIGHTS_HOME)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace the figures in this Markdown page")
    parser.add_argument("--quality", action="store_true", help="measure no times: on a busy machine; those that stand in the page are kept")
    options = parser.parse_args(arguments)
    if options.quality:
        report = of_quality(options.write)
        print(report)
        if options.write is not None:
            put(report, options.write, begin=BEGIN, end=END)
        return
    folder = (options.folder or settings.read().home / "benchmark-language").absolute()
    report = "\n".join((f"{machine()}.", "", *table(measure(folder, options.count)))) + "\n"
    print(report)
    if options.write is not None:
        put(report, options.write, begin=BEGIN, end=END)


def measure(folder: Path, count: int) -> list[Line]:
    """Every line, those that need the machine for themselves first."""
    lines: list[Line] = []
    parts: tuple[Callable[[], Iterable[Line]], ...] = (lambda: at_size(folder), lambda: changed(count), published_times, charts, asked)
    for part in parts:
        lines += part()
    return lines


def of_quality(page: Path | None) -> str:
    """The report with what does not depend on how busy the machine is measured now, and all else as it stands in `page`, with its machine."""
    before, kept, standing = "", [], page.read_text(encoding="utf-8") if page is not None else ""
    if BEGIN in standing:
        lines = standing.split(BEGIN)[1].split(END)[0].strip().splitlines()
        before = next(line for line in lines if line.strip()).removeprefix(_KEPT)
        kept = [line for line in lines if line.startswith(_TIMED)]
    now = table([line for part in (published_times, charts, asked) for line in part() if not f"| {line.what} |".startswith(_TIMED)])
    return "\n".join((f"{_KEPT}{before}", "", *now[:2], *kept, *now[2:])) + "\n"


_KEPT = "Right, asked, refused and wrong are newer than the times and memory, which were measured here: "
_TIMED = ("| an utterance, p99", "| start of a process", "| peak memory", "| changed utterances", "| the slowest of them", "| a published date-time case, p99")


def at_size(folder: Path) -> Iterable[Line]:
    """Start-up, speed and memory with 50 metrics, 100 dimensions and 100,000 values, from what is kept in a home."""
    made, home = folder / "catalog", folder / "home"
    if not (made / "made.json").exists():
        print(f"making a company of {big.VALUES:,} values in {made} ...", file=sys.stderr)
        big.make(made)
    _fresh(made, home, 1)
    starts = [_fresh(made, home, 1) for _ in range(STARTS)]
    start, computing = median(seconds for seconds, _ in starts), median(found["started"] for _, found in starts)
    _, found = _fresh(made, home, 1_000)
    middle, slow, slow_cpu = (percentile(found[clock], percent) * 1000 for clock, percent in (("wall", 50), ("wall", 99), ("cpu", 99)))
    megabytes = found["peak"] / 1_000_000
    size = "50 metrics, 100 dimensions, 100,000 values"
    figure = f"{slow:.2f} ms (CPU {slow_cpu:.2f}; p50 {middle:.2f})"
    yield Line(what=f"an utterance, p99 ({size})", cases=1_000, figure=figure, target="5 ms", met=slow <= 5)
    yield Line(
        what="start of a process to its first reading, same catalog", cases=STARTS, figure=f"{start:.2f} s (CPU {computing:.2f})", target="1 s", met=start < 1
    )
    yield Line(what="peak memory after 1,000 utterances, same catalog", cases=1, figure=f"{megabytes:.0f} MB", target="150 MB", met=megabytes < 150)


def _fresh(catalog: Path, home: Path, count: int) -> tuple[float, dict[str, Any]]:
    """Seconds from the start of a process until it has understood something, and what it says of itself. Raises SystemExit when it fails."""
    command = [sys.executable, "-m", "benchmarks.one_understanding", str(catalog), str(home), str(count)]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=as_installed(home.absolute().parent)) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        seconds = time.perf_counter() - started
        rest = process.stdout.read()
    if said != "ready\n" or process.returncode:
        raise SystemExit(f"{' '.join(command)} failed.")
    return seconds, json.loads(rest)


def changed(count: int) -> Iterable[Line]:
    """Changed utterances: none may raise, be read in two ways, or take long."""
    from insights.language.understand import Understander
    from tests.language.company import CATALOG, CONTENTS

    found = campaign.run(Understander(CATALOG, CONTENTS, rooms={"fern": "Fern"}), count)
    differing = len({campaign.elsewhere(min(count, 1_000), campaign.SEED, seed) for seed in (1, 2)}) - 1
    slowest = found.slowest * 1000
    said = f"{len(found.raised)} raised, {differing} differing between processes"
    yield Line(what="changed utterances", cases=count, figure=said, target="0 and 0", met=not found.raised and not differing)
    yield Line(what="the slowest of them", cases=count, figure=f"{slowest:.1f} ms ({len(found.text):,} characters)", target="50 ms", met=slowest <= 50)


def published_times() -> Iterable[Line]:
    """The published date-time cases."""
    found = when.measure()
    counts = {"right": found.right, "asked": 0, "refused": found.missed, "wrong": found.wrong}
    yield Line(what="published date-time cases", cases=found.total, counts=counts, target="90 % right", met=found.right >= 0.9 * found.total)
    yield Line(what="a published date-time case, p99", cases=found.total, figure=f"{found.p99:.2f} ms (p50 {found.p50:.2f})", target="1 ms", met=found.p99 <= 1)


def charts() -> Iterable[Line]:
    """What people said to published charts, over catalogs written without reading it."""
    with TemporaryDirectory() as home:
        for name in nlv.TABLES:
            with closing(nlv.assistant_over(name, Path(home) / name)) as assistant:
                for sets in (False, True):
                    rows = nlv.rows(name, assistant, sequential=sets)
                    yield from _of_charts(f"{name}{', sets of utterances' if sets else ''}", rows, sets=sets)


def _of_charts(name: str, rows: Sequence[nlv.Row], *, sets: bool) -> Iterable[Line]:
    """As scored, and without the labels that contradict the words; for single utterances also the fields alone."""
    plain = [row for row in rows if not row.contradiction]
    without = f"without {len(rows) - len(plain)} labels that contradict the words"
    least = 0.85 if sets else 0.92
    yield _scored(f"{name}, in full", rows, ("full",), least)
    if not sets:
        yield _scored(f"{name}, the fields", rows, ("full", "exact"), 0.95)
    yield _scored(f"{name}, in full, {without}", plain, ("full",), least)
    if not sets:
        yield _scored(f"{name}, the fields, without these", plain, ("full", "exact"), 0.95)


def _scored(name: str, rows: Sequence[nlv.Row], right: Sequence[str], least: float) -> Line:
    """Of what is understood and not right, only what has other fields is wrong; the rest has the right ones in another form."""
    verdicts = Counter(row.verdict for row in rows)
    counts = {"right": sum(verdicts[verdict] for verdict in right), "asked": verdicts["asked"], "refused": verdicts["refused"], "wrong": verdicts["wrong"]}
    met = counts["right"] >= least * len(rows) and counts["wrong"] <= 0.01 * len(rows)
    form = len(rows) - sum(counts.values())
    figure = f"{form} with the right fields in another form" if form else ""
    return Line(what=name, cases=len(rows), counts=counts, figure=figure, target=f"{100 * least:.0f} % right, 1 % wrong", met=met)


def asked() -> Iterable[Line]:
    """The questions about the demo company that were written before the grammar, typed and as they are transcribed."""
    from tests.demo.replay import NOW, judge, questions

    folder = ROOT / ".insights" / "demo"
    company = demo.standing(folder) or demo.make(folder)
    with TemporaryDirectory() as home, closing(wiring.open_catalog(company.folder, home=Path(home))) as assistant:

        def verdict(ask: str, text: str) -> str:
            return judge(questions()[ask], assistant.understand(Turn(text, "ada", now=NOW))[0])

        spoken = yaml.safe_load((ROOT / "tests/demo/spoken.yaml").read_text(encoding="utf-8"))
        for name, verdicts, target, least in (
            ("questions about the demo company", [verdict(ask, ask) for ask in questions()], "1 % wrong", 0.0),
            ("the same as a recogniser writes them", [verdict(entry["ask"], entry["say"]) for entry in spoken], "90 % right, 1 % wrong", 0.9),
        ):
            counts = {outcome: verdicts.count(outcome) for outcome in ("right", "asked", "refused", "wrong")}
            met = counts["right"] >= least * len(verdicts) and counts["wrong"] <= 0.01 * len(verdicts)
            yield Line(what=name, cases=len(verdicts), counts=counts, target=target, met=met)


def table(lines: Iterable[Line]) -> list[str]:
    """The lines as a Markdown table."""
    rows = (TITLES, ["---"] * len(TITLES), *(line.cells() for line in lines))
    return [f"| {' | '.join(row)} |" for row in rows]


def _part(count: int, of: int) -> str:
    return f"{count} ({100 * count / max(of, 1):.1f} %)" if count else "0"


if __name__ == "__main__":
    main()
