"""Cutting utterances into words: what the pieces are, and that they point back into any text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.language.words import tokenise


def pieces(text: str) -> list[str]:
    """The normalised words of a text."""
    return [token.text for token in tokenise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's Ada's revenue?", ["what", "'s", "ada", "'s", "revenue", "?"]),
        ("I can't, won't and don't", ["i", "can", "not", ",", "will", "not", "and", "do", "not"]),
        ("O'Brien at 5 o'clock", ["o'brien", "at", "5", "o'clock"]),
        ("1,500 2.5m $3 15% 3rd .5", ["1,500", "2.5m", "$3", "15%", "3rd", ".5"]),
        ("2026-05-01 15:30 3pm 3 p.m. 8.30PM 5/3/2025", ["2026-05-01", "15:30", "3pm", "3", "pm", "8:30pm", "5/3/2025"]),
        ("year-over-year", ["year", "-", "over", "-", "year"]),
        ("dep_delay", ["dep", "_", "delay"]),
        ("30min 3.5years 10d", ["30", "min", "3.5", "years", "10", "d"]),
        ("q3 FY26 2025-W23", ["q3", "fy26", "2025-w23"]),
        ("‘quoted’ – dash", ["'", "quoted", "'", "-", "dash"]),
        ("ﬁne Ｒｅｖｅｎｕｅ STRASSE straße e\u0301", ["fine", "revenue", "strasse", "strasse", "é"]),
        ("2½ ½", ["2", "1/2", "1/2"]),
        ("rev\u00adenue\u200b zero", ["revenue", "zero"]),
        ("1.5. Next", ["1.5", ".", "next"]),
        ("", []),
        (" \t\n\x00\x1b ", []),
    ],
)
def test_text_is_cut_where_people_would(text, expected):
    """Contractions, numbers, dates, times, hyphens and typographic forms."""
    assert pieces(text) == expected


def test_hesitations_are_kept_and_marked():
    """They are part of what was said, and the grammar skips them; an abbreviation in capitals is none."""
    kinds = {token.raw: token.kind for token in tokenise("uh last um quarter in the ER")}
    assert kinds == {"uh": "hesitation", "last": "word", "um": "hesitation", "quarter": "word", "in": "word", "the": "word", "ER": "word"}


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_tokens_point_back_into_any_text_in_order(text):
    """Lone surrogates, controls and unassigned characters included."""
    tokens = tokenise(text)
    for token in tokens:
        assert text[token.start : token.end] == token.raw
        assert token.start < token.end
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


@pytest.mark.parametrize("unit", ["1,111", "a'", "é", "a\u0301\u0323", "5/3/", "a.b.", "\ud800", "1", "n't", "½", "\x00x", "1:11"])
def test_time_grows_with_length_and_no_faster(unit):
    """Four times the text takes about four times as long: nothing is read twice."""
    text = unit * (40_000 // len(unit) // 4)

    def seconds(sample: str) -> float:
        best = 9.0
        for _ in range(3):
            begin = time.process_time()
            tokenise(sample)
            best = min(best, time.process_time() - begin)
        return best

    assert seconds(text * 4) < 12 * seconds(text) + 0.05
