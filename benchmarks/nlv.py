"""What people said to charts of two published tables, and how it is read: `python -m benchmarks.nlv [Cars|Movies] [-v]`."""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from insights import Assistant, wiring
from insights.contract import encode_reading
from insights.requests import Clarify, Request, Understood
from insights.turns import Turn

CORPUS = Path(__file__).parent.parent / "tests" / "external" / "nlvcorpus"
TABLES = ("Cars", "Movies")
_OUTCOMES = {"clarify": "asked", "unsupported": "refused"}


def _scorer() -> Any:
    """The scorer that comes with the corpus, as it is."""
    found = importlib.util.spec_from_file_location("nlvcorpus_score", CORPUS / "score.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


score = _scorer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One utterance, or the last of a set, against the chart its author saw. `verdict` is full, exact (the fields, not the form), asked, refused or wrong.

    `contradiction` says why the chart shows something else than the words say; empty where it does not. `seconds` is for one utterance.
    """

    chart: str
    said: tuple[str, ...]
    verdict: str
    note: str
    seconds: float
    contradiction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Parts of one for one table and kind; `wrong` as scored, `truly_wrong` without the labels that contradict the words."""

    name: str
    count: int
    exact: float
    full: float
    asked: float
    refused: float
    wrong: float
    truly_wrong: float
    milliseconds: float


def assistant_over(table: str, home: Path) -> Assistant:
    """An assistant over the catalog of a table."""
    return wiring.open_catalog(CORPUS / table.lower(), home=home)


def bare_assistant(table: str, home: Path) -> Assistant:
    """An assistant over the file of a table alone, for which nobody wrote a catalog."""
    return wiring.open_data([str(CORPUS / f"{table.lower()}.csv")], home=home)


def rows(table: str, assistant: Assistant, *, sequential: bool = False) -> tuple[Row, ...]:
    """Every single utterance (or every set) of a table as it is read and scored."""
    specs = json.loads((CORPUS / "specs.json").read_text(encoding="utf-8"))
    reasons = _contradictions()
    found = []
    for entry in _utterances(table, sequential=sequential):
        said = tuple(part.strip() for part in entry["Utterance Set"].split("|")) if sequential else (entry["Utterance Set"],)
        started = time.perf_counter()
        document = _read(assistant, said)
        seconds = (time.perf_counter() - started) / len(said)
        verdict, note = _judged(document, specs[f"{table.lower()}-{entry['visId']}"], entry["visId"])
        reason = reasons.get((table, entry["visId"], entry["Utterance Set"]), "")
        found.append(Row(chart=entry["visId"], said=said, verdict=verdict, note=note, seconds=seconds, contradiction=reason))
    return tuple(found)


def figures(name: str, found: Sequence[Row]) -> Figures:
    """The figures of some rows."""
    counts = Counter(row.verdict for row in found)
    truly = sum(row.verdict == "wrong" and not row.contradiction for row in found)
    n = max(len(found), 1)
    return Figures(
        name=name,
        count=len(found),
        exact=(counts["full"] + counts["exact"]) / n,
        full=counts["full"] / n,
        asked=counts["asked"] / n,
        refused=counts["refused"] / n,
        wrong=counts["wrong"] / n,
        truly_wrong=truly / n,
        milliseconds=1000 * sum(row.seconds for row in found) / n,
    )


def _utterances(table: str, *, sequential: bool) -> Iterator[Mapping[str, str]]:
    with (CORPUS / "utterances.csv").open(encoding="utf-8", errors="replace") as lines:
        for entry in csv.DictReader(lines):
            if entry["dataset"] == table and (entry["sequential"] == "y") == sequential:
                yield entry


def _read(assistant: Assistant, said: Sequence[str]) -> dict[str, Any]:
    """The reading of the last utterance in the conversation so far, as `insights understand --batch` writes it."""
    previous: Request | None = None
    document: dict[str, Any] = {}
    for text in said:
        reading, question = assistant.understand(Turn(text), previous=previous)
        if isinstance(reading, Understood):
            previous = reading.request
        elif isinstance(reading, Clarify) and reading.partial is not None:
            previous = reading.partial
        document = encode_reading(text, reading, question)
    return document


def _judged(document: Mapping[str, Any], spec: Mapping[str, Any], chart: str) -> tuple[str, str]:
    """The verdict by the rule of the corpus' scorer, and what differs."""
    if document["outcome"] != "understood":
        return _OUTCOMES[document["outcome"]], document["question"] or document["reason"] or ""
    request = document["request"]
    fields, aggregates = score.gold(spec)
    mine, how = score.taken(request, _COUNTS)
    kind = request.get("analysis") in score.ANALYSES[chart]
    same = not aggregates or how == aggregates or chart == "histogram" or (aggregates == {"count"} and not how)
    verdict = "wrong" if mine != fields else "full" if kind and same else "exact"
    note = "" if verdict == "full" else f"want {sorted(fields)} {sorted(aggregates)}; got {sorted(mine)} {sorted(how)} {request.get('analysis')}"
    return verdict, note


_COUNTS = {score.plain(name) for name in "count,cars,movies,orders,rows,records".split(",")}
"""Metric names that only count rows: the scorer's own default."""


def _contradictions() -> dict[tuple[str, str, str], str]:
    entries = yaml.safe_load((CORPUS / "contradictions.yaml").read_text(encoding="utf-8")) or []
    return {(entry["table"], entry["chart"], entry["said"]): entry["reason"] for entry in entries}


def line(found: Figures) -> str:
    """One line of the printed table."""
    parts = (found.exact, found.full, found.asked, found.refused, found.wrong, found.truly_wrong)
    return f"{found.name:<22} {found.count:>4}  " + "  ".join(f"{100 * part:>6.1f}" for part in parts) + f"  {found.milliseconds:>6.2f}"


HEADING = f"{'':<22} {'n':>4}  " + "  ".join(f"{name:>6}" for name in ("exact", "full", "asked", "refus.", "wrong", "*")) + f"  {'ms':>6}"


def main(arguments: Sequence[str]) -> None:
    """Print the figures in percent; `*` is wrong without the labels that contradict the words. With -v also what was not read in full."""
    chosen = [table for table in TABLES if table in arguments] or list(TABLES)
    print(HEADING)
    with TemporaryDirectory() as home:
        for table in chosen:
            for kind, opened in (("", assistant_over), (" bare", bare_assistant)):
                if (kind and "--catalog-only" in arguments) or (not kind and "--bare-only" in arguments):
                    continue
                with closing(opened(table, Path(home) / f"{table}{kind}")) as assistant:
                    for sequential in (False, True):
                        found = rows(table, assistant, sequential=sequential)
                        print(line(figures(f"{table}{kind}{' sets' if sequential else ''}", found)))
                        if "-v" in arguments:
                            for row in found:
                                if row.verdict != "full":
                                    print(f"  {row.verdict:<8} {row.chart:<14} {' | '.join(row.said)[:110]} -- {row.note[:150]}")


if __name__ == "__main__":
    main(sys.argv[1:])
