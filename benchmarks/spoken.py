"""What a speech recogniser would write down of a typed question: seeded and the same every time, and every change is named.

    python -m benchmarks.spoken tests/demo/asked/*.yaml > tests/demo/spoken.yaml

takes every second question of the files, in their order. Always applied, as recognisers write neither:

- `plain`: no capitals and no punctuation, but the apostrophe inside a word;
- `numbers`: digits become the words that are said: "twenty twenty five", "q three", "two point five million", "november nineteenth", "eighteen to twenty four".

Applied by the throw of a seeded die, where there is room for it:

- `homophone`: one word is heard as another that sounds alike;
- `filler`: one or two hesitations, at the start or before a small word, where people draw breath;
- `restart`: a period is first said wrong and then put right, so that the meaning stays: "in march no wait in april";
- `repeat`: the first two words are said twice;
- `apostrophe`: the apostrophes are lost too.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

SEED = 20260531
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_LARGE = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}
_MONTHS = "january february march april may june july august september october november december".split()
_SUFFIX = {"k": " thousand", "m": " million", "%": " percent", "": ""}

HOMOPHONES: Mapping[str, tuple[str, ...]] = {
    "ad": ("add",),
    "ads": ("adds",),
    "buy": ("by",),
    "by": ("buy", "bye"),
    "eight": ("ate",),
    "for": ("four",),
    "forecast": ("four cast",),
    "four": ("for",),
    "higher": ("hire",),
    "hour": ("our",),
    "hours": ("ours",),
    "new": ("knew",),
    "one": ("won",),
    "or": ("ore",),
    "our": ("hour", "are"),
    "peak": ("peek",),
    "profit": ("prophet",),
    "sales": ("sails",),
    "sell": ("cell",),
    "sum": ("some",),
    "their": ("there",),
    "to": ("two", "too"),
    "two": ("to", "too"),
    "versus": ("verses",),
    "way": ("weigh",),
    "week": ("weak",),
    "weekly": ("weakly",),
    "weekday": ("weak day",),
    "weekends": ("weak ends",),
    "where": ("wear",),
    "which": ("witch",),
    "would": ("wood",),
}
"""Words of ordinary English and what they are taken for: words that sound the same and are common themselves, as recognisers prefer those."""
_TITLE = """\
# What is transcribed (`say`), what was asked (`ask`, an entry of asked/) and the changes between the two (`applied`, explained in benchmarks/spoken.py).
# Made by: python -m benchmarks.spoken tests/demo/asked/*.yaml > tests/demo/spoken.yaml
"""
_OPENINGS = ("um", "uh", "so", "well", "okay so", "er")
_HESITATIONS = ("um", "uh", "like", "you know", "er", "let me see")
_SMALL = frozenset("by in for on of per since from last with across between compared versus against and".split())
_CORRECTIONS = ("no wait", "sorry", "i mean", "no sorry", "er no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An utterance as it is transcribed, and the names of the changes that made it."""

    text: str
    applied: tuple[str, ...]


def spoken(text: str, *, seed: int = SEED) -> Spoken:
    """Return the transcript of a typed question, the same for the same seed.

    >>> spoken("Sales in May 2025, by region?").text
    'sales in may twenty twenty five um by region'
    """
    die = random.Random(f"{seed}:{text}")
    said = in_words(text)
    applied = ["plain"] + (["numbers"] if said != text else [])
    words = re.sub(r"[^\w' ]+", " ", said.casefold().replace("’", "'")).split()
    words = [bare for word in words if (bare := word.strip("'_"))]
    for name, odds, change in _CHANGES:
        if die.random() < odds and (changed := change(words, die)) is not None and changed != words:
            words = changed
            applied.append(name)
    return Spoken(text=" ".join(words), applied=tuple(applied))


def in_words(text: str) -> str:
    """Return the text with every digit as it is said.

    >>> in_words("orders over $2.5m on November 19 2025, ages 18-24")
    'orders over two point five million dollars on November nineteenth twenty twenty five, ages eighteen to twenty four'
    """
    months = "|".join(month.title() for month in _MONTHS)
    for pattern, say in (
        (r"\$([\d,.]*\d)([kKmM]?)\b", lambda m: f"{cardinal(m[1])}{_SUFFIX[m[2].lower()]} dollars"),
        (r"\b(\d+)-(\d+)\b", lambda m: f"{cardinal(m[1])} to {cardinal(m[2])}"),
        (r"\b([QHqh])([1-4])\b", lambda m: f"{m[1]} {cardinal(m[2])}"),
        (r"\bFY ?(\d\d)\b", lambda m: f"F Y {cardinal(m[1])}"),
        (rf"\b({months}) (\d{{1,2}})\b", lambda m: f"{m[1]} {ordinal(int(m[2]))}"),
        (r"\b(\d{1,2})(?:st|nd|rd|th)\b", lambda m: ordinal(int(m[1]))),
        (r"\b((?:19|20)\d\d)\b", lambda m: year(int(m[1]))),
        (r"\b(\d(?:[\d,.]*\d)?)([kKmM%]?)", lambda m: f"{cardinal(m[1])}{_SUFFIX[m[2].lower()]}"),
    ):
        text = re.sub(pattern, say, text)
    return text


def cardinal(digits: str) -> str:
    """Return a number in words.

    >>> cardinal("1,250"), cardinal("2.05")
    ('one thousand two hundred fifty', 'two point zero five')
    """
    whole, _, rest = digits.replace(",", "").partition(".")
    tail = " point " + " ".join(_ONES[int(digit)] for digit in rest) if rest else ""
    return _whole(int(whole)) + tail


def _whole(number: int) -> str:
    for size, name in _LARGE:
        if number >= size:
            rest = number % size
            return f"{_whole(number // size)} {name}" + (f" {_whole(rest)}" if rest else "")
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")


def ordinal(number: int) -> str:
    """Return the place in a row in words.

    >>> ordinal(19), ordinal(22), ordinal(30)
    ('nineteenth', 'twenty second', 'thirtieth')
    """
    *before, last = _whole(number).split()
    last = _IRREGULAR.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return " ".join([*before, last])


def year(number: int) -> str:
    """Return a year in words.

    >>> year(2025), year(2005), year(1996)
    ('twenty twenty five', 'two thousand five', 'nineteen ninety six')
    """
    century, rest = divmod(number, 100)
    if rest < 10:
        return f"{_whole(century)} hundred" + (f" oh {_ONES[rest]}" if rest else "") if century == 19 else _whole(number)
    return f"{_whole(century)} {_whole(rest)}"


def _homophone(words: Sequence[str], die: random.Random) -> list[str] | None:
    # "for may" would become the fourth of May, which is something else rather than something misheard.
    places = [at for at, word in enumerate(words) if word in HOMOPHONES and not {*words[at + 1 : at + 2]} & {*_MONTHS}]
    if not places:
        return None
    at = die.choice(places)
    return [*words[:at], *die.choice(HOMOPHONES[words[at]]).split(), *words[at + 1 :]]


def _filler(words: Sequence[str], die: random.Random) -> list[str]:
    found = list(words)
    places = [at for at, word in enumerate(words) if at and word in _SMALL]
    for at in sorted(die.sample(places, min(len(places), die.choice((0, 1, 1, 2)))), reverse=True):
        found[at:at] = die.choice(_HESITATIONS).split()
    if len(found) == len(words):
        found[:0] = die.choice(_OPENINGS).split()
    return found


def _restart(words: Sequence[str], die: random.Random) -> list[str] | None:
    """The first period that stands after a small word is said wrong first."""
    for at in range(len(words) - 1):
        wrong = _other(words[at : at + 3], die)
        if wrong is not None:
            return [*words[:at], *wrong, *die.choice(_CORRECTIONS).split(), *words[at:]]
    return None


def _other(words: Sequence[str], die: random.Random) -> list[str] | None:
    """Another period of the same form as the one that these words begin with."""
    first, second = words[0], words[1]
    if first in ("in", "for", "since") and second in _MONTHS:
        return [first, die.choice([month for month in _MONTHS if month != second])]
    if first == "last" and second in ("week", "month", "quarter", "year"):
        return [first, die.choice([unit for unit in ("week", "month", "quarter", "year") if unit != second])]
    if first == "q" and second in _ONES[1:5]:
        return [first, die.choice([number for number in _ONES[1:5] if number != second])]
    if list(words[:2]) == ["in", "twenty"] and len(words) > 2 and words[2] == "twenty":
        return ["in", "twenty", "nineteen"]
    return None


def _repeat(words: Sequence[str], _: random.Random) -> list[str] | None:
    return [*words[:2], *words] if len(words) > 3 else None


def _apostrophe(words: Sequence[str], _: random.Random) -> list[str]:
    return [word.replace("'", "") for word in words]


_Change = Callable[[Sequence[str], random.Random], list[str] | None]
_CHANGES: tuple[tuple[str, float, _Change], ...] = (
    ("apostrophe", 0.5, _apostrophe),
    ("restart", 0.3, _restart),
    ("homophone", 0.4, _homophone),
    ("filler", 0.6, _filler),
    ("repeat", 0.15, _repeat),
)


def variants(files: Iterable[Path]) -> str:
    """The spoken variants of every second question of the files, as a YAML file."""
    asks = [entry["ask"] for file in sorted(files) for entry in yaml.safe_load(file.read_text(encoding="utf-8"))][::2]
    entries = [{"say": made.text, "ask": ask, "applied": list(made.applied)} for ask in asks for made in (spoken(ask),)]
    return _TITLE + yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=200, default_flow_style=None)


if __name__ == "__main__":
    sys.stdout.write(variants(Path(name) for name in sys.argv[1:]))
