"""How far a conversation goes back, what of it is kept, and for how long."""

from __future__ import annotations

import json

from insights import Turn
from insights.conversation import GOES_BACK, State, dump, restore
from insights.requests import MetricQuestion


def test_a_conversation_is_kept_within_bounds(office):
    """After many questions the state is as long as after a few."""
    lengths = []
    for number in range(3 * GOES_BACK):
        assert office.reply(Turn(f"revenue by market in {2024 + number % 2}", person="ada", conversation="long")).outcome == "understood"
        lengths.append(len(office.ledger.load_conversation("long")))
    assert max(lengths[2 * GOES_BACK :]) <= 1.1 * max(lengths[GOES_BACK : 2 * GOES_BACK])
    assert max(lengths) < 20_000


def test_going_back_ends_where_the_conversation_began(office):
    """Each step back is one question; then there is none."""
    for said in ("revenue by market", "orders by plan", "refunds by device"):
        office.reply(Turn(said, person="ada", conversation="back"))
    metrics = [office.reply(Turn("go back", person="ada", conversation="back")).request for _ in range(3)]
    assert [request.metrics if request else None for request in metrics] == [("orders",), ("revenue",), None]


def test_a_state_of_an_older_version_starts_afresh():
    """What was written before there were questions to go back to is forgotten, not guessed."""
    document = json.loads(dump(State(request=MetricQuestion(metrics=("revenue",)))))
    assert restore(json.dumps(document)).request is not None
    for name in ("before", "shown", "listed"):
        older = {key: value for key, value in document.items() if key != name}
        assert restore(json.dumps(older)) == State()


def test_a_conversation_with_rows_survives_being_written_down(office):
    """What was shown is the same after a round trip through JSON."""
    office.reply(Turn("revenue by market in April", person="ada", conversation="kept"))
    office.reply(Turn("revenue by month this year", person="ada", conversation="kept"))
    state = restore(office.ledger.load_conversation("kept"))
    assert state.shown is not None
    assert (state.shown.rows[0], state.shown.grain) == (("2026-01-01",), "month")
    assert restore(dump(state)) == state


def test_nothing_is_kept_of_a_turn_without_a_conversation(office):
    """Each call stands alone."""
    office.reply(Turn("revenue by market", person="ada"))
    assert office.reply(Turn("the second one", person="ada")).outcome != "understood"
    assert office.reply(Turn("continue", person="ada")).outcome == "unsupported"
