"""One wrong letter is mended in long words, only where no word of the catalog or of English stands, and only where one word can be meant."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from insights.catalog.model import FieldId
from insights.language.lexicon import Lexicon
from insights.language.spelling import nearby
from insights.language.understand import Understander
from insights.language.vocabulary import english
from insights.requests import Understood
from tests.language.company import CATALOG, CONTENTS, NOW

NAMES = ("Aurora Foods Ltd", "Bluebird Inc.", "Marble Works", "Marbles Unlimited", "Kestrel", "Kestral", "Quillon", "Zyx")
KNOWN = replace(CONTENTS, values={**CONTENTS.values, FieldId("customers", "name"): NAMES})


def distance(one: str, other: str) -> int:
    """Edits between two words: letters added, lost, changed, or two neighbours swapped (optimal string alignment, by the textbook's table)."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                rows[i][j] = i + j
                continue
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@pytest.fixture(scope="module")
def understander():
    """The test company with customers whose names are alike."""
    return Understander(CATALOG, KNOWN)


def test_everything_that_is_near_is_one_edit_away_and_nothing_else():
    """By the textbook's table, for words made by changing one to three letters of a name."""
    rng = random.Random(7)
    for word in ("revenue", "region", "bluebird", "quillon"):
        for _ in range(60):
            letters = list(word)
            for _ in range(rng.randint(1, 3)):
                place = rng.randrange(len(letters))
                letters[place : place + rng.randint(0, 2)] = rng.choices("abeinorqz", k=rng.randint(0, 2))
                letters = letters or ["q"]
            other = "".join(letters)
            if len(other) >= 5 and other not in english():
                assert (word in nearby(other)) == (distance(word, other) == 1), (word, other)


def test_a_mended_word_is_the_only_one_of_the_catalog_that_is_near():
    """Against looking at every word of the names and values; one and many of a thing are one."""
    lexicon, rng = Lexicon(CATALOG, KNOWN), random.Random(8)
    vocabulary = {word for name in NAMES for word in name.lower().replace(".", "").split()} | {"revenue", "region", "territory", "furniture"}
    for word in sorted(vocabulary):
        for _ in range(25):
            place = rng.randrange(len(word) + 1)
            other = word[:place] + rng.choice("aeioustrn") + word[place + rng.randint(0, 1) :]
            mended = lexicon.respelt(other)
            if len(other) < 5 or other in english() or other == word:
                assert mended is None or other == word
            elif mended is not None:
                assert distance(mended, other) == 1
                near = {name for name in vocabulary if len(name) >= 4 and distance(name, other) == 1}
                assert len({name.rstrip("s") for name in near}) == 1, (other, near)


@pytest.mark.parametrize("text", ["revenue of zya", "revenue by plna", "revenue by pln", "revenue for emae"])
def test_short_words_are_never_mended(understander, text):
    """Four letters and fewer are said as they are called."""
    assert not isinstance(understander.understand(text, now=NOW), Understood)


def test_a_word_that_two_names_are_near_to_is_not_mended(understander):
    """ "Kestrol" may be Kestrel or Kestral."""
    assert not isinstance(understander.understand("revenue of kestrol", now=NOW), Understood)


@pytest.mark.parametrize(("said", "stored"), [("kestrel", "Kestrel"), ("kestral", "Kestral"), ("quillon", "Quillon")])
def test_an_exact_word_is_what_it_is_though_another_is_near(understander, said, stored):
    """Nothing is mended, and nothing is said about mending."""
    reading = understander.understand(f"revenue of {said}", now=NOW)
    assert isinstance(reading, Understood)
    assert reading.request.filters[0].values == (stored,)
    assert not any("I took" in text for text in reading.assumed)


@pytest.mark.parametrize("word", ["marble", "garble", "marvel", "regions", "legion", "religion", "avenue", "revenge"])
def test_words_of_english_are_never_mended(understander, word):
    """Whatever of the catalog is near: "revenge" is no revenue."""
    assert nearby(word) == frozenset()
    reading = understander.understand(f"{word} in may", now=NOW)
    assert not any(f"I took '{word}'" in text for text in getattr(reading, "assumed", ()))
