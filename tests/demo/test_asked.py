"""Two hundred questions about the demo company, written before the grammar that reads them."""

from __future__ import annotations

from collections import Counter

import pytest

from insights.language.understand import Understander
from insights.requests import ANALYSES
from tests.demo.replay import NOW, judge, questions, told
from tests.language.expectation import expected

RIGHT = 180
"""How many must be right at least; to be raised with the grammar, never lowered."""


@pytest.fixture(scope="module")
def understander(halcyon) -> Understander:
    """An understander of the demo company that may know every name and value."""
    rooms = {room.id: room.name for room in halcyon.organization.rooms.values()}
    return Understander(halcyon.catalog, halcyon.contents, rooms=rooms)


def test_there_are_two_hundred_questions_and_each_says_what_is_right():
    """As many as the issue wants, of every analysis but the trend, each a request that exists or an honest outcome."""
    entries = questions().values()
    assert len(entries) == 200
    assert {key for entry in entries for key in entry} <= {"ask", "kind", "request", "outcome", "choices", "reason", "free"}
    assert all(("request" in entry) != ("outcome" in entry) for entry in entries)
    requests = [expected(entry["request"]) for entry in entries if "request" in entry]
    assert {request["analysis"] for request in requests} == {*ANALYSES} - {"trend"}
    assert len(entries) - len(requests) >= 15


def test_the_two_hundred_questions_are_read_as_meant(understander, record_property):
    """At most one in a hundred is answered as something else, and no fewer are right than before."""
    readings = {ask: understander.understand(ask, now=NOW) for ask in questions()}
    verdicts = {ask: judge(questions()[ask], reading) for ask, reading in readings.items()}
    for verdict in verdicts.values():
        record_property("verdict", f"two hundred questions {verdict}")
    counts = Counter(verdicts.values())
    failing = "\n".join(sorted(told(questions()[ask], reading) for ask, reading in readings.items() if verdicts[ask] != "right"))
    assert counts["wrong"] <= len(verdicts) // 100, f"{dict(counts)}\n{failing}"
    assert counts["right"] >= RIGHT, f"{dict(counts)}\n{failing}"
