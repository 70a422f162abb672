"""Definitions that change while the assistant runs."""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest

from insights import checkup, wiring
from insights.settings import Settings
from insights.turns import Turn
from tests.test_privately import Post, deliver

MODEL = """
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: orders
        source: orders.csv
        primary_key: [order_id]
        fields:
          - {name: order_id, expression: {dialects: [{dialect: ANSI_SQL, expression: order_id}]}}
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {is_time: false}}
          - {name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}}
          - {name: day, expression: {dialects: [{dialect: ANSI_SQL, expression: day}]}, dimension: {is_time: true}}
    metrics:
      - name: revenue
        expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount)}]}
"""
ROWS = "order_id,region,amount,day\n1,North,10,2026-01-05\n2,South,20,2026-01-06\n3,South,40,2026-02-06\n"
DOUBLED = MODEL.replace("SUM(orders.amount)", "2 * SUM(orders.amount)")
BROKEN = MODEL.replace("SUM(orders.amount)", "SUM(orders.amuont)")


@pytest.fixture
def shop(tmp_path):
    """A running assistant over one small file, and its model file."""
    model = tmp_path / "model.yaml"
    model.write_text(MODEL)
    (tmp_path / "orders.csv").write_text(ROWS)
    with closing(wiring.open_catalog(tmp_path, home=tmp_path / "home")) as assistant:
        yield assistant, model


def rewrite(file, text):
    """Replace the file as an editor does, at another time than before."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text)
    os.utime(file, ns=(before + 1_000_000_000, before + 1_000_000_000))


def value(assistant, said, conversation=None):
    """What a question comes to."""
    return assistant.reply(Turn(said, conversation=conversation)).answer.value


def test_definitions_that_can_be_used_are_taken_up(shop) -> None:
    """A metric is redefined in its file: the next question is answered by the new definition, with its version."""
    assistant, model = shop
    before = assistant.catalog.version
    assert value(assistant, "revenue") == 70
    rewrite(model, DOUBLED)
    assert assistant.renew()
    assert not assistant.renew()
    assert value(assistant, "revenue") == 140
    assert assistant.catalog.version != before


def test_broken_definitions_leave_the_old_ones_and_are_told_once(shop, caplog) -> None:
    """A mistake is saved: what was in use goes on, the log says so a single time, and mending it is taken up."""
    assistant, model = shop
    rewrite(model, BROKEN)
    with caplog.at_level(logging.INFO, "insights"):
        assert [assistant.renew() for _ in range(3)] == [False, False, False]
    told = [record.getMessage() for record in caplog.records if "cannot be used" in record.getMessage()]
    assert len(told) == 1
    assert "amuont" in told[0]
    assert value(assistant, "revenue") == 70
    rewrite(model, DOUBLED)
    assert assistant.renew()
    assert value(assistant, "revenue") == 140


def test_the_doctor_says_that_an_older_version_goes_on(shop, tmp_path) -> None:
    """While a running program keeps older definitions the doctor names them and the mistake; afterwards it does not."""
    assistant, model = shop
    settings = Settings(home=tmp_path / "home", catalog=tmp_path)
    rewrite(model, BROKEN)
    assistant.renew()
    kept = [finding for finding in checkup.examine(settings) if finding.subject == "catalog in use"]
    assert [finding.state for finding in kept] == ["wrong"]
    assert assistant.catalog.version[:12] in kept[0].detail
    rewrite(model, MODEL)
    assistant.renew()
    assert not [finding for finding in checkup.examine(settings) if finding.subject == "catalog in use"]


def test_a_question_ends_with_the_definitions_it_began_with(shop) -> None:
    """Definitions are swapped while a question is being answered: it is answered by the old ones, the next by the new."""
    assistant, model = shop
    begun, go = threading.Event(), threading.Event()
    questions = assistant._parts.questions

    class Slow:
        def answer(self, *arguments, **named):
            begun.set()
            assert go.wait(10)
            return questions.answer(*arguments, **named)

    assistant._parts = replace(assistant._parts, questions=Slow())
    found = []
    asking = threading.Thread(target=lambda: found.append(assistant.reply(Turn("revenue"))))
    asking.start()
    assert begun.wait(10)
    rewrite(model, DOUBLED)
    assert assistant.renew()
    assert value(assistant, "revenue") == 140
    go.set()
    asking.join(10)
    assert found[0].answer.value == 70


def test_a_conversation_goes_on_over_a_swap(shop) -> None:
    """What was asked before the swap is what a follow-up is about after it."""
    assistant, model = shop
    assert value(assistant, "revenue in January 2026", "talk") == 30
    rewrite(model, DOUBLED)
    assert assistant.renew()
    assert value(assistant, "and in February", "talk") == 80


def test_people_and_rights_are_taken_up_as_well(shop, tmp_path) -> None:
    """An organization file that appears beside the model is read without a restart."""
    assistant, _ = shop
    rewrite(tmp_path / "organization.yaml", "people:\n  - {id: ada, name: Ada Okafor}\n")
    assert assistant.renew()
    assert list(assistant.organization.people) == ["ada"]


def test_only_an_answer_that_is_read_at_once_is_given_of_older_data(shop, tmp_path) -> None:
    """Where that is allowed; what compares or explains is all of the data as they are now."""
    with closing(wiring.open_catalog(tmp_path, home=tmp_path / "home", warehouse={"stale_within": 600})) as assistant:
        asked = "revenue", "revenue in february 2026 compared with january 2026"
        assert [value(assistant, said) for said in asked] == [70, 40]
        rewrite(tmp_path / "orders.csv", ROWS.replace("3,South,40", "3,South,400"))
        assert [value(assistant, said) for said in asked] == [70, 400]
        for _ in range(1000):
            if value(assistant, "revenue") == 430:
                break
            time.sleep(0.01)
        assert value(assistant, "revenue") == 430


def test_a_conversation_about_what_is_not_defined_any_more_begins_anew(shop) -> None:
    """The metric is gone: what would go on from it asks what is meant, and nothing fails; what is still defined is gone on with."""
    assistant, model = shop
    rewrite(model, MODEL + "      - {name: parcels, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(orders.*)}]}}\n")
    assert assistant.renew()
    for said in ("parcels by region", "revenue by region"):
        assistant.reply(Turn(said, conversation="both"))
    for talk in ("one", "two", "three", "four"):
        assistant.reply(Turn("revenue by region", conversation=talk))
    rewrite(model, MODEL.replace("name: revenue", "name: takings"))
    assert assistant.renew()
    said = ("by month", "how did you get that", "the second one", "go back")
    replies = [assistant.reply(Turn(text, conversation=talk)) for text, talk in zip(said, ("one", "two", "three", "four"), strict=True)]
    assert {reply.outcome for reply in replies} <= {"clarify", "unsupported"}
    assert not any("revenue" in reply.text.casefold() for reply in replies)
    assert assistant.reply(Turn("by month", conversation="both")).outcome in ("clarify", "unsupported")
    rewrite(
        model,
        MODEL.replace(
            "      - name: revenue",
            "      - {name: parcels, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(orders.*)}]}}\n      - name: takings",
        ),
    )
    assert assistant.renew()
    for said in ("parcels by region", "takings by region"):
        assistant.reply(Turn(said, conversation="both"))
    rewrite(model, MODEL.replace("name: revenue", "name: parcels").replace("SUM(orders.amount)", "COUNT(orders.*)"))
    assert assistant.renew()
    assert [row["parcels"] for row in assistant.reply(Turn("go back", conversation="both")).answer.rows] == [2, 1]


def test_a_promised_answer_to_what_is_not_defined_any_more_says_so(tmp_path) -> None:
    """It is sent once, says why there is no figure, and is not tried again for hours."""
    (tmp_path / "model.yaml").write_text(MODEL)
    (tmp_path / "orders.csv").write_text(ROWS)
    (tmp_path / "organization.yaml").write_text("people:\n  - {id: ada, name: Ada, slack: U1}\n")
    with closing(wiring.open_catalog(tmp_path, home=tmp_path / "home")) as assistant:
        late = Turn("revenue by region", person="ada", id="t1", conversation="c", deadline=time.monotonic() - 1)
        assert "when it is ready" in assistant.reply(late).text
        rewrite(tmp_path / "model.yaml", MODEL.replace("name: revenue", "name: takings"))
        assert assistant.renew()
        post = Post()
        assert deliver(assistant, post).sent == 1
        assert [(person, reply.outcome) for person, reply in post.sent] == [("ada", "unsupported")]
        assert "not defined any more" in post.sent[0][1].text
        assert deliver(assistant, post).sent == 0
