"""Numbers against values written down by hand, and against the words that a number is spelt with."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.language.numbers import number, spoken_year
from insights.language.words import tokenise

ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen").split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelt(value: int) -> str:
    """English for a number below a billion, written independently of the reader."""
    for size, name in ((10**6, "million"), (10**3, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            return f"{spelt(value // size)} {name}" + (f" {'and ' if rest < 100 else ''}{spelt(rest)}" if rest else "")
    if value < 20:
        return ONES[value]
    return TENS[value // 10] + (f"-{ONES[value % 10]}" if value % 10 else "")


@pytest.mark.parametrize(
    ("text", "value", "used"),
    [
        ("twenty five", 25, 2),
        ("two and a half million", 2_500_000, 5),
        ("two point five million", 2_500_000, 4),
        ("2.5m", 2_500_000, 1),
        ("$2.5 million", 2_500_000, 2),
        ("half a million", 500_000, 3),
        ("a dozen", 12, 2),
        ("half a dozen", 6, 3),
        ("a hundred", 100, 2),
        ("twelve hundred", 1200, 2),
        ("one hundred and five", 105, 4),
        ("1,500", 1500, 1),
        ("1.5k", 1500, 1),
        ("2 1/2", 2.5, 2),
        ("seven and a half", 7.5, 4),
        ("minus five", -5, 2),
        ("-5", -5, 2),
        ("point five", 0.5, 2),
        ("15%", 15, 1),
        ("fifteen percent", 15, 2),
        ("a couple of days", 2, 3),
        ("two and three", 2, 1),
        ("thirty thousand rows", 30_000, 2),
    ],
)
def test_a_number_has_the_value_people_mean(text, value, used):
    """With as many words as belong to it."""
    found = number(tokenise(text), 0)
    assert found is not None
    assert (found.value, found.last) == (value, used)


@pytest.mark.parametrize(("text", "value"), [("third", 3), ("twenty-first", 21), ("3rd", 3), ("two hundred and third", 203), ("thirtieth", 30)])
def test_an_ordinal_is_marked(text, value):
    """First to last, in words and digits."""
    found = number(tokenise(text), 0)
    assert found is not None
    assert (found.value, found.ordinal) == (value, True)


@pytest.mark.parametrize("text", ["and", "a", "an hour", "half past", "hello", "", "-", "q3", "point", "2026-05-01", "10.0.0.1x"[:0]])
def test_other_words_are_no_numbers(text):
    """An article before a unit, a bare half, a date."""
    assert number(tokenise(text), 0) is None


@pytest.mark.parametrize(("text", "symbol"), [("$3", "$"), ("£3.50", "£"), ("15%", "%"), ("fifteen per cent", "%"), ("three", None)])
def test_the_symbol_written_to_a_number_is_kept(text, symbol):
    """Money and percentages."""
    found = number(tokenise(text), 0)
    assert found is not None
    assert found.symbol == symbol


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("twenty twenty five", 2025),
        ("nineteen ninety-six", 1996),
        ("two thousand and fifteen", 2015),
        ("twenty oh five", 2005),
        ("nineteen hundred", 1900),
        ("twenty five", None),
        ("twenty", None),
        ("nineteen", None),
        ("two thousand orders", 2000),
    ],
)
def test_a_spoken_year_is_said_as_only_years_are(text, year):
    """Twenty five is a number, twenty twenty five a year."""
    found = spoken_year(tokenise(text), 0)
    assert (found and found.value) == year


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9 - 1))
def test_every_number_is_read_back_from_its_words_and_digits(value):
    """Spelling by another hand."""
    for text in (spelt(value), str(value), f"{value:,}"):
        tokens = tokenise(text)
        found = number(tokens, 0)
        assert found is not None
        assert (found.value, found.last) == (value, len(tokens))


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*ONES, *TENS[2:], "and", "a", "half", "hundred", "million", "point", "-", "1/2", "³", "٣"])).map(" ".join)
)
def test_any_text_is_read_without_failing(text):
    """A number ends after it starts and within the text."""
    tokens = tokenise(text)
    for at in range(len(tokens) + 1):
        found = number(tokens, at)
        assert found is None or at == found.first < found.last <= len(tokens)
