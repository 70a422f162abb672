"""A small classifier of texts: multinomial naive Bayes over words and pairs of words, trained from a few hundred examples in milliseconds.

Counts are smoothed by adding `SMOOTHING` (Lidstone); see Manning, Raghavan, Schuetze, Introduction to Information Retrieval, chapter 13.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SMOOTHING = 0.2
MOST_WORDS = 200
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_EMPTY = frozenset(
    "the a an is are was be my our your i we you it its in on at of to for from and or with this that please there has have had do does did".split()
)
_ENDINGS = ("ings", "ing", "ed", "es", "s")


def features(text: str) -> list[str]:
    """The words that carry meaning, without their endings, and each pair of neighbours."""
    words = [_stem(word) for word in _WORD.findall(text.casefold().replace("’", "'").replace("wi-fi", "wifi"))[:MOST_WORDS] if word not in _EMPTY]
    return words + [f"{one} {other}" for one, other in pairwise(words)]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The likeliest label, how likely it is among the labels (0 to 1), and how many of the text's words were known."""

    label: str
    probability: float
    known: int


class Bayes:
    """What was learned; immutable, safe to use from many threads."""

    def __init__(self, examples: Mapping[str, int], counts: Mapping[str, Mapping[str, int]]) -> None:
        self._examples = dict(examples)
        self._counts = {label: dict(found) for label, found in counts.items()}
        self._vocabulary = {feature for found in self._counts.values() for feature in found}
        whole, size = sum(self._examples.values()), len(self._vocabulary)
        self._prior = {label: math.log(number / whole) for label, number in self._examples.items()}
        self._total = {label: math.log(sum(found.values()) + SMOOTHING * size) if size else 0.0 for label, found in self._counts.items()}

    @classmethod
    def trained(cls, examples: Iterable[tuple[str, str]]) -> Bayes:
        """Learn from texts with their labels. Raises ValueError without any."""
        numbers: Counter[str] = Counter()
        counts: dict[str, Counter[str]] = {}
        for text, label in examples:
            numbers[label] += 1
            counts.setdefault(label, Counter()).update(features(text))
        if not numbers:
            raise ValueError("there is nothing to learn from")
        return cls(numbers, counts)

    @property
    def labels(self) -> tuple[str, ...]:
        """Everything it can say."""
        return tuple(self._examples)

    def judge(self, text: str) -> Judged:
        """The likeliest label; words that were never seen do not count."""
        found = [feature for feature in features(text) if feature in self._vocabulary]
        scores = {
            label: prior + sum(math.log(self._counts[label].get(feature, 0) + SMOOTHING) - self._total[label] for feature in found)
            for label, prior in self._prior.items()
        }
        best = max(scores, key=lambda label: (scores[label], label))
        mass = sum(math.exp(score - scores[best]) for score in scores.values())
        return Judged(label=best, probability=1 / mass, known=sum(" " not in feature for feature in found))

    def dump(self) -> dict[str, Any]:
        """What was learned as JSON data."""
        return {"examples": self._examples, "counts": self._counts}

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> Bayes:
        """From JSON data. Raises KeyError, TypeError or ValueError for anything else."""
        examples = {str(label): int(number) for label, number in document["examples"].items()}
        counts = {str(label): {str(word): int(number) for word, number in found.items()} for label, found in document["counts"].items()}
        if not examples or set(examples) != set(counts) or any(number <= 0 for number in examples.values()):
            raise ValueError("that is not what a classifier learned")
        return cls(examples, counts)


def accuracy(examples: Sequence[tuple[str, str]], *, folds: int = 5) -> float:
    """The share that is judged right by a classifier that has not seen it: every `folds`-th example is held out in turn."""
    right = 0
    for fold in range(folds):
        held, rest = examples[fold::folds], [one for place, one in enumerate(examples) if place % folds != fold]
        if not rest or not held:
            continue
        learned = Bayes.trained(rest)
        right += sum(learned.judge(text).label == label for text, label in held)
    return right / len(examples) if examples else 0.0
