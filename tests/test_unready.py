"""What is understood and not carried out yet is refused with what was understood; nothing is told by it that may not be."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest

from insights.errors import NotAnswerable, NotPermitted
from insights.organization import Organization, Person
from insights.permit import Permit
from insights.requests import Chore, ExtendBooking, Follow, MetricQuestion, MoveMeeting, ScheduleMeeting
from insights.unready import refuse
from tests.language.company import CATALOG

ROOMS = {"fern": "Fern"}
PEOPLE = {"ada": "Ada Okafor"}


@pytest.mark.parametrize("kind", get_args(Chore))
def test_every_chore_that_nobody_carries_out_is_refused_in_words(kind):
    """With every slot empty the refusal is two whole sentences and a remedy."""
    refusal = refuse(kind(), rooms=ROOMS, people=PEOPLE)
    assert isinstance(refusal, NotAnswerable)
    assert str(refusal).startswith("I understood: ")
    assert "None" not in str(refusal)
    assert "I can't do that here yet." in str(refusal)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (ExtendBooking(room="fern", minutes=15), "extend the booking of Fern by 15 minutes"),
        (ExtendBooking(minutes=-10), "shorten the booking by 10 minutes"),
        (ScheduleMeeting(people=("ada",), start=datetime(2026, 5, 4, 10)), "with Ada Okafor at 2026-05-04 10:00"),
        (MoveMeeting(title="stand-up", to=datetime(2026, 5, 4, 10)), "move 'stand-up' to 2026-05-04 10:00"),
    ],
)
def test_the_refusal_names_what_was_understood(request_, words):
    """Room, people and times come back as they were taken."""
    assert words in str(refuse(request_, rooms=ROOMS, people=PEOPLE))


def test_a_figure_that_may_not_be_heard_may_not_be_followed():
    """Following asks for the same right as asking."""
    secret = next(name for name, metric in CATALOG.metrics.items() if metric.sensitivity == "confidential")
    permit = Permit(CATALOG, Organization(people={"ada": Person(id="ada", name="Ada")}))
    asker = permit.asker(person="ada", device=None, audience="private")
    with pytest.raises(NotPermitted):
        permit.decide(Follow(what=MetricQuestion(metrics=(secret,))), asker)
    assert permit.decide(Follow(what=MetricQuestion(metrics=("orders",))), asker)
