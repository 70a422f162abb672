"""What people really said, changed at random from a seed: the texts that understanding must survive."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TESTS = Path(__file__).parents[1] / "tests"
_TABLES = (
    "language/questions/*.yaml",
    "demo/asked/*.yaml",
    "demo/questions.yaml",
    "demo/more_questions.yaml",
    "demo/spoken.yaml",
    "external/flights/questions.yaml",
)
_KEYS = frozenset({"ask", "say", "after"})
LONGEST = 10_000
_LETTERS = (
    " abcdeitrsn0123456789.,'\"!?-/%$&<>=+*()[]{}:;@#\\|~^_`\t\n\r\x00\x07\x1b\x7f\u200b\u200d\u202e\u2066\u0301\u0327\ufeff\u00a0\u3000"
    "½²ⅣßİıΣﬁＡ１日本語العربيةעבריתไทย한국어🙂👩‍👩‍👧🇩🇪\ud800\udfff"
)
_INSERTS = tuple(
    (
        "not|no|without|by|per|and|or|of|in|for|than|over|top|the|to|too|four|no wait|i mean|scratch that|you know|12|2.5 million|-7|1e309|0|"
        "99999999999999999999|twenty twenty five|q3|last month|in may|may|february 30|2024-02-30|31/31/2031|at 25:61|every monday|half|percent|'s|''|--|1/0|"
        "select * from orders|"
        "{{7*7}}|%s|<b>|why|share of|forecast|" + "x" * 400
    ).split("|")
)

Mutation = Callable[[random.Random, list[str], Sequence[str]], None]


@cache
def said() -> tuple[str, ...]:
    """Every utterance of the tests and of the published corpora, each once, in order."""
    found: dict[str, None] = {}
    for pattern in _TABLES:
        for place in sorted(TESTS.glob(pattern)):
            found.update(dict.fromkeys(_texts(yaml.safe_load(place.read_text(encoding="utf-8")))))
    with (TESTS / "external/nlvcorpus/utterances.csv").open(encoding="utf-8", errors="replace") as lines:
        for entry in csv.DictReader(lines):
            found.update(dict.fromkeys(part.strip() for part in entry["Utterance Set"].split("|")))
    for line in (TESTS / "external/recognizers/date_time_model_even.jsonl").read_text(encoding="utf-8").splitlines():
        found[json.loads(line)["text"]] = None
    lines_of = Path(__file__).parent.joinpath("utterances.txt").read_text(encoding="utf-8").splitlines()
    found.update(dict.fromkeys(line for line in lines_of if not line.startswith("#")))
    return tuple(text for text in found if text)


def _texts(node: Any) -> Iterator[str]:
    """What is said in a table of expectations, wherever it stands."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in _KEYS and isinstance(value, str):
                yield value
            elif not isinstance(value, str):
                yield from _texts(value) if key not in ("request", "partial", "choices", "labels", "views", "applied", "first") else ()
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)


def mutants(count: int, seed: int) -> Iterator[str]:
    """Changed utterances, the same for the same seed; none has more than ten thousand characters."""
    rng = random.Random(seed)
    texts = said()
    for _ in range(count):
        words = rng.choice(texts).split(" ")
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5))):
            if words:
                rng.choice(_MUTATIONS)(rng, words, texts)
        yield " ".join(words)[:LONGEST]


def _delete(rng: random.Random, words: list[str], _: Sequence[str]) -> None:
    del words[rng.randrange(len(words))]


def _duplicate(rng: random.Random, words: list[str], _: Sequence[str]) -> None:
    first = rng.randrange(len(words))
    words[first:first] = words[first : first + rng.randint(1, 4)]


def _swap(rng: random.Random, words: list[str], _: Sequence[str]) -> None:
    one, other = rng.randrange(len(words)), rng.randrange(len(words))
    words[one], words[other] = words[other], words[one]


def _insert(rng: random.Random, words: list[str], _: Sequence[str]) -> None:
    words.insert(rng.randint(0, len(words)), rng.choice(_INSERTS))


def _letter(rng: random.Random, words: list[str], _: Sequence[str]) -> None:
    """A character more, less, or another one."""
    place = rng.randrange(len(words))
    at = rng.randint(0, len(words[place]))
    words[place] = words[place][:at] + rng.choice(_LETTERS) * rng.randint(0, 2) + words[place][at + rng.randint(0, 1) :]


def _splice(rng: random.Random, words: list[str], texts: Sequence[str]) -> None:
    """The beginning of one and the end of another."""
    other = rng.choice(texts).split(" ")
    words[rng.randint(0, len(words)) :] = other[rng.randrange(len(other)) :]


def _join(rng: random.Random, words: list[str], texts: Sequence[str]) -> None:
    """Two whole utterances, as two people who speak at once."""
    words += [rng.choice((",", "and", "no wait", "", "but")), *rng.choice(texts).split(" ")]


def _case(rng: random.Random, words: list[str], _: Sequence[str]) -> None:
    change = rng.choice((str.upper, str.lower, str.title, str.swapcase))
    words[:] = [change(word) for word in words]


def _many(rng: random.Random, words: list[str], _: Sequence[str]) -> None:
    """Now and then the same again and again, up to the longest text."""
    if rng.random() < 0.1:
        words *= rng.randint(2, max(2, LONGEST // (len(" ".join(words)) + 1)))


def _glue(rng: random.Random, words: list[str], _: Sequence[str]) -> None:
    place = rng.randrange(len(words))
    words[place : place + 2] = ["".join(words[place : place + 2])]


_MUTATIONS: tuple[Mutation, ...] = (_delete, _duplicate, _swap, _insert, _insert, _letter, _letter, _splice, _join, _case, _many, _glue)
