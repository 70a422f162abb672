"""`insights understand` and `insights when`: what was meant, without asking any data and without a trace."""

from __future__ import annotations

import json

import jsonschema
import pytest

from insights.schema import schema

VALID = jsonschema.Draft202012Validator(schema())
WHEN = jsonschema.Draft202012Validator({**schema(), **schema()["$defs"]["When"]})


@pytest.fixture
def understand(run, company):
    """Documents of `insights understand` over the demo company."""

    def understood(*arguments, stdin=""):
        ran = run("understand", "--catalog", company.folder, *arguments, stdin=stdin)
        assert ran.status == 0, ran.err
        found = [json.loads(line) for line in ran.lines]
        for document in found:
            VALID.validate(document)
            assert "answer" not in document
        return found

    return understood


def test_the_contract_of_a_question(understand):
    """Every part of it, as other programs read it."""
    (document,) = understand("top 3 regions by revenue of refunded orders last quarter")
    assert document["text"] == "top 3 regions by revenue of refunded orders last quarter"
    assert document["outcome"] == "understood"
    request = document["request"]
    assert request | {"period": None} == {
        "kind": "metric_question",
        "analysis": "ranking",
        "metrics": ["revenue"],
        "group_by": ["region"],
        "time_field": "orders.ordered_on",
        "grain": None,
        "filters": [{"dimension": "status", "op": "=", "values": ["refunded"]}],
        "period": None,
        "compare": None,
        "limit": 3,
        "order": "desc",
        "columns": None,
        "options": {},
    }
    assert (request["period"]["first"], request["period"]["last"]) == ("2026-01-01", "2026-03-31")


def test_a_batch_keeps_threads_apart(understand):
    """By `conversation`, with its own `today`; the option names the thread of lines that name none."""
    lines = [
        {"text": "revenue last month", "conversation": "a"},
        {"text": "orders yesterday", "today": "2025-01-02", "conversation": "b"},
        {"text": "and by market?", "conversation": "a"},
        {"text": "and by market?"},
    ]
    found = understand("--batch", stdin="".join(json.dumps(line) + "\n" for line in lines))
    assert (found[1]["request"]["period"]["first"], found[2]["request"]["metrics"]) == ("2025-01-01", ["revenue"])
    assert found[2]["request"]["group_by"] == ["market"]
    assert found[3]["request"] != found[2]["request"]
    together = understand("--batch", "--conversation", "x", stdin="revenue last month\nand by market?\n")
    assert together[1]["request"] == found[2]["request"]


def test_actions_are_read_and_not_done(understand, home):
    """No ledger appears, whatever is understood."""
    stdin = "book Fern tomorrow at three for an hour\nthe projector in Fern is broken\nwhat have I booked?\nyes\nrevenue for Narnia\n"
    found = understand("--batch", "--as", "ada", "--conversation", "c", stdin=stdin)
    assert [document["request"] and document["request"]["kind"] for document in found][:3] == ["book_room", "raise_ticket", "my_calendar"]
    assert {path.name for path in home.iterdir()} == {"cache"}


def test_questions_back_come_with_their_choices(understand):
    """A question in words and one to three readings, none of which is confidential to somebody who may not see it."""
    (document,) = understand("revenue for Narnia")
    assert document["outcome"] == "clarify"
    assert document["question"]
    assert 1 <= len(document["alternatives"]) <= 3
    for person in (None, "ada"):
        (document,) = understand("gross last month", *(("--as", person) if person else ()))
        assert "gross" not in json.dumps([document["alternatives"], document["question"]]).lower().replace('"gross"', "").replace("'gross'", "")


def test_nobody_unknown_is_understood(run, company):
    """A person or a device that does not exist is told, not guessed."""
    ran = run("understand", "--catalog", company.folder, "revenue", "--as", "nobody")
    assert ran.status == 2
    assert "I don't know a person 'nobody'" in ran.err


def test_when_shows_what_the_period_grammar_finds(run):
    """Half-open and local, one object a line, with a fixed clock."""
    ran = run("when", "--now", "2026-11-15T09:00", "--batch", stdin="sales last quarter\nevery monday at nine\nfor 90 minutes\nnothing at all\n")
    assert ran.status == 0
    found = [json.loads(line) for line in ran.lines]
    for document in found:
        WHEN.validate(document)
    assert found[0]["found"][0] | {"alternatives": []} == {
        "span": "last quarter",
        "kind": "interval",
        "start": "2026-07-01T00:00",
        "end": "2026-10-01T00:00",
        "grain": "quarter",
        "alternatives": [],
    }
    assert [document["found"][0]["kind"] for document in found[1:3]] == ["recurrence", "duration"]
    assert found[2]["found"][0]["minutes"] == 90
    assert found[3]["found"] == []


def test_when_explains_a_wrong_clock(run):
    """Status 2 with an example."""
    ran = run("when", "--now", "noon", "tomorrow")
    assert ran.status == 2
    assert "2026-05-31T09:00" in ran.err
    assert run("when").status == 2
