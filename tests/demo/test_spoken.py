"""A hundred of the two hundred questions as a speech recogniser would write them down."""

from __future__ import annotations

import doctest
from collections import Counter

import pytest
import yaml

from benchmarks import spoken
from insights.language.understand import Understander
from tests.demo.replay import HERE, NOW, judge, questions, told

RIGHT = 90
"""How many must be right at least; to be raised with the grammar, never lowered."""
VARIANTS = yaml.safe_load((HERE / "spoken.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def understander(halcyon) -> Understander:
    """An understander of the demo company that may know every name and value."""
    rooms = {room.id: room.name for room in halcyon.organization.rooms.values()}
    return Understander(halcyon.catalog, halcyon.contents, rooms=rooms)


def test_the_variants_are_what_the_script_makes_of_the_questions():
    """The committed file is renewed by: python -m benchmarks.spoken tests/demo/asked/*.yaml > tests/demo/spoken.yaml."""
    assert (HERE / "spoken.yaml").read_text(encoding="utf-8") == spoken.variants((HERE / "asked").glob("*.yaml"))


def test_there_are_a_hundred_variants_and_every_change_is_among_them():
    """Each is of a different question, none holds a capital, a digit or a sign, and every change was applied to some of them."""
    assert len({variant["ask"] for variant in VARIANTS}) == len(VARIANTS) == 100
    assert all(character.islower() or character in " '" for variant in VARIANTS for character in variant["say"])
    counts = Counter(name for variant in VARIANTS for name in variant["applied"])
    assert counts.keys() == {"plain", "numbers", "apostrophe", "restart", "homophone", "filler", "repeat"}
    assert min(counts.values()) >= 3


def test_the_examples_of_the_script_are_true():
    """Numbers, years and places in a row are said as its documentation shows."""
    assert doctest.testmod(spoken).failed == 0


def test_what_is_transcribed_is_read_as_what_was_asked(understander, record_property):
    """At most one in a hundred is answered as something else, and no fewer are right than before."""
    readings = [(variant, understander.understand(variant["say"], now=NOW)) for variant in VARIANTS]
    judged = [({**questions()[variant["ask"]], "ask": variant["say"]}, reading) for variant, reading in readings]
    counts = Counter(judge(entry, reading) for entry, reading in judged)
    for entry, reading in judged:
        record_property("verdict", f"a hundred spoken variants {judge(entry, reading)}")
    failing = "\n".join(sorted(told(entry, reading) for entry, reading in judged if judge(entry, reading) != "right"))
    assert counts["wrong"] <= 1, f"{dict(counts)}\n{failing}"
    assert counts["right"] >= RIGHT, f"{dict(counts)}\n{failing}"
