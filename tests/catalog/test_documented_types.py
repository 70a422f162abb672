"""The metric types as the documentation shows them, over a small shop of plain files."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import insights
from insights.permit import Asker
from insights.query.answerable import answerable
from insights.requests import MetricQuestion, Period

PAGE = Path(__file__).parents[2] / "docs" / "catalog.md"
FILES = {
    "orders": "id,customer_id,ordered_on,status,amount,cost\n1,1,2024-01-10,paid,100,60\n2,1,2024-02-05,lost,50,40\n3,2,2024-02-20,paid,30,10\n",
    "visits": "id,customer_id,visited_on\n1,1,2024-01-08\n2,2,2024-01-20\n3,1,2024-02-01\n4,2,2024-02-19\n",
    "inventory": "place,counted_on,pieces\nnorth,2024-01-31,10\nsouth,2024-01-31,5\nnorth,2024-02-15,8\nsouth,2024-02-15,6\nnorth,2024-02-29,7\n",
}
TIMES = {"orders": "ordered_on", "visits": "visited_on", "inventory": "counted_on"}
METRICS = {
    "revenue": "SUM(orders.amount)", "costs": "SUM(orders.cost)", "orders": "COUNT(orders.id)", "visits": "COUNT(visits.id)", "units": "SUM(inventory.pieces)",
}  # fmt: skip
VALUES = {
    # the whole of February 2024
    "average_order": 80 / 2,
    "margin": 80 - 50,
    "paid_revenue": 30,
    "frequent_revenue": 50,  # customer 1 ordered in January as well
    "buyers": 2,
    "revenue_so_far": 180,
    "revenue_28_days": 80,  # the data of orders ends on February 20: since January 24
    "revenue_to_date": 180,
    "revenue_month_ago": 100,
    "revenue_growth": 80 / 100 - 1,
    "stock": 7,
    "average_stock": (14 + 7) / 2,
    "stock_by_place": 7 + 6,
    "visit_to_order": 2 / 2,
    "orders_after_visits": 2,
    "large_order": 49,  # 30 + 0.95 * (50 - 30)
}


def field(name):
    """A field of the model that is a column."""
    return f"          - {{name: {name}, expression: {{dialects: [{{dialect: ANSI_SQL, expression: {name}}}]}}" + (
        ", dimension: {is_time: true}}" if name in TIMES.values() else "}"
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The shop with the overlay of the page."""
    folder = tmp_path_factory.mktemp("shop")
    datasets = []
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        columns = text.partition("\n")[0].split(",")
        datasets += [f"      - name: {name}", f"        source: {name}.csv", "        fields:", *(field(column) for column in columns)]
    metrics = [f"      - {{name: {name}, expression: {{dialects: [{{dialect: ANSI_SQL, expression: '{sql}'}}]}}}}" for name, sql in METRICS.items()]
    lines = ["version: 0.1.1", "semantic_model:", "  - name: shop", "    datasets:", *datasets, "    metrics:", *metrics]
    (folder / "model.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    block = re.search(r"^```yaml types\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert block is not None
    (folder / "assistant.yaml").write_text("version: 1\n" + block[1], encoding="utf-8")
    with closing(insights.open(folder, home=tmp_path_factory.mktemp("home"))) as assistant:
        yield assistant


def test_the_page_shows_every_type_that_is_checked_here(shop):
    """No example without a figure, none twice."""
    assert {name for name in shop.catalog.metrics if name not in METRICS} == VALUES.keys()
    assert {metric.type for metric in shop.catalog.metrics.values()} == {
        "simple", "ratio", "derived", "cumulative", "balance", "conversion", "percentile", "earlier",
    }  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_each_type_comes_to_what_the_files_say(shop, name):
    """In February, worked out by hand."""
    question = MetricQuestion(metrics=(name,), period=Period(first=date(2024, 2, 1), last=date(2024, 2, 29)))
    parts = shop._parts
    answer = parts.questions.answer(question, parts.permit.decide(question, Asker(person=None, audience="private")))
    assert answer.value == pytest.approx(VALUES[name])
    assert answer.definition[0].expression


def test_each_type_is_one_that_the_engine_can_answer(shop):
    """The check of a catalog says so of all of them, of those as well that need to know of which time."""
    found = answerable(shop.catalog, [shop._parts.questions._warehouse])
    assert {name: one.reasons for name, one in found.items() if not one.engines} == {}


def test_a_type_says_in_words_what_it_is(shop):
    """As people read it in every answer."""
    said = {name: metric.expression for name, metric in shop.catalog.metrics.items()}
    assert said["revenue_28_days"] == "revenue over 28 days"
    assert said["stock_by_place"] == "last units of the period for each inventory.place"
    assert said["visit_to_order"] == "share of visits followed by orders within 7 days, by customer_id"
    assert said["large_order"] == "0.95 percentile of orders.amount"


def test_a_question_in_words_finds_them(shop):
    """As any other metric."""
    reply = shop.reply(insights.Turn(text="revenue so far by month in 2024"))
    assert [row["revenue_so_far"] for row in reply.answer.rows] == [100, 180]


def test_a_percentile_may_be_asked_for_ad_hoc(shop):
    """Of any figure that nobody closed: half of 100, 50 and 30 are at most 50, nine in ten at most 90."""
    answers = {}
    for name in ("p50(orders.amount)", "p90(orders.amount)"):
        question = MetricQuestion(metrics=(name,))
        answers[name] = shop._parts.questions.answer(question, shop._parts.permit.decide(question, Asker(person=None, audience="private")))
    assert [answer.value for answer in answers.values()] == pytest.approx([50, 90])
    assert answers["p90(orders.amount)"].definition[0].label == "90th percentile of amount"
