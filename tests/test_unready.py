"""What is understood and not carried out yet is refused with what was understood; nothing is told by it that may not be."""

from __future__ import annotations

from typing import get_args

import pytest

from insights.errors import NotAnswerable, NotPermitted
from insights.organization import Organization, Person
from insights.permit import Permit
from insights.requests import Chore, Follow, MetricQuestion
from insights.unready import refuse
from tests.language.company import CATALOG

PEOPLE = {"ada": "Ada Okafor"}


@pytest.mark.parametrize("kind", get_args(Chore))
def test_every_chore_that_nobody_carries_out_is_refused_in_words(kind):
    """With every slot empty the refusal is two whole sentences and a remedy."""
    refusal = refuse(kind(), people=PEOPLE)
    assert isinstance(refusal, NotAnswerable)
    assert str(refusal).startswith("I understood: ")
    assert "None" not in str(refusal)
    assert "I can't do that here yet." in str(refusal)


def test_a_figure_that_may_not_be_heard_may_not_be_followed():
    """Following asks for the same right as asking."""
    secret = next(name for name, metric in CATALOG.metrics.items() if metric.sensitivity == "confidential")
    permit = Permit(CATALOG, Organization(people={"ada": Person(id="ada", name="Ada")}))
    asker = permit.asker(person="ada", device=None, audience="private")
    with pytest.raises(NotPermitted):
        permit.decide(Follow(what=MetricQuestion(metrics=(secret,))), asker)
    assert permit.decide(Follow(what=MetricQuestion(metrics=("orders",))), asker)
