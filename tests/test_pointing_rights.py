"""What a turn points at is never more than its speaker may know, where they are, and not what was said too long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from insights.requests import MetricQuestion
from tests.test_rights import HIDDEN_METRICS, HIDDEN_VALUES, ask, assistant, company, echoes  # noqa: F401  # fixtures of a company with policies

NOW = datetime(2026, 5, 31, 9)


@pytest.mark.parametrize("said", ["go back", "the first one", "the second one", "both", "that region by kind", "why", "drop that", "continue", "number 7"])
def test_what_one_person_was_shown_is_not_told_to_another_by_pointing_at_it(ask, said):  # noqa: F811
    """In one conversation somebody who may see two regions asks, and the manager of one of them points at the answer."""
    ask("revenue by region", "fin", "c")
    ask("revenue for APAC by kind", "fin", "c")
    ask("revenue by region", "fin", "c")
    _, told = ask(said, "ema", "c")
    assert not echoes(told, HIDDEN_VALUES, said)


@pytest.mark.parametrize("said", ["go back", "go back twice", "the first one", "drop that", "continue", "why", "as a share", "and by kind"])
def test_a_confidential_question_of_another_is_not_gone_back_to(ask, said):  # noqa: F811
    """Neither the name of the figure nor its value reaches whoever may not have it."""
    ask("zinc profit by kind", "fin", "c")
    ask("zinc profit", "fin", "c")
    _, told = ask(said, "all", "c")
    assert not echoes(told, HIDDEN_METRICS, said)


def test_what_was_asked_in_private_is_not_continued_where_others_hear_it(ask):  # noqa: F811
    """The grant of the place counts, and the refusal does not name what it is about."""
    ask("zinc profit last month", "fin", "private talk")
    reply, told = ask("continue", "fin", "in the room", audience="room")
    assert reply.outcome == "denied"
    assert not echoes(told, HIDDEN_METRICS, "")
    reply, _ = ask("continue", "fin", "in private again")
    assert reply.request == MetricQuestion(metrics=("zinc_profit",), time_field="sales.sold_on", period=reply.request.period)


@pytest.mark.parametrize(("hours", "outcome"), [(1, "understood"), (23, "understood"), (25, "unsupported"), (-1, "unsupported")])
def test_what_was_asked_can_be_continued_for_a_day(ask, hours, outcome):  # noqa: F811
    """What was asked yesterday at noon is not what is meant today in the afternoon."""
    ask("revenue by kind", "fin", f"one {hours}", now=NOW)
    reply, _ = ask("continue", "fin", f"other {hours}", now=NOW + timedelta(hours=hours))
    assert reply.outcome == outcome


def test_the_unnamed_continue_nothing(ask):  # noqa: F811
    """Nobody's questions are everybody's."""
    ask("sales count", None, "one")
    assert ask("continue", None, "other")[0].outcome == "unsupported"
