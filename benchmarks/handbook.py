"""`python -m benchmarks.handbook` (`make bench-handbook`): questions about a handbook, written apart from it, and what comes of them."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import yaml

from benchmarks.figures import percentile
from benchmarks.run import machine, put
from insights.answers import CompanyAnswer
from insights.assistant import Assistant
from insights.turns import Turn
from insights.wiring import open_catalog

BEGIN, END = "<!-- begin: python -m benchmarks.handbook -->", "<!-- end: python -m benchmarks.handbook -->"
QUESTIONS = Path(__file__).parents[1] / "tests" / "demo" / "handbook_questions.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, by whom; the places that answer it (`page.md` or `page.md#Heading`; none: it stands nowhere), and words that the answer must have."""

    ask: str
    where: tuple[str, ...] = ()
    says: str = ""
    person: str = "priya"


@dataclass(slots=True)
class Measured:
    """Counts by what came of each question, those whose place was among the first five, the questions that went wrong, and seconds of each."""

    counts: Counter[str] = field(default_factory=Counter)
    found: int = 0
    answerable: int = 0
    told: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def questions(path: Path = QUESTIONS) -> Iterator[Question]:
    """All of them."""
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        where = entry.get("in") or ()
        yield Question(
            ask=entry["ask"],
            where=(where,) if isinstance(where, str) else tuple(where),
            says=str(entry.get("says", "")),
            person=entry.get("as", "priya"),
        )


def measure(assistant: Assistant, asked: Sequence[Question]) -> Measured:
    """Ask each through the whole assistant."""
    result = Measured()
    for question in asked:
        began = perf_counter()
        reply = assistant.reply(Turn(question.ask, person=question.person))
        result.seconds.append(perf_counter() - began)
        outcome = _outcome(reply.answer, question, reply.outcome)
        result.counts[outcome] += 1
        if question.where:
            result.answerable += 1
            shown = reply.answer.sources[:5] if isinstance(reply.answer, CompanyAnswer) else ()
            result.found += any(place(one.source, one.heading) in question.where for one in shown)
        if outcome in ("wrong", "not shown", "not known though it stands there", "taken for something else"):
            result.told.append(f"{outcome}: {question.ask} -> {reply.text.splitlines()[0][:100] if reply.text else ''}")
    return result


def _outcome(answer: object, question: Question, outcome: str) -> str:
    if not isinstance(answer, CompanyAnswer):
        return "taken for something else" if question.where or outcome in ("understood", "confirm") else "not known, rightly"
    if answer.status == "answered":
        right = bool(question.where) and question.says.casefold() in (answer.extract or "").casefold()
        return "right" if right else "wrong"
    if answer.status == "unknown":
        return "not known though it stands there" if question.where else "not known, rightly"
    if not question.where:
        return "places shown for what stands nowhere"
    return "shown among places" if any(place(s.source, s.heading) in question.where for s in answer.sources) else "not shown"


def place(source: str, heading: str | None) -> str:
    """A place as the questions name it."""
    name = source.removeprefix("handbook/")
    return f"{name}#{heading}" if heading else name


def report(result: Measured) -> str:
    """As Markdown."""
    asked = sum(result.counts.values())
    lines = [f"{machine()}.", "| what | questions |", "| --- | ---: |"]
    lines += [f"| {name} | {number} ({number / asked:.1%}) |" for name, number in result.counts.most_common()]
    lines += [
        f"| **all** | {asked} |",
        f"| recall at 5, of {result.answerable} that stand somewhere | {result.found / result.answerable:.1%} |",
        f"| answered aloud | {(result.counts['right'] + result.counts['wrong']) / asked:.1%} |",
        f"| answered wrongly (at most 2 %) | {result.counts['wrong'] / asked:.1%} |",
        f"| time of a reply, median and 95th percentile | {percentile(result.seconds, 50) * 1000:.1f} and {percentile(result.seconds, 95) * 1000:.1f} ms |",
    ]
    return "\n".join([lines[0], "", *lines[1:]]) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a small company, ask, print."""
    from insights.demo.company import make

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace the figures in this Markdown page")
    parser.add_argument("--verbose", action="store_true", help="also name what went wrong")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder) / "demo", rows=20_000)
        with closing(open_catalog(made.folder, home=Path(folder) / "home")) as assistant:
            result = measure(assistant, tuple(questions()))
    text = report(result)
    print(text)
    if options.verbose:
        print("\n".join(result.told))
    if options.write is not None:
        put(text, options.write, begin=BEGIN, end=END)


if __name__ == "__main__":
    main()
