"""How many published date-time cases are read as their authors do, and how fast: `python -m benchmarks.when`."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from insights.language.periods import Calendar, Found, find
from insights.language.periods.conventions import RECOGNIZERS

CASES = Path(__file__).parents[1] / "tests/external/recognizers/date_time_model_even.jsonl"

# --- the profile --------------------------------------------------------------------------------------------------------------------
# What words mean to the authors is `RECOGNIZERS` in `insights/language/periods/conventions.py`. What they write down differently is here:
# Clock:       every case has its own reference; it is our `now`.
# Candidates:  what could be past or future has one value for each; ours is one of them in the lean that fits.
# Spans:       in lower case; whether "the", "at", "on", "in" or "for" before a time belong to it differs from case to case.
# Ends:        months, weeks and years end half-open as ours do, but "from the 3rd to the 5th" ends on the 5th and "from May to July" on
#              1 July, ours after the last day or month; "after the 3rd" starts on the 3rd, ours the day after. A night ends at 23:59:59.
# End of day:  the instant 23:59:59; ours is the last hour.
# Bounds:      "more than 4 days" is a span; ours is the length in it.
# Clock times: an instant; ours is the hour or minute that starts then. A time alone has no day: only the clock is compared.
# Sets:        "every Monday" is "not resolved"; ours must be a recurrence. Seasons are not resolved either; ours must be an interval.
CALENDAR = Calendar(conventions=RECOGNIZERS)
LEADING = ("the ", "at ", "on ", "in ", "for ", "during ", "more ", "less ", "than ", "year of ", "year is ", "of ", "is ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Published cases read right (spans and values), wrong, and those where nothing was found; milliseconds an utterance."""

    right: int
    wrong: int
    missed: int
    p50: float
    p99: float
    failing: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many cases there are."""
        return self.right + self.wrong + self.missed


def cases() -> list[dict[str, Any]]:
    """The published cases: `text`, `reference`, and `results` with `span`, `type`, `values`."""
    return [json.loads(line) for line in CASES.read_text().splitlines()]


def measure(rounds: int = 5) -> Measured:
    """Read every case `rounds` times, in turn, and compare; a case takes the median of its rounds."""
    published = cases()
    rows: list[list[float]] = [[] for _ in published]
    collecting = gc.isenabled()
    gc.disable()  # what a large process has to collect is not the grammar's
    try:
        for _ in range(rounds):
            for case, row in zip(published, rows, strict=True):
                now = datetime.fromisoformat(case["reference"])
                started = time.perf_counter()
                find(case["text"], now=now, calendar=CALENDAR)
                row.append((time.perf_counter() - started) * 1000)
    finally:
        if collecting:
            gc.enable()
    taken = sorted(statistics.median(row) for row in rows)
    verdicts = [(case, verdict(case)) for case in published]
    return Measured(
        right=sum(said == "right" for _, said in verdicts),
        wrong=sum(said == "wrong" for _, said in verdicts),
        missed=sum(said == "missed" for _, said in verdicts),
        p50=taken[len(taken) // 2],
        p99=taken[int(len(taken) * 0.99)],
        failing=tuple(f"{said}: {case['text']}" for case, said in verdicts if said != "right"),
    )


def verdict(case: Mapping[str, Any]) -> str:
    """`right`: every span is found, nothing else is, every first reading is a published one in one lean; `missed`: too little was found."""
    results = case["results"]
    fewer = True
    for found in _both_leans(case):
        spans = [bare(one.span) for one in found]
        if spans == [bare(result["span"]) for result in results] and _all_agree(found, results):
            return "right"
        fewer &= len(found) < len(results)
    return "missed" if fewer else "wrong"


def _both_leans(case: Mapping[str, Any]) -> Iterator[list[Found]]:
    now = datetime.fromisoformat(case["reference"])
    yield [one for one in find(case["text"], now=now, calendar=CALENDAR, lean="past") if one.certain]
    yield [one for one in find(case["text"], now=now, calendar=CALENDAR, lean="future") if one.certain]


def _all_agree(found: Sequence[Found], results: Sequence[Mapping[str, Any]]) -> bool:
    return all(any(agrees(one, value, result["type"]) for value in result["values"]) for one, result in zip(found, results, strict=True))


def bare(span: str) -> str:
    """A span without the small words before it."""
    span = span.lower().strip(" .,=")
    while span.startswith(LEADING):
        span = span.partition(" ")[2]
    return span


def same_end(found: Found, theirs: datetime | None) -> bool:
    """Equal, or ours is one day or one month after the last that they name."""
    ours = found.end
    if ours == theirs or ours is None or theirs is None:
        return ours == theirs
    month_later = theirs.replace(year=theirs.year + theirs.month // 12, month=theirs.month % 12 + 1) if theirs.day == 1 else None
    return ours - timedelta(days=1) == theirs or ours - timedelta(seconds=1) == theirs or (found.grain == "month" and ours == month_later)


def as_theirs(found: Found) -> Found:
    """The end of a day as the instant that they give, an open start as theirs."""
    if not found.start or not found.end:
        if found.start and found.grain == "day" and found.words.startswith("after"):
            return replace(found, start=found.start - timedelta(days=1))
        return found
    if found.words.startswith(("end of", "eod")) and found.grain == "hour":
        return replace(found, start=found.end - timedelta(seconds=1))
    return found


def agrees(found: Found, value: Mapping[str, str], kind: str) -> bool:
    """Whether the first reading of a finding is one of their values."""
    if kind == "set" or value.get("value") == "not resolved":
        return found.kind == ("recurrence" if kind == "set" else "interval")
    if kind == "duration":
        return found.kind == "duration" and found.minutes is not None and abs(found.minutes * 60 - float(value["value"])) < 1
    if found.kind != "interval":
        return False
    found = as_theirs(found)
    if kind in ("time", "timerange"):
        ours = [moment and moment.strftime("%H:%M:%S") for moment in (found.start, found.end)]
        theirs = [value.get("start", value.get("value")), value.get("end")]
        return ours[0] == theirs[0] and (kind == "time" or ours[1] == theirs[1])
    if "value" in value:
        return found.start == datetime.fromisoformat(value["value"])
    start, end = (datetime.fromisoformat(value[key]) if key in value else None for key in ("start", "end"))
    return found.start == start and same_end(found, end)


def main() -> None:
    """Print right, wrong, missed and the milliseconds."""
    measured = measure()
    for line in measured.failing:
        print(line)
    share = measured.right / measured.total
    print(f"{measured.right} right, {measured.wrong} wrong, {measured.missed} missed of {measured.total} published cases ({share:.0%})")
    print(f"p50 {measured.p50:.2f} ms, p99 {measured.p99:.2f} ms an utterance")


if __name__ == "__main__":
    main()
