"""What was measured, as Markdown: against the targets, by stage, by question, and for fresh processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median as middle

from benchmarks.figures import WIDEST, Median, Took, percentile
from benchmarks.pairs import Pairs, altogether
from benchmarks.stages import STAGES

RATIO_ROWS = 10_000_000
MOST = 1.1
MEGABYTE = 1_000_000

Target = tuple[str, str, str, bool | None]
"""What, at most, measured, and whether it is met; None where that cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Everything one run found."""

    machine: str
    rows: int
    repetitions: int
    understanding: Mapping[str, Sequence[Took]]
    stages: Mapping[str, Sequence[Took]]
    pairs: Sequence[Pairs]
    fresh: Mapping[str, Sequence[Mapping[str, float]]]

    @property
    def by_stage(self) -> Mapping[str, Sequence[Took]]:
        """All repetitions of each stage."""
        understood = [took for times in self.understanding.values() for took in times]
        return {"understand": understood, **{stage: self.stages[stage] for stage in STAGES[1:]}}


def write(measured: Measured) -> str:
    """The whole report."""
    parts = (
        f"{measured.machine}; {measured.rows:,} rows; {measured.repetitions} repetitions.",
        "### Targets",
        _targets(measured),
        "### Stages",
        f"Milliseconds. Understanding over {len(measured.understanding)} utterances, the other stages over {len(measured.pairs)} questions.",
        _stages(measured),
        "### Beside hand-written SQL",
        "Medians in milliseconds. The ratio is that of the time on the clock, whole answer by SQL, paired; in brackets its 95 % interval. "
        f"Where that is wider than {WIDEST}, the machine was too restless to tell. `cpu` is the same ratio for the computing in all threads; "
        "`outside` is the computing of the assistant outside the engine.",
        _questions(measured),
        _within(measured),
        "### Fresh processes",
        "From the start of the process to its end, after one answer (`every question`: all of them).",
        _fresh(measured),
    )
    return "\n\n".join(parts) + "\n"


def _targets(measured: Measured) -> str:
    total = altogether(measured.pairs)
    imported = middle(run["import_cpu"] for run in measured.fresh["skill"])
    rows = [
        _stage_target("understanding", measured.by_stage["understand"], percent=99, most=5),
        _stage_target("planning", measured.by_stage["plan"], percent=95, most=1),
        (f"whole answers / hand-written SQL at {measured.rows:,} rows", str(MOST), _ratio(total), _ratio_met(total, measured.rows)),
        ("`import skill.handler`, CPU", "0.5 s", f"{imported:.2f} s", imported <= 0.5),
        *(_first_target(name, measured.fresh[name]) for name in ("shell", "skill")),
    ]
    said = {True: "yes", False: "no", None: "-"}
    return _table(("what", "at most", "measured", "met"), [(what, most, found, said[met]) for what, most, found, met in rows])


def _stage_target(name: str, times: Sequence[Took], *, percent: int, most: float) -> Target:
    wall, cpu = (percentile([getattr(took, clock) for took in times], percent) * 1000 for clock in ("wall", "cpu"))
    return f"{name}, p{percent}", f"{most:g} ms", f"{wall:.2f} ms (CPU {cpu:.2f} ms)", wall <= most


def _first_target(name: str, runs: Sequence[Mapping[str, float]]) -> Target:
    wall, cpu = (middle(run[clock] for run in runs) for clock in ("wall", "cpu"))
    return f"first answer of the {name}", "1.5 s", f"{wall:.2f} s (CPU {cpu:.2f} s)", wall <= 1.5


def _ratio_met(total: Median, rows: int) -> bool | None:
    """Unknown where it cannot be measured, or at another size than the target is for."""
    return total.value <= MOST if total.measurable and rows >= RATIO_ROWS else None


def _stages(measured: Measured) -> str:
    rows: list[Sequence[str]] = []
    for stage, times in measured.by_stage.items():
        figures = [percentile([getattr(took, clock) for took in times], percent) * 1000 for clock in ("wall", "cpu") for percent in (50, 95, 99)]
        rows.append((stage, *(f"{figure:.2f}" for figure in figures)))
    return _table(("stage", "median", "p95", "p99", "CPU median", "CPU p95", "CPU p99"), rows)


def _questions(measured: Measured) -> str:
    rows: list[Sequence[str]] = []
    for pair in measured.pairs:
        understood = middle(took.wall for took in measured.understanding[pair.ask])
        ours, by_hand = (middle(took.wall for took in times) for times in (pair.ours, pair.by_hand))
        rows.append((pair.ask, _ms(understood), _ms(ours), _ms(by_hand), _ratio(pair.ratio), _ratio(pair.cpu_ratio), _ms(middle(pair.outside))))
    sums = [sum(middle(took.wall for took in getattr(pair, side)) for pair in measured.pairs) for side in ("ours", "by_hand")]
    rows.append(("**all**", "", *map(_ms, sums), _ratio(altogether(measured.pairs)), "", ""))
    return _table(("question", "understand", "whole answer", "by hand", "ratio", "cpu", "outside"), rows)


def _within(measured: Measured) -> str:
    """How many questions keep to the target one by one: where the SQL itself is done in a moment, everything beside it counts."""
    within = sum(pair.ratio.value <= MOST for pair in measured.pairs)
    return f"The median ratio is at most {MOST} for {within} of {len(measured.pairs)} questions."


def _fresh(measured: Measured) -> str:
    rows = []
    for name, runs in measured.fresh.items():
        wall, cpu, peak = ([run[key] for run in runs] for key in ("wall", "cpu", "peak"))
        imported = f"{middle(run['import_cpu'] for run in runs):.2f}" if "import_cpu" in runs[0] else ""
        rows.append((name, str(len(runs)), f"{middle(wall):.2f}", f"{max(wall):.2f}", f"{middle(cpu):.2f}", imported, f"{max(peak) / MEGABYTE:.0f}"))
    return _table(("process", "times", "median s", "slowest s", "CPU s", "import CPU s", "peak MB"), rows)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def _ratio(found: Median) -> str:
    if not found.measurable:
        return f"not measurable (about {found.value:.2f})"
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (titles, ["---"] * len(titles), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
