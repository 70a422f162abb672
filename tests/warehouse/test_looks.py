"""How often servers are asked whether rows have changed: once for a question, however many queries it takes."""

from __future__ import annotations

from types import SimpleNamespace

from insights.lake.source import Source
from insights.lake.waiting import waiting

ORDERS, VISITS = Source(table="orders"), Source(table="visits")


def test_postgresql_is_asked_once_a_question_what_it_counts(in_postgres, monkeypatch):
    """A search for causes takes a hundred queries over the same tables; the next question looks anew."""
    asked, run = [], in_postgres.run
    monkeypatch.setattr(in_postgres, "run", lambda query, **more: (asked.append(query.sql), run(query, **more))[1])
    for times in (1, 2):
        with waiting(None):
            states = [in_postgres.fingerprint(source) for _ in range(50) for source in (ORDERS, VISITS)]
        assert len(set(states)) == 2
        assert len(asked) == 2 * times


def test_glue_is_asked_once_a_question_for_a_table(in_athena, monkeypatch):
    """As often as there are tables, whatever is to be known of them."""
    in_athena.fingerprint(ORDERS)
    asked, glue = [], in_athena._glue
    monkeypatch.setattr(in_athena, "_glue", SimpleNamespace(get_table=lambda **what: (asked.append(what["Name"]), glue.get_table(**what))[1]))
    with waiting(None):
        for _ in range(50):
            assert in_athena.fingerprint(ORDERS) != in_athena.fingerprint(VISITS)
            assert "amount" in in_athena.columns(ORDERS)
    assert asked == ["orders", "visits"]
