"""The same questions have the same rows on every engine; DuckDB's are shown to be right elsewhere, by brute force in plain Python."""

import math
from dataclasses import replace

import pytest

from insights.catalog.values import Contents
from insights.errors import InsightsError
from insights.query.answering import Questions
from tests.warehouse.questions import MEDIANS, QUESTIONS, granted


@pytest.fixture(scope="session")
def expected(in_duckdb, shop, contents_of):
    """DuckDB's answers."""
    questions = Questions(shop, in_duckdb, contents_of(in_duckdb))
    return {name: _answered(questions, shop, *asked) for name, asked in QUESTIONS.items()}


def _answered(questions, catalog, question, restricted):
    try:
        answer = questions.answer(question, granted(catalog, restricted))
    except InsightsError as told:
        return f"{type(told).__name__}: {told}: {getattr(told, 'reference', '')}"
    return [tuple(row.items()) for row in answer.rows], answer.total_rows


def test_every_question_has_an_answer(expected):
    """None of the questions is one that is refused, and there are enough of them."""
    assert {name: said for name, said in expected.items() if isinstance(said, str)} == {}
    assert len(QUESTIONS) >= 60
    assert sum(len(rows) for rows, _ in expected.values()) > 500


@pytest.fixture(scope="session", params=["postgres", "athena", pytest.param("spark", marks=pytest.mark.slow)])
def engine(request):
    """An engine that is not DuckDB."""
    return request.getfixturevalue(f"in_{request.param}")


@pytest.fixture(scope="session")
def questions(engine, shop, contents_of):
    """Questions to that engine, which also collected what the data holds."""
    return Questions(shop, engine, contents_of(engine))


def test_the_contents_are_the_same(engine, contents_of, in_duckdb):
    """Values, coverage, counts of rows and repeated keys, whatever engine they were collected from."""
    here, there = contents_of(in_duckdb), contents_of(engine)
    assert replace(there, fingerprint=here.fingerprint) == replace(here, fingerprint=here.fingerprint)
    assert isinstance(here, Contents)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_rows_are_the_same(name, engine, questions, expected, shop):
    """In the same order, of the same types, and to nine digits. Athena has no exact medians: they are refused there with the way out."""
    found = _answered(questions, shop, *QUESTIONS[name])
    if engine.name == "Athena" and name in MEDIANS:
        assert str(found).startswith("NotAnswerable")
        assert "Unload" in found
        return
    assert not isinstance(found, str), found
    rows, total = found
    wanted, wanted_total = expected[name]
    assert total == wanted_total
    assert len(rows) == len(wanted), (rows[:5], wanted[:5])
    for row, other in zip(rows, wanted, strict=True):
        assert [key for key, _ in row] == [key for key, _ in other]
        assert all(_same(one, another) for (_, one), (_, another) in zip(row, other, strict=True)), (row, other)


def _same(one, another):
    if isinstance(one, bool) or isinstance(another, bool) or not isinstance(one, int | float):
        return one == another and type(one) is type(another)
    return isinstance(another, int | float) and math.isclose(one, another, rel_tol=1e-9, abs_tol=1e-9)
