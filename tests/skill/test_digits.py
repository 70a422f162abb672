"""Digits as people say them, and as Alexa writes down what they said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.digits import digits

ONE_BY_ONE = "zero one two three four five six seven eight nine".split()


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("zero seven three nine", "0739"),
        ("oh seven three nine", "0739"),
        ("o 7 3 9", "0739"),
        ("nought seven three nine", "0739"),
        ("0 7 3 9", "0739"),
        ("0739", "0739"),
        ("07 39", "0739"),
        ("0,739", "0739"),
        ("zero zero seven one", "0071"),
        ("double oh seven one", "0071"),
        ("double zero double seven", "0077"),
        ("triple four nine", "4449"),
        ("seventy three ninety one oh five", "739105"),
        ("seventy-three ninety-one zero five", "739105"),
        ("seventy for twenty to", "7422"),
        ("nineteen eighty four", "1984"),
        ("ten twelve", "1012"),
        ("fifty fifty", "5050"),
        ("for eight to one", "4821"),
        ("4821 7734", "48217734"),
        ("4821-7734", "48217734"),
        ("four eight two one and then seven seven three four", "48217734"),
        ("FOUR Eight two won please", "4821"),
        ("seven hundred five", None),
        ("seven thousand", None),
        ("double", None),
        ("double ten", None),
        ("blue", None),
        ("four eight two blue", None),
        ("٤٨٢١", None),
        ("", None),
    ],
)
def test_what_is_said_is_heard_with_its_zeros(said, heard):
    """Nothing is left out and nothing guessed: what is no digit makes it nothing."""
    assert digits(said) == heard


@given(st.text("0123456789", min_size=1, max_size=12))
def test_any_row_of_digits_comes_back(wanted):
    """One by one in words, in figures, or as a whole."""
    assert digits(" ".join(ONE_BY_ONE[int(digit)] for digit in wanted)) == wanted
    assert digits(" ".join(wanted)) == wanted
    assert digits(wanted) == wanted
