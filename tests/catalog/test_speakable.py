"""Names of columns as people say them."""

from __future__ import annotations

import doctest

import pytest

from insights.catalog import speakable
from insights.catalog.speakable import label_of, synonyms_of, words_of


def test_the_examples_of_the_module_are_true() -> None:
    """What its documentation shows is what it does."""
    assert doctest.testmod(speakable).failed == 0


@pytest.mark.parametrize(
    ("name", "label", "synonyms"),
    [
        ("arr_delay", "arr delay", ("arrival delay",)),
        ("custDOB", "cust dob", ("customer date of birth",)),
        ("AvgOrderAmt", "avg order amt", ("average order amount",)),
        ("HTTPStatus2", "http status 2", ()),
        ("qty", "qty", ("quantity",)),
        ("tail_num", "tail num", ("tail number",)),
        ("Größe_in_km2", "größe in km 2", ()),
        ("***", "***", ()),
    ],
)
def test_a_name_is_cut_into_words_and_its_abbreviations_are_known(name: str, label: str, synonyms: tuple[str, ...]) -> None:
    """Underscores, capitals and digits part words; well-known short forms are said in full too."""
    assert (label_of(name), synonyms_of(name)) == (label, synonyms)


def test_every_expansion_is_something_else_than_its_abbreviation() -> None:
    """The table holds lower-case words and never maps one to itself."""
    assert all(short == short.lower() and words_of(short) == (short,) and long != short for short, long in speakable.EXPANSIONS.items())
