"""Passages found by their words: SQLite's full-text index, titles and headings counting for more, each word of a question by itself."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from threading import Lock

from insights.company.passages import Passage, sentences
from insights.company.words import alike, joined, known_beside, near, told, words_of

_WEIGHTS = (4.0, 3.0, 3.0, 1.0)
"""Of a word in the title, the heading, what it is about, and the text (bm25)."""
_BESIDE = 0.25
"""What a passage is worth less whose own heading has nothing of the question, in part where it has some: it is about something else of the document."""
_CANDIDATES = 50
_TOKENS = "tokenize = 'porter unicode61 remove_diacritics 2'"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, and how much of the question is in it.

    `covered` is the share of its words by how rare they are, from 0 to 1, `named` the same in its heading, its title or what it is called besides, `headed`
    in heading and title alone. `strength` is the weight of the words themselves, 1 being that of a word that stands in one passage only, `words` how many
    there are.
    """

    passage: Passage
    covered: float
    named: float
    headed: float
    strength: float
    words: int
    score: float


@dataclass(frozen=True, slots=True)
class _Term:
    """A word (or phrase) of a question as the index looks for it, its weight, and where it is."""

    query: str
    weight: float
    anywhere: frozenset[int]
    headings: frozenset[int]
    headed: frozenset[int]
    titles: frozenset[int]


class Index:
    """All passages, in memory. Safe to use from many threads."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = tuple(passages)
        self._lock = Lock()
        self._known = words_of("\n".join(f"{p.title} {p.heading} {p.text}" for p in self._passages)) | known_beside()
        self._store = sqlite3.connect(":memory:", check_same_thread=False)
        self._store.execute(f"CREATE VIRTUAL TABLE passages USING fts5(title, heading, about, text, {_TOKENS})")
        self._store.execute(f"CREATE VIRTUAL TABLE sentences USING fts5(text, passage UNINDEXED, {_TOKENS})")
        self._store.executemany(
            "INSERT INTO passages (rowid, title, heading, about, text) VALUES (?, ?, ?, ?, ?)",
            [(n, p.title, p.heading or "", " ".join(p.about), p.text) for n, p in enumerate(self._passages)],
        )
        told_ = [(sentence, n) for n, passage in enumerate(self._passages) for sentence in sentences(passage.text)]
        self._store.executemany("INSERT INTO sentences (text, passage) VALUES (?, ?)", told_)

    def close(self) -> None:
        """Let go of it."""
        with self._lock, closing(self._store):
            pass

    def search(self, question: str, visible: Sequence[bool]) -> tuple[Hit, ...]:
        """The passages that share words with a question, best first; of those that are not visible nothing is used, their words neither.

        `visible` has an entry for each passage, in the order they were given.
        """
        allowed = frozenset(n for n, seen in enumerate(visible) if seen)
        with self._lock:
            terms = self._terms(question, allowed)
            query = " OR ".join(term.query for term in terms if term.anywhere)
            if not query:
                return ()
            found = self._store.execute(f"SELECT rowid, bm25(passages, {', '.join(map(str, _WEIGHTS))}) FROM passages WHERE passages MATCH ?", (query,))  # noqa: S608 - numbers of our own
            ranks: Mapping[int, float] = {n: -rank for n, rank in found if n in allowed}
        whole, rare = sum(term.weight for term in terms), _rarity(len(allowed), 1)
        hits = []
        for n, rank in sorted(ranks.items(), key=lambda item: -item[1])[:_CANDIDATES]:
            covered = sum(term.weight for term in terms if n in term.anywhere) / whole
            named = sum(term.weight for term in terms if n in term.headings) / whole
            beside = _BESIDE * self._beside(n, terms)
            hits.append(
                Hit(
                    self._passages[n],
                    covered,
                    named,
                    sum(term.weight for term in terms if n in term.titles) / whole,
                    covered * whole / rare,
                    sum(n in term.anywhere for term in terms),
                    covered + named / 2 + rank / 1000 - beside,
                )
            )
        return tuple(sorted(hits, key=lambda hit: -hit.score))

    def sentences_with(self, passage: Passage, question: str) -> Mapping[str, float]:
        """Each sentence of a passage with the weight of the question's words in it."""
        number = self._passages.index(passage)
        with self._lock:
            terms = self._terms(question, frozenset(range(len(self._passages))))
            scores = dict.fromkeys(sentences(passage.text), 0.0)
            for term in terms:
                rows = self._store.execute("SELECT text FROM sentences WHERE sentences MATCH ? AND passage = ?", (term.query, number))
                for (text,) in rows:
                    scores[text] = scores.get(text, 0.0) + term.weight
        return scores

    def _beside(self, number: int, terms: Sequence[_Term]) -> float:
        """The share of a heading's words that the question does not have, 0 where a passage has no heading of its own."""
        words = told(self._passages[number].heading or "")
        return max(0.0, 1 - sum(number in term.headed for term in terms) / len(words)) if words else 0.0

    def _terms(self, question: str, allowed: frozenset[int]) -> list[_Term]:
        phrases = joined(question)
        inside = {word for phrase in phrases for word in phrase.split()}
        words = (near(word, self._known) or word for word in told(question) if word not in inside)
        return [self._term(word, allowed) for word in dict.fromkeys((*phrases, *words))]

    def _term(self, word: str, allowed: frozenset[int]) -> _Term:
        """A word with what means the same; the rarer, the heavier (inverse document frequency), and the heaviest where it is nowhere."""
        query = "(" + " OR ".join(_quoted(other) for other in alike(word)) + ")"
        anywhere = self._where(query) & allowed
        headings = self._where(f"{{title heading about}} : {query}") & allowed
        headed = self._where(f"heading : {query}") & allowed
        titles = self._where(f"{{title heading}} : {query}") & allowed
        weight = _rarity(len(allowed), len(anywhere))
        return _Term(query, max(weight, 0.1), anywhere, headings, headed, titles)

    def _where(self, query: str) -> frozenset[int]:
        return frozenset(n for (n,) in self._store.execute("SELECT rowid FROM passages WHERE passages MATCH ?", (query,)))


def _rarity(passages: int, holding: int) -> float:
    """The weight of a word that so many of the passages hold."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def _quoted(word: str) -> str:
    """A word as a string of the query language: nothing in it is an operator."""
    return '"' + word.replace('"', '""') + '"'
