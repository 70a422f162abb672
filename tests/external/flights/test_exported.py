"""The flights' catalog written as Ossie and read again."""

from __future__ import annotations

from contextlib import closing

import insights
from insights import wiring
from insights.catalog.differences import differences
from insights.turns import Turn

ASKED = ("flights in July 2013", "average departure delay by airline", "flights by month", "top 5 destinations by flights", "average air time by manufacturer")


def test_the_flights_answer_the_same_when_they_are_exported(flights, tmp_path) -> None:
    """No definition is different after the way out and in, and questions in words come to the same rows."""
    wiring.export(flights, tmp_path / "exported")
    with closing(insights.open(flights, home=tmp_path / "a")) as old, closing(insights.open(tmp_path / "exported", home=tmp_path / "b")) as new:
        assert [str(one) for one in differences(old.catalog, new.catalog)] == []
        for said in ASKED:
            before, after = old.reply(Turn(said)), new.reply(Turn(said))
            assert (after.outcome, after.text.splitlines()[:6]) == (before.outcome, before.text.splitlines()[:6])
