"""What `benchmarks.query` measured, as Markdown: a table a size, the targets, fresh processes, and the other layers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median as middle
from typing import TYPE_CHECKING

from benchmarks.figures import Median, Took, median, percentile

if TYPE_CHECKING:
    from benchmarks.query import Raced, Sized


def write(machine: str, repetitions: int, sizes: Sequence[Sized]) -> str:
    """The whole report."""
    parts = [
        f"{machine}; {repetitions} repetitions of each way in turn; milliseconds on the clock, medians. A ratio is paired, in brackets its 95 % interval; "
        "where that is wider than a tenth of the ratio the machine was too restless to tell more.",
        _targets(sizes),
    ]
    for size in sizes:
        parts += [f"#### {size.rows:,} orders", _table(size)]
    parts += ["#### Fresh processes", _fresh(sizes)]
    parts += [part for size in sizes if size.peers for part in (f"#### Other semantic layers at {size.rows:,} orders", _peers(size))]
    return "\n\n".join(parts) + "\n"


def _ratio(ours: Sequence[Took], others: Sequence[Took]) -> Median:
    return median([one.wall / other.wall for one, other in zip(ours, others, strict=True)])


def _told(ratio: Median) -> str:
    if ratio.low is None or ratio.high is None:
        return f"{ratio.value:.2f}"
    return f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]"


def _ms(took: Sequence[Took]) -> str:
    return f"{middle(one.wall for one in took) * 1000:.1f}"


def _table(size: Sized) -> str:
    lines = [
        "| question | ours | naive SQL | tuned SQL | ours by tuned | ours by naive | from the rollup |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in size.raced:
        ratios = f"{_told(_ratio(one.ours, one.tuned))} | {_told(_ratio(one.ours, one.naive))}"
        lines.append(f"| {one.question.ask} | {_ms(one.ours)} | {_ms(one.naive)} | {_ms(one.tuned)} | {ratios} | {_ms(one.kept)} |")
    return "\n".join(lines)


def _targets(sizes: Sequence[Sized]) -> str:
    """Each target beside what was measured, missed or not."""
    largest, smallest = max(sizes, key=lambda size: size.rows), min(sizes, key=lambda size: size.rows)
    planning = [seconds for size in sizes for one in size.raced for seconds in one.planning]
    lines = ["| what | at most | measured |", "| --- | ---: | ---: |", f"| planning, 95th percentile | 1 ms | {percentile(planning, 95) * 1000:.2f} ms |"]
    for size in sizes:
        lines.append(f"| by tuned SQL, all five, {size.rows:,} orders | 1.05 | {_told(_together(size.raced, 'tuned'))} |")
        lines.append(
            f"| by naive SQL, questions with joins, {size.rows:,} orders | 0.5 | {_told(_together([r for r in size.raced if r.question.joins], 'naive'))} |"
        )
    slowest = max(middle(took.wall for took in one.kept) for one in largest.raced)
    lines.append(f"| slowest rollup answer, {largest.rows:,} orders | 50 ms | {slowest * 1000:.1f} ms |")
    grown = max(
        middle(took.wall for took in one.kept) / middle(took.wall for took in other.kept) for one, other in zip(largest.raced, smallest.raced, strict=True)
    )
    lines.append(f"| rollup answers, {largest.rows:,} by {smallest.rows:,} orders | 3 | {grown:.2f} |")
    for size in sizes:
        lines.append(
            f"| first answer of a fresh process by raw DuckDB, {size.rows:,} orders | 1.5 | {size.fresh['ours']['first'] / size.fresh['raw']['first']:.2f} |"
        )
    at_ten = next((size for size in sizes if size.rows == 10_000_000), smallest)
    ours, raw = (at_ten.fresh[way]["memory"] / 1e6 for way in ("ours", "raw"))
    lines.append(f"| most memory, {at_ten.rows:,} orders | 130 MB | {ours:.0f} MB (raw DuckDB {raw:.0f}) |")
    return "\n".join(lines)


def _together(raced: Sequence[Raced], way: str) -> Median:
    """The ratio of the time for all questions, repetition by repetition."""
    rounds = zip(zip(*(one.ours for one in raced), strict=True), zip(*(getattr(one, way) for one in raced), strict=True), strict=True)
    return median([sum(took.wall for took in ours) / sum(took.wall for took in others) for ours, others in rounds])


def _fresh(sizes: Sequence[Sized]) -> str:
    lines = ["| orders | ours, first answer | raw DuckDB | ours, most memory | raw DuckDB |", "| ---: | ---: | ---: | ---: | ---: |"]
    for size in sizes:
        ours, raw = size.fresh["ours"], size.fresh["raw"]
        lines.append(f"| {size.rows:,} | {ours['first']:.2f} s | {raw['first']:.2f} s | {ours['memory'] / 1e6:.0f} MB | {raw['memory'] / 1e6:.0f} MB |")
    return "\n".join(lines)


def _peers(size: Sized) -> str:
    lines = ["| layer | planning, median | planning, 95th percentile | all five, median | equal to the SQL |", "| --- | ---: | ---: | ---: | ---: |"]
    planning = [seconds for one in size.raced for seconds in one.planning]
    ours = sum(middle(took.wall for took in one.ours) for one in size.raced)
    lines.append(f"| this | {middle(planning) * 1000:.2f} ms | {percentile(planning, 95) * 1000:.2f} ms | {ours * 1000:.0f} ms | 5 of 5 |")
    for peer in size.peers:
        if "failed" in peer:
            lines.append(f"| {peer['name']} | could not be run: {peer['failed']} | | | |")
        else:
            half, most = (figure * 1000 for figure in (middle(peer["planning"]), percentile(peer["planning"], 95)))
            lines.append(f"| {peer['name']} {peer['version']} | {half:.1f} ms | {most:.1f} ms | {peer['total'] * 1000:.0f} ms | {sum(peer['equal'])} of 5 |")
    return "\n".join(lines)
