"""Any text at all gets a reading, the same one each time, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.requests import Clarify, MetricQuestion, Understood, Unsupported
from tests.language.company import NOW
from tests.language.expectation import asked, table

SAID = [ask for ask, _ in asked("value", "breakdown", "ranking", "series", "compare", "filters", "aggregates", "actions")]
WORDS = sorted({word for ask in SAID for word in ask.split()} | {str(ask) for ask in table("refused")})


def understood_alike(understander, text, previous=None):
    """Understand twice; both must be equal and of the closed set."""
    first = understander.understand(text, now=NOW, previous=previous)
    assert isinstance(first, Understood | Clarify | Unsupported)
    assert understander.understand(text, now=NOW, previous=previous) == first
    return first


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_gets_the_same_reading_twice(understander, text):
    """Characters of every kind, lone surrogates included."""
    understood_alike(understander, text)


@settings(max_examples=150, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_order_of_known_words_gets_a_reading(understander, words):
    """Words of real questions in any order, alone and as a follow-up; a question back has one to three choices or a slot."""
    base = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("region",))
    for previous in (None, base):
        reading = understood_alike(understander, " ".join(words), previous)
        if isinstance(reading, Clarify):
            assert 1 <= len(reading.choices) <= 3 or reading.missing is not None


@settings(max_examples=100, deadline=None)
@given(ask=st.sampled_from(SAID), place=st.integers(0, 60), letter=st.sampled_from(" abcxyz0.,'\ud800\u200b\u0301🙂"), cut=st.booleans())
def test_mutated_questions_get_a_reading(understander, ask, place, letter, cut):
    """A letter more or less in a real question."""
    at = place % (len(ask) + 1)
    understood_alike(understander, ask[:at] + letter + ask[at + cut :])


@settings(max_examples=60, deadline=None)
@given(reply=st.text(max_size=60), missing=st.sampled_from(["start", "minutes", "room", "people", "what", "metric", "nonsense"]))
def test_any_reply_to_a_question_back_gets_a_reading(understander, reply, missing):
    """Nothing raises, whatever is missing."""
    from insights.requests import BookRoom, FindRoom, Help, RaiseTicket

    for partial in (BookRoom(), FindRoom(), RaiseTicket(), MetricQuestion(metrics=("orders",)), Help()):
        assert isinstance(understander.complete(partial, missing, reply, now=NOW), Understood | Clarify | Unsupported)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\x00\x01\x02",
        "\ud800\udfff",
        "?" * 1000,
        "revenue " * 12500,
        "a" * 100_000,
        "by " * 600,
        "and " * 500,
        "revenue by region and " * 90,
        "1 " * 999,
        "top " * 400,
    ],
    ids=lambda text: f"{text[:12]!r} x {len(text)}",
)
def test_hostile_text_is_read_within_a_blink(understander, text):
    """Empty, binary, endless: an answer comes within fifty thousandths of a second of processor time, three tries."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        understander.understand(text, now=NOW)
        taken.append(time.process_time() - started)
    assert min(taken) < 0.05


def test_a_text_that_nobody_said_is_refused_clearly(understander):
    """A hundred thousand characters are not a question."""
    reading = understander.understand("revenue " * 12500, now=NOW)
    assert isinstance(reading, Unsupported)
    assert "too long" in reading.reason
