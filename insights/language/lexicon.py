"""Every name and value of the catalog by the words that people say for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from insights.catalog.model import Catalog, Dataset, Field, FieldId
from insights.catalog.values import Contents
from insights.language.forms import plural, singular
from insights.language.spelling import respelt
from insights.language.vocabulary import FUNCTION_WORDS
from insights.language.words import tokenise


@dataclass(frozen=True, slots=True)
class MetricLink:
    """A phrase that names a metric."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldLink:
    """A phrase that names a field of any role."""

    id: FieldId


@dataclass(frozen=True, slots=True)
class DatasetLink:
    """A phrase that names a dataset."""

    name: str


@dataclass(frozen=True, slots=True)
class ValueLink:
    """A phrase that names a value (as stored) of a dimension."""

    id: FieldId
    value: str


Link: TypeAlias = MetricLink | FieldLink | DatasetLink | ValueLink
How = Literal["exact", "inflected", "beginning", "spelling", "perhaps", "part"]


@dataclass(frozen=True, slots=True)
class Named:
    """What `length` words from some place on can mean; `meant` is the phrase of the catalog when they are not said exactly so.

    `how` is "beginning" for the first words of a value among few, "perhaps" for those of one among many, "part" for some words of
    longer names; these two must be asked about.
    """

    length: int
    links: tuple[Link, ...]
    how: How
    meant: str = ""


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?: [A-Za-z][A-Za-z0-9]*)*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST = 12
_FEW = 50
_TAILS = ("on", "at", "date", "time", "day", "timestamp")
_SUFFIXES = frozenset("inc ltd llc corp co gmbh plc sa ag limited corporation incorporated company".split())


def spoken(text: str) -> tuple[str, ...]:
    """The words of a name or value as they would be said: folded, without punctuation, `snake_case` and `camelCase` apart."""
    if _PLAIN.fullmatch(text):
        return tuple(text.lower().split(" "))
    parts = (token.text for token in tokenise(text.replace("_", " ")) if token.kind != "punctuation" or token.text == "&")
    return tuple("and" if part == "&" else part.strip(".") for part in parts)


class Lexicon:
    """All phrases of one catalog and its contents; immutable after construction and safe to read from many threads."""

    def __init__(self, catalog: Catalog, contents: Contents) -> None:
        self._names: dict[tuple[str, ...], list[tuple[Link, tuple[str, ...]]]] = {}
        self._values: dict[str, list[tuple[FieldId, str]]] = {}
        self._beginnings: dict[str, list[tuple[FieldId, str]]] = {}
        self._longest: dict[str, int] = {}
        self._contents = contents
        self.vocabulary: set[str] = set()
        for words, link in _names(catalog):
            self._add_name(words, link)
        for id_, values in contents.values.items():
            if id_ in catalog.fields:
                self._add_values(id_, values)
        for field in catalog.fields.values():
            for value, others in field.values.items():
                self._add_values(field.id, (value, *others), value)
        self._parts = self._parts_of_names(catalog)
        self._add_looser_names(catalog)
        for key in self._values:
            self.vocabulary.update(key.split(" "))
        for words in self._names:
            self.vocabulary.update(words)
            self.vocabulary.update(plural(word) for word in words)

    def _add_name(self, words: Sequence[str], link: Link) -> None:
        if not words:
            return
        key = tuple(singular(word) for word in words)
        links = self._names.setdefault(key, [])
        if (link, tuple(words)) not in links:
            links.append((link, tuple(words)))
        self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def _add_looser_names(self, catalog: Catalog) -> None:
        """Names that are taken only where no declared name stands: "carrier" for "carrier name", "customer region", "spend on marketing"."""
        looser = [(words, link) for declared, link in _names(catalog) for words in _looser(declared, link, catalog)]
        taken = set(self._names)
        for words, link in looser:
            if tuple(singular(word) for word in words) not in taken and " ".join(words) not in self._values:
                self._add_name(words, link)

    def _add_values(self, id_: FieldId, values: Iterable[str], stored: str | None = None) -> None:
        """Add values of a field; `stored` is the value that they are other words for."""
        plain, longest, index = _PLAIN.fullmatch, self._longest, self._values
        for value in values:
            key = value.lower() if plain(value) else " ".join(spoken(value))
            first, _, rest = key.partition(" ")
            length = rest.count(" ") + 2 if rest else 1
            if not key or length > _LONGEST:
                continue
            known = index.get(key)
            entry = (id_, value if stored is None else stored)
            if known is None:
                index[key] = [entry]
            elif entry not in known:
                known.append(entry)
            if length > longest.get(first, 0):
                longest[first] = length
            if length > 1 and len(first) > 2 and first not in FUNCTION_WORDS:
                self._beginnings.setdefault(first, []).append(entry)

    def at(self, words: Sequence[str], raws: Sequence[str], place: int) -> Iterator[Named]:
        """Every name and value that starts at word `place`, the longest first; `raws` are the words as they were typed."""
        first = words[place]
        stem = singular(first)
        most = max(self._longest.get(first, 0), self._longest.get(stem, 0), self._longest.get(plural(first), 0), 1) + 1
        for length in range(min(most, len(words) - place), 0, -1):
            phrase = words[place : place + length]
            yield from self._exact(phrase, raws[place : place + length])

    def _exact(self, phrase: Sequence[str], raws: Sequence[str]) -> Iterator[Named]:
        length = len(phrase)
        names = _closest(self._names.get(tuple(singular(word) for word in phrase), ()), tuple(phrase))
        if not names and length == 2:
            names = _closest(self._names.get((singular("".join(phrase)),), ()), ("".join(phrase),))
        values, how = self._valued(phrase, raws)
        if names or values:
            yield Named(length, (*names, *values), "exact" if names else how)

    def _valued(self, phrase: Sequence[str], raws: Sequence[str]) -> tuple[tuple[Link, ...], How]:
        """The values that a phrase names: as stored, else with its last word in the other number, else written as one word."""
        key = " ".join(phrase)
        found = self._values.get(key)
        if found:
            if len(phrase) == 1 and (key in FUNCTION_WORDS or len(key) == 1):
                shouted = len(key) > 1 and raws[0].isupper()
                found = [(id_, value) for id_, value in found if (value == raws[0] and not key.isdigit() and raws[0] != "I") or shouted]
            return tuple(ValueLink(id_, value) for id_, value in found), "exact"
        last, head = phrase[-1], " ".join(phrase[:-1])
        if len(last) > 3 and key not in FUNCTION_WORDS:
            for other in dict.fromkeys((singular(last), plural(last))):
                found = self._values.get(f"{head} {other}" if head else other)
                if found and other not in FUNCTION_WORDS:
                    return tuple(ValueLink(id_, value) for id_, value in found), "inflected"
        if len(phrase) == 2 and (found := self._values.get("".join(phrase))):
            return tuple(ValueLink(id_, value) for id_, value in found), "inflected"
        return (), "exact"

    def beginning(self, words: Sequence[str], place: int) -> Named | None:
        """The values that begin with the words said at `place` ("united" for "United Air Lines Inc."), if there are at most three."""
        entries = self._beginnings.get(words[place])
        if not entries or len(entries) > 200 or words[place] in FUNCTION_WORDS:
            return None
        best, length = entries, 1
        while place + length < len(words):
            longer = [entry for entry in best if spoken(entry[1])[length : length + 1] == (words[place + length],)]
            if not longer:
                break
            best, length = longer, length + 1
        small = [entry for entry in best if len(self._contents.values.get(entry[0], ())) <= _FEW]
        best = small if len(small) == 1 else best  # a name among few is what people shorten
        whole = [entry for entry in best if set(spoken(entry[1])[length:]) <= _SUFFIXES]
        best = whole or best
        if len({value for _, value in best}) > 3:
            return None
        few = len(best) == 1 and len(self._contents.values.get(best[0][0], ())) <= _FEW
        return Named(length, tuple(ValueLink(id_, value) for id_, value in best), "inflected" if whole else "beginning" if few else "perhaps", best[0][1])

    def _parts_of_names(self, catalog: Catalog) -> dict[str, tuple[Link, ...]]:
        """What can be measured or grouped by, by each word of its longer names: "delay" for arrival and departure delay."""
        parts: dict[str, list[Link]] = {}
        for words, link in _names(catalog, synonyms=False):
            if len(words) > 1 and (isinstance(link, MetricLink) or (isinstance(link, FieldLink) and catalog.fields[link.id].role in ("fact", "dimension"))):
                for word in words:
                    if len(word) > 3 and word not in FUNCTION_WORDS:
                        parts.setdefault(singular(word), []).append(link)
        return {word: tuple(dict.fromkeys(links)) for word, links in parts.items()}

    def names_in(self, words: Sequence[str]) -> Iterator[Link]:
        """Every metric, field and dataset that any words of an utterance can name: as declared, joined, by part of its name or misspelt. No values."""
        mended = [word if word in self.vocabulary else respelt(word, self.vocabulary) or word for word in words]
        for texts in (words, mended) if mended != words else (words,):
            stems = tuple(singular(word) for word in texts)
            for place, stem in enumerate(stems):
                most = max(self._longest.get(texts[place], 0), self._longest.get(stem, 0), self._longest.get(plural(texts[place]), 0))
                phrases = [stems[place : place + length] for length in range(1, most + 1)]
                joined = (singular("".join(texts[place : place + 2])),)
                for phrase in (*phrases, joined):
                    yield from (link for link, _ in self._names.get(phrase, ()))
                yield from self._parts.get(stem, ())

    def part(self, words: Sequence[str], place: int) -> Named | None:
        """What can be measured or grouped by and has the word at `place` in its longer name, if there are at most three."""
        links = self._parts.get(singular(words[place]), ())
        return Named(1, links, "part") if 0 < len(links) <= 3 else None


def _closest(entries: Sequence[tuple[Link, tuple[str, ...]]], phrase: tuple[str, ...]) -> tuple[Link, ...]:
    """What a phrase names: among metrics, and among fields and datasets, those called exactly so before those called so in the other number."""
    metrics = [entry for entry in entries if isinstance(entry[0], MetricLink)]
    others = [entry for entry in entries if not isinstance(entry[0], MetricLink)]
    chosen: list[Link] = []
    for group in (metrics, others):
        exact = [link for link, words in group if words == phrase]
        chosen += exact or [link for link, _ in group]
    return tuple(dict.fromkeys(chosen))


def _names(catalog: Catalog, *, synonyms: bool = True) -> Iterator[tuple[tuple[str, ...], Link]]:
    """Each declared name, label and synonym with what it names."""
    for metric in catalog.metrics.values():
        for said in (metric.name, metric.label, *(metric.synonyms if synonyms else ())):
            yield spoken(_CAMEL.sub(" ", said)), MetricLink(metric.name)
    for dataset in catalog.datasets.values():
        for said in (dataset.name, dataset.label, *(dataset.synonyms if synonyms else ())):
            yield spoken(_CAMEL.sub(" ", said)), DatasetLink(dataset.name)
        for field in dataset.fields.values():
            for said in (field.id.name, field.label, *(field.synonyms if synonyms else ())):
                yield spoken(_CAMEL.sub(" ", said)), FieldLink(field.id)


def _looser(words: tuple[str, ...], link: Link, catalog: Catalog) -> Iterator[tuple[str, ...]]:
    """Other ways to say a declared name that mean nothing else."""
    if isinstance(link, MetricLink) and 2 <= len(words) <= 3:
        for joint in ("on", "of", "for", "from", "in"):
            yield (words[-1], joint, *words[:-1])
    if isinstance(link, FieldLink):
        yield from _looser_field(words, catalog.fields[link.id], catalog.datasets[link.id.dataset])
    if len(words) == 2 and len(words[0]) + len(words[1]) > 5:
        yield ("".join(words),)


def _looser_field(words: tuple[str, ...], field: Field, dataset: Dataset) -> Iterator[tuple[str, ...]]:
    owner = tuple(singular(word) for word in spoken(dataset.label or dataset.name))
    if len(words) > 1 and words[-1] == "name":
        yield words[:-1]
    if words[: len(owner)] != owner:
        yield (*owner, *words)
    if field.role == "time":
        root = words[:-1] if len(words) > 1 and words[-1] in _TAILS else words
        for tail in ("date", "day", "time"):
            yield (*root, tail)
        if root[-1].endswith("ed"):
            yield root
