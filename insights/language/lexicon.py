"""Every name and value of the catalog by the words that people say for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from insights.catalog.model import Catalog, Dataset, Field, FieldId
from insights.catalog.speakable import says_birth
from insights.catalog.values import Contents
from insights.catalog.ways import roles_played
from insights.language.deeds import deeds, is_deed
from insights.language.forms import plural, singular
from insights.language.index import FEW, LONGEST, Index
from insights.language.index import of as index_of
from insights.language.index import spoken as spoken
from insights.language.patterns import Pattern
from insights.language.phrasing import Phrasing
from insights.language.spelling import mistyped, nearby
from insights.language.units import sayable
from insights.language.values import ENDINGS, known_values
from insights.language.vocabulary import FUNCTION_WORDS, UNITS


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


_NOT = ("un", "in", "non", "dis")
"""What stands before a word that says no to it."""

Link: TypeAlias = MetricLink | FieldLink | DatasetLink | ValueLink
How = Literal["exact", "taught", "inflected", "beginning", "spelling", "perhaps", "part", "negated"]


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


_STEPS = ("week", "month", "quarter", "year")
"""What a time is told by: "shipped month" is the month of shipping."""
_REMEMBERED = 2048
_RECENT = 64
_CAMEL = Pattern(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINTS = ("on", "of", "for", "from", "in")
_AGGREGATES = frozenset({"average", "avg", "mean", "median", "total", "maximum", "minimum"})
_PARTS = frozenset({"rate", "share", "ratio", "percentage", "percent", "margin", "fraction", "proportion", "growth", "change"})
"""How names end that say themselves that they are of a whole."""
_CLASSES = ("type", "kind", "category", "class")
"""Words for a class of things, which people take for one another: "plan type" and "plan category"."""
_TAILS = ("on", "at", "date", "time", "day", "timestamp")


class Lexicon:
    """All phrases of one catalog and its contents; immutable after construction and safe to read from many threads.

    `index` is of the values of all contents, of which these may be a part; without one it is made here.
    """

    def __init__(self, catalog: Catalog, contents: Contents, index: Index | None = None) -> None:
        self._names: dict[tuple[str, ...], list[tuple[Link, tuple[str, ...]]]] = {}
        self._longest: dict[str, int] = {}
        self._turned: set[tuple[str, ...]] = set()
        self._contents = contents
        self.labels = tuple(dict.fromkeys(_labels(catalog)))
        """What metrics and fields are called, in small letters: what a word that nothing here is called can be near."""
        self.units = sayable(_units(catalog)) - set(UNITS)
        """Words that say a unit of the catalog behind a number, beyond those that always do."""
        seen = {id_: members for id_, members in contents.values.items() if id_ in catalog.fields}
        self._values = known_values(index or index_of(seen), seen, ((field.id, field.values) for field in catalog.fields.values() if field.values))
        for words, link in _names(catalog):
            self._add_name(words, link)
        self._parts = self._parts_of_names(catalog)
        self._flags = frozenset(id_ for id_, field in catalog.fields.items() if field.kind == "boolean")
        self.numbers = frozenset(id_ for id_, field in catalog.fields.items() if field.role == "fact" and field.kind == "number")
        """The numbers that records have."""
        self._add_looser_names(catalog)
        self._most = lru_cache(_REMEMBERED)(self._reaching)
        self._found = lru_cache(_REMEMBERED)(self._begun)  # one utterance asks for the same words several times
        self._shortened = lru_cache(_RECENT)(self._beginning)
        self._mended = lru_cache(_RECENT)(self._respelt)
        self._words = {form for words in self._names for word in words for form in (word, plural(word))}

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
            key = tuple(singular(word) for word in words)
            turned = len(words) > 2 and words[1] in _JOINTS
            if key in taken or self._values.stands(" ".join(words)) or (turned and self._values.stands(" ".join(words[2:]))):
                continue  # "turnover for paid" is that of what is paid, whatever "paid turnover" is
            self._add_name(words, link)
            if turned and isinstance(link, MetricLink):
                self._turned.add(key)

    def is_turned(self, words: Sequence[str]) -> bool:
        """Whether a phrase is the name of a metric put the other way round: "value of orders" for "order value"."""
        return tuple(singular(word) for word in words) in self._turned

    def at(self, words: Sequence[str], raws: Sequence[str], place: int) -> Iterator[Named]:
        """Every name and value that starts at word `place`, the longest first; `raws` are the words as they were typed."""
        return iter(self._found(tuple(words[place : place + self._most(words[place])]), raws[place]))

    def _reaching(self, first: str) -> int:
        """How many words what starts with a word can have at most."""
        return max(1, *(max(self._longest.get(form, 0), self._values.longest(form)) for form in {first, singular(first), plural(first)})) + 1

    def _begun(self, words: tuple[str, ...], raw: str) -> tuple[Named, ...]:
        """What the first of some words are, the longest first; `raw` is the first as it was typed."""
        stems = tuple(singular(word) for word in words)
        named = max(self._longest.get(stems[0], 0), 2)
        valued = len(words) if len(words) > 2 and self._values.goes_on(words[0], words[1]) else 2
        found = (self._exact(words[:length], stems[:length], raw, valued=length <= valued) for length in range(min(len(words), max(named, valued)), 0, -1))
        return tuple(one for one in found if one is not None)

    def _exact(self, phrase: tuple[str, ...], stems: tuple[str, ...], raw: str, *, valued: bool) -> Named | None:
        """What some words name, all of them; `valued` says whether they can be a value."""
        entries = self._names.get(stems)
        other = bool(entries) and self._averages_another(phrase, stems)
        names = _closest(entries, phrase) if entries and not other else ()
        if not names and len(phrase) == 2 and not other and (entries := self._names.get((singular("".join(phrase)),))):
            names = _closest(entries, ("".join(phrase),))
        values, how = self._valued(phrase, raw) if valued else ((), "exact")
        return Named(len(phrase), (*names, *values), "exact" if names else how) if names or values else None

    def _averages_another(self, phrase: tuple[str, ...], stems: tuple[str, ...]) -> bool:
        """Whether a name in the other number says an aggregate of another metric: "average orders" where "average order" is the value of one."""
        if phrase[0] not in _AGGREGATES or len(phrase) < 2 or any(words == phrase for _, words in self._names[stems]):
            return False
        return any(isinstance(link, MetricLink) for link, _ in self._names.get(stems[1:], ()))

    def _valued(self, phrase: Sequence[str], raw: str) -> tuple[tuple[Link, ...], How]:
        """The values that a phrase names: as stored, else with its last word in the other number, else written as one word."""
        key = " ".join(phrase)
        found = self._values.find(key)
        if found:
            if len(phrase) == 1 and (key in FUNCTION_WORDS or len(key) == 1):
                shouted = len(key) > 1 and raw.isupper()
                found = [(id_, value) for id_, value in found if (value == raw and not key.isdigit() and raw != "I") or shouted]
            return tuple(ValueLink(id_, value) for id_, value in found), "exact"
        found = self._values.inflected(key) or (self._values.find("".join(phrase)) if len(phrase) == 2 else [])
        return tuple(ValueLink(id_, value) for id_, value in found), "inflected" if found else "exact"

    def beginning(self, words: Sequence[str], place: int) -> Named | None:
        """The values that begin with the words said at `place` ("united" for "United Air Lines Inc."), if there are at most three."""
        return self._shortened(tuple(words[place : place + LONGEST]))

    def _beginning(self, words: tuple[str, ...]) -> Named | None:
        length, best = self._values.beginning(words)
        if not best:
            return None
        small = [entry for entry in best if len(self._contents.values.get(entry[1], ())) <= FEW]
        best = small if len(small) == 1 else best  # a name among few is what people shorten
        whole = [entry for entry in best if set(entry[0].split(" ")[length:]) <= ENDINGS]
        best = whole or best
        if len({value for _, _, value in best}) > 3:
            return None
        few = len(best) == 1 and len(self._contents.values.get(best[0][1], ())) <= FEW
        how: How = "inflected" if whole else "beginning" if few else "perhaps"
        return Named(length, tuple(ValueLink(id_, value) for _, id_, value in best), how, best[0][2])

    def respelt(self, word: str) -> str | None:
        """The one name, or word of a name or of a value that may be known, that is one wrong letter away; None for words of English or of the catalog."""
        return self._mended(word)

    def _respelt(self, word: str) -> str | None:
        near = nearby(word)
        known = {*(near & self._words), *self._values.words_among(near)} if near else set()
        alike = {singular(other) for other in known}  # "genrea" is a genre, one or many
        return min(known, key=lambda other: (len(other), other)) if len(alike) == 1 else None

    def mistyped(self, word: str) -> str | None:
        """The one word of a name that may have been meant by a word that is none, English or not: to be asked about."""
        near = {} if word in self._words else {singular(other): other for other in sorted(mistyped(word) & self._words)}
        return next(iter(near.values())) if len(near) == 1 else None

    def has_word(self, word: str) -> bool:
        """Whether a name of the catalog holds this word."""
        return word in self._words

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
        mended = [word if word in self._words else self.respelt(word) or word for word in words]
        for texts in (words, mended) if mended != words else (words,):
            stems = tuple(singular(word) for word in texts)
            for place, stem in enumerate(stems):
                most = max(self._longest.get(texts[place], 0), self._longest.get(stem, 0), self._longest.get(plural(texts[place]), 0))
                phrases = [stems[place : place + length] for length in range(1, most + 1)]
                joined = (singular("".join(texts[place : place + 2])),)
                for phrase in (*phrases, joined):
                    yield from (link for link, _ in self._names.get(phrase, ()))
                yield from self._parts.get(stem, ())

    def negated(self, word: str) -> Named | None:
        """The yes-or-no fields that a word says no to: "unresolved" of "resolved"."""
        for prefix in _NOT:
            rest = word.removeprefix(prefix)
            if rest != word and len(rest) > 3:
                links = tuple(link for link, _ in self._names.get((singular(rest),), ()) if isinstance(link, FieldLink) and link.id in self._flags)
                if links:
                    return Named(1, links, "negated", f"not {rest}")
        return None

    def is_flag(self, links: Sequence[Link]) -> bool:
        """Whether only yes-or-no fields are named."""
        return all(isinstance(link, FieldLink) and link.id in self._flags for link in links)

    def part(self, words: Sequence[str], place: int) -> Named | None:
        """What can be measured or grouped by and has the word at `place` in its longer name, if there are at most three."""
        links = self._parts.get(singular(words[place]), ())
        return Named(1, links, "part") if 0 < len(links) <= 3 else None


def _units(catalog: Catalog) -> Iterator[str]:
    yield from (metric.unit for metric in catalog.metrics.values() if metric.unit)
    yield from (field.unit for field in catalog.fields.values() if field.unit)


def _labels(catalog: Catalog) -> Iterator[str]:
    phrasing = Phrasing(catalog)
    yield from (metric.label.lower() for metric in catalog.metrics.values())
    yield from (phrasing.field(id_).lower() for id_ in catalog.fields)


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
    roles = {id_.dataset for id_ in roles_played(catalog)}
    for dataset in catalog.datasets.values():
        counted = dataset.name not in roles
        for said in (dataset.name, dataset.label, *(dataset.synonyms if synonyms else ())) if counted else ():
            yield spoken(_CAMEL.sub(" ", said)), DatasetLink(dataset.name)
        for field in dataset.fields.values():
            for said in (field.id.name, field.label, *(field.synonyms if synonyms else ())):
                yield spoken(_CAMEL.sub(" ", said)), FieldLink(field.id)


def _looser(words: tuple[str, ...], link: Link, catalog: Catalog) -> Iterator[tuple[str, ...]]:
    """Other ways to say a declared name that mean nothing else."""
    if isinstance(link, MetricLink) and 2 <= len(words) <= 3:
        for joint in _JOINTS:
            yield (words[-1], joint, *words[:-1])
    if isinstance(link, MetricLink) and catalog.metrics[link.name].unit == "percent" and words[-1] not in _PARTS:
        yield (*words, "rate")  # a conversion that is a part of one is the conversion rate
    if isinstance(link, FieldLink):
        yield from _looser_field(words, catalog.fields[link.id], catalog.datasets[link.id.dataset])
    if len(words) == 2 and len(words[0]) + len(words[1]) > 5:
        yield ("".join(words),)


def _looser_field(words: tuple[str, ...], field: Field, dataset: Dataset) -> Iterator[tuple[str, ...]]:
    owner = tuple(singular(word) for word in spoken(dataset.label or dataset.name))
    if len(words) > 1 and words[-1] == "name":
        yield words[:-1]
    if words[: len(owner)] != owner and field.kind != "boolean":  # "contacts resolved" are some of the contacts
        yield (*owner, *words)
    if len(words) > 1 and words[-1] in _CLASSES:
        yield from ((*words[:-1], other) for other in _CLASSES if other != words[-1])
        yield (words[-1], "of", *words[:-1])
    if field.role == "time":
        yield from _times(words)


def _times(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What else the time of a deed is called: "departed", "departure date" and "month of departure" for `departed_on`."""
    root = words[:-1] if len(words) > 1 and words[-1] in _TAILS else words
    for tail in ("date", "day", "time", *_STEPS):
        yield (*root, tail)
    for noun in deeds(root):
        for tail in ("date", "day", "time", *_STEPS):
            yield (*noun, tail)
            yield (tail, "of", *noun)
    if is_deed(root):
        yield root
    if len(root) == 1 and root[0].endswith("s") and words[-1] in ("at", "on"):  # `ends_at` is when it ended, or is ending
        yield from ((f"{root[0].removesuffix('s').removesuffix('e')}{ending}",) for ending in ("ed", "ing"))
    if says_birth(" ".join(words)):
        yield ("born",)
