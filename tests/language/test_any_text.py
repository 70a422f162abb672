"""Any text at all gets a reading, the same one each time, and soon."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.language import refusals
from insights.requests import Clarify, MetricQuestion, Understood, Unsupported
from tests.language.company import NOW
from tests.language.expectation import asked, table

CASES = int(os.environ.get("CASES", "1"))
"""How many times the cases of an ordinary run are tried; `make campaign` sets it."""
SAID = [ask for ask, _ in asked("value", "breakdown", "ranking", "series", "compare", "filters", "aggregates", "actions")]
WORDS = sorted({word for ask in SAID for word in ask.split()} | {str(ask) for ask in table("refused")})


def understood_alike(understander, text, previous=None):
    """Understand twice; both must be equal and of the closed set."""
    first = understander.understand(text, now=NOW, previous=previous)
    assert isinstance(first, Understood | Clarify | Unsupported)
    assert understander.understand(text, now=NOW, previous=previous) == first
    return first


@settings(max_examples=150 * CASES, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_gets_the_same_reading_twice(understander, text):
    """Characters of every kind, lone surrogates included."""
    understood_alike(understander, text)


@settings(max_examples=150 * CASES, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_order_of_known_words_gets_a_reading(understander, words):
    """Words of real questions in any order, alone and as a follow-up; a question back has one to three choices or a slot."""
    base = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("region",))
    for previous in (None, base):
        reading = understood_alike(understander, " ".join(words), previous)
        if isinstance(reading, Clarify):
            assert 1 <= len(reading.choices) <= 3 or reading.missing is not None


@settings(max_examples=100 * CASES, deadline=None)
@given(ask=st.sampled_from(SAID), place=st.integers(0, 60), letter=st.sampled_from(" abcxyz0.,'\ud800\u200b\u0301🙂"), cut=st.booleans())
def test_mutated_questions_get_a_reading(understander, ask, place, letter, cut):
    """A letter more or less in a real question."""
    at = place % (len(ask) + 1)
    understood_alike(understander, ask[:at] + letter + ask[at + cut :])


@settings(max_examples=60 * CASES, deadline=None)
@given(reply=st.text(max_size=60), missing=st.sampled_from(["start", "minutes", "room", "people", "what", "metric", "nonsense"]))
def test_any_reply_to_a_question_back_gets_a_reading(understander, reply, missing):
    """Nothing raises, whatever is missing."""
    from insights.requests import BookRoom, FindRoom, Help, RaiseTicket

    for partial in (BookRoom(), FindRoom(), RaiseTicket(), MetricQuestion(metrics=("orders",)), Help()):
        assert isinstance(understander.complete(partial, missing, reply, now=NOW), Understood | Clarify | Unsupported)


HOSTILE = (
    "", "   ", "\x00\x01\x02", "\ud800\udfff", "?" * 10_000, "a" * 10_000, "9" * 10_000, "🙂" * 10_000, "e\u0301" * 5_000, "by " * 3_333, "and " * 2_500,
    "revenue by region and " * 450, "1 " * 5_000, "1," * 5_000, "1/2/" * 2_500, "top " * 2_500, "monday " * 1_400, "'s" * 5_000, "revnue " * 1_400,
    "not " * 240, "revenue by region and " * 60, "5:30 pm " * 120, "two thousand " * 120, "xyzzy " * 250,
    "\u202e" + "revenue by region " * 10, " " * 9_000 + "revenue",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:12]!r} x {len(text)}")
def test_hostile_text_gets_a_reading(understander, text):
    """Empty, binary, endless: up to ten thousand characters are read, or refused for having more words than a question has."""
    assert len(text) <= refusals.LONGEST
    understood_alike(understander, text)


def test_what_stands_among_nine_thousand_spaces_is_understood(understander):
    """Words count, not characters."""
    assert isinstance(understander.understand(" " * 9_000 + "revenue by" + "\n" * 900 + "region", now=NOW), Understood)


@pytest.mark.parametrize("words", ["revenue by region and ", "in april or may ", "top five customers ", "xyzzy revnue ", "united paper desk lamp ", "1 , 2 . "])
def test_the_work_grows_with_the_words_and_no_faster(understander, words):
    """Twice the words are at most three times the calls: nothing is tried in every combination."""

    def calls(text: str) -> int:
        counted = 0

        def count(frame, event, _):
            nonlocal counted
            counted += event == "call"

        sys.setprofile(count)
        try:
            understander.understand(text, now=NOW)
        finally:
            sys.setprofile(None)
        return counted

    once = words * (100 // len(words.split()))
    understander.understand(once * 2, now=NOW)
    assert calls(once * 2) < 3 * calls(once)


def test_a_text_that_nobody_said_is_refused_clearly(understander):
    """A hundred thousand characters are not a question, and neither are a thousand words."""
    for text, reason in (("revenue " * 12_500, "too long"), ("revenue " * 1_250, "too much")):
        reading = understander.understand(text, now=NOW)
        assert isinstance(reading, Unsupported)
        assert reason in reading.reason
