"""Questions about the demo company: answered in data by hand, and by the assistant."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from insights import Turn
from insights.contract import encode_reply
from tests.verdicts import verdict

HERE = Path(__file__).parent
QUESTIONS = [q for name in ("questions.yaml", "more_questions.yaml") for q in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))["questions"]]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["ask"])
def test_a_question_has_an_answer_in_the_data(sql, question):
    """The hand-written SQL runs, finds rows, and knows every number it reports."""
    rows = sql(question["sql"])
    assert rows
    assert all(row[-1] is not None for row in rows)
    if question["analysis"] == "value":
        assert (len(rows), len(rows[0])) == (1, 1)
    elif question["analysis"] == "compare":
        assert len(rows[0]) == 2
    else:
        assert len(rows) > 1


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["ask"])
def test_the_assistant_answers_as_counted_by_hand(question, halcyon, sql, record_property):
    """The analysis that was meant, its rows, figures to 1e-9, unknown groups, and the order where one was asked for."""
    conversation = uuid4().hex if "after" in question else None
    for said in question.get("after", ()):
        halcyon.reply(Turn(said, conversation=conversation))
    document = encode_reply(halcyon.reply(Turn(question["ask"], conversation=conversation)))
    found = verdict(document, sql(question["sql"]), ordered=question.get("ordered", False))
    record_property("verdict", f"demo company {found}")
    assert found == "right", json.dumps(document, indent=1)
    assert document["request"]["analysis"] == question["analysis"]


def test_there_are_thirty_questions_of_every_simple_kind():
    """At least thirty different questions, and each of the five kinds twice or more."""
    kinds = [question["analysis"] for question in QUESTIONS]
    assert len({question["ask"] for question in QUESTIONS}) == len(QUESTIONS) >= 30
    assert {kind: kinds.count(kind) >= 2 for kind in ("value", "breakdown", "ranking", "series", "compare")} == dict.fromkeys(set(kinds), True)


def test_no_ranking_hangs_on_a_tie(sql):
    """The numbers of a ranking differ, so that its order is not a matter of taste."""
    for question in QUESTIONS:
        if question["analysis"] == "ranking":
            numbers = [row[-1] for row in sql(question["sql"])]
            assert len(set(numbers)) == len(numbers), question["ask"]
