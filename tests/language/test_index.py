"""The index of values: complete, shared by everybody who sees a part of it, kept in a file, and never trusted when that file is not what was written."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.catalog.model import FieldId
from insights.language import keeping
from insights.language.index import build, key_of, of, plain_of, read, spoken
from insights.language.understand import Understander
from insights.requests import Understood
from tests.language.company import CATALOG, CONTENTS, NOW

CUSTOMER, PRODUCT = FieldId("customers", "name"), FieldId("products", "product")
VALUES = {CUSTOMER: ("Aurora Foods Ltd", "Müller & Söhne", "O'Brien", "a_b", "🙂"), PRODUCT: ("Aurora Foods Ltd", "Desk Lamp", "", "x" * 300)}


@settings(max_examples=60 * int(os.environ.get("CASES", "1")), deadline=None)
@given(first=st.lists(st.text(max_size=12), unique=True), second=st.lists(st.text(alphabet="ab -&.'É", max_size=8), unique=True))
def test_every_value_is_found_by_its_words_and_nothing_else_is(first, second):
    """The same pairs as looking through all values, for each phrase that is said for one."""
    values = {CUSTOMER: tuple(sorted(first)), PRODUCT: tuple(sorted(second))}
    index = of(values)
    entries = [(id_, value) for id_, members in values.items() for value in members]
    keys = {key_of(value) for _, value in entries}
    for phrase in keys | {plain_of(key) for key in keys} | {"nobody"}:
        said = key_of if phrase in keys else lambda value: plain_of(key_of(value))  # without accents only where no value is written so
        wanted = [entry for entry in entries if phrase and said(entry[1]) == phrase and len(phrase.split(" ")) <= 12]
        assert index.find(phrase) == wanted


@settings(max_examples=60 * int(os.environ.get("CASES", "1")), deadline=None)
@given(values=st.lists(st.text(alphabet="ab -&.'É", min_size=3, max_size=14), unique=True))
def test_no_value_of_three_words_is_passed_over_for_its_first_two(values):
    """Where a value of three words or more begins with two, longer phrases are looked for."""
    index = of({PRODUCT: tuple(values)})
    keys = [key_of(value).split(" ") for value in values]
    assert all(index.goes_on(" ".join(key[:2])) for key in keys if 3 <= len(key) <= 12)
    assert not index.goes_on("nobody here")


def test_a_value_is_found_without_its_accents():
    """As it is typed on most keyboards; a value that is written so goes before those that are not."""
    index = of({PRODUCT: ("Café", "Łódź Smörgås", "São Paulo", "resume", "résumé")})
    assert [index.find(phrase) for phrase in ("cafe", "lodz smorgas", "sao paulo")] == [[(PRODUCT, v)] for v in ("Café", "Łódź Smörgås", "São Paulo")]
    assert index.find("resume") == [(PRODUCT, "resume")]
    assert index.find("résumé") == [(PRODUCT, "résumé")]


def test_what_goes_on_from_a_phrase_is_found():
    """The words of "Aurora Foods Ltd" behind "aurora", of both fields; nothing behind a word that only another begins with."""
    index = of(VALUES)
    assert list(index.between(*index.beginning("aurora"))) == [("aurora foods ltd", id_, "Aurora Foods Ltd") for id_ in (CUSTOMER, PRODUCT)]
    assert list(index.between(*index.beginning("auror"))) == []
    assert [value for _, value in index.with_word("söhne")] == ["Müller & Söhne"]
    assert list(index.with_word("food")) == []


@pytest.mark.parametrize("place", [0, 10, 30, 70, 120, 400, -1])
def test_a_damaged_index_is_not_read(place):
    """One byte that is not what was written, anywhere, is enough."""
    data = bytearray(build(VALUES, "1"))
    data[place] ^= 1
    with pytest.raises(ValueError, match=r"index"):
        read(bytes(data), VALUES, "1")


def test_an_index_of_something_else_is_not_read():
    """Other values, another version, half a file, another file."""
    data = build(VALUES, "1")
    others = {**VALUES, PRODUCT: (*VALUES[PRODUCT], "Standing Desk")}
    for found, values, version in (
        (data, others, "1"),
        (data, VALUES, "2"),
        (data[:200], VALUES, "1"),
        (data[:5], VALUES, "1"),
        (b"", VALUES, "1"),
        (b"{}", VALUES, "1"),
    ):
        with pytest.raises(ValueError, match=r"index"):
            read(found, values, version)
    assert read(data, VALUES, "1").find("desk lamp") == [(PRODUCT, "Desk Lamp")]


def test_a_file_that_is_not_what_was_kept_is_made_again(tmp_path):
    """Kept once, spoilt, and kept again as it was; nothing else is left in the folder."""
    place = tmp_path / "cache" / "words.index"
    assert keeping.load_or_build(VALUES, place).find("o'brien") == [(CUSTOMER, "O'Brien")]
    kept = place.read_bytes()
    for spoilt in (b"", kept[:-1], kept.replace(b"desk lamp", b"desk lamb")):
        place.write_bytes(spoilt)
        assert keeping.load_or_build(VALUES, place).find("desk lamp") == [(PRODUCT, "Desk Lamp")]
        assert place.read_bytes() == kept
    assert [path.name for path in place.parent.iterdir()] == ["words.index"]


def test_a_home_that_cannot_be_written_to_only_costs_making_it(tmp_path):
    """The folder's place is taken by a file: the index is made and not kept."""
    (tmp_path / "cache").write_text("in the way")
    assert keeping.load_or_build(VALUES, tmp_path / "cache" / "words.index").find("desk lamp") == [(PRODUCT, "Desk Lamp")]


def test_several_processes_keep_the_same_bytes_whatever_their_hash_seed(tmp_path):
    """Three processes at once leave one whole file, which is what this process makes."""
    code = (
        "import sys; from pathlib import Path; from insights.catalog.model import FieldId; from insights.language import keeping;"
        "keeping.load_or_build({FieldId('customers', 'name'): ('Aurora Foods Ltd', 'Ash', 'Birch Tree')}, Path(sys.argv[1]))"
    )
    place = tmp_path / "words.index"
    running = [subprocess.Popen([sys.executable, "-c", code, str(place)], env={"PYTHONHASHSEED": str(seed)}) for seed in (1, 2, 3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    kept = place.read_bytes()
    keeping.load_or_build({CUSTOMER: ("Aurora Foods Ltd", "Ash", "Birch Tree")}, place)
    assert place.read_bytes() == kept
    assert list(tmp_path.iterdir()) == [place]


@pytest.fixture(scope="module")
def narrowed():
    """Somebody who may know two customers only, over the index of all of them."""
    index = of(CONTENTS.values)
    seen = replace(CONTENTS, values={**CONTENTS.values, CUSTOMER: ("Bluebird Inc.", "United Steel")})
    return Understander(CATALOG, CONTENTS, index=index), Understander(CATALOG, seen, index=index), Understander(CATALOG, seen)


@pytest.mark.parametrize(
    "ask",
    [
        "revenue of Aurora Foods Ltd",
        "revenue of Aurora",
        "revenue for Aurara Foods Ltd",
        "revenue of United",
        "revenue of Blubird",
        "revenue of copper and sons",
        "top 3 customers by revenue",
    ],
)
def test_a_shared_index_tells_no_more_than_one_of_ones_own(narrowed, ask):
    """With the index of everything, narrowed, the reading is that of an index of only what may be known."""
    _, shared, own = narrowed
    assert shared.understand(ask, now=NOW) == own.understand(ask, now=NOW)


def test_a_narrowed_index_hides_what_the_whole_one_has(narrowed):
    """The hidden customer is understood by those who may know it and by nobody else, by all or the first of its words."""
    whole, shared, _ = narrowed
    assert isinstance(whole.understand("revenue of Aurora Foods Ltd", now=NOW), Understood)
    for ask in ("revenue of Aurora Foods Ltd", "revenue of Aurora", "revenue for Aurara Foods Ltd"):
        reading = shared.understand(ask, now=NOW)
        assert not isinstance(reading, Understood)
        assert "Aurora Foods" not in repr(reading).replace(repr(ask), "")
    assert whole.understand("revenue of Copper", now=NOW).request.filters[0].values == ("Copper and Sons",)
    assert not isinstance(shared.understand("revenue of Copper", now=NOW), Understood)


def test_a_value_that_came_after_the_index_is_known_too():
    """What an asker's rows hold now and the index does not have is still found."""
    later = replace(CONTENTS, values={**CONTENTS.values, CUSTOMER: ("Dolphin Air", "United Steel")})
    reading = Understander(CATALOG, later, index=of(CONTENTS.values)).understand("revenue of dolphin air", now=NOW)
    assert isinstance(reading, Understood)
    assert reading.request.filters[0].values == ("Dolphin Air",)


def test_the_words_of_a_value_are_those_that_are_said():
    """Published by hand: punctuation, possessives, joined words and other scripts."""
    assert [spoken(text) for text in ("Smart TV", "Müller & Söhne", "U.S.A.", "a_b-c", "O'Brien's", "3.5 mm")] == [
        ("smart", "tv"), ("müller", "and", "söhne"), ("u.s.a",), ("a", "b", "c"), ("o'brien", "'s"), ("3.5", "mm"),
    ]  # fmt: skip
